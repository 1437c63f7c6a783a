"""Rows that an import hands to nobody, by the campaign, by the lead they are the same as, and by each other.

What a row says by itself is found when it is checked; the campaign is chosen after that. The rule is the daily run's.
"""

from typing import NamedTuple

from odoo.tools import SQL, split_every

from ..finding.choosable import get_chosen
from ..finding.do_not_call import get_callable_domain
from ..finding.filter_rows import find_keys, list_used, list_values, name_stranger
from ..finding.languages import fold
from ..work.database import compile_nothing
from ..work.system import as_system
from .duplicates import CONTACT, find_blocked, find_duplicates, get_contacts, get_keys
from .lead_values import NAMED_FIELDS
from .lookups import read_names
from .row_cleaner import UNKNOWN
from .rows import CHUNK
from .same_people import find_uncalled_people
from .uncalled import read_uncalled
from .words import describe_do_not_call

# the lead's field → where rows keep it, if not under the same name
KEPT_AS = {"email_normalized": "email_from", "phone_sanitized": "_e164"}
ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
# the lead's field → (column of a contact that it takes over, what of a row keeps it from that)
TAKEN_OVER = {
    "email_from": ("email", ["email_from"]), "email_normalized": ("email_normalized", ["email_from"]),
    "phone": ("phone", ["phone"]), "phone_sanitized": ("phone_sanitized", ["phone"]),
    **{name: (name, list(ADDRESS)) for name in ADDRESS},  # all of it or none
}  # fmt: skip
NAMED = {name: (key, target) for key, (target, name) in {**NAMED_FIELDS, "_tags": ("tags", "tag_ids")}.items()}
# the lead's field → what a column is called whose names need not exist
MAYBE_UNKNOWN = {
    **{name: target for name, (_key, target) in NAMED.items()},
    "country_id": "country", "state_id": "state", "lead_status_id": "status",
}  # fmt: skip


class Matched(NamedTuple):
    """A row of somebody whom the database has, too."""

    id: int
    email_key: str | None
    phone_keys: list | None
    name_key: str | None


def mark_do_not_call(batch):
    """Mark the rows that nobody gets; a few statements for each of the campaign's do-not-call rows."""
    campaign = as_system(batch.campaign_id)
    compile_nothing(batch.env)
    batch.env["lead.import.row"].flush_model()
    batch.env["res.partner"].flush_model([column for column, _kept_from in TAKEN_OVER.values()])
    uncalled = read_uncalled(batch.env)
    if campaign.use_dnc:
        _mark_by_campaign(batch, campaign, uncalled)
    same = find_uncalled_people(batch)
    if same:
        _mark(batch, "file", SQL("id = ANY(%s)", same), uncalled)


def _mark_by_campaign(batch, campaign, uncalled):
    rules = list_used(campaign.dnc_filter_ids)
    _mark_refused(batch, rules, _get_carried, _find_fitting)  # what the leads carry keeps them from later runs, too
    _mark_refused(batch, rules, _get_unknown, _find_fitting_names, uncalled)
    same = _find_same_as_refused(batch, get_callable_domain(campaign))
    if same:
        _mark(batch, "duplicate", SQL("id = ANY(%s)", same), uncalled)


def _mark_refused(batch, rules, get_texts, find_fitting, uncalled=None):
    """Mark the rows that do-not-call rows of the campaign refuse.

    :param get_texts: returns the texts of rows to be looked at, by the name of the lead's field
    :param find_fitting: returns those of some texts that fit a do-not-call row
    :param uncalled: see ``_mark``
    """
    refused = (_refuse(batch, rule, get_texts(rule.field_name), find_fitting) for rule in rules)
    conditions = [condition for condition in refused if condition is not None]
    if conditions:
        _mark(batch, "campaign", SQL(" OR ").join(conditions), uncalled)


def _mark(batch, reason, condition, uncalled=None):
    """Mark the rows of a condition.

    :param uncalled: ``Uncalled``, where only the row knows the reason: its lead gets a status that says so
    """
    values = uncalled.get_values() if uncalled else SQL("values")
    batch.env.cr.execute(
        SQL(
            "UPDATE lead_import_row SET do_not_call = %s, values = %s, "
            "message = CASE WHEN state = 'ready' THEN %s ELSE message END WHERE %s AND (%s)",
            reason, values, describe_do_not_call(batch.env, reason), _get_open(batch), condition,
        )
    )  # fmt: skip
    batch.env["lead.import.row"].invalidate_model()


