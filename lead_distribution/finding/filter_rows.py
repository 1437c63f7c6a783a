"""One row that lets leads in or keeps them out by the text of one field.

Of one field, rows that let in add up, and rows that keep out win. A lead without a value matches nothing:
it does not pass a field that has rows letting in. The texts are matched against the values that exist
(sources, tags, statuses …), which are few, and become ids in a domain: no lead is matched one by one.
"""

from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine.matching import NOTHING, read_lines, read_values
from .choosable import get_chosen
from .guarded_matching import BrokenPattern, MatchingTimeout, find_idle_lines, get_budget, match_texts
from .languages import get_language_envs
from .scope import get_company_domain
from .statuses import list_status_names, normalize_code, normalize_codes

MOST_VALUES = 20_000  # a field with more values is no vocabulary
SHOWN_LINES = 5
SHOWN_CHARACTERS = 80


def list_lines(row):
    """Return everything that a row names."""
    return [*read_values(row.values_text, row.mode), *read_lines(row.wildcards_text)]


def is_empty(row):
    """An empty row is no filter."""
    return not (row.values_text or "").strip() and not (row.wildcards_text or "").strip()


def list_filtered_fields(campaign):
    """Return the names of the fields that the filter rows of a campaign are about."""
    return list(_group_rows(campaign))


def describe_rows(name, env):
    """Return in words why a lead does not pass the rows about a field."""
    field = env["crm.lead"]._fields.get(name)
    return env._("%s not matched", field._description_string(env) if field else name)


def get_field_domain(campaign, name):
    """Return the leads that pass all filter rows about a field, or None where there are none."""
    rows = _group_rows(campaign).get(name)
    if not rows:
        return None
    let_in, keep_out = (rows.filtered(lambda row, k=kind: row.kind == k) for kind in ("include", "exclude"))
    wanted = Domain.OR(map(get_match_domain, let_in)) if let_in else Domain.TRUE
    return wanted & get_domain_without(keep_out)


def get_domain_without(rows):
    """Return the leads that fit none of these rows; those that are not in use do not count."""
    return Domain.AND(~get_match_domain(row) for row in list_used(rows))


def _group_rows(campaign):
    """Return {name of a field: the rows about it that are in use}."""
    return list_used(campaign.filter_ids).grouped("field_name")


def list_used(rows):
    """Return the rows that are in use and name something."""
    return rows.filtered(lambda row: row.active and not is_empty(row))


def get_match_domain(row):
    """Return the leads whose value fits the row.

    :raise ValidationError: for a regular expression that does not work; it stops the run
    """
    keys = find_keys(row, list_values(row))
    return Domain(row.field_id.name, "in", keys) if keys else Domain.FALSE


def find_keys(row, values):
    """Return the keys of the values that fit the row.

    :param values: see ``list_values``
    :raise ValidationError: as ``get_match_domain``
    """
    problem = ""
    try:
        return RowMatcher(row).find_keys(values)
    except BrokenPattern as error:
        problem = row.env._("its regular expression is broken: %s", error)
    except MatchingTimeout:
        problem = row.env._("it takes too long. Write its regular expression without nested repetitions")
    raise ValidationError(row.env._("The filter “%(name)s”: %(problem)s.", name=row.display_name, problem=problem))


def list_matching_names(row):
    """Return the names of the values that fit a row."""
    values = list_values(row)
    keys = set(RowMatcher(row).find_keys(values))
    return [texts[0] or texts[-1] for key, texts in values if key in keys]


def explain_problem(row):
    """Return what keeps a row from working as meant, or an empty text."""
    if not row.field_id or is_empty(row):
        return ""
    try:
        values = list_values(row)
    except ValidationError as error:
        return str(error)
    matcher = RowMatcher(row)
    try:
        matcher.find_keys(values)
    except BrokenPattern as error:
        return row.env._("This regular expression is broken: %s", error)
    except MatchingTimeout:
        return row.env._("A regular expression takes too long: write it without nested repetitions.")
    try:
        idle = matcher.find_idle_lines(values)
    except MatchingTimeout:
        return ""  # it works; there is too much of it to say more
    return _explain_idle(row, idle) if idle and row.purpose == "filter" else ""


def is_matchable(row):
    """Return whether a row can be matched, whatever comes of it."""
    try:
        RowMatcher(row).find_keys(list_values(row))
    except (BrokenPattern, MatchingTimeout, ValidationError):
        return False
    return True


