"""Leads that nobody may call. Checked before everything that hands a lead to anybody, dropback included."""

from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..names import DNC_STATUSES, DNC_TAGS
from .filter_rows import get_domain_without

# what a blacklist is compared with: the lead's column, the list, its column
EMAILS = ("email_normalized", "mail.blacklist", "email")
PHONES = ("phone_sanitized", "phone.blacklist", "number")


def prepare_default_rows(env):
    """Return the commands that make the rows of a new campaign: the usual statuses and tags.

    Tags are what people call them, statuses are named by their codes.
    """
    get_field = env["ir.model.fields"]._get
    shared = {"purpose": "dnc", "kind": "exclude", "mode": "exact"}
    return [
        Command.create({**shared, "field_id": get_field("crm.lead", name).id, "values_text": "\n".join(values)})
        for name, values in (("lead_status_id", DNC_STATUSES), ("tag_ids", _list_tag_names()))
    ]


def _list_tag_names():
    """Return the usual tags as people write them: with underscores, blanks or hyphens; imports read them so, too."""
    return list(dict.fromkeys(tag.replace("_", sign) for tag in DNC_TAGS for sign in "_ -"))


def get_callable_domain(campaign):
    """Return the leads that may be called, or None where the rule is off."""
    if not campaign.use_dnc:
        return None
    domain = get_domain_without(campaign.dnc_filter_ids)
    if campaign.dnc_by_category:
        domain &= _not_by_category(campaign.env)
    if campaign.dnc_email_blacklist:
        domain &= _not_in_blacklist(*EMAILS)
    if campaign.dnc_phone_blacklist:
        domain &= _not_in_blacklist(*PHONES)
    return domain


def get_usual_domain(env, tag_ids):
    """Return the leads that may be called as far as no campaign says more.

    :param tag_ids: of the tags that say that nobody may call
    """
    by_lists = _not_in_blacklist(*EMAILS) & _not_in_blacklist(*PHONES)
    return _not_by_category(env) & Domain("tag_ids", "not in", tag_ids) & by_lists


def find_refused(leads, domain):
    """Return the ids of those of some leads, archived ones included, that may not be called.

    :param leads: crm.lead, with the rights to look with
    :param domain: of the leads that may be called
    """
    leads = leads.with_context(active_test=False)
    return set(leads.ids) - set(leads.search(Domain("id", "in", leads.ids) & domain, order="id").ids)


def _not_by_category(env):
    statuses = env["crm.lead.status"].with_context(active_test=False)
    blocked = statuses.sudo().search([("category", "=", "do_not_call")])  # whoever starts the run
    return Domain("lead_status_id", "not in", blocked.ids)


def _not_in_blacklist(column, blacklist, value):
    """Return the leads whose e-mail or phone is on no active line of a blacklist.

    Not by NOT IN: of a list too long for PostgreSQL's working memory that reads the whole list for each lead.
    """

    def to_sql(model, alias, query):
        lines = model.env[blacklist]
        lines.flush_model([value, "active"])
        return SQL(
            "NOT EXISTS (SELECT FROM %(table)s WHERE %(table)s.active AND %(table)s.%(value)s = %(mine)s)",
            mine=model._field_to_sql(alias, column, query),
            value=SQL.identifier(value),
            table=SQL.identifier(lines._table),
        )

    return Domain.custom(to_sql=to_sql)
