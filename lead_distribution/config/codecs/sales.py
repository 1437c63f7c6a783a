from ...finding.choosable import CHOOSABLE, find_choosable
from ...finding.customers import EMAIL_FIELDS
from ...finding.languages import find_unknown
from ...finding.lead_fields import resolve_field_name
from ..keys.sales import COMPARED, HERE
from .codec import Codec

# the block, and the key of the days in it
DATES = {
    f"{HERE}.opportunity_criteria.date_filter": "newer_than_days",
    f"{HERE}.opportunity_date_range": "days_back",
}
MATCHED = f"{HERE}.primary_match.require_both_non_null"


class SalesCodec(Codec):
    """Which fields of leads and opportunities are compared, and how old opportunities may be."""

    def load(self, values):
        if self.get(MATCHED) is False:
            self.context.tell(MATCHED, self._("A lead without a contact never matches an opportunity."))
        if values["use_sales_filter"]:
            self._warn_unknown_stages([values["sales_exclude_stages"], values["sales_include_stages"]])
        fields = {name: self._load_field(name, usual, paths) for name, usual, paths in COMPARED}
        return {**fields, **self._load_date()}

    def _load_field(self, setting, usual, paths):
        """Return the id of a field that is compared; False for the usual one."""
        self.context.pick(*paths)
        found = [self._find_field(setting, path, usual) for path in paths if self.get(path)]
        return found[0] if found else False

    def _find_field(self, setting, path, usual):
        written = self.get(path)
        name = resolve_field_name(self.env, written)
        if name == usual or (usual == "email_from" and name in EMAIL_FIELDS):
            return False
        if not name:
            self.context.problem(path, self._("Leads have no field “%s”.", written))
        elif not (found := find_choosable(self.env, name, CHOOSABLE[setting])):
            text = self._("“%(name)s” cannot be compared in the place of “%(usual)s”.", name=name, usual=usual)
            self.context.problem(path, text)
        else:
            return found.id
        return False

    def _load_date(self):
        path, *others = [path for path in DATES if self.get(path) is not None] or [None]
        if path is None:
            return {"sales_days": 0, "sales_date_field_id": False}
        block = self.get(path)
        for other in others:
            if self._read_date(other) != self._read_date(path):
                self.context.warn_overruled(other, path)
        name = block.get("field_name", "date_open")
        field = self.context.find_field(name, f"{path}.field_name", CHOOSABLE["sales_date_field_id"])
        return {
            "sales_days": block.get(DATES[path], 365) if block.get("enabled") else 0,
            "sales_date_field_id": field.id if name != "date_open" else False,
        }

    def _read_date(self, path):
        """Return what a block about the age of opportunities says: nothing, where it is off."""
        block = self.get(path)
        return block.get("enabled", False) and (block.get(DATES[path], 365), block.get("field_name", "date_open"))

    def _warn_unknown_stages(self, texts):
        names = [name for text in texts if text for name in text.split("\n")]
        unknown = find_unknown(self.env, "crm.stage", names) if names else []
        if unknown:
            text = self._("There are no stages with these names: %s.", ", ".join(unknown))
            self.context.warn(HERE, text, lasting=False)

    @staticmethod
    def dump(campaign, names):
        written = {paths[0]: campaign[name].name for name, _usual, paths in COMPARED if campaign[name]}
        path, days = next(iter(DATES.items()))
        block = {
            "enabled": bool(campaign.sales_days),
            "field_name": campaign.sales_date_field_id.name or "date_open",
            days: campaign.sales_days or None,
        }
        return {**written, path: block}
