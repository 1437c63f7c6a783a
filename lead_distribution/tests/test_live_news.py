"""Who gets a lead as it comes hears of it at once, and of what follows within a minute in one message."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..reporting import live_news
from ..reporting.live_news import TOAST, describe_lead, tell_new_leads
from .test_live_worker import LiveCase

NOW = datetime(2026, 3, 2, 9, 0)
LEE = {"contact_name": "Ann Lee", "partner_name": "Acme", "phone": "+32 470 12 34 56", "name": "Boiler"}


@tagged("post_install", "-at_install")
class TestLiveNews(LiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.notify_responsible = False
        (cls.ann + cls.bob + cls.cem).write({"notification_type": "inbox", "email": "x@example.com"})
        cls.only(cls.ann)

    @classmethod
    def only(cls, *users):
        for member in cls.campaign.with_context(active_test=False).member_ids:
            member.active = member.user_id in users

    def come_untold(self, count=1, **values):
        """Hand out leads as they come without telling anybody, as if the process had died then; return them."""
        leads = self.come(count, **values)
        with patch.object(live_news, "_lock_due", return_value=[]):
            self.hand_out()
        return leads

    def tell(self, seconds=0):
        return tell_new_leads(self.env, NOW + timedelta(seconds=seconds))

    def messages(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")], order="id"
        )

    def sent(self, kind):
        """Return (channel, content) of what was sent to those who have Odoo open, since the test began."""
        self.env.cr.flush()
        rows = self.env["bus.bus"].search([("id", ">", self.last_sent), ("message", "like", f'"{kind}"')], order="id")
        return [(row.channel, row.message) for row in rows]

    def setUp(self):
        super().setUp()
        self.last_sent = max(self.env["bus.bus"].search([]).ids, default=0)

    def test_who_gets_a_lead_hears_at_once_who_it_is_and_opens_it(self):
        lead = self.come(1, **LEE)
        self.hand_out()
        message = self.messages(self.ann)
        self.assertEqual(message.subject, "New lead: Ann Lee, Acme, +32 470 12 34 56")
        self.assertEqual((message.model, message.res_id), ("crm.lead", lead.id))
        self.assertIn(f"/odoo/crm.lead/{lead.id}", message.body)
        self.assertFalse(self.env["lead.distribution.assignment"].search([("is_untold", "=", True)]))

    def test_the_toast_is_ours_and_comes_once(self):
        lead = self.come(1, **LEE)
        self.hand_out()
        [(channel, content)] = self.sent(TOAST)
        self.assertIn(f'"res.partner",{self.ann.partner_id.id}', channel)
        self.assertIn(f'"lead_id":{lead.id}', content)
        self.assertIn('"in_inbox":true', content)
        self.assertFalse(self.sent("simple_notification"))

    def test_what_follows_within_a_minute_is_one_message_at_its_end(self):
        self.come_untold(1, **LEE)
        self.assertIsNone(self.tell())
        self.come_untold(1, name="Second")
        self.assertEqual(self.tell(20), NOW + timedelta(seconds=60))
        self.come_untold(2, name="Third")
        self.assertEqual(self.tell(59), NOW + timedelta(seconds=60))
        self.assertEqual(len(self.messages(self.ann)), 1)
        self.assertIsNone(self.tell(60))
        first, second = self.messages(self.ann)
        self.assertEqual(second.subject, "3 new leads from Voice")
        self.assertIn("Second", second.body)
        self.assertIn("/odoo/my-leads", second.body)
        self.assertIsNone(self.tell(200))
        self.assertEqual(self.messages(self.ann), first + second, "nobody hears twice")

    def test_after_a_quiet_minute_the_next_lead_is_told_at_once(self):
        self.come_untold()
        self.tell()
        self.come_untold()
        self.assertIsNone(self.tell(60))
        self.assertEqual(len(self.messages(self.ann)), 2)

    def test_the_worker_is_woken_when_the_minute_is_over(self):
        self.come()
        self.hand_out()
        self.come()
        self.hand_out()
        self.assertEqual(len(self.messages(self.ann)), 1)
        presence = self.env["lead.distribution.presence"].search([("user_id", "=", self.ann.id)])
        woken = self.env["ir.cron.trigger"].search(
            [
                ("cron_id", "=", self.env.ref("lead_distribution.ir_cron_live").id),
                ("call_at", ">", fields.Datetime.now()),
            ]
        )
        self.assertLessEqual(min(woken.mapped("call_at")), presence.news_on + timedelta(seconds=61))

    def test_what_a_process_that_died_did_not_tell_the_next_look_tells_though_nothing_waits(self):
        self.come_untold(1, **LEE)
        self.assertFalse(self.messages(self.ann))
        self.assertEqual(self.hand_out()["handed_out"], 0)
        self.assertEqual(len(self.messages(self.ann)), 1)

    def test_a_lead_that_was_put_back_or_taken_away_before_is_not_told(self):
        self.come_untold()
        self.get_run().action_revert()
        other = self.come_untold()
        other.user_id = self.bob
        self.tell()
        self.assertFalse(self.messages(self.ann).filtered(lambda m: "New lead" in m.subject))
        self.assertFalse(self.messages(self.bob))
        self.assertFalse(self.env["lead.distribution.assignment"].search([("is_untold", "=", True)]))
        self.come_untold()
        self.tell(1)
        self.assertTrue(self.messages(self.ann), "what was not told takes no minute")

    def test_nobody_is_told_of_a_revert_who_never_heard_of_the_lead(self):
        self.come_untold()
        self.get_run().action_revert()
        self.assertFalse(self.messages(self.ann))

    def test_who_cannot_log_in_any_more_is_not_told(self):
        self.come_untold()
        self.env.cr.execute("UPDATE res_users SET active = FALSE WHERE id = %s", [self.ann.id])
        self.env.invalidate_all()
        self.tell()
        self.assertFalse(self.messages(self.ann))

    def test_a_campaign_that_does_not_want_it_tells_nobody(self):
        self.campaign.notify_salespeople = "none"
        self.come()
        self.hand_out()
        self.assertFalse(self.messages(self.ann))
        self.assertFalse(self.env["lead.distribution.assignment"].search([("is_untold", "=", True)]))

    def test_who_prefers_e_mail_gets_one_unless_the_campaign_keeps_it_in_odoo(self):
        self.ann.notification_type = "email"
        before = self.env["mail.mail"].search([])
        self.come_untold()
        self.tell()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, self.ann.partner_id)
        self.assertIn('"in_inbox":false', self.sent(TOAST)[-1][1])
        self.campaign.notify_salespeople = "inbox"
        self.come_untold()
        self.tell(100)
        self.assertEqual(self.env["mail.mail"].search([]) - before, mail)

    def test_the_phone_opens_the_lead(self):
        for name in ("private", "public"):
            self.env["ir.config_parameter"].set_param(f"mail.web_push_vapid_{name}_key", "key")
        device = {"partner_id": self.ann.partner_id.id, "endpoint": "https://push.example.com/1", "keys": "{}"}
        self.env["mail.push.device"].create(device)
        lead = self.come(1, **LEE)
        self.hand_out()
        push = self.env["mail.push"].search([])
        self.assertIn("New lead: Ann Lee, Acme, +32 470 12 34 56", push.payload)
        self.assertIn(f'"model": "crm.lead", "res_id": {lead.id}', push.payload)

    def test_leads_of_two_campaigns_are_one_message(self):
        other = self.make_campaign("Apple", self.ann, is_live=True, sequence=1, max_leads=1, notify_responsible=False)
        self.come_untold()
        other.max_leads = 0
        other.is_live = False
        self.come_untold()
        self.tell()
        self.assertEqual(self.messages(self.ann).subject, "2 new leads")

    def test_many_leads_are_not_all_listed(self):
        self.come_untold(13)
        self.tell()
        message = self.messages(self.ann)
        self.assertEqual(message.subject, "13 new leads from Voice")
        self.assertEqual(message.body.count("<li>"), 11)
        self.assertIn("and 3 more", message.body)

    def test_who_gets_what_nobody_could_take_reads_so(self):
        self.only()
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": self.bob.id, "live_fallback_minutes": 0})
        self.come(1, **LEE)
        self.hand_out()
        message = self.messages(self.bob)
        self.assertEqual(message.subject, "New lead: Ann Lee, Acme, +32 470 12 34 56")
        self.assertIn("Nobody of Voice could take it.", message.body)

    def test_what_is_not_known_of_a_lead_is_left_out(self):
        for values, text in (
            ({}, "Lead 0"),
            ({"phone": "1"}, "Lead 0, 1"),
            ({"partner_name": "Acme"}, "Acme"),
            ({"contact_name": "Acme", "partner_name": "Acme", "phone": " "}, "Acme"),
            ({"contact_name": "A\nB" + "x" * 100}, "A B" + "x" * 56 + "…"),
        ):
            self.assertEqual(describe_lead(self.make_leads(1, **values)), text)

    def test_a_hostile_name_stays_text(self):
        self.come(1, contact_name="<img src=x onerror=alert(1)>")
        self.hand_out()
        self.assertNotIn("<img", self.messages(self.ann).body)

    def test_everybody_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        run = self.get_run_after(self.come_untold())
        with patch.object(live_news, "write_news", wraps=live_news.write_news) as wrote:
            self.tell()
        self.assertEqual(wrote.call_args.args[1].env.lang, "fr_FR")
        self.assertEqual(wrote.call_args.args[1], run)

    def get_run_after(self, leads):
        return leads.assignment_ids.run_id

    @mute_logger("odoo.addons.lead_distribution.reporting.live_news")
    def test_an_error_in_telling_costs_no_lead_and_is_made_up_for(self):
        lead = self.come()
        with patch.object(live_news, "write_news", side_effect=ZeroDivisionError):
            self.hand_out()
        self.assertEqual(lead.user_id, self.ann)
        self.assertFalse(self.messages(self.ann))
        self.assertFalse(self.sent(TOAST))
        self.hand_out()
        self.assertEqual(len(self.messages(self.ann)), 1)

    def test_forty_people_take_hardly_more_statements_than_four(self):
        def count(people):
            users = self.make_users(*(f"u{people}x{number}" for number in range(people)), notification_type="inbox")
            campaign = self.make_campaign(f"Many {people}", *users, is_live=True, sequence=0, notify_responsible=False)
            self.come_untold(people * 2)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.tell()
            self.env.flush_all()
            told = self.cr.sql_log_count - before
            self.assertTrue(all(len(self.messages(user)) == 1 for user in users))
            campaign.is_live = False
            return told

        few, many = count(4), count(40)
        self.assertLessEqual(few, 30)
        self.assertLessEqual(many, few + 4)
