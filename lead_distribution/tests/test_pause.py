from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged, users

from odoo.addons.lead_distribution.live.switch import describe_switch

from .common import MANAGER, DistributionCase


class PauseCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.user_id = cls.manager
        cls.now = fields.Datetime.now()

    def get_row(self, user):
        return self.env["lead.distribution.presence"].sudo().search([("user_id", "=", user.id)])

    def in_hours(self, hours):
        return self.now + timedelta(hours=hours)

    def shift(self, user, hours):
        """Pretend that a pause began hours earlier."""
        row = self.get_row(user)
        row.paused_since -= timedelta(hours=hours)
        if row.paused_until:
            row.paused_until -= timedelta(hours=hours)


@tagged("post_install", "-at_install")
class TestPause(PauseCase):
    """Receiving nothing for a while: by oneself, by a manager, over RPC."""

    @users("ann@test")
    def test_a_salesperson_pauses_and_receives_again(self):
        me = self.env.user
        self.assertFalse(describe_switch(me)["is_paused"])
        me.action_pause_leads(self.in_hours(1), " Lunch ")
        state = self.env["lead.distribution.presence"].get_mine()
        self.assertEqual(
            {key: state[key] for key in ("is_shown", "is_paused", "until", "reason", "by")},
            {"is_shown": True, "is_paused": True, "until": str(self.in_hours(1)), "reason": "Lunch", "by": ""},
        )
        self.assertTrue(self.campaign.member_ids.filtered(lambda m: m.user_id == me).with_user(me).is_paused)
        me.action_resume_leads()
        self.assertEqual(
            self.env["lead.distribution.presence"].get_mine(),
            {"is_shown": True, "is_paused": False, "until": False, "reason": "", "by": "", "absence": False},
        )

    @users("ann@test")
    def test_pausing_again_changes_the_end_and_not_the_beginning(self):
        me = self.env.user
        me.action_pause_leads(reason="Fair")
        self.shift(self.ann, 2)
        since = self.get_row(self.ann).paused_since
        self.get_row(self.ann).pause_told_on = self.now
        me.action_pause_leads(self.in_hours(2))
        row = self.get_row(self.ann)
        self.assertEqual((row.paused_since, row.paused_until, row.pause_reason), (since, self.in_hours(2), False))
        self.assertTrue(row.pause_told_on, "it is told once")

    def test_a_pause_that_is_over_needs_nobody_to_end_it_and_the_next_one_begins_anew(self):
        self.ann.action_pause_leads(self.in_hours(1))
        self.shift(self.ann, 2)
        self.assertFalse(describe_switch(self.ann)["is_paused"])
        self.assertFalse(self.campaign.member_ids.filtered("is_paused"))
        self.ann.action_pause_leads()
        self.assertGreaterEqual(self.get_row(self.ann).paused_since, self.now)

    def test_moments_are_taken_as_programs_send_them(self):
        later = self.in_hours(30).replace(second=0)
        zone = timezone(timedelta(hours=2))
        for given in (
            later,
            fields.Datetime.to_string(later),
            later.isoformat() + "Z",
            (later + timedelta(hours=2)).isoformat() + "+02:00",
            datetime.combine(later.date(), later.time(), timezone.utc).astimezone(zone),
        ):
            self.ann.action_pause_leads(given)
            self.assertEqual(self.get_row(self.ann).paused_until, later, given)
        self.ann.action_pause_leads(False, False)
        self.assertFalse(self.get_row(self.ann).paused_until)

    def test_all_that_is_wrong_is_told_at_once_and_nothing_is_changed(self):
        for until, reason, texts in (
            ("tomorrow", 7, ("“tomorrow” is no moment", "“7” is no text")),
            (20301231, None, ("“20301231” is no moment",)),
            (True, None, ("“True” is no moment",)),
            ("2030-13-01 08:00:00", None, ("is no moment",)),
            ("2030-01-01T99:00Z", None, ("is no moment",)),
            ([], None, ("“[]” is no moment",)),
            ("9999-12-31T23:59:59-12:00", None, ("is no moment",)),
            (self.in_hours(-1), "x" * 501, ("over already", "longer than 500 characters")),
            (self.in_hours(24 * 400), "a\0b", ("one year at most", "cannot be stored")),
        ):
            with self.assertRaises(ValidationError) as caught:
                self.ann.action_pause_leads(until, reason)
            for text in texts:
                self.assertIn(text, str(caught.exception))
        self.assertFalse(self.get_row(self.ann))

    @users("ann@test")
    def test_a_salesperson_pauses_nobody_else(self):
        for call in (
            self.bob.action_pause_leads,
            self.bob.action_resume_leads,
            (self.ann + self.bob).action_pause_leads,
        ):
            with self.assertRaisesRegex(AccessError, "Only sales managers"):
                call.__self__.with_env(self.env).__getattribute__(call.__name__)()
        with self.assertRaises(AccessError):
            self.env["lead.distribution.presence"].search([])

    def test_somebody_named_twice_is_paused_once(self):
        twice = self.env["res.users"].with_user(self.manager).browse([self.ann.id, self.ann.id])
        twice.action_pause_leads(reason="Fair")
        self.assertEqual(self.get_row(self.ann).pause_reason, "Fair")
        twice.action_resume_leads()
        self.assertFalse(self.get_row(self.ann).paused_since)

    def test_portal_users_and_people_without_leads_have_no_switch(self):
        for groups in ("base.group_portal", "base.group_user"):
            user = self.make_user("other", groups)
            with self.assertRaises(AccessError):
                user.with_user(user).action_pause_leads()
            self.assertEqual(self.env["lead.distribution.presence"].with_user(user).get_mine(), {"is_shown": False})
            user.unlink()

    @users("mia@test")
    def test_a_manager_pauses_several_people_and_they_see_by_whom(self):
        (self.ann + self.bob).with_env(self.env).action_pause_leads(reason="Training")
        for user in (self.ann, self.bob):
            self.assertEqual(describe_switch(user)["by"], "Mia")
        paused = self.env["lead.distribution.presence"].search([("paused_since", "!=", False)])
        self.assertEqual(paused.user_id, self.ann + self.bob)
        self.assertEqual(self.campaign.member_ids.filtered("is_paused").user_id, self.ann + self.bob)
        found = self.env["lead.distribution.member"].search([("is_paused", "=", True)])
        self.assertEqual(found.user_id, self.ann + self.bob)
        self.assertNotIn(self.ann, self.env["lead.distribution.member"].search([("is_paused", "=", False)]).user_id)
        found[0].action_resume()
        self.assertFalse(describe_switch(found[0].user_id)["is_paused"])
        paused.action_resume()
        self.assertFalse(self.campaign.member_ids.filtered("is_paused"))

    def test_a_manager_of_another_company_pauses_nobody_here(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        oli = self.make_user("oli", MANAGER, **there)
        with self.assertRaisesRegex(AccessError, "people of your companies, not Ann"):
            self.ann.with_user(oli).with_context(allowed_company_ids=company.ids).action_pause_leads()
        self.ann.action_pause_leads()
        rows = self.env["lead.distribution.presence"].with_user(oli).with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([]))

    @users("mia@test")
    def test_the_wizard_pauses_each_until_the_end_of_the_own_day(self):
        self.ann.tz, self.bob.tz = "Asia/Tokyo", "America/New_York"
        form = self.env["lead.distribution.pause"].create(
            {"user_ids": [Command.set((self.ann + self.bob).ids)], "how_long": "day", "reason": "Party"}
        )
        form.action_pause()
        ends = [self.get_row(user).paused_until for user in (self.ann, self.bob)]
        self.assertNotEqual(*ends)
        for end, zone in zip(ends, (9, -5), strict=True):
            self.assertIn((end.hour + zone) % 24, (0, 23, 1), "midnight there, in summer or winter")
        form = self.env["lead.distribution.pause"].create(
            {"user_ids": [Command.set(self.ann.ids)], "how_long": "until"}
        )
        with self.assertRaisesRegex(UserError, "Say until when"):
            form.action_pause()

    def test_the_switch_costs_four_statements_at_most(self):
        self.ann.action_pause_leads()
        self.env.flush_all()
        self.env.invalidate_all()
        self.ann.name, self.ann.has_group("base.group_user")
        with self.assertQueryCount(4):
            describe_switch(self.ann)

    def test_pausing_many_costs_no_more_statements_than_pausing_one(self):
        many = self.env["res.users"].union(*(new_test_user(self.env, login=f"u{n}", name=f"U {n}") for n in range(20)))
        counts = []
        for people in (self.ann, many):
            self.env.flush_all()
            people.partner_id.mapped("name"), people.mapped("name")
            before = self.cr.sql_log_count
            people.action_pause_leads()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)


