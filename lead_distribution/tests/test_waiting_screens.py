"""Leads that wait are seen: in the list, on the dashboard, on the card of their campaign, on the lead; by managers."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..live.catching_up import follow_changes
from ..reporting.waiting import sum_up_waiting
from .common import MANAGER, DistributionCase

NOON = "2026-11-20 12:00:00"


class WaitingCase(DistributionCase):
    @classmethod
    def wait(cls, lead, minutes=5, **values):
        """Have a lead wait as the worker writes it; where a campaign is live, it has waited since it came."""
        follow_changes(cls.env)
        now = fields.Datetime.now()
        times = {"since": now - timedelta(minutes=minutes), "next_try": now + timedelta(minutes=30)}
        defaults = {"campaign_id": cls.campaign.id, "reason": "nobody_there"}
        cls.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)]).unlink()
        return cls.env["lead.distribution.waiting"].create({"lead_id": lead.id, **times, **defaults, **values})

    def get_dashboard(self, campaign=None):
        dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager)
        return dashboard.get_data(campaign_id=campaign.id if campaign else None)


@tagged("post_install", "-at_install")
class TestWaitingScreens(WaitingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.distribution.waiting"].search([]).unlink()
        cls.other = cls.make_campaign("Apple", cls.ann)
        cls.campaign.is_live = True

    def test_card_and_dashboard_count_what_waits_for_a_campaign(self):
        for lead in self.make_leads(3):
            self.wait(lead)
        self.wait(self.make_leads(), campaign_id=self.other.id, reason="everybody_full")
        self.wait(self.make_leads(), campaign_id=False, reason="new")
        self.assertEqual((self.campaign + self.other).mapped("waiting_count"), [3, 1])
        everything = self.get_dashboard()["waiting"]
        self.assertEqual(everything["count"], 5)
        self.assertEqual([(one["name"], one["count"]) for one in everything["reasons"]],
                         [("Nobody is there", 3), ("Everybody is full", 1), ("Not looked at yet", 1)])  # fmt: skip
        self.assertEqual(self.get_dashboard(self.other)["waiting"]["count"], 1)

    def test_each_number_opens_what_it_counts(self):
        for lead in self.make_leads(2):
            self.wait(lead)
        self.wait(self.make_leads(), reason="everybody_full")
        shown = self.get_dashboard()["waiting"]
        for part in (shown, *shown["reasons"]):
            found = self.env[part["open"]["model"]].with_user(self.manager).search_count(part["open"]["domain"])
            self.assertEqual(found, part["count"])

    def test_the_tile_is_there_only_if_leads_can_wait(self):
        self.assertEqual(self.get_dashboard()["waiting"]["count"], 0)
        self.campaign.is_live = False
        self.assertIsNone(self.get_dashboard()["waiting"])
        self.wait(self.make_leads())
        self.assertEqual(self.get_dashboard()["waiting"]["count"], 1)

    def test_summing_up_is_one_statement_however_much_waits(self):
        for count in (1, 30):
            for lead in self.make_leads(count):
                self.wait(lead)
            self.env.flush_all()
            sum_up_waiting(self.env)  # what is kept of names and rights is not counted
            with self.assertQueryCount(1):
                sum_up_waiting(self.env)

    @freeze_time(NOON)
    def test_what_waits_because_nobody_is_there_needs_attention_what_passes_by_itself_does_not(self):
        self.manager.tz = "UTC"
        self.wait(self.make_leads(), 90)
        self.wait(self.make_leads(), 5, reason="delay")
        texts = [item["text"] for item in self.get_dashboard()["attention"] if "aiting" in item["text"]]
        self.assertEqual(len(texts), 1)
        self.assertRegex(texts[0], r"Waiting leads: 1, the longest since 10:30.* \(Nobody is there\)")

    def test_a_scheduler_that_stands_still_needs_attention_first(self):
        self.wait(self.make_leads(), 60, reason="new", next_try=fields.Datetime.now() - timedelta(minutes=30))
        first = self.get_dashboard()["attention"][0]
        self.assertEqual(first["level"], "danger")
        self.assertIn("Do Odoo's scheduled actions run?", first["text"])

    @freeze_time(NOON)
    def test_the_form_of_a_lead_says_since_when_why_and_when_next(self):
        self.manager.tz = "America/New_York"
        self.campaign.is_live = False
        lead = self.make_leads()
        self.assertFalse(lead.with_user(self.manager).waiting_words)
        self.wait(lead, 30, detail="Ann is away until 14:00.")
        lead.invalidate_recordset(["waiting_words"])
        self.assertRegex(
            lead.with_user(self.manager).waiting_words,
            r"^Waits since 06:30.* for Voice: Nobody is there\. Ann is away until 14:00\. It is tried again: 07:30",
        )

    def test_a_lead_no_campaign_takes_says_which_rule_of_which_campaign_keeps_it_out(self):
        lead = self.make_leads()
        lost = self.env["lead.distribution.not.taken"].create(
            {
                "lead_id": lead.id,
                "looked_on": fields.Datetime.now(),
                "reasons": {str(self.campaign.id): "dnc", str(self.other.id): "closed"},
            }
        )
        why = lost.with_user(self.manager).why
        names = {**self.campaign._name_steps(["dnc"]), **self.other._name_steps(["closed"])}
        self.assertEqual(set(why.split("; ")), {f"Voice: {names['dnc']}", f"Apple: {names['closed']}"})
        self.assertIn(why, lead.with_user(self.manager).waiting_words)

    def test_try_now_hands_out_and_says_so(self):
        lead = self.env["crm.lead"].create({"name": "Fresh", "type": "lead", "user_id": False, "team_id": False})
        rows = self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)])
        self.assertEqual(len(rows), 1)
        rows.next_try = fields.Datetime.now() + timedelta(hours=1)
        action = rows.with_user(self.manager).action_try_now()
        self.assertIn("Handed out: 1.", action["params"]["message"])
        self.assertIn(lead.user_id, self.ann + self.bob + self.cem)
        self.assertFalse(rows.exists())

    def test_what_nobody_takes_is_looked_at_again(self):
        self.campaign.dnc_email_blacklist = True
        blocked = self.env["mail.blacklist"].create({"email": "no@example.com"})
        values = {"type": "lead", "user_id": False, "team_id": False, "email_from": "no@example.com"}
        lead = self.env["crm.lead"].create({"name": "Blocked", **values})
        self.env["lead.distribution.campaign"].with_user(self.manager).hand_out_waiting()
        lost = self.env["lead.distribution.not.taken"].search([("lead_id", "=", lead.id)])
        self.assertIn("Voice: ", lost.with_user(self.manager).why)
        blocked.active = False
        lost.with_user(self.manager).action_try_now()
        self.assertTrue(lead.user_id)
        self.assertFalse(lost.exists())

    def test_a_salesperson_sees_nothing_of_it(self):
        row = self.wait(self.make_leads(user_id=False))
        with self.assertRaises(AccessError):
            row.with_user(self.ann).read(["reason"])
        with self.assertRaises(AccessError):
            row.with_user(self.ann).action_try_now()
        self.assertNotIn("waiting", self.env["lead.distribution.dashboard"].with_user(self.ann).get_data())

    def test_a_manager_of_another_company_neither_sees_nor_tries_it(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        values = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        stranger = self.make_user("zoe", MANAGER, **values)
        row = self.wait(self.make_leads(company_id=self.env.company.id), company_id=self.env.company.id)
        before = row.next_try
        self.assertFalse(row.with_user(stranger).search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            row.with_user(stranger).action_try_now()
        self.assertEqual(row.next_try, before)
        self.assertIsNone(self.env["lead.distribution.dashboard"].with_user(stranger).get_data()["waiting"])

    def test_the_name_of_a_live_run_says_that_it_collects_what_comes(self):
        lead = self.env["crm.lead"].create({"name": "Fresh", "type": "lead", "user_id": False, "team_id": False})
        self.env["lead.distribution.campaign"].with_user(self.manager).hand_out_waiting()
        run = lead.assignment_ids.run_id
        self.assertEqual(run.origin, "live")
        self.assertRegex(run.name, r"^Voice .*, as they come #\d+$")


@tagged("post_install", "-at_install")
class TestWaitingTour(WaitingCase, HttpCase):
    def test_a_manager_reads_why_leads_wait_and_tries_one_now(self):
        self.manager.group_ids += self.env.ref("crm.group_use_lead")
        self.env["lead.distribution.waiting"].search([]).unlink()
        self.campaign.is_live = True
        fresh, full = self.make_leads(2)
        self.wait(fresh, 12, detail="Ann is away until Monday")
        self.wait(full, 200, reason="everybody_full")
        self.start_tour("/odoo/waiting-leads", "lead_distribution_waiting", login="mia@test")
        self.assertTrue(fresh.user_id)

    def test_a_manager_sees_who_is_there(self):
        self.env["lead.distribution.absence"].create(
            {"user_id": self.bob.id, "date_from": fields.Datetime.now() - timedelta(hours=1),
             "date_to": fields.Datetime.now() + timedelta(days=2), "reason": "Dentist"}
        )  # fmt: skip
        self.start_tour(f"/odoo/lead-distribution/{self.campaign.id}", "lead_distribution_who_is_there",
                        login="mia@test")  # fmt: skip
