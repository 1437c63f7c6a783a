from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..planning.by_hand import prepare_by_hand
from ..planning.presence.draw import draw, find_gaps
from ..planning.presence.look import forget, look
from ..planning.presence.words import Words
from .common import DistributionCase

MONDAY = datetime(2026, 11, 23, 10)  # at 10 o'clock

VARIANT = {
    "fill_strategy": "deficit", "allow_overflow": False, "overflow_limit": 0, "distribution_order": "random",
    "max_daily": 0,
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPresence(DistributionCase):
    """Who is absent or has paused receives nothing, at whatever hours the campaign hands out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.lang_en").time_format = "%H:%M:%S"
        cls.env.user.tz = "UTC"
        cls.team = cls.ann + cls.bob + cls.cem
        cls.team.tz = "UTC"

    def away(self, user, date_from, date_to, reason=False):
        values = {"user_id": user.id, "date_from": date_from, "date_to": date_to, "reason": reason}
        return self.env["lead.distribution.absence"].create(values)

    def pause(self, user, until=False, reason=False):
        values = {"user_id": user.id, "paused_since": "2026-11-23 09:00:00", "paused_until": until}
        return self.env["lead.distribution.presence"].create({**values, "pause_reason": reason})

    def see(self, user, at=MONDAY):
        return look(self.campaign, self.team, at)[user.id]

    def test_nothing_was_said_so_everybody_is_there(self):
        self.assertTrue(all(self.see(user).can_receive for user in self.team))

    def test_an_absence_counts_from_its_first_moment_to_its_last(self):
        self.away(self.ann, "2026-11-23 10:00:00", "2026-11-23 12:30:00", "dentist")
        self.assertTrue(self.see(self.ann, datetime(2026, 11, 23, 9, 59, 59)).can_receive)
        seen = self.see(self.ann)
        self.assertEqual((seen.kind, seen.reason), ("absence", "away until 12:30 (dentist)"))
        self.assertEqual(seen.back_on, datetime(2026, 11, 23, 12, 30))
        self.assertTrue(self.see(self.ann, datetime(2026, 11, 23, 12, 30)).can_receive)

    def test_absences_one_after_the_other_end_with_the_last(self):
        self.away(self.ann, "2026-11-23 08:00:00", "2026-11-23 12:00:00")
        self.away(self.ann, "2026-11-23 12:00:00", "2026-11-25 08:30:00")
        self.assertEqual(self.see(self.ann).reason, "away until Wednesday 08:30")

    def test_a_pause_of_unknown_length_says_so(self):
        self.pause(self.bob, reason="lunch")
        seen = self.see(self.bob)
        self.assertEqual((seen.kind, seen.reason), ("pause", "paused until further notice (lunch)"))
        self.assertIsNone(seen.back_on)

    def test_a_pause_is_over_without_anybody_ending_it(self):
        self.pause(self.bob, until="2026-11-23 10:30:00")
        self.assertEqual(self.see(self.bob).reason, "paused until 10:30")
        self.assertTrue(self.see(self.bob, datetime(2026, 11, 23, 10, 30)).can_receive)

    @freeze_time(MONDAY)
    def test_a_run_leaves_out_who_is_away_and_says_until_when(self):
        self.make_leads(6)
        self.away(self.ann, "2026-11-23 08:00:00", "2026-11-24 08:00:00", "training")
        self.pause(self.bob)
        run = self.campaign.simulate()
        self.assertEqual(run.assignment_ids.user_id, self.cem)
        self.assertEqual(
            run.left_out, {"Ann": "away until Tuesday 08:00 (training)", "Bob": "paused until further notice"}
        )

    @freeze_time(MONDAY)
    def test_a_run_at_which_nobody_is_there_says_when_somebody_is(self):
        self.make_leads(2)
        for user in self.team:
            self.away(user, "2026-11-23 08:00:00", "2026-11-24 08:00:00")
        run = self.campaign.simulate()
        self.assertFalse(run.assignment_ids)
        self.assertIn("Ann: away until Tuesday 08:00", run.error)

    def test_another_zone_than_the_persons_is_named(self):
        self.ann.tz = "Asia/Tokyo"
        self.away(self.ann, "2026-11-23 10:00:00", "2026-11-23 12:30:00")
        self.assertEqual(self.see(self.ann).reason, "away until 12:30, UTC time")

    @freeze_time(MONDAY)
    def test_a_member_says_whether_the_person_is_there_and_why_not(self):
        members = self.campaign.member_ids
        self.assertEqual(members.mapped("is_available"), [True] * 3)
        now = fields.Datetime.now()
        self.away(self.ann, now - timedelta(hours=1), now + timedelta(minutes=1), "dentist")
        self.pause(self.bob, reason="lunch")
        forget(self.env)
        ann, bob, cem = (members.filtered(lambda m, user=user: m.user_id == user) for user in self.team)
        self.assertEqual((ann | bob | cem).mapped("is_available"), [False, False, True])
        self.assertEqual(bob.unavailable_reason, "paused until further notice (lunch)")
        self.assertIn("dentist", ann.unavailable_reason)
        self.assertFalse(cem.unavailable_reason)

    def test_who_is_put_away_is_not_there_and_a_run_says_the_same(self):
        members = self.campaign.member_ids
        ann, bob, _cem = (members.filtered(lambda m, user=user: m.user_id == user) for user in self.team)
        self.ann.active = False
        bob.active = False
        self.assertEqual(members.mapped("is_available"), [False, False, True])
        why = {member.user_id.name: member.unavailable_reason for member in ann | bob}
        self.assertEqual(why, {"Ann": "the user is archived", "Bob": "inactive in this campaign"})
        self.assertEqual(self.campaign.simulate().left_out, why)
        self.campaign.include_inactive = True
        self.assertEqual(members.mapped("is_available"), [False, True, True])

    @freeze_time(MONDAY)
    def test_a_salesperson_sees_that_of_the_own_row(self):
        self.pause(self.bob)
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.bob).with_user(self.bob)
        self.assertFalse(member.is_available)
        self.assertEqual(member.unavailable_reason, "paused until further notice")

    def test_what_keeps_people_away_lies_on_their_shift_the_pause_before_the_absence(self):
        self.away(self.ann, "2026-11-23 08:00:00", "2026-11-23 11:00:00")
        self.pause(self.ann, until="2026-11-23 10:00:00")  # since 9
        bars = draw(self.campaign, self.ann, datetime(2026, 11, 23), datetime(2026, 11, 24))[self.ann.id]
        self.assertEqual(
            [(bar.start.hour, bar.end.hour, bar.kind) for bar in bars],
            [(0, 0, "shift"), (8, 9, "absence"), (9, 10, "pause"), (10, 11, "absence")],
        )

    def test_it_is_told_when_nobody_is_there(self):
        for user in self.team:
            self.away(user, "2026-11-27 14:00:00", f"2026-11-27 {16 + user.id % 2}:00:00")
        self.away(self.ann, "2026-11-24 14:00:00", "2026-11-24 16:00:00")
        gaps = find_gaps(self.campaign, self.team, datetime(2026, 11, 23), datetime(2026, 11, 30))
        words = Words(self.campaign, MONDAY)
        self.assertEqual([words.tell_gap(*gap) for gap in gaps], ["Nobody from 14:00 to 16:00 on Friday"])

    @freeze_time(MONDAY)
    def test_a_lead_planned_for_somebody_who_is_away_by_now_is_skipped_and_the_others_are_handed_out(self):
        self.make_leads(6)
        run = self.campaign.simulate()
        self.pause(self.bob, reason="lunch")
        run.action_apply()
        rows = run.assignment_ids
        skipped = rows.filtered(lambda row: row.state == "skipped")
        self.assertEqual(skipped.user_id, self.bob)
        self.assertEqual(
            set(skipped.mapped("note")), {"The salesperson is not there: paused until further notice (lunch)."}
        )
        self.assertFalse(skipped.lead_id.user_id)
        self.assertEqual(set((rows - skipped).mapped("state")), {"done"})

    @freeze_time(MONDAY)
    def test_old_leads_drop_back_to_the_person_of_the_rule_even_if_away(self):
        rule = {"name": "default", "is_default": True, "user_id": self.bob.id}
        self.campaign.write(
            {
                "use_dropback": True,
                "younger_than_days": 30,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create(rule)],
            }
        )
        lead = self.make_leads(1, source_date=self.days_ago(200))
        self.pause(self.bob)
        self.campaign.distribute()
        self.assertEqual(lead.user_id, self.bob)

    @freeze_time(MONDAY)
    def test_who_names_somebody_by_hand_reaches_them_although_away(self):
        self.pause(self.bob)
        lead = self.make_leads(1)
        campaign = prepare_by_hand(self.bob)
        campaign.distribute(lead_ids=lead.ids, user_ids=self.bob.ids)
        self.assertEqual(lead.user_id, self.bob)

    @freeze_time(MONDAY)
    def test_an_import_gives_nothing_to_a_caller_who_is_away_and_says_so_before_and_after(self):
        self.away(self.ann, "2026-11-23 08:00:00", "2026-11-23 12:00:00", "training")
        batch = self.env["lead.import.batch"].create(
            {"campaign_id": self.campaign.id, "caller_ids": [Command.create({"user_id": self.ann.id})]}
        )
        self.assertEqual(batch.caller_ids.problem, "away until 12:00 (training)")
        leads = [{"first_name": f"P{n}", "email": f"p{n}@example.com"} for n in range(4)]
        payload = {"campaign": self.campaign.id, "callers": (self.ann + self.bob).ids, "leads": leads}
        self.env["lead.import.batch"].import_payload(payload)
        run = self.campaign.run_ids[:1]
        self.assertEqual(run.assignment_ids.user_id, self.bob)
        self.assertEqual(run.left_out, {"Ann": "away until 12:00 (training)"})

    @freeze_time(MONDAY)
    def test_where_nobody_is_there_those_come_first_who_are_back_first(self):
        for day, user in ((26, self.ann), (24, self.bob), (25, self.cem)):
            self.away(user, "2026-11-23 08:00:00", f"2026-11-{day} 08:00:00")
        run = self.campaign.simulate()
        self.assertEqual(list(run.left_out), ["Bob", "Cem", "Ann"])
        self.assertIn("Bob: away until Tuesday 08:00; Cem: away until Wednesday 08:00; Ann", run.error)

    @freeze_time(MONDAY)
    def test_comparing_strategies_does_not_depend_on_who_is_there_at_the_moment(self):
        self.make_leads(3)
        for user in self.team:
            self.pause(user)
        compared = self.campaign._compare([{**VARIANT, "strategy": "round_robin"}], seed=1)
        self.assertEqual(compared["columns"][0]["distributed"], 3)
