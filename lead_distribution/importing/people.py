# pylint: disable=prefer-env-translation
"""A file of salespeople: it fills the members of campaigns.

People are found, never created: a name without a user is told.
"""

import logging
import unicodedata
from dataclasses import dataclass, field
from itertools import islice

from odoo.exceptions import UserError

from ..finding.languages import fold, index_names
from ..tools.codes import normalize_level
from ..tools.fit import has_leads, works_for
from ..tools.numbers import format_number
from ..tools.storable import storable
from ..work.system import as_system
from . import cleaning
from .columns import get_used_columns
from .lookups import get_point
from .row_cleaner import LONGEST_LABEL
from .row_table import count_rows, insert_rows
from .targets import NOTES

_logger = logging.getLogger(__name__)

FALSE_WORDS = {
    "0", "false", "no", "n", "inactive", "off", "nein", "non", "nee", "não", "nao", "falsch", "faux", "onwaar", "falso",
    "inaktiv", "inactif", "inactief", "inactivo", "inativo", "aus",
}  # fmt: skip
TRUE_WORDS = {
    "", "1", "true", "yes", "y", "active", "on", "ja", "j", "oui", "o", "si", "sí", "s", "sim", "wahr", "vrai", "waar",
    "verdadero", "verdadeiro", "aktiv", "actif", "actief", "activo", "ativo", "an", "x",
}  # fmt: skip
MOST = 1_000_000  # a target or a weight
MOST_ROWS = 20_000  # a click reads them all, and they are kept in memory


@dataclass
class Person:
    """What a row says of somebody: ``values`` of a member, and the ``problems`` that reject the row."""

    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


@dataclass
class PersonRow:
    """A row of the file: its texts as they are kept, and the cleaned ones by what they mean."""

    number: int
    raw: list
    texts: dict

    @property
    def is_too_long(self):
        return any(len(text) > LONGEST_LABEL for target, text in self.texts.items() if target != NOTES)


def check_people(batch, rows):
    """Clean the rows, find their users and campaigns, and store what is to be done."""
    env, entries = batch.env, _read_entries(batch, rows)
    known = KnownPeople(batch, entries)
    seen, stored = {}, []
    for entry in entries:
        if entry.is_too_long:
            person = Person(problems=[env._("A cell is longer than %s characters.", LONGEST_LABEL)])
        else:
            person = known.read_person(entry.texts)
        key = (person.values.get("user_id"), person.values.get("campaign_id"))
        if not person.problems and key in seen:
            person.problems.append(env._("The same person and campaign as in row %s.", seen[key]))
        seen.setdefault(key, entry.number)
        stored.append(_prepare_row(batch, entry, person))
    insert_rows(env, stored)
    as_system(batch).rows_read = len(stored)
    as_system(batch).counts = count_rows(batch)


def _read_entries(batch, rows):
    """Return the rows as a list of ``PersonRow``.

    :raise UserError: for more rows than there are salespeople anywhere
    """
    columns, rows = get_used_columns(batch), iter(rows)
    entries = [_clean(number, cells, columns) for number, cells in islice(rows, MOST_ROWS)]
    if next(rows, None) is not None:
        most = format_number(batch.env, MOST_ROWS)
        raise UserError(batch.env._("A file of salespeople has at most %s rows. Split it.", most))
    return entries


def _clean(number, cells, columns):
    raw = [storable(cell) for cell in cells]
    texts = {target: cleaning.clean_text(raw[place]) for place, target, _name in columns if place < len(raw)}
    return PersonRow(number, raw, {target: text for target, text in texts.items() if not cleaning.is_missing(text)})


def _prepare_row(batch, entry, person):
    is_wrong = bool(person.problems)
    return {
        "batch_id": batch.id, "number": entry.number, "raw": entry.raw, "values": person.values,
        "state": "error" if is_wrong else "ready", "code": "people" if is_wrong else None,
        "message": " ".join(person.problems) or None,
    }  # fmt: skip


def find_salespeople(env, names):
    """Return {name: user} for people named by their name, else their login; one query.

    Case and blanks around do not matter; archived users are found, too. A name without a user, or one
    that several users share, is not among the keys.
    """
    wanted = {name: fold(name) for name in names if name and name.strip()}
    users = as_system(env["res.users"]).with_context(active_test=False).search([("share", "=", False)])
    by_login = {fold(user.login): user for user in users}
    by_name = users.grouped(lambda user: fold(user.name))
    found = {}
    for name, text in wanted.items():
        same = by_name.get(text, users.browse())
        active = same.filtered("active") or same
        user = active if len(active) == 1 else by_login.get(text)
        if user:
            found[name] = user
    return found


def _index_levels(levels):
    """Return {code or name in its normal form: id} of levels; the code of one comes before the name of another."""
    return {**index_names(levels, normalize_level), **{level.code: level.id for level in levels}}


class KnownPeople:
    """Users, campaigns, levels and teams by the names in a file; a query each."""

    def __init__(self, batch, entries):
        self.env, self.campaign, self.point = batch.env, batch.campaign_id, get_point(batch)
        texts = [entry.texts for entry in entries]
        names = {found.get("salesperson") for found in texts} | {found.get("login") for found in texts}
        self.users = find_salespeople(self.env, names - {None})
        self.users_by_email = self._find_by_email({found["login"].lower() for found in texts if found.get("login")})
        company = [("company_id", "in", (False, batch.company_id.id))]
        campaigns = self.env["lead.distribution.campaign"].search([*company, ("name", "!=", False)])
        self.campaigns = campaigns.grouped(lambda campaign: fold(campaign.name))
        levels = self.env["lead.distribution.level"].search([("code", "!=", False)])
        self.levels = {owner: _index_levels(own) for owner, own in levels.grouped("campaign_id").items()}
        teams = self.env["crm.team"].search([*company, ("name", "!=", False)])
        self.teams = index_names(teams)

    def _find_by_email(self, emails):
        if not emails:
            return {}
        users = as_system(self.env["res.users"]).search([("email_normalized", "in", list(emails))])
        return {user.email_normalized: user for user in users}

    def read_person(self, texts):
        """Return the ``Person`` of one row."""
        person = Person({"who": texts.get("salesperson") or texts.get("login")})
        user = self._read_user(person, texts)
        campaign = self._read_campaign(person, texts)
        if user and campaign and not works_for(user, campaign.company_id):
            person.problems.append(
                self.env._("“%(user)s” may not work for %(company)s.", user=user.name, company=campaign.company_id.name)
            )
        self._read_level(person, texts, campaign)
        self._read_team(person, texts)
        self._read_numbers(person, texts)
        self._read_active(person, texts)
        return person

    def _read_user(self, person, texts):
        login, name = texts.get("login"), texts.get("salesperson")
        user = (self.users_by_email.get(login.lower()) or self.users.get(login)) if login else None
        user = user or self.users.get(name)
        if not user:
            person.problems.append(self.env._("There is no user “%s”.", login or name or ""))
        elif not has_leads(user):
            person.problems.append(self.env._("“%s” has no access to leads.", user.name))
        else:
            person.values["user_id"] = user.id
        return user

    def _read_campaign(self, person, texts):
        campaign = self._find_campaigns(texts["campaign"]) if "campaign" in texts else self.campaign
        if len(campaign) > 1:
            text = self.env._(
                "There are several campaigns “%s”: choose the one that is meant in the first step.", texts["campaign"]
            )
            person.problems.append(text)
            return None
        if campaign:
            person.values["campaign_id"] = campaign.id
        elif "campaign" in texts:
            person.problems.append(self.env._("There is no campaign “%s”.", texts["campaign"]))
        else:
            person.problems.append(self.env._("Say for which campaign: in a column, or in the first step."))
        return campaign

    def _find_campaigns(self, name):
        """Return the campaigns that a name may mean: the chosen one, those of the company, then those of all."""
        found = self.campaigns.get(fold(name), self.campaign.browse())
        return found & self.campaign or found.filtered("company_id") or found

    def _read_level(self, person, texts, campaign):
        if "level" not in texts:
            return
        code, shared = normalize_level(texts["level"]), self.levels.get(self.campaign.browse(), {})
        level_id = self.levels.get(campaign, {}).get(code) or shared.get(code)
        person.values["level_id"] = level_id or False
        if not level_id:
            person.problems.append(self.env._("There is no level “%s”.", texts["level"]))

    def _read_team(self, person, texts):
        if "team" not in texts:
            return
        team_id = self.teams.get(fold(texts["team"]))
        person.values["team_id"] = team_id or False
        if not team_id:
            person.problems.append(self.env._("There is no sales team “%s”.", texts["team"]))

    def _read_numbers(self, person, texts):
        for key, name in (("target", "own_target"), ("weight", "weight")):
            if key not in texts:
                continue
            number = cleaning.read_number(texts[key], self.point)
            if number is None or not 0 <= number <= MOST or (key == "target" and number != int(number)):
                person.problems.append(self.env._("“%s” is no number that fits.", texts[key]))
            else:
                person.values[name] = int(number) if key == "target" else number
        if "own_target" in person.values:
            person.values["has_own_target"] = True

    def _read_active(self, person, texts):
        if "active" not in texts:
            return
        word = unicodedata.normalize("NFC", texts["active"].lower())
        person.values["active"] = word in TRUE_WORDS
        if word not in TRUE_WORDS | FALSE_WORDS:
            person.problems.append(self.env._("“%s” says neither yes nor no.", texts["active"]))


def import_people(batch):
    """Create the members that are missing and update the others."""
    env = batch.env
    rows = as_system(env["lead.import.row"]).search([("batch_id", "=", batch.id), ("state", "=", "ready")])
    campaigns = env["lead.distribution.campaign"].browse({row.values["campaign_id"] for row in rows})
    campaigns.check_access("write")
    _logger.info("Import %s of people started by user %s: %s rows", batch.id, env.uid, len(rows))
    members = campaigns.with_context(active_test=False).member_ids
    existing = {(member.campaign_id.id, member.user_id.id): member for member in members}
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
    env["lead.distribution.member"].create(new)
    changed = len(rows) - len(new)
    _logger.info("Import %s of people by user %s ended: %s new, %s changed", batch.id, env.uid, len(new), changed)
    done, now = as_system(batch), env.cr.now()
    done.write(
        {
            "state": "done", "step": "result", "started_on": now, "finished_on": now, "counts": count_rows(done),
            "figures": {"people": {"added": len(new), "updated": changed}},
        }
    )  # fmt: skip
