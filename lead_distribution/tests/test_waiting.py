"""The list of waiting leads: what comes is in it in the same moment, what somebody has is not."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from ..applying.locks import one_at_a_time
from ..live import catching_up
from ..live.catching_up import follow_changes, make_due
from ..live.changes import leave_room
from ..live.rows import is_anything_due
from ..live.sweeping import forget_old, sweep
from .common import DistributionCase


class WaitingCase(DistributionCase):
    """Ann's, Bob's and Cem's campaign is live; nothing is handed out unless a test does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.is_live = True
        cls.waiting = cls.env["lead.distribution.waiting"]
        cls.not_taken = cls.env["lead.distribution.not.taken"]

    def rows(self, leads):
        return self.waiting.search([("lead_id", "in", leads.ids)])

    def refuse(self, lead, campaign=None):
        """Note, as the worker does, that no campaign takes a lead."""
        follow_changes(self.env)
        self.rows(lead).unlink()
        reasons = {str((campaign or self.campaign).id): "status"}
        return self.not_taken.create({"lead_id": lead.id, "looked_on": fields.Datetime.now(), "reasons": reasons})

    def wait(self, lead, reason, campaign=None):
        """Note, as the worker does, that a lead waits for a campaign until tomorrow."""
        follow_changes(self.env)
        row = self.rows(lead)
        row.write({"reason": reason, "campaign_id": (campaign or self.campaign).id, "next_try": self.tomorrow})
        return row

    @property
    def tomorrow(self):
        return fields.Datetime.now() + timedelta(days=1)

    def is_due(self, row):
        follow_changes(self.env)  # as the worker does first
        return row.next_try <= fields.Datetime.now()


