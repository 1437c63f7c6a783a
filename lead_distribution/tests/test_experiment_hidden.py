"""The settings of way B are a campaign that nobody meets anywhere but in its experiment."""

from psycopg2.errors import CheckViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.config.find_campaign import find_campaigns
from odoo.addons.lead_distribution.following.pull import find_campaigns as find_pulled
from odoo.addons.lead_distribution.live.watching import find_live
from odoo.addons.lead_distribution.planning.schedule import find_due

from .test_experiment_course import ExperimentCase


@tagged("post_install", "-at_install")
class TestWayBIsSeenNowhereElse(ExperimentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tag = cls.env["crm.tag"].create({"name": "Solar"})
        cls.campaign.write(
            {
                "is_live": True,
                "frequency": "daily",
                "use_skills": True,
                "skill_ids": [Command.create({"tag_id": tag.id})],
                "cap_ids": [Command.create({"measure": "day", "maximum": 9, "user_id": cls.ann.id})],
                "level_ids": [Command.create({"name": "Star", "code": "star"})],
            }
        )
        cls.experiment = cls.env["lead.distribution.experiment"].create(
            {"campaign_id": cls.campaign.id, "strategy_b": "weighted"}
        )
        cls.experiment.action_start()
        cls.variant = cls.experiment.variant_id
        cls.env.flush_all()
        cls.env.invalidate_all()

    def get_own(self, model):
        """Return the records that belong to way B."""
        return self.env[model].sudo().with_context(active_test=False).search([("campaign_id", "=", self.variant.id)])

    def test_no_search_finds_what_belongs_to_it(self):
        for user in (self.manager, self.env.user):
            campaigns = self.env["lead.distribution.campaign"].with_user(user).with_context(active_test=False)
            for domain in (
                [],
                [("active", "=", False)],
                [("active", "in", (True, False))],
                [("name", "ilike", "way B")],
                [("member_ids.user_id", "=", self.ann.id)],
                [("id", "!=", 0)],
            ):
                self.assertNotIn(self.variant, campaigns.search(domain))
            self.assertFalse(campaigns.name_search("way B"))
            groups = campaigns._read_group([], [], ["id:array_agg"])
            self.assertNotIn(self.variant.id, groups[0][0])
        for model in ("member", "level", "cap", "skill"):
            name = f"lead.distribution.{model}"
            own = self.get_own(name)
            self.assertTrue(own, model)
            everything = self.env[name].with_context(active_test=False)
            self.assertFalse(everything.search([]) & own, model)
            self.assertFalse(everything.search([("campaign_id.name", "ilike", "Voice")]) & own, model)
            self.assertFalse(everything.with_user(self.manager).search([]) & own, model)

    def test_its_own_form_shows_what_belongs_to_it(self):
        form = self.variant.with_user(self.manager)
        self.assertEqual(len(form.member_ids), 3)
        self.assertEqual((len(form.skill_ids), len(form.cap_ids), len(form.level_ids)), (1, 1, 1))
        self.assertEqual(form.member_ids.user_id, self.campaign.member_ids.user_id)
        self.assertTrue(form.web_read({"name": {}, "member_ids": {"fields": {"weight": {}}}})[0]["member_ids"])

    def test_people_are_members_of_their_campaigns_only(self):
        own = self.get_own("lead.distribution.member")
        self.assertEqual(self.ann.distribution_member_ids, self.campaign.member_ids & self.ann.distribution_member_ids)
        self.assertFalse(self.ann.distribution_member_ids & own)
        self.assertFalse(self.ann.distribution_cap_ids & self.get_own("lead.distribution.cap"))
        mine = self.env["lead.distribution.member"].with_user(self.ann)
        self.assertEqual(mine.search([]).campaign_id, self.campaign)
        self.campaign.pull_at_once = 3
        self.assertEqual(find_pulled(self.env(user=self.ann.id)), self.campaign)

    def test_nothing_works_through_it_as_if_it_were_a_campaign(self):
        self.variant.sudo().write({"frequency": "daily"})
        self.campaign.next_run = False
        self.assertNotIn(self.variant, find_due(self.env))
        self.assertNotIn(self.variant, find_live(self.env))
        self.assertNotIn(self.variant, find_campaigns(self.env, self.variant.name))
        self.assertFalse(find_campaigns(self.env, self.variant.name))

    def test_no_page_offers_it(self):
        env = self.env(user=self.manager.id)
        names = {one["name"] for one in env["lead.distribution.who.is.there"].get_data()["campaigns"]}
        self.assertNotIn(self.variant.name, names)
        data = env["lead.distribution.dashboard"].get_data()
        self.assertNotIn(self.variant.name, str(data))
        lead = self.make_leads(1)
        self.make_leads(1, user_id=self.ann.id)
        why_not = env["crm.lead.why.not"].with_context(active_id=lead.id, active_model="crm.lead")
        if "lead_id" in why_not._fields:
            wizard = why_not.create({"lead_id": lead.id})
            self.assertNotIn(self.variant.name, str(wizard.read()))
        plan = self.ann.with_user(self.manager).plan_handover()
        self.assertNotEqual(plan.campaign_id, self.variant)

    def test_a_configuration_of_its_name_makes_a_campaign_of_its_own(self):
        loaded = self.env["lead.distribution.campaign"].load_config({"campaign": {"name": self.variant.name}})
        self.assertNotEqual(loaded, self.variant)

    def test_a_configuration_loaded_meanwhile_is_taken_and_the_people_follow(self):
        dan = self.make_user("dan")
        text = self.campaign.dump_config()
        self.campaign.load_config(text)
        self.assertEqual(self.campaign.experiment_ids.state, "running")
        self.assertIn("experiment", str(self.campaign.config_report))
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        self.campaign.load_config(text)
        self.assertEqual(self.get_people(self.variant).get(dan), self.get_people(self.campaign).get(dan))

    def test_it_stays_archived(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.variant.active = True
            self.env.flush_all()

    def test_what_a_run_does_is_the_campaigns(self):
        leads = self.make_leads(8)
        run = self.campaign.distribute()
        self.assertEqual(run.campaign_id, self.campaign)
        self.assertEqual(leads.distribution_campaign_id, self.campaign)
        self.assertEqual(run.assignment_ids.campaign_id, self.campaign)
        verified = self.campaign.verify_assignments()
        self.assertTrue(verified["all_assigned"], verified["problems"])
        self.assertFalse(verified["problems"])
