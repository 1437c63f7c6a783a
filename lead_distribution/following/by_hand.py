"""Leads that somebody gives to somebody else by hand: kept in a list, by one statement a write.

Whatever makes it so is by hand: a form, a program, Odoo's own assignment of teams. It is none if one takes or makes a
lead for oneself, or if a file of old leads is imported; what runs and our imports hand out has a history of its own.
"""

from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

NAMES = ("user_id", "open_user_id")  # of whom a lead is given to
KEPT_DAYS = 400


class Gift(NamedTuple):
    """A lead that one person got from another one, in ids; ``previous_id``: who had it."""

    lead_id: int
    campaign_id: int | None
    company_id: int | None
    lead_type: str
    previous_id: int | None
    user_id: int


def is_import_of_files(env):
    """Whether Odoo's import writes: it brings owners of before."""
    return bool(env.context.get("import_file"))


def find_gifts(leads, vals):
    """Return the gifts that a write is going to be; no statement where nobody is given anything.

    :param leads: not written yet
    :param vals: what is written
    """
    people = {vals.get(name) for name in NAMES} - {None, False, leads.env.uid}
    if not people or "distributed_on" in vals or is_import_of_files(leads.env):
        return []
    gifts = []
    for lead in leads.sudo():  # who gives it may not read all of it
        new = {vals[name] for name in NAMES if vals.get(name) in people and vals[name] != lead[name].id}
        gifts += [_make_gift(lead, lead.holder_id.id, user_id) for user_id in sorted(new - {lead.holder_id.id})]
    return gifts


def find_receiving(leads, vals):
    """Return those of some leads that somebody else is going to hold by a write, whoever gives or takes them.

    What a run writes says itself since when. A new salesperson is the new opener, too, where both are one person.

    :param leads: not written yet
    """
    if "received_on" in vals or not vals.keys() & set(NAMES):
        return leads.browse()
    return leads.filtered(lambda lead: _changes_hands(lead.sudo(), vals))  # who gives it may not read all of it


def _changes_hands(lead, vals):
    """Return whether a write gives a lead to somebody who does not hold it."""
    user_id, opener_id = (vals.get(name, lead[name].id) for name in NAMES)
    if "open_user_id" not in vals and lead.open_user_id == lead.user_id:
        opener_id = user_id
    holder_id = opener_id or user_id
    return bool(holder_id) and holder_id != lead.holder_id.id


def is_for_somebody(env, vals):
    """Return whether values of a new lead, or the defaults that the caller gives, say who holds it."""
    return any(vals.get(name, env.context.get(f"default_{name}")) for name in NAMES)


def find_gifts_of_new(leads, vals_list):
    """Return the gifts that leads are which were just made for somebody else."""
    env = leads.env
    if is_import_of_files(env):
        return []
    gifts = []
    for lead, vals in zip(leads.sudo(), vals_list, strict=True):  # who makes it for somebody may not read it
        if "distributed_on" not in vals and "import_batch_id" not in vals:
            people = {lead[name].id for name in NAMES} - {False, env.uid}
            gifts += [_make_gift(lead, None, user_id) for user_id in sorted(people)]
    return gifts


def _make_gift(lead, previous_id, user_id):
    campaign_id, company_id = lead.distribution_campaign_id.id, lead.company_id.id
    return Gift(lead.id, campaign_id or None, company_id or None, lead.type, previous_id or None, user_id)


def note_gifts(env, gifts):
    """Put gifts into the list; inserted only, so nobody waits for anybody.

    :param gifts: list of ``Gift``, of leads that are in the database
    """
    if not gifts:
        return
    columns = list(zip(*gifts, strict=True))
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_by_hand (lead_id, campaign_id, company_id, lead_type, previous_user_id, "
            "user_id, given_by_id, given_on) SELECT g.*, %s, %s FROM "
            "unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::int[], %s::int[]) AS g",
            env.uid, fields.Datetime.now(), *map(list, columns),
        )
    )  # fmt: skip
    env["lead.distribution.by.hand"].invalidate_model(flush=False)


def forget_old(env):
    """Remove what was given so long ago that it counts for nothing."""
    env["lead.distribution.by.hand"].flush_model()
    env.cr.execute(
        SQL(
            "DELETE FROM lead_distribution_by_hand WHERE given_on < %s",
            fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS),
        )
    )
    env["lead.distribution.by.hand"].invalidate_model(flush=False)
