# pylint: disable=prefer-env-translation
"""Where the people of a campaign come from: campaign table, text file, list, query (specification 2.1–2.4)."""

import psycopg2

from odoo.fields import Domain
from odoo.tools import escape_psql, mute_logger

from .dump_people import PeopleDumper
from .tables import Row, read_campaign_table, read_salespeople
from .where_clause import NotUnderstood, parse_where

HERE = "salesperson_selection"
SOURCE = (HERE, "source_config")
LIST_TARGET = 150  # reading R51


class PeopleRows:
    """Reads the rows of the people from wherever the configuration says."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.get

    def _get_filtering(self):
        """Return the block of campaign filtering; switched off, it is as if it were not there."""
        filtering = self.get(HERE, "campaign_filtering", default={})
        return {} if filtering.get("enabled") is False else filtering

    def _get_target(self):
        """Return the name of the campaign whose rows are meant (reading R50)."""
        return (
            self._get_filtering().get("target_campaign")
            or self.get(*SOURCE, "campaign")
            or self.get("campaign", "target_campaign")
            or self.get("campaign", "name")
            or self.context.campaign.name
            or ""
        )

    def _read_rows(self):
        """Return the rows of the people, or None where the configuration names none."""
        config = self.get(*SOURCE, default={})
        kind = self.get(HERE, "source_type") or self._guess_source(config)
        rows = self._read_source(kind, config) if kind else None
        if rows is None:
            return None
        if config.get("campaign") and kind in ("file", "list"):
            self.context.warn(
                (*SOURCE, "campaign"), self._("Files and lists of people have no campaigns: it is ignored.")
            )
        kept = self._filter_rows(rows)
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
        for key, kind in (
            ("campaign_table", "campaign_table"), ("file_path", "file"), ("salespeople_list", "list"),
            ("database_query", "database"), ("team", "database"), ("category", "database"),
            ("campaign", "campaign_table"),
        ):  # fmt: skip
            if config.get(key):
                return kind
        return None

    def _read_members(self, table):
        """Return the members of the campaign that is meant: Odoo's own campaign table.

        None, where it is the campaign itself, or one that does not exist: its members stay.
        """
        context, target = self.context, self._get_target()
        path = self._get_path_of_target(table)
        own_names = ("", context.campaign.name, self.get("campaign", "name"))
        found = None if target in own_names else context.find_campaign(target, path)
        if not found:
            if found is not None:
                context.warn(path, self._("There is no campaign “%s”, so nobody was taken from it.", target))
            elif context.campaign:
                text = self._("The campaign table is Odoo's own: the members of the campaign stay as they are.")
                context.tell(path, text)
            return None
        return self._read_list(
            [self._prepare_entry(found, entry) for entry in PeopleDumper(found).list_members()], path
        )

    @staticmethod
    def _prepare_entry(campaign, entry):
        """Return a member of another campaign, whose own levels are not known here: with the target written out."""
        targets = {level.code: level.target_leads for level in campaign.with_context(active_test=False).level_ids}
        if entry.get("level") in targets and not entry.get("shared_level"):
            return {"target_leads": targets[entry["level"]], **entry}
        return entry

    def _get_path_of_target(self, table):
        """Return the place that says whose members are meant."""
        if self._get_filtering().get("target_campaign"):
            return (HERE, "campaign_filtering", "target_campaign")
        if self.get(*SOURCE, "campaign"):
            return (*SOURCE, "campaign")
        return (*SOURCE, "campaign_table", "table_name") if table.get("table_name") else (HERE, "source_type")

    def _read_table(self, config):
        path = (*SOURCE, "campaign_table")
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
        path = (*SOURCE, "file_path")
        name = config.get("file_path")
        if not name:
            self.context.problem(path, self._("Name the file with the salespeople."))
            return []
        text = self.context.files.read_text(name, path)
        return [] if text is None else read_salespeople(text, name, self.context.report, self._)

    def _read_list(self, entries, here=None):
        """Names alone are of the level mid_level with a target of 150 (reading R51)."""
        rows = []
        for number, entry in enumerate(entries):
            path = here or (*SOURCE, "salespeople_list", number)
            if isinstance(entry, str):
                rows.append(Row(name=entry, target=LIST_TARGET, path=path, extra={"by_name": True}))
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
        """People by a condition, a sales team or a category of their contact; no SQL is run."""
        query, path = config.get("database_query", {}), (*SOURCE, "database_query")
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
        return [Row(name=user.name, login=user.login, path=path, extra={}) for user in users]

    def _get_group_domain(self, config):
        domain = Domain.TRUE
        if config.get("team"):
            team = self.context.find_team(config["team"], (*SOURCE, "team"), written=False)
            if not team:
                self.context.warn((*SOURCE, "team"), self._("There is no sales team “%s”.", config["team"]))
            domain &= Domain("crm_team_ids", "in", team.ids)
        if config.get("category"):
            domain &= Domain("partner_id.category_id.name", "=ilike", escape_psql(config["category"]))
        return domain

    def _filter_rows(self, rows):
        """Keep the people of the team and category that the source names, where the rows came from elsewhere."""
        config = self.get(*SOURCE, default={})
        if self.get(HERE, "source_type") == "database" or not (config.get("team") or config.get("category")):
            return rows
        if config.get("team") and any(row.team for row in rows):
            wanted = config["team"].casefold()
            return [row for row in rows if (row.team or "").casefold() == wanted]
        users = self.context.env["res.users"].search(self._get_group_domain(config))
        known = {text.casefold() for user in users for text in (user.name, user.login)}
        return [row for row in rows if row.name.casefold() in known or row.login.casefold() in known]