@tagged("post_install", "-at_install")
class TestWaiting(WaitingCase):
    def test_a_lead_that_nobody_has_waits_from_the_moment_it_is_made(self):
        lead = self.make_leads()
        self.assertRecordValues(self.rows(lead), [{"reason": "new", "tries": 0, "campaign_id": False}])
        self.assertTrue(self.is_due(self.rows(lead)))

    def test_whoever_makes_a_lead_needs_no_right_to_the_list(self):
        stranger = self.make_user("olga", "base.group_user,sales_team.group_sale_salesman")
        lead = self.env["crm.lead"].with_user(stranger).create({"name": "Typed in", "user_id": False, "type": "lead"})
        self.assertEqual(len(self.rows(lead)), 1)

    def test_a_lead_with_a_salesperson_an_opener_or_put_away_does_not_wait(self):
        leads = self.make_leads(user_id=self.ann.id) + self.make_leads(open_user_id=self.bob.id)
        leads += self.make_leads(active=False)
        self.assertFalse(self.rows(leads))

    def test_without_a_live_campaign_nothing_waits(self):
        self.campaign.is_live = False
        self.assertFalse(self.rows(self.make_leads(2)))

    def test_an_archived_campaign_is_not_live(self):
        self.campaign.action_archive()
        self.assertFalse(self.campaign.live_since)
        self.assertFalse(self.rows(self.make_leads()))
        self.campaign.action_unarchive()
        self.assertTrue(self.campaign.live_since)
        self.assertTrue(self.rows(self.make_leads()))

    def test_a_campaign_concerns_the_leads_of_its_company_and_of_none(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self.rows(self.make_leads(company_id=elsewhere.id)))
        self.assertTrue(self.rows(self.make_leads(company_id=False)))
        self.assertTrue(self.rows(self.make_leads(company_id=self.campaign.company_id.id)))
        self.campaign.company_id = False
        self.assertTrue(self.rows(self.make_leads(company_id=elsewhere.id)))

    def test_whoever_gets_a_lead_takes_it_out_of_the_list(self):
        leads = self.make_leads(4)
        leads[0].user_id = self.ann
        leads[1].open_user_id = self.bob
        leads[2].active = False
        self.assertEqual(self.rows(leads).lead_id, leads[3])
        leads[3].unlink()
        self.assertFalse(self.waiting.search([("lead_id", "in", leads.ids)]))

    def test_a_lead_that_is_taken_away_unarchived_or_changed_comes_back(self):
        leads = self.make_leads(4, user_id=self.ann.id)
        leads[:1].user_id = False
        leads[1:2].write({"active": False, "user_id": False})
        self.assertEqual(self.rows(leads).lead_id, leads[0])
        leads[1:2].active = True
        self.assertEqual(self.rows(leads).lead_id, leads[:2])
        came_before = self.make_leads()
        self.rows(came_before).unlink()
        for values in ({"type": "opportunity"}, {"lead_status_id": self.status["utr"].id}, {"tag_ids": []}):
            came_before.write(values)
            self.assertEqual(len(self.rows(came_before)), 1, values)
            self.rows(came_before).unlink()

    def test_a_change_that_makes_no_lead_fit_puts_nothing_in(self):
        lead = self.make_leads()
        self.rows(lead).unlink()
        lead.write({"description": "x", "color": 3})
        self.assertFalse(self.rows(lead))
        self.campaign.own_domain = "[('color', '=', 3)]"
        lead.color = 4
        self.assertTrue(self.rows(lead), "the own filter asks for it")

    def test_the_change_of_a_waiting_lead_has_it_tried_at_once(self):
        lead = self.make_leads()
        row = self.wait(lead, "no_eligible")
        lead.lead_status_id = self.status["utr"]
        self.assertTrue(self.is_due(row))
        self.assertEqual(row.campaign_id, self.campaign)

    def test_made_and_given_to_somebody_in_one_transaction_it_does_not_wait(self):
        lead = self.make_leads()
        lead.write({"user_id": self.ann.id, "lead_status_id": self.status["utr"].id})
        self.assertFalse(self.rows(lead))

    def test_leads_that_are_merged_leave_one_that_waits_or_one_that_somebody_has(self):
        leads = self.make_leads(2, email_from="x@example.com")
        leads.merge_opportunity(user_id=False)
        self.assertEqual(self.rows(leads).lead_id, leads.exists())
        held = self.make_leads(1, email_from="y@example.com", user_id=self.ann.id)
        other = self.make_leads(1, email_from="y@example.com")
        merged = (held + other).merge_opportunity()
        self.assertEqual((len(self.rows(held + other)), bool(merged.holder_id)), (0, True))

    def test_a_lead_that_no_campaign_took_waits_again_when_it_changes_and_is_forgotten_when_somebody_has_it(self):
        first, second = self.make_leads(2)
        self.refuse(first)
        self.refuse(second)
        first.lead_status_id = self.status["utr"]
        second.user_id = self.ann
        self.assertFalse(self.not_taken.search([("lead_id", "in", (first + second).ids)]))
        self.assertEqual(self.rows(first + second).lead_id, first)

    def test_a_run_that_hands_out_takes_out_and_one_that_is_taken_back_puts_nothing_in(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        self.assertEqual((len(leads.filtered("holder_id")), len(self.rows(leads))), (3, 0))
        self.make_past(run)
        run.action_revert()
        self.assertEqual((len(leads.filtered("holder_id")), len(self.rows(leads))), (0, 0))
        self.assertEqual(sweep(self.env), 0, "who took them back does not want them out again at once")
        self.assertFalse(self.rows(leads))

    def test_a_salesperson_who_gives_a_lead_away_out_of_sight_puts_it_in(self):
        lead = self.make_leads(user_id=self.ann.id)
        lead.with_user(self.ann).write({"user_id": False})
        self.assertEqual(len(self.rows(lead)), 1)

    def test_the_statements_of_making_leads(self):
        def count(number):
            before = self.env.cr.sql_log_count
            self.make_leads(number)
            self.env.flush_all()
            self.env.cr.flush()  # as committing does
            return self.env.cr.sql_log_count - before

        live = {}
        for number in (1, 150):
            count(number)
            live[number] = count(number)
        self.campaign.is_live = False
        for number in (1, 150):
            count(number)
            self.assertEqual(live[number] - count(number), 2, number)
        with patch("odoo.addons.lead_distribution.models.lead.lead.note_new"):
            without = count(1)
        self.assertEqual(count(1), without, "not one statement where no campaign is live")

    def test_making_a_lead_for_somebody_costs_nothing(self):
        def count():
            before = self.env.cr.sql_log_count
            self.make_leads(user_id=self.ann.id)
            self.env.flush_all()
            self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        count()
        live = count()
        self.campaign.is_live = False
        count()
        self.assertEqual(count(), live)


@tagged("post_install", "-at_install")
class TestWoken(WaitingCase):
    """The scheduler is woken once a transaction; a savepoint that is taken back does not count."""

    def setUp(self):
        super().setUp()
        self.env.cr.flush()
        self.triggers.unlink()

    @property
    def triggers(self):
        cron = self.env.ref("lead_distribution.ir_cron_live")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def test_many_leads_wake_once(self):
        for _number in range(3):
            self.make_leads(2)
        self.env.cr.flush()
        self.assertEqual(len(self.triggers), 1)
        self.assertLessEqual(self.triggers.call_at, fields.Datetime.now())

    def test_a_savepoint_that_is_taken_back_leaves_the_others_to_wake(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.make_leads()
            raise ZeroDivisionError
        self.make_leads()
        self.env.cr.flush()
        self.assertEqual(len(self.triggers), 1)

    def test_later_moments_do_not_pile_up(self):
        now = fields.Datetime.now()
        for minutes in (30, 40, 20, 25):
            self.waiting.wake(now + timedelta(minutes=minutes))
        self.assertEqual(len(self.triggers), 2)
        self.assertEqual(min(self.triggers.mapped("call_at")), now + timedelta(minutes=20))

    def test_a_moment_that_has_passed_is_now(self):
        self.waiting.wake(fields.Datetime.now() - timedelta(minutes=5))
        self.assertEqual(len(self.triggers), 1)


@tagged("post_install", "-at_install")
class TestTriedAgain(WaitingCase):
    """What happens to people and settings has waiting leads tried at once."""

    def setUp(self):
        super().setUp()
        self.lead = self.make_leads()

    def assert_due(self, row, what):
        self.assertTrue(self.is_due(row), what)
        row.next_try = self.tomorrow

    def test_members_and_limits_of_the_campaign(self):
        row = self.wait(self.lead, "everybody_full")
        dan = self.make_user("dan")
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        self.assert_due(row, "a new member")
        self.campaign.member_ids[-1].active = False
        self.assert_due(row, "a member that is set inactive, and others again")
        cap = self.env["lead.distribution.cap"].create({"user_id": self.ann.id, "maximum": 3})
        self.assert_due(row, "a limit in all campaigns")
        cap.maximum = 4
        self.assert_due(row, "a limit that rose")
        cap.unlink()
        self.assert_due(row, "a limit that went")
        self.campaign.max_leads = 5
        self.assert_due(row, "a setting of the campaign")

    def test_what_code_writes_on_people_and_campaigns_has_nothing_tried(self):
        row = self.wait(self.lead, "everybody_full")
        self.campaign.member_ids.write({"rotation_turns": 3, "last_received": fields.Datetime.now()})
        self.campaign.next_run = self.tomorrow
        self.campaign.message_post(body="x")
        self.assertFalse(self.is_due(row))

    def test_other_campaigns_have_nothing_tried(self):
        row = self.wait(self.lead, "everybody_full")
        other = self.make_campaign("Not live", self.ann)
        other.max_leads = 3
        other.member_ids.unlink()
        second = self.make_campaign("Live, too", self.ann, is_live=True)
        self.wait(self.lead, "everybody_full")
        second.max_leads = 3
        self.assertFalse(self.is_due(row))

    def test_a_lead_that_is_closed_given_away_archived_or_deleted_makes_room(self):
        mine = self.make_leads(5, user_id=self.ann.id)
        row = self.wait(self.lead, "everybody_full")
        mine[0].lead_status_id = self.status["lost"]
        self.assert_due(row, "closed")
        mine[1].with_user(self.ann).write({"user_id": self.bob.id})
        self.assert_due(row, "given away")
        mine[2].action_archive()
        self.assert_due(row, "archived")
        mine[3].unlink()
        self.assert_due(row, "deleted")
        mine[4].description = "only worked on"
        self.assertFalse(self.is_due(row))

    def test_room_for_one_concerns_those_who_wait_for_it(self):
        mine = self.make_leads(user_id=self.ann.id)
        row = self.wait(self.lead, "no_eligible")
        mine.lead_status_id = self.status["lost"]
        self.assertFalse(self.is_due(row))

    def test_rules_that_change_have_leads_looked_at_that_they_refused(self):
        self.refuse(self.lead)
        other = self.make_campaign("Not live", self.ann)
        other.exclude_closed = False
        follow_changes(self.env)
        self.assertFalse(self.rows(self.lead))
        self.env["lead.distribution.filter"].create(
            {"campaign_id": self.campaign.id, "field_name": "source_id", "values_text": "web"}
        )
        follow_changes(self.env)
        self.assertTrue(self.rows(self.lead))
        self.assertFalse(self.not_taken.search([("lead_id", "=", self.lead.id)]))

    def test_a_status_that_changes_has_leads_looked_at_that_any_campaign_refused(self):
        self.refuse(self.lead)
        self.status["new"].category = "do_not_call"
        follow_changes(self.env)
        self.assertTrue(self.rows(self.lead))
        self.assertFalse(self.not_taken.search([("lead_id", "=", self.lead.id)]))

    def test_a_campaign_that_stops_leaves_its_leads_to_the_others_and_the_last_one_empties_the_lists(self):
        second = self.make_campaign("Live, too", self.ann, is_live=True)
        row = self.wait(self.lead, "nobody_there", second)
        refused = self.refuse(self.make_leads())
        second.is_live = False
        self.assertTrue(self.is_due(row))
        self.campaign.is_live = False
        follow_changes(self.env)
        self.assertFalse(row.exists() or refused.exists())

    def test_the_last_one_empties_the_lists_also_where_nobody_has_asked_yet_which_are_live(self):
        row = self.wait(self.lead, "nobody_there")
        self.env.registry.clear_cache()  # as in a process that has just begun
        self.campaign.is_live = False
        follow_changes(self.env)
        self.assertFalse(row.exists())

    def test_a_live_campaign_that_is_deleted_leaves_its_leads_to_the_others(self):
        second = self.make_campaign("Live, too", self.ann, is_live=True)
        row = self.wait(self.lead, "nobody_there", second)
        second.unlink()
        self.assertTrue(row.exists())
        self.assertTrue(self.is_due(row))
        self.campaign.unlink()
        follow_changes(self.env)
        self.assertFalse(row.exists())


@tagged("post_install", "-at_install")
class TestChanges(WaitingCase):
    """Who changes something leaves a line for the worker, and writes no waiting lead: the worker has them in hand."""

    def setUp(self):
        super().setUp()
        self.lead = self.make_leads()
        follow_changes(self.env)
        self.earlier = fields.Datetime.now() - timedelta(minutes=5)
        self.changes = self.env["lead.distribution.change"]

    def list_left(self):
        return [(change.kind, change.campaign_id) for change in self.changes.search([])]

    def test_what_is_due_is_written_by_nobody_who_saves_a_setting_pauses_or_tries_it_now(self):
        row = self.rows(self.lead)
        row.next_try = self.earlier
        self.env.flush_all()
        number = self.env.execute_query(SQL("SELECT xmin FROM lead_distribution_waiting WHERE id = %s", row.id))
        self.campaign.max_leads = 5
        self.campaign.member_ids[0].weight = 7
        self.ann.action_pause_leads()
        self.ann.action_resume_leads()
        make_due(self.env, SQL("TRUE"))
        self.env.flush_all()
        again = self.env.execute_query(SQL("SELECT xmin FROM lead_distribution_waiting WHERE id = %s", row.id))
        self.assertEqual((row.next_try, again), (self.earlier, number))
        self.assertEqual(set(self.list_left()), {("rules", self.campaign), ("people", self.campaign)})

    def test_who_comes_back_after_the_worker_has_looked_has_the_lead_tried_by_its_next_batch(self):
        for user in (self.ann, self.bob, self.cem):
            user.action_pause_leads()
        self.env["lead.distribution.campaign"].hand_out_waiting()
        self.assertEqual(self.rows(self.lead).reason, "nobody_there")
        self.assertFalse(is_anything_due(self.env))
        self.bob.action_resume_leads()
        self.assertTrue(is_anything_due(self.env))
        self.env["lead.distribution.campaign"].hand_out_waiting()
        self.assertEqual(self.lead.user_id, self.bob)
        self.assertEqual((self.list_left(), is_anything_due(self.env)), ([], False))

    def test_who_had_the_lock_while_something_changed_wakes_the_worker_that_has_tried_in_vain(self):
        self.rows(self.lead).next_try = self.tomorrow
        cron = self.env.ref("lead_distribution.ir_cron_live")
        with one_at_a_time(self.env):
            self.ann.action_pause_leads()
            self.env.cr.flush()
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()  # it came, and left again
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))

    def test_who_had_the_lock_and_failed_wakes_the_worker_that_has_come_in_vain(self):
        cron = self.env.ref("lead_distribution.ir_cron_live")
        self.assertTrue(is_anything_due(self.env))
        self.env.cr.flush()
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()  # it came, and left again
        with self.enter_registry_test_mode(), suppress(TimeoutError), one_at_a_time(self.env):
            raise TimeoutError  # not within assertRaises, which undoes what came of it
        self.assertTrue(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))

    def test_a_change_that_no_lead_waits_for_is_seen_to_once_and_wakes_nobody_again(self):
        self.rows(self.lead).unlink()
        self.campaign.max_leads = 5
        self.assertTrue(is_anything_due(self.env))
        self.env["lead.distribution.campaign"].hand_out_waiting()
        self.assertEqual((self.list_left(), is_anything_due(self.env)), ([], False))

    def test_room_is_told_of_only_while_a_lead_may_wait_for_it(self):
        mine = self.make_leads(3, user_id=self.ann.id)
        self.wait(self.lead, "no_eligible")
        mine[0].lead_status_id = self.status["lost"]
        self.assertEqual(self.list_left(), [])
        self.wait(self.lead, "everybody_full")
        mine[1].lead_status_id = self.status["lost"]
        self.assertEqual(self.list_left(), [("room", self.campaign.browse())])
        self.wait(self.lead, "new").next_try = self.earlier  # the worker may be about to find that everybody is full
        mine[2].lead_status_id = self.status["lost"]
        self.assertEqual(self.list_left(), [("room", self.campaign.browse())])

    def test_room_for_one_has_the_oldest_of_those_tried_that_wait_for_it(self):
        self.patch(catching_up, "FREED", 2)
        leads = self.make_leads(4)
        for hours, lead in enumerate(leads):
            self.wait(lead, "everybody_full").since = fields.Datetime.now() - timedelta(hours=9 - hours)
        # whichever way PostgreSQL takes: row by row it may ask a second time, and then finds the next oldest
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        leave_room(self.env)
        self.env.flush_all()
        follow_changes(self.env)
        due = self.rows(leads).filtered(lambda row: row.next_try <= fields.Datetime.now())
        self.assertEqual(due.lead_id, leads[:2])

    def test_the_statements_of_catching_up_do_not_grow_with_the_leads(self):
        def count(number):
            for lead in self.make_leads(number):
                self.wait(lead, "everybody_full")
            self.campaign.max_leads += 1
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            follow_changes(self.env)
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(2), count(40))


