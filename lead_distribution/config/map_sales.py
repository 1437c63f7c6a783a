# pylint: disable=prefer-env-translation
"""``lead_finding.sales_filter`` in its simple and its enhanced form (specification 3.5)."""

from .nodes import LONGEST
from .section import SectionMapper

HERE = ("lead_finding", "sales_filter")
PARTNER = {"partner_id"}
EMAIL = {"email_from", "email", "email_normalized"}
PHONE = {"phone", "phone_sanitized"}


class SalesMapper(SectionMapper):
    """Turns the sales filter into values of the campaign."""

    HERE = HERE

    def map(self, loaded):
        block = self.get(default={})
        self._check_fields()
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
            **self._map_date(),
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

    def _check_fields(self):
        """What is compared is fixed: contact, e-mail, phone."""
        for path, right in (
            (("opportunity_partner_field",), PARTNER),
            (("lead_partner_field",), PARTNER),
            (("primary_match", "lead_field"), PARTNER),
            (("primary_match", "opportunity_field"), PARTNER),
            (("secondary_matches", "email_match", "lead_field"), EMAIL),
            (("secondary_matches", "email_match", "opportunity_field"), EMAIL),
            (("secondary_matches", "phone_match", "lead_field"), PHONE),
            (("secondary_matches", "phone_match", "opportunity_field"), PHONE),
        ):
            name = self.get(*path)
            if name and name not in right:
                text = self._("“%(name)s” cannot be compared, only %(right)s.", name=name, right=sorted(right)[0])
                self.context.problem((*HERE, *path), text)
        if self.get("primary_match", "require_both_non_null") is False:
            text = self._("A lead without a contact never matches an opportunity.")
            self.context.tell((*HERE, "primary_match", "require_both_non_null"), text)

    def _warn_unknown_stages(self, names):
        stages = self.context.env["crm.stage"].search([("name", "!=", False)])
        known = {stage.name.strip().casefold() for stage in [*stages, *stages.with_context(lang="en_US")]}
        unknown = [name for name in names if name.casefold() not in known]
        if unknown:
            text = self._("There are no stages with these names: %s.", ", ".join(unknown))
            self.context.warn(HERE, text, lasting=False)