@tagged("post_install", "-at_install")
class TestLongPauses(PauseCase):
    """The responsible hears of long pauses, once."""

    def tell(self):
        """Run the scheduled action; return the subjects and texts that Mia got by it."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.env["lead.distribution.presence"]._cron_tell_long_pauses()
        told = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "user_notification")])
        return [(message.partner_ids, message.subject, message.body) for message in told]

    def test_a_pause_without_end_is_told_after_four_hours_and_once(self):
        self.ann.action_pause_leads(reason="No idea")
        self.assertFalse(self.tell())
        self.shift(self.ann, 5)
        [(partners, subject, body)] = self.tell()
        self.assertEqual((partners, subject), (self.manager.partner_id, "Ann receives no leads"))
        self.assertIn("until further notice. No idea", body)
        self.assertFalse(self.tell())

    def test_a_pause_that_is_long_from_the_beginning_is_told_at_once_and_a_short_one_never(self):
        self.ann.action_pause_leads(self.in_hours(3))
        self.bob.action_pause_leads(self.in_hours(6))
        [(_partners, subject, _body)] = self.tell()
        self.assertEqual(subject, "Bob receives no leads")
        self.shift(self.ann, 3.5)
        self.assertFalse(self.tell())

    def test_several_are_one_message_and_the_limit_is_a_parameter(self):
        self.env["ir.config_parameter"].set_param("lead_distribution.long_pause_hours", "0.5")
        self.make_campaign("Other", self.ann, self.bob, user_id=self.manager.id)
        (self.ann + self.bob).action_pause_leads(self.in_hours(1))
        [(_partners, subject, body)] = self.tell()
        self.assertEqual(subject, "2 people receive no leads")
        self.assertIn("Ann has paused since", body)

    def test_nobody_is_told_of_what_they_did_themselves(self):
        self.ann.with_user(self.manager).action_pause_leads(self.in_hours(8))
        self.assertFalse(self.tell())
        self.campaign.member_ids = [Command.create({"user_id": self.manager.id})]
        self.manager.with_user(self.manager).action_pause_leads(self.in_hours(8))
        self.assertFalse(self.tell())

    def test_the_scheduled_action_is_woken_when_a_pause_is_long(self):
        cron = self.env.ref("lead_distribution.ir_cron_long_pauses")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.ann.action_pause_leads()
        self.bob.action_pause_leads(self.in_hours(5))
        new = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id), ("id", "not in", triggers.ids)])
        for call, hours in zip(new.sorted("call_at", reverse=True), (4, 0), strict=True):
            self.assertAlmostEqual(call.call_at, self.in_hours(hours), delta=timedelta(minutes=1))


@tagged("post_install", "-at_install")
class TestPresenceTours(PauseCase, HttpCase):
    """What salespeople and managers do in the browser about being there."""

    def test_a_salesperson_pauses_in_the_top_bar_and_receives_again(self):
        self.start_tour("/odoo/my-leads", "lead_distribution_pause", login="ann@test")
        row = self.get_row(self.ann)
        self.assertTrue(row.paused_since)
        self.assertFalse(row.paused_until)

    def test_a_salesperson_enters_an_absence_from_the_calendar(self):
        self.start_tour("/odoo/lead-absences", "lead_distribution_absence", login="ann@test")
        absence = self.env["lead.distribution.absence"].search([("user_id", "=", self.ann.id)])
        self.assertEqual(absence.reason, "Fair in Ghent")

    def test_a_manager_pauses_somebody_in_the_list_of_members(self):
        self.start_tour("/odoo/lead-distribution-members", "lead_distribution_pause_others", login="mia@test")
        self.assertFalse(self.get_row(self.ann).paused_since)
        self.assertFalse(self.get_row(self.bob))

    def test_who_looks_at_a_new_absence_and_closes_the_page_is_not_away(self):
        code = """
            (async () => {
                navigator.sendBeacon = () => console.error("The absence is saved") || true;
                window.dispatchEvent(new Event("beforeunload"));
                for (let frame = 0; frame < 5; frame++) {
                    await new Promise(requestAnimationFrame);
                }
                console.log("test successful");
            })();
        """
        ready = "Boolean(document.querySelector('.o_form_view div[name=reason]'))"
        self.browser_js("/odoo/lead-absences/new", code, ready=ready, login=self.ann.login)
        self.assertFalse(self.env["lead.distribution.absence"].search([("user_id", "=", self.ann.id)]))