@tagged("post_install", "-at_install")
class TestSweep(WaitingCase):
    """What came without anybody noticing is found."""

    def make_unnoticed(self, count=1, **values):
        leads = self.make_leads(count, **values)
        self.rows(leads).unlink()
        self.env.flush_all()
        return leads

    def test_leads_that_were_missed_are_put_in_once(self):
        leads = self.make_unnoticed(3)
        self.assertEqual(sweep(self.env), 3)
        self.assertEqual(self.rows(leads).mapped("since"), leads.mapped("create_date"))
        self.assertEqual(sweep(self.env), 0)

    def test_what_came_before_is_held_put_away_not_taken_or_of_another_company_is_left_alone(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        before, held, away, refused = self.make_unnoticed(4)
        other = self.make_unnoticed(company_id=elsewhere.id)
        held.user_id = self.ann
        away.active = False
        self.refuse(refused)
        self.env.flush_all()
        hour_ago = fields.Datetime.now() - timedelta(hours=1)
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", (hour_ago, before.id))
        self.assertEqual(sweep(self.env), 0)
        self.assertFalse(self.rows(before + held + away + refused + other))

    def test_without_a_live_campaign_the_lists_are_emptied(self):
        lead = self.make_leads()
        self.env.cr.execute("UPDATE lead_distribution_campaign SET is_live = false")  # by hand, so to say
        self.env.invalidate_all()
        self.assertEqual(sweep(self.env), 0)
        self.assertFalse(self.rows(lead))

    def test_leads_not_taken_are_forgotten_after_a_month(self):
        first, second = (self.refuse(lead) for lead in self.make_leads(2))
        first.looked_on = fields.Datetime.now() - timedelta(days=31)
        self.env.flush_all()
        self.assertEqual(forget_old(self.env), 1)
        self.assertEqual((first + second).exists(), second)

    def test_the_statements_do_not_grow_with_the_leads(self):
        self.make_unnoticed(300)
        self.env.flush_all()
        with self.assertQueryCount(4):
            self.assertEqual(sweep(self.env), 300)


@tagged("post_install", "-at_install")
class TestWaitingRights(WaitingCase):
    def test_managers_of_the_company_see_the_list_and_nobody_writes_it(self):
        row = self.rows(self.make_leads(company_id=self.campaign.company_id.id))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        oli = new_test_user(self.env, "oli@test", "base.group_user,sales_team.group_sale_manager", **there)
        self.assertTrue(row.with_user(self.manager).has_access("read"))
        for user in (self.ann, oli):
            self.assertFalse(row.with_user(user).has_access("read"), user.name)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.with_user(self.manager).has_access(operation), operation)
