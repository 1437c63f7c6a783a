"""Nothing is off without a word: in the run, on the campaign's form, and when a configuration is loaded."""

from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.lead_distribution.finding.sales import find_stages

from .common import SALESPERSON
from .config_common import ConfigCase


@tagged("post_install", "-at_install")
class TestEmptyLists(ConfigCase):
    """A section lets in only what matches; an empty one lets in nobody, and says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        source = cls.env["utm.source"].create({"name": "google"})
        tag, utm = cls.env["crm.tag"].create({"name": "vip"}), cls.env["utm.campaign"].create({"title": "Spring"})
        cls.full = cls.make_leads(source_id=source.id, campaign_id=utm.id, tag_ids=tag.ids,
                                  lead_status_id=cls.status["new"].id)  # fmt: skip
        cls.bare = cls.make_leads()

    def assert_lets_in(self, expected, word, files=None, **sections):
        """Check who is let in, and that loading and the run say ``word``; the campaign's text means the same."""
        campaign = self.finding(files, **sections)
        self.assertIn(word, "\n".join(self.told(campaign, "warning", "info")), sections)
        warnings = "\n".join(campaign.simulate().warnings or [])
        for loaded in (campaign, campaign.load_config(campaign.dump_config())):
            self.assertEqual(self.find_in(loaded)[0], expected, sections)
        return campaign, warnings

    def test_r17_sources_without_a_name_let_in_nobody_and_the_run_says_why(self):
        nobody = self.env["crm.lead"]
        named = {"source_config": {"sources": ["google"]}}
        for section, word in (
            ([], "Nothing is named"),
            ({}, "Nothing is named"),
            ({"source_config": {"sources": []}}, "Nothing is named"),
            ({"source_config": {"sources": ["", "  "]}}, "Nothing is named"),
            ({"match_patterns": []}, "Nothing is named"),
            ({"match_mode": "regex"}, "there are no regex_patterns"),
            ({"match_mode": "regex", "regex_patterns": []}, "there are no regex_patterns"),
            ({**named, "match_mode": "regex"}, "there are no regex_patterns"),
            ({"regex_patterns": ["goo.*"]}, "count only with match_mode: regex"),
        ):
            _campaign, warnings = self.assert_lets_in(nobody, word, web_sources=section)
            self.assertIn("it lets no lead pass", warnings, section)

    def test_r17_a_file_of_comments_only_lets_in_nobody(self):
        section = {"source_type": "file", "source_config": {"file_path": "s.txt"}}
        for text in ("", "# only\n\n  # comments\n"):
            files = {"s.txt": text}
            _campaign, warnings = self.assert_lets_in(
                self.env["crm.lead"], "file_path: Nothing is named", files, web_sources=section
            )
            self.assertIn("it lets no lead pass", warnings)

    def test_r18_marketing_campaigns_without_a_name_let_in_nobody(self):
        for section in ([], {}, {"types": []}, {"match_mode": "regex"}, {"types": ["Spring"], "match_mode": "regex"}):
            _campaign, warnings = self.assert_lets_in(self.env["crm.lead"], "no lead is let in", campaigns=section)
            self.assertIn("it lets no lead pass", warnings, section)

    def test_r16_patterns_beside_an_empty_list_count_alone(self):
        for section in ({"web_sources": {"source_config": {"sources": []}, "match_patterns": ["goo*"]}},
                        {"campaigns": {"types": [], "match_patterns": ["spr*"]}},
                        {"campaigns": {"match_mode": "regex", "match_patterns": ["spr*"]}}):  # fmt: skip
            campaign = self.finding(**section)
            self.assertEqual(self.find_in(campaign)[0], self.full)
            self.assertFalse(campaign.simulate().warnings)

    def test_r19_an_empty_list_of_statuses_or_tags_is_no_filter_and_says_so(self):
        both = self.full + self.bare
        for filters in ({"status": []}, {"status": {"values": []}}, {"include_tags": []}, {"exclude_tags": []},
                        {"include_tags": {"values": [], "match_mode": "regex"}}):  # fmt: skip
            campaign, warnings = self.assert_lets_in(both, "this is no filter", additional_filters=filters)
            self.assertFalse(campaign.filter_ids)
        self.assertIn("this is no filter", warnings, "a mode without anything to match was hardly meant")

    def test_statuses_and_tags_in_regex_mode_without_patterns_let_in_nobody(self):
        for filters in ({"status": {"values": ["new"], "match_mode": "regex"}},
                        {"include_tags": {"values": ["vip"], "match_mode": "regex"}}):  # fmt: skip
            self.assert_lets_in(self.env["crm.lead"], "no lead is let in", additional_filters=filters)
        filters = {"exclude_tags": {"values": ["vip"], "match_mode": "regex"}}
        self.assert_lets_in(self.full + self.bare, "no lead is left out", additional_filters=filters)

    def test_do_not_call_without_anything_named_is_told(self):
        both = self.full + self.bare
        for filters in ({"dnc_filtering": {"statuses": [], "dnc_tags": []}},
                        {"exclude_dnc": True, "dnc_statuses": [], "exclude_dnc_tags": False}):  # fmt: skip
            _campaign, warnings = self.assert_lets_in(both, "no lead counts", additional_filters=filters)
            self.assertIn("Do not call is on, but nothing is named", warnings)

    def test_a_pool_of_no_status_takes_any_and_one_without_a_name_is_refused(self):
        pool = {"status_filters": {"unassigned": {"statuses": []}}}
        self.assert_lets_in(self.full + self.bare, "leads of any status", **pool)
        pool["status_filters"]["unassigned"]["statuses"] = ["_"]
        self.refuse("statuses: “_” names no lead status", lead_finding=pool)

    def test_dropback_without_ages_or_people_is_told(self):
        campaign = self.finding(dropback_filter={"enabled": True, "age_thresholds": {}})
        warnings = "\n".join(campaign.simulate().warnings or [])
        self.assertIn("no age is named", warnings)
        self.assertIn("it has no working user", warnings)

    def test_the_priority_that_no_lead_has_is_told(self):
        self.make_leads(priority="3")
        finding = {"additional_filters": {"min_priority": 5}, "dropback_filter": {"enabled": True}}
        campaign = self.finding(**finding)
        warnings = "\n".join(campaign.simulate().warnings)
        self.assertIn("Only priority 5 is wanted, which no lead has", warnings)
        self.assertNotIn("Dropback takes only priority 5", warnings)
        campaign.dropback_priority_min = 5
        self.assertIn("Dropback takes only priority 5", "\n".join(campaign.simulate().warnings))
        campaign.write({"priority_min": 4, "dropback_priority_min": 4})
        self.assertNotIn("priority 5", "\n".join(campaign.simulate().warnings))

    def test_an_override_without_a_condition_is_told(self):
        campaign = self.load(distribution={"round_robin_override": {"enabled": True, "trigger_conditions": []}})
        self.assertIn("it never comes", "\n".join(campaign.simulate().warnings or []))


