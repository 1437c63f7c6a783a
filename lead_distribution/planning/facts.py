"""What the rules look at of the leads: some columns, and what is no column, in one query each for all leads."""

from functools import cache

import pytz

from odoo.tools import SQL

from .. import engine
from ..engine.rules import find_zones
from ..finding.classification import get_class_by_age_sql


class FactReader:
    """Makes the facts of leads, which the rules look at.

    :param names: of the columns in ``Candidate.facts``
    :param looked_up: {fact: {lead id: value}} of what is no column
    :param env: to read countries with
    """

    def __init__(self, names, looked_up, env):
        self.names = names
        self.looked_up = looked_up
        self.env = env

    def read(self, candidate):  # pylint: disable=method-required-super
        """Return the facts of a candidate."""
        facts = candidate.read_facts(self.names)
        facts.update((name, values.get(candidate.id)) for name, values in self.looked_up.items())
        return self.complete(facts)

    def complete(self, facts):
        """Add the facts that follow from others."""
        facts["tag_ids"] = facts.get("tag_ids") or ()
        if "own_zone" in facts:
            country = self.env["res.country"].browse(facts.get("country_id") or [])
            facts["time_zones"] = find_zones(country.code, _zones_of_countries(), facts["own_zone"])
        return facts


@cache
def _zones_of_countries():
    return {code: tuple(zones) for code, zones in pytz.country_timezones.items()}


class LeadReader:
    """Makes the engine's lead of a candidate when its turn comes.

    :param segment: the column by which leads are alike, if it matters
    """

    def __init__(self, book, facts, segment):
        self.book, self.facts, self.segment = book, facts, segment
        self._place = facts.names.index(segment) if segment else None
        self._groups = {}  # so that equal groups are kept once

    def read(self, candidate):  # pylint: disable=method-required-super
        holders = tuple(user for user in (candidate.user_id, candidate.open_user_id) if user)
        return engine.Lead(candidate.id, holders, self.get_group(candidate), (), self.get_segment(candidate))

    def get_group(self, candidate):
        if self.book is None:
            return None
        group = self.book.get_group(self.facts.read(candidate))
        return self._groups.setdefault(group, group)

    def get_segment(self, candidate):
        return None if self._place is None else candidate.facts[self._place]


def look_up_facts(campaign, rules, lead_ids, known):
    """Return {fact: {lead id: value}} of what rules look at and is no column of the lead.

    :param rules: the engine's
    :param known: the same of what is known already
    """
    env, names = campaign.env, {rule.name for rule in rules}
    looked_up = dict(known)
    if "skills" in names and "tag_ids" not in known:
        looked_up["tag_ids"] = find_tags(env, campaign.skill_ids.tag_id, lead_ids)
    if "calling_hours" in names:
        looked_up["own_zone"] = find_own_zones(env, lead_ids)
        env["res.country"].search_fetch([("code", "!=", False)], ["code"])  # into the cache, all at once
    if "class_limit" in names and "classification" not in known:
        looked_up["classification"] = find_classes(env, lead_ids)
    return looked_up


def find_tags(env, tags, lead_ids):
    """Return {lead id: ids of those of the tags that it has}."""
    env["crm.lead"].flush_model(["tag_ids"])
    rows = env.execute_query(
        SQL(
            "SELECT lead_id, array_agg(tag_id) FROM crm_tag_rel "
            "WHERE tag_id = ANY(%s) AND lead_id = ANY(%s) GROUP BY lead_id",
            tags.ids,
            list(lead_ids),
        )
    )
    return dict(rows)


def find_classes(env, lead_ids):
    """Return {lead id: class once it is handed out}: by its age alone, nobody has worked on it then."""
    by_age = get_class_by_age_sql(env["crm.lead"], "crm_lead", SQL("false"))
    rows = env.execute_query(SQL("SELECT id, %s FROM crm_lead WHERE id = ANY(%s)", by_age, list(lead_ids)))
    return {lead_id: name for lead_id, name in rows if name}


def find_own_zones(env, lead_ids):
    """Return {lead id: time zone} of leads whose customer has one."""
    env["crm.lead"].flush_model(["partner_id"])
    env["res.partner"].flush_model(["tz"])
    rows = env.execute_query(
        SQL(
            "SELECT l.id, p.tz FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id "
            "WHERE l.id = ANY(%s) AND p.tz IS NOT NULL",
            list(lead_ids),
        )
    )
    return dict(rows)
