from odoo.exceptions import AccessError, MissingError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestObstacles(DistributionCase):
    """A campaign that finds nothing says what is in the way, with the click that mends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).active = False
        cls.obstacles = cls.env["lead.distribution.obstacle"].with_user(cls.manager)
        cls.campaign.filter_ids = False

    def list_all(self):
        """Return {key of an obstacle: (count, {key of a mend: leads it would find})}."""
        found = self.obstacles.list_for(self.campaign.id)
        return {row["key"]: (row["count"], {m["key"]: m["finds"] for m in row["mends"]}) for row in found}

    def assert_mends(self, obstacle, mend, leads):
        """The obstacle is told with the leads it keeps away, and after one click of its mend a run finds them."""
        count, mends = self.list_all()[obstacle]
        self.assertEqual((count, mends[mend]), (len(leads), len(leads)))
        self.assertFalse(self.campaign.with_user(self.manager).simulate().leads_found)
        self.assertIsNone(self.obstacles.mend(self.campaign.id, mend))
        self.assertEqual(self.find()[0], leads)
        self.assertEqual(self.list_all(), {})

    def test_nothing_is_in_the_way_where_leads_are_found(self):
        self.make_leads()
        self.make_leads(type="opportunity")
        self.assertEqual(self.list_all(), {})

    def test_only_opportunities(self):
        self.assert_mends("type", "take_both", self.make_leads(3, type="opportunity"))

    def test_who_may_can_switch_leads_on(self):
        self.env.ref("base.group_user").implied_ids -= self.env.ref("crm.group_use_lead")
        self.make_leads(type="opportunity")
        self.assertNotIn("use_leads_feature", self.list_all()["type"][1])
        with self.assertRaises(AccessError):
            self.obstacles.mend(self.campaign.id, "use_leads_feature")
        self.manager.group_ids += self.env.ref("base.group_system")
        self.assertIn("use_leads_feature", self.list_all()["type"][1])
        self.obstacles.mend(self.campaign.id, "use_leads_feature")
        self.assertTrue(self.manager.has_group("crm.group_use_lead"))
        self.assertNotIn("use_leads_feature", self.list_all()["type"][1])

    def test_all_are_older_than_the_window(self):
        self.assert_mends("date", "any_age", self.make_leads(2, source_date=self.days_ago(90)))

    def test_all_are_of_today_and_the_window_ends_yesterday(self):
        self.campaign.include_today = False
        self.assert_mends("date", "take_today", self.make_leads(5, source_date=self.today))

    def test_all_are_closed(self):
        self.assert_mends("closed", "take_closed", self.make_leads(2, lead_status_id=self.status["won"].id))

    def test_all_have_a_salesperson_who_is_no_member(self):
        leads = self.make_leads(2, user_id=self.manager.id)
        self.assertEqual(self.list_all()["no_holder"], (2, {"take_everybody": 2}))
        self.assert_mends("no_holder", "take_everybody", leads)

    def test_all_are_held_by_members(self):
        self.assert_mends("no_holder", "take_members", self.make_leads(2, user_id=self.ann.id))

    def test_all_are_held_by_people_who_left(self):
        gone = self.make_user("gone")
        leads = self.make_leads(2, user_id=gone.id)
        gone.active = False
        self.assert_mends("no_holder", "take_former", leads)

    def test_no_lead_has_a_status_of_the_pools(self):
        self.pools(("unassigned", ["call_back"], 0))
        self.assert_mends("holder_status", "any_status", self.make_leads(2, lead_status_id=False))

    def test_all_have_an_activity_or_miss_a_field(self):
        self.campaign.required_field_ids = self.env["ir.model.fields"]._get("crm.lead", "phone")
        self.assert_mends("required_fields", "take_incomplete", self.make_leads(2))

    def test_nothing_says_whose_leads_are_taken(self):
        leads = self.make_leads(2)
        self.campaign.pool_ids = [Command.clear()]
        [obstacle] = self.obstacles.list_for(self.campaign.id)
        self.assertEqual(obstacle["words"], "Nothing says whose leads are taken.")
        self.assert_mends("no_holder", "take_unassigned", leads)

    def test_what_helps_nothing_is_not_offered_beside_what_helps(self):
        self.make_leads(2, user_id=self.ann.id)
        self.make_leads(1, user_id=self.ann.id, source_date=self.days_ago(90))
        found = self.list_all()
        self.assertEqual(found["no_holder"], (2, {"take_members": 2, "take_everybody": 2}))
        self.assertNotIn("take_today", found["date"][1])
        self.assertNotIn("any_age", found["date"][1])

    def test_leads_not_to_be_called_are_shown_and_stay(self):
        leads = self.make_leads(2, lead_status_id=self.status["dnc"].id)
        self.assertEqual(self.list_all(), {"dnc": (2, {"show:dnc": 0})})
        action = self.obstacles.mend(self.campaign.id, "show:dnc")
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), leads)
        self.assertTrue(self.campaign.use_dnc)

    def test_nobody_receives(self):
        self.make_leads()
        self.campaign.member_ids = [Command.clear()]
        self.assertEqual(self.list_all(), {"no_people": (0, {"add_people": 0})})
        self.obstacles.mend(self.campaign.id, "add_people")
        self.assertLessEqual(self.ann + self.bob + self.cem, self.campaign.member_ids.user_id)
        self.assertEqual(self.list_all(), {})

    def test_who_is_a_member_already_is_added_no_second_time(self):
        """As an alert may ask for that has stood on the screen while somebody else has added people."""
        self.campaign.member_ids = [Command.clear(), Command.create({"user_id": self.ann.id})]
        self.obstacles.mend(self.campaign.id, "add_people")
        people = self.campaign.member_ids.mapped("user_id.id")
        self.assertEqual(len(people), len(set(people)))
        self.assertLessEqual({self.ann.id, self.bob.id, self.cem.id}, set(people))

    def test_where_all_are_members_and_inactive_they_receive_again(self):
        self.make_leads()
        self.obstacles.mend(self.campaign.id, "add_people")
        members = self.campaign.member_ids
        members.active = False
        self.assertEqual(self.list_all(), {"no_people": (0, {"add_people": 0})})
        self.obstacles.mend(self.campaign.id, "add_people")
        self.assertEqual(self.campaign.member_ids, members)
        self.assertEqual(self.list_all(), {})

    def test_there_are_no_leads_yet(self):
        self.assertEqual(self.list_all(), {"no_leads": (0, {"import_leads": 0})})

    def test_two_obstacles_one_behind_the_other_are_mended_one_after_the_other(self):
        leads = self.make_leads(2, type="opportunity", source_date=self.days_ago(90))
        self.assertEqual(list(self.list_all()), ["type"])
        self.obstacles.mend(self.campaign.id, "take_both")
        self.assert_mends("date", "any_age", leads)

    def test_what_helps_most_comes_first(self):
        self.make_leads(9, user_id=self.manager.id, source_date=self.days_ago(90))
        self.make_leads(2, user_id=self.ann.id)
        self.assertEqual(list(self.list_all()), ["no_holder", "date"])

    def test_what_is_tried_out_changes_nothing(self):
        self.make_leads(2, source_date=self.days_ago(90))
        self.make_leads(2, user_id=self.ann.id)
        before = self.campaign.dump_config()
        self.list_all()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.campaign.dump_config(), before)

    def test_a_campaign_with_every_rule_can_be_tried_out(self):
        tag = self.env["crm.tag"].create({"name": "vip"})
        source = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        self.campaign.write({
            "use_sales_filter": True, "use_dropback": True, "exclude_assigned": True, "use_priority": True,
            "exclude_inactive_users": True, "own_domain": f"[('tag_ids', 'not in', {tag.ids})]",
            "protected_user_ids": [Command.set(self.cem.ids)], "exclude_weekends": True, "exclude_holidays": True,
            "dropback_threshold_ids": [Command.create({"days": 400})],
            "dropback_rule_ids": [Command.create({"name": "all", "is_default": True, "user_id": self.ann.id})],
            "filter_ids": [Command.create({"field_id": source.id, "values_text": "web", "kind": "include"})],
        })  # fmt: skip
        weekday = next(day for day in map(self.days_ago, range(1, 4)) if day.weekday() < 5)
        self.make_leads(2, priority="2", source_date=weekday)
        self.assertEqual({key: count for key, (count, _mends) in self.list_all().items()}, {"web_source": 2})

    def test_a_plan_that_finds_nothing_recommends_what_mends_it(self):
        self.make_leads(2, type="opportunity")
        told = self.campaign.with_user(self.manager).simulate().to_dict()["recommendations"]
        self.assertIn("2 records are not looked at: they are opportunities, and the campaign takes leads only.", told)
        self.assertNotIn("widen", " ".join(told))
        self.make_leads()
        told = self.campaign.with_user(self.manager).simulate().to_dict()["recommendations"]
        self.assertNotIn("opportunities", " ".join(told))

    def test_of_a_plan_for_selected_leads_only_these_count(self):
        self.make_leads(3)
        held = self.make_leads(2, user_id=self.manager.id)
        run = self.campaign.with_user(self.manager).simulate(lead_ids=held.ids)
        [obstacle] = self.obstacles.list_for(self.campaign.id, run.id)
        self.assertEqual((obstacle["key"], obstacle["count"]), ("no_holder", 2))

    def test_a_campaign_that_was_deleted_meanwhile_is_told_in_words(self):
        gone = self.make_campaign("Gone").id
        self.env["lead.distribution.campaign"].browse(gone).unlink()
        for ask in (lambda: self.obstacles.list_for(gone), lambda: self.obstacles.mend(gone, "take_both")):
            with self.assertRaisesRegex(MissingError, "not there any more"):
                ask()

    def test_only_managers_of_the_company_see_and_mend(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.campaign.company_id = other
        for user in (self.ann, self.manager):
            obstacles = self.obstacles.with_user(user)
            with self.assertRaises(AccessError):
                obstacles.list_for(self.campaign.id)
            with self.assertRaises(AccessError):
                obstacles.mend(self.campaign.id, "any_age")
        self.assertTrue(self.campaign.use_window)
