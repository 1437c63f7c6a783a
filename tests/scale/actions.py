"""What people and runs do, action by action, as seen by the database."""

import actions_figures
import actions_import
import actions_live
from names import CONTROL

from odoo import fields

from odoo.addons.lead_distribution.applying.reverter import Reverter
from odoo.addons.lead_distribution.planning.known_owners import find_known_owners
from odoo.addons.lead_distribution.planning.rates import get_rates
from odoo.addons.lead_distribution.planning.received import count_open, count_received
from odoo.addons.lead_distribution.planning.request import PlanRequest
from odoo.addons.lead_distribution.planning.rows import count_planned
from odoo.addons.lead_distribution.planning.schedule import find_due
from odoo.addons.lead_distribution.planning.workload import count_workload

PAGE = 80


def prepare(env, known):
    """Return {name: function} of what is looked at."""
    campaign = env["lead.distribution.campaign"].browse(known["campaign"])
    run = env["lead.distribution.run"].browse(known["run"])
    manager = env.ref("base.user_admin")
    person = env["res.users"].browse(known["person"])
    return {
        **_prepare_run(env, campaign, run),
        **_prepare_lists(env(user=manager.id), campaign, run, person),
        **{f"{name}, salesperson": do for name, do in _prepare_own(env(user=person.id), person, known["lead"]).items()},
        **_prepare_groups(env(user=manager.id), campaign, run, person),
        **actions_figures.prepare(env, known),
        **actions_import.prepare(env, known),
        **actions_live.prepare(env, known),
        CONTROL: lambda: env["crm.lead"].search_count([("description", "=", "nothing")]),
    }


def _prepare_run(env, campaign, run):
    members = campaign.member_ids
    leads = env["crm.lead"]

    def plan():
        return campaign._plan_run(PlanRequest(seed=1))

    def apply():
        planned = plan()
        planned._begin()
        planned._apply_next_batch(0)

    def revert():
        Reverter(run).revert(Reverter(run).get_rows()[:500])

    return {
        "finding": lambda: campaign._find_leads(PlanRequest()),
        "known owner": lambda: find_known_owners(campaign, list(range(1000, 2000)), members.user_id),
        "received so far": lambda: count_received(env, members.user_id),
        "received so far, of the campaign": lambda: count_received(env, members.user_id, campaign),
        "open leads": lambda: count_open(env, members.user_id, ["lead"]),
        "workload of a campaign": lambda: count_workload(leads.env, members.user_id, by_status=True),
        "conversions": lambda: get_rates(campaign, members.user_id),
        "planning": plan,
        "a batch": apply,
        "reverting a batch": revert,
        "what the cron looks for": lambda: (
            find_due(env),
            count_planned(env["lead.distribution.run"].search([("state", "=", "applying")])),
        ),
    }


def _page(model, domain, order=None):
    """What opening a list costs: a page, and the number beside it."""
    records = model.search(domain, limit=PAGE, order=order)
    records.read(model._fields.keys() & {"display_name", "user_id", "state", "lead_name", "name"})
    model.search_count(domain, limit=10_001)


def _prepare_lists(env, campaign, run, person):
    rows, lines = env["lead.distribution.assignment"], env["lead.distribution.run.member"]
    runs, leads = env["lead.distribution.run"], env["crm.lead"]
    month = fields.Date.subtract(fields.Date.today(), days=30)
    return {
        "list of leads": lambda: _page(leads, [("type", "=", "lead")]),
        "list of a person's leads": lambda: _page(leads, [("holder_id", "=", person.id), ("type", "=", "lead")]),
        "list of leads of a campaign": lambda: _page(leads, [("distribution_campaign_id", "=", campaign.id)]),
        "history": lambda: _page(rows, []),
        "history of a run": lambda: _page(rows, [("run_id", "=", run.id), ("kind", "=", "distribution")]),
        "history of a person": lambda: _page(rows, [("user_id", "=", person.id)]),
        "history of a campaign": lambda: _page(rows, [("campaign_id", "=", campaign.id)]),
        "history of a month": lambda: _page(rows, [("distribution_date", ">=", month)]),
        "tracking lines": lambda: _page(lines, []),
        "tracking lines of a person": lambda: _page(lines, [("user_id", "=", person.id)]),
        "runs": lambda: _page(runs, []),
        "campaigns with their last runs": lambda: campaign.search([], limit=PAGE).read(
            ["last_run_state", "last_found", "run_count", "member_count"]
        ),
    }


def _prepare_own(env, person, lead_id):
    leads, rows = env["crm.lead"], env["lead.distribution.assignment"]
    lead = leads.browse(lead_id)
    return {
        "own leads": lambda: _page(leads, [("user_id", "=", person.id), ("type", "=", "lead")]),
        "own history": lambda: _page(rows, [("user_id", "=", person.id)]),
        "history of a lead": lambda: lead.sudo().assignment_ids.read(["lead_name"]),
        "duplicates of a lead": lambda: leads._get_lead_duplicates(email="lead77@example77.com"),
    }


def _prepare_groups(env, campaign, run, person):
    rows, lines = env["lead.distribution.assignment"], env["lead.distribution.run.member"]
    week = fields.Date.subtract(fields.Date.today(), days=7)
    of_week = [("distribution_date", ">=", week)]
    return {
        "assignments of a run by person": lambda: rows._read_group([("run_id", "=", run.id)], ["user_id"], ["__count"]),
        "assignments of a campaign's week by person": lambda: rows._read_group(
            [*of_week, ("campaign_id", "=", campaign.id)], ["user_id", "state"], ["__count"]
        ),
        "assignments of a person's week by day": lambda: rows._read_group(
            [*of_week, ("user_id", "=", person.id)], ["distribution_date:day"], ["__count"]
        ),
        "tracking lines of a week by person": lambda: lines._read_group(of_week, ["user_id"], ["leads_received:sum"]),
        "a person's leads by class": lambda: env["crm.lead"]._read_group(
            [("holder_id", "=", person.id)], ["classification"], ["__count"]
        ),
    }
