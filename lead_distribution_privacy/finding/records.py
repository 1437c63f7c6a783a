"""What of lead distribution concerns a person: by name, by address, or as the lead, contact or user it is about."""

from odoo.tools import SQL

from odoo.addons.lead_distribution.names import MASKED

from .files import find_drafts, find_files

OURS = ("lead.distribution.", "lead.import.", "crm.lead.status")  # prefixes of our models
TEXTS = ("char", "text", "html", "json")
# their texts are looked for in a way of their own
APART = ("lead.import.row", "lead.import.column", "lead.import.value", "lead.distribution.run.member")
# names of salespeople: found with the run, as there may be thousands of rows of one person
STAFF = {"lead.distribution.assignment": ("user_name", "previous_user_name")}
WITH_REASONS = ("lead.distribution.absence", "lead.distribution.presence")  # why somebody is away


def find_records(env, person):
    """Return {name of a model: ids}; a fixed number of statements, and the files that cannot be asked otherwise.

    :param person: ``person.Person``
    """
    env.flush_all()
    partners = _list(env, "SELECT id FROM res_partner WHERE email_normalized = %s OR name ILIKE %s",
                     person.email, _literally(person.name))  # fmt: skip
    users = _list(env, "SELECT id FROM res_users WHERE login ILIKE %s OR partner_id = ANY(%s)",
                  _literally(person.email), partners)  # fmt: skip
    leads = _find_leads(env, person, partners)
    found = {model._name: _find_texts(model, person) for model in list_models(env)}
    found["crm.lead"] = leads
    found["lead.import.row"], from_rows = _find_rows(env, person, leads, partners)
    found["lead.import.batch"] += [*_find_imports(env, person, from_rows), *find_drafts(env, person)]
    found["lead.distribution.assignment"] += _find_history(env, leads)
    found["lead.distribution.run"] += _find_runs(env, person, users)
    found["lead.distribution.experiment.deal"] = _list(
        env, "SELECT id FROM lead_distribution_experiment_deal WHERE lead_id = ANY(%s)", leads
    )
    for name in WITH_REASONS:
        found[name] += _list(env, SQL("SELECT id FROM %s WHERE user_id = ANY(%s)",
                                      SQL.identifier(env[name]._table), users))  # fmt: skip
    found["mail.message"] = _find_told(env, person, "mail_message", "model", ("subject", "body"))
    found["mail.message"] += _find_tracked(env, person)
    found["mail.activity"] = _find_told(env, person, "mail_activity", "res_model", ("summary", "note"))
    found["ir.attachment"] = find_files(env, person)
    return {name: sorted(set(ids)) for name, ids in found.items() if ids}


def list_models(env):
    """Return our models whose texts are looked through field by field."""
    names = [name for name in sorted(env.registry.models) if name.startswith(OURS) and name not in APART]
    return [env[name] for name in names if not env[name]._transient and env[name]._auto]


def list_texts(model):
    """Return the names of the stored fields of a model that hold text."""
    left_out = STAFF.get(model._name, ())
    return [name for name, field in model._fields.items()
            if field.store and field.column_type and field.type in TEXTS and name not in left_out]  # fmt: skip


def _find_texts(model, person):
    names = list_texts(model)
    if not names:
        return []
    return _list(model.env, SQL("SELECT id FROM %s WHERE %s", SQL.identifier(model._table), _says(person, *names)))


def _find_leads(env, person, partners):
    """Return leads, archived ones included, of whom the name stands where a person types it."""
    texts = _says(person, "contact_name", "partner_name", "name", "email_from")
    return _list(env, SQL("SELECT id FROM crm_lead WHERE email_normalized = %s OR partner_id = ANY(%s) OR %s",
                          person.email, partners, texts))  # fmt: skip


