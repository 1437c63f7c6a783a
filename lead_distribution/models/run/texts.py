# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from odoo import api, models

from ...names import DROPPED, NOT_DROPPED

# reasons of the specification's steps, in their order (readings, R3)
STEPS = (
    "type", "date", "dnc", "sales", DROPPED, NOT_DROPPED, "dropback", "web_source", "campaign", "excluded_user",
    "no_holder", "holder_status", "closed", "status", "tags", "required_fields", "priority",
    "assigned", "inactive_user", "activity", "domain",
)  # fmt: skip


class LeadDistributionCampaign(models.Model):
    _inherit = "lead.distribution.campaign"

    @api.model
    def _get_strategy_names(self):
        return dict(self._fields["strategy"]._description_selection(self.env))

    @api.model
    def _describe_rule(self, name):
        """Return a rule of the line-up in words. Meant to be extended."""
        _ = self.env._
        return {
            "priority": _("level by priority of the lead"),
            "company": _("company of the lead"),
            "known_owner": _("knows the customer"),
            "skills": _("skills"),
            "territory": _("territory"),
            "calling_hours": _("time zone"),
            "preferred": _("prefers such leads"),
            "class_limit": _("limit of the class"),
            "holder": _("has it already"),
            "full": _("is full"),
        }.get(name, name)

    @api.model
    def _get_step_names(self):
        """Return {reason: words} of the filter steps, in the order of the steps."""
        _ = self.env._
        words = {
            "type": _("Not a lead"),
            "date": _("Outside the window"),
            "dnc": _("Do not call"),
            "sales": _("Customer with an opportunity"),
            DROPPED: _("Too old, dropped back"),
            NOT_DROPPED: _("Too old, could not be dropped back"),
            "dropback": _("Too old, left alone"),
            "web_source": _("Web source not matched"),
            "campaign": _("Marketing campaign not matched"),
            "excluded_user": _("Held by protected people"),
            "no_holder": _("Holder in no pool"),
            "holder_status": _("Status or age not in the holder's pool"),
            "closed": _("Closed"),
            "status": _("Status not matched"),
            "tags": _("Tags"),
            "required_fields": _("Missing required fields"),
            "priority": _("Priority outside the range"),
            "assigned": _("Already assigned"),
            "inactive_user": _("Held by inactive people"),
            "activity": _("Activity planned or recent"),
            "domain": _("Own filter"),
        }
        groups = self.env["lead.distribution.filter"].sudo()._read_group([], ["field_id"])
        others = [field for [field] in groups]
        return {
            **{step: words[step] for step in STEPS},
            **{field.name: _("%s not matched", field.field_description) for field in others},
        }


class LeadDistributionRun(models.Model):
    _inherit = "lead.distribution.run"

    @api.model
    def _describe_left_over(self, reason):
        _ = self.env._
        return {
            "no_salespeople": _("Nobody can receive leads"),
            "no_eligible": _("Nobody may take them"),
            "other_company": _("Nobody works for the company of the lead"),
            "only_holder": _("Only their present holder could take them"),
            "everybody_full": _("Everybody is full"),
            "max_leads": _("Limit of the run reached"),
            "strategy_failed": _("The strategy failed"),
            "skipped": _("Changed since the plan, or stopped"),
            "failed": _("Could not be written"),
            "planned": _("Not reached: the run was given up"),
        }.get(reason, reason)

    @api.model
    def _describe_advice(self, code):
        _ = self.env._
        return {
            "no_salespeople": _("Nobody can receive leads: add members, or activate them."),
            "no_leads": _("No leads were found: look at the funnel, and widen the pools or the window."),
            "low_distribution": _("Few of the leads found could be handed out: see what is left over."),
            "low_utilization": _("Low utilization overall: bring in more leads, or lower the targets."),
            "high_utilization": _(
                "The team holds more than its target: add people, raise targets, or close old leads."
            ),
            "imbalance": _("The load is uneven: people differ by more than 10 points of utilization."),
            "off_promise": _(
                "Some people received more or less than the strategy alone would give them: rules, limits or "
                "leads they held already are the cause. Compare the columns Received and Promised."
            ),
            "high_dropback": _("Many leads drop back: look at the age limit or at the sources."),
        }.get(code, code)

    def _describe_settings(self):
        """Return the settings of the strategy as (name, value) pairs."""
        campaign, _ = self.campaign_id, self.env._
        orders = dict(campaign._fields["distribution_order"]._description_selection(self.env))
        lead_orders = dict(campaign._fields["lead_order"]._description_selection(self.env))
        options = self.options or {}
        limit = options.get("max_leads", campaign.max_leads or None)
        fill = dict(campaign._fields["fill_strategy"]._description_selection(self.env))
        return [
            *self._describe_levels(fill),
            [_("Who is first"), orders.get(self.distribution_order, self.distribution_order or "")],
            [_("Order of leads"), lead_orders[campaign.lead_order]],
            [_("Leads a run at most"), _("no limit") if limit is None else str(limit)],
            [_("Status becomes"), campaign.status_reset_id.name or _("stays")],
            [_("Team becomes"), campaign.team_id.name or _("stays")],
            [_("Seed"), str(self.seed)],
        ]

    def _describe_levels(self, fill):
        """Return the settings of filling by level: priorities, targets, overflow."""
        campaign, _ = self.campaign_id, self.env._
        if self.strategy != "level_based":
            return []
        levels = campaign.member_ids.level_id.sorted("priority")
        settings = [
            [
                _("Level %s", level.priority),
                _("%(name)s, target %(target)s", name=level.name, target=level.target_leads),
            ]
            for level in levels
        ]
        over = _("up to %s%% above the target", campaign.overflow_limit) if campaign.allow_overflow else _("no")
        return [*settings, [_("Within a level"), fill[campaign.fill_strategy]], [_("Overflow"), over]]