def _get_open(batch):
    """Return the condition of the rows that somebody would get, and of those that stand for one of them."""
    is_open = SQL("(state = 'ready' OR code = 'duplicate_in_file')")
    return SQL("batch_id = %s AND %s AND do_not_call IS NULL", batch.id, is_open)


def _get_carried(name):
    """Return the list of texts in which a row has what its lead gets in a field, as SQL."""
    key, _target = NAMED.get(name, (KEPT_AS.get(name, name), None))
    if name == "tag_ids":
        return SQL("values->%s", key)
    return SQL("jsonb_build_array(coalesce(values->>%s, %s))", key, _get_taken_over(name))


def _get_taken_over(name):
    """Return what a lead takes over from the contact that it is linked to, as SQL; NULL for nothing."""
    if name not in TAKEN_OVER:
        return SQL("NULL")
    column, kept_from = TAKEN_OVER[name]
    return SQL(
        "(SELECT p.%s::text FROM res_partner p WHERE p.id = match_partner_id AND NOT values ?| %s)",
        SQL.identifier(column), kept_from,
    )  # fmt: skip


def _get_unknown(name):
    """Return the list of what a row names in a field that does not exist and goes to the notes; None without one."""
    return SQL("values->%s", UNKNOWN + MAYBE_UNKNOWN[name]) if name in MAYBE_UNKNOWN else None


def _refuse(batch, rule, texts, find_fitting):
    """Return the condition of the rows that a do-not-call row of the campaign refuses, None for none.

    :param rule: ``lead.distribution.filter``
    :param texts: list of texts of each row, as SQL
    :param find_fitting: see ``_mark_refused``
    """
    if texts is None:
        return None
    query = SQL("SELECT DISTINCT jsonb_array_elements_text(%s) FROM lead_import_row WHERE %s", texts, _get_open(batch))
    found = [text for [text] in batch.env.execute_query(query) if text]
    fitting = find_fitting(rule, found) if found else []
    return SQL("%s ?| %s", texts, fitting) if fitting else None


def _find_fitting_names(rule, texts):
    """Return those of some names that fit a do-not-call row; they are of nothing that there is."""
    return find_keys(rule, [(text, name_stranger(rule.field_name, text)) for text in texts])


def _find_fitting(rule, texts):
    """Return those of some values, as rows have them, that fit a do-not-call row."""
    [field] = get_chosen(rule, "field_id")
    if field.type == "char":
        return find_keys(rule, [(text, (text,)) for text in texts])
    _key, target = NAMED.get(field.name, (None, None))  # names may be of something that does not exist yet
    if not target:
        keys = set(map(str, find_keys(rule, list_values(rule))))
        return [text for text in texts if text in keys]
    ids = read_names(rule.env, target)
    known = {text: ids.get(fold(text)) for text in texts}
    strangers = [(text, (text,)) for text in texts if not known[text]]
    keys = set(find_keys(rule, [*list_values(rule), *strangers]))
    return [text for text in texts if (known[text] or text) in keys]


def _find_same_as_refused(batch, callable_domain):
    """Return the ids of the rows of people of whom the database has a lead that the campaign hands to nobody.

    A row knows one lead of its person; all of them are looked at, some statements for each chunk of rows.
    """
    query = SQL(
        "SELECT id, email_key, phone_keys, name_key FROM lead_import_row WHERE %s AND match_lead_id > 0 ORDER BY id",
        _get_open(batch),
    )
    ids = []
    for rows in split_every(CHUNK, (Matched(*row) for row in batch.env.execute_query(query)), list):
        found = find_duplicates(batch, *get_contacts(rows))
        refused = find_blocked(batch.env, found, callable_domain)
        keys = {key for key, matches in found.items() if any(_is_one_of(match, refused) for match in matches)}
        ids += [row.id for row in rows if not keys.isdisjoint(get_keys(row, batch.match_name))]
    return ids


def _is_one_of(match, lead_ids):
    return match.rank != CONTACT and match.id in lead_ids