def _find_rows(env, person, leads, partners):
    """Return (rows of imports that were started, imports that any rows are of)."""
    words = SQL(" AND ").join(SQL("r.raw::text ~* %s", word) for word in person.get_word_patterns())
    together = SQL("(NOT COALESCE(jsonb_exists(r.values, 'contact_name'), FALSE) AND %s)", words or SQL("FALSE"))
    query = SQL(
        "SELECT r.id, r.batch_id, b.state FROM lead_import_row r JOIN lead_import_batch b ON b.id = r.batch_id "
        "WHERE (r.email_key = %(email)s OR r.lead_id = ANY(%(leads)s) OR r.match_lead_id = ANY(%(leads)s) "
        "OR r.match_partner_id = ANY(%(partners)s) OR %(texts)s OR %(together)s) "
        "AND (r.raw IS NOT NULL OR r.values IS NOT NULL OR r.email_key IS NOT NULL OR r.name_key IS NOT NULL "
        "OR r.phone_keys IS NOT NULL OR r.message ~* %(pattern)s)",
        email=person.email, leads=leads, partners=partners, pattern=person.get_pattern(),
        texts=_says(person, "r.raw", "r.values", "r.message", "r.reason"),
        together=together,
    )  # fmt: skip
    rows = env.execute_query(query)
    return [row[0] for row in rows if row[2] != "draft"], list({row[1] for row in rows})


def _find_imports(env, person, from_rows):
    """Return imports that still have their file, or are being prepared, of those the rows are of; and by samples."""
    return _list(
        env,
        SQL(
            "SELECT id FROM lead_import_batch b WHERE b.id = ANY(%s) AND (b.state = 'draft' OR EXISTS (SELECT FROM "
            "ir_attachment WHERE res_model = 'lead.import.batch' AND res_field = 'file' AND res_id = b.id)) "
            "OR b.id IN (SELECT batch_id FROM lead_import_column WHERE %s) "
            "OR b.id IN (SELECT batch_id FROM lead_import_value WHERE %s)",
            from_rows, _says(person, "name", "samples"), _says(person, "key", "value"),
        ),
    )  # fmt: skip


def _find_history(env, leads):
    query = "SELECT id FROM lead_distribution_assignment WHERE lead_id = ANY(%s) AND lead_name <> %s"
    return _list(env, query, leads, MASKED)


def _find_runs(env, person, users):
    """Return the runs in which somebody received or gave up leads, and that name the person still."""
    name = _literally(person.name)
    query = (
        "SELECT run_id FROM lead_distribution_run_member WHERE (user_id = ANY(%(users)s) OR salesperson_name ILIKE "
        "%(name)s) AND salesperson_name <> %(masked)s UNION SELECT run_id FROM lead_distribution_assignment WHERE "
        "(user_id = ANY(%(users)s) OR user_name ILIKE %(name)s) AND user_name <> %(masked)s UNION "
        "SELECT run_id FROM lead_distribution_assignment WHERE (previous_user_id = ANY(%(users)s) "
        "OR previous_user_name ILIKE %(name)s) AND previous_user_name <> %(masked)s"
    )
    return _list(env, SQL(query, users=users, name=name, masked=MASKED))


def _find_told(env, person, table, column, names):
    """Return what was written beside our records, about the person."""
    query = SQL("SELECT id FROM %s WHERE %s AND %s", SQL.identifier(table), _is_ours(column), _says(person, *names))
    return _list(env, query)


def _find_tracked(env, person):
    """Return the messages beside our records that say of somebody: responsible before, or from now on."""
    tracked = _says(person, "t.old_value_char", "t.new_value_char", "t.old_value_text", "t.new_value_text")
    query = "SELECT m.id FROM mail_message m JOIN mail_tracking_value t ON t.mail_message_id = m.id WHERE %s AND %s"
    return _list(env, SQL(query, _is_ours("m.model"), tracked))


def _is_ours(column):
    name = SQL.identifier(*column.split("."))
    return SQL("(%s LIKE 'lead.distribution.%%' OR %s LIKE 'lead.import.%%')", name, name)


def _says(person, *names):
    """Return the condition that one of these columns names the person."""
    columns = SQL(", ").join(SQL("%s::text", SQL.identifier(*name.split("."))) for name in names)
    return SQL("concat_ws('|', %s) ~* %s", columns, person.get_pattern())


def _literally(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _list(env, query, *arguments):
    query = query if isinstance(query, SQL) else SQL(query, *arguments)
    return [row[0] for row in env.execute_query(query)]
