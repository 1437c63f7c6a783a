from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...names import MANAGERS
from ...planning.people import tell_apart
from ...planning.workload import count_held
from ...reporting.afterwards import get_afterwards
from ...reporting.campaigns import find_campaign
from ...reporting.dashboard.load import get_members, get_utilization
from ...reporting.deadlines import get_due_domain, get_taken_over_domain
from ...reporting.metrics import get_metrics
from ...reporting.periods import (
    Period,
    get_domain,
    get_domain_of_today,
    get_last_day,
    read_date,
    read_last_days,
    read_period,
)
from ...reporting.salesperson import get_salesperson_report
from ...reporting.totals import get_days, get_totals, name_anew
from ...reporting.trend import get_trend
from ...tools.limits import is_whole
from ...work.database import count_in_memory
from ...work.system import as_system


class LeadDistributionReport(models.AbstractModel):
    """Reports over runs: a day, a salesperson, a campaign, a trend, and what they are good for.

    What somebody asks for is read here, and the right to it checked; ``reporting`` works it out.
    """

    _name = "lead.distribution.report"
    _description = "Distribution Report"

    @api.model
    @api.readonly
    def generate_daily_report(self, date=None, campaign_name=None):
        """Return the report of one day, of one campaign or of all.

        :param date: the day, default today: for each campaign the date in its own time zone
        :param campaign_name: name or id
        """
        day = read_date(date, "date", self.env._)
        campaign = self._find_campaign(campaign_name)
        env = as_system(self).env
        domain = get_domain(env, Period(day, day), campaign) if day else get_domain_of_today(env, campaign)
        day = day or get_last_day(env, campaign)
        return {"date": day.isoformat(), **self._get_totals(env, domain, Period(day, day), campaign)}

    @api.model
    @api.readonly
    def generate_campaign_report(self, campaign_name=None, date_from=None, date_to=None, date_range=None):
        """Return the report of one campaign over a period, both dates included.

        :param date_range: both dates at once; a pair instead of ``date_from`` does the same
        """
        campaign = self._find_campaign(campaign_name)
        period = read_period(self.env, date_from, date_to, date_range, campaign)
        env = as_system(self).env
        domain = get_domain(env, period, campaign)
        return {
            "date_range": period.texts,
            **self._get_totals(env, domain, period, campaign),
            "days": get_days(env, domain),
        }

    @api.model
    def _get_totals(self, env, domain, period, campaign):
        """Return the totals of runs, and what became of their leads after they were handed out."""
        # a program may name a campaign of a company that is not chosen
        env = env(context={**env.context, "allowed_company_ids": (env.companies | campaign.company_id).ids})
        count_in_memory(env)
        totals, due = get_totals(env, domain, campaign), get_due_domain(env, campaign)
        also_kept = period.domain & get_taken_over_domain(env, campaign)
        after = get_afterwards(env, domain, totals["by_origin"], due, also_kept=also_kept)
        return {**name_anew(env, totals), "after_the_hand_out": after}

    @api.model
    @api.readonly
    def generate_trend_analysis(self, days=30, campaign_name=None):
        """Return the last days against as many days before; today is the last one. See ``get_trend``."""
        campaign = self._find_campaign(campaign_name)
        return get_trend(as_system(self).env, read_last_days(self.env, days, campaign), campaign)

    @api.model
    @api.readonly
    def generate_salesperson_report(self, user_id=None, date_from=None, date_to=None, date_range=None):
        """Return what a person got in a period and what became of it; see ``get_salesperson_report``.

        Salespeople may ask for their own report, managers for everybody's.

        :param date_range: both dates at once; a pair instead of ``date_from`` does the same
        """
        period = read_period(self.env, date_from, date_to, date_range)
        self.env["lead.distribution.run.member"].check_access("read")
        user = self.env["res.users"].with_context(active_test=False)
        if not user_id or is_whole(user_id):
            user = user.search([("id", "=", user_id or self.env.uid)])  # of the user's companies
        if not user:
            raise ValidationError(self.env._("There is no user with the id %s.", str(user_id)[:40]))
        if user != self.env.user and not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("You can only see your own report."))
        return get_salesperson_report(user.with_env(as_system(self).env), period)

    @api.model
    @api.readonly
    def generate_performance_metrics(self, days=30, campaign_name=None):
        """Return the success metrics over the last days: {metric: {value, goal, met}}. See ``get_metrics``.

        The satisfaction of users is none of them: software cannot measure it.
        """
        campaign = self._find_campaign(campaign_name)
        return get_metrics(as_system(self).env, read_last_days(self.env, days, campaign), campaign)

    @api.model
    @api.readonly
    def calculate_distribution_efficiency(self, days=30, campaign_name=None):
        """Return the leads handed out in percent of those found, over the last days."""
        return self.generate_trend_analysis(days, campaign_name)["distribution_efficiency"]

    @api.model
    @api.readonly
    def analyze_salesperson_utilization(self, campaign_name=None):
        """Return {name: leads held in percent of the target} of the active members; names alike with their logins."""
        campaign = self._find_campaign(campaign_name)
        members = get_members(as_system(self).env, campaign)
        held = count_held(members.env, members.user_id)
        names = {user.id: name for user, name in tell_apart(members.user_id).items()}
        return {names[person["user_id"]]: person["utilization"] for person in get_utilization(members, held)}

    @api.model
    @api.readonly
    def track_distribution_trends(self, days=30, campaign_name=None):
        """Return the trend; see ``generate_trend_analysis``."""
        return self.generate_trend_analysis(days, campaign_name)

    @api.model
    def _find_campaign(self, asked):
        """Return the campaign that a manager asks for by name or id, or nothing for all of them.

        :raise AccessError: for others, and in companies that are not the user's
        """
        self.env.companies.check_access("read")  # what adds up has full rights, and takes these companies as they are
        campaign = find_campaign(self.env, asked)
        if not self.env.su and not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Only sales managers can see the reports of everybody."))
        return campaign
