"""Texts are compared in every language: what a run finds must not depend on the language of who starts it."""

from odoo.fields import Domain
from odoo.tools import escape_psql


def get_language_envs(env):
    """Return an environment for each installed language, the caller's first, with the source terms (English)."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [
        env(context={**env.context, "lang": code}) for code in dict.fromkeys([env.lang or "en_US", *codes, "en_US"])
    ]


def find_by_name(records, name, domain=Domain.TRUE, order=None):
    """Return the one record with this name, or none: as written before any case, in the caller's language first.

    :param records: an empty recordset; its context says whether archived ones count
    """
    asked = domain & (Domain("name", "=", name) | Domain("name", "=ilike", escape_psql(name.strip())))
    for one in get_language_envs(records.env):
        found = records.with_context(lang=one.lang).search(asked, order=order)
        if found:
            best_first = found.sorted(lambda record: (record.name != name, record.name != name.strip()))
            return best_first[0].with_env(records.env)
    return records.browse()


def find_named(env, model, names):
    """Return the ids of the records with one of these names in one of the languages; case does not count.

    :param model: one with a name, and few records
    """
    index = _index_names(env, model)
    return sorted({record_id for name in names for record_id in index.get(fold(name), ())})


def find_unknown(env, model, names):
    """Return the names that ``find_named`` finds no record for, in their order."""
    index = _index_names(env, model)
    return [name for name in names if fold(name) not in index]


def index_names(records, normalize=None, field="name"):
    """Return {name in its normal form: id} of some records; names are those of every language.

    Of the same name the first record; the caller's language comes before all others.

    :param normalize: returns the normal form of a text; by default it is without case and blanks around it
    """
    index, normalize = {}, normalize or fold
    for one in get_language_envs(records.env) if records._fields[field].translate else [records.env]:
        seen = records.with_context(lang=one.lang)
        seen.fetch([field])  # all at once, however many they are
        for record in seen.filtered(field):
            index.setdefault(normalize(record[field]), record.id)
    return index


def _index_names(env, model):
    """Return {name without case: ids of the records}."""
    index = {}
    for one in get_language_envs(env):
        # whoever starts the run, all names count
        for record in one[model].sudo().with_context(active_test=False).search([("name", "!=", False)]):
            index.setdefault(fold(record.name), set()).add(record.id)
    return index


def fold(name):
    """Return a name as it is compared: without case and blanks around it."""
    return name.strip().casefold()
