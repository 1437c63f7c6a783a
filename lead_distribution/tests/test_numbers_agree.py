"""A figure that stands in two places is the same in both: one test a pair. Which leads a run looked at."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.strategies import RoundRobin
from .common import DistributionCase

PLAN = "odoo.addons.lead_distribution.models.campaign.plan"


@tagged("post_install", "-at_install")
class TestFunnelAddsUp(DistributionCase):
    """Every lead of the campaign's type is accounted for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_leads(3)
        cls.outside = cls.make_leads(2, source_date=cls.days_ago(90)) + cls.make_leads(1, source_date=False)
        cls.make_leads(1, user_id=cls.ann.id)

    def check_sums(self, run):
        told = run.to_dict()
        refused = sum(step["refused"] for step in told["funnel"])
        self.assertEqual(told["leads_looked_at"], refused + told["leads_found"])
        self.assertEqual(told["leads_in_range"] + told["leads_beyond"] + sum(told["outside"].values()),
                         told["leads_looked_at"])  # fmt: skip
        kept_out = sum(told["exclusions"].values()) + told["leads_dropped_back"] + told["dropback_failed"]
        self.assertEqual(told["leads_in_range"] + told["leads_beyond"], told["leads_found"] + kept_out)
        return told

    def test_the_funnel_begins_with_all_leads_of_the_type_and_its_first_step_is_the_window(self):
        told = self.check_sums(self.campaign.simulate())
        every = self.env["crm.lead"].search_count([("type", "=", "lead")])
        self.assertEqual((told["leads_looked_at"], told["leads_in_range"]), (every, 4))
        first = told["funnel"][0]
        self.assertEqual((first["code"], first["refused"], first["remaining"]), ("date", 3, 4))
        self.assertNotIn("date", told["exclusions"], "the readings: exclusions are of leads in the window")

    def test_the_list_behind_the_window_has_as_many_leads_as_its_number(self):
        run = self.campaign.simulate()
        leads = self.env["crm.lead"].search(run.action_view_step("date")["domain"])
        self.assertEqual((leads, run.outside), (self.outside, {"date": len(leads)}))

    def test_each_of_the_selected_leads_is_accounted_for(self):
        deleted = self.make_leads()
        archived, of_others = self.make_leads(active=False), self.make_leads()
        of_others.company_id = self.env["res.company"].create({"name": "Others"})
        deal = self.make_leads(type="opportunity")
        self.campaign.company_id = self.env.company
        selected = self.outside[:1] + self.make_leads(2) + deal + archived + of_others + deleted
        deleted.unlink()
        run = self.campaign.simulate(lead_ids=selected.ids)
        told = self.check_sums(run)
        self.assertEqual((told["leads_looked_at"], told["leads_found"]), (len(selected), 2))
        self.assertEqual(told["outside"], {"date": 1, "type": 4})
        action = run.action_view_step("type")
        listed = self.env["crm.lead"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(listed, deal + archived + of_others, "who is deleted cannot be listed")

    def test_the_form_on_selected_leads_plans_with_all_of_them(self):
        selected = self.make_leads(3) + self.make_leads(active=False) + self.make_leads(type="opportunity")
        form = self.env["crm.lead.distribute"].with_context(active_model="crm.lead", active_ids=selected.ids)
        run = self.env["lead.distribution.run"].browse(
            form.create({"campaign_id": self.campaign.id}).action_simulate()["res_id"]
        )
        self.assertEqual((run.leads_looked_at, run.outside), (5, {"type": 2}))
        self.check_sums(run)

    def test_old_leads_are_accounted_for_where_nobody_can_receive_or_the_strategy_fails(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [(0, 0, {"days": 60})],
                "dropback_rule_ids": [(0, 0, {"name": "default", "is_default": True, "user_id": self.manager.id})],
            }
        )
        with patch.object(RoundRobin, "key", side_effect=ZeroDivisionError), mute_logger(PLAN):
            failed = self.campaign.simulate()
        self.campaign.member_ids.active = False
        for run in (failed, self.campaign.simulate()):
            told = self.check_sums(run)
            self.assertEqual((told["leads_looked_at"], told["leads_in_range"], told["leads_beyond"]), (7, 4, 2))
            self.assertEqual((told["exclusions"]["dropback"], told["dropback"]), (2, []))

    def test_without_a_window_nothing_is_outside(self):
        self.campaign.use_window = False
        self.assertEqual(self.check_sums(self.campaign.simulate())["outside"], {})

    def test_leads_left_out_for_their_weekday_are_outside_too(self):
        self.campaign.exclude_weekends = True
        told = self.check_sums(self.campaign.simulate())
        self.assertEqual(told["leads_looked_at"], 7)

    def test_with_dropback_older_leads_that_are_looked_at_are_not_outside(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [(0, 0, {"days": 60})],
                "dropback_rule_ids": [(0, 0, {"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        told = self.check_sums(self.campaign.distribute())
        self.assertEqual((told["outside"], told["leads_dropped_back"], told["leads_beyond"]), ({"date": 1}, 2, 2))

    def test_report_page_and_dictionary_tell_the_same_of_the_window(self):
        run = self.campaign.distribute()
        told, text = run.to_dict(), run.get_text_report()
        self.assertEqual(run.overview["funnel"], told["funnel"])
        self.assertRegex(text, r"Leads looked at: +7\n")
        self.assertRegex(text, r"Outside the time window: +3\n")
        self.assertRegex(text, r"Leads in date range: +4\n")

    def test_counting_what_is_outside_is_one_statement(self):
        request = self.campaign.simulate()
        self.assertTrue(request.outside)
        self.env.flush_all()
        cost = []
        for uses_window in (False, True):
            self.campaign.use_window = uses_window
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.find()
            cost.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(cost[1] - cost[0], 1)
