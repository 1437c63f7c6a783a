"""Who of a file is in the database already: leads, opportunities and contacts by e-mail, phone, and name."""

from typing import NamedTuple

from odoo.tools import SQL

from ..finding.contact_keys import EMAIL_KEY, NAME_KEY, PHONE_KEY
from ..finding.do_not_call import find_refused
from ..work.database import compile_nothing
from ..work.system import as_system

# a lead counts before an opportunity, and that before a contact
LEAD, OPPORTUNITY, CONTACT = 1, 2, 3
KINDS = {LEAD: "lead", OPPORTUNITY: "opportunity", CONTACT: "contact"}


class Match(NamedTuple):
    """A record with a key of a row; the smallest of several is the one that counts."""

    rank: int
    id: int
    name: str

    @property
    def kind(self):
        return KINDS[self.rank]


def get_keys(row, by_name):
    """Return the keys by which a row is the same as another.

    :param row: has ``email_key``, ``phone_keys`` and ``name_key``
    :param by_name: whether the same name and company make a duplicate, too
    """
    keys = [f"e{row.email_key}"] if row.email_key else []
    keys += [f"p{phone}" for phone in row.phone_keys or ()]
    return [*keys, f"n{row.name_key}"] if by_name and row.name_key else keys


def get_contacts(rows):
    """Return (e-mails, phones, names) of rows, each a set."""
    emails = {row.email_key for row in rows if row.email_key}
    phones = {key for row in rows for key in row.phone_keys or ()}
    return emails, phones, {row.name_key for row in rows if row.name_key}


def find_duplicates(batch, emails, phones, names):
    """Return {key: [Match]} of what the database has; one statement.

    Archived leads count, archived contacts do not.
    """
    env = batch.env
    compile_nothing(env)
    env["crm.lead"].flush_model(["email_normalized", "phone_sanitized", "phone", "type", "company_id"])
    env["res.partner"].flush_model(["email_normalized", "phone_sanitized", "active", "company_id"])
    numbers = [f"{sign}{digits}" for digits in phones for sign in ("+", "", "00")]
    emails, company_id = list(emails), batch.company_id.id
    branches = [
        _match_leads("e", EMAIL_KEY, emails, company_id),
        _match_leads("p", SQL("l.phone_sanitized"), numbers, company_id),
        _match_leads("p", PHONE_KEY, numbers, company_id),
    ]
    if batch.on_contact != "import" or batch.step == "duplicates":
        branches += [
            _match_contacts("e", SQL("p.email_normalized"), emails, company_id),
            _match_contacts("p", SQL("p.phone_sanitized"), numbers, company_id),
        ]
    if batch.match_name and names:
        named = SQL("l.contact_name IS NOT NULL AND l.partner_name IS NOT NULL AND %s", NAME_KEY)
        branches.append(_match_leads("n", named, list(names), company_id))
    found = {}
    for sign, value, rank, record_id, name in env.execute_query(SQL(" UNION ").join(branches)):
        key = sign + (value.lstrip("+").removeprefix("00") if sign == "p" else value)
        found.setdefault(key, []).append(Match(rank, record_id, name or ""))
    return found


def find_blocked(env, found, callable_domain):
    """Return the ids of the leads among duplicates that nobody may call; one statement.

    :param found: see ``find_duplicates``
    :param callable_domain: of the leads that may be called
    """
    ids = {match.id for matches in found.values() for match in matches if match.rank != CONTACT}
    return find_refused(as_system(env["crm.lead"]).browse(sorted(ids)), callable_domain) if ids else set()


def find_blacklisted(env, ids):
    """Return what leads take over from contacts that is on Odoo's blacklists; one statement, none without contacts.

    :param ids: of contacts
    :return: {field of leads: ids of the contacts whose value is on the list}
    """
    if not ids:
        return {}
    rows = env.execute_query(
        SQL(
            "SELECT p.id, EXISTS (SELECT FROM mail_blacklist b WHERE b.active AND b.email = p.email_normalized), "
            "EXISTS (SELECT FROM phone_blacklist b WHERE b.active AND b.number = p.phone_sanitized) "
            "FROM res_partner p WHERE p.id = ANY(%s)",
            sorted(ids),
        )
    )
    return {
        "email_from": {partner for partner, by_email, _by_phone in rows if by_email},
        "phone": {partner for partner, _by_email, by_phone in rows if by_phone},
    }


def takes_blacklisted(blacklisted, contact, values):
    """Return whether a lead takes over from its contact what the row does not say and a blacklist has.

    :param blacklisted: see ``find_blacklisted``
    :param contact: id, or None
    :param values: of the row
    """
    return any(contact in ids and name not in values for name, ids in blacklisted.items())


def _match_leads(sign, column, values, company_id):
    """Return the statement that finds leads by one key: a look at the index for each value.

    OFFSET 0 keeps it so. Otherwise PostgreSQL, whose figures lag behind while an import grows
    the table, reads all leads for each chunk, or takes the slow index for parts of texts.
    """
    return SQL(
        "SELECT %s, k.value, l.rank, l.id, l.name FROM unnest(%s::text[]) k(value) "
        "CROSS JOIN LATERAL (SELECT CASE WHEN l.type = 'opportunity' THEN %s ELSE %s END AS "
        "rank, l.id, l.name FROM crm_lead l WHERE %s = k.value "
        "AND (l.company_id IS NULL OR l.company_id = %s) OFFSET 0) l",
        sign, values, OPPORTUNITY, LEAD, column, company_id,
    )  # fmt: skip


def _match_contacts(sign, column, values, company_id):
    return SQL(
        "SELECT %s, %s, %s, p.id, p.name FROM res_partner p "
        "WHERE %s = ANY(%s::text[]) AND p.active AND (p.company_id IS NULL OR p.company_id = %s)",
        sign, column, CONTACT, column, values, company_id,
    )  # fmt: skip
