from odoo import SUPERUSER_ID

from ...reporting.readers import find_responsible
from .codec import Codec

COMPANY = "odoo.company"
RESPONSIBLE = "odoo.responsible"
NOBODY = " "  # of all companies; nobody is responsible


class HomeCodec(Codec):
    """What the campaign is called, and whose it is; company and responsible stay where they are not named."""

    def load(self, values):
        name = self.get(COMPANY)
        company = self.context.company
        found = {}
        if name is not None:
            company = self.env.companies.filtered(lambda c: c.name.strip() == name)[:1]
            if name and not company:
                self.context.problem(COMPANY, self._("You work in no company “%s”.", name))
            found = {"company_id": company.id}
            self.context.company = company
        return {"name": self.get("campaign.name"), **found, **self._load_responsible(company)}

    def _load_responsible(self, company):
        """The person who is named; else who loads it, or a sales manager, if the campaign has nobody who can log in."""
        name = self.get(RESPONSIBLE)
        if name is None:
            present = self.context.campaign.user_id
            if self.context.campaign and (present.active or not present):
                return {}
            return {"user_id": find_responsible(self.env.user, company).id}
        user = self.context.find_users([name], RESPONSIBLE)[:1] if name else self.env["res.users"]
        if user and not user.active:
            text = self._("“%s” cannot log in: messages go to a sales manager of the company.", name)
            self.context.warn(RESPONSIBLE, text)
        return {"user_id": user.id}

    @staticmethod
    def dump(campaign, names):
        found = {"version": "1.0", "campaign.name": campaign.name}
        if campaign.company_id != campaign.env.company:
            found[COMPANY] = campaign.company_id.name or NOBODY
        if campaign.user_id.id != SUPERUSER_ID:  # whom nobody can name
            found[RESPONSIBLE] = campaign.user_id.login or NOBODY
        return found
