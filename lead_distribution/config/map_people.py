# pylint: disable=prefer-env-translation
"""``salesperson_selection`` and the levels: who is a member, and who of them receives (specification 2, 5.2, 5.3)."""

import re

from odoo.fields import Domain
from odoo.tools import escape_psql

from .fields_table import RELATIONS
from .people_rows import HERE, LIST_TARGET, PeopleRows
from .tables import Row

LEVELS = ("distribution", "level_based", "levels")
LAST_PRIORITY = 999
EXPERIENCE = {"junior": "1", "mid_level": "2", "senior": "3"}


def normalize(code):
    """Return a level's code as it is compared: ``Mid-Level`` → ``mid_level``."""
    return re.sub(r"[\s_-]+", "_", (code or "").strip().lower()).strip("_")


class PeopleMapper(PeopleRows):
    """Turns the rows of a file, list or query into members."""

    def map(self, loaded):
        self._map_levels(loaded)
        self._map_selection(loaded)
        rows = self._read_rows()
        if rows is None:
            rows = self._rows_of_levels()
        if rows is None and self.get(HERE) is not None and not self.context.campaign:
            self._tell_nobody()
        if rows is not None:
            loaded.members = self._prepare_members(rows, loaded)

    def _map_levels(self, loaded):
        levels = self.get(*LEVELS, default={})
        shared = {normalize(level.code): level for level in self._get_shared_levels()}
        rows = []
        for number, (code, level) in enumerate(levels.items(), 1):
            like = shared.get(normalize(code))
            rows.append(
                {
                    "code": normalize(code),
                    "name": level.get("name") or (like.name if like else self._title(code)),
                    "target_leads": level.get("target_leads", like.target_leads if like else LIST_TARGET),
                    "priority": level.get("priority", like.priority if like else number),
                }
            )
        loaded.rows["level_ids"] = rows

    def _get_shared_levels(self):
        return self.context.env["lead.distribution.level"].search([("campaign_id", "=", False)])

    @staticmethod
    def _title(code):
        return code.replace("_", " ").strip().capitalize()

    def _map_selection(self, loaded):
        filtering = self._get_filtering()
        filters = self.get(HERE, "filters", default={})
        context = self.context
        include = filtering.get("include_inactive_salespeople", False) and not filters.get("active_only", True)
        excluded = filtering.get("exclude_specific_users", [])
        minimum = filters.get("min_experience_level")
        workload = filters.get("max_workload_percentage")
        loaded.values.update(
            include_inactive=include,
            excluded_receiver_ids=context.find_users(
                excluded, (HERE, "campaign_filtering", "exclude_specific_users")
            ).ids,
            min_experience=EXPERIENCE.get(minimum, str(minimum)) if minimum else False,
            use_max_workload=workload is not None,
            max_workload=90.0 if workload is None else workload,
            **self._map_team_filter(filters.get("team_filter")),
        )
        if filters.get("has_permissions") is False:
            context.tell(
                (HERE, "filters", "has_permissions"), self._("In Odoo, people always need the right to leads.")
            )

    def _map_team_filter(self, name):
        """A team that exists is a record; another one is compared by its name."""
        if not name:
            return {"team_filter_id": False, "team_filter_name": False}
        team = self.context.find_team(name, (HERE, "filters", "team_filter"), written=False)
        return {"team_filter_id": team.id, "team_filter_name": False if team else name}

    def _rows_of_levels(self):
        """Without a selection, those who are named in levels are members, besides the present ones."""
        named = [name for level in self.get(*LEVELS, default={}).values() for name in level.get("salespeople", [])]
        if not named or self.get(HERE, "source_type"):
            return None
        members = self.context.campaign.with_context(active_test=False).member_ids
        present = [
            Row(name=m.user_id.name, login=m.user_id.login, active=m.active, team=m.team_id.name or None,
                level=m.level_id.code or "", target=m.own_target if m.has_own_target else None,
                weight=m.weight, path=LEVELS, extra={})
            for m in members
        ]  # fmt: skip
        known = {text.casefold() for row in present for text in (row.name, row.login)}
        return [*present, *(Row(name=n, path=LEVELS, extra={}) for n in named if n.casefold() not in known)]

    def _prepare_members(self, rows, loaded):
        """Return the values of the members, with ``level_code`` in place of the level."""
        by_name = self._index_level_names()
        names = [text for row in rows for text in (row.name, row.login)]
        users = self.context.index_users(names, {row.user_id for row in rows if row.user_id})
        codes = {row["code"] for row in loaded.rows["level_ids"]}
        shared = {normalize(level.code) for level in self._get_shared_levels()}
        members = {}
        for row in rows:
            user = self._find_user(row, users)
            if not user:
                continue
            if user in members:
                text = self._("“%s” is there twice; the first row counts.", row.name or user.name)
                self.context.warn(row.path, text, row.line)
                continue
            members[user] = self._prepare_member(row, user, by_name, codes, shared)
        self._add_missing_levels(members, codes, shared, loaded)
        self._tell_level_names(members)
        return list(members.values())

    def _index_level_names(self):
        """Return {name in lower case: level code} of the names that levels list."""
        return {
            name.casefold(): normalize(code)
            for code, level in self.get(*LEVELS, default={}).items()
            for name in level.get("salespeople", [])
        }

    def _find_user(self, row, users):
        """The name wins; an id counts only where there is no name (reading R10)."""
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
        if company and company not in user.sudo().company_ids:
            text = self._(
                "%(user)s may not work for %(company)s and was left out.", user=user.name, company=company.name
            )
            self.context.report.add("person", row.path, text, row.line, lasting=True)
            return None
        return user

    def _prepare_member(self, row, user, by_name, codes, shared):
        extra = row.extra or {}
        placed = by_name.get(user.name.casefold()) or by_name.get(user.login.casefold())
        code = placed or normalize(row.level) or "mid_level"
        target = None if placed and extra.get("by_name") else row.target
        use_shared = extra.get("shared_level") or (not codes and code in shared)
        team = self.context.find_team(row.team, row.path, written=False) if row.team else None
        if team is None and self.get(HERE, "filters", "team_filter") and row.team is None:
            team = user.sudo().sale_team_id  # a source without teams: Odoo's own
        return {
            "user_id": user.id,
            "active": row.active,
            "team_id": team.id if team else False,
            "team_label": row.team if row.team and not team else False,
            "level_code": None if extra.get("no_level") else code,
            "shared_level": bool(use_shared),
            "has_own_target": target is not None,
            "own_target": target or 0,
            "weight": 1.0 if row.weight is None else row.weight,
            "settings": extra.get("settings", {}),
            "path": row.path,
            **self._find_relations(row),
        }

    def _find_relations(self, row):
        """Return skills, countries and states that a block names; those of a row without a block stay."""
        members, extra = self.context.env["lead.distribution.member"], row.extra or {}
        found = {}
        for key, (name, to_text) in RELATIONS.items():
            if name not in members._fields or not extra.keys() & {"name", "login", "id"}:
                continue
            wanted = {text.casefold(): text for text in extra.get(key, [])}
            records = self._search_relation(members._fields[name].comodel_name, wanted) if wanted else None
            found[name] = records.ids if wanted else []
            known = {to_text(record).casefold() for record in records or ()}
            for text in wanted.keys() - known:
                self.context.warn((*row.path, key), self._("“%s” is not known and was left out.", wanted[text]))
        return {"relations": found}

    def _search_relation(self, model, wanted):
        records = self.context.env[model]
        if model == "res.country.state":
            pairs = [text.upper().split("-", 1) for text in wanted if "-" in text]
            places = [Domain("country_id.code", "=", country) & Domain("code", "=", code) for country, code in pairs]
            return records.search(Domain.OR(places))
        if model == "res.country":
            return records.search([("code", "in", [text.upper() for text in wanted])])
        return records.search(Domain.OR(Domain("name", "=ilike", escape_psql(text)) for text in wanted.values()))

    def _add_missing_levels(self, members, codes, shared, loaded):
        """A level that is not listed comes last (reading R56)."""
        last = max([LAST_PRIORITY, *(row["priority"] + 1 for row in loaded.rows["level_ids"])])
        missing = {
            member["level_code"]: member["path"]
            for member in members.values()
            if member["level_code"] and not member["shared_level"] and member["level_code"] not in codes
        }
        for code, path in missing.items():
            self.context.warn(path, self._("The level “%s” is not listed; it comes last.", code))
            row = {"code": code, "name": self._title(code), "target_leads": LIST_TARGET, "priority": last}
            loaded.rows["level_ids"].append(row)

    def _tell_level_names(self, members):
        known = {text.casefold() for user in members for text in (user.name, user.login)}
        for code, level in self.get(*LEVELS, default={}).items():
            for number, name in enumerate(level.get("salespeople", [])):
                if name.casefold() not in known:
                    text = self._("“%s” is no member of the campaign.", name)
                    self.context.warn((*LEVELS, code, "salespeople", number), text)
