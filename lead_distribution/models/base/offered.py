from odoo import models


class LeadDistributionOffered(models.AbstractModel):
    """What a form that is being filled in refers to, before it is saved: nothing that its user may not read."""

    _name = "lead.distribution.offered"
    _description = "Form That Shows What Its User May Read"

    def onchange(self, values, field_names, fields_spec):
        _check_offered(self, values if self else {**_get_defaults(self.env), **values})
        return super().onchange(values, field_names, fields_spec)


def _check_offered(records, values):
    """Refuse what a form names and its user may not read: Odoo would answer with its name, and work things out of it.

    What the records name already stays: somebody who may read it has chosen it.

    :param records: as the form has them; empty for a new one
    :param values: of the form, as ``onchange`` gets them
    :raise AccessError: if there is any
    """
    if records.env.su:
        return
    named = {name: records._fields[name] for name in values if name in records._fields}
    for name, field in named.items():
        if field.type == "many2one" and values[name]:
            _check(records, field, [values[name]])
        elif field.type in ("one2many", "many2many"):
            _check_commands(records, field, values[name] or ())


def _get_defaults(env):
    """Return what the context gives a new form: {name of a field: value}."""
    return {key.removeprefix("default_"): value for key, value in env.context.items() if key.startswith("default_")}


def _check_commands(records, field, commands):
    lines = records.env[field.comodel_name]
    if all(isinstance(command, int) for command in commands):
        return _check(records, field, commands)
    for command, res_id, value in (tuple(command) + (None, None)[: 3 - len(command)] for command in commands):
        if command in (0, 1) and value:
            _check_offered(lines.browse(res_id if isinstance(res_id, int) else ()), value)
        elif command in (4, 6):
            _check(records, field, value if command == 6 else [res_id])
    return None


def _check(records, field, values):
    """Refuse records, but for those that the field has had before; the form around a line comes with its values."""
    others, ids = records.env[field.comodel_name], []
    for value in values:
        if isinstance(value, dict):
            _check_offered(others.browse(value.get("id") or ()), value)
        ids.append(value.get("id") if isinstance(value, dict) else value)
    chosen = others.browse(each for each in ids if each and isinstance(each, int))  # others are not saved yet
    (chosen.exists() - records.sudo()[field.name]).sudo(False).check_access("read")
