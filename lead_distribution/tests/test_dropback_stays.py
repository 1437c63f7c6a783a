from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.finding.sales import find_stages
from odoo.addons.lead_distribution.planning.request import PlanRequest

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestDropbackStays(DistributionCase):
    """Old leads that are where they would go, or closed, are left alone: nothing is done twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pat, cls.kevin, cls.boss = cls.make_users("pat", "kevin", "boss")
        cls.voice, cls.phone, cls.other = cls.env["utm.source"].create(
            [{"name": "voice"}, {"name": "iphone"}, {"name": "other"}]
        )
        cls.campaign.write(
            {
                "use_dropback": True,
                "use_window": False,
                "dropback_status_id": cls.status["dropback"].id,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [
                    Command.create({"name": "Voice", "sources_text": "voice", "user_id": cls.pat.id}),
                    Command.create({"name": "Apple", "patterns_text": ".*iphone.*", "user_id": cls.kevin.id}),
                    Command.create({"name": "default", "is_default": True, "user_id": cls.boss.id}),
                ],
            }
        )

    def make_old(self, source, **values):
        return self.make_leads(source_id=source and source.id, source_date=self.days_ago(40), **values)

    def test_r48_what_was_dropped_back_is_not_dropped_back_again(self):
        leads = self.make_old(self.voice) + self.make_old(self.phone) + self.make_old(self.other) + self.make_old(None)
        first = self.campaign.distribute()
        self.assertEqual(first.leads_dropped_back, 4)
        leads[0].lead_status_id = self.status["in_progress"]
        told = [("partner_ids", "in", (self.pat + self.kevin + self.boss).partner_id.ids)]
        messages = self.env["mail.message"].search_count(told)
        self.assertTrue(messages)
        for _turn in range(2):
            run = self.campaign.distribute()
            self.assertEqual((run.leads_dropped_back, run.exclusions, run.leads_found), (0, {"dropback": 4}, 0))
            self.assertFalse(run.assignment_ids)
        self.assertEqual(self.env["mail.message"].search_count(told), messages)
        self.assertEqual(leads.user_id, self.pat + self.kevin + self.boss)
        self.assertEqual(leads[0].lead_status_id, self.status["in_progress"])

    def test_r48_held_by_the_user_of_another_rule_it_goes_on_to_its_own(self):
        mine, wrong = self.make_old(self.voice, user_id=self.pat.id), self.make_old(self.phone, user_id=self.pat.id)
        opened = self.make_old(self.voice, user_id=self.pat.id, open_user_id=self.ann.id)
        run = self.campaign.distribute()
        self.assertEqual((mine.user_id, wrong.user_id, opened.holder_id), (self.pat, self.kevin, self.pat))
        self.assertEqual((run.leads_dropped_back, run.exclusions), (2, {"dropback": 1}))

    def test_r48_the_steps_and_why_not_tell_the_same(self):
        mine = self.make_old(self.voice, user_id=self.pat.id)
        moves = self.make_old(self.other, user_id=self.pat.id)
        self.assertEqual(self.campaign._get_refused_ids("dropback", PlanRequest()), mine.ids)
        for lead, step in ((mine, "dropback"), (moves, "dropped_back")):
            steps = self.campaign._explain_lead(lead)
            self.assertEqual(next(row["step"] for row in steps if not row["passes"]), step)

    def test_r48_closed_leads_are_left_alone_unless_the_campaign_says_otherwise(self):
        for code in ("won", "lost", "cancelled"):
            self.make_old(self.voice, lead_status_id=self.status[code].id)
        opened = self.make_old(self.voice, lead_status_id=self.status["utr"].id)
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (opened, {"dropback": 3}))
        self.campaign.dropback_closed = True
        self.assertEqual(self.campaign.simulate().leads_dropped_back, 4)

    def test_leads_of_a_rule_without_anybody_stay_and_the_others_drop_back(self):
        self.campaign.dropback_rule_ids[2].user_id = False
        voice, other = self.make_old(self.voice), self.make_old(self.other)
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (voice, {"dropback": 1}))
        self.assertEqual(self.campaign._get_refused_ids("dropback", PlanRequest()), other.ids)

    def test_several_source_fields_decide_together_who_holds_a_lead_already(self):
        self.campaign.dropback_source_fields = "source_id, city"
        by_city = self.make_old(None, city="my iphone", user_id=self.kevin.id)
        by_source = self.make_old(self.voice, city="my iphone", user_id=self.kevin.id)
        self.make_old(None, city=" ", user_id=self.boss.id)
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (by_source, {"dropback": 2}))
        self.assertTrue(by_city)

    def test_finding_with_dropback_takes_the_same_statements_for_ten_times_the_leads(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.campaign._find_leads(PlanRequest())
            return self.env.cr.sql_log_count - before

        def make(number):
            for source in (self.voice, self.phone, self.other):
                self.make_leads(number, source_id=source.id, source_date=self.days_ago(40), user_id=self.pat.id)

        make(3)
        count()
        few = count()
        make(30)
        self.assertLessEqual(count(), few)

    def test_a_source_of_type_selection_is_compared_by_its_label_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        choice = self.env["ir.model.fields.selection"].search(
            [("field_id", "=", self.env["ir.model.fields"]._get("crm.lead", "priority").id), ("value", "=", "2")]
        )
        choice.with_context(lang="fr_FR").name = "Élevée"
        self.env.registry.clear_cache()
        lead = self.make_old(None, priority="2")
        self.campaign.dropback_source_fields = "priority"
        for names in ("High", "élevée", "2"):
            self.campaign.dropback_rule_ids[0].sources_text = names
            for lang in ("en_US", "fr_FR"):
                run = self.campaign.with_context(lang=lang).simulate()
                self.assertEqual(run.assignment_ids.user_id, self.pat, (names, lang))
        self.campaign.dropback_rule_ids[0].write({"sources_text": False, "patterns_text": "^hi.*"})
        self.assertEqual(self.campaign.simulate().assignment_ids.user_id, self.pat)
        self.assertTrue(lead)

    def test_a_related_source_is_compared_by_its_name_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.campaign.dropback_source_fields = "stage_id"
        stage = self.env["crm.stage"].create({"name": "Parked"})
        stage.with_context(lang="fr_FR").name = "Garé"
        self.make_old(None, stage_id=stage.id)
        for name in ("parked", "garé"):
            self.campaign.dropback_rule_ids[0].sources_text = name
            self.assertEqual(self.campaign.simulate().assignment_ids.user_id, self.pat, name)

    def test_a_related_source_is_named_as_in_filters(self):
        state, status = self.env.ref("base.state_us_27"), self.status["full_pitch_follow_up"]
        status.name = "Pitch is over"
        self.make_old(None, state_id=state.id, country_id=state.country_id.id, lead_status_id=status.id)
        for field, *names in (
            ("state_id", state.name, state.display_name),
            ("lead_status_id", "full_pitch_follow_up", "Pitch is over"),
        ):
            self.campaign.dropback_source_fields = field
            for name in names:
                self.campaign.dropback_rule_ids[0].sources_text = name
                self.assertEqual(self.campaign.simulate().assignment_ids.user_id, self.pat, name)

    def test_tags_and_stages_are_named_in_any_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        tag = self.env["crm.tag"].create({"name": "Important"})
        tag.with_context(lang="fr_FR").name = "Très important"
        lead, plain = self.make_old(self.voice, tag_ids=tag.ids), self.make_old(self.voice)
        for name in ("important", "très IMPORTANT"):
            self.campaign.dropback_threshold_ids.conditions_text = f"tag_ids contains '{name}'"
            for lang in ("en_US", "fr_FR"):
                run = self.campaign.with_context(lang=lang).simulate(lead_ids=(lead + plain).ids)
                dropped = run.assignment_ids.filtered(lambda row: row.kind == "dropback")
                self.assertEqual(dropped.lead_id, lead, (name, lang))
        stage = self.env["crm.stage"].create({"name": "Parked"})
        stage.with_context(lang="fr_FR").name = "Garé"
        for name in ("PARKED", "garé"):
            self.assertEqual(find_stages(self.env(context={"lang": "en_US"}), name), stage.ids)
