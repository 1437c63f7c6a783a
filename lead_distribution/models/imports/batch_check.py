# pylint: disable=prefer-env-translation
import logging
from collections import Counter
from dataclasses import dataclass, field

from odoo import fields, models
from odoo.tools import SQL

from ...finding.contact_keys import EMAIL_KEY, NAME_KEY, PHONE_KEY
from ...importing.row_cleaner import RowCleaner
from ...tools.storable import storable
from ...work.database import compile_nothing
from .lookups import Lookups

_logger = logging.getLogger(__name__)

CHUNK = 1000  # rows that are cleaned and compared at once


def _storable_cells(cells):
    return [(target, storable(header), storable(text)) for target, header, text in cells]


@dataclass
class Check:
    """What a check remembers from row to row."""

    cleaner: RowCleaner
    lookups: Lookups
    seen: dict = field(default_factory=dict)  # key of an earlier row → its number
    changes: Counter = field(default_factory=Counter)
    matches: Counter = field(default_factory=Counter)
    counts: Counter = field(default_factory=Counter)


class LeadImportBatch(models.Model):
    """Cleaning and comparing: each row is cleaned, compared with earlier rows and with the database.

    Source: specification, classification.md 1; import-distribution.md, step 3; reading R77.
    """

    _inherit = "lead.import.batch"

    on_file = fields.Selection(
        [("skip", "Skip"), ("import", "Import anyway")],
        string="Twice in the file",
        default="skip",
        required=True,
    )
    on_lead = fields.Selection(
        [("skip", "Skip"), ("update", "Fill its empty fields"), ("import", "Import anyway")],
        string="There is such a lead",
        default="skip",
        required=True,
    )
    on_opportunity = fields.Selection(
        [("skip", "Skip"), ("update", "Fill its empty fields"), ("import", "Import anyway")],
        string="There is such an opportunity",
        default="skip",
        required=True,
    )
    on_contact = fields.Selection(
        [("skip", "Skip"), ("link", "Import, and link to the contact"), ("import", "Import anyway")],
        string="There is such a contact",
        default="import",
        required=True,
    )
    match_name = fields.Boolean(
        string="Also the same name and company",
        help="Besides the e-mail and the phone, which are always compared.",
    )

    def _start_check(self):
        """Return what a check needs; goes on after the rows that were checked already."""
        self.ensure_one()
        lookups = Lookups(self.env, self.company_id, self._get_target_labels())
        check = Check(self._make_cleaner(lookups), lookups)
        rows = self.env["lead.import.row"].sudo()
        for number, email, phones, name in self.env.execute_query(
            SQL(
                "SELECT number, email_key, phone_keys, name_key FROM lead_import_row WHERE batch_id = %s "
                "AND state <> 'error'",
                self.id,
            )
        ):
            self._remember(check, number, email, phones or (), name)
        if check.seen:
            check.counts.update(dict(rows._read_group([("batch_id", "=", self.id)], ["state"], ["__count"])))
            check.changes.update(self.changes or {})
            check.matches.update(self.matches or {})
        return check

    def _make_cleaner(self, lookups):
        return RowCleaner(lookups)

    def _remember(self, check, number, email, phones, name):
        for key in self._get_keys(email, phones, name):
            check.seen.setdefault(key, number)

    def _get_keys(self, email, phones, name):
        keys = [f"e{email}"] if email else []
        keys += [f"p{phone}" for phone in phones]
        return [*keys, f"n{name}"] if name and self.match_name else keys

    def _check_chunk(self, check, chunk):
        """Clean some rows, compare them, and store them.

        :param chunk: list of (number, raw cells, cells for the cleaner, problems found before)
        """
        cleaned = [
            (number, [storable(text) for text in raw], check.cleaner.clean(_storable_cells(cells)), problems)
            for number, raw, cells, problems in chunk
        ]
        rows = [row for _number, _raw, row, _problems in cleaned]
        emails = {row.email_key for row in rows if row.email_key}
        phones = {key for row in rows for key in row.phone_keys}
        check.lookups.load_blacklists(emails, phones)
        found = self._find_duplicates(emails, phones, {row.name_key for row in rows if row.name_key})
        values = [self._judge(check, found, *entry) for entry in cleaned]
        check.counts.update(row["state"] for row in values)
        for row in rows:
            check.changes.update(set(row.changes))
        self.env["lead.import.row"].sudo()._insert_rows(values)
        _logger.debug("Import %s: %s rows checked", self.id, len(chunk))
        self.sudo().write(
            {
                "rows_read": self.rows_read + len(chunk), "counts": dict(check.counts),
                "changes": dict(check.changes), "matches": dict(check.matches),
            }
        )  # fmt: skip

    def _judge(self, check, found, number, raw, row, problems):
        """Return the row as it is stored: what is to be done with it, and why."""
        problems = [*problems, *(row.problems if not problems else ())]
        result = {
            "batch_id": self.id, "number": number, "state": "ready", "raw": raw, "values": row.values,
            "email_key": row.email_key, "phone_keys": row.phone_keys or None, "name_key": row.name_key,
            "do_not_call": row.do_not_call,
        }  # fmt: skip
        if problems:
            texts = [self._describe_problem(code, values) for code, values in problems]
            return {**result, "state": "error", "code": problems[0][0], "message": " ".join(texts)}
        if not row.do_not_call and check.lookups.is_blacklisted(row.email_key, row.phone_keys):
            result["do_not_call"] = "blacklist"
        keys = self._get_keys(row.email_key, row.phone_keys, row.name_key)
        earlier = next((check.seen[key] for key in keys if key in check.seen), None)
        self._remember(check, number, row.email_key, row.phone_keys, row.name_key)
        if earlier is not None:
            check.matches["file"] += 1
            if self.on_file == "skip":
                message = self.env._("The same e-mail or phone as in row %s.", earlier)
                return {**result, "state": "skipped", "code": "duplicate_in_file", "message": message}
        return {**result, **self._judge_match(check, found, keys)}

    def _judge_match(self, check, found, keys):
        matches = [match for key in keys for match in found.get(key, ())]
        if not matches:
            return {}
        kind, record_id, name, is_blocked = min(matches)
        kind = kind[2:]
        check.matches[kind] += 1
        if is_blocked:
            check.matches["do_not_call"] += 1
        action = self[f"on_{kind}"]
        link = "match_partner_id" if kind == "contact" else "match_lead_id"
        result = {link: record_id}
        if is_blocked:
            result["do_not_call"] = "duplicate"
        if action == "import" and kind == "contact":
            result = {}
        if action == "update":
            result["state"] = "update"
        elif action == "skip":
            result.update(state="skipped", code=f"duplicate_{kind}", message=self._describe_match(kind, name))
        return result

    def _describe_match(self, kind, name):
        if kind == "lead":
            return self.env._("There is a lead with this e-mail or phone: %s.", name)
        if kind == "opportunity":
            return self.env._("There is an opportunity with this e-mail or phone: %s.", name)
        return self.env._("There is a contact with this e-mail or phone: %s.", name)

    def _find_duplicates(self, emails, phones, names):
        """Return {key: [(kind, id, name, do not call)]} of what the database has; one statement.

        The kinds are numbered, so that a lead counts before an opportunity, and that before
        a contact. Archived leads count, archived contacts do not.
        """
        compile_nothing(self.env)
        self.env["crm.lead"].flush_model(["email_normalized", "phone_sanitized", "phone", "type", "company_id"])
        self.env["res.partner"].flush_model(["email_normalized", "phone_sanitized", "active", "company_id"])
        numbers = [f"{sign}{digits}" for digits in phones for sign in ("+", "", "00")]
        emails = list(emails)
        branches = [
            self._match_leads("e", EMAIL_KEY, emails),
            self._match_leads("p", SQL("l.phone_sanitized"), numbers),
            self._match_leads("p", PHONE_KEY, numbers),
        ]
        if self.on_contact != "import" or self.step == "duplicates":
            branches += [
                self._match_contacts("e", SQL("p.email_normalized"), emails),
                self._match_contacts("p", SQL("p.phone_sanitized"), numbers),
            ]
        if self.match_name and names:
            named = SQL("l.contact_name IS NOT NULL AND l.partner_name IS NOT NULL AND %s", NAME_KEY)
            branches.append(self._match_leads("n", named, list(names)))
        found = {}
        for sign, value, kind, record_id, name, is_blocked in self.env.execute_query(SQL(" UNION ").join(branches)):
            key = sign + (value.lstrip("+").removeprefix("00") if sign == "p" else value)
            found.setdefault(key, []).append((kind, record_id, name or "", bool(is_blocked)))
        return found

    def _match_leads(self, sign, column, values):
        """Return the statement that finds leads by one key: a look at the index for each value.

        OFFSET 0 keeps it so. Otherwise PostgreSQL, whose figures lag behind while an import grows
        the table, reads all leads for each chunk, or takes the slow index for parts of texts.
        """
        return SQL(
            "SELECT %s, k.value, l.kind, l.id, l.name, s.category = 'do_not_call' FROM unnest(%s::text[]) k(value) "
            "CROSS JOIN LATERAL (SELECT CASE WHEN l.type = 'opportunity' THEN '2 opportunity' ELSE '1 lead' END AS "
            "kind, l.id, l.name, l.lead_status_id FROM crm_lead l WHERE %s = k.value "
            "AND (l.company_id IS NULL OR l.company_id = %s) OFFSET 0) l "
            "LEFT JOIN crm_lead_status s ON s.id = l.lead_status_id",
            sign, values, column, self.company_id.id,
        )  # fmt: skip

    def _match_contacts(self, sign, column, values):
        return SQL(
            "SELECT %s, %s, '3 contact', p.id, p.name, FALSE FROM res_partner p "
            "WHERE %s = ANY(%s::text[]) AND p.active AND (p.company_id IS NULL OR p.company_id = %s)",
            sign, column, column, values, self.company_id.id,
        )  # fmt: skip

    def _describe_problem(self, code, values):
        _ = self.env._
        texts = {
            "no_identity": _("There is no name, company, e-mail or phone."),
            "unknown_status": _("There is no lead status “%s”.", values.get("status", "")[:80]),
            "not_text": _("“%s” must be a text.", str(values.get("name", ""))[:80]),
            "not_object": _("A lead must be an object with named values."),
            "too_long": _(
                "“%(name)s” is longer than %(limit)s characters.",
                name=str(values.get("name", ""))[:80],
                limit=values.get("limit", 0),
            ),
            "failed": _("It could not be created: %s", values.get("error", "")),
        }
        return texts.get(code, code)
