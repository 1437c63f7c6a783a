"""Leads are given back by who has them: with a reason, all or none, and each goes to one person or is nobody's."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..following.declinable import count_room
from ..live.queue import put_in
from .common import DistributionCase


class DeclineCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"decline_mode": "next", "user_id": cls.manager.id})

    def give(self, count=1, user=None, campaign=None, **values):
        """Hand leads out to a person; return the leads."""
        leads = self.make_leads(count, **values)
        run = (campaign or self.campaign).distribute(lead_ids=leads.ids, user_ids=[(user or self.ann).id])
        self.assertEqual(run.leads_done, count)
        return leads

    def decline(self, leads, reason="No time", user=None):
        leads.with_user(user or self.ann).action_decline(reason)
        self.env.flush_all()
        self.env.invalidate_all()
        return leads.assignment_ids.filtered(lambda row: row.kind == "decline")

    def get_row(self, lead, user):
        return lead.assignment_ids.filtered(lambda row: row.user_id == user and row.kind != "decline")

    def get_turns(self):
        return {m.user_id: m.rotation_turns for m in self.campaign.member_ids}

    def assertRefused(self, leads, text, reason="No time", user=None):
        with self.assertRaises(UserError) as caught:
            leads.with_user(user or self.ann).action_decline(reason)
        self.assertIn(text, str(caught.exception))

    def get_messages(self, user):
        return self.env["mail.message"].search([("partner_ids", "in", user.partner_id.ids)])


@tagged("post_install", "-at_install")
class TestDecline(DeclineCase):
    def test_a_reason_that_no_text_can_hold_or_is_none_is_refused_or_stored_without_it(self):
        lead = self.give()
        for reason in (None, False, True, 0, 5, -1, 1.5, [], ["x"], {"a": 1}, "", "  ", "\0"):
            self.assertRefused(lead, "Say why, in a few words.", reason)
        self.assertRefused(lead, "at most 500 characters", "x" * 10_000)
        self.assertEqual(lead.user_id, self.ann)
        self.decline(lead, "Far\ud800 <b>away</b>\0")
        self.assertEqual(self.get_row(lead, self.ann).decline_reason, "Far? <b>away</b>")

    def test_the_next_one_gets_it_and_the_history_says_who_declined_and_why(self):
        lead = self.give()
        done = self.decline(lead, "  Does not\n speak Dutch ")
        self.assertIn(lead.user_id, self.bob | self.cem)
        self.assertEqual((lead.open_user_id, lead.holder_id, lead.closer_id), (lead.user_id,) * 3)
        self.assertEqual((done.state, done.previous_user_id, done.user_id), ("done", self.ann, lead.user_id))
        self.assertEqual((done.run_id.origin, done.run_id.leads_done), ("decline", 1))
        self.assertRegex(done.explanation, "^Declined by Ann: Does not speak Dutch; 1 day old; ")
        row = self.get_row(lead, self.ann)
        self.assertEqual((row.decline_reason, bool(row.declined_on), row.state), ("Does not speak Dutch", True, "done"))
        self.assertFalse(row.due_on or row.check_on or row.checkpoint)
        self.assertTrue(done.is_untold, "who gets it hears of it as of leads that come")

    def test_it_never_comes_back_to_one_who_declined_it_by_whatever_way(self):
        lead = self.give()
        self.decline(lead)
        second = lead.user_id
        self.decline(lead, user=second)
        third = lead.user_id
        self.assertEqual(self.ann | second | third, self.ann | self.bob | self.cem)
        self.decline(lead, user=third)
        self.assertFalse(lead.user_id or lead.open_user_id or lead.holder_id or lead.closer_id or lead.received_on)
        message = self.get_messages(self.manager)[:1]
        self.assertEqual(message.subject, "Declined, and nobody has it now: Lead 0")
        self.assertIn(f"declined by {third.name}: No time. Everybody has had them", message.body)
        run = self.campaign.distribute(lead_ids=lead.ids)
        self.assertFalse(lead.user_id, "a run does not give it to them either")
        self.assertEqual(run.left_over, {"had_before": 1})
        dan = self.make_user("dan")
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        self.campaign.is_live = True
        lead.sudo().write({"priority": "2"})
        self.env["lead.distribution.waiting"].search([]).unlink()
        put_in(lead.sudo())
        self.env["lead.distribution.campaign"].with_user(self.manager).hand_out_waiting()
        self.assertEqual(lead.user_id, dan, "nor does a live campaign, which finds who has not declined it")

    def test_whoever_hands_out_by_hand_may_name_one_who_declined(self):
        lead = self.give()
        self.decline(lead)
        wizard = self.env["crm.lead.distribute"].with_user(self.manager).with_context(
            active_model="crm.lead", active_ids=lead.ids
        ).create({"way": "people", "people_ids": self.ann.ids})  # fmt: skip
        wizard.action_plan()
        wizard.refusal_ids.override = True
        wizard.action_plan()
        wizard.action_apply()
        self.assertEqual(lead.user_id, self.ann)

    def test_it_counts_for_nothing_unless_the_campaign_says_so(self):
        self.campaign.max_daily = 2
        before = self.get_turns()[self.ann]
        lead = self.give()
        self.decline(lead)
        row = self.get_row(lead, self.ann)
        self.assertTrue(row.is_uncounted)
        self.assertEqual(self.get_turns()[self.ann], before)
        self.give(2)  # there is room for two more
        self.campaign.decline_counts = True
        turns = self.get_turns()[self.ann]
        self.decline(self.env["crm.lead"].search([("user_id", "=", self.ann.id)], limit=1))
        self.assertEqual(self.get_turns()[self.ann], turns)
        leads = self.make_leads(1)
        run = self.campaign.distribute(lead_ids=leads.ids, user_ids=self.ann.ids)
        self.assertEqual(run.left_over, {"everybody_full": 1})

    def test_who_declined_a_lead_that_came_live_is_next_again_whatever_the_strategy(self):
        for strategy in ("round_robin", "weighted", "proportional"):
            with self.subTest(strategy=strategy):
                campaign = self.make_campaign(f"Live {strategy}", self.ann, self.bob, self.cem, strategy=strategy,
                                              is_live=True, use_window=False)  # fmt: skip
                self.campaign.active = False
                leads = self.make_leads(3)
                self.env["lead.distribution.campaign"].hand_out_waiting()
                self.assertEqual(leads.user_id, self.ann | self.bob | self.cem)
                mine = leads.filtered(lambda lead: lead.user_id == self.ann)
                self.decline(mine)
                other = self.make_leads(1)
                self.env["lead.distribution.campaign"].hand_out_waiting()
                self.assertEqual(other.user_id, self.ann)
                campaign.write({"is_live": False, "active": False})

    def test_each_of_several_leads_that_are_declined_at_once_takes_a_turn_back(self):
        before = self.get_turns()[self.ann]
        self.decline(self.give(3))
        self.assertEqual(self.get_turns()[self.ann], before)

    def test_only_who_has_it_and_only_what_came_from_a_campaign_that_allows_it(self):
        lead, own, closed = self.give(), self.make_leads(1, user_id=self.ann.id), self.give()
        self.env["lead.distribution.waiting"].search([]).unlink()
        self.assertRefused(own, "did not come from a campaign")
        closed.lead_status_id = self.status["lost"]
        self.assertRefused(closed, "is closed")
        with self.assertRaises(AccessError):
            lead.with_user(self.bob).action_decline("No time")
        self.campaign.decline_mode = "off"
        self.assertRefused(lead, "Leads of “Voice” cannot be declined.")
        self.campaign.decline_mode = "next"
        given = self.give()
        given.with_user(self.manager).user_id = self.bob
        self.assertRefused(given, "did not come from a campaign", user=self.bob)
        self.assertRefused(self.env["crm.lead"], "Choose the leads")

    def test_all_or_none_and_all_that_is_in_the_way_is_told_at_once(self):
        leads = self.give(2) | self.make_leads(1, name="Mine", user_id=self.ann.id)
        with self.assertRaises(UserError) as caught:
            leads.with_user(self.ann).action_decline(" ")
        self.assertEqual(
            str(caught.exception).splitlines(), ["“Mine” did not come from a campaign.", "Say why, in a few words."]
        )
        self.assertEqual(leads.user_id, self.ann)

    def test_a_manager_declines_for_others_and_the_limit_is_of_the_person(self):
        self.campaign.write({"decline_limit": 1})
        leads = self.give(3)
        self.decline(leads[:2], user=self.manager)
        self.assertNotIn(self.ann, leads[:2].user_id)
        self.assertRefused(leads[2], "Of “Voice”, 0 of 1 lead can still be declined today.")
        self.env["lead.distribution.assignment"].search([]).filtered("declined_on").declined_on = (
            fields.Datetime.now() - timedelta(days=8)
        )
        self.decline(leads[2])

    def test_the_limit_of_a_day_ends_at_midnight_of_the_person_that_of_a_week_on_monday(self):
        self.campaign.write({"decline_limit": 1, "tz": "UTC"})
        self.ann.tz = "Asia/Tokyo"
        first, second = self.give(), self.give()
        self.decline(first)
        row = self.get_row(first, self.ann)
        from freezegun import freeze_time

        row.declined_on = "2026-03-03 14:59:00"  # Tuesday, one minute before midnight in Tokyo
        with freeze_time("2026-03-03 14:59:30"):
            self.assertEqual(count_room(self.campaign, self.ann), 0)
        with freeze_time("2026-03-03 15:00:30"):
            self.assertEqual(count_room(self.campaign, self.ann), 1)
        self.campaign.decline_period = "week"
        with freeze_time("2026-03-08 14:59:30"):
            self.assertEqual(count_room(self.campaign, self.ann), 0)
        with freeze_time("2026-03-08 15:00:30"):
            self.assertEqual(count_room(self.campaign, self.ann), 1)
        self.assertEqual(second.user_id, self.ann)

    def test_a_reason_of_the_list_by_name_in_any_case_and_language_or_by_id(self):
        self.env["res.lang"]._activate_lang("de_DE")
        reasons = self.env["lead.distribution.decline.reason"].create([{"name": "No time"}, {"name": "Wrong area"}])
        reasons[0].with_context(lang="de_DE").name = "Keine Zeit"
        self.campaign.decline_reason_ids = reasons
        leads = self.give(5)
        self.assertRefused(leads[0], "Choose one of the reasons of “Voice”: No time, Wrong area.", "Because")
        self.assertRefused(leads[0], "Choose one of", 0)
        self.decline(leads[4], "Keine Zeit")
        self.assertEqual(self.get_row(leads[4], self.ann).decline_reason, "No time", "in a language she does not use")
        self.ann.lang = "de_DE"
        self.decline(leads[0].with_context(lang="de_DE"), "keine ZEIT ")
        self.decline(leads[1].with_context(lang="de_DE"), "wrong area")
        self.decline(leads[2], reasons[1].id)
        told = [self.get_row(lead, self.ann).decline_reason for lead in leads[:3]]
        self.assertEqual(told, ["No time", "Wrong area", "Wrong area"])
        reasons[1].active = False
        self.assertRefused(leads[3], "Choose one of", reasons[1].id)

    def test_the_responsible_decides_where_the_campaign_wants_so(self):
        self.campaign.decline_mode = "manager"
        lead = self.give()
        done = self.decline(lead, "Rude")
        self.assertEqual((lead.user_id, done.kind, done.is_uncounted), (self.manager, "decline", True))
        self.assertEqual(done.explanation, "Declined by Ann: Rude; 1 day old; Mia is to decide")
        self.assertFalse(done.due_on or done.check_on, "who decides has no deadline")
        message = self.get_messages(self.manager)[:1]
        self.assertEqual(message.subject, "Ann declined: Lead 0")
        self.assertIn("declined by Ann: Rude", message.body)
        self.assertFalse(done.is_untold)

    def test_what_was_handed_out_by_hand_goes_back_to_who_has_done_it(self):
        lead = self.make_leads(1)
        wizard = self.env["crm.lead.distribute"].with_user(self.manager).with_context(
            active_model="crm.lead", active_ids=lead.ids
        ).create({"way": "people", "people_ids": self.ann.ids})  # fmt: skip
        wizard.action_plan()
        wizard.action_apply()
        self.assertEqual(lead.user_id, self.ann)
        self.decline(lead)
        self.assertEqual(lead.user_id, self.manager)

    def test_a_decline_can_be_reverted_as_any_run(self):
        lead = self.give()
        done = self.decline(lead)
        self.make_past(done.run_id)
        done.run_id.with_user(self.manager).action_revert()
        self.assertEqual((lead.user_id, done.state), (self.ann, "reverted"))

    def test_what_counts_for_nothing_takes_no_turn_when_it_is_put_back(self):
        self.campaign.write({"decline_mode": "manager", "user_id": self.bob.id})
        self.give(2, self.bob)
        turns = self.get_turns()[self.bob]
        done = self.decline(self.give())
        self.assertEqual((done.user_id, self.get_turns()[self.bob]), (self.bob, turns))
        self.make_past(done.run_id)
        done.run_id.with_user(self.manager).action_revert()
        self.assertEqual((done.state, self.get_turns()[self.bob]), ("reverted", turns))

    def test_who_decides_and_passes_a_lead_on_has_neither_a_turn_nor_a_lead_more_or_less(self):
        self.campaign.write({"decline_mode": "manager", "user_id": self.bob.id})
        for counts in (False, True):
            self.campaign.decline_counts = counts
            with self.subTest(counts=counts):
                self.give(2, self.bob)
                turns = self.get_turns()[self.bob]
                lead = self.give()
                passed_on = self.decline(lead)
                self.assertEqual(lead.user_id, self.bob)
                lead.with_user(self.bob).action_decline("Not mine either")
                self.assertNotEqual(lead.user_id, self.bob)
                self.assertTrue(passed_on.is_uncounted)
                self.assertEqual(self.get_turns()[self.bob], turns)

    def test_leads_of_two_campaigns_are_declined_together(self):
        other = self.make_campaign("Apple", self.ann, self.bob, decline_mode="next")
        leads = self.give() | self.give(campaign=other)
        self.decline(leads)
        self.assertNotIn(self.ann, leads.user_id)
        self.assertEqual(leads[1].user_id, self.bob)

    def test_another_company_cannot_and_the_lead_stays_within_its_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("sam", "base.group_user,sales_team.group_sale_manager",
                                  company_id=company.id, company_ids=[Command.set(company.ids)])  # fmt: skip
        self.campaign.company_id = self.env.company
        lead = self.give(company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            lead.with_user(stranger).action_decline("No time")
        self.decline(lead)
        self.assertIn(lead.user_id, self.bob | self.cem)

    def test_nor_where_nobody_gets_them(self):
        self.campaign.member_ids.filtered(lambda member: member.user_id != self.ann).active = False
        counts = []
        for number in (2, 2, 20):
            leads = self.give(number)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.decline(leads)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertFalse(leads.user_id or leads.open_user_id or leads.closer_id)
        self.assertLess(counts[2] - counts[1], 18, counts)  # what Odoo does a lead

    def test_the_number_of_statements_does_not_grow_with_the_leads(self):
        def count(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.decline(leads)
            return self.env.cr.sql_log_count - before

        count(self.give(2))
        few, many = self.give(2), self.give(30)
        self.assertLessEqual(count(many), count(few) + 15)


@tagged("post_install", "-at_install")
class TestDeclineForm(DeclineCase):
    def ask(self, leads, user=None, **context):
        action = leads.with_user(user or self.ann).with_context(**context).action_ask_decline()
        wizard = self.env["crm.lead.decline"].with_user(user or self.ann).browse(action["res_id"])
        return action, wizard

    def test_who_has_a_lead_is_asked_why_and_goes_on_with_the_own_leads(self):
        lead = self.give()
        self.assertTrue(lead.with_user(self.ann).can_decline)
        self.assertFalse(lead.with_user(self.manager).can_decline)
        action, wizard = self.ask(lead, lead_distribution_opened=True)
        self.assertEqual(action["name"], "Decline: Lead 0")
        self.assertEqual(wizard.notice, "The next one of “Voice” gets it.")
        with Form(wizard) as form:
            form.reason = "No time"
        answer = wizard.action_give_back()
        self.assertEqual(answer["params"]["message"], "1 lead declined.")
        self.assertEqual(answer["params"]["next"]["path"], "my-leads")
        self.assertNotEqual(lead.user_id, self.ann)

    def test_several_of_a_list_stay_there(self):
        leads = self.give(2)
        action, wizard = self.ask(leads)
        self.assertEqual(action["name"], "Decline: 2 leads")
        wizard.reason = "No time"
        answer = wizard.action_give_back()
        self.assertEqual(answer["params"]["next"]["type"], "ir.actions.act_window_close")
        self.assertEqual(answer["params"]["message"], "2 leads declined.")

    def test_reasons_to_choose_from_and_what_is_left_of_the_limit(self):
        reasons = self.env["lead.distribution.decline.reason"].create([{"name": "A"}, {"name": "B"}, {"name": "C"}])
        self.campaign.write({"decline_reason_ids": reasons[:2].ids, "decline_limit": 2, "decline_mode": "manager"})
        lead = self.give()
        _action, wizard = self.ask(lead)
        self.assertEqual(wizard.choice_ids, reasons[:2])
        self.assertEqual(
            wizard.notice,
            "Whoever is responsible decides who gets it next. Of “Voice”, 2 of 2 leads can still be declined today.",
        )
        other = self.make_campaign("Apple", self.ann, decline_reason_ids=[Command.set(reasons[1:].ids)])
        _action, wizard = self.ask(lead | self.give(campaign=other))
        self.assertEqual(wizard.choice_ids, reasons[1])
        wizard.reason_id = reasons[1]
        wizard.action_give_back()
        self.assertNotEqual(lead.user_id, self.ann)

    def test_leads_with_reasons_to_choose_from_and_without_are_declined_together(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.ann.lang = "de_DE"
        reasons = self.env["lead.distribution.decline.reason"].create([{"name": "Too  far"}, {"name": "No time"}])
        reasons[0].with_context(lang="de_DE").name = "Zu  weit"
        self.campaign.decline_reason_ids = reasons
        other = self.make_campaign("Apple", self.ann, self.bob, user_id=self.manager.id)
        mine, theirs = self.give(), self.give(campaign=other)
        _action, wizard = self.ask(mine | theirs, lang="de_DE")
        wizard = wizard.with_context(lang="de_DE")
        self.assertEqual(wizard.choice_ids, reasons)
        wizard.reason_id = reasons[0]
        wizard.action_give_back()
        self.assertNotIn(self.ann, (mine | theirs).user_id)
        self.assertEqual(self.get_row(mine, self.ann).decline_reason, "Too  far")
        self.assertEqual(self.get_row(theirs, self.ann).decline_reason, "Zu weit")

    def test_of_a_campaign_that_is_archived_nobody_is_next(self):
        lead = self.give()
        self.campaign.action_archive()
        _action, wizard = self.ask(lead)
        self.assertEqual(wizard.notice, "Whoever is responsible decides who gets it next.")
        wizard.reason = "No time"
        wizard.action_give_back()
        self.assertEqual(lead.user_id, self.manager)

    def test_what_cannot_be_declined_is_refused_before_anything_is_asked(self):
        lead = self.make_leads(1, user_id=self.ann.id)
        self.assertFalse(lead.with_user(self.ann).can_decline)
        with self.assertRaises(UserError):
            lead.with_user(self.ann).action_ask_decline()
        with self.assertRaises(AccessError):
            self.env["crm.lead.decline"].with_user(self.bob).create({"lead_ids": self.give().ids})

    def test_german_and_arabic(self):
        for lang in ("de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
            self.ann.lang = lang
            lead = self.give()
            _action, wizard = self.ask(lead, lang=lang)
            wizard = wizard.with_context(lang=lang)
            self.assertTrue(wizard.notice)
            wizard.reason = "ليس لدي وقت"
            wizard.action_give_back()
            self.assertNotEqual(lead.user_id, self.ann)
            self.assertIn("ليس لدي وقت", lead.assignment_ids.filtered(lambda r: r.kind == "decline")[:1].explanation)
