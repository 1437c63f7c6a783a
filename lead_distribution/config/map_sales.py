# pylint: disable=prefer-env-translation
"""``lead_finding.sales_filter`` in its simple and its enhanced form (specification 3.5)."""

from ..finding.customers import EMAIL_FIELDS, can_compare
from ..finding.languages import find_unknown
from ..finding.lead_fields import resolve_field_name
from .nodes import LONGEST
from .section import SectionMapper

HERE = ("lead_finding", "sales_filter")
# what is compared: (the campaign's field, the lead's field that is usual, keys; the first one given counts)
COMPARED = (
    ("sales_partner_field_id", "partner_id", (("primary_match", "lead_field"), ("lead_partner_field",))),
    (
        "sales_opportunity_partner_field_id",
        "partner_id",
        (("primary_match", "opportunity_field"), ("opportunity_partner_field",)),
    ),
    ("sales_email_field_id", "email_from", (("secondary_matches", "email_match", "lead_field"),)),
    (
        "sales_opportunity_email_field_id",
        "email_from",
        (("secondary_matches", "email_match", "opportunity_field"),),
    ),
    ("sales_phone_field_id", "phone", (("secondary_matches", "phone_match", "lead_field"),)),
    ("sales_opportunity_phone_field_id", "phone", (("secondary_matches", "phone_match", "opportunity_field"),)),
)


class SalesMapper(SectionMapper):
    """Turns the sales filter into values of the campaign."""

    HERE = HERE

    def map(self, loaded):
        block = self.get(default={})
        self._tell_of_contacts()
        criteria = block.get("opportunity_criteria", {})
        ignored = criteria.get("exclude_stages", block.get("exclude_opportunity_stages", []))
        counted = criteria.get("include_stages", block.get("include_opportunity_stages", []))
        loaded.values.update(
            use_sales_filter=block.get("enabled", False),
            sales_match_email=self.get("secondary_matches", "email_match", "enabled", default=False),
            sales_match_phone=self.get("secondary_matches", "phone_match", "enabled", default=False),
            sales_exclude_stages="\n".join(ignored) or False,
            sales_include_stages="\n".join(counted) or False,
            sales_active_only=criteria.get("active_only", True),
            sales_seconds=self.get("performance", "timeout_seconds", default=0),
            sales_export=self.get("reporting", "export_excluded_leads", default=False),
            **self._map_date(),
            **self._map_fields(),
        )
        if block.get("enabled"):
            self._warn_unknown_stages([*ignored, *counted])

    def _map_date(self):
        for path, days_key in (
            (("opportunity_criteria", "date_filter"), "newer_than_days"),
            (("opportunity_date_range",), "days_back"),
        ):
            block = self.get(*path)
            if block is None:
                continue
            name = block.get("field_name", "date_open")
            field = self.context.find_field(name, (*HERE, *path, "field_name"), ("date", "datetime"))
            days = min(block.get(days_key, 365), LONGEST) if block.get("enabled") else 0
            return {"sales_days": days, "sales_date_field_id": field.id if name != "date_open" else False}
        return {"sales_days": 0, "sales_date_field_id": False}

    def _map_fields(self):
        """Return the fields that are compared; False for the usual ones."""
        values = {}
        for setting, usual, paths in COMPARED:
            found = [self._find_field(path, usual) for path in paths if self.get(*path)]
            values[setting] = found[0] if found else False
        return values

    def _find_field(self, path, usual):
        env = self.context.env
        name = resolve_field_name(env, self.get(*path))
        if name == usual or (usual == "email_from" and name in EMAIL_FIELDS):
            return False
        if not name:
            text = self._("Leads have no field “%s”.", self.get(*path))
        elif not can_compare(env["crm.lead"]._fields[name], usual):
            text = self._("“%(name)s” cannot be compared in the place of “%(usual)s”.", name=name, usual=usual)
        else:
            return env["ir.model.fields"]._get("crm.lead", name).id
        self.context.problem((*HERE, *path), text)
        return False

    def _tell_of_contacts(self):
        if self.get("primary_match", "require_both_non_null") is False:
            text = self._("A lead without a contact never matches an opportunity.")
            self.context.tell((*HERE, "primary_match", "require_both_non_null"), text)

    def _warn_unknown_stages(self, names):
        unknown = find_unknown(self.context.env, "crm.stage", names)
        if unknown:
            text = self._("There are no stages with these names: %s.", ", ".join(unknown))
            self.context.warn(HERE, text, lasting=False)
