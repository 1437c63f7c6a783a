# pylint: disable=prefer-env-translation
"""``lead_finding.dropback_filter`` in all its forms (specification 3.6; readings R41 to R49)."""

import re

from ..engine.dropback import parse_condition
from ..engine.matching import read_patterns
from ..finding.guarded_matching import BrokenPattern, MatchingTimeout, match_lists
from ..finding.languages import find_named, find_unknown
from ..finding.lead_fields import resolve_field_name
from .nodes import LONGEST
from .section import SectionMapper

HERE = ("lead_finding", "dropback_filter")
MAPPING = ("web_source_campaign_mapping",)
DEFAULT = "default"
SUFFIX = "_sources"
NUMBERS = ("integer", "float", "monetary", "selection")
SOURCE_TYPES = ("char", "selection", "many2one")


def fold(name):
    """Return a campaign's key as it is compared: without case, blanks and underscores."""
    return re.sub(r"[\s_-]+", "", name.lower())


class DropbackMapper(SectionMapper):
    """Turns thresholds, sources and assignments into rows of the campaign."""

    HERE = HERE

    def map(self, loaded):
        block = self.get(default={})
        loaded.values["use_dropback"] = block.get("enabled", False)
        loaded.values.update(self._map_assignment_config(bool(block)))
        loaded.values.update(self._map_criteria())
        loaded.rows["dropback_threshold_ids"] = self._map_thresholds() if block else []
        loaded.rows["dropback_rule_ids"] = self._map_rules() if block else []

    def _map_thresholds(self):
        named = self.get("age_thresholds")
        if named is not None:
            return [self._map_threshold(one, ("age_thresholds", name), name) for name, one in named.items()]
        return [self._map_threshold(self.get("age_threshold", default={}), ("age_threshold",), False)]

    def _map_threshold(self, one, path, name):
        path = (*HERE, *path)
        wanted = one.get("field_name", "source_date")
        date_field = self.context.find_field(wanted, (*path, "field_name"), ("date", "datetime"))
        for number, condition in enumerate(one.get("conditions", [])):
            self._check_condition(condition, (*path, "conditions", number))
        return {
            "name": one.get("description", name) or False,
            "days": min(one.get("days", 30), LONGEST),
            "business_days": one.get("use_business_days", False),
            "date_field_id": date_field.id if wanted != "source_date" else False,
            "conditions_text": "\n".join(one.get("conditions", [])) or False,
        }

    def _check_condition(self, condition, path):
        name, operator, _value = parse_condition(condition)
        self.context.find_field(name, path, ("many2many",) if operator == "contains" else NUMBERS)

    def _map_assignment_config(self, is_there):
        config = self.get("assignment_config", default={})
        status = config.get("dropback_status", "dropback")
        status = self.context.find_status(status, (*HERE, "assignment_config", "dropback_status")) if is_there else None
        return {
            "dropback_source_fields": ", ".join(self._get_source_fields(config)),
            "dropback_update_status": config.get("update_status", True),
            "dropback_status_id": status.id if status else False,
            "dropback_override": config.get("override_existing_assignments", True),
            "dropback_preserve_team": config.get("preserve_team_assignment", False),
        }

    def _get_source_fields(self, config):
        """Return the primary field, then the fallback fields; those that leads lack are warned about (reading R9)."""
        context = self.context
        path = (*HERE, "web_source_matching")
        primary = self.get("web_source_matching", "primary_field")
        first_path = (*path, "primary_field") if primary else (*HERE, "assignment_config", "web_source_field")
        primary = primary or config.get("web_source_field", "source_id")
        context.find_field(primary, first_path, SOURCE_TYPES)
        names = [primary]
        for number, fallback in enumerate(self.get("web_source_matching", "fallback_fields", default=[])):
            name = fallback if isinstance(fallback, str) else fallback.get("field", "")
            if resolve_field_name(context.env, name):
                context.find_field(name, (*path, "fallback_fields", number), SOURCE_TYPES)
            else:
                text = self._("Leads have no field “%s”; it is skipped.", name)
                context.warn((*path, "fallback_fields", number), text, lasting=False)
            names += [name] if name else []
        return names

    def _map_criteria(self):
        path = ("additional_criteria", "lead_criteria")
        criteria = self.get(*path, default={})
        low, high = criteria.get("min_priority", 1), criteria.get("max_priority", 5)
        if low > high:
            text = self._("The smallest priority is above the largest.")
            self.context.problem((*HERE, *path, "max_priority"), text)
        tags, missing = self._find_tags(criteria.get("exclude_tags", []))
        present = self.get("additional_criteria", "exclude_existing_assignments", default={})
        users = present.get("dropback_users", []) if present.get("enabled") else []
        users_path = (*HERE, "additional_criteria", "exclude_existing_assignments", "dropback_users")
        return {
            "dropback_closed": criteria.get("include_closed", False),
            "dropback_export": self.get("reporting", "export_dropback_report", default=False),
            "dropback_priority_min": low,
            "dropback_priority_max": high,
            "dropback_required_field_ids": self.context.find_fields(
                criteria.get("required_fields", []), (*HERE, *path, "required_fields")
            ).ids,
            "dropback_exclude_status_ids": self.context.find_statuses(
                criteria.get("exclude_statuses", []), (*HERE, *path, "exclude_statuses")
            ).ids,
            "dropback_exclude_tag_ids": tags.ids,
            "dropback_exclude_tags_text": "\n".join(missing) or False,
            "dropback_user_ids": self.context.find_users(users, users_path).ids,
        }

    def _find_tags(self, names):
        """Return the tags that exist, and the names of the others, which are compared when a run looks."""
        env = self.context.env
        return env["crm.tag"].browse(find_named(env, "crm.tag", names)), find_unknown(env, "crm.tag", names)

    def _map_rules(self):
        names = self._get_names()
        default_name = self._get_default_name(names)
        rules = [self._map_rule(name, name == default_name) for name in names]
        self._warn_overlaps(rules)
        return rules

    def _warn_overlaps(self, rules):
        """A pattern for phones fits iPhones, too: the first one written wins, and the writer should know."""
        samples = [
            (number, sample)
            for number, rule in enumerate(rules)
            for sample in read_patterns((rule["patterns_text"] or "").replace(".*", ""))
        ]
        patterns = [read_patterns(rule["patterns_text"]) for rule in rules]
        try:
            found = match_lists([sample for _number, sample in samples], patterns, self.context.budget)
        except (MatchingTimeout, BrokenPattern):
            return  # told when leads are looked for, and when patterns are checked
        for first, rule in enumerate(rules):
            for other, sample in (samples[position] for position in found[first]):
                if other > first:
                    self._warn_overlap(rule["name"], rules[other]["name"], sample)

    def _warn_overlap(self, first, other, sample):
        text = self._(
            "A pattern of “%(first)s” also fits “%(sample)s” of “%(other)s”; the first wins.",
            first=first, other=other, sample=sample,
        )  # fmt: skip
        path = (*HERE, "web_source_matching", "campaign_patterns", first)
        self.context.warn(path, text, lasting=False)

    def _get_names(self):
        """Return the campaigns' keys in the order of the patterns, then as they are mentioned."""
        names = []
        patterns = self.get("web_source_matching", "campaign_patterns", default={})
        rules, assigned = self.get("assignment_rules", default={}), self.get("campaign_assignments", default={})
        # a name written out wins over the prefix of a list of sources
        spelled = {fold(name): name for name in [*assigned, *rules, *patterns]}
        listed = [key.removesuffix(SUFFIX) for key in self._get_source_lists()]
        for name in [*patterns, *(spelled.get(fold(key), key) for key in listed), *rules, *assigned]:
            if fold(name) not in map(fold, names):
                names.append(name)
        default = self.get(*MAPPING, "default_campaign", default=DEFAULT)
        if default and fold(default) not in map(fold, names) and self._get_user_name(default)[0]:
            names.append(default)
        return names

    def _get_source_lists(self):
        """Return {key: names} of the lists in the mapping; other keys are problems."""
        lists = {}
        for key, value in self.get(*MAPPING, default={}).items():
            path = (*HERE, *MAPPING, key)
            if key == "default_campaign":
                if not isinstance(value, str):
                    self.context.problem(path, self._("A text is expected here, not a list."))
            elif not key.endswith(SUFFIX):
                text = self._("Unknown key: lists of sources end with _sources, e.g. %s.", f"{key}_sources")
                self.context.problem(path, text)
            elif not isinstance(value, list):
                self.context.problem(path, self._("A list is expected here, not “%s”.", value))
            else:
                lists[key] = value
        return lists

    def _get_default_name(self, names):
        wanted = self.get(*MAPPING, "default_campaign", default=DEFAULT)
        if not isinstance(wanted, str) or not wanted:
            return None
        return next((name for name in names if fold(name) == fold(wanted)), None)

    def _find(self, key, name):
        """Return what a block of campaigns has for a name, in whatever spelling."""
        return next((value for other, value in self.get(key, default={}).items() if fold(other) == fold(name)), None)

    def _get_rule(self, name):
        """Return a campaign's assignment rule, else the default one (reading R46)."""
        rule = self._find("assignment_rules", name)
        return rule if rule is not None else self._find("assignment_rules", DEFAULT) or {}

    def _get_user_name(self, name):
        """Return the name, the id and the path of who gets the leads of a campaign."""
        for key, block, other in (
            ("assignment_rules", self._find("assignment_rules", name), name),
            ("assignment_rules", self._find("assignment_rules", DEFAULT), DEFAULT),
        ):
            if block and (block.get("user") or block.get("user_id")):
                return block.get("user") or block["user_id"], block.get("user_id"), (key, other, "user")
        for other in (name, DEFAULT):
            user = self._find("campaign_assignments", other)
            if user:
                return user, None, ("campaign_assignments", other)
        return None, None, ()

    def _find_user(self, name):
        """Return the user of a campaign; who does not exist gives way to the default user, with a warning."""
        rule = self._find("assignment_rules", name)
        if rule is not None and rule.get("user") == "":
            return self.context.env["res.users"]
        for campaign in (name, DEFAULT):
            user_name, user_id, path = self._get_user_name(campaign)
            if not user_name:
                continue
            by_id = isinstance(user_name, int)
            index = self.context.index_users([] if by_id else [user_name], [user_id] if user_id else [])
            user = index.get(user_id) if by_id else index.get(user_name.casefold())
            if user:
                self.context.tell_namesakes(user_name, user, (*HERE, *path))
                return user
            self.context.tell_unknown(user_name, (*HERE, *path))
        return self.context.env["res.users"]

    def _map_rule(self, name, is_default):
        rule = self._get_rule(name)
        path = (*HERE, "assignment_rules", name)
        patterns = self._find_patterns(name)
        mapped = [
            source
            for key, sources in self._get_source_lists().items()
            if fold(key.removesuffix(SUFFIX)) == fold(name)
            for source in sources
        ]
        exact = list(dict.fromkeys([*mapped, *patterns.get("exact_matches", [])]))
        team = self.context.find_team(rule["team"], (*path, "team")) if rule.get("team") else None
        status = self.context.find_status(rule["status"], (*path, "status")) if rule.get("status") else None
        return {
            "name": name,
            "is_default": is_default,
            "sources_text": "\n".join(exact) or False,
            "patterns_text": "\n".join(patterns.get("pattern_matches", [])) or False,
            "user_id": self._find_user(name).id,
            "team_id": team.id if team else False,
            "status_id": status.id if status else False,
            # the specification counts from 1 and to 5, Odoo from 0 and to 3 (reading R8)
            "priority": str(min(3, rule["priority"] - 1)) if rule.get("priority") else False,
        }

    def _find_patterns(self, name):
        patterns = self.get("web_source_matching", "campaign_patterns", default={})
        return next((value for other, value in patterns.items() if fold(other) == fold(name)), {})
