import ast
from datetime import timedelta

from lxml import etree
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged, users
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.live.switch import describe_switch

from .common import MANAGER, DistributionCase

CONDITIONS = ("invisible", "column_invisible", "readonly", "required")


class AbsenceCase(DistributionCase):
    def absent(self, user, first=-1, last=1, **values):
        """Enter an absence, as whoever the test runs as: from and until so many hours from now."""
        now = fields.Datetime.now()
        dates = {"date_from": now + timedelta(hours=first), "date_to": now + timedelta(hours=last)}
        return self.env["lead.distribution.absence"].create({"user_id": user.id, **dates, **values})


@tagged("post_install", "-at_install")
class TestAbsence(AbsenceCase):
    """Times in which people receive nothing: who enters them, for whom, and what is told."""

    @freeze_time("2026-06-10 09:12:34")
    def test_an_absence_is_the_rest_of_ones_day_unless_one_says_otherwise(self):
        for zone, end in (
            ("Europe/Brussels", "2026-06-10 22:00:00"),
            ("America/New_York", "2026-06-11 04:00:00"),
            ("Asia/Tokyo", "2026-06-10 15:00:00"),
            (False, "2026-06-11 00:00:00"),
        ):
            self.ann.tz = zone
            form = Form(self.env["lead.distribution.absence"].with_user(self.ann))
            self.assertEqual(form.user_id, self.ann)
            self.assertEqual(str(form.date_from), "2026-06-10 09:12:00")
            self.assertEqual(str(form.date_to), end, zone)
            form.save().unlink()

    def test_it_is_over_once_its_end_has_come(self):
        absences = self.absent(self.ann) + self.absent(self.bob, -3, -1) + self.absent(self.cem, 1, 2)
        self.assertEqual(absences.mapped("is_over"), [False, True, False])
        absences[0].date_to = fields.Datetime.now() - timedelta(seconds=1)
        self.assertTrue(absences[0].is_over)

    def test_no_view_compares_a_moment_with_now(self):
        """In the browser “now” is the clock on the wall, and moments are in UTC: what is over is worked out here."""
        known = self.env["ir.model.data"].search(
            [("module", "=like", "lead_distribution%"), ("model", "=", "ir.ui.view")]
        )
        for view in self.env["ir.ui.view"].browse(known.mapped("res_id")):
            for node in etree.fromstring(view.arch).iter(etree.Element):
                for attribute, condition in node.attrib.items():
                    if attribute in CONDITIONS or attribute.startswith("decoration-"):
                        names = {each.id for each in ast.walk(ast.parse(condition)) if isinstance(each, ast.Name)}
                        self.assertNotIn("now", names, f"{view.name}: {condition}")

    @users("ann@test")
    def test_a_salesperson_enters_changes_and_removes_own_ones_only(self):
        mine = self.absent(self.env.user, reason="Fair")
        mine.reason = "Doctor"
        with self.assertRaises(AccessError):
            self.absent(self.bob)
        with self.assertRaises(AccessError):
            mine.user_id = self.bob
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(mine.user_id, self.env.user)
        mine.unlink()

    def test_a_salesperson_sees_and_touches_nobody_elses(self):
        his = self.absent(self.bob).with_user(self.ann)
        self.assertFalse(his.search([("user_id", "=", self.bob.id)]))
        for call in (lambda: his.write({"reason": "x"}), his.unlink, lambda: his.write({"user_id": self.ann.id})):
            with self.assertRaises(AccessError):
                call()

    @users("mia@test")
    def test_a_manager_enters_them_for_others(self):
        absence = self.absent(self.ann)
        absence.user_id = self.bob
        self.assertEqual(absence.display_name, "Bob")
        self.assertTrue(absence.with_user(self.bob).has_access("write"))

    def test_a_manager_of_another_company_cannot(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        oli = self.make_user("oli", MANAGER, **there)
        absence = self.absent(self.ann)
        absences = absence.with_user(oli).with_context(allowed_company_ids=company.ids)
        self.assertFalse(absences.search([]))
        with self.assertRaises(AccessError):
            absences.reason = "x"
        with self.assertRaises(AccessError):
            absences.create({"user_id": self.ann.id, "date_from": "2030-01-01", "date_to": "2030-01-02"})

    def test_portal_users_are_not_absent_and_see_none(self):
        porta = self.make_user("porta", "base.group_portal")
        with self.assertRaisesRegex(ValidationError, "no portal users"):
            self.absent(porta)
        with self.assertRaises(AccessError):
            self.env["lead.distribution.absence"].with_user(porta).search([])

    @mute_logger("odoo.sql_db")
    def test_it_ends_after_it_begins(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.absent(self.ann, 1, 1)

    def test_one_for_ever_keeps_nobody_else_from_leads_and_can_be_read(self):
        self.ann.tz = "Asia/Tokyo"
        mine = self.env["lead.distribution.absence"].with_user(self.ann).with_context(tz="Asia/Tokyo")
        dates = {"date_from": "1900-01-01 00:00:00", "date_to": "9999-12-31 23:59:59"}
        absences = mine.create([dates, {**dates, "user_id": self.ann.id}])
        self.assertIn("Dec 30", absences[0].overlaps)
        absences[0].with_user(self.manager).with_context(tz="Europe/Brussels").read(["own_hours", "overlaps"])
        leads = self.make_leads(4)
        for mode in ("ignore", "working_hours", "look_ahead"):
            self.campaign.availability = mode
            member = self.campaign.member_ids.filtered(lambda member: member.user_id == self.ann)
            self.assertIn("away until Dec 30, 9999", member.unavailable_reason, mode)
        self.campaign.availability = "ignore"
        self.assertEqual(self.campaign.distribute().leads_distributed, 4)
        self.assertNotIn(self.ann, leads.user_id)

    def test_who_takes_over_is_somebody_else(self):
        for values in ({"cover": "user"}, {"cover": "user", "cover_user_id": self.ann.id}):
            with self.assertRaises(ValidationError):
                self.absent(self.ann, **values)
        self.absent(self.ann, cover="user", cover_user_id=self.bob.id)

    def test_who_takes_over_can_have_the_leads(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]}
        people = (
            self.make_user("tea", **there), self.make_user("pat", "base.group_portal"),
            self.make_user("ina", "base.group_user"), self.env.ref("base.public_user"), self.make_user("gus"),
        )  # fmt: skip
        people[-1].active = False
        absence = self.absent(self.ann, 1, 9, cover="user", cover_user_id=self.bob.id)
        for user in (self.ann, self.manager):
            for person in people:
                with self.assertRaisesRegex(ValidationError, f"{person.name} has no access to the leads of Ann"):
                    absence.with_user(user).cover_user_id = person
                with self.assertRaisesRegex(ValidationError, "choose somebody else"):
                    self.absent(self.ann, 1, 9, cover="user", cover_user_id=person.id)

    @users("mia@test")
    def test_overlapping_ones_are_allowed_and_told_before_saving(self):
        self.absent(self.ann, 1, 5)
        self.absent(self.bob, 1, 5)
        form = Form(self.env["lead.distribution.absence"])
        form.user_id = self.ann
        form.date_from, form.date_to = (fields.Datetime.now() + timedelta(hours=n) for n in (5, 9))
        self.assertFalse(form.overlaps, "one after the other")
        form.date_from = fields.Datetime.now() + timedelta(hours=4)
        self.assertIn(" – ", form.overlaps)
        absence = form.save()
        self.assertTrue(absence.overlaps)
        absence.user_id = self.cem
        self.assertFalse(absence.overlaps)

    def test_hours_are_shown_in_the_zone_of_the_person_too_where_it_is_another(self):
        self.ann.tz, self.manager.tz = "Asia/Tokyo", "Europe/Brussels"
        absence = self.env["lead.distribution.absence"].create(
            {"user_id": self.ann.id, "date_from": "2026-06-10 00:00:00", "date_to": "2026-06-10 03:30:00"}
        )
        seen = absence.with_user(self.manager).with_context(tz="Europe/Brussels")
        self.assertIn("(Tokyo)", seen.own_hours)
        self.assertRegex(seen.own_hours, "09:00.*12:30")
        self.assertFalse(absence.with_user(self.ann).with_context(tz="Asia/Tokyo").own_hours)

    def test_the_switch_shows_the_absence_that_ends_last(self):
        self.absent(self.ann, -2, 1, reason="Doctor")
        long = self.absent(self.ann, -1, 30, reason="Fair")
        self.absent(self.ann, 40, 50)
        self.absent(self.ann, -5, -4)
        self.assertEqual(
            describe_switch(self.ann)["absence"],
            {"until": fields.Datetime.to_string(long.date_to), "reason": "Fair"},
        )
        self.assertFalse(describe_switch(self.bob)["absence"])

    def test_many_at_once_cost_no_more_statements_than_one(self):
        counts = []
        for number in (1, 40):
            self.env.flush_all()
            before = self.cr.sql_log_count
            now = fields.Datetime.now()
            absences = self.env["lead.distribution.absence"].create(
                [
                    {"user_id": self.ann.id, "date_from": now, "date_to": now + timedelta(days=1 + n)}
                    for n in range(number)
                ]
            )
            absences.mapped("overlaps")
            absences.mapped("own_hours")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
