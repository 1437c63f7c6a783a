from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.lead_distribution.finding.scope import get_today

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestFind(DistributionCase):
    """Which leads a campaign takes, and the first reason for those it does not."""

    def test_r22_only_leads_never_opportunities_nor_archived_ones(self):
        lead = self.make_leads()
        self.make_leads(type="opportunity")
        self.make_leads(active=False)
        self.assertEqual(self.find(), (lead, {}))

    def test_r23_the_old_edge_is_inside_the_new_edge_outside_a_missing_date_too(self):
        self.campaign.write({"younger_than_days": 30, "older_than_days": 0, "include_today": False})
        ages = {age: self.make_leads(source_date=self.days_ago(age)) for age in (0, 1, 30, 31)}
        self.make_leads(source_date=False)
        self.assertEqual(self.find()[0], ages[1] + ages[30])
        self.campaign.older_than_days = 1
        self.assertEqual(self.find()[0], ages[30])

    def test_r1_without_a_window_leads_of_any_date_or_none_are_found(self):
        self.campaign.use_window = False
        leads = self.make_leads(source_date=self.days_ago(900)) + self.make_leads(source_date=False)
        self.assertEqual(self.find()[0], leads)

    def test_r24_dates_of_the_caller_replace_the_window_both_ends_included(self):
        first, last = self.days_ago(90), self.days_ago(80)
        inside = self.make_leads(source_date=first) + self.make_leads(source_date=last)
        before = self.make_leads(source_date=first - timedelta(days=1))
        after = self.make_leads(source_date=last + timedelta(days=1))
        self.assertEqual(self.find(date_from=first, date_to=last)[0], inside)
        self.assertEqual(self.find(date_to=last)[0], inside + before)
        self.assertEqual(self.find(date_from=first)[0], inside + after)

    def test_one_open_side_of_a_window_on_a_date_with_time_works_in_every_time_zone(self):
        self.campaign.window_field_id = self.env["ir.model.fields"]._get("crm.lead", "create_date")
        lead = self.make_leads()
        for zone in ("Europe/Berlin", "America/New_York"):
            self.campaign.write({"tz": zone, "custom_date_from": self.days_ago(5), "custom_date_to": False})
            self.assertEqual(self.find()[0], lead)
            self.campaign.write({"custom_date_from": False, "custom_date_to": self.days_ago(5)})
            self.assertFalse(self.find()[0])

    def test_r2_today_is_the_date_of_the_campaigns_time_zone(self):
        self.campaign.tz = "Pacific/Kiritimati"  # UTC+14
        ahead = get_today(self.campaign)
        self.campaign.tz = "Pacific/Pago_Pago"  # UTC-11
        self.assertIn((ahead - get_today(self.campaign)).days, (1, 2))

    def test_r27_r28_a_lead_qualifies_by_its_holder_and_the_holders_statuses(self):
        gone = self.make_user("gus")
        self.campaign.member_ids = [(0, 0, {"user_id": gone.id, "active": False})]
        self.pools(("active_member", ["utr"], 0), ("inactive_member", ["utr", "new"], 0))
        utr, new = self.status["utr"].id, self.status["new"].id
        taken = self.make_leads(user_id=self.ann.id, lead_status_id=utr)
        taken += self.make_leads(user_id=gone.id, lead_status_id=new)
        self.make_leads(user_id=self.ann.id, lead_status_id=new)
        self.make_leads(user_id=self.ann.id)
        self.make_leads(user_id=self.manager.id, lead_status_id=utr)
        self.make_leads(lead_status_id=utr)
        self.assertEqual(self.find(), (taken, {"no_holder": 2, "holder_status": 2}))

    def test_r27_a_member_whose_user_is_archived_is_an_inactive_one(self):
        lead = self.make_leads(user_id=self.bob.id)
        self.pools(("inactive_member", [], 0))
        self.assertEqual(self.find(), (lead.browse(), {"no_holder": 1}))
        self.bob.active = False
        self.assertEqual(self.find(), (lead, {}))

    def test_leads_of_archived_users_who_are_no_members_only_if_asked_for(self):
        stranger = self.make_user("sid")
        lead = self.make_leads(user_id=stranger.id)
        stranger.active = False
        self.pools(("inactive_member", [], 0))
        self.assertEqual(self.find(), (lead.browse(), {"no_holder": 1}))
        self.campaign.pool_ids.include_former_users = True
        self.assertEqual(self.find(), (lead, {}))

    def test_r5_the_opener_is_the_holder_the_salesperson_where_there_is_none(self):
        self.pools(("active_member", [], 0))
        opened = self.make_leads(user_id=self.manager.id, open_user_id=self.ann.id)
        self.make_leads(user_id=self.ann.id, open_user_id=self.manager.id)
        closed_by = self.make_leads(closer_id=self.ann.id)
        leads, excluded = self.find()
        self.assertEqual((leads, excluded), (opened, {"no_holder": 2}))
        self.assertFalse(closed_by.holder_id)

    def test_r29_a_pool_has_an_old_edge_of_its_own(self):
        self.campaign.younger_than_days = 60
        self.pools(("unassigned", [], 10))
        lead = self.make_leads(source_date=self.days_ago(10))
        self.make_leads(source_date=self.days_ago(11))
        self.assertEqual(self.find(), (lead, {"holder_status": 1}))

    def test_r26_all_leads_whoever_holds_them(self):
        self.campaign.pool_mode = "all"
        leads = self.make_leads() + self.make_leads(user_id=self.manager.id)
        self.assertEqual(self.find(), (leads, {}))

    def test_a_campaign_without_pools_takes_nothing(self):
        self.campaign.pool_ids = [(5,)]
        self.make_leads(2)
        self.assertEqual(self.find()[1], {"no_holder": 2})

    def test_a_new_campaign_takes_only_what_nobody_holds(self):
        lead = self.make_leads()
        self.make_leads(user_id=self.ann.id)
        self.assertEqual(self.find(), (lead, {"no_holder": 1}))

    def test_r30_leads_of_protected_people_stay_and_these_people_may_receive(self):
        self.pools(("active_member", [], 0), ("unassigned", [], 0))
        self.campaign.protected_user_ids = self.ann
        self.make_leads(user_id=self.ann.id)
        leads = self.make_leads(3)
        self.assertEqual(self.find(), (leads, {"excluded_user": 1}))
        self.assertIn(self.ann.id, self.campaign.simulate().assignment_ids.user_id.ids)

    def test_r31_won_lost_and_cancelled_leads_are_left_out_only_if_asked(self):
        closed = [self.make_leads(lead_status_id=self.status[c].id) for c in ("won", "lost", "cancelled")]
        lead = self.make_leads(lead_status_id=self.status["new"].id)
        self.assertEqual(self.find(), (lead, {"closed": 3}))
        self.campaign.exclude_closed = False
        self.assertEqual(len(self.find()[0]), len(closed) + 1)

    def test_r35_a_recent_or_future_deadline_protects_an_old_one_does_not(self):
        leads = {days: self._with_deadline(days) for days in (-5, -4, 0, 3, 200)}
        none = self.make_leads()
        self.assertEqual(self.find(), (leads[-5] + none, {"activity": 4}))
        self.campaign.exclude_without_activity = True
        self.assertEqual(self.find(), (leads[-5], {"activity": 5}))
        self.campaign.protect_activities = False
        self.assertEqual(len(self.find()[0]), 6)

    def test_r35_the_next_of_several_deadlines_counts(self):
        lead = self._with_deadline(-9)
        lead.activity_schedule("mail.mail_activity_data_call", self.today + timedelta(days=9))
        self.assertEqual(self.find()[0], lead)

    def test_r35_a_finished_activity_is_no_deadline(self):
        lead = self.make_leads()
        lead.activity_schedule("mail.mail_activity_data_call", self.today).action_feedback()
        self.assertEqual(self.find(), (lead, {}))

    def _with_deadline(self, days):
        lead = self.make_leads()
        lead.activity_schedule("mail.mail_activity_data_call", self.today + timedelta(days=days))
        return lead

    def test_r3_one_reason_a_lead_the_first_and_the_sum_closes(self):
        """A lead that several steps would refuse counts once, for the first of them."""
        self.pools(("active_member", ["utr"], 0))
        self.campaign.protected_user_ids = self.bob
        self.make_leads(user_id=self.bob.id, lead_status_id=self.status["won"].id)
        won = self.make_leads(user_id=self.ann.id, lead_status_id=self.status["won"].id)
        won.activity_schedule("mail.mail_activity_data_call", self.today)
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        leads, excluded = self.find()
        self.assertEqual(excluded, {"excluded_user": 1, "holder_status": 1})
        self.assertEqual(len(leads) + sum(excluded.values()), 4)
        run = self.campaign.simulate()
        self.assertEqual(run.leads_in_range, 4)
        self.assertEqual(run.overview["funnel"][-1]["remaining"], run.leads_found)

    def test_leads_of_other_companies_are_not_taken(self):
        other = self.env["res.company"].create({"name": "Other"})
        lead = self.make_leads(company_id=self.env.company.id) + self.make_leads(company_id=False)
        self.make_leads(company_id=other.id)
        self.assertEqual(self.find()[0], lead)
