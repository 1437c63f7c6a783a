from odoo import api, models
from odoo.exceptions import ValidationError

from ...importing.failing import list_failed
from ...names import MANAGERS
from ...reporting.campaigns import find_campaign
from ...reporting.dashboard.attention import list_attention
from ...reporting.dashboard.load import get_load
from ...reporting.dashboard.manager import choose_shown_run, get_dashboard, get_last_runs, show_run
from ...reporting.dashboard.next_people import describe_next, list_kinds
from ...reporting.dashboard.parts import PERIODS
from ...reporting.dashboard.salesperson import get_own_dashboard
from ...reporting.dashboard.waiting import list_waiting, show_waiting
from ...reporting.periods import Period, get_domain, get_last_day
from ...reporting.waiting import sum_up_waiting
from ...work.database import count_in_memory
from ...work.system import as_system

HOURS = ("first_action_hours", "status_change_hours", "opportunity_hours")  # deadlines of campaigns


class LeadDistributionDashboard(models.AbstractModel):
    """What the dashboard shows: for managers everybody's numbers, for salespeople their own."""

    _name = "lead.distribution.dashboard"
    _description = "Distribution Dashboard"

    @api.model
    @api.readonly
    def get_data(self, campaign_id=None, days=30):
        """Return the dashboard of the user, with a fixed number of queries.

        :param campaign_id: only this campaign; default all of the user's companies
        :param days: length of the period that ends today, and of the one before
        """
        if days not in PERIODS:
            raise ValidationError(self.env._("Choose one of these periods, in days: %s.", ", ".join(map(str, PERIODS))))
        self.env["lead.distribution.assignment"].check_access("read")
        count_in_memory(self.env)
        if not self.env.user.has_group(MANAGERS):
            return get_own_dashboard(as_system(self.env.user), Period.ending(get_last_day(self.env), days))
        return self._get_data(find_campaign(self.env, campaign_id), days)

    @api.model
    def get_next(self, campaign_id, source_id=None, lead_status_id=None, priority=None):
        """Return who gets leads of a kind next, and what kinds there are, for managers.

        :param campaign_id: by whose rules
        :param source_id: of the leads; also ``lead_status_id`` and ``priority``
        """
        campaign = find_campaign(self.env, campaign_id)
        kind = {"source_id": source_id, "lead_status_id": lead_status_id, "priority": priority}
        values = {name: value for name, value in kind.items() if value}
        lead = self.env["crm.lead"].new({"name": "?", "type": "lead", "user_id": False, **values})
        now = campaign._explain_who(lead)
        return {
            **describe_next(campaign, now.next_ones, now.left_out, lambda one, rule: one._describe_rule(rule)),
            "kinds": list_kinds(self.env),
        }

    @api.model
    def _get_data(self, campaign, days):
        """Return the dashboard of a manager."""
        env = as_system(self).env
        period = Period.ending(get_last_day(env, campaign), days)
        load, runs = get_load(env, campaign), get_last_runs(env, campaign)
        shown = choose_shown_run(runs)
        campaigns = self.env["lead.distribution.campaign"].search_fetch([], ["name", "is_live", *HOURS])
        has_deadlines = any(own[name] for own in campaign or campaigns for name in HOURS)
        waiting = sum_up_waiting(env, campaign)
        return {
            **get_dashboard(env, campaign, period, load, has_deadlines=has_deadlines),
            "campaigns": [{"id": record.id, "name": record.name} for record in campaigns],
            "waiting": show_waiting(env, waiting, campaign, any((campaign or campaigns).mapped("is_live"))),
            **show_run(shown, shown._get_figures() if shown else None),
            "attention": [
                *list_waiting(env, waiting, campaign),
                *list_failed(self.env, campaign),
                *list_attention(env, get_domain(env, period, campaign), runs, load["full"], campaign),
            ],
        }
