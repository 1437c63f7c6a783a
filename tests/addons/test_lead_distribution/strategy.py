from odoo.addons.lead_distribution.engine import Rule, Strategy, register_strategy

PACK = 3


@register_strategy
class Packs(Strategy):
    """Three leads in a row for one person, then three for the next."""

    name = "packs"

    def key(self, candidate):
        full_packs, begun = divmod(candidate.received, PACK)
        return (full_packs, 0 if begun else 1)


class LanguageMatch(Rule):
    """Leads of a language are for people who speak it; leads without are for everybody."""

    name = "language"

    def __init__(self, languages):
        """:param languages: person id → code of the language"""
        self.languages = languages

    def get_part(self, facts):
        return facts["lang_id"]

    def judge(self, person, part):
        return 0 if not part or self.languages[person.id] == part else None
