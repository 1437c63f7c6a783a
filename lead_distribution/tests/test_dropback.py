from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..planning.received import count_received
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestDropback(DistributionCase):
    """Leads past an age go to the person for their web source, before distribution."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pat, cls.kevin, cls.boss = cls.make_users("pat", "kevin", "boss")
        names = ("facebook_voice", "my_iphone", "unknown")
        cls.sources = {name: cls.env["utm.source"].create({"name": name}) for name in names}
        cls.team = cls.env["crm.team"].create({"name": "Voice Team"})
        cls.campaign.write(
            {
                "use_dropback": True,
                "younger_than_days": 30,
                "dropback_status_id": cls.status["dropback"].id,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [
                    Command.create({"name": "Voice", "sources_text": "Facebook_Voice", "patterns_text": ".*voice.*",
                                    "user_id": cls.pat.id, "team_id": cls.team.id, "priority": "2"}),
                    Command.create({"name": "Apple", "patterns_text": ".*iphone.*", "user_id": cls.kevin.id}),
                    Command.create({"name": "default", "is_default": True, "user_id": cls.boss.id}),
                ],
            }
        )  # fmt: skip

    def make_old(self, source="facebook_voice", days=40, **values):
        source_id = self.sources[source].id if source else False
        return self.make_leads(source_id=source_id, source_date=self.days_ago(days), **values)

    def dropped(self, **options):
        rows = self.campaign.simulate(**options).assignment_ids.filtered(lambda r: r.kind == "dropback")
        return {row.lead_id: row.user_id for row in rows}

    def test_r41_leads_beyond_the_old_edge_drop_back_and_the_rest_is_distributed(self):
        old, new = self.make_old(), self.make_leads()
        run = self.campaign.distribute()
        self.assertEqual((old.user_id, run.leads_dropped_back), (self.pat, 1))
        self.assertIn(new.user_id, self.ann + self.bob + self.cem)
        self.assertEqual((run.leads_found, run.leads_distributed), (1, 1))
        self.assertEqual((run.leads_in_range, run.leads_looked_at), (1, 2))

    def test_r41_a_lead_beyond_the_old_edge_but_not_past_a_threshold_is_out_by_date(self):
        self.campaign.dropback_threshold_ids.days = 60
        self.make_old(days=40)
        run = self.campaign.simulate()
        self.assertEqual((run.leads_in_range, run.leads_dropped_back), (0, 0))

    def test_what_drops_back_shows_no_button_to_decline_it(self):
        old, new = self.make_old(), self.make_leads()
        self.campaign.distribute()
        self.assertFalse(old.with_user(self.pat).can_decline)
        self.assertTrue(new.with_user(new.user_id).can_decline)

    def test_r42_strictly_older_than_the_days_and_a_missing_date_never(self):
        self.campaign.use_window = False
        edge, past = self.make_old(days=30), self.make_old(days=31)
        self.make_leads(source_date=False)
        self.assertEqual(self.dropped(), {past: self.pat})
        self.assertTrue(edge)

    def test_r42_business_days_are_mondays_to_fridays_the_date_included(self):
        self.campaign.use_window = False
        self.campaign.dropback_threshold_ids.write({"days": 5, "business_days": True})
        leads = {days: self.make_old(days=days) for days in range(1, 15)}
        expected = []
        for days, lead in leads.items():
            dates = [self.today - timedelta(days=n) for n in range(1, days + 1)]
            if sum(date.weekday() < 5 for date in dates) > 5:
                expected.append(lead)
        self.assertEqual(set(self.dropped()), set(expected))

    def test_r43_any_threshold_is_enough_and_all_its_conditions_must_hold(self):
        vip, other = self.env["crm.tag"].create([{"name": "VIP_1"}, {"name": "VIP 1"}])
        self.campaign.use_window = False
        self.campaign.dropback_threshold_ids = [
            Command.clear(),
            Command.create({"days": 90}),
            Command.create({"days": 10, "conditions_text": "priority >= 3\ntag_ids contains 'vip_1'"}),
        ]
        self.make_old(days=20, priority="2", tag_ids=[Command.set(other.ids)])
        both = self.make_old(days=20, priority="2", tag_ids=[Command.set(vip.ids)])
        self.make_old(days=20, priority="1", tag_ids=[Command.set(vip.ids)])
        self.make_old(days=20, priority="3")
        very_old = self.make_old(days=91)
        self.assertEqual(set(self.dropped()), {both, very_old})

    def test_r44_r45_exact_names_patterns_and_the_default(self):
        voice, apple, none = self.make_old(), self.make_old("my_iphone"), self.make_old("unknown")
        empty = self.make_old(None)
        self.assertEqual(self.dropped(), {voice: self.pat, apple: self.kevin, none: self.boss, empty: self.boss})

    def test_r44_fallback_fields_are_tried_in_turn_of_any_type(self):
        medium = self.env["utm.medium"].create({"name": "iphone_medium"})
        self.campaign.dropback_source_fields = "source_id, medium_id, no_such_field, city"
        by_medium = self.make_old("unknown", medium_id=medium.id)
        by_city = self.make_old(None, city="Voiceville")
        self.campaign.dropback_rule_ids[0].patterns_text = ".*voice.*"
        self.assertEqual(self.dropped(), {by_medium: self.kevin, by_city: self.pat})

    def test_r46_a_user_who_left_gives_way_to_the_default_user_with_a_warning(self):
        lead = self.make_old()
        self.pat.active = False
        run = self.campaign.distribute()
        self.assertEqual(lead.user_id, self.boss)
        self.assertEqual(run.to_dict()["dropback"], [
            {"lead_id": lead.id, "user_id": self.boss.id, "rule": "Voice"}
        ])  # fmt: skip
        self.assertIn("Voice", run.warnings[0])

    def test_without_anybody_to_give_it_to_an_old_lead_is_left_alone(self):
        lead = self.make_old()
        self.campaign.dropback_rule_ids.user_id = False
        run = self.campaign.distribute()
        self.assertEqual((run.exclusions, run.leads_dropped_back), ({"dropback": 1}, 0))
        self.assertFalse(lead.user_id)

    def test_r47_owner_status_team_and_priority_are_written(self):
        lead, other = self.make_old(), self.make_old("unknown", priority="1")
        self.campaign.distribute()
        self.assertRecordValues(lead, [{
            "user_id": self.pat.id, "open_user_id": self.pat.id, "closer_id": self.pat.id,
            "team_id": self.team.id, "priority": "2", "lead_status_id": self.status["dropback"].id,
        }])  # fmt: skip
        self.assertRecordValues(other, [{"user_id": self.boss.id, "team_id": False, "priority": "1"}])

    def test_r47_team_and_status_stay_if_the_campaign_says_so(self):
        mine = self.env["crm.team"].create({"name": "Mine"})
        self.campaign.write({"dropback_preserve_team": True, "dropback_update_status": False})
        lead = self.make_old(team_id=mine.id, lead_status_id=self.status["utr"].id)
        self.campaign.distribute()
        self.assertRecordValues(lead, [{"team_id": mine.id, "lead_status_id": self.status["utr"].id}])

    def test_r48_old_leads_that_fail_the_criteria_are_left_alone_not_distributed(self):
        tag = self.env["crm.tag"].create({"name": "do_not_dropback"})
        self.campaign.write({
            "dropback_priority_min": 2,
            "dropback_exclude_status_ids": [Command.set(self.status["won"].ids)],
            "dropback_exclude_tag_ids": [Command.set(tag.ids)],
            "dropback_user_ids": [Command.set(self.kevin.ids)],
            "dropback_override": True,
            "dropback_required_field_ids": [
                Command.set(self.env["ir.model.fields"]._get("crm.lead", "phone").ids)
            ],
        })  # fmt: skip
        fine = {"priority": "2", "phone": "1"}
        taken = self.make_old(**fine)
        self.make_old(**{**fine, "priority": "0"})
        self.make_old(**{**fine, "phone": " "})
        self.make_old(**fine, lead_status_id=self.status["won"].id)
        self.make_old(**fine, tag_ids=[Command.set(tag.ids)])
        self.make_old(**fine, user_id=self.kevin.id)
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.leads_found), ({"dropback": 5}, 0))
        self.assertEqual(run.assignment_ids.lead_id, taken)

    def test_r44_the_default_rules_own_sources_count_like_those_of_the_others(self):
        default = self.campaign.dropback_rule_ids.filtered("is_default")
        default.sources_text = "my_iphone"
        self.assertEqual(self.dropped(), {})
        lead = self.make_old("my_iphone")
        self.assertEqual(self.dropped(), {lead: self.boss})

    def test_r30_old_leads_of_protected_people_stay_where_they_are(self):
        self.campaign.protected_user_ids = self.bob
        self.make_old(user_id=self.bob.id)
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.leads_dropped_back), ({"dropback": 1}, 0))

    def test_what_could_not_be_dropped_back_is_counted_as_left_alone(self):
        lead = self.make_old()
        run = self.campaign.simulate()
        lead.user_id = self.manager
        run.action_apply()
        self.assertEqual((run.leads_dropped_back, run.exclusions), (0, {"dropback": 1}))
        self.assertEqual(lead.user_id, self.manager)

    def test_fields_that_hold_no_web_source_and_endless_patterns_are_refused(self):
        with self.assertRaises(ValidationError):
            self.campaign.dropback_source_fields = "source_id, tag_ids"
        self.make_old("unknown", city="x")
        self.sources["unknown"].name = "a" * 60 + "!"
        self.campaign.dropback_rule_ids[0].patterns_text = "(a+)+$"
        with self.assertRaisesRegex(ValidationError, "takes too long"):
            self.campaign.simulate()

    def test_r48_assigned_leads_are_left_alone_without_override(self):
        held, free = self.make_old(user_id=self.ann.id), self.make_old()
        self.assertEqual(set(self.dropped()), {held, free})
        self.campaign.dropback_override = False
        self.assertEqual(set(self.dropped()), {free})

    def test_r49_dropback_is_not_found_uses_no_limit_and_a_dry_run_writes_nothing(self):
        old = self.make_old() + self.make_old()
        self.make_leads(3)
        run = self.campaign.simulate(max_leads=2)
        self.assertEqual((run.leads_found, run.leads_planned, run.leads_dropped_back), (3, 2, 2))
        self.assertFalse(old.user_id)
        self.assertEqual(len(run.to_dict()["assignments"]), 2)
        self.campaign.use_dropback = False
        self.assertEqual(self.campaign.simulate().leads_dropped_back, 0)

    def test_r49_what_drops_back_to_somebody_uses_up_no_limit_of_that_person(self):
        old = self.make_old()
        self.campaign.distribute()
        self.assertTrue(old.user_id)
        self.assertEqual(count_received(self.env, old.user_id), {"day": {}, "week": {}, "month": {}})

    def test_r69_without_salespeople_nothing_is_dropped_back(self):
        old = self.make_old()
        self.campaign.member_ids.active = False
        self.assertEqual(self.campaign.distribute().state, "failed")
        self.assertFalse(old.user_id)

    def test_dropback_is_reverted_with_the_run(self):
        lead = self.make_old(priority="1", lead_status_id=self.status["utr"].id)
        run = self.campaign.distribute()
        run.action_revert()
        self.assertRecordValues(lead, [{
            "user_id": False, "priority": "1", "lead_status_id": self.status["utr"].id, "team_id": False,
        }])  # fmt: skip

    def test_the_report_counts_dropback_by_rule(self):
        self.make_old()
        self.make_old("my_iphone")
        text = self.campaign.simulate().get_text_report()
        self.assertIn("Voice: 1 → Pat", text)
        self.assertRegex(text, r"Dropback leads \(old\): +2\n")

    def test_broken_patterns_and_conditions_are_refused(self):
        with self.assertRaisesRegex(ValidationError, r"\(x"):
            self.campaign.dropback_rule_ids[0].patterns_text = "(x"
        for line in ("priority", "shoe_size >= 3", "name contains 'x'"):
            with self.assertRaises(ValidationError):
                self.campaign.dropback_threshold_ids[0].conditions_text = line
