from ...tools.codes import normalize_level
from ...tools.fit import works_for
from .codec import Codec
from .entries import RELATIONS, dump_members, find_related
from .levels import BLOCK, find_shared_levels, prepare_last_level
from .people_rows import HERE, LIST, PeopleRows

NAMED = frozenset({"name", "login", "id"})  # a block about a person has one of these


class MembersCodec(Codec):
    """Who is a member, from wherever the configuration says; ``member_ids`` is None where they stay."""

    def load(self, values):
        rows = PeopleRows(self.context).read_all()
        if rows is None:
            return {"member_ids": None}
        levels = {row["code"] for row in values["level_ids"]}
        members = self._load_members(rows, levels)
        self._tell_level_names(members)
        missing = {
            member["level_code"]: member["path"]
            for member in members.values()
            if member["level_code"] and not member["shared_level"] and member["level_code"] not in levels
        }
        for code, path in missing.items():
            self.context.warn(path, self._("The level “%s” is not listed; it comes last.", code))
        added = [prepare_last_level(code, values["level_ids"]) for code in missing]
        return {"member_ids": list(members.values()), "level_ids": [*values["level_ids"], *added]}

    def _load_members(self, rows, levels):
        """Return {user: values}, with ``level_code`` in place of the level."""
        texts = [text for row in rows for text in (row.name, row.login)]
        users = self.context.index_users(texts, {row.user_id for row in rows if row.user_id})
        placed = {
            name.casefold(): normalize_level(code)
            for code, level in self.get(BLOCK, {}).items()
            for name in level.get("salespeople", [])
        }
        shared = find_shared_levels(self.env)
        codes = {row.level: normalize_level(row.level) or "mid_level" for row in rows}
        members = {}
        for row in rows:
            user = self._find_user(row, users)
            if user and user in members:
                text = self._("“%s” is there twice; the first row counts.", row.name or user.name)
                self.context.warn(row.path, text, row.line)
            elif user:
                place = placed.get(user.name.casefold()) or placed.get(user.login.casefold())
                code = place or codes[row.level]
                members[user] = self._load_member(row, user, code, is_placed=bool(place))
                members[user]["shared_level"] |= not levels and code in shared
        return members

    def _find_user(self, row, users):
        """The name wins; an id counts only where there is no name."""
        if row.login and row.login.casefold() in users:
            user = users[row.login.casefold()]
            if user.login.casefold() == row.login.casefold():
                return self._check_company(user, row)
        user = users.get(row.name.strip().casefold()) if row.name else users.get(row.user_id)
        if not user:
            self.context.tell_unknown(row.name or row.login or row.user_id, row.path, row.line)
            return None
        if row.name:
            self.context.tell_namesakes(row.name, user, row.path, row.line)
        return self._check_company(user, row)

    def _check_company(self, user, row):
        company = self.context.company
        if works_for(user, company):
            return user
        text = self._("%(user)s may not work for %(company)s and was left out.", user=user.name, company=company.name)
        self.context.tell_person(row.path, text, row.line)
        return None

    def _load_member(self, row, user, code, *, is_placed):
        extra = row.extra or {}
        is_block = bool(extra.keys() & NAMED)
        target = None if is_placed and extra.get("by_name") else row.target
        team = self.context.find_team(row.team, row.path, written=False) if row.team else None
        if row.team is None and self.get(f"{HERE}.filters.team_filter"):
            # a source without teams: Odoo's own; one of another company is nobody's to name, nor the campaign's
            team = user.sudo().sale_team_id.sudo(user.env.su)._filtered_access("read")
            team = team.filtered_domain(team._check_company_domain(self.context.company))
        return {
            "user_id": user.id,
            "active": row.active,
            "team_id": team.id if team else False,
            "team_label": row.team if row.team and not team else False,
            "level_code": None if extra.get("no_level") and not is_placed else code,
            "shared_level": extra.get("shared_level", False),
            "has_own_target": target is not None,
            "own_target": target or 0,
            "weight": 1.0 if row.weight is None and is_block else row.weight,  # None: as it is
            "joined_on": extra.get("joined_on"),
            "is_block": is_block,
            "relations": self._load_relations(row) if is_block else {},
            "settings": extra.get("settings", {}),
            "path": row.path,
        }

    def _load_relations(self, row):
        """Return {field: ids} of skills, countries and states; those of a row without a block stay."""
        found = {}
        for key, (name, _to_text) in RELATIONS.items():
            texts = list(dict.fromkeys(row.extra.get(key, [])))
            records = find_related(self.context, key, texts) if texts else {}
            found[name] = sorted({record.id for record in records.values()})
            for text in texts:
                if text not in records:
                    self.context.warn((*row.path, key), self._("“%s” is not known and was left out.", text))
        return found

    def _tell_level_names(self, members):
        known = {text.casefold() for user in members for text in (user.name, user.login)}
        for code, level in self.get(BLOCK, {}).items():
            for number, name in enumerate(level.get("salespeople", [])):
                if name.casefold() not in known:
                    path = (*BLOCK.split("."), code, "salespeople", number)
                    self.context.warn(path, self._("“%s” is no member of the campaign.", name))

    @staticmethod
    def dump(campaign, names):
        return {f"{HERE}.source_type": "list", LIST: dump_members(campaign)}
