from random import Random

from odoo import models

from ... import engine
from ...finding.candidates import OWN_COLUMNS, Candidate, fetch_candidates
from ...finding.scope import get_leads
from ...planning.request import Trial
from ...work.inside import NO, YES


class LeadDistributionCampaign(models.Model):
    """Who would get this lead now? The line-up of a campaign for one lead, saved or not."""

    _inherit = "lead.distribution.campaign"

    def _explain_who(self, lead):
        """Return (places, {name: why left out}) for a lead, as if it were the first of a run now.

        :param lead: a saved lead, or a new one (``crm.lead.new``) with whatever is known of it
        """
        self.ensure_one()
        self._check_manager()
        campaign = self.sudo().with_context(with_conversions=YES if self.strategy == "optimal" else NO)
        request = Trial(is_solved=False)
        members, left_out = campaign._select_members()
        candidate = campaign._get_candidate(lead)
        book, facts = campaign._get_book_for_one(lead, candidate, members)
        people = campaign._prepare_engine_people(members, campaign.strategy, request)
        ranks = {}
        if book:
            verdicts = book.judge(book.get_group(facts), people)
            ranks = {i: v.refused_by.name if v.refused_by else v.rank for i, v in verdicts.items()}
        group = book.get_group(facts) if book else None
        segment = None
        if campaign._needs_segments():
            segment = candidate.facts[campaign._get_rule_fields().index(campaign.segment_field)]
        places = engine.explain_line_up(
            Random(0).sample(people, len(people)),
            campaign._get_engine_strategy(campaign.strategy, request),
            ranks,
            holders=[user for user in (candidate.user_id, candidate.open_user_id) if user],
            cap_class=book.get_cap_class(group) if book else None,
            is_reversed=bool(book and book.is_reversed(group)),
            segment=segment,
        )
        return places, left_out

    def _get_candidate(self, lead):
        """Return one lead as a candidate, whether the campaign takes it or not."""
        if lead.id:
            one = [("id", "=", lead.id), ("active", "in", [True, False])]
            [candidate] = fetch_candidates(get_leads(self), one, self._get_rule_fields())
            return candidate
        own, facts = (
            [value.id if isinstance(value, models.BaseModel) else value for value in map(lead.__getitem__, names)]
            for names in (OWN_COLUMNS, self._get_rule_fields())
        )
        return Candidate(*own, tuple(facts))

    def _get_book_for_one(self, lead, candidate, members):
        """Return the rule book and the facts of one lead."""
        if lead.id:
            book = self._get_rule_book([lead.id], members, Trial())
            return book, self._get_fact_reader([lead.id])(candidate) if book else None
        facts = candidate.read_facts(self._get_rule_fields()) | {
            "id": 0,
            "tag_ids": lead.tag_ids._origin.ids,
            "classification": "fresh",
            "own_zone": lead.partner_id.tz,
            "partner_id": lead.partner_id.id,
            "email_normalized": lead.email_normalized,
            "phone_sanitized": lead.phone_sanitized or lead._phone_format(fname="phone"),
        }
        book = self._get_rule_book([], members, Trial())
        if book is None:
            return None, facts
        for rule in book.rules:
            rule.add_lead(0, self._find_for_new_lead(rule, lead, facts, members))
        return book, self._complete_facts(facts)

    def _find_for_new_lead(self, rule, lead, facts, members):
        """Return what a rule looks up by lead, for a lead that is not in the database."""
        if rule.name == "known_owner":
            return self._find_known_owners([], members, typed=facts).get(0)
        if rule.name == "preferred":
            preferences, _problems = members._get_preferences()
            return frozenset(key for key, domain in preferences.values() if lead.filtered_domain(domain))
        return None
