from odoo import models
from odoo.tools import is_html_empty

from ...importing.settle import settle
from ...tools.html_text import text_to_html

NAMED_FIELDS = {"_source": ("source", "source_id"), "_medium": ("medium", "medium_id"),
                "_campaign": ("marketing_campaign", "campaign_id")}  # fmt: skip
FILLED = (
    "contact_name", "partner_name", "email_from", "phone", "street", "street2", "city", "zip", "state_id",
    "country_id", "website", "function", "description", "lead_status_id", "source_id", "medium_id", "campaign_id",
    "expected_revenue",
)  # fmt: skip


class LeadImportBatch(models.Model):
    """What is written on leads: new ones, and those that are only completed."""

    _inherit = "lead.import.batch"

    def _prepare_lead(self, row, user_id, context, now):
        """Return the values of a new lead. Meant to be extended.

        Everything that Odoo would otherwise look up lead by lead is among them: team, stage,
        company, and that nobody is its salesperson.
        """
        campaign = self.campaign_id
        team = self._get_team(user_id, context)
        values = {
            **self._resolve_names(row["values"], context),
            "type": "lead", "company_id": self.company_id.id, "import_batch_id": self.id,
            "user_id": user_id, "open_user_id": user_id, "closer_id": user_id,
            "team_id": team, "stage_id": self._get_stage(team, context),
        }  # fmt: skip
        if row["match_partner_id"]:
            values["partner_id"] = row["match_partner_id"]
        if user_id:
            values.update(distribution_campaign_id=campaign.id, distributed_on=now, received_on=now)
            if campaign.status_reset_id:
                values["lead_status_id"] = campaign.status_reset_id.id
        return values

    def _resolve_names(self, values, context):
        """Turn names of sources, campaigns and tags into ids; missing ones are created."""
        result = {name: value for name, value in values.items() if not name.startswith("_")}
        lookups = context["lookups"]
        for key, (target, name) in NAMED_FIELDS.items():
            if key in values:
                result[name] = lookups.named_id(target, values[key])
        if "description" in result:
            result["description"] = text_to_html(result["description"])
        if "_tags" in values:
            result["tag_ids"] = [(6, 0, [lookups.named_id("tags", tag) for tag in values["_tags"]])]
        return result

    def _get_team(self, user_id, context):
        """Return the id of the team of a person's new leads: the campaign's, the member's, the person's."""
        if user_id not in context["teams"]:
            team = self.campaign_id.team_id
            if not team and user_id:
                member = self.env["lead.distribution.member"].sudo().browse(context["members"].get(user_id))
                team = member.team_id or self.env["crm.team"].sudo()._get_default_team_id(user_id=user_id)
            fits = team.company_id in (team.company_id.browse(), self.company_id)
            context["teams"][user_id] = team.id if fits else False
        return context["teams"][user_id]

    def _get_stage(self, team_id, context):
        if team_id not in context["stages"]:
            stage = self.env["crm.lead"].sudo()._stage_find(team_id=team_id, domain=[("fold", "=", False)])
            context["stages"][team_id] = stage.id
        return context["stages"][team_id]

    def _update_existing(self, rows, context, now):
        """Fill the empty fields of leads that are in the database already; what they have stays."""
        leads = self.env["crm.lead"].sudo().browse([row["match_lead_id"] for row in rows if row["match_lead_id"]])
        leads = leads.exists()
        leads.fetch(FILLED)
        known = set(leads.ids)
        present = [row for row in rows if row["match_lead_id"] in known]
        for row in rows:
            if row["match_lead_id"] not in known:
                row.update(state="skipped", code="gone", message=self.env._("The lead was deleted meanwhile."))

        def fill(part):
            for row in part:
                self._fill_lead(leads.browse(row["match_lead_id"]).with_prefetch(leads.ids), row, context)
            self.env.flush_all()

        settle(present, fill, self._make_refusal(context), self.env)

    def _fill_lead(self, lead, row, context):
        values = self._resolve_names(row["values"], context)
        missing = {name: values[name] for name in FILLED if values.get(name) and is_empty(lead, name)}
        if missing:
            lead.with_context(mail_notrack=True).write(missing)
        written = {**missing, **({"description": str(lead.description)} if "description" in missing else {})}
        row.update(state="updated", lead_id=lead.id, before=written,
                   message=self._describe_filled(missing))  # fmt: skip

    def _describe_filled(self, missing):
        if not missing:
            return self.env._("The lead had all of this already.")
        labels = self.env["crm.lead"].fields_get(list(missing), ["string"])
        return self.env._("Filled in: %s.", ", ".join(labels[name]["string"] for name in missing))


def is_empty(lead, name):
    return is_html_empty(lead[name]) if lead._fields[name].type == "html" else not lead[name]
