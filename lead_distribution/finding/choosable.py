# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Which fields of leads a setting may name: one rule for forms, constraints, configurations and runs.

What the database does not keep cannot be searched, a property is no field, and another model's field no lead's.
"""

from typing import NamedTuple

from odoo.exceptions import ValidationError

from .customers import COMMERCIAL, EMAIL_FIELDS, PHONE_FIELDS

KEPT = [("model", "=", "crm.lead"), ("store", "=", True)]
# compared as they lie in the table: no value of each company or language
PLAIN = [*KEPT, ("company_dependent", "=", False), ("translate", "=", False)]
TEXT = [*PLAIN, ("ttype", "=", "char")]

ANY = [*KEPT, ("ttype", "!=", "properties")]
DATE = [*PLAIN, ("ttype", "in", ("date", "datetime"))]
MATCHED = [*KEPT, ("ttype", "in", ("char", "selection", "many2one", "many2many"))]
CONTACT = [
    ("model", "=", "crm.lead"), ("relation", "=", "res.partner"), ("ttype", "=", "many2one"),
    ("company_dependent", "=", False), "|", ("store", "=", True), ("name", "=", COMMERCIAL),
]  # fmt: skip
EMAIL = [*TEXT, ("name", "not in", ("name", *PHONE_FIELDS))]
PHONE = [*TEXT, ("name", "not in", ("name", *EMAIL_FIELDS))]
SOURCE = [*KEPT, ("ttype", "in", ("char", "selection", "many2one"))]
NUMBER = [*PLAIN, "|", ("name", "=", "priority"), ("ttype", "in", ("integer", "float", "monetary"))]
LIST = [*KEPT, ("ttype", "=", "many2many")]

# setting → the fields that it may name, as a domain of ``ir.model.fields``
CHOOSABLE = {
    "window_field_id": DATE,
    "required_field_ids": ANY,
    "sales_date_field_id": DATE,
    "sales_partner_field_id": CONTACT,
    "sales_opportunity_partner_field_id": CONTACT,
    "sales_email_field_id": EMAIL,
    "sales_opportunity_email_field_id": EMAIL,
    "sales_phone_field_id": PHONE,
    "sales_opportunity_phone_field_id": PHONE,
    "dropback_required_field_ids": ANY,
    "field_id": MATCHED,  # of a filter
    "date_field_id": DATE,  # of an age of dropback
}
# the other settings are the campaign's
PARTS = {"field_id": "lead.distribution.filter", "date_field_id": "lead.distribution.dropback.threshold"}


class Choice(NamedTuple):
    """A field of leads (``ir.model.fields``) that a campaign names, and what it is for, as people read it."""

    campaign: object
    label: str
    field: object


def get_choices(setting):
    """Return the fields that a setting may name, as a form wants its domain."""
    return repr(CHOOSABLE[setting])


def find_choosable(env, name, domain):
    """Return the lead's field of a name as ``ir.model.fields``, empty if it is none that may be chosen.

    :param domain: of ``CHOOSABLE``, or as those
    """
    return env["ir.model.fields"]._get("crm.lead", name).filtered_domain(domain)


def refuse_unfit(records, settings):
    """Refuse fields that cannot be used for what a setting of these records says.

    :param settings: names of fields of the records, which stand in ``CHOOSABLE``
    :raise ValidationError: with what to choose instead
    """
    _ = records.env._
    problems = [
        _("“%(setting)s” cannot be “%(field)s”: %(instead)s", setting=_get_label(records, name),
          field=unfit.field_description, instead=_tell_choices(name, _))
        for record in records.sudo()  # fields are the administrator's
        for name in settings
        for unfit in record[name] - record[name].filtered_domain(CHOOSABLE[name])
    ]  # fmt: skip
    if problems:
        raise ValidationError("\n".join(dict.fromkeys(problems)))


def get_chosen(record, setting, usual=None):
    """Return the lead's fields that a setting names; or the usual one, by its name, where it names none.

    :raise ValidationError: if leads do not have the field any more, or it cannot be used; it stops the run
    """
    lead_fields, chosen = record.env["crm.lead"]._fields, record.sudo()[setting]  # as ``refuse_unfit``
    lost = chosen - chosen.filtered_domain(CHOOSABLE[setting]).filtered(lambda field: field.name in lead_fields)
    if lost:
        raise ValidationError(
            record.env._(
                "“%(setting)s” of “%(campaign)s” cannot be “%(field)s” any more: %(instead)s",
                setting=_get_label(record, setting),
                campaign=_get_campaign(record).name,
                field=lost[0].field_description or lost[0].name,
                instead=_tell_choices(setting, record.env._),
            )
        )
    names = chosen.mapped("name") or ([usual] if usual else [])
    return [lead_fields[name] for name in names]


def find_choosing(chosen):
    """Yield where campaigns name some fields of leads (``ir.model.fields``): a ``Choice`` each, of all companies."""
    env = chosen.env
    for setting in CHOOSABLE:
        # the field is everybody's
        model = env[PARTS.get(setting, "lead.distribution.campaign")].sudo().with_context(active_test=False)
        for record in model.search([(setting, "in", chosen.ids)]):
            label = record.display_name if setting == "field_id" else _get_label(record, setting)
            yield from (Choice(_get_campaign(record), label, field) for field in record[setting] & chosen.sudo())


def _get_campaign(record):
    return record.campaign_id if "campaign_id" in record._fields else record


def _get_label(record, setting):
    return record._fields[setting]._description_string(record.env)


def _tell_choices(setting, _):
    """Return what to choose, the end of a sentence."""
    kind = CHOOSABLE[setting]
    if kind is DATE:
        return _("choose a date that is saved with each lead, such as the one on which it was created.")
    if kind is CONTACT:
        return _("choose a contact that is saved with each lead, such as the customer.")
    if kind is EMAIL:
        return _("choose a text that is saved with each lead and holds email addresses.")
    if kind is PHONE:
        return _("choose a text that is saved with each lead and holds phone numbers.")
    if kind is MATCHED:
        return _("choose a text, a selection or names that are saved with each lead, such as the source.")
    return _("choose a field that is saved with each lead, and no property.")
