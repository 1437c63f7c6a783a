"""Giving a lead by hand to somebody who is away or full: it is told, and not stopped."""

import json
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged, users

from odoo.addons.lead_distribution.live.by_hand import MESSAGE, explain

from .common import DistributionCase


class GivenCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref("crm.group_use_lead")
        cls.member = {member.user_id: member for member in cls.campaign.member_ids}

    @classmethod
    def absent(cls, user, hours=48, **values):
        now = fields.Datetime.now()
        dates = {"date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=hours)}
        return cls.env["lead.distribution.absence"].create({"user_id": user.id, **dates, **values})

    def fill(self, user, leads, target):
        """Give somebody leads, and a target."""
        self.make_leads(leads, user_id=user.id)
        self.member[user].target_leads = target


@tagged("post_install", "-at_install")
class TestExplainGiven(GivenCase):
    """What is told of people."""

    def explain(self, *people, **options):
        return explain(self.env["res.users"].union(*people), **options)

    def test_who_is_there_and_has_room_is_not_mentioned(self):
        self.assertEqual(self.explain(self.ann, self.bob, coming=1), [])

    def test_who_is_away_paused_or_full_is_named_with_the_leads_they_would_have(self):
        self.absent(self.ann, reason="Surgery")
        self.bob.action_pause_leads(reason="Bored")
        for user in (self.ann, self.cem):
            self.fill(user, 2, 2)
        ann, bob, cem = self.explain(self.ann, self.bob, self.cem, coming=1)
        self.assertRegex(ann, r"^Ann is away until .*; 3 of 2 leads$")
        self.assertEqual(bob, "Bob is paused until further notice")
        self.assertEqual(cem, "Cem: 3 of 2 leads")
        self.assertNotIn("Surgery", ann, "why somebody is away is for managers")

    def test_a_limit_counts_too(self):
        self.campaign.max_daily = 2
        self.make_leads(2).write({"user_id": self.ann.id})
        self.assertEqual(self.explain(self.ann, coming=1), ["Ann: a limit is reached"])

    def test_people_of_no_campaign_and_inactive_members_are_free_to_be_given_leads(self):
        dan = self.make_user("dan")
        self.absent(dan)
        self.absent(self.ann)
        self.member[self.ann].active = False
        self.assertEqual(self.explain(dan, self.ann), [])

    def test_working_hours_count_where_one_of_the_campaigns_looks_at_them(self):
        night = self.env["resource.calendar"].create({"name": "Never", "attendance_ids": [Command.clear()]})
        self.env.company.resource_calendar_id = night
        self.assertEqual(self.explain(self.ann), [])
        strict = self.make_campaign("Strict", self.ann, availability="working_hours")
        self.assertEqual(self.explain(self.ann), ["Ann: has no working hours"])
        self.assertEqual(self.explain(self.ann, campaign=self.campaign), [], "the lead's own campaign comes first")
        strict.active = False
        self.assertEqual(self.explain(self.ann), [])

    def test_many_people_cost_no_more_statements_than_one(self):
        people = self.make_users(*(f"u{number}" for number in range(12)))
        self.campaign.member_ids = [Command.create({"user_id": user.id}) for user in people]
        self.campaign.max_daily = 5
        self.env["lead.distribution.absence"].create(
            [
                {"user_id": user.id, "date_from": fields.Datetime.now(), "date_to": "2099-01-01"}
                for user in (self.ann, *people)
            ]
        )
        counts = []
        for users_ in ([self.ann], people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.explain(*users_, coming=1)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
        self.assertLessEqual(counts[0], 20)
        self.assertEqual(len(self.explain(*people)), 6, "five are named")

    @users("mia@test")
    def test_a_form_says_so_as_soon_as_the_person_is_chosen(self):
        self.absent(self.ann)
        lead = self.make_leads().with_env(self.env)
        found = lead.onchange({"user_id": self.ann.id}, ["user_id"], {"user_id": {}, "open_user_id": {}})
        self.assertEqual(found["warning"]["type"], "notification")
        self.assertRegex(found["warning"]["message"], "^Ann is away until ")
        for user in (self.bob, self.manager):
            found = lead.onchange({"user_id": user.id}, ["user_id"], {"user_id": {}, "open_user_id": {}})
            self.assertNotIn("warning", found)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"), Form(lead) as form:  # a test's form logs notices
            form.user_id = self.ann
        self.assertEqual(lead.user_id, self.ann, "nobody is stopped")

    @users("mia@test")
    def test_handing_out_to_chosen_people_tells_who_is_away_and_they_get_the_leads(self):
        self.absent(self.ann)
        self.bob.action_pause_leads()
        leads = self.make_leads(4)
        context = {"active_model": "crm.lead", "active_ids": leads.ids}
        form = Form(self.env["crm.lead.distribute"].with_context(**context))
        form.way = "people"
        form.people_ids.add(self.cem)
        self.assertFalse(form.notice)
        form.people_ids.add(self.ann)
        form.people_ids.add(self.bob)
        self.assertRegex(form.notice, r"^Ann is away until .*\. Bob is paused until further notice$")
        wizard = form.save()
        wizard.action_plan()
        wizard.action_apply()
        self.assertEqual(leads.user_id, self.ann + self.bob + self.cem)

    def test_programs_imports_and_runs_ask_nothing(self):
        lead = self.make_leads()
        lead.user_id = self.bob
        self.env.flush_all()
        self.absent(self.ann)
        self.env.flush_all()
        self.cr.flush()
        lead.user_id = self.ann
        self.assertNotIn(MESSAGE, self.cr.precommit.data)


@tagged("post_install", "-at_install")
class TestGivenAtTheScreen(GivenCase, HttpCase):
    """The same from the web client, where every view writes in its own way."""

    def setUp(self):
        super().setUp()
        self.absent(self.ann)
        self.leads = self.make_leads(3)
        self.authenticate("mia@test", "mia@test")

    def call(self, model, method, *args, path="/web/dataset/call_kw", **kwargs):
        """Call a method as the web client does; return what Mia was told by it: (text, leads and people)."""
        self.env.flush_all()
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        answer = self.url_open(f"{path}/{model}/{method}", json=body).json()
        self.assertNotIn("error", answer)
        self.env.invalidate_all()
        found = []
        for row in self.env["bus.bus"].search([("id", ">", before)]):
            message = json.loads(row.message)
            if message["type"] == MESSAGE:
                self.assertEqual(json.loads(row.channel)[1:], ["res.partner", self.manager.partner_id.id])
                found.append((message["payload"]["message"], message["payload"]["given"]))
        return found

    def test_a_card_that_is_dragged_to_somebody_away_is_told_and_moved(self):
        lead = self.leads[0]
        [(text, given)] = self.call("crm.lead", "web_save", lead.ids, {"user_id": self.ann.id}, specification={})
        self.assertRegex(text, "^Ann is away until ")
        self.assertEqual(given, [[lead.id, self.ann.id]])
        self.assertEqual(lead.user_id, self.ann)

    def test_editing_several_rows_is_told_once(self):
        vals = [{"user_id": self.ann.id}] * 3
        [(_text, given)] = self.call("crm.lead", "web_save_multi", self.leads.ids, vals, specification={})
        self.assertEqual(sorted(given), [[lead.id, self.ann.id] for lead in self.leads])

    def test_who_has_more_than_the_target_is_told_with_what_they_have_now(self):
        self.fill(self.bob, 100, 100)
        [(text, _given)] = self.call("crm.lead", "write", self.leads[:2].ids, {"user_id": self.bob.id})
        self.assertEqual(text, "Bob: 102 of 100 leads")

    def test_what_changes_no_salesperson_or_takes_a_lead_oneself_is_not_told(self):
        self.leads[0].user_id = self.ann
        self.absent(self.manager)
        self.campaign.member_ids = [Command.create({"user_id": self.manager.id})]
        for vals in ({"user_id": self.ann.id}, {"name": "x"}, {"user_id": self.manager.id}, {"user_id": False}):
            self.assertEqual(self.call("crm.lead", "write", self.leads[0].ids, vals), [])
        self.assertEqual(self.call("crm.lead", "write", self.leads.ids, {"user_id": self.cem.id}), [])

    def test_runs_and_imports_started_at_the_screen_are_not_told(self):
        context = {"import_file": True}
        told = self.call("crm.lead", "write", self.leads[0].ids, {"user_id": self.ann.id}, context=context)
        self.assertEqual(told, [])
        self.leads.user_id = False
        self.assertEqual(self.call("lead.distribution.campaign", "distribute", self.campaign.ids), [])
        self.assertTrue(all(lead.user_id for lead in self.leads))

    def test_a_form_tells_when_the_person_is_chosen_and_saves(self):
        lead = self.leads[0]
        self.env.flush_all()
        self.start_tour(f"/odoo/action-crm.crm_lead_all_leads/{lead.id}", "lead_distribution_given", login="mia@test")
        self.assertEqual(lead.user_id, self.ann)
