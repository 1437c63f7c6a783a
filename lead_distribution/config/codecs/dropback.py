from ...engine.dropback import parse_condition
from ...engine.matching import read_lines
from ...finding.choosable import CHOOSABLE, LIST, NUMBER, SOURCE
from ...finding.languages import find_named, find_unknown
from ...finding.lead_fields import resolve_field_name
from ..context import at
from ..data import Kept
from ..keys.dropback import CRITERIA, HERE, PRESENT
from .codec import Codec

CONFIG = f"{HERE}.assignment_config"
MATCHING = f"{HERE}.web_source_matching"


class DropbackCodec(Codec):
    """The ages, where the web source is looked for, and which leads stay."""

    def load(self, values):
        is_there = bool(self.get(HERE))
        if values["dropback_priority_min"] > values["dropback_priority_max"]:
            text = self._("The smallest priority is above the largest.")
            self.context.problem(f"{CRITERIA}.max_priority", text)
        return {
            "dropback_source_fields": ", ".join(self._load_source_fields()),
            "dropback_status_id": self._load_status() if is_there else False,
            "dropback_user_ids": self._load_users(),
            "dropback_threshold_ids": self._load_thresholds() if is_there else [],
            **self._load_tags(),
        }

    def _load_status(self):
        path = f"{CONFIG}.dropback_status"
        return self.context.find_status(self.get(path, "dropback"), path).id

    def _load_users(self):
        path = f"{PRESENT}.dropback_users"
        return self.context.find_users(self.get(path, []) if self.get(f"{PRESENT}.enabled") else [], path).ids

    def _load_tags(self):
        """Tags that exist are records; the names of the others are compared when a run looks."""
        names = self.get(f"{CRITERIA}.exclude_tags", [])
        return {
            "dropback_exclude_tag_ids": find_named(self.env, "crm.tag", names) if names else [],
            "dropback_exclude_tags_text": "\n".join(find_unknown(self.env, "crm.tag", names)) or False,
        }

    def _load_source_fields(self):
        """Return the primary field, then the fallback fields; those that leads lack are warned about."""
        primary = self.get(f"{MATCHING}.primary_field")
        path = f"{MATCHING}.primary_field" if primary else f"{CONFIG}.web_source_field"
        self.context.pick(f"{MATCHING}.primary_field", f"{CONFIG}.web_source_field")
        primary = primary or self.get(path, "source_id")
        self.context.find_field(primary, path, SOURCE)
        names = [primary]
        for number, fallback in enumerate(self.get(f"{MATCHING}.fallback_fields", [])):
            name = fallback if isinstance(fallback, str) else fallback.get("field", "")
            place = at(f"{MATCHING}.fallback_fields", number)
            if resolve_field_name(self.env, name):
                self.context.find_field(name, place, SOURCE)
            else:
                self.context.warn(place, self._("Leads have no field “%s”; it is skipped.", name), lasting=False)
            names += [name] if name else []
        return names

    def _load_thresholds(self):
        named = self.get(f"{HERE}.age_thresholds")
        if named is None:
            return [self._load_threshold(self.get(f"{HERE}.age_threshold", {}), at(f"{HERE}.age_threshold"), False)]
        if self.get(f"{HERE}.age_threshold"):
            self.context.warn_overruled(f"{HERE}.age_threshold", f"{HERE}.age_thresholds")
        return [self._load_threshold(one, at(f"{HERE}.age_thresholds", name), name) for name, one in named.items()]

    def _load_threshold(self, one, path, name):
        wanted = one.get("field_name", "source_date")
        date_field = self.context.find_field(wanted, (*path, "field_name"), CHOOSABLE["date_field_id"])
        for number, condition in enumerate(one.get("conditions", [])):
            field_name, operator, _value = parse_condition(condition)
            domain = LIST if operator == "contains" else NUMBER
            self.context.find_field(field_name, (*path, "conditions", number), domain)
        return {
            "name": one.get("description", name) or False,
            "days": one.get("days", 30),
            "business_days": one.get("use_business_days", False),
            "date_field_id": date_field.id if wanted != "source_date" else False,
            "conditions_text": "\n".join(one.get("conditions", [])) or False,
        }

    @staticmethod
    def dump(campaign, names):
        fields = [name.strip() for name in (campaign.dropback_source_fields or "").split(",") if name.strip()]
        users = [name for user, name in names.items() if user in campaign.dropback_user_ids]
        tags = sorted(campaign.dropback_exclude_tag_ids.mapped("name"))
        return {
            f"{HERE}.age_thresholds": _dump_thresholds(campaign),
            f"{MATCHING}.primary_field": fields[0] if fields else None,
            f"{MATCHING}.fallback_fields": [{"field": name} for name in fields[1:]],
            f"{CONFIG}.dropback_status": campaign.dropback_status_id.code or " ",
            f"{CRITERIA}.exclude_tags": list(dict.fromkeys([*tags, *read_lines(campaign.dropback_exclude_tags_text)])),
            f"{PRESENT}.enabled": True if users else None,
            f"{PRESENT}.dropback_users": users,
        }


def _dump_thresholds(campaign):
    thresholds = campaign.dropback_threshold_ids.sorted(lambda t: (t.sequence, t.id))
    return Kept(
        {
            f"age_{number}": {
                "description": one.name or " ",
                "days": one.days,
                "field_name": one.date_field_id.name or "source_date",
                "use_business_days": one.business_days,
                "conditions": read_lines(one.conditions_text),
            }
            for number, one in enumerate(thresholds, 1)
        }
    )
