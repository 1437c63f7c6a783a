from odoo import api, fields, models
from odoo.tools import SQL

from ...live.catching_up import make_due
from ...live.queue import note_new
from ...work.rights import check_manager
from ...work.system import as_system


class LeadDistributionWaiting(models.Model):
    """What managers do with the list of waiting leads."""

    _inherit = "lead.distribution.waiting"

    def action_open_lead(self):
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def action_try_now(self):
        """Look for somebody at once, for these leads, or for all of the user's companies."""
        check_manager(self.env["lead.distribution.campaign"])
        rows = self or self.search([])  # pylint: disable=no-search-all
        rows.check_access("read")
        make_due(as_system(rows).env, SQL("id = ANY(%s)", rows.ids))
        return _try_now(self.env)


class LeadDistributionNotTaken(models.Model):
    """Why no live campaign takes a lead, in words."""

    _inherit = "lead.distribution.not.taken"

    why = fields.Char(compute="_compute_why")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_why(self):
        """Name the first rule that refuses it, of each campaign the user may read."""
        steps = {}
        for row in self:
            for campaign, step in (row.reasons or {}).items():
                steps.setdefault(int(campaign), set()).add(step)
        campaigns = self.env["lead.distribution.campaign"].with_context(active_test=False)
        campaigns = campaigns.search([("id", "in", list(steps))])
        words = {campaign.id: campaign._name_steps(sorted(steps[campaign.id])) for campaign in campaigns}
        for row in self:
            reasons = {int(campaign): step for campaign, step in (row.reasons or {}).items()}
            row.why = "; ".join(
                f"{campaign.name}: {words[campaign.id].get(reasons[campaign.id], reasons[campaign.id])}"
                for campaign in campaigns
                if campaign.id in reasons
            )

    def action_open_lead(self):
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def action_try_now(self):
        """Look at these leads anew: a rule, or what is known of the lead, may have changed."""
        check_manager(self.env["lead.distribution.campaign"])
        rows = self or self.search([])  # pylint: disable=no-search-all
        rows.check_access("read")
        note_new(as_system(rows).lead_id)
        return _try_now(self.env)


def _try_now(env):
    """Hand out what waits, and return the action that says what came of it and shows the list anew."""
    worked = env["lead.distribution.campaign"].hand_out_waiting()
    texts = [env._("Handed out: %s", worked["handed_out"]), env._("Still waiting: %s", worked["waiting"])]
    if worked["not_taken"]:
        texts.append(env._("Taken by no campaign: %s", worked["not_taken"]))
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "success" if worked["handed_out"] else "info",
            "message": ". ".join(texts) + ".",
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }
