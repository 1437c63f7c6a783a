"""Checking: each row is cleaned, compared with earlier rows and with the database, and stored with what is to be done.

The same email or phone (and, if wanted, the same name and company) is the same person, in the file as in
the database. What is done with such a row is for the user to choose, for each kind of duplicate.
"""

import contextlib
import logging
import time
from collections import Counter
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..finding.do_not_call import get_usual_domain
from ..tools.storable import storable
from ..work.system import as_system
from ..work.transactions import commit
from .columns import get_used_columns
from .duplicates import (
    CONTACT,
    find_blacklisted,
    find_blocked,
    find_duplicates,
    get_contacts,
    get_keys,
    takes_blacklisted,
)
from .lookups import get_point, make_lookups
from .meanings import has_questions, load_meanings, show_values
from .people import check_people
from .reading import read_body
from .row_cleaner import RowCleaner
from .row_table import count_rows, delete_rows, insert_rows
from .rows import CHUNK, RawRow, split_rows
from .words import describe_do_not_call, describe_match, describe_problem

_logger = logging.getLogger(__name__)

CHECK_AT_ONCE = 5000  # rows that a click checks before it answers
CLICK_SECONDS = 10  # a click does not check for longer, however long the rows are
CHECK_SECONDS = 30  # a background check goes on for so long before others have their turn
RULES = ("on_file", "on_lead", "on_opportunity", "on_contact", "match_name")  # what is chosen for duplicates


def restart_check(batch):
    """Clean and compare all rows anew, as many as a click may take; return whether all are checked."""
    delete_rows(batch)
    none = {"rows_read": 0, "counts": {}, "changes": {}, "matches": {}, "values_met": {}, "error": False}
    as_system(batch).write({**none, "compared_by": _get_rules(batch)})
    batch.env.flush_all()
    return check_rows(batch, limit=CHECK_AT_ONCE)


def is_compared(batch):
    """Say whether the rows were compared by what is chosen for duplicates now."""
    return batch.compared_by == _get_rules(batch)


def _get_rules(batch):
    return {name: batch[name] for name in RULES}


def check_in_background(batch):
    """Go on with a check for a while; return whether it needs no more."""
    if not check_rows(batch, seconds=CHECK_SECONDS):
        return batch.state != "checking"
    batch.state = "draft"
    commit(batch.env)
    return True


def check_rows(batch, limit=None, seconds=None):
    """Check the rows that were not checked yet.

    :param limit: stop after so many rows
    :param seconds: commit after each chunk, and stop after so long
    :return: whether all rows are checked
    """
    rows = as_system(batch.row_ids)
    last = rows.search([("batch_id", "=", batch.id)], order="number desc", limit=1).number
    with contextlib.closing(read_body(batch, last)) as body:
        if batch.kind == "people":
            check_people(batch, body)
            return True
        checker = Checker(batch)
        is_done = _check_body(checker, body, limit, seconds)
    if is_done and not batch.rows_read:
        raise UserError(batch.env._("There are no rows under the names of the columns."))
    if is_done:
        _show_values(batch, checker.meanings)
    return is_done


def _show_values(batch, meanings):
    """Show what the rows have that is no name of ours, and ask what it means before anything else."""
    show_values(batch, meanings)
    if has_questions(batch):
        as_system(batch).step = "values"


def _check_body(checker, body, limit, seconds):
    batch, used = checker.batch, get_used_columns(checker.batch)
    started = time.monotonic() if limit else None
    for part in split_rows(body, CHUNK):
        # whoever goes on has read what was checked earlier first, which may take longer than a turn
        started = started or time.monotonic()
        checker.check([RawRow(number, cells, _pick(cells, used)) for number, cells in part])
        if seconds:
            commit(batch.env, len(part))
            if batch.state != "checking":
                return False  # somebody has stopped it
            if time.monotonic() - started > seconds:
                return False
        elif limit and (batch.rows_read >= limit or time.monotonic() - started > CLICK_SECONDS):
            return next(body, None) is None
    return True


def check_leads(batch, rows):
    """Check the leads of a request.

    :param rows: iterable of ``RawRow``
    :return: the ``Lookups``, for what is done with the leads next
    """
    checker = Checker(batch)
    for part in split_every(CHUNK, rows, list):
        checker.check(part)
    return checker.lookups


def _pick(cells, used):
    return [(target, name, cells[position]) for position, target, name in used if position < len(cells)]


class Checked(NamedTuple):
    """A row that was checked earlier."""

    number: int
    email_key: str | None
    phone_keys: list | None
    name_key: str | None


