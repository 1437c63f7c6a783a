"""The dashboard, the reports, verification and the clean-up, as seen by the database."""

from datetime import timedelta

from odoo import fields

from odoo.addons.lead_distribution.planning.limits import count_rooms
from odoo.addons.lead_distribution.planning.request import PlanRequest


def prepare(env, known):
    """Return {name: function} of what is looked at."""
    campaign = env["lead.distribution.campaign"].browse(known["campaign"])
    run = env["lead.distribution.run"].browse(known["run"])
    manager, person = env(user=env.ref("base.user_admin").id), env(user=known["person"])
    return {
        **_prepare_dashboard(manager, person, campaign),
        **_prepare_reports(manager, person, campaign),
        **_prepare_checks(env, manager, campaign, run),
        **_prepare_clean_up(campaign),
    }


def _prepare_dashboard(manager, person, campaign):
    dashboard, own = (env["lead.distribution.dashboard"] for env in (manager, person))
    return {
        "dashboard, 30 days": lambda: dashboard.get_data(),
        "dashboard, 30 days of a campaign": lambda: dashboard.get_data(campaign_id=campaign.id),
        "dashboard, a year": lambda: dashboard.get_data(days=365),
        "dashboard of a salesperson": lambda: own.get_data(),
        "dashboard of a salesperson, a year": lambda: own.get_data(days=365),
    }


def _prepare_reports(manager, person, campaign):
    report, own = (env["lead.distribution.report"] for env in (manager, person))
    year = fields.Date.today() - timedelta(days=364)
    return {
        "report of a day": lambda: report.generate_daily_report(),
        "report of a campaign, a year": lambda: report.generate_campaign_report(campaign.name, year),
        "trend of 30 days": lambda: report.generate_trend_analysis(30),
        "report of a salesperson, a year": lambda: own.generate_salesperson_report(date_from=year),
        "success metrics of 30 days": lambda: report.generate_performance_metrics(30),
        "success metrics of a campaign": lambda: report.generate_performance_metrics(30, campaign.name),
        "utilization": lambda: report.analyze_salesperson_utilization(campaign.name),
    }


def _prepare_checks(env, manager, campaign, run):
    leads = manager["crm.lead"]
    members = campaign.member_ids
    return {
        "verifying a run": lambda: run.with_env(manager).verify_assignments(),
        "verifying a campaign": lambda: campaign.with_env(manager).verify_assignments(),
        "limits": lambda: count_rooms(campaign, members.user_id, PlanRequest()),
        "GET /leads/classification": lambda: leads.lookup_classification("Lead 77123"),
        "GET /leads/classification, a word of one letter": lambda: leads.lookup_classification("L"),
    }


def _prepare_clean_up(campaign):
    def mask():
        campaign.write({"mask_personal_data": True, "mask_days": 300})
        campaign.run_ids.browse()._gc_personal_data()

    return {
        "clean-up of the history, a batch": lambda: campaign.run_ids.browse()._gc_history(),
        "clean-up of names, a batch": mask,
        "clean-up of imports": lambda: campaign.env["lead.import.batch"]._gc_imports(),
    }
