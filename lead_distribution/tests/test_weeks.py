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

from ..names import BY_TURN, SNAPSHOT_FIELDS
from .common import DistributionCase, often

_logger = logging.getLogger(__name__)

# of the chance; to choose: WEEKS_FIRST=7 WEEKS_SEEDS=20 WEEKS_STEPS=100 make test …
USUAL = {"FIRST": 0, "SEEDS": often(1, 20), "STEPS": often(20, 100)}
FIRST, SEEDS, STEPS = (int(os.environ.get(f"WEEKS_{name}", usual)) for name, usual in USUAL.items())
START = datetime(2026, 3, 2, 8)  # a Monday, before a change of the clocks
MOST_A_DAY, MEMORY, DECLINES = 7, 3, 2
# minutes between two steps: of a day at work, then over night
PAUSES = (5, 20, 45, 90, 200, 400, 900)
# what happens more often than other things, or less
OFTEN = {"let_leads_come": 5, "come_back": 3, "resume": 3, "pull": 3, "decline": 2, "enter_an_absence": 2, "run": 2}
SELDOM = {"take_a_run_back": 0.3, "leave_and_hand_over": 0.5, "pause": 0.7, "delete": 0.5, "put_away": 0.5}
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
        city = cls.env["ir.model.fields"]._get("crm.lead", "city")
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
                "filter_ids": [Command.create({"field_id": city.id, "kind": "exclude", "values_text": "There"})],
                "member_ids": [Command.create({"user_id": user.id}) for user in (cls.dora, cls.eve)],
            }
        )
        cls.apple = cls.make_campaign("Apple", cls.ann, cls.eve, **shared)
        cls.apple.write({"first_action_clock": "clock", "decline_mode": "manager"})

    def begin(self, seed):
        self.random, self.journal = Random(seed), [f"seed {seed}"]
        self.leads, self.excused = self.env["crm.lead"], set()
        self.seen = set(self.find_done().ids)
        self.missed, self.snapshots, self.as_it_was, self.touched = {}, {}, {}, defaultdict(lambda: datetime.min)
        self.counts = Counter()

    def set_clock_of_database(self):
        """Have the database say the time of the test, as long as this transaction goes on."""
        self.env.cr.execute(
            "CREATE SCHEMA weeks; CREATE FUNCTION weeks.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
            "'SELECT current_setting(''weeks.now'')::timestamptz'; SET LOCAL search_path = weeks, pg_catalog, public"
        )

    def find_done(self):
        return self.env["lead.distribution.assignment"].search([("state", "=", "done")], order="id")

    def test_what_must_hold_holds_over_weeks(self):
        self.set_clock_of_database()
        steps = [name for name in dir(self) if name.startswith("do_")]
        weights = [{**OFTEN, **SELDOM}.get(step.removeprefix("do_"), 1) for step in steps]
        for seed in range(FIRST, FIRST + SEEDS):
            with freeze_time(START) as self.clock, self.env.cr.savepoint() as undone:
                self.begin(seed)
                for _number in range(STEPS):
                    self.wait(self.random.choice(PAUSES))
                    for step in [*self.random.choices(steps, weights, k=3), "follow"]:
                        self.take(step, self.random)
                self.assertGreater(self.counts["missed"], 0, "nothing happens")
                _logger.info("Weeks, seed %s: %s", seed, dict(self.counts))
                undone.rollback()
                self.env.invalidate_all()

    def take(self, step, random):
        """Take a step, and look; a failure tells the steps before it."""
        self.journal.append(f"{self.now:%a %d %H:%M} {step}")
        try:
            getattr(self, step)(random)
            self.check(step == "follow")
        except Exception as error:
            raise AssertionError("\n".join([str(error), "after:", self.journal[0], *self.journal[1:][-12:]])) from error

    @property
    def now(self):
        return fields.Datetime.now()

    def wait(self, minutes):
        """Let time go by; what happens next has the moment of a transaction of its own."""
        self.env.flush_all()
        self.clock.tick(timedelta(minutes=minutes))
        self.env.cr._now = self.now
        self.env.cr.execute("SELECT set_config('weeks.now', %s, true)", [f"{self.now}+00"])
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
        """Of some places Voice, which is live, takes none: they are left to runs of Apple, and to those who ask."""
        city = random.choice(["Here", "Here", "There"])
        self.leads += self.make_leads(random.randint(1, 6), source_date=fields.Date.today(), city=city)

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
                self.assertTrue(row.check_on, "never looked at")
                self.assertLessEqual(row.check_on, max(row.due_on, self.now + timedelta(minutes=1)))
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
        rows = self.find_done()
        for row in rows.filtered(lambda row: row.id not in self.seen):
            self.counts[row.kind] += 1
            if row.kind in TAKEN_FROM and not row.is_uncounted:
                self.assertNotIn(row.user_id.id, self.get_holders_before(row), f"{row.kind}: it went back")
            if row.kind in BY_TURN and row.run_id.origin != "import":
                self.check_limits(row)
            if row.kind == "cover":
                self.snapshots[row.id] = self.as_it_was.get(row.lead_id.id)
            if row.kind == "cover_return" and row.lead_id:
                self.check_return(row)
        self.as_it_was = {lead.id: self.describe(lead) for lead in self.leads}
        self.seen = set(rows.ids)

    def describe(self, lead):
        return {name: lead[name].id for name in SNAPSHOT_FIELDS}

    def check_return(self, row):
        """What comes back is as it was when it went, and nobody has worked on it."""
        cover = row.browse(row.before["back_of"])
        self.assertEqual(self.describe(row.lead_id), self.snapshots[cover.id], "it is not as it was")
        self.assertLessEqual(self.touched[row.lead_id.id], cover.applied_on, "it was worked on")

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

    def check_left(self, run):
        """What stays with who took it over was worked on, or went on, was put away or deleted."""
        covers = run.leaver_id and self.env["lead.distribution.assignment"].search(
            [("kind", "=", "cover"), ("run_id.leaver_id", "=", run.leaver_id.id), ("state", "=", "done")],
            order="id desc",
        )
        for left in run.to_dict()["left"]:
            lead = self.leads.browse(left["lead_id"]).exists()
            cover = covers.filtered(lambda row, lead=lead: row.lead_id == lead)[:1]
            if lead.active and self.touched[lead.id] < cover.applied_on:
                self.assertNotEqual(lead.distributed_on, cover.applied_on, "it did not come back")

    def check_runs(self):
        runs = (self.campaign + self.apple).run_ids.filtered(lambda run: run.state in ("done", "reverted"))
        for run in runs.sorted("id")[-5:]:
            figures = run.to_dict()
            left = sum(figures["left_over"].values())
            self.assertEqual(
                figures["leads_found"], figures["leads_distributed"] + left, (run.origin, figures["left_over"])
            )
