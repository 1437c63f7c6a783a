from ...engine.matching import read_lines, read_patterns
from ...finding.guarded_matching import BrokenPattern, MatchingTimeout, match_lists
from ...tools.codes import fold_name
from ..context import at
from ..data import Kept
from ..keys.dropback import HERE
from .codec import Codec

MAPPING = f"{HERE}.web_source_campaign_mapping"
PATTERNS = f"{HERE}.web_source_matching.campaign_patterns"
RULES = f"{HERE}.assignment_rules"
ASSIGNED = f"{HERE}.campaign_assignments"
DEFAULT = "default"
SUFFIX = "_sources"


class DropbackRulesCodec(Codec):
    """Who gets the leads of which web sources: one rule a name, put together from four sections."""

    def load(self, values):
        if not self.get(HERE):
            return {"dropback_rule_ids": []}
        self._patterns, self._rules = self.get(PATTERNS, {}), self.get(RULES, {})
        self._assigned, self._sources = self.get(ASSIGNED, {}), self._load_source_lists()
        default = self.get(MAPPING, {}).get("default_campaign", DEFAULT)
        names = self._list_names(default)
        is_default = next((n for n in names if isinstance(default, str) and fold_name(n) == fold_name(default)), None)
        rules = [self._load_rule(name, name == is_default and bool(default)) for name in names]
        self._warn_overlaps(rules)
        return {"dropback_rule_ids": rules}

    def _load_source_lists(self):
        """Return {key: names} of the lists in the mapping; other keys are problems."""
        lists = {}
        for key, value in self.get(MAPPING, {}).items():
            if key == "default_campaign":
                if not isinstance(value, str):
                    self.context.problem(at(MAPPING, key), self._("A text is expected here, not a list."))
            elif not key.endswith(SUFFIX):
                text = self._("Unknown key: lists of sources end with _sources, e.g. %s.", f"{key}_sources")
                self.context.problem(at(MAPPING, key), text)
            elif not isinstance(value, list):
                self.context.problem(at(MAPPING, key), self._("A list is expected here, not “%s”.", value))
            else:
                lists[key.removesuffix(SUFFIX)] = value
        return lists

    def _list_names(self, default):
        """Return the rules' names in the order of the patterns, then as they are mentioned."""
        names = []
        # a name written out wins over the prefix of a list of sources
        spelled = {fold_name(name): name for name in [*self._assigned, *self._rules, *self._patterns]}
        listed = [spelled.get(fold_name(name), name) for name in self._sources]
        mentioned = [*self._patterns, *listed, *self._rules, *self._assigned]
        if isinstance(default, str) and default and self._find_taker(default)[0]:
            mentioned.append(default)
        for name in mentioned:
            if fold_name(name) not in map(fold_name, names):
                names.append(name)
        return names

    def _load_rule(self, name, is_default):
        rule = _find(self._rules, name)
        rule = rule if rule is not None else _find(self._rules, DEFAULT) or {}
        patterns = _find(self._patterns, name) or {}
        exact = [
            source for key, sources in self._sources.items() if fold_name(key) == fold_name(name) for source in sources
        ]
        exact = dict.fromkeys([*exact, *patterns.get("exact_matches", [])])
        path = at(RULES, name)
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
            # priorities are written from 1 to 5, Odoo's are from 0 to 3
            "priority": str(min(3, rule["priority"] - 1)) if rule.get("priority") else False,
        }

    def _find_taker(self, name):
        """Return the name, the id and the path of who gets the leads of a rule."""
        for other in (name, DEFAULT):
            rule = _find(self._rules, other)
            if rule and (rule.get("user") or rule.get("user_id")):
                return rule.get("user") or rule["user_id"], rule.get("user_id"), at(RULES, other, "user")
        for other in (name, DEFAULT):
            user = _find(self._assigned, other)
            if user:
                return user, None, at(ASSIGNED, other)
        return None, None, ()

    def _find_user(self, name):
        """Return the user of a rule; who does not exist gives way to the default user, with a warning."""
        users = self.env["res.users"]
        rule = _find(self._rules, name)
        if rule is not None and rule.get("user") == "":
            return users
        for other in (name, DEFAULT):
            user_name, user_id, path = self._find_taker(other)
            if not user_name:
                continue
            by_id = isinstance(user_name, int)
            index = self.context.index_users([] if by_id else [user_name], [user_id] if user_id else [])
            user = index.get(user_id) if by_id else index.get(user_name.casefold())
            if user:
                self.context.tell_namesakes(user_name, user, path)
                return user
            self.context.tell_unknown(user_name, path)
        return users

    def _warn_overlaps(self, rules):
        """A pattern for phones fits iPhones, too: the first one written wins, and the writer should know."""
        patterns = [read_patterns(rule["patterns_text"]) for rule in rules]
        samples = [
            (number, sample)
            for number, rule in enumerate(rules)
            for sample in read_patterns((rule["patterns_text"] or "").replace(".*", ""))
        ]
        try:
            found = match_lists([sample for _number, sample in samples], patterns, self.context.budget)
        except (MatchingTimeout, BrokenPattern):
            return  # told when leads are looked for, and when patterns are checked
        for first, rule in enumerate(rules):
            for other, sample in (samples[position] for position in found[first]):
                if other > first:
                    text = self._(
                        "A pattern of “%(first)s” also fits “%(sample)s” of “%(other)s”; the first wins.",
                        first=rule["name"], other=rules[other]["name"], sample=sample,
                    )  # fmt: skip
                    self.context.warn(at(PATTERNS, rule["name"]), text, lasting=False)

    @staticmethod
    def dump(campaign, names):
        rules = campaign.dropback_rule_ids.sorted(lambda rule: (rule.sequence, rule.id))
        return {
            MAPPING: {"default_campaign": rules.filtered("is_default").name or " "},
            PATTERNS: {
                rule.name: Kept(
                    exact_matches=read_lines(rule.sources_text), pattern_matches=read_patterns(rule.patterns_text)
                )
                for rule in rules
            },
            RULES: {
                rule.name: {
                    "user": names[rule.user_id] if rule.user_id else " ",
                    "team": rule.team_id.name or None,
                    "status": rule.status_id.code or None,
                    "priority": int(rule.priority) + 1 if rule.priority else None,
                }
                for rule in rules
            },
        }


def _find(blocks, name):
    """Return what blocks have for a name, in whatever spelling."""
    return next((value for other, value in blocks.items() if fold_name(other) == fold_name(name)), None)