def _explain_idle(row, idle):
    """Return in words which lines fit nothing."""
    if idle == [NOTHING]:
        if row.kind == "exclude":
            return row.env._("Nothing is named, so no lead is left out by it.")
        others = len(list_lines(row)) > 1
        return "" if others else row.env._("Nothing that could match is named, so it lets no lead pass.")
    more = row.env._(" and %s more", len(idle) - SHOWN_LINES) if len(idle) > SHOWN_LINES else ""
    shown = ", ".join(line[:SHOWN_CHARACTERS] for line in idle[:SHOWN_LINES])
    return row.env._("Fits nothing now: %s", shown + more)


class RowMatcher:
    """The texts of a row, ready to be compared with the values of its field.

    Statuses are named in their normal form, whose case never counts.
    """

    def __init__(self, row):
        self.mode, self.case_sensitive = row.mode, row.case_sensitive
        self.values, self.wildcards = read_values(row.values_text, row.mode), read_lines(row.wildcards_text)
        self.written = {}  # {normal form: as it was written}
        self.cr = row.env.cr
        if row.field_id.name == "lead_status_id":
            self.case_sensitive = False
            if self.mode in ("exact", "partial"):
                self.written = normalize_codes(self.values)
                self.values = list(self.written)

    def find_keys(self, values):
        """Return the keys of the values that fit.

        :param values: see ``list_values``
        :raise BrokenPattern: for a broken regex
        :raise MatchingTimeout: for one that takes too long
        """
        pairs = [(key, text) for key, texts in values for text in texts if text]
        found = self._look(match_texts, [text for _key, text in pairs])
        return list(dict.fromkeys(pairs[number][0] for number in found))

    def find_idle_lines(self, values):
        """Return the lines, as they were written, that fit none of the values; errors as ``find_keys``."""
        idle = self._look(find_idle_lines, [text for _key, texts in values for text in texts if text])
        return [self.written.get(line, line) for line in idle]

    def _look(self, look, texts):
        return look(texts, self.mode, self.values, self.wildcards, self.case_sensitive, get_budget(self.cr))


def list_values(row):
    """Return the values that the field of a row can have now: list of (key, its texts).

    The key is the id of a record, or the value itself. A run asks with full rights, a form
    with those of its user: it shows nobody a name that this person may not read.

    :raise ValidationError: for a field that is gone, that this person may not read, or with too many values
    """
    [field] = get_chosen(row, "field_id")
    if not row.env.su:
        _check_readable(field, row.env)
    if field.type == "selection":
        values = _list_choices(field, row.env)
    elif field.type == "char":
        values = _list_texts(field, row.campaign_id)
    else:
        values = _list_records(field, row.env)
    if len(values) > MOST_VALUES and field.type != "selection":
        raise ValidationError(
            row.env._(
                "“%(field)s” has more than %(limit)s different values: use the own filter of the campaign instead.",
                field=row.field_id.field_description,
                limit=MOST_VALUES,
            )
        )
    return values


def _check_readable(field, env):
    is_readable = env["crm.lead"]._has_field_access(field, "read")
    if is_readable and field.relational:
        is_readable = env[field.comodel_name].has_access("read")
    if not is_readable:
        raise ValidationError(env._("You may not see the values of “%s”.", field._description_string(env)))


def _list_choices(field, env):
    labels = [dict(field._description_selection(each)) for each in get_language_envs(env)]
    return [(key, (key, *(names[key] for names in labels))) for key in labels[0]]


def _list_texts(field, campaign):
    leads = campaign.env["crm.lead"].with_context(active_test=False)
    domain = Domain(field.name, "!=", False) & get_company_domain(campaign)
    return [(value, (value,)) for [value] in leads._read_group(domain, [field.name], limit=MOST_VALUES + 1)]


def _list_records(field, env):
    """What a campaign takes must not depend on the language of who starts it: records have names in all of them."""
    records = env[field.comodel_name].with_context(active_test=False).search([], limit=MOST_VALUES + 1)
    views = [list_names(records.with_env(each).with_context(active_test=False)) for each in get_language_envs(env)]
    return [
        (record_id, tuple(dict.fromkeys(text for names in same for text in names)))
        for record_id, *same in zip(records.ids, *views, strict=True)
    ]


def list_names(records):
    """Return for each record the texts under which it can be named, its own first."""
    if records._name == "crm.lead.status":
        return list_status_names(records)
    if records._name == "utm.campaign":
        return [(record.title, record.name) for record in records]
    if records._name == "res.country.state":  # its own name has its country behind it
        return [(record.display_name, record.name) for record in records]
    return [(record.display_name,) for record in records]


def name_stranger(field_name, text):
    """Return the texts under which a value of a field can be named that does not exist, as ``list_names`` does."""
    return (normalize_code(text), text) if field_name == "lead_status_id" else (text,)
