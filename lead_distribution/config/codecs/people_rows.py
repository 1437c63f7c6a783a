# pylint: disable=prefer-env-translation
"""Where the people of a campaign come from: campaign table, text file, list, query."""

import psycopg2

from odoo.fields import Domain
from odoo.tools import mute_logger

from ...finding.languages import find_named
from ...names import USUAL_TARGET
from ..context import at
from ..keys.people import SOURCE
from ..tables import Row, read_campaign_table, read_salespeople
from ..where_clause import NotUnderstood, parse_where
from .entries import dump_members
from .levels import BLOCK
from .selection import FILTERING, get_filtering

HERE = "salesperson_selection"
LIST = f"{SOURCE}.salespeople_list"
GROUPS = ("team", "category")


class PeopleRows:
    """Reads the rows of the people from wherever the configuration says."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.given.get

    def read_all(self):
        """Return the rows of the people, or None where the configuration names none: then the members stay."""
        rows = self._read_selected()
        if rows is None:
            rows = self._read_levels()
        if rows is None and self.get(HERE) is not None and not self.context.campaign:
            self._tell_nobody()
        return rows

    def _get_target(self):
        """Return the name of the campaign whose rows are meant."""
        return (
            get_filtering(self.get).get("target_campaign")
            or self.get(f"{SOURCE}.campaign")
            or self.get("campaign.target_campaign")
            or self.get("campaign.name")
            or self.context.campaign.name
            or ""
        )

    def _read_selected(self):
        config = self.get(SOURCE, {})
        kind = self.get(f"{HERE}.source_type") or self._guess_source(config)
        rows = self._read_source(kind, config) if kind else None
        if rows is None:
            return None
        if config.get("campaign") and kind in ("file", "list"):
            text = self._("Files and lists of people have no campaigns: it is ignored.")
            self.context.warn(f"{SOURCE}.campaign", text)
        kept = rows if kind == "database" else self._filter_rows(rows)
        if rows and not kept:
            self.context.warn(SOURCE, self._("None of these people is of the team or category that is named."))
        elif not rows:
            self._tell_nobody()
        return kept

    def _tell_nobody(self):
        if not self.context.report.problems:  # else it may be one of these that names nobody
            self.context.warn(SOURCE, self._("Nobody is named here: the campaign has no members."), lasting=False)

    def _read_source(self, kind, config):
        if kind == "file":
            return self._read_file(config)
        if kind == "list":
            return self._read_list(config.get("salespeople_list", []))
        asked = config.get("database_query") or config.get("team") or config.get("category")
        if kind == "database" and (asked or not config.get("campaign")):
            return self._read_database(config)
        table = config.get("campaign_table", {})
        return self._read_table(table) if table.get("file_path") else self._read_members(table)

    @staticmethod
    def _guess_source(config):
        kinds = {
            "campaign_table": "campaign_table",
            "file_path": "file",
            "salespeople_list": "list",
            "database_query": "database",
            "team": "database",
            "category": "database",
            "campaign": "campaign_table",
        }
        return next((kind for key, kind in kinds.items() if config.get(key)), None)

    def _read_members(self, table):
        """Return the members of the campaign that is meant: Odoo's own campaign table.

        None, where it is the campaign itself, or one that does not exist: its members stay.
        """
        context, target = self.context, self._get_target()
        path = self._get_path_of_target(table)
        own_names = ("", context.campaign.name, self.get("campaign.name"))
        found = None if target in own_names else context.find_campaign(target, path)
        if not found:
            if found is not None:
                context.warn(path, self._("There is no campaign “%s”, so nobody was taken from it.", target))
            elif context.campaign:
                text = self._("The campaign table is Odoo's own: the members of the campaign stay as they are.")
                context.tell(path, text)
            return None
        return self._read_list([self._prepare_entry(found, entry) for entry in dump_members(found)], path)

    @staticmethod
    def _prepare_entry(campaign, entry):
        """Return a member of another campaign, whose own levels are not known here: with the target written out.

        Who was there for long is new here.
        """
        entry = {key: value for key, value in entry.items() if key != "joined_on"}
        targets = {level.code: level.target_leads for level in campaign.with_context(active_test=False).level_ids}
        if entry.get("level") in targets and not entry.get("shared_level"):
            return {"target_leads": targets[entry["level"]], **entry}
        return entry

    def _get_path_of_target(self, table):
        """Return the place that says whose members are meant."""
        if get_filtering(self.get).get("target_campaign"):
            return at(f"{FILTERING}.target_campaign")
        if self.get(f"{SOURCE}.campaign"):
            return at(f"{SOURCE}.campaign")
        return at(f"{SOURCE}.campaign_table.table_name" if table.get("table_name") else f"{HERE}.source_type")

    def _read_table(self, config):
        path = at(f"{SOURCE}.campaign_table")
        context = self.context
        text = context.files.read_text(config["file_path"], (*path, "file_path"))
        if text is None:
            return []
        rows = read_campaign_table(text, config["file_path"], config, context.report, self._)
        target = self._get_target().strip().casefold()
        mine = [row for row in rows if row.campaign.casefold() == target]
        if rows and not mine:
            context.warn((*path, "file_path"), self._("No row is of the campaign “%s”.", self._get_target()))
        return mine

    def _read_file(self, config):
        path = at(f"{SOURCE}.file_path")
        name = config.get("file_path")
        if not name:
            self.context.problem(path, self._("Name the file with the salespeople."))
            return []
        text = self.context.files.read_text(name, path)
        return [] if text is None else read_salespeople(text, name, self.context.report, self._)

    def _read_list(self, entries, here=None):
        """Names alone are of the level mid_level with the usual target."""
        rows = []
        for number, entry in enumerate(entries):
            path = here or at(LIST, number)
            if isinstance(entry, str):
                rows.append(Row(name=entry, target=USUAL_TARGET, path=path, extra={"by_name": True}))
                continue
            row = Row(
                name=entry.get("name", ""), user_id=entry.get("id"), login=entry.get("login", ""),
                active=entry.get("active", True), team=entry.get("team"), level=entry.get("level", ""),
                target=entry.get("target_leads"), weight=entry.get("weight"), path=path, extra=entry,
            )  # fmt: skip
            if row.name or row.user_id or row.login:
                rows.append(row)
            else:
                self.context.problem(path, self._("Say who it is: name, login or id."))
        return rows

    def _read_database(self, config):
        """People by a condition, a sales team or a category of their contact; no SQL is run. Members stay so."""
        query, path = config.get("database_query", {}), at(f"{SOURCE}.database_query")
        table = query.get("table", "res_users").replace(".", "_").lower()
        if table != "res_users":
            self.context.problem((*path, "table"), self._("Only the table res_users can be asked for people."))
            return []
        if not (query or config.get("team") or config.get("category")):
            self.context.problem(path, self._("Say which people: a query, a team or a category."))
            return []
        domain = Domain("share", "=", False)
        try:
            domain &= Domain(parse_where(query["where_clause"])) if query.get("where_clause") else Domain.TRUE
            domain &= self._get_group_domain(config)
            with self.context.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                users = self.context.env["res.users"].search(domain, order="id")
        except (ValueError, TypeError, psycopg2.DataError, psycopg2.ProgrammingError) as error:
            # a part that is not supported, or a value that its column cannot be compared with
            part = error if isinstance(error, NotUnderstood) else query["where_clause"]
            text = self._("“%s” is not understood; only simple conditions on users are.", part)
            self.context.problem((*path, "where_clause"), text)
            return []
        members = {member.user_id: member for member in self._get_present()}
        return [
            _describe_member(members[user], path)
            if user in members
            else Row(name=user.name, login=user.login, path=path, extra={})
            for user in users
        ]

    def _get_group_domain(self, config):
        domain = Domain.TRUE
        if config.get("team"):
            team = self.context.find_team(config["team"], f"{SOURCE}.team", written=False)
            if not team:
                self.context.warn(f"{SOURCE}.team", self._("There is no sales team “%s”.", config["team"]))
            domain &= Domain("crm_team_ids", "in", team.ids)
        if config.get("category"):
            categories = find_named(self.context.env, "res.partner.category", [config["category"]])
            domain &= Domain("partner_id.category_id", "in", categories)
        return domain

    def _filter_rows(self, rows):
        """Keep the people of the team and category that the source names, where the rows came from elsewhere."""
        config = self.get(SOURCE, {})
        if not any(config.get(key) for key in GROUPS):
            return rows
        if config.get("team") and any(row.team for row in rows):
            wanted = config["team"].casefold()
            return [row for row in rows if (row.team or "").casefold() == wanted]
        users = self.context.env["res.users"].search(self._get_group_domain(config))
        known = {text.casefold() for user in users for text in (user.name, user.login)}
        return [row for row in rows if row.name.casefold() in known or row.login.casefold() in known]

    def _get_present(self):
        """Return the members that the campaign has now."""
        return self.context.campaign.with_context(active_test=False).member_ids

    def _read_levels(self):
        """Without a selection, those who are named in levels are members, besides the present ones."""
        named = [name for level in self.get(BLOCK, {}).values() for name in level.get("salespeople", [])]
        if not named or self.get(f"{HERE}.source_type"):
            return None
        present = [_describe_member(member, at(BLOCK)) for member in self._get_present()]
        known = {text.casefold() for row in present for text in (row.name, row.login)}
        return [*present, *(Row(name=n, path=at(BLOCK), extra={}) for n in named if n.casefold() not in known)]


def _describe_member(member, path):
    """Return the row of a member of whom only the name is given: all else stays."""
    user = member.user_id
    return Row(
        name=user.name, login=user.login, active=member.active, team=member.team_id.name or member.team_label or None,
        level=member.level_id.code or "", target=member.own_target if member.has_own_target else None,
        weight=member.weight, path=path, extra={} if member.level_id else {"no_level": True},
    )  # fmt: skip
