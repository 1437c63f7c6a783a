"""What docs/developer/readings.md says of texts that match and of do not call, through load_config."""

from odoo.tests import tagged

from .readings_common import ReadingsCase


@tagged("post_install", "-at_install")
class TestReadingsMatching(ReadingsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_source = {}
        for name in ("Snap", "Snapbook", "snapbook_ads", "Gamma"):
            source = cls.env["utm.source"].create({"name": name})
            cls.by_source[name] = cls.make_leads(source_id=source.id)
        cls.without = cls.make_leads()

    def sources(self, section):
        leads = self.taken(f"lead_finding: {{web_sources: {section}}}")
        return sorted(leads.mapped("source_id.name")) + ["-"] * len(leads.filtered(lambda lead: not lead.source_id))

    def test_r14_exact_partial_and_regex(self):
        for section, expected in (
            ("[snapbook]", ["Snapbook"]),
            ("{source_config: {sources: [snapbook]}, case_sensitive: true}", []),
            ("{source_config: {sources: [snapbook]}, match_mode: partial}", ["Snap", "Snapbook", "snapbook_ads"]),
            ("{source_config: {sources: [snapbook]}, match_mode: partial, case_sensitive: true}", ["snapbook_ads"]),
            ("{match_mode: regex, regex_patterns: ['book']}", []),
            ("{match_mode: regex, regex_patterns: ['.*book']}", ["Snapbook", "snapbook_ads"]),
            ("{match_mode: regex, regex_patterns: ['snap'], case_sensitive: true}", ["snapbook_ads"]),
            ("{source_config: {sources: [Gamma]}, match_mode: regex, regex_patterns: ['snap$']}", ["Snap"]),
        ):
            self.assertEqual(self.sources(section), expected, section)

    def test_r15_match_mode_decides_and_exact_match_is_ignored(self):
        for flag in ("true", "false"):
            section = f"{{source_config: {{sources: [snap]}}, exact_match: {flag}}}"
            self.assertEqual(self.sources(section), ["Snap"])
            section = f"{{source_config: {{sources: [snapbook]}}, exact_match: {flag}, match_mode: partial}}"
            self.assertEqual(len(self.sources(section)), 3)
        self.refuse("lead_finding: {web_sources: {match_mode: fuzzy}}", "lead_finding.web_sources.match_mode", "fuzzy")

    def test_r16_patterns_are_wildcards_besides_the_list_in_every_mode(self):
        for section, expected in (
            ("{source_config: {sources: [gamma]}, match_patterns: ['snap*']}",
             ["Gamma", "Snap", "Snapbook", "snapbook_ads"]),
            ("{match_patterns: ['Snap????']}", ["Snapbook"]),
            ("{match_patterns: ['[sg]*'], case_sensitive: true}", ["snapbook_ads"]),
            ("{match_mode: regex, regex_patterns: ['gam'], match_patterns: ['snap']}", ["Gamma", "Snap"]),
            ("{match_mode: partial, source_config: {sources: []}, match_patterns: ['*book']}", ["Snapbook"]),
        ):  # fmt: skip
            self.assertEqual(self.sources(section), expected, section)

    def test_r17_a_source_file_is_trimmed_and_comments_are_skipped(self):
        text = "lead_finding: {web_sources: {source_type: file, source_config: {file_path: config/s.txt}}}"
        campaign = self.load(text, files={"s.txt": "# all\n\n  Gamma  \r\n#Snap\nsnapbook\n"})
        told = self.plan(campaign)
        self.assertEqual(told["by_source"], {"Gamma": 1, "Snapbook": 1})
        self.assertEqual(self.reasons(told), {"web_source": 3})

    def test_r18_campaigns_with_settings_of_their_own(self):
        leads = {t: self.make_leads(campaign_id=self.utm_campaign(t).id) for t in ("Voice 2024", "Apple 2024", "Apple")}
        for section, expected in (
            ("[voice 2024]", ["Voice 2024"]),
            ("{types: [Voice, apple], match_mode: partial, campaign_settings: {apple: {match_mode: exact}}}",
             ["Apple", "Voice 2024"]),
            ("{types: [voice 2024, apple], campaign_settings: {apple: {case_sensitive: true}}}", ["Voice 2024"]),
            ("{types: ['apple .*', voice], campaign_settings: {'apple .*': {match_mode: regex}}}", ["Apple 2024"]),
            ("{types: [Voice 2024], match_patterns: ['apple*']}", ["Apple", "Apple 2024", "Voice 2024"]),
            ("{match_patterns: ['* 2024']}", ["Apple 2024", "Voice 2024"]),
        ):  # fmt: skip
            taken = self.taken(f"lead_finding: {{campaigns: {section}}}")
            self.assertEqual(sorted(name for name, lead in leads.items() if lead in taken), expected, section)
            self.assertFalse(taken & self.without)

    def test_r19_status_as_a_list_or_a_block_with_the_common_options(self):
        back, new = (self.make_leads(lead_status_id=self.status[c].id) for c in ("call_back", "new"))
        every = self.env["crm.lead"].search([("type", "=", "lead")])
        none = every.browse()
        for block, expected in (
            ("{status: [new]}", new), ("{status: []}", every), ("{status: {values: []}}", every),
            ("{status: [call], status_matching: {match_mode: partial}}", back),
            ("{status: [call], status_matching: {match_mode: partial, include_partial_matches: false}}", none),
            ("{status: {values: [call], match_mode: partial, include_partial_matches: false}}", every.browse()),
            ("{status: {values: [call]}, status_matching: {match_mode: partial}}", back),
            ("{status: {values: [call], match_mode: exact}, status_matching: {match_mode: partial}}", every.browse()),
            ("{status_matching: {match_mode: partial}}", every),
        ):  # fmt: skip
            self.assert_takes(expected, f"lead_finding: {{additional_filters: {block}}}")

    def test_r20_exclude_wins_over_include(self):
        hot, test = self.tag("Hot"), self.tag("Test lead")
        both, only_hot = (self.make_leads(tag_ids=tags.ids) for tags in (hot + test, hot))
        only_test = self.make_leads(tag_ids=test.ids)
        every = self.env["crm.lead"].search([("type", "=", "lead")])
        for block, expected in (
            ("{include_tags: [hot]}", both + only_hot),
            ("{exclude_tags: [test lead]}", every - both - only_test),
            ("{include_tags: [hot], exclude_tags: [test lead]}", only_hot),
            ("{include_tags: {values: [hot], case_sensitive: true}}", every.browse()),
            ("{exclude_tags: {values: [test], match_mode: partial}}", every - both - only_test),
            ("{exclude_tags: {match_mode: regex, regex_patterns: ['.*lead']}}", every - both - only_test),
            ("{exclude_tags: [], include_tags: []}", every),
        ):
            self.assert_takes(expected, f"lead_finding: {{additional_filters: {block}}}")

    def test_r21_block_and_short_form_of_do_not_call(self):
        dnc = self.make_leads(lead_status_id=self.status["dnc"].id)
        tagged_one = self.make_leads(tag_ids=self.tag("DO_NOT_CALL").ids)
        hold = self.make_leads(lead_status_id=self.new_status("hold_please").id)
        for block, out in (
            ("exclude_dnc: true", dnc + tagged_one),
            ("exclude_dnc: false", dnc.browse()),
            ("dnc_statuses: [dnc]", dnc.browse()),
            ("{exclude_dnc: true, exclude_dnc_tags: false}", dnc),
            ("{exclude_dnc: true, dnc_statuses: [hold please], dnc_tags: [x]}", hold),
            ("{exclude_dnc: true, dnc_statuses: [hold], dnc_match_mode: partial}", hold + tagged_one),
            ("{exclude_dnc: true, dnc_match_mode: regex, dnc_regex_patterns: ['^hold'], dnc_tags: []}", hold),
            ("{exclude_dnc: true, dnc_case_sensitive: true, dnc_tags: [do_not_call]}", dnc),
            ("dnc_filtering: {statuses: [dnc]}", dnc + tagged_one),
            ("dnc_filtering: {enabled: false}", dnc.browse()),
            ("{exclude_dnc: true, dnc_filtering: {enabled: false}}", dnc.browse()),
            ("{dnc_statuses: [hold_please], exclude_dnc: true, dnc_filtering: {statuses: [dnc], dnc_tags: []}}", dnc),
            ("dnc_filtering: {match_mode: partial, include_partial_matches: false, statuses: [hold], dnc_tags: []}",
             hold),
            ("dnc_filtering: {exclude_dnc_tags: false}", dnc),
            ("dnc_filtering: {match_mode: regex}", dnc + tagged_one),
        ):  # fmt: skip
            section = block if block.startswith("{") else f"{{{block}}}"
            every = self.env["crm.lead"].search([("type", "=", "lead")])
            self.assert_takes(every - out, f"lead_finding: {{additional_filters: {section}}}")
