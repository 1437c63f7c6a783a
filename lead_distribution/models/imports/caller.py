from odoo import api, fields, models

from ...finding.scope import list_types
from ...importing.callers import get_chosen_campaign
from ...names import OPEN_IMPORTS
from ...planning.presence.look import find_away
from ...planning.workload import count_held
from ...tools.fit import works_for
from ...work.system import as_system


class LeadImportCaller(models.Model):
    """A salesperson who may receive the leads of an import, with the present load."""

    _name = "lead.import.caller"
    _inherit = ["lead.distribution.part"]
    _part_of = "batch_id"
    _open_while = OPEN_IMPORTS
    _description = "Salesperson of a Lead Import"
    _order = "id"
    _rec_name = "user_id"

    batch_id = fields.Many2one("lead.import.batch", required=True, ondelete="cascade", index=True)
    ticked = fields.Boolean(string="Receives leads", default=True)
    user_id = fields.Many2one(
        "res.users", string="Salesperson", required=True, ondelete="cascade", domain="[('share', '=', False)]"
    )
    member_id = fields.Many2one("lead.distribution.member", compute="_compute_load")
    is_member = fields.Boolean(string="In the campaign", compute="_compute_load")
    level_id = fields.Many2one("lead.distribution.level", compute="_compute_load")
    current_leads = fields.Integer(string="Leads held", compute="_compute_load")
    target_leads = fields.Integer(string="Target", compute="_compute_load")
    problem = fields.Char(string="Cannot receive", compute="_compute_load")

    _user_unique = models.UniqueIndex("(batch_id, user_id)", "This salesperson is in the list already.")

    @api.depends("user_id", "batch_id.campaign_id", "batch_id.new_campaign")
    def _compute_load(self):
        # who does not work for the company of the import cannot be a caller, and is nobody to tell of
        told = self.filtered(lambda caller: works_for(caller.user_id, caller.batch_id.company_id))
        held = count_held(self.env, told.user_id)
        campaigns = {get_chosen_campaign(batch) for batch in self.batch_id}
        away = {campaign: find_away(as_system(campaign), told.user_id) for campaign in campaigns if campaign}
        for caller in self:
            batch = caller.batch_id
            campaign = get_chosen_campaign(batch)
            members = campaign.with_context(active_test=False).member_ids
            caller.member_id = members.filtered(lambda m, user=caller.user_id: m.user_id == user)[:1]
            caller.level_id = caller.member_id.level_id
            caller.is_member = bool(caller.member_id)
            caller.current_leads = held.add(caller.user_id, list_types(campaign))
            caller.target_leads = caller.member_id.target_leads
            unfit = caller.user_id and batch._explain_unfit(caller.user_id, caller.member_id)
            caller.problem = unfit or away.get(campaign, {}).get(caller.user_id.id)