class Checker:
    """Checks the rows of an import, part by part; goes on after those that were checked already."""

    def __init__(self, batch):
        self.batch, self.env = batch, batch.env
        self.lookups = make_lookups(batch)
        self.meanings = load_meanings(batch, self.lookups) if batch.channel == "file" else None
        self.cleaner = self._make_cleaner()
        self.seen = {}  # key of an earlier row → its number
        self.callable = get_usual_domain(self.env, self.lookups.list_blocking_tags())
        self.blocked = set()  # ids of the leads nobody may call among the duplicates that were found last
        self.blacklisted = {}  # of the contacts among them, see ``find_blacklisted``
        self.changes, self.matches, self.counts = Counter(), Counter(), Counter()
        self._remember_checked()

    def _make_cleaner(self):
        batch = self.batch
        if batch.channel == "api":
            return RowCleaner(self.lookups)
        return RowCleaner(
            self.lookups,
            batch.date_order or "dmy",
            batch.create_missing,
            batch.date_proved,
            self.meanings,
            get_point(batch),
        )

    def _remember_checked(self):
        query = SQL(
            "SELECT number, email_key, phone_keys, name_key FROM lead_import_row WHERE batch_id = %s "
            "AND state <> 'error' AND code IS DISTINCT FROM 'value' ORDER BY number",
            self.batch.id,
        )
        for row in self.env.execute_query(query):
            earlier = Checked(*row)
            self._remember(earlier.number, get_keys(earlier, self.batch.match_name))
        if self.batch.rows_read:
            self.counts.update(count_rows(as_system(self.batch)))
            self.changes.update(self.batch.changes or {})
            self.matches.update(self.batch.matches or {})

    def _remember(self, number, keys):
        for key in keys:
            self.seen.setdefault(key, number)

    def check(self, chunk):
        """Clean some rows, compare them, and store them.

        :param chunk: list of ``RawRow``
        """
        chunk = [_make_storable(raw) for raw in chunk]
        cleaned = [self.cleaner.clean(raw.cells) for raw in chunk]
        emails, phones, names = get_contacts(cleaned)
        self.lookups.load_blacklists(emails, phones)
        found = find_duplicates(self.batch, emails, phones, names)
        self.blocked = find_blocked(self.env, found, self.callable)
        contacts = {match.id for matches in found.values() for match in matches if match.rank == CONTACT}
        self.blacklisted = find_blacklisted(self.env, contacts)
        values = [self._judge(raw, row, found) for raw, row in zip(chunk, cleaned, strict=True)]
        self.counts.update(row["state"] for row in values)
        for row in cleaned:
            self.changes.update(set(row.changes))
            if self.meanings and not row.problems:
                self.meanings.count(row.odd_values)
        insert_rows(self.env, values)
        _logger.debug("Import %s: %s rows checked", self.batch.id, len(chunk))
        as_system(self.batch).write(
            {
                "rows_read": self.batch.rows_read + len(chunk), "counts": dict(self.counts),
                "changes": dict(self.changes), "matches": dict(self.matches),
                "values_met": self.meanings.met if self.meanings else False,
            }
        )  # fmt: skip

    def _judge(self, raw, row, found):
        """Return the row as it is stored: what is to be done with it, and why."""
        result = {
            "batch_id": self.batch.id, "number": raw.number, "state": "ready",
            "raw": raw.raw, "values": row.values, "email_key": row.email_key,
            "phone_keys": row.phone_keys or None, "name_key": row.name_key, "do_not_call": row.do_not_call,
        }  # fmt: skip
        problems = raw.problems or row.problems
        if problems:
            texts = [describe_problem(self.env, code, values) for code, values in problems]
            code, _values = problems[0]
            return {**result, "state": "error", "code": code, "message": " ".join(texts)}
        if row.left_out:
            return {**result, "state": "skipped", "code": "value", "message": self._describe_left_out(*row.left_out)}
        if not row.do_not_call and self.lookups.is_blacklisted(row.email_key, row.phone_keys):
            result["do_not_call"] = "blacklist"
        keys = get_keys(row, self.batch.match_name)
        earlier = next((self.seen[key] for key in keys if key in self.seen), None)
        self._remember(raw.number, keys)
        if earlier is not None:
            self.matches["file"] += 1
            if self.batch.on_file == "skip":
                message = self.env._("The same email or phone as in row %s.", earlier)
                return {**result, "state": "skipped", "code": "duplicate_in_file", "message": message}
        matches = [match for key in keys for match in found.get(key, ())]
        result = {**result, **self._judge_matches(matches)} if matches else result
        takes_it = takes_blacklisted(self.blacklisted, result.get("match_partner_id"), result["values"])
        if takes_it and not result["do_not_call"]:
            result["do_not_call"] = "blacklist"
        return self._keep_uncalled(result)

    def _describe_left_out(self, target, text):
        label = self.lookups.label(target)
        return self.env._("Rows with “%(value)s” as %(column)s are left out.", value=text[:80], column=label)

    def _keep_uncalled(self, result):
        """Return a row with the reason why it is imported and nobody gets it, if there is one.

        The next run would hand out a lead of which only its row knows the reason: it gets a status that says so.
        """
        reason, values = result["do_not_call"], result["values"]
        if result["state"] != "ready" or not reason:
            return result
        if reason in ("tag", "duplicate"):
            status = self.lookups.uncalled.get(values.get("lead_status_id"))
            values = {**values, "lead_status_id": status} if status else values
        return {**result, "values": values, "message": describe_do_not_call(self.env, reason)}

    def _judge_matches(self, matches):
        """Return what a row becomes that is somebody the database has, under one or several records."""
        match = min(matches)
        is_blocked = any(one.rank != CONTACT and one.id in self.blocked for one in matches)
        self.matches[match.kind] += 1
        if is_blocked:
            self.matches["do_not_call"] += 1
        action = self.batch[f"on_{match.kind}"]
        is_contact = match.kind == "contact"
        if action == "import" and is_contact:
            return {}
        result = {"match_partner_id" if is_contact else "match_lead_id": match.id}
        if is_blocked:
            result["do_not_call"] = "duplicate"
        if action == "update":
            result["state"] = "update"
        elif action == "skip":
            text = describe_match(self.env, match)
            result.update(state="skipped", code=f"duplicate_{match.kind}", message=text)
        return result


def _make_storable(raw):
    cells = [(target, storable(header), storable(text)) for target, header, text in raw.cells]
    return raw._replace(raw=[storable(text) for text in raw.raw], cells=cells)
