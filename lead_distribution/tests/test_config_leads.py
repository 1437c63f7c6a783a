"""Which leads a loaded campaign takes: window, sources, statuses, tags, customers (docs/developer/readings.md)."""

from odoo.tests import tagged

from .config_common import ConfigCase


@tagged("post_install", "-at_install")
class TestConfigLeads(ConfigCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("facebook_form", "Facebook_Voice", "google_ads", "other")
        cls.source = {name: cls.env["utm.source"].create({"name": name}) for name in names}
        cls.by_source = {name: cls.make_leads(1, source_id=cls.source[name].id) for name in names}
        cls.without = cls.make_leads(1)

    def sources_of(self, section, files=None):
        """Return the names of the sources whose leads come through; all leads here lie in no other filter."""
        campaign = self.finding(files, web_sources=section)
        return set(self.find_in(campaign)[0].source_id.mapped("name")), campaign

    def test_r14_the_modes_of_web_sources(self):
        config = {"sources": ["facebook_form", "facebook"]}
        for section, expected in (
            ({"source_config": config}, {"facebook_form"}),
            ({"source_config": config, "match_mode": "partial"}, {"facebook_form", "Facebook_Voice"}),
            ({"source_config": config, "match_mode": "partial", "case_sensitive": True}, {"facebook_form"}),
            ({"match_mode": "regex", "regex_patterns": ["book"]}, set()),
            ({"match_mode": "regex", "regex_patterns": [".*book.*"]}, {"facebook_form", "Facebook_Voice"}),
            ({"match_mode": "regex", "regex_patterns": ["^g"], "source_config": config}, {"google_ads"}),
            ({"match_mode": "regex", "source_config": config}, set()),
            ({"source_config": {"sources": ["FACEBOOK_FORM"]}, "exact_match": False}, {"facebook_form"}),
        ):
            found, campaign = self.sources_of(section)
            if expected or section.get("match_mode") != "regex":
                self.assertEqual(found, expected, section)
            else:
                self.assertFalse(self.find_in(campaign)[0], section)

    def test_r16_patterns_count_besides_the_list_in_every_mode(self):
        config = {"source_config": {"sources": ["google_ads"]}, "match_patterns": ["face*_v*"]}
        self.assertEqual(self.sources_of(config)[0], {"google_ads", "Facebook_Voice"})
        self.assertEqual(self.sources_of({**config, "match_mode": "regex"})[0], {"Facebook_Voice"})
        self.assertEqual(self.sources_of({"match_patterns": ["*_form"]})[0], {"facebook_form"})
        self.assertFalse(self.sources_of({"match_patterns": ["FACE*"], "case_sensitive": True})[0])

    def test_r17_a_file_of_sources(self):
        files = {"web_sources.txt": "# comment\n\n google_ads \nunknown_one\n"}
        section = {"source_type": "file", "source_config": {"file_path": "web_sources.txt"}, "exclude_invalid": True}
        found, campaign = self.sources_of(section, files)
        self.assertEqual(found, {"google_ads"})
        self.assertIn("unknown_one", "\n".join(self.told(campaign, "warning")))
        self.assertNotIn(self.without, self.find_in(campaign)[0])

    def test_the_table_of_sources_is_odoo_s_own(self):
        section = {"source_type": "database", "source_config": {"table_name": "lead_web_sources"}}
        campaign = self.sources_of(section)[1]
        self.assertEqual(len(self.find_in(campaign)[0]), 4, "all that have a source")

    def test_r18_campaigns_with_settings_of_their_own(self):
        names = ("voice_2024", "Apple_2024", "apple_2024x", "promo_summer", "sum_promo")
        for name in names:
            campaign = self.env["utm.campaign"].create({"title": name, "name": name})
            self.make_leads(1, campaign_id=campaign.id)
        section = {
            "types": ["voice", "apple_2024", "promo.*", "SUM_PROMO"],
            "campaign_settings": {
                "voice": {"match_mode": "partial"},
                "apple_2024": {"case_sensitive": True},
                "promo.*": {"match_mode": "regex", "case_sensitive": False},
            },
        }
        found = self.find_in(self.finding(campaigns=section))[0]
        self.assertEqual(set(found.campaign_id.mapped("title")), {"voice_2024", "promo_summer", "sum_promo"})
        found = self.find_in(self.finding(campaigns={"types": ["nothing"], "match_patterns": ["apple*"]}))[0]
        self.assertEqual(set(found.campaign_id.mapped("title")), {"Apple_2024", "apple_2024x"})
        self.refuse("campaigns.campaign_settings.(x", lead_finding={
            "campaigns": {"types": ["(x"], "campaign_settings": {"(x": {"match_mode": "regex"}}}})  # fmt: skip

    def statuses_of(self, **filters):
        for code in ("new", "in_progress", "utr", "call_back", "full_pitch_follow_up"):
            if not self.env["crm.lead"].search_count([("lead_status_id", "=", self.status[code].id)]):
                self.make_leads(1, lead_status_id=self.status[code].id)
        campaign = self.finding(additional_filters=filters)
        return set(self.find_in(campaign)[0].lead_status_id.mapped("code"))

    def test_r19_statuses_as_list_and_as_block(self):
        everything = {"new", "in_progress", "utr", "call_back", "full_pitch_follow_up"}
        self.assertEqual(self.statuses_of(status=["New", "Full Pitch Follow Up "]), {"new", "full_pitch_follow_up"})
        self.assertEqual(self.statuses_of(status=[]), everything)
        self.assertEqual(self.statuses_of(status={"values": []}), everything)
        self.assertEqual(self.statuses_of(status_matching={"match_mode": "partial"}), everything)
        partial = {"values": ["pitch"], "match_mode": "partial"}
        self.assertEqual(self.statuses_of(status=partial), {"full_pitch_follow_up"})
        self.assertEqual(self.statuses_of(status={**partial, "include_partial_matches": False}), set())
        self.assertEqual(
            self.statuses_of(status=["pitch"], status_matching={"match_mode": "partial"}), {"full_pitch_follow_up"}
        )
        off = {"match_mode": "partial", "include_partial_matches": False}
        self.assertEqual(self.statuses_of(status=["pitch"], status_matching=off), set())
        regex = {"values": ["x"], "match_mode": "regex", "regex_patterns": [".*_.*"]}
        self.assertEqual(self.statuses_of(status=regex), {"in_progress", "call_back", "full_pitch_follow_up"})

    def test_r6_a_regex_may_fit_the_code_or_the_label(self):
        for pattern in ("full_pitch.*", "Full Pitch.*"):
            block = {"values": ["x"], "match_mode": "regex", "regex_patterns": [pattern]}
            self.assertEqual(self.statuses_of(status=block), {"full_pitch_follow_up"})

    def test_r20_tags(self):
        tags = {name: self.env["crm.tag"].create({"name": name}) for name in ("hot_lead", "Test", "vip")}
        for names in (["hot_lead"], ["hot_lead", "Test"], ["vip"], []):
            self.make_leads(1, tag_ids=[(6, 0, [tags[name].id for name in names])])

        def tags_of(**filters):
            leads = self.find_in(self.finding(additional_filters=filters))[0] - self.without
            return sorted(sorted(lead.tag_ids.mapped("name")) for lead in leads if not lead.source_id)

        self.assertEqual(tags_of(exclude_tags=["test"]), [[], ["hot_lead"], ["vip"]])
        self.assertEqual(tags_of(exclude_tags={"values": ["test"], "case_sensitive": True}),
                         [[], ["Test", "hot_lead"], ["hot_lead"], ["vip"]])  # fmt: skip
        self.assertEqual(tags_of(include_tags=["hot_lead"], exclude_tags=["test"]), [["hot_lead"]])
        self.assertEqual(tags_of(include_tags={"values": ["lead"]}, tag_matching={"match_mode": "partial"}),
                         [["Test", "hot_lead"], ["hot_lead"]])  # fmt: skip
        self.assertEqual(len(tags_of(include_tags=[])), 4)

    def dnc_of(self, **filters):
        """Return the statuses and tags of the leads that are left out as do-not-call."""
        tag = self.env["crm.tag"].search([("name", "=", "DNC")]) or self.env["crm.tag"].create({"name": "DNC"})
        self.env["crm.lead"].search([("tag_ids", "=", tag.id)]).unlink()
        leads = self.make_leads(1, tag_ids=tag.ids)
        for code in ("new", "dnc", "opt_out", "blocked"):
            leads += self.make_leads(1, lead_status_id=self.status[code].id)
        campaign = self.finding(additional_filters=filters)
        found = self.find_in(campaign, lead_ids=leads.ids)[0]
        left = leads - found
        return set(left.lead_status_id.mapped("code")) | set(left.tag_ids.mapped("name"))

    def test_r21_do_not_call_in_both_forms(self):
        self.assertEqual(self.dnc_of(), set())
        self.assertEqual(self.dnc_of(dnc_statuses=["dnc"]), set(), "without the switch it is off")
        self.assertEqual(self.dnc_of(exclude_dnc=True), {"dnc", "opt_out", "blocked", "DNC"})
        self.assertEqual(self.dnc_of(exclude_dnc=True, dnc_statuses=["dnc"]), {"dnc", "DNC"})
        self.assertEqual(self.dnc_of(dnc_filtering={}), {"dnc", "opt_out", "blocked", "DNC"})
        self.assertEqual(self.dnc_of(dnc_filtering={"enabled": False}), set())
        self.assertEqual(self.dnc_of(dnc_filtering={"exclude_dnc_tags": False}), {"dnc", "opt_out", "blocked"})
        self.assertEqual(self.dnc_of(dnc_filtering={"statuses": [], "case_sensitive": True}), set())
        self.assertEqual(self.dnc_of(dnc_filtering={"statuses": ["opt"], "match_mode": "partial", "dnc_tags": []}),
                         {"opt_out"})  # fmt: skip
        regex = {"match_mode": "regex", "regex_patterns": ["^.*out$"], "dnc_tags": ["x"]}
        self.assertEqual(self.dnc_of(dnc_filtering=regex), {"opt_out"})
        both = {"exclude_dnc": True, "dnc_statuses": ["new"], "dnc_filtering": {"statuses": ["dnc"], "dnc_tags": []}}
        self.assertEqual(self.dnc_of(**both), {"dnc"})

    def test_r26_without_pools_both_assigned_and_unassigned_leads_are_taken(self):
        held = self.make_leads(1, user_id=self.manager.id)
        self.assertIn(held, self.find_in(self.finding())[0])
        for section in (
            {"additional_filters": {"exclude_assigned": True}},
            {"additional_filters": {"assignment_filters": {"exclude_assigned": True}}},
            {"status_filters": {"exclude_assigned_leads": True}},
        ):
            found, refused = self.find_in(self.finding(**section))
            self.assertNotIn(held, found)
            self.assertEqual(refused, {"assigned": 1})

    def test_r27_with_pools_exactly_these_are_taken(self):
        self.make_leads(1, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        self.make_leads(1, user_id=self.ann.id, lead_status_id=self.status["new"].id)
        self.make_leads(1, user_id=self.manager.id, lead_status_id=self.status["utr"].id)
        campaign = self.finding(status_filters={"active_salespeople": {"statuses": ["Utr"]}})
        found, refused = self.find_in(campaign)
        self.assertEqual(found.user_id, self.ann)
        self.assertEqual(refused, {"no_holder": 6, "holder_status": 1})
        campaign = self.finding(status_filters={"unassigned": {}, "exclude_closed_leads": True})
        self.assertEqual(len(self.find_in(campaign)[0]), 5)
        self.assertTrue(campaign.exclude_closed)

    def test_r32_the_contradiction_is_warned_about(self):
        campaign = self.finding(
            status_filters={"inactive_salespeople": {"statuses": ["new"]}},
            additional_filters={"assignment_filters": {"exclude_inactive_users": True}},
        )
        self.assertIn("stays empty", "\n".join(self.told(campaign, "warning")))

    def test_r33_required_fields_are_named_as_in_the_specification(self):
        campaign = self.finding(additional_filters={"required_fields": ["name", "email", "phone"]})
        self.assertEqual(set(campaign.required_field_ids.mapped("name")), {"name", "email_from", "phone"})
        self.refuse("required_fields[1]", lead_finding={"additional_filters": {"required_fields": ["name", "emial"]}})

    def test_fields_that_a_run_cannot_use_are_refused_where_a_form_does_not_offer_them(self):
        cannot = "of leads cannot be used here"
        more = {"additional_filters": {"required_fields": ["name", "lead_properties"]}}
        self.refuse("required_fields[1]", "“lead_properties” " + cannot, lead_finding=more)
        for name in ("lead_properties", "activity_date_deadline", "name"):
            self.refuse("window_field", f"“{name}” {cannot}", odoo={"window_field": name})
        for name in ("lead_properties", "display_name", "write_date"):
            row = {"field": name, "values": ["a"]}
            self.refuse("filters[0]", f"“{name}” {cannot}", odoo={"filters": [row]})

    def test_r34_priorities_in_both_forms(self):
        for filters, expected in (
            ({"min_priority": 2}, (True, 2, 5)),
            ({"priority_range": {"max": 3}}, (True, 1, 3)),
            ({"min_priority": 4, "priority_range": {"min": 2}}, (True, 2, 5)),
            ({}, (False, 1, 5)),
        ):
            campaign = self.finding(additional_filters=filters)
            self.assertEqual((campaign.use_priority, campaign.priority_min, campaign.priority_max), expected)
        self.refuse("above the largest", lead_finding={"additional_filters": {"min_priority": 4, "max_priority": 2}})

    def test_r35_activities(self):
        campaign = self.finding(activity_deadline={"exclude_within_days": 2, "exclude_missing_deadline": True})
        self.assertEqual((campaign.activity_days, campaign.exclude_without_activity), (2, True))

    def test_r36_to_r39_the_sales_filter_in_both_forms(self):
        simple = self.finding(sales_filter={
            "enabled": True, "opportunity_table": "crm.opp", "exclude_opportunity_stages": ["New", "lost"],
            "include_opportunity_stages": ["Won"],
            "opportunity_date_range": {"enabled": True, "field_name": "create_date", "days_back": 30},
        })  # fmt: skip
        self.assertEqual((simple.use_sales_filter, simple.sales_days), (True, 30))
        self.assertEqual(simple.sales_date_field_id.name, "create_date")
        self.assertEqual((simple.sales_exclude_stages, simple.sales_include_stages), ("New\nlost", "Won"))
        self.assertTrue(simple.sales_active_only)
        enhanced = self.finding(sales_filter={
            "enabled": True,
            "secondary_matches": {"email_match": {"enabled": True}, "phone_match": {"enabled": False}},
            "opportunity_criteria": {"exclude_stages": ["Won"], "active_only": False,
                                     "date_filter": {"enabled": False, "newer_than_days": 365}},
        })  # fmt: skip
        self.assertTrue(enhanced.sales_match_email)
        self.assertFalse(enhanced.sales_match_phone or enhanced.sales_active_only or enhanced.sales_days)
        self.assertFalse(self.finding(sales_filter={"exclude_opportunity_stages": ["x"]}).use_sales_filter)
        self.refuse("lead_partner_field", "date_range.field_name", lead_finding={"sales_filter": {
            "lead_partner_field": "name", "opportunity_date_range": {"field_name": "name"}}})  # fmt: skip

    def test_what_customers_are_compared_by_may_be_other_fields_of_leads(self):
        campaign = self.finding(sales_filter={
            "enabled": True, "lead_partner_field": "commercial_partner_id", "opportunity_partner_field": "partner_id",
            "secondary_matches": {
                "email_match": {"enabled": True, "lead_field": "email_cc", "opportunity_field": "email"},
                "phone_match": {"lead_field": "phone", "opportunity_field": "phone_sanitized"},
            },
            "performance": {"timeout_seconds": 2.5}, "reporting": {"export_excluded_leads": True, "export_path": "x"},
        })  # fmt: skip
        names = {name: campaign[name].name for name in campaign._fields if name.startswith("sales_") and
                 name.endswith("field_id")}  # fmt: skip
        self.assertEqual(names, {
            "sales_date_field_id": False, "sales_partner_field_id": "commercial_partner_id",
            "sales_opportunity_partner_field_id": False, "sales_email_field_id": "email_cc",
            "sales_opportunity_email_field_id": False, "sales_phone_field_id": False,
            "sales_opportunity_phone_field_id": "phone_sanitized",
        })  # fmt: skip
        self.assertEqual((campaign.sales_seconds, campaign.sales_export), (2.5, True))
        again = self.env["lead.distribution.campaign"].load_config(campaign.dump_config())
        self.assertEqual(again, campaign)
        self.assertEqual({name: again[name].name for name in names}, names)
        self.assertEqual((again.sales_seconds, again.sales_export), (2.5, True))
        enhanced = self.finding(sales_filter={"enabled": True, "primary_match": {
            "lead_field": "partner_id", "opportunity_field": "commercial_partner_id"}})  # fmt: skip
        self.assertFalse(enhanced.sales_partner_field_id)
        self.assertEqual(enhanced.sales_opportunity_partner_field_id.name, "commercial_partner_id")

    def test_fields_that_customers_cannot_be_compared_by_are_refused_with_their_paths(self):
        self.refuse(
            "lead_partner_field", "primary_match.opportunity_field", "email_match.lead_field",
            "email_match.opportunity_field", "phone_match.lead_field", "phone_match.opportunity_field",
            lead_finding={"sales_filter": {
                "enabled": True, "lead_partner_field": "user_id", "primary_match": {"opportunity_field": "x_none"},
                "secondary_matches": {
                    "email_match": {"lead_field": "phone", "opportunity_field": "description"},
                    "phone_match": {"lead_field": "email", "opportunity_field": "priority"},
                }}},
        )  # fmt: skip

    def test_filters_on_any_field_can_be_written(self):
        row = {"field": "source_id", "lets_in": "exclude", "mode": "wildcard", "values": ["face*"]}
        campaign = self.load(odoo={"filters": [row], "settings": {"lead_order": "newest"}})
        self.assertEqual(set(self.find_in(campaign)[0].source_id.mapped("name")), {"google_ads", "other"})
        self.assertEqual(campaign.lead_order, "newest")
        self.refuse("hour of a run", odoo={"settings": {"run_hour": 99}})
        self.refuse("odoo.filters[0].field", "odoo.settings.nonsense", "odoo.settings.lead_order",
                    odoo={"filters": [{"field": "nope"}], "settings": {"nonsense": 1, "lead_order": "x"}})  # fmt: skip
