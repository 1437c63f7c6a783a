"""What docs/developer/readings.md says of window, pools, other filters and customers, through load_config."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.lead_distribution.finding import sales

from .readings_common import ReadingsCase


@tagged("post_install", "-at_install")
class TestReadingsWindow(ReadingsCase):
    def at(self, *ages, **values):
        leads = self.env["crm.lead"]
        for age in ages:
            leads += self.make_leads(source_date=self.days_ago(age), **values)
        return leads

    def test_r22_opportunities_are_never_distributed(self):
        lead = self.make_leads()
        self.make_leads(type="opportunity")
        self.assert_takes(lead)

    def test_r23_the_old_edge_is_in_and_the_new_edge_is_out(self):
        leads = self.at(0, 2, 3, 10, 11)
        self.make_leads(source_date=False)
        self.assert_takes(leads[2:4], "lead_finding: {date_range: {older_than_days: 2, younger_than_days: 10}}")
        self.assert_takes(leads[1:4], "lead_finding: {date_range: {older_than_days: 0, younger_than_days: 10}}")
        self.assert_takes(leads[1:4], "current_implementation: {date_range: {lowerlimit: 0, upperlimit: 10}}")

    def test_r24_own_dates_replace_the_day_counts(self):
        leads = self.at(0, 40, 50, 60)
        first, last = (self.today - timedelta(days=n) for n in (50, 40))
        base = "older_than_days: 1, younger_than_days: 2"
        for keys, expected in (
            (f"{{{base}, custom_start_date: {first}, custom_end_date: '{last}'}}", leads[1:3]),
            (f"{{{base}, custom_start_date: '{first}'}}", leads[:3]), (f"{{custom_end_date: {last}}}", leads[1:]),
        ):  # fmt: skip
            self.assert_takes(expected, f"lead_finding: {{date_range: {keys}}}")
        self.assert_takes(leads[1:3], f"lead_finding: {{date_range: {{{base}}}}}", date_from=first, date_to=str(last))
        self.assert_takes(leads[:3], "", date_from=str(first))

    def test_r25_weekends_are_left_out(self):
        leads = self.at(*range(1, 8))
        weekdays = leads.filtered(lambda lead: lead.source_date.weekday() < 5)
        self.assertEqual(len(weekdays), 5)
        self.assert_takes(weekdays, "lead_finding: {date_range: {younger_than_days: 30, exclude_weekends: true}}")

    def test_r26_exclude_assigned_in_each_of_its_places(self):
        free = self.make_leads()
        held = self.make_leads(user_id=self.manager.id) + self.make_leads(open_user_id=self.ann.id)
        self.assert_takes(free + held)
        for block in ("additional_filters: {exclude_assigned: true}",
                      "additional_filters: {assignment_filters: {exclude_assigned: true}}",
                      "status_filters: {exclude_assigned_leads: true}"):  # fmt: skip
            told = self.plan(self.load(f"lead_finding: {{{block}}}"))
            self.assertEqual([row["lead_id"] for row in told["assignments"]], free.ids)
            self.assertEqual(self.reasons(told), {"assigned": 2})

    def test_r27_r28_exactly_the_pools_that_are_given(self):
        campaign = self.table("Ann,Voice,true,V,,\nBob,Voice,false,V,,\n")
        self.assertEqual(len(campaign.with_context(active_test=False).member_ids), 2)
        people = "Ann,Voice,true,V,,\nCem,Voice,true,V,,\nBob,Voice,false,V,,\n"
        active, inactive, _stranger, free = (
            self.make_leads(user_id=user.id, lead_status_id=self.status["utr"].id)
            for user in (self.ann, self.bob, self.manager, self.env["res.users"])
        )
        late = self.make_leads(user_id=self.ann.id, lead_status_id=self.status["lost"].id)
        none = active.browse()
        for block, expected, reasons in (
            ("active_salespeople: {statuses: [Utr]}", active, {"no_holder": 3, "holder_status": 1}),
            ("inactive_salespeople: {statuses: [Utr]}", inactive, {"no_holder": 4}),
            ("inactive_salespeople: {statuses: [new]}", none, {"no_holder": 4, "holder_status": 1}),
            ("unassigned: {statuses: [utr]}", free, {"no_holder": 4}),
            ("{active_salespeople: {statuses: ['UTR ', lost]}, inactive_salespeople: {statuses: [utr]}}",
             active + inactive + late, {"no_holder": 2}),
        ):  # fmt: skip
            section = block if block.startswith("{") else f"{{{block}}}"
            told = self.plan(self.table(people, f"lead_finding: {{status_filters: {section}}}"))
            self.assertEqual(sorted(row["lead_id"] for row in told["assignments"]), expected.ids, block)
            self.assertEqual(self.reasons(told), reasons, block)
        told = self.plan(self.table(people, "lead_finding: {status_filters: {exclude_closed_leads: true}}"))
        self.assertEqual((told["leads_found"], self.reasons(told)), (4, {"closed": 1}))

    def test_r27_the_leads_of_an_archived_member_are_those_of_an_inactive_one(self):
        lead = self.make_leads(user_id=self.bob.id, lead_status_id=self.status["utr"].id)
        self.bob.active = False
        text = "lead_finding: {status_filters: {inactive_salespeople: {statuses: [utr]}}}"
        told = self.plan(self.table("Ann,Voice,true,V,,\nBob,Voice,true,V,,", text))
        self.assertEqual([row["lead_id"] for row in told["assignments"]], lead.ids)
        self.assertEqual(self.received(told), {"Ann": 1})

    def test_r28_a_member_left_out_by_a_selection_filter_is_still_a_holder(self):
        lead = self.make_leads(user_id=self.bob.id, lead_status_id=self.status["utr"].id)
        head = """
