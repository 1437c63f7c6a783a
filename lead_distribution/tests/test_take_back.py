"""Leads whose deadline was missed go to somebody who has not had them, or stay where they are, and it is told."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.following.take_back import take_back
from odoo.addons.lead_distribution.models.base.ways import get_ways

from .common import DistributionCase


class TakeBackCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"first_action_hours": 1, "on_missed": "take_back", "user_id": cls.manager.id})

    def give(self, count=1, *users, **values):
        """Hand leads out to these people; return the rows of the history, of two hours ago."""
        leads = self.make_leads(count, **values)
        run = self.campaign.distribute(lead_ids=leads.ids, user_ids=[user.id for user in users] or None)
        rows = run.assignment_ids.filtered(lambda row: row.state == "done")
        self.assertEqual(len(rows), count)
        return self.miss(rows)

    def miss(self, rows, checkpoint="action"):
        """Pretend that rows were handed out two hours ago, and were due an hour ago."""
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET distributed_on = %(on)s, received_on = %(on)s, write_date = %(on)s "
            "WHERE id IN %(ids)s",
            {"on": now - timedelta(hours=2), "ids": tuple(rows.lead_id.ids)},
        )
        self.env.invalidate_all()
        due = now - timedelta(hours=1)
        rows.write(
            {
                "applied_on": now - timedelta(hours=2),
                "deadline_state": "missed",
                "checkpoint": checkpoint,
                "missed_checkpoint": checkpoint,
                "due_on": due,
                "missed_on": due,
                "check_on": now,
            }
        )
        return rows

    def take_back(self, rows):
        done = take_back(get_ways(rows.campaign_id.sudo()), rows)
        self.env.flush_all()
        self.env.invalidate_all()
        return done

    def get_minutes(self, row):
        """Return in how many minutes a lead is tried again."""
        return round((row.check_on - fields.Datetime.now()).total_seconds() / 60)

    def count_messages(self, user):
        return self.env["mail.message"].search([("partner_ids", "in", user.partner_id.ids)])


@tagged("post_install", "-at_install")
class TestTakeBack(TakeBackCase):
    def test_a_missed_lead_goes_to_somebody_else_in_the_run_of_the_day_with_its_reason(self):
        row = self.give(1, self.ann)
        done = self.take_back(row)
        lead = row.lead_id
        self.assertIn(lead.user_id, self.bob | self.cem)
        self.assertEqual((lead.open_user_id, lead.holder_id), (lead.user_id, lead.user_id))
        self.assertEqual((done.kind, done.state, done.previous_user_id), ("take_back", "done", self.ann))
        self.assertEqual((done.run_id.origin, done.run_id.state, done.run_id.leads_done), ("take_back", "done", 1))
        self.assertRegex(done.explanation, r"^Taken back from Ann: no first action by .*; 1 day old; ")
        self.assertFalse(row.check_on or row.due_on or row.checkpoint)
        self.assertEqual((row.deadline_state, row.state), ("missed", "done"))

    def test_the_words_do_not_say_that_who_gets_it_had_it_before(self):
        row = self.give(1, self.ann)
        self.campaign.member_ids.filtered(lambda member: member.user_id == self.cem).active = False
        done = self.take_back(row)
        self.assertTrue(
            done.explanation.endswith("only Bob could take it (the others: has had it before)"), done.explanation
        )

    def test_it_never_goes_to_one_who_had_it_until_the_last_one_keeps_it_and_the_responsible_hears(self):
        row = self.give(1, self.ann)
        had = [self.ann]
        for _turn in range(2):
            row = self.take_back(row)
            self.assertNotIn(row.user_id, had)
            had.append(row.user_id)
            self.miss(row)
        self.assertEqual(set(had), {self.ann, self.bob, self.cem})
        before = self.count_messages(self.manager)
        self.assertFalse(self.take_back(row))
        self.assertEqual((row.lead_id.user_id, row.check_on), (had[-1], False))
        self.assertEqual(row.due_on, row.missed_on, "it stays late")
        message = self.count_messages(self.manager) - before
        self.assertEqual(message.subject, "Voice: 1 late lead stays where it is")
        self.assertIn("Everybody has had them", message.body)

    def test_one_who_had_it_by_hand_or_before_the_campaign_does_not_get_it_either(self):
        self.pools(("active_member", [], 0), ("unassigned", [], 0))
        row = self.give(1, self.ann, user_id=self.bob.id)
        self.env["lead.distribution.by.hand"].create({"lead_id": row.lead_id.id, "user_id": self.cem.id})
        self.assertFalse(self.take_back(row))
        self.assertEqual(row.lead_id.user_id, self.ann)

    def test_only_so_many_of_the_last_who_had_it_are_remembered(self):
        self.campaign.take_back_memory = 1
        row = self.give(1, self.ann)
        first = self.take_back(row)
        second = self.take_back(self.miss(first))
        third = self.take_back(self.miss(second))
        self.assertEqual(third.user_id, self.ann)

    def test_what_was_put_back_has_never_been(self):
        row = self.give(1, self.ann)
        first = self.take_back(row)
        self.make_past(first.run_id)
        first.run_id.with_user(self.manager).action_revert()
        self.assertEqual((first.state, row.lead_id.user_id), ("reverted", self.ann))
        self.campaign.member_ids.filtered(lambda m: m.user_id not in self.ann | first.user_id).active = False
        again = self.take_back(self.miss(row))
        self.assertEqual(again.user_id, first.user_id)
        self.assertNotEqual(again.run_id, first.run_id, "a run that was put back grows no more")

    def test_a_lead_that_was_touched_since_stays(self):
        rows = self.give(5, self.ann)
        leads = rows.lead_id
        leads[0].with_user(self.ann).lead_status_id = self.status["in_progress"]
        leads[1].with_user(self.ann).message_post(body="I called", message_type="comment", subtype_xmlid="mail.mt_note")
        leads[2].user_id = self.bob
        leads[3].active = False
        done = self.take_back(rows)
        self.assertEqual(done.lead_id, leads[4])
        self.assertEqual(leads.mapped("user_id") - done.user_id, self.ann | self.bob - done.user_id)
        self.assertEqual(leads[:2].user_id, self.ann)
        self.assertFalse(any(rows.mapped("check_on")))

    def test_full_away_and_too_many_are_tried_again_and_nobody_is_told(self):
        row = self.give(1, self.ann)
        before = self.count_messages(self.manager)
        cap = self.env["lead.distribution.cap"].create(
            {"campaign_id": self.campaign.id, "measure": "open", "maximum": 1}
        )
        self.make_leads(1, user_id=self.bob.id)
        self.make_leads(1, user_id=self.cem.id)
        self.assertFalse(self.take_back(row))
        self.assertEqual(self.get_minutes(row), 60, "an hour after the deadline every hour")
        cap.unlink()
        now = fields.Datetime.now()
        absences = self.env["lead.distribution.absence"].create(
            [
                {"user_id": user.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=9)}
                for user in self.bob | self.cem
            ]
        )
        row.missed_on = now - timedelta(minutes=5)
        self.assertFalse(self.take_back(row))
        self.assertEqual(self.get_minutes(row), 15, "right after it every quarter")
        self.assertFalse(self.campaign.run_ids.filtered(lambda run: run.origin == "take_back"), "no empty runs")
        absences.unlink()
        self.assertFalse(self.count_messages(self.manager) - before)
        self.campaign.max_leads = 1
        rows = row | self.give(1, self.ann)
        done = self.take_back(rows)
        self.assertEqual(len(done), 1)
        [left] = rows.filtered("check_on")
        self.assertEqual(left.check_on.date(), fields.Date.today() + timedelta(days=1))

    def test_who_is_there_but_has_had_it_does_not_end_the_search_while_another_is_away(self):
        row = self.give(1, self.ann)
        now = fields.Datetime.now()
        self.take_back(row)
        row = self.miss(row.lead_id.assignment_ids.filtered(lambda r: r.kind == "take_back"))
        third = (self.bob | self.cem) - row.user_id
        self.env["lead.distribution.absence"].create(
            {"user_id": third.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=9)}
        )
        self.assertFalse(self.take_back(row))
        self.assertTrue(row.check_on)

    def test_do_not_call_stays_and_is_told(self):
        rows = self.give(2, self.ann)
        rows[0].lead_id.sudo().with_context(mail_notrack=True).tag_ids = [
            Command.link(self.env["crm.tag"].create({"name": "dnc"}).id)
        ]
        done = self.take_back(rows)
        self.assertEqual(done.lead_id, rows[1].lead_id)
        self.assertEqual((rows[0].lead_id.user_id, rows[0].check_on), (self.ann, False))
        self.assertIn("It must not be called", self.count_messages(self.manager)[:1].body)

    def test_who_lost_leads_hears_of_it_in_one_message_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.ann.lang = "de_DE"
        rows = self.give(3, self.ann)
        before = self.count_messages(self.ann)
        self.take_back(rows)
        message = self.count_messages(self.ann) - before
        self.assertEqual(len(message), 1)
        self.assertIn("Lead 0", message.body)

    def test_who_gets_them_is_told_as_of_leads_that_come(self):
        done = self.take_back(self.give(2, self.ann))
        self.assertEqual(done.mapped("is_untold"), [True, True])
        self.campaign.notify_salespeople = "none"
        before = self.count_messages(self.ann)
        done = self.take_back(self.give(1, self.ann))
        self.assertEqual(done.mapped("is_untold"), [False])
        self.assertFalse(self.count_messages(self.ann) - before)

    def test_it_counts_as_a_turn_of_who_gets_it(self):
        self.assertEqual(self.take_back(self.give(4, self.ann)).mapped("kind"), ["take_back"] * 4)
        turns = {m.user_id: m.rotation_turns for m in self.campaign.member_ids}
        self.assertEqual((turns[self.bob], turns[self.cem]), (6, 6), "level with Ann's four, and two each")

    def test_the_run_keeps_only_who_was_refused_where_all_others_are_equal(self):
        done = self.take_back(self.give(1, self.ann))
        [group] = done.run_id.line_ups["groups"]
        self.assertEqual(group["ranks"], {str(self.ann.id): "had_before"})
        places = {place.person.id: place.refused_by for place in done.run_id._explain_assignment(done)}
        self.assertEqual(places.pop(self.ann.id), "had_before")
        self.assertEqual(set(places), {self.bob.id, self.cem.id})
        self.assertEqual(set(places.values()), {""})

    def test_the_number_of_statements_does_not_grow_with_the_leads(self):
        def count(rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.take_back(rows)
            return self.env.cr.sql_log_count - before

        count(self.give(2, self.ann))
        few = count(self.give(2, self.ann))
        many = count(self.give(40, self.ann))
        self.assertLessEqual(many, few + 15)

    def test_a_german_and_an_arabic_reader_see_why_in_their_zone(self):
        row = self.give(1, self.ann)
        row.missed_on = row.due_on = "2026-03-02 13:00:00"
        done = self.take_back(row)
        for lang in ("de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
        self.assertIn("3/2/26, 2:00", done.with_context(lang="en_US", tz="Europe/Berlin").explanation)
        self.assertIn("02.03.26, 14:00", done.with_context(lang="de_DE", tz="Europe/Berlin").explanation)
        self.assertTrue(done.with_context(lang="ar_001", tz="Asia/Dubai").explanation)
