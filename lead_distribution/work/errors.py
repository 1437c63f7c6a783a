"""Errors in words for the people who read them in a row, a run or an answer."""

import re

import psycopg2

from odoo.exceptions import UserError

# where a text of the database begins to quote what somebody wrote
QUOTED = re.compile(r"\n\s*(?:DETAIL|CONTEXT|LINE \d+)\s*:", re.IGNORECASE)
LONGEST = 500  # characters of an error that are kept


def describe_error(error, env):
    """Return an error in words; never what the database quotes of a row.

    PostgreSQL adds the whole row to the constraint that it breaks ("Failing row contains …"),
    and the value to a type that does not fit. Who reads the message need not have the right
    to read the row. An exception that was raised ``from`` one of the database counts as that one.

    :param error: any exception
    :param env: an environment whose transaction works (the savepoint of the error is rolled back)
    :return: at most ``LONGEST`` characters, never empty
    """
    cause = error
    while not isinstance(cause, psycopg2.Error) and cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, psycopg2.Error) and not isinstance(error, UserError):
        return _describe_database_error(cause, env)[:LONGEST]
    text = QUOTED.split(str(error), maxsplit=1)[0].strip()
    return text[:LONGEST] or env._("an error without a message (%s)", type(error).__name__)


def _describe_database_error(error, env):
    if isinstance(error, psycopg2.IntegrityError):
        return _describe_constraint(error, env)
    if isinstance(error, psycopg2.DataError):
        return env._("The database refused a value: it is too long, out of range, or of the wrong kind.")
    if isinstance(error, psycopg2.errors.QueryCanceled):
        return env._("The database took too long.")
    if isinstance(error, (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected)):
        return env._("Somebody else changed the same records at the same moment.")
    if isinstance(error, psycopg2.errors.LockNotAvailable):
        return env._("Somebody else is changing the same records.")
    if isinstance(error, psycopg2.errors.ProgramLimitExceeded):
        return env._("The database refused a value: it is too long.")
    return env._("The database refused the change (code %s).", error.pgcode or "?")


def _describe_constraint(error, env):
    """Return what the model says of its constraint; else what kind of constraint it is, and on which field."""
    table, name = error.diag.table_name, error.diag.constraint_name
    models = [env[key] for key, cls in env.registry.items() if cls._table == table and not cls._abstract]
    for model in models:
        if name in model._table_objects:
            domain = [("name", "=", name), ("model.model", "=", model._name)]
            # a text meant for everybody
            text = env["ir.model.constraint"].sudo().search_fetch(domain, ["message"], limit=1).message
            if text := text or model._table_objects[name].get_error_message(model, error.diag):
                return text
    field = next((model._fields[c] for model in models if (c := error.diag.column_name) in model._fields), None)
    if isinstance(error, psycopg2.errors.NotNullViolation):
        label = field._description_string(env) if field else env._("a field")
        return env._("A value is missing: %s.", label)
    if isinstance(error, psycopg2.errors.UniqueViolation):
        return env._("There is one with the same values already.")
    if isinstance(error, psycopg2.errors.ForeignKeyViolation):
        return env._("It refers to something that does not exist any more, or something refers to it.")
    return env._("The database refused the values: they break a rule.")
