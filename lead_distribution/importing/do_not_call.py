"""Rows that the campaign of an import hands to nobody, by its do-not-call rows and by the lead they are the same as.

What a row says by itself is found when it is checked; the campaign is chosen after that. The rule is the daily run's.
"""

from odoo.tools import SQL

from ..finding.choosable import get_chosen
from ..finding.do_not_call import find_refused, get_callable_domain
from ..finding.filter_rows import find_keys, list_used, list_values
from ..work.database import compile_nothing
from ..work.system import as_system
from .lead_values import NAMED_FIELDS
from .lookups import read_names
from .words import describe_do_not_call

# the lead's field → where rows keep it, if not under the same name
KEPT_AS = {"email_normalized": "email_from", "phone_sanitized": "_e164"}
NAMED = {name: (key, target) for key, (target, name) in NAMED_FIELDS.items()}
TAGS = SQL("coalesce(values->'_tags', '[]') || coalesce(values->'_unknown_tags', '[]')")


def mark_do_not_call(batch):
    """Mark the rows that the campaign hands to nobody; a few statements for each of its do-not-call rows."""
    campaign = as_system(batch.campaign_id)
    if not campaign.use_dnc:
        return
    compile_nothing(batch.env)
    batch.env["lead.import.row"].flush_model()
    conditions = [condition for rule in list_used(campaign.dnc_filter_ids) if (condition := _refuse(batch, rule))]
    if conditions:
        _mark(batch, "campaign", SQL(" OR ").join(conditions))
    refused = _find_refused_leads(batch, get_callable_domain(campaign))
    if refused:
        _mark(batch, "duplicate", SQL("match_lead_id = ANY(%s)", sorted(refused)))


def _mark(batch, reason, condition):
    batch.env.cr.execute(
        SQL(
            "UPDATE lead_import_row SET do_not_call = %s, message = %s WHERE %s AND (%s)",
            reason, describe_do_not_call(batch.env, reason), _get_open(batch), condition,
        )
    )  # fmt: skip
    batch.env["lead.import.row"].invalidate_model()


def _get_open(batch):
    """Return the condition of the rows that somebody would get."""
    return SQL("batch_id = %s AND state = 'ready' AND do_not_call IS NULL", batch.id)


def _refuse(batch, rule):
    """Return the condition of the rows that a do-not-call row of the campaign refuses, None for none.

    :param rule: ``lead.distribution.filter``
    """
    key, target = NAMED.get(rule.field_name, (KEPT_AS.get(rule.field_name, rule.field_name), None))
    is_list = rule.field_name == "tag_ids"
    value = SQL("jsonb_array_elements_text(%s)", TAGS) if is_list else SQL("values->>%s", key)
    found = batch.env.execute_query(SQL("SELECT DISTINCT %s FROM lead_import_row WHERE %s", value, _get_open(batch)))
    texts = [text for [text] in found if text]
    fitting = _find_fitting(rule, texts, "tags" if is_list else target) if texts else []
    if not fitting:
        return None
    return SQL("(%s) ?| %s", TAGS, fitting) if is_list else SQL("%s = ANY(%s)", value, fitting)


def _find_fitting(rule, texts, target):
    """Return those of some values, as rows have them, that fit a do-not-call row.

    :param target: of names: what they name; they may be of something that does not exist yet
    """
    [field] = get_chosen(rule, "field_id")
    if field.type == "char":
        return find_keys(rule, [(text, (text,)) for text in texts])
    if not target:
        keys = set(map(str, find_keys(rule, list_values(rule))))
        return [text for text in texts if text in keys]
    ids = read_names(rule.env, target)
    known = {text: ids.get(text.strip().lower()) for text in texts}
    strangers = [(text, (text,)) for text in texts if not known[text]]
    keys = set(find_keys(rule, [*list_values(rule), *strangers]))
    return [text for text in texts if (known[text] or text) in keys]


def _find_refused_leads(batch, callable_domain):
    """Return the ids of the leads that rows are the same as, and that the campaign hands to nobody."""
    query = SQL("SELECT DISTINCT match_lead_id FROM lead_import_row WHERE %s AND match_lead_id > 0", _get_open(batch))
    ids = [lead_id for [lead_id] in batch.env.execute_query(query)]
    return find_refused(as_system(batch.env["crm.lead"]).browse(ids), callable_domain) if ids else set()
