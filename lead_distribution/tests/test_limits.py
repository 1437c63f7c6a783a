from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from odoo.addons.lead_distribution.planning.limits import _count_for_caps
from odoo.addons.lead_distribution.planning.received import count_received
from odoo.addons.lead_distribution.planning.workload import group_workload

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestLimits(DistributionCase):
    """How many leads a person may get a day, a week, a month, and hold open."""

    def cap(self, measure, maximum, user=None, campaign=True, **values):
        return self.env["lead.distribution.cap"].create(
            {
                "measure": measure,
                "maximum": maximum,
                "user_id": user.id if user else False,
                "campaign_id": self.campaign.id if campaign else False,
                **values,
            }
        )

    def shares(self, count=None, campaign=None):
        if count:
            self.make_leads(count)
        run = (campaign or self.campaign).simulate()
        self.last = run
        return tuple(
            len(run.assignment_ids.filtered(lambda row, user=user: row.user_id == user))
            for user in (self.ann, self.bob, self.cem)
        )

    def test_a_limit_of_a_campaign_binds_each_member_one_of_a_person_only_them(self):
        self.cap("day", 2)
        self.cap("week", 1, self.ann)
        self.assertEqual(self.shares(9), (1, 2, 2))
        self.assertEqual(self.last.left_over, {"everybody_full": 4})

    def test_a_limit_over_all_campaigns_counts_what_other_campaigns_gave(self):
        self.cap("day", 2, self.ann, campaign=False)
        other = self.make_campaign("Apple", self.ann)
        self.make_leads(1)
        other.distribute()
        self.assertEqual(self.shares(9)[0], 1)

    def test_a_limit_of_only_this_campaign_does_not_count_the_others(self):
        self.cap("day", 2, self.ann, only_campaign=True)
        other = self.make_campaign("Apple", self.ann)
        self.make_leads(5)
        other.distribute()
        self.assertEqual(self.shares(9)[0], 2)
        self.campaign.distribute()
        self.assertEqual(self.shares(9)[0], 0)

    def test_what_was_received_by_hand_counts_what_people_made_for_themselves_does_not(self):
        self.campaign.max_daily = 3
        self.make_leads(1).user_id = self.ann
        self.env["crm.lead"].with_user(self.bob).create({"name": "Mine", "type": "lead", "user_id": self.bob.id})
        self.assertEqual(self.shares(12), (2, 3, 3))

    def test_a_lead_that_was_handed_out_and_moved_on_still_counts(self):
        self.campaign.max_daily = 3
        self.make_leads(3)
        self.campaign.distribute()
        mine = self.env["crm.lead"].search([("user_id", "=", self.ann.id)])
        mine.user_id = self.manager
        self.assertEqual(self.shares(12), (2, 2, 2))

    def test_leads_that_were_deleted_since_still_count(self):
        self.campaign.max_daily = 4
        self.make_leads(12)
        self.campaign.distribute()
        self.env["crm.lead"].search([("user_id", "=", self.ann.id)]).unlink()
        self.assertEqual(self.shares(3), (0, 0, 0))

    def test_a_plan_that_waited_skips_what_people_can_no_longer_get(self):
        self.campaign.max_daily = 2
        first, second = self.make_leads(3), self.make_leads(6)
        one = self.campaign.simulate(lead_ids=first.ids)
        other = self.campaign.simulate(lead_ids=second.ids)
        one.action_apply()
        other.action_apply()
        self.assertEqual((one.leads_distributed, other.leads_distributed, other.left_over), (3, 3, {"skipped": 3}))
        self.assertIn("limit", other.assignment_ids.filtered(lambda row: row.state == "skipped")[0].note)

    def test_what_another_run_is_just_handing_out_counts(self):
        self.campaign.max_daily = 1
        self.make_leads(3)
        run = self.campaign.simulate()
        run._begin()
        self.assertEqual(self.shares(3), (0, 0, 0))

    def test_a_plan_that_is_months_old_counts_on_the_day_on_which_it_is_carried_out(self):
        self.make_leads(2)
        run = self.campaign.simulate()
        long_ago = fields.Date.subtract(run.distribution_date, days=70)
        run.distribution_date = run.assignment_ids.distribution_date = long_ago
        run.action_apply()
        received = count_received(self.env, self.ann + self.bob + self.cem, periods=("day",))
        self.assertEqual(sum(received["day"].values()), 2)

    def test_only_who_has_a_limit_is_counted_and_only_the_periods_of_the_limits(self):
        self.make_leads(3)
        self.campaign.distribute()
        self.cap("week", 9, self.ann)
        self.cap("day", 9, self.bob)
        self.cap("open", 9, self.cem)
        people, caps = self.campaign.member_ids.user_id, self.env["lead.distribution.cap"].search([])
        counts = _count_for_caps(self.campaign, people, caps, by_day=False)
        self.assertEqual(counts["week", False], {self.ann.id: 1, self.bob.id: 1})
        self.assertEqual(counts["day", False], {self.ann.id: 1, self.bob.id: 1})
        self.assertEqual(counts["open", False], {self.cem.id: 1})
        self.assertNotIn(("month", False), counts)

    def test_a_lead_given_back_by_hand_counts_again(self):
        lead = self.make_leads(1)
        lead.user_id = self.bob
        lead.user_id = self.ann
        self.assertEqual(count_received(self.env, self.ann + self.bob)["day"], {self.ann.id: 1})

    def test_r64_a_reverted_run_gives_the_moment_of_receipt_back(self):
        self.campaign.pool_mode = "all"
        lead = self.make_leads(1)
        lead.user_id = self.ann
        received_on = lead.received_on
        run = self.campaign.distribute()
        self.assertNotEqual(lead.user_id, self.ann)
        run.action_revert()
        self.assertEqual((lead.user_id, lead.received_on), (self.ann, received_on))

    def test_days_begin_at_midnight_of_the_persons_time_zone_weeks_on_monday(self):
        self.ann.tz, self.bob.tz = "Asia/Tokyo", "America/New_York"
        leads = self.make_leads(2)
        leads[0].user_id, leads[1].user_id = self.ann, self.bob
        leads.received_on = datetime(2026, 6, 2, 18)  # Tuesday: already Wednesday in Tokyo
        leads.flush_recordset()
        people = self.ann + self.bob
        with freeze_time(datetime(2026, 6, 3, 12)):
            received = count_received(self.env, people)
            self.assertEqual(received["day"], {self.ann.id: 1, self.bob.id: 0})
            self.assertEqual(received["week"], {self.ann.id: 1, self.bob.id: 1})
        with freeze_time(datetime(2026, 6, 8, 12)):
            received = count_received(self.env, people)
            self.assertEqual(set(received["week"].values()), {0})
            self.assertEqual(set(received["month"].values()), {1})

    @freeze_time("2026-06-06 12:00:00")  # a Saturday
    def test_weekends_count_or_not_as_the_campaign_says(self):
        text = {
            "campaign": {"name": "Text"},
            "distribution": {"advanced_rules": {"workload_balancing": {
                "enabled": True, "max_daily_distribution": 1, "consider_weekend_workload": False}}},
        }  # fmt: skip
        loaded = self.campaign.browse().load_config(text)
        self.assertEqual((loaded.max_daily, loaded.count_weekends), (1, False))
        self.campaign.max_daily = 1
        self.make_leads(1).user_id = self.ann
        self.assertEqual(self.shares(9), (0, 1, 1))
        self.campaign.count_weekends = False
        self.assertEqual(self.shares(), (1, 1, 1))

    def test_weekends_count_or_not(self):
        leads = self.make_leads(1)
        leads.user_id = self.ann
        leads.received_on = datetime(2026, 6, 6, 12)  # a Saturday
        leads.flush_recordset()
        with freeze_time(datetime(2026, 6, 6, 15)):
            self.assertEqual(count_received(self.env, self.ann)["day"], {self.ann.id: 1})
            self.assertEqual(count_received(self.env, self.ann, weekends=False)["day"], {})

    def test_open_leads_and_those_of_a_class(self):
        self.make_leads(3, user_id=self.ann.id)
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["won"].id)
        self.cap("open", 5)
        self.assertEqual(self.shares(20), (2, 5, 5))
        self.campaign.cap_ids.unlink()
        self.cap("open_stale", 1)
        stale = self.make_leads(4)
        stale.flush_recordset()
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = ANY(%s)",
                            [fields.Datetime.now() - timedelta(days=90), stale.ids])  # fmt: skip
        stale.invalidate_recordset()
        run = self.campaign.simulate()
        of_stale = run.assignment_ids.filtered(lambda row: row.lead_id in stale)
        self.assertEqual(sorted(of_stale.user_id.mapped("name")), ["Ann", "Bob", "Cem"])
        self.assertEqual(len(of_stale), 3)
        self.assertEqual((run.leads_planned, run.left_over), (23, {"everybody_full": 1}))

    def test_r64_who_gets_fewer_than_wanted_is_named_in_a_warning(self):
        self.campaign.write({"min_daily": 2, "strategy": "level_based"})
        for member, target in zip(self.campaign.member_ids, (1, 3, 3), strict=True):
            member.target_leads = target
        self.assertEqual(self.shares(7), (1, 3, 3))
        self.assertEqual(self.last.warnings, ["Fewer than 2 leads today: Ann (1)."])

    def test_a_limit_needs_somebody_and_something_to_count(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.cap("day", 1, campaign=False)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.cap("day", 1, self.ann, campaign=False, only_campaign=True)

    def test_limits_are_for_managers_and_of_the_own_companies(self):
        cap = self.cap("day", 1)
        self.assertTrue(cap.with_user(self.manager).read(["maximum"]))
        with self.assertRaises(AccessError):
            cap.with_user(self.ann).read(["maximum"])
        company = self.env["res.company"].create({"name": "Other"})
        own = self.cap("day", 1, self.ann, campaign=False)
        stranger = self.make_user("stella", "base.group_user,sales_team.group_sale_manager",
                                  company_id=company.id, company_ids=[Command.set(company.ids)])  # fmt: skip
        self.assertFalse(self.env["lead.distribution.cap"].with_user(stranger).search([("id", "in", (cap + own).ids)]))

    def test_a_manager_sets_a_limit_over_all_campaigns_in_the_list_of_limits(self):
        action = self.env.ref("lead_distribution.lead_distribution_cap_action")
        caps = self.env[action.res_model].with_user(self.manager)
        columns = caps.get_views([(False, "list")])["views"]["list"]["arch"]
        for name in ("user_id", "measure", "maximum", "campaign_id"):
            self.assertIn(f'name="{name}"', columns)
        caps.web_save({"user_id": self.ann.id, "maximum": 1}, {})
        self.make_leads(6)
        run = self.campaign.distribute()
        self.assertEqual(sum(row.user_id == self.ann for row in run.assignment_ids), 1)
        with self.assertRaises(AccessError):
            self.env["res.users"].with_user(self.manager).browse(self.ann.id).write({"distribution_cap_ids": []})

    def test_people_over_the_limit_see_no_lead_of_a_second_run_that_day(self):
        self.campaign.max_daily = 2
        self.make_leads(9)
        self.assertEqual(self.campaign.distribute().leads_distributed, 6)
        second = self.campaign.distribute()
        self.assertEqual((second.leads_distributed, second.left_over), (0, {"everybody_full": 3}))

    def test_workload_by_status_source_and_window_with_target_and_deficit_in_a_fixed_number_of_queries(self):
        source = self.env["utm.source"].create({"name": "Workload source"})
        self.make_leads(3, user_id=self.ann.id, source_id=source.id, lead_status_id=self.status["new"].id)
        self.make_leads(2, user_id=self.ann.id, source_date=self.days_ago(100))
        self.campaign.member_ids[0].target_leads = 10
        [ann, bob, _cem] = self.campaign.get_workload()
        self.assertEqual((ann["total"], ann["in_window"], ann["deficit"], ann["utilization"]), (5, 3, 5, 50.0))
        self.assertEqual((ann["last_30_days"], bob["last_30_days"]), (3, 0))
        self.assertEqual(ann["by_source"], {"Workload source": 3, "None": 2})
        self.assertEqual(ann["by_status"][self.status["new"].name], 3)
        self.assertEqual((bob["total"], bob["by_status"]), (0, {}))
        self.assertEqual(self.campaign.action_view_workload()["res_model"], "crm.lead")
        self.env.flush_all()
        periods = {"in_window": Domain("source_date", ">=", self.days_ago(30))}
        with self.assertQueryCount(2):
            group_workload(self.env, self.ann + self.bob + self.cem, periods)

    def test_workload_by_marketing_campaign_and_of_this_month_where_the_campaign_is(self):
        utm = self.env["utm.campaign"].create({"title": "Spring"})
        self.campaign.tz = "Pacific/Kiritimati"  # 14 hours ahead of UTC
        self.make_leads(2, user_id=self.ann.id, campaign_id=utm.id, source_date="2026-05-31")
        self.make_leads(1, user_id=self.ann.id, campaign_id=utm.id, source_date="2026-06-01")
        with freeze_time(datetime(2026, 5, 31, 9)):
            [before, *_rest] = self.campaign.get_workload()
        with freeze_time(datetime(2026, 5, 31, 11)):
            [after, *_rest] = self.campaign.get_workload()
        self.assertEqual((before["by_campaign"], before["this_month"]), ({"Spring": 3}, 2))
        self.assertEqual((after["this_month"], after["last_30_days"]), (1, 3))
