"""Weeks after the hand-out: people come, go, fall ill, act, and do not; what must hold is looked at after each step."""

import logging
import os
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from random import Random

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..names import BY_TURN
from .common import DistributionCase

_logger = logging.getLogger(__name__)

USUAL = {"FIRST": 0, "SEEDS": 1, "STEPS": 30}  # of the chance; more of it: WEEKS_SEEDS=20 WEEKS_STEPS=100 make test …
FIRST, SEEDS, STEPS = (int(os.environ.get(f"WEEKS_{name}", usual)) for name, usual in USUAL.items())
START = datetime(2026, 3, 2, 8)  # a Monday, before a change of the clocks
MOST_A_DAY, MEMORY, DECLINES = 7, 3, 2
# minutes between two steps: of a day at work, then over night
PAUSES = (5, 20, 45, 90, 200, 400, 900)
TAKEN_FROM = ("take_back", "decline")  # kinds of rows whose lead must not go to who had it


@tagged("post_install", "-at_install")
class TestWeeks(DistributionCase):
    """Two campaigns. Of Voice, what is late goes to somebody else, and what is declined to the next one; of Apple, what
    is late stays, and the responsible gets what is declined.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora, cls.eve = cls.make_user("dora"), cls.make_user("eve")
        cls.people = cls.ann + cls.bob + cls.cem + cls.dora + cls.eve
        shared = {
            "first_action_hours": 4,
            "status_change_hours": 12,
            "opportunity_hours": 40,
            "max_daily": MOST_A_DAY,
            "take_back_memory": MEMORY,
            "decline_limit": DECLINES,
            "pull_at_once": 3,
            "user_id": cls.manager.id,
            "younger_than_days": 0,
            "use_window": False,
        }
        cls.campaign.write(
            {
                **shared,
                "is_live": True,
                "on_missed": "take_back",
                "status_change_clock": "clock",
                "member_ids": [Command.create({"user_id": user.id}) for user in (cls.dora, cls.eve)],
            }
        )
        cls.apple = cls.make_campaign("Apple", cls.ann, cls.eve, **shared)
        cls.apple.write({"first_action_clock": "clock", "decline_mode": "manager"})

    def setUp(self):
        super().setUp()
        self.journal = []
        self.leads, self.excused = self.env["crm.lead"], set()
        self.seen = self.newest_row().id or 0
        self.missed, self.snapshots, self.touched = {}, {}, defaultdict(lambda: datetime.min)
        self.counts = Counter()

    def newest_row(self):
        return self.env["lead.distribution.assignment"].search([], order="id desc", limit=1)

    def test_what_must_hold_holds_over_weeks(self):
        for seed in range(FIRST, FIRST + SEEDS):
            with self.subTest(seed=seed), freeze_time(START) as clock:
                self.setUp()
                random, self.clock, self.seed = Random(seed), clock, seed
                steps = [name for name in dir(self) if name.startswith("do_")]
                for _number in range(STEPS):
                    self.wait(random.choice(PAUSES))
                    for step in random.choices(steps, k=3):
                        self.take(step, random)
                    self.take("follow", random)
                _logger.info("Seed %s: %s", seed, dict(self.counts))

    def take(self, step, random):
        """Take a step, and look; a failure tells the steps before it."""
        self.journal.append(f"{self.now:%a %d %H:%M} {step}")
        try:
            getattr(self, step)(random)
            self.check(step == "follow")
        except Exception as error:
            raise AssertionError("\n".join([str(error), "after:", f"seed {self.seed}", *self.journal[-12:]])) from error

    @property
    def now(self):
        return fields.Datetime.now()

    def wait(self, minutes):
        """Let time go by; what happens next has the moment of a transaction of its own."""
        self.env.flush_all()
        self.clock.tick(timedelta(minutes=minutes))
        self.env.cr._now = self.now
        self.env.invalidate_all()

    def follow(self, _random):
        """Do what the scheduled actions do."""
        self.env["lead.distribution.assignment"]._cron_follow()
        self.env["lead.distribution.campaign"].hand_out_waiting()

    # what may happen

    def some(self, random, leads=None, most=3):
        ids = (self.leads if leads is None else leads).exists().ids
        return self.leads.browse(random.sample(ids, min(len(ids), random.randint(1, most))))

    def some_of(self, random, most=3):
        """Return a person, and some of the leads that the person has."""
        user = random.choice(self.people)
        held = self.leads.exists().filtered(lambda lead: lead.active and lead.holder_id == user)
        return user, self.some(random, held, most).with_user(user)

    def touch(self, leads):
        for lead in leads:
            self.touched[lead.id] = self.now

    def do_let_leads_come(self, random):
        self.leads += self.make_leads(random.randint(1, 6), source_date=fields.Date.today())

    def do_let_more_leads_come(self, random):
        self.do_let_leads_come(random)

    def do_set_a_status(self, random):
        _user, leads = self.some_of(random)
        leads.lead_status_id = self.status[random.choice(["in_progress", "call_back", "utr", "lost", "won"])].id
        self.touch(leads)

    def do_write_a_message(self, random):
        _user, leads = self.some_of(random)
        for lead in leads:
            lead.message_post(body="Called", message_type="comment", subtype_xmlid="mail.mt_note")
        self.touch(leads)

    def do_make_it_an_opportunity(self, random):
        _user, leads = self.some_of(random, 1)
        leads.filtered(lambda lead: lead.type == "lead").convert_opportunity(False)
        self.touch(leads)

    def do_decline(self, random):
        _user, leads = self.some_of(random, 1)
        try:
            leads.action_decline("Not for me")
            self.counts["declined"] += len(leads)
        except UserError:
            self.counts["not declined"] += 1
        self.touch(leads)

    def do_pull(self, random):
        campaign, user = random.choice((self.campaign, self.apple)), random.choice(self.people)
        try:
            got = campaign.with_user(user).pull_leads(random.randint(1, 3))
        except UserError:
            self.counts["not pulled"] += 1
            return
        self.assertFalse(got.sudo().filtered(lambda lead: lead.user_id != user))
        self.counts["pulled"] += len(got)

    def do_run(self, random):
        random.choice((self.campaign, self.apple)).distribute(max_leads=random.randint(1, 8))

    def do_give_by_hand(self, random):
        leads = self.some(random).filtered("active").with_user(self.manager)
        user = random.choice(self.people.filtered("active"))
        leads.write({"user_id": user.id, "open_user_id": user.id})
        self.touch(leads)
        self.excused -= set(leads.ids)

    def do_take_away(self, random):
        leads = self.some(random, most=1).with_user(self.manager)
        leads.write({"user_id": False, "open_user_id": False})
        self.touch(leads)
        self.excused -= set(leads.ids)

    def do_put_away(self, random):
        leads = self.some(random, most=1).with_user(self.manager)
        leads.write({"active": False})
        self.touch(leads)

    def do_delete(self, random):
        self.some(random, most=1).unlink()

    def do_pause(self, random):
        user, until = random.choice(self.people), random.choice([None, self.now + timedelta(hours=3)])
        user.with_user(user).action_pause_leads(until=until)

    def do_resume(self, random):
        user = random.choice(self.people)
        user.with_user(user).action_resume_leads()

    def do_enter_an_absence(self, random):
        user = random.choice(self.people)
        start = self.now + timedelta(hours=random.choice([-2, 0, 3, 20]))
        cover = random.choice(["none", "user", "campaign", "campaign"])
        self.env["lead.distribution.absence"].create(
            {
                "user_id": user.id,
                "date_from": start,
                "date_to": max(start, self.now) + timedelta(hours=random.choice([2, 9, 30, 80])),
                "cover": cover,
                "cover_user_id": random.choice(self.people - user).id if cover == "user" else False,
            }
        )
        self.counts["absences"] += 1

    def find_absence(self, random):
        found = self.env["lead.distribution.absence"].search([("date_to", ">", self.now)])
        return found.browse(random.choice(found.ids)) if found else found

    def do_shorten_an_absence(self, random):
        absence = self.find_absence(random)
        if absence and absence.date_from < self.now:
            absence.date_to = self.now

    def do_make_an_absence_longer(self, random):
        absence = self.find_absence(random)
        if absence:
            absence.date_to += timedelta(hours=random.choice([1, 24]))

    def do_delete_an_absence(self, random):
        self.find_absence(random).unlink()

    def do_leave_and_hand_over(self, random):
        here = self.people.filtered("active")
        if len(here) < 4:
            return
        user, *others = random.sample(here.ids, 3)
        user = here.browse(user)
        user.active = False
        try:
            run = user.with_user(self.manager).plan_handover(random.choice([None, others]))
            run.action_apply()
            self.counts["handed over"] += run.leads_done
        except UserError:
            self.counts["nothing to hand over"] += 1

    def do_come_back(self, random):
        self.people.filtered(lambda user: not user.active).active = True

    def do_take_a_run_back(self, random):
        runs = self.env["lead.distribution.run"].search(
            [("state", "=", "done"), ("campaign_id", "in", (self.campaign + self.apple).ids)], order="id desc", limit=4
        )
        run = runs.browse(random.choice(runs.ids)) if runs else runs
        if not run.assignment_ids.lead_id.exists():
            return
        before = {lead.id for lead in self.leads.exists() if not lead.holder_id}
        run.action_revert()
        self.excused |= {lead.id for lead in self.leads.exists() if not lead.holder_id} - before
        self.counts["taken back runs"] += 1

    # what must hold

    def check(self, thoroughly):
        self.env.flush_all()
        self.env.invalidate_all()
        self.leads = self.leads.exists()
        self.check_everybody_has_one_holder_or_waits()
        self.check_what_is_due()
        self.check_misses()
        self.check_new_rows()
        if thoroughly:
            self.check_runs()

    def check_everybody_has_one_holder_or_waits(self):
        free = self.leads.filtered(lambda lead: lead.active and not lead.holder_id)
        ours = [("lead_id", "in", self.leads.ids)]
        waiting = self.env["lead.distribution.waiting"].search(ours).lead_id
        refused = self.env["lead.distribution.not.taken"].search(ours).lead_id
        self.assertFalse((waiting | refused) - free, "in a list, and held or put away")
        self.assertFalse(waiting & refused, "in both lists")
        self.assertFalse(set((free - waiting - refused).ids) - self.excused, "neither with somebody nor waiting")
        self.excused &= set(free.ids)

    def check_what_is_due(self):
        """At most one row of a lead is at work, that of its holder; row and lead say the same."""
        rows = self.env["lead.distribution.assignment"].search(
            [("lead_id", "in", self.leads.ids), ("deadline_state", "=", "open")]
        )
        self.assertEqual(len(rows.lead_id), len(rows), "two deadlines of one lead")
        for row in rows:
            self.assertEqual((row.state, row.lead_id.active), ("done", True))
            self.assertEqual(row.lead_id.user_id, row.user_id, "the deadline of somebody who does not have the lead")
            self.assertEqual(row.lead_id.due_on, row.due_on)
            if row.due_on:
                self.assertTrue(row.check_on and row.check_on <= row.due_on)
        at_work = self.env["lead.distribution.assignment"].search(
            [("lead_id", "in", self.leads.ids), ("deadline_state", "in", ("open", "missed")), ("due_on", "!=", False)]
        )
        self.assertFalse(self.leads.filtered("due_on") - at_work.lead_id, "a lead is due for nobody")

    def check_misses(self):
        """What is missed stays missed, at the moment when its time was over."""
        rows = self.env["lead.distribution.assignment"].search([("missed_on", "!=", False)])
        found = {row.id: row.missed_on for row in rows}
        for row_id, moment in self.missed.items():
            if row_id in found:
                self.assertEqual(found[row_id], moment, "missed twice")
        for row in rows.filtered(lambda row: row.id not in self.missed):
            self.counts["missed"] += 1
            self.assertLessEqual(row.missed_on, self.now)
            self.assertGreater(row.missed_on, row.applied_on)
            if row.first_action_on and row.missed_checkpoint == "action":
                self.assertGreater(row.first_action_on, row.missed_on, "missed what was done in time")
        self.missed = found

    def check_new_rows(self):
        rows = self.env["lead.distribution.assignment"].search([("id", ">", self.seen)], order="id")
        for row in rows.filtered(lambda row: row.state == "done"):
            self.counts[row.kind] += 1
            if row.kind in TAKEN_FROM and not row.is_uncounted:
                self.assertNotIn(row.user_id.id, self.get_holders_before(row), f"{row.kind}: it went back")
            if row.kind in BY_TURN and row.run_id.origin != "import":
                self.check_limits(row)
            if row.kind == "cover":
                self.snapshots[row.lead_id.id] = {**row.before, "at": row.applied_on}
        self.seen = max([self.seen, *rows.ids])

    def get_holders_before(self, row):
        """Return ids of the last people who had the lead of a row, not who had it by a run that was taken back."""
        domain = [("lead_id", "=", row.lead_id.id), ("state", "=", "done"), ("id", "<", row.id)]
        earlier = row.search(domain, order="id desc")
        return list(dict.fromkeys(earlier.user_id.ids))[:MEMORY] if earlier else []

    def check_limits(self, row):
        day = [("user_id", "=", row.user_id.id), ("distribution_date", "=", row.distribution_date)]
        counted = row.search_count(
            [*day, ("state", "=", "done"), ("kind", "in", BY_TURN), ("is_uncounted", "=", False)]
        )
        self.assertLessEqual(counted, MOST_A_DAY, "more than a day's leads")

    def check_runs(self):
        runs = (self.campaign + self.apple).run_ids.filtered(lambda run: run.state in ("done", "reverted"))
        for run in runs.sorted("id")[-5:]:
            figures = run.to_dict()
            left = sum(figures["left_over"].values())
            self.assertEqual(
                figures["leads_found"], figures["leads_distributed"] + left, (run.origin, figures["left_over"])
            )
