"""Some people come first, and then everybody."""

from .base import Rule


class KnownOwner(Rule):
    """A customer whom somebody knows goes to that person first.

    If that person may not take the lead, or is full, it is for everybody. What "known" means is the campaign's to say.
    """

    name = "known_owner"

    def __init__(self, owners):
        """:param owners: lead id → person id"""
        self.owners = owners

    def add_lead(self, lead_id, value):
        self.owners = {**self.owners, lead_id: value}

    def get_part(self, facts):
        return self.owners.get(facts["id"])

    def judge(self, person, part):
        return 0 if part is None or person.id == part else 1


class Preferred(Rule):
    """Leads that somebody prefers go to those people first, then to everybody."""

    name = "preferred"

    def __init__(self, leads, people):
        """:param leads: lead id → names of the preferences it fits; :param people: person id → name"""
        self.leads = leads
        self.people = people

    def add_lead(self, lead_id, value):
        self.leads = {**self.leads, lead_id: value}

    def get_part(self, facts):
        return self.leads.get(facts["id"], frozenset())

    def judge(self, person, part):
        return 0 if not part or self.people.get(person.id) in part else 1
