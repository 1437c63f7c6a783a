# pylint: disable=prefer-env-translation
import logging

from odoo import models

from ...importing import cleaning
from ...importing.row_cleaner import LONGEST_LABEL
from ...tools.storable import storable

_logger = logging.getLogger(__name__)

FALSE_WORDS = {"0", "false", "no", "n", "inactive", "off", "nein", "non", "nee", "falsch", "faux"}
TRUE_WORDS = {"", "1", "true", "yes", "y", "active", "on", "ja", "oui", "si", "sí", "sim", "wahr", "vrai", "x"}


class LeadImportBatch(models.Model):
    """A file of salespeople: it fills the members of campaigns. Source: classification.md 1; reading R50.

    People are found, never created: a name without a user is told.
    """

    _inherit = "lead.import.batch"

    def _check_people(self, rows):
        """Clean the rows, find their users and campaigns, and store what is to be done."""
        columns = self._get_used_columns()
        entries = []
        for number, row in rows:
            raw = [storable(cell) for cell in row]
            texts = {t: cleaning.clean_text(raw[p]) for p, t, _name in columns if p < len(raw)}
            kept = {t: text for t, text in texts.items() if not cleaning.is_missing(text)}
            entries.append((number, raw, kept))
        known = self._load_known(entries)
        too_long = self.env._("A cell is longer than %s characters.", LONGEST_LABEL)
        seen, stored = {}, []
        for number, raw, texts in entries:
            values, problems = self._read_person(texts, known) if not _is_too_long(texts) else ({}, [too_long])
            key = (values.get("user_id"), values.get("campaign_id"))
            if not problems and key in seen:
                problems.append(self.env._("The same person and campaign as in row %s.", seen[key]))
            seen.setdefault(key, number)
            stored.append(
                {"batch_id": self.id, "number": number, "raw": raw, "values": values,
                 "state": "error" if problems else "ready", "code": "people" if problems else None,
                 "message": " ".join(problems) or None}
            )  # fmt: skip
        self.env["lead.import.row"].sudo()._insert_rows(stored)
        self.sudo().rows_read = len(stored)
        self._count_rows()

    def _load_known(self, entries):
        """Return users, campaigns, levels and teams by the names in the file; a query each."""
        names = {t.get("salesperson") for *_, t in entries} | {t.get("login") for *_, t in entries}
        users = self.env["res.users"]._find_salespeople(names - {None})
        emails = {t["login"].lower() for *_, t in entries if t.get("login")}
        by_email = users_of = {}
        if emails:
            users_of = self.env["res.users"].sudo().search([("email_normalized", "in", list(emails))])
            by_email = {user.email_normalized: user for user in users_of}
        company = [("company_id", "in", (False, self.company_id.id))]
        campaigns = self.env["lead.distribution.campaign"].search([*company, ("name", "!=", False)])
        levels = self.env["lead.distribution.level"].search([("code", "!=", False)])
        teams = self.env["crm.team"].search([*company, ("name", "!=", False)])
        return {
            "users": users, "emails": by_email, "levels": levels,
            "campaigns": {campaign.name.lower(): campaign for campaign in reversed(campaigns)},
            "teams": {team.name.lower(): team for team in reversed(teams)},
        }  # fmt: skip

    def _read_person(self, texts, known):
        """Return (values of a member, problems) of one row."""
        _, problems, values = self.env._, [], {}
        login, name = texts.get("login"), texts.get("salesperson")
        user = (known["emails"].get(login.lower()) or known["users"].get(login)) if login else None
        user = user or known["users"].get(name)
        values["who"] = name or login
        if not user:
            problems.append(_("There is no user “%s”.", login or name or ""))
        elif user.share or not user.has_group("sales_team.group_sale_salesman"):
            problems.append(_("“%s” has no access to leads.", user.name))
        else:
            values["user_id"] = user.id
        campaign = known["campaigns"].get(texts["campaign"].lower()) if "campaign" in texts else self.campaign_id
        if campaign:
            values["campaign_id"] = campaign.id
        elif "campaign" in texts:
            problems.append(_("There is no campaign “%s”.", texts["campaign"]))
        else:
            problems.append(_("Say for which campaign: in a column, or in the first step."))
        if user and campaign and campaign.company_id and campaign.company_id not in user.sudo().company_ids:
            problems.append(
                _("“%(user)s” may not work for %(company)s.", user=user.name, company=campaign.company_id.name)
            )
        self._read_settings(texts, known, campaign, values, problems)
        return values, problems

    def _read_settings(self, texts, known, campaign, values, problems):
        _ = self.env._
        if "level" in texts:
            code = cleaning.clean_text(texts["level"]).lower().replace(" ", "_").replace("-", "_")
            fitting = known["levels"].filtered(
                lambda level: level.campaign_id in (campaign, level.campaign_id.browse())
            )
            same = fitting.filtered(lambda level: code in (level.code, level.name.lower().replace(" ", "_")))
            level = same.sorted(lambda level: not level.campaign_id)[:1]
            values["level_id"] = level.id
            if not level:
                problems.append(_("There is no level “%s”.", texts["level"]))
        if "team" in texts:
            team = known["teams"].get(texts["team"].lower())
            values["team_id"] = team.id if team else False
            if not team:
                problems.append(_("There is no sales team “%s”.", texts["team"]))
        for key, field in (("target", "own_target"), ("weight", "weight")):
            if key not in texts:
                continue
            number = cleaning.read_number(texts[key])
            if number is None or number < 0 or number > 1_000_000 or (key == "target" and number != int(number)):
                problems.append(_("“%s” is no number that fits.", texts[key]))
            else:
                values[field] = int(number) if key == "target" else number
        if "target" in texts and "own_target" in values:
            values["has_own_target"] = True
        if "active" in texts:
            word = texts["active"].lower()
            values["active"] = word in TRUE_WORDS
            if word not in TRUE_WORDS | FALSE_WORDS:
                problems.append(_("“%s” says neither yes nor no.", texts["active"]))

    def _import_people(self):
        """Create the members that are missing and update the others."""
        rows = self.env["lead.import.row"].sudo().search([("batch_id", "=", self.id), ("state", "=", "ready")])
        campaigns = self.env["lead.distribution.campaign"].browse({row.values["campaign_id"] for row in rows})
        campaigns.check_access("write")
        _logger.info("Import %s of people started by user %s: %s rows", self.id, self.env.uid, len(rows))
        members = campaigns.with_context(active_test=False).member_ids
        existing = {(m.campaign_id.id, m.user_id.id): m for m in members}
        new = []
        for row in rows:
            values = {name: value for name, value in row.values.items() if name != "who"}
            member = existing.get((values["campaign_id"], values["user_id"]))
            if member:
                member.write(values)
                row.state = "updated"
            else:
                new.append(values)
                row.state = "done"
        self.env["lead.distribution.member"].create(new)
        _logger.info("Import %s of people by user %s ended: %s new, %s changed", self.id, self.env.uid, len(new),
                     len(rows) - len(new))  # fmt: skip
        self = self.sudo()
        self._count_rows()
        now = self.env.cr.now()
        figures = {"people": {"added": len(new), "updated": len(rows) - len(new)}}
        self.write({"state": "done", "step": "result", "started_on": now, "finished_on": now, "figures": figures})


def _is_too_long(texts):
    return any(len(text) > LONGEST_LABEL for target, text in texts.items() if target != "notes")