@tagged("post_install", "-at_install")
class TestWarnings(ConfigCase):
    def warnings(self, campaign):
        """Return the warnings of a campaign, which its form and a run tell in the same words."""
        campaign.invalidate_recordset()
        shown = campaign.with_user(self.manager).warning_text or ""
        told = campaign.simulate().warnings or []
        of_the_run = [text for text in told if not text.startswith(("No lead", "Fewer than"))]
        self.assertEqual("\n".join(of_the_run), shown)
        return shown

    def test_a_section_with_keys_that_does_not_say_enabled_is_told_once_everywhere(self):
        rules = lambda **block: {"distribution": {"advanced_rules": block}}  # noqa: E731
        find = lambda **block: {"lead_finding": block}  # noqa: E731
        for path, sections in (
            ("lead_finding.additional_filters", find(additional_filters={"dnc_statuses": ["dnc"]})),
            ("lead_finding.additional_filters", find(additional_filters={"dnc_tags": ["dnc"]})),
            ("workload_balancing", rules(workload_balancing={"max_daily_distribution": 3})),
            ("skill_matching", rules(skill_matching={"required_skills": ["a"]})),
            ("geographic_distribution", rules(geographic_distribution={"region_matching": True})),
            ("round_robin_override",
             {"distribution": {"round_robin_override": {"trigger_conditions": ["when_lead_count < 5"]}}}),
            ("sales_filter", find(sales_filter={"exclude_opportunity_stages": ["New"]})),
            ("sales_filter.opportunity_date_range",
             find(sales_filter={"enabled": True, "opportunity_date_range": {"days_back": 3}})),
            ("opportunity_criteria.date_filter",
             find(sales_filter={"enabled": True, "opportunity_criteria": {"date_filter": {"newer_than_days": 3}}})),
            ("secondary_matches.email_match",
             find(sales_filter={"enabled": True, "secondary_matches": {"email_match": {"lead_field": "email"}}})),
            ("secondary_matches.phone_match",
             find(sales_filter={"enabled": True, "secondary_matches": {"phone_match": {"lead_field": "phone"}}})),
            ("dropback_filter", find(dropback_filter={"campaign_assignments": {"default": "Ann"}})),
            ("exclude_existing_assignments", find(dropback_filter={
                "enabled": True, "campaign_assignments": {"default": "Ann"},
                "additional_criteria": {"exclude_existing_assignments": {"dropback_users": ["Ann"]}}})),
            ("reporting", {"reporting": {"report_format": "html"}}),
            ("monitoring", {"monitoring": {"slow_execution_threshold_seconds": 5}}),
            ("security", {"security": {"retention_policy_days": 5}}),
            ("level_based", {"distribution": {"level_based": {"overflow_limit": 5}}}),
        ):  # fmt: skip
            with self.subTest(path=path):
                campaign = self.load(**sections)
                told = [line for line in self.told(campaign, "warning") if "it is off" in line]
                self.assertEqual(len(told), 1, told)
                self.assertIn(path, told[0])
                self.assertEqual(self.warnings(campaign).count("it is off"), 1)

    def test_a_section_that_says_whether_it_is_on_is_not_told(self):
        for enabled in (True, False):
            campaign = self.load(
                lead_finding={"sales_filter": {"enabled": enabled, "exclude_opportunity_stages": ["New"]},
                              "additional_filters": {"exclude_dnc": enabled, "dnc_statuses": ["dnc"]}})  # fmt: skip
            self.assertNotIn("it is off", "\n".join(self.told(campaign, "warning")))

    def test_a_key_that_another_one_overrules_is_told_but_not_one_that_says_the_same(self):
        filters = lambda **block: {"lead_finding": {"additional_filters": block}}  # noqa: E731
        sales = lambda **block: {"lead_finding": {"sales_filter": {"enabled": True, **block}}}  # noqa: E731
        drop = lambda **block: {"lead_finding": {"dropback_filter": {  # noqa: E731
            "enabled": True, "campaign_assignments": {"default": "Ann"}, **block}}}  # fmt: skip
        for path, other, same in (
            ("exclude_opportunity_stages", sales(exclude_opportunity_stages=["New"],
             opportunity_criteria={"exclude_stages": ["Won"]}), sales(exclude_opportunity_stages=["Won"],
             opportunity_criteria={"exclude_stages": ["Won"]})),
            ("lead_partner_field", sales(lead_partner_field="commercial_partner_id", primary_match={
             "lead_field": "partner_id"}), sales(lead_partner_field="partner_id", primary_match={
                 "lead_field": "partner_id"})),
            ("opportunity_date_range", sales(opportunity_date_range={"enabled": True, "days_back": 3},
             opportunity_criteria={"date_filter": {"enabled": False}}),
             sales(opportunity_date_range={"enabled": False}, opportunity_criteria={"date_filter": {
                 "enabled": False, "newer_than_days": 365}})),
            ("min_priority", filters(min_priority=4, priority_range={"min": 2}),
             filters(min_priority=2, priority_range={"min": 2})),
            ("age_threshold", drop(age_threshold={"days": 9}, age_thresholds={"one": {"days": 30}}),
             drop(age_thresholds={"one": {"days": 30}})),
            ("web_source_field", drop(assignment_config={"web_source_field": "medium_id"},
             web_source_matching={"primary_field": "source_id"}),
             drop(assignment_config={"web_source_field": "source_id"},
                  web_source_matching={"primary_field": "source_id"})),
            ("execution.max_retries", {"execution": {"max_retries": 1}, "error_handling": {
                "retry_failed_assignments": True, "max_retries": 2}},
             {"execution": {"max_retries": 2}, "error_handling": {
                 "retry_failed_assignments": True, "max_retries": 2}}),
            ("distribution.distribution_order", {"distribution": {"distribution_order": "random",
             "round_robin_override": {"enabled": True, "distribution_order": "seniority"}}},
             {"distribution": {"distribution_order": "seniority",
              "round_robin_override": {"enabled": True, "distribution_order": "seniority"}}}),
        ):  # fmt: skip
            with self.subTest(path=path):
                told = [line for line in self.warnings(self.load(**other)).split("\n") if "counts instead" in line]
                self.assertEqual(len(told), 1, told)
                self.assertIn(path, told[0])
                self.assertNotIn("counts instead", self.warnings(self.load(**same)))

    def test_the_short_form_of_do_not_call_beside_the_block_is_told_as_ignored(self):
        filters = {"exclude_dnc": True, "dnc_statuses": ["new"], "dnc_filtering": {"statuses": ["dnc"]}}
        campaign = self.finding(additional_filters=filters)
        self.assertIn("additional_filters.dnc_statuses: dnc_filtering is there", self.warnings(campaign))

    def test_names_that_do_not_exist_are_told_in_every_mode(self):
        self.env["utm.source"].create({"name": "google"})
        self.env["utm.campaign"].create({"title": "Spring"})
        for mode in ("exact", "partial", "regex"):
            key = "regex_patterns" if mode == "regex" else "types"
            for sections in (
                {
                    "web_sources": {"match_mode": mode, "regex_patterns": ["google", "first ghost"],
                                    "source_config": {"sources": ["google", "first ghost"]}},
                    "campaigns": {"match_mode": mode, key: ["spring", "second ghost"]},
                    "additional_filters": {"include_tags": {
                        "match_mode": mode, "values": ["third ghost"], "regex_patterns": ["third ghost"]}},
                },
                {
                    "web_sources": {"match_mode": mode, "regex_patterns": ["google"], "match_patterns": ["first ghost"],
                                    "source_config": {"sources": ["google"]}},
                    "campaigns": {"types": ["spring", "second ghost"], "campaign_settings": {
                        "spring": {"match_mode": mode}, "second ghost": {"match_mode": mode}}},
                },
            ):  # fmt: skip
                campaign = self.finding(**sections)
                told = [line for line in self.told(campaign, "warning") if "ghost" in line]
                shown = [line for line in self.warnings(campaign).split("\n") if "ghost" in line]
                ghosts = [f"{number} ghost" for number in ("first", "second", "third")[: len(sections)]]
                self.assertEqual((len(told), len(shown)), (len(ghosts), len(ghosts)), (sections, told, shown))
                for ghost in ghosts:
                    self.assertEqual(len([line for line in told if ghost in line]), 1, (ghost, told))
                    self.assertEqual(len([line for line in shown if ghost in line]), 1, (ghost, shown))

    def test_stages_that_do_not_exist_are_told_by_every_run(self):
        campaign = self.finding(sales_filter={"enabled": True, "exclude_opportunity_stages": ["New", "Nowhere"]})
        self.assertIn("no stages with these names: Nowhere", self.warnings(campaign))

    def test_a_stage_that_is_named_in_any_language_is_known(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        stage = self.env["crm.stage"].create({"name": "Parked"})
        stage.with_context(lang="fr_FR").name = "En attente"
        campaign = self.finding(sales_filter={"enabled": True, "exclude_opportunity_stages": ["en attente"]})
        self.assertEqual(self.told(campaign, "warning"), [])
        self.assertEqual(self.warnings(campaign), "")
        self.assertEqual(find_stages(campaign.env, campaign.sales_exclude_stages), stage.ids)

    def test_settings_made_by_hand_are_told_too(self):
        self.campaign.write({"use_skills": True, "pool_ids": [Command.clear()], "min_daily": 5, "max_daily": 2,
                             "include_today": False, "younger_than_days": 0})  # fmt: skip
        self.campaign.filter_ids = [Command.create({})]
        told = self.warnings(self.campaign)
        for part in (
            "no skill is named",
            "No pool is named",
            "is above the largest",
            "The window is empty",
            "is empty",
        ):
            self.assertIn(part, told)

    def test_people_nobody_can_write_to_are_told(self):
        self.bob.write({"email": False, "notification_type": "email"})
        self.cem.write({"email": False, "notification_type": "inbox"})
        self.assertIn("nobody can write to them of their leads: Bob.", self.warnings(self.campaign))

    def test_a_campaign_that_works_as_meant_has_no_warning(self):
        self.assertEqual(self.warnings(self.campaign), "")
        with Form(self.campaign.with_user(self.manager)) as form:
            self.assertFalse(form.warning_text)

    def test_deadlines_that_come_in_another_order_are_told(self):
        self.campaign.write({"first_action_hours": 8, "opportunity_hours": 8})
        told = "“An opportunity within (hours)” is not later than “First action within (hours)”"
        self.assertIn(told, self.warnings(self.campaign))
        self.campaign.opportunity_clock = "clock"  # cannot be compared
        self.assertNotIn("is not later", self.warnings(self.campaign))
        self.campaign.write({"opportunity_clock": "working_hours", "opportunity_hours": 9})
        self.assertNotIn("is not later", self.warnings(self.campaign))

    def test_late_and_declined_leads_that_can_go_to_nobody_are_told(self):
        self.campaign.write({"first_action_hours": 8, "on_missed": "take_back", "decline_mode": "manager"})
        self.assertEqual(self.warnings(self.campaign), "")
        self.campaign.write({"member_ids": [Command.clear(), Command.create({"user_id": self.ann.id})]})
        self.campaign.user_id = False
        self.assertIn("what is late can go to nobody else", self.warnings(self.campaign))
        self.assertIn("Declined leads go to the responsible, and there is none", self.warnings(self.campaign))

    def test_notes_of_a_configuration_can_be_taken_as_read(self):
        campaign = self.load(lead_finding={"excluded_users": ["Ghost"]}, distribution={"team_assignment": "Nowhere"})
        self.assertIn("Ghost", self.warnings(campaign))
        self.assertIn("Nowhere", self.warnings(campaign))
        self.assertTrue(campaign.has_config_notes)
        campaign.with_user(self.manager).action_forget_config_notes()
        self.assertEqual(self.warnings(campaign), "")
        self.assertIn("Ghost", "\n".join(self.told(campaign, "person")), "what was told when it was loaded stays")

    def test_only_managers_see_the_warnings(self):
        self.assertTrue(self.campaign.fields_get(["warning_text"]))
        user = self.make_user("sid", SALESPERSON)
        self.assertFalse(self.campaign.with_user(user).fields_get(["warning_text", "has_config_notes"]))

    def test_long_lists_are_cut_with_their_number(self):
        names = [f"ghost {number}" for number in range(30)]
        campaign = self.finding(excluded_users=names, web_sources=names)
        told = self.warnings(campaign)
        self.assertIn("and 25 more", told)
        self.assertIn("have 10 more lines", told)