campaign: {name: Reading}
salesperson_selection:
  source_type: list
  source_config: {salespeople_list: [Ann, Bob]}
  campaign_filtering: {exclude_specific_users: [Bob]}
"""
        campaign = self.load("lead_finding: {status_filters: {active_salespeople: {statuses: [utr]}}}", head)
        told = self.plan(campaign)
        self.assertEqual([row["lead_id"] for row in told["assignments"]], lead.ids)
        self.assertEqual(self.received(told), {"Ann": 1})

    def test_r29_the_days_of_a_pool_are_an_old_edge_besides_the_window(self):
        leads = self.at(0, 5, 6, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        text = "status_filters: {active_salespeople: {statuses: [utr], date_range_days: 5}}"
        self.assert_takes(leads[:2], f"lead_finding: {{{text}}}")
        self.assert_takes(leads[1:2], f"lead_finding: {{date_range: {{younger_than_days: 9}}, {text}}}")
        closed = self.make_leads(lead_status_id=self.status["won"].id)
        told = self.plan(self.load("lead_finding: {status_filters: {exclude_closed_leads: true}}"))
        self.assertNotIn(closed.id, [row["lead_id"] for row in told["assignments"]])

    def test_r29_a_pool_of_no_days_has_no_old_edge_and_says_so(self):
        campaign = self.load("lead_finding: {status_filters: {unassigned: {statuses: [new], date_range_days: 0}}}")
        self.assertIn("unassigned.date_range_days 0 days are no limit", self.warned(campaign))
        self.assertNotIn("no limit", self.warned(campaign.load_config(campaign.dump_config())))

    def test_r30_protected_people_keep_their_leads_and_still_receive(self):
        kept = self.make_leads(user_id=self.ann.id)
        self.make_leads(2)
        told = self.run_it(self.load("lead_finding: {excluded_users: [Ann, Nobody at all]}"))
        self.assertEqual((self.reasons(told), kept.user_id), ({"excluded_user": 1}, self.ann))
        self.assertIn("Ann", self.received(told))

    def test_r31_closed_is_won_lost_or_cancelled_before_the_status_filter(self):
        for code in ("won", "lost", "cancelled", "new"):
            self.make_leads(lead_status_id=self.status[code].id)
        for block in ("exclude_closed: true", "assignment_filters: {exclude_closed: true}"):
            told = self.plan(self.load(f"lead_finding: {{additional_filters: {{{block}, status: [won]}}}}"))
            self.assertEqual(self.reasons(told), {"closed": 3, "status": 1})
        self.assertEqual(self.plan(self.load())["leads_found"], 4)

    def test_r32_leads_of_inactive_holders_are_left_out_against_the_pool(self):
        campaign = self.table(
            "Ann,Voice,true,V,,\nBob,Voice,false,V,,",
            """
        lead_finding:
          status_filters: {inactive_salespeople: {statuses: [utr]}}
          additional_filters: {assignment_filters: {exclude_inactive_users: true}}
        """,
        )
        self.make_leads(user_id=self.bob.id, lead_status_id=self.status["utr"].id)
        told = self.plan(campaign)
        self.assertEqual(self.reasons(told), {"inactive_user": 1})
        self.assertTrue(told["warnings"])
        self.assertIn("exclude_inactive_users", self.warned(campaign))

    def test_r33_blanks_are_missing(self):
        lead = self.make_leads(contact_name="x", phone="1")
        self.make_leads(contact_name="  ", phone="1")
        self.make_leads(phone="1")
        self.assert_takes(lead, "lead_finding: {additional_filters: {required_fields: [contact_name, phone]}}")

    def test_r34_an_empty_priority_range_still_filters_from_1_to_5(self):
        lead = self.make_leads(priority="3")
        self.assert_takes(lead, "lead_finding: {additional_filters: {priority_range: {min: 1}}}")
        self.assert_takes(
            lead,
            """
        lead_finding: {additional_filters: {min_priority: 1, max_priority: 1, priority_range: {min: 4}}}
        """,
        )

    def test_r35_only_an_old_deadline_lets_a_lead_pass(self):
        free = self.make_leads()
        by_age = {}
        for age in (5, 4, 3, 0, -400):
            lead = self.make_leads()
            lead.activity_schedule("mail.mail_activity_data_todo", self.days_ago(age))
            by_age[age] = lead
        for days, passing in ((4, by_age[5]), (0, by_age[5] + by_age[4] + by_age[3])):
            text = f"lead_finding: {{activity_deadline: {{exclude_within_days: {days}"
            self.assert_takes(free + passing, text + "}}")
            self.assert_takes(passing, text + ", exclude_missing_deadline: true}}")
        self.assert_takes(free + by_age[5], "current_implementation: {activity_deadline: {exclude_within_days: 4}}")
        self.assertEqual(len(self.taken()), 6)


@tagged("post_install", "-at_install")
class TestReadingsSales(ReadingsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Customer"})
        cls.lead = cls.make_leads(partner_id=cls.partner.id)
        cls.stage = {name: cls.env["crm.stage"].create({"name": name}) for name in ("Lost Deal", "Talking")}

    def opportunity(self, stage="Talking", partner=True, **values):
        values = {"name": "Opp", "type": "opportunity", "stage_id": self.stage[stage].id, **values}
        return self.env["crm.lead"].create({**values, "partner_id": self.partner.id if partner else False})

    def leaves(self, section="{enabled: true}"):
        told = self.plan(self.load(f"lead_finding: {{sales_filter: {section}}}"))
        self.assertIn(self.reasons(told), ({}, {"sales": 1}))
        return bool(self.reasons(told))

    def test_r36_the_same_partner_and_never_itself(self):
        self.assertFalse(self.leaves())
        opportunity = self.opportunity(partner=False)
        self.assertFalse(self.leaves())
        opportunity.partner_id = self.partner
        self.assertTrue(self.leaves())
        self.assertFalse(self.leaves("{enabled: false}"))

    def test_r37_stages_to_ignore_or_to_count(self):
        self.opportunity("Lost Deal")
        self.assertFalse(self.leaves("{enabled: true, exclude_opportunity_stages: [lost deal]}"))
        self.assertTrue(self.leaves("{enabled: true, exclude_opportunity_stages: [lost]}"))
        self.assertFalse(self.leaves("{enabled: true, include_opportunity_stages: [talking]}"))
        self.assertTrue(self.leaves("{enabled: true, opportunity_criteria: {include_stages: [LOST DEAL]}}"))
        self.assertFalse(self.leaves("{enabled: true, opportunity_criteria: {exclude_stages: [Lost Deal]}}"))
        self.opportunity("Talking")
        self.assertTrue(self.leaves("{enabled: true, opportunity_criteria: {exclude_stages: [Lost Deal]}}"))

    def test_r37_archived_opportunities_count_only_when_asked_for(self):
        self.opportunity("Talking").active = False
        self.assertFalse(self.leaves())
        self.assertTrue(self.leaves("{enabled: true, opportunity_criteria: {active_only: false}}"))
        # archived ones count in whatever stage they are
        self.assertTrue(self.leaves("{enabled: true, opportunity_criteria: {active_only: false, include_stages: []}}"))

    def test_r38_the_age_of_opportunities_with_the_edge(self):
        opportunity = self.opportunity()
        simple = "{enabled: true, opportunity_date_range: {enabled: true, field_name: create_date, days_back: 10}}"
        block = "{enabled: true, field_name: create_date, newer_than_days: 10}"
        enhanced = f"{{enabled: true, opportunity_criteria: {{date_filter: {block}}}}}"
        for age, counts in ((10, True), (11, False)):
            date = self.days_ago(age)
            self.env.flush_all()
            self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", (f"{date} 10:00", opportunity.id))
            self.assertEqual((self.leaves(simple), self.leaves(enhanced)), (counts, counts), age)
            self.assertTrue(self.leaves(simple.replace("{enabled: true, field", "{enabled: false, field")))

    def test_r39_secondary_matches_only_when_enabled(self):
        self.opportunity(partner=False, email_from=" Jo@Example.com", phone="+1 (415) 555-0100")
        self.lead.write({"email_from": "jo@example.com ", "phone": "1 415 5550100"})
        self.assertFalse(self.leaves())
        for match in ("email_match", "phone_match"):
            self.assertTrue(self.leaves(f"{{enabled: true, secondary_matches: {{{match}: {{enabled: true}}}}}}"), match)
        self.lead.write({"email_from": False, "phone": False, "partner_id": False})
        both = "{email_match: {enabled: true}, phone_match: {enabled: true}}"
        self.assertFalse(self.leaves(f"{{enabled: true, secondary_matches: {both}}}"))
        self.lead.phone = "1-415-555-0100"
        self.assertTrue(self.leaves(f"{{enabled: true, secondary_matches: {both}}}"))

    def test_r40_opportunities_that_cannot_be_read_keep_no_lead_out(self):
        self.opportunity()
        campaign = self.load("lead_finding: {sales_filter: {enabled: true}}")
        with patch.object(sales, "can_read_opportunities", lambda campaign: False):
            told = self.run_it(campaign)
        self.assertEqual((told["state"], told["leads_distributed"], len(told["warnings"])), ("done", 1, 1))
