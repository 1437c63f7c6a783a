import base64
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.lead_distribution.planning.request import PlanRequest

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestFilters(DistributionCase):
    """Rows that let leads in or keep them out by the text of a field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Facebook_Form", "google_ads", "bing", "facebook_voice")
        cls.sources = {n.lower(): cls.env["utm.source"].create({"name": n}) for n in names}
        cls.leads = {name: cls.make_leads(source_id=source.id) for name, source in cls.sources.items()}
        cls.without = cls.make_leads()

    def add(self, *values, field="source_id", mode="exact", kind="include", **extra):
        return self.env["lead.distribution.filter"].create(
            {
                "campaign_id": self.campaign.id,
                "field_id": self.env["ir.model.fields"]._get("crm.lead", field).id,
                "mode": mode,
                "kind": kind,
                "values_text": "\n".join(values),
                **extra,
            }
        )

    def assertFound(self, *names):
        expected = self.env["crm.lead"].union(*(self.leads[name] for name in names))
        self.assertEqual(self.find()[0], expected.sorted("id"))

    def test_finding_with_all_filters_takes_the_same_queries_for_ten_times_the_leads(self):
        self.add("face*", "goo*", mode="wildcard")
        self.add("x", field="tag_ids", kind="exclude")
        self.campaign.write({"use_sales_filter": True, "use_priority": True, "own_domain": "[('name', '!=', 'x')]"})
        source = self.sources["bing"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.campaign._find_leads(PlanRequest())
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        self.make_leads(300, source_id=source.id)
        self.assertLessEqual(count(), few)

    def test_r14_exact_without_case_and_with(self):
        row = self.add("FACEBOOK_FORM", "bing")
        self.assertFound("facebook_form", "bing")
        row.case_sensitive = True
        self.assertFound("bing")

    def test_r14_partial_works_both_ways(self):
        self.add("google_ads_2024", "face", mode="partial")
        self.assertFound("facebook_form", "google_ads", "facebook_voice")

    def test_r14_regex_from_the_start(self):
        self.add("book", mode="regex")
        self.assertFound()
        self.add("^face.*voice", mode="regex")
        self.assertFound("facebook_voice")

    def test_r16_wildcards_in_addition_to_the_list_and_alone(self):
        row = self.add("bing", wildcards_text="face*")
        self.assertFound("facebook_form", "bing", "facebook_voice")
        row.values_text = False
        self.assertFound("facebook_form", "facebook_voice")
        row.write({"mode": "wildcard", "values_text": "g?ogle*", "wildcards_text": False})
        self.assertFound("google_ads")

    def test_r7_r17_a_lead_without_source_does_not_pass_and_the_reason_is_web_source(self):
        self.add("bing")
        self.assertEqual(self.find(), (self.leads["bing"], {"web_source": 4}))

    def test_several_rows_that_let_in_add_up_and_rows_that_keep_out_win(self):
        self.add("bing")
        self.add("face*", mode="wildcard")
        self.assertFound("facebook_form", "bing", "facebook_voice")
        self.add("facebook_voice", kind="exclude")
        self.assertFound("facebook_form", "bing")

    def test_a_row_that_keeps_out_lets_leads_without_a_value_pass(self):
        self.add("bing", "google_ads", kind="exclude")
        self.assertEqual(
            self.find()[0],
            (self.leads["facebook_form"] + self.leads["facebook_voice"] + self.without).sorted("id"),
        )

    def test_r19_an_empty_or_archived_row_is_no_filter(self):
        self.add()
        self.add("bing", active=False)
        self.assertEqual(len(self.find()[0]), 5)

    def test_r18_marketing_campaigns_by_title(self):
        utm = self.env["utm.campaign"].create({"title": "Voice Campaign 2024"})
        lead = self.make_leads(campaign_id=utm.id)
        self.add("voice_campaign", "voice campaign*", field="campaign_id", mode="wildcard")
        self.assertEqual(self.find(), (lead, {"campaign": 5}))

    def test_r6_statuses_by_code_or_label_whatever_case_or_blanks(self):
        pitch = self.make_leads(lead_status_id=self.status["full_pitch_follow_up"].id)
        self.make_leads(lead_status_id=self.status["utr"].id)
        row = self.add("Full Pitch  Follow Up ", field="lead_status_id", case_sensitive=True)
        self.assertEqual(self.find(), (pitch, {"status": 6}))
        row.write({"mode": "partial", "values_text": "pitch"})
        self.assertEqual(self.find()[0], pitch)
        row.write({"mode": "regex", "values_text": "^full_.*"})
        self.assertEqual(self.find()[0], pitch)

    def test_r20_any_excluded_tag_keeps_out_and_one_included_tag_lets_in(self):
        vip, test = self.env["crm.tag"].create([{"name": "vip"}, {"name": "test"}])
        both = self.make_leads(tag_ids=[Command.set((vip + test).ids)])
        only = self.make_leads(tag_ids=[Command.set(vip.ids)])
        self.add("VIP", field="tag_ids")
        self.assertEqual(self.find(), (both + only, {"tags": 5}))
        self.add("test", field="tag_ids", kind="exclude")
        self.assertEqual(self.find()[0], only)

    def test_any_char_selection_or_related_field_works(self):
        ada = self.make_leads(city="Ada City")
        self.add("ada*", field="city", mode="wildcard")
        self.assertEqual(self.find(), (ada, {"city": 5}))
        self.campaign.filter_ids.unlink()
        urgent = self.make_leads(priority="3")
        self.add("Very High", field="priority")
        self.assertEqual(self.find()[0], urgent)
        self.campaign.filter_ids.unlink()
        german = self.make_leads(country_id=self.env.ref("base.de").id)
        self.add("germ", field="country_id", mode="partial")
        self.assertEqual(self.find()[0], german)

    def test_the_form_shows_what_fits_and_how_many_leads_that_is(self):
        row = self.add("facebook_*", "altavista*", mode="wildcard")
        self.assertEqual((row.matching_values, row.matching_leads), ("Facebook_Form, facebook_voice", 2))
        self.assertEqual(row.problem, "Fits nothing now: altavista*")
        self.assertIn("altavista", self.campaign.simulate().to_dict()["warnings"][0])

    def test_a_picked_record_adds_its_name_to_the_values(self):
        row = self.add("bing")
        with Form(row) as form:
            form.pick = self.sources["google_ads"]
        self.assertEqual(row.values_text, "bing\ngoogle_ads")
        self.assertFound("google_ads", "bing")

    def test_a_text_file_replaces_the_values_comments_left_out(self):
        row = self.add("bing")
        with Form(row) as form:
            form.values_file = base64.b64encode(b"# sources\ngoogle_ads\n\n")
        self.assertEqual(row.values_text, "google_ads")
        self.assertFound("google_ads")

    def test_r12_a_broken_regex_is_refused_with_its_text(self):
        with self.assertRaisesRegex(ValidationError, r"\(voice"):
            self.add("(voice", mode="regex")

    def test_a_regex_is_matched_by_our_code_whatever_lies_where_the_server_runs(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        Path(folder, "matching.py").write_text("raise SystemExit('not ours')\n", encoding="utf-8")
        self.addCleanup(os.chdir, Path.cwd())
        os.chdir(folder)
        self.assertEqual(self.add("^face.*voice", mode="regex").matching_values, "facebook_voice")

    def test_a_catastrophic_regex_is_told_and_stops_no_worker(self):
        self.env["utm.source"].create({"name": "a" * 60 + "!"})
        row = self.add("(a+)+$", mode="regex")
        self.assertIn("takes too long", row.problem)
        with self.assertRaisesRegex(ValidationError, "takes too long"):
            self.campaign.simulate()

    def test_a_field_with_too_many_values_is_told_and_not_matched(self):
        limit = "odoo.addons.lead_distribution.finding.filter_rows.MOST_VALUES"
        with patch(limit, 3):
            row = self.add("bing")
            self.assertIn("more than 3 different values", row.problem)
            self.assertEqual((row.matching_values, row.matching_leads), ("", 0))
            with self.assertRaises(ValidationError):
                self.campaign.simulate()

    def test_filters_are_copied_with_the_campaign_and_do_not_mix_with_do_not_call(self):
        self.add("bing")
        copy = self.campaign.copy()
        self.assertEqual(copy.filter_ids.values_text, "bing")
        self.assertEqual(len(copy.dnc_filter_ids), 2)


@tagged("post_install", "-at_install")
class TestRules(DistributionCase):
    """Do not call, and what else keeps a lead out: closed, tags, fields, priority, activities."""

    def test_a_new_campaign_knows_do_not_call_tags_as_people_write_them(self):
        for name in ("Do Not Call", "do-not-call", "DO_NOT_CALL", "DNC", "Opt-Out", "opt out", "Blocked"):
            self.make_leads(tag_ids=self.env["crm.tag"].create({"name": name}).ids)
        lead = self.make_leads(tag_ids=self.env["crm.tag"].create({"name": "Call not before noon"}).ids)
        run = self.make_campaign("New", self.ann).simulate()
        self.assertEqual((run.leads_found, run.exclusions.get("dnc")), (1, 7))
        self.assertEqual(run.assignment_ids.lead_id, lead)

    def test_r21_do_not_call_statuses_and_tags_are_left_out_under_that_name(self):
        tag = self.env["crm.tag"].create({"name": "Do_Not_Call"})
        for code in ("dnc", "do_not_call", "dont_call", "no_call", "blocked", "opt_out"):
            self.make_leads(lead_status_id=self.status[code].id)
        self.make_leads(tag_ids=[Command.set(tag.ids)])
        lead = self.make_leads()
        self.assertEqual(self.find(), (lead, {"dnc": 7}))
        self.campaign.use_dnc = False
        self.assertEqual(len(self.find()[0]), 8)

    def test_do_not_call_does_not_depend_on_the_language_of_who_starts_the_run(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        tag = self.env["crm.tag"].create({"name": "dnc"})
        tag.with_context(lang="fr_FR").name = "Ne pas appeler"
        self.make_leads(tag_ids=[Command.set(tag.ids)])
        for lang in ("en_US", "fr_FR"):
            run = self.campaign.with_context(lang=lang).simulate()
            self.assertEqual((run.leads_found, run.exclusions), (0, {"dnc": 1}), lang)

    def test_own_statuses_of_the_category_are_do_not_call_too(self):
        status = self.env["crm.lead.status"].create({"name": "Robinson list", "category": "do_not_call"})
        self.make_leads(lead_status_id=status.id)
        self.assertEqual(self.find()[1], {"dnc": 1})
        self.campaign.dnc_by_category = False
        self.assertEqual(self.find()[1], {})

    def test_odoos_blacklists_count_and_can_be_switched_off(self):
        self.env["mail.blacklist"].create({"email": "no@example.com"})
        self.env["phone.blacklist"].create({"number": "+32456001122"})
        self.make_leads(email_from="No <NO@example.com>")
        self.make_leads(phone="+32 456 00 11 22", country_id=self.env.ref("base.be").id)
        lead = self.make_leads(email_from="yes@example.com", phone="+32 456 00 11 23")
        self.assertEqual(self.find(), (lead, {"dnc": 2}))
        self.campaign.dnc_phone_blacklist = False
        self.assertEqual(self.find()[1], {"dnc": 1})
        self.campaign.dnc_email_blacklist = False
        self.assertEqual(self.find()[1], {})

    def test_r4_do_not_call_comes_first_even_before_dropback(self):
        self.campaign.write({
            "use_dropback": True,
            "dropback_threshold_ids": [Command.create({"days": 10})],
            "dropback_rule_ids": [Command.create({"name": "default", "is_default": True, "user_id": self.ann.id})],
        })  # fmt: skip
        self.make_leads(source_date=self.days_ago(15), lead_status_id=self.status["dnc"].id)
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.leads_dropped_back), ({"dnc": 1}, 0))

    def test_r22_lead_types(self):
        lead, opportunity = self.make_leads(), self.make_leads(type="opportunity")
        for lead_type, found in (("lead", lead), ("opportunity", opportunity), ("both", lead + opportunity)):
            self.campaign.lead_type = lead_type
            self.assertEqual(self.find()[0], found)
        self.assertEqual(self.campaign.distribute().leads_distributed, 2)

    def test_r24_own_dates_replace_the_day_counts_and_one_leaves_a_side_open(self):
        old, new = (self.make_leads(source_date=self.days_ago(days)) for days in (90, 2))
        self.campaign.write({"custom_date_from": self.days_ago(90), "custom_date_to": self.days_ago(90)})
        self.assertEqual(self.find()[0], old)
        self.campaign.custom_date_from = False
        self.assertEqual(self.find()[0], old)
        self.campaign.write({"custom_date_from": self.days_ago(90), "custom_date_to": False})
        self.assertEqual(self.find()[0], old + new)
        with self.assertRaises(ValidationError):
            self.campaign.custom_date_to = self.days_ago(200)

    def test_window_presets_fill_the_day_counts(self):
        self.campaign.window_preset = "stale_lead_recovery"
        self.assertEqual((self.campaign.older_than_days, self.campaign.younger_than_days), (60, 180))
        self.campaign.younger_than_days = 170
        self.assertEqual(self.campaign.window_preset, "custom_range")

    def test_the_window_can_count_from_another_date_even_one_with_a_time(self):
        lead = self.make_leads(source_date=self.days_ago(300))
        self.campaign.write({"include_today": False, "older_than_days": 0, "younger_than_days": 1})
        self.campaign.window_field_id = self.env["ir.model.fields"]._get("crm.lead", "create_date")
        self.assertFalse(self.find()[0])  # created today: the new edge is outside
        self.env.cr.execute("UPDATE crm_lead SET create_date = create_date - interval '1 day' WHERE id = %s", lead.ids)
        lead.invalidate_recordset()
        self.assertEqual(self.find()[0], lead)

    def test_r25_weekends_and_public_holidays(self):
        days = {day: self.make_leads(source_date=f"2026-06-{day:02}") for day in range(1, 15)}
        self.campaign.write(
            {"custom_date_from": "2026-06-01", "custom_date_to": "2026-06-14", "exclude_weekends": True}
        )
        weekend = {6, 7, 13, 14}
        self.assertEqual(self.find()[0].ids, [lead.id for day, lead in days.items() if day not in weekend])
        self.env["resource.calendar.leaves"].create({
            "name": "Holiday", "date_from": "2026-06-03 00:00:00", "date_to": "2026-06-04 23:59:59",
            "calendar_id": self.env.company.resource_calendar_id.id, "company_id": self.env.company.id,
        })  # fmt: skip
        self.campaign.exclude_holidays = True
        self.assertEqual(self.find()[0].ids, [lead.id for day, lead in days.items() if day not in weekend | {3, 4}])

    def test_r33_required_fields_blanks_are_missing(self):
        lead = self.make_leads(email_from="a@example.com", phone="1", country_id=self.env.ref("base.de").id)
        self.make_leads(email_from="   ", phone="1", country_id=self.env.ref("base.de").id)
        self.make_leads(email_from="a@example.com", country_id=self.env.ref("base.de").id)
        self.make_leads(email_from="a@example.com", phone="1")
        get_field = self.env["ir.model.fields"]._get
        for name in ("email_from", "phone", "country_id"):
            self.campaign.required_field_ids += get_field("crm.lead", name)
        self.assertEqual(self.find(), (lead, {"required_fields": 3}))

    def test_r33_formatted_text_that_shows_nothing_is_missing(self):
        self.campaign.required_field_ids = self.env["ir.model.fields"]._get("crm.lead", "description")
        empty = (
            "<p><br></p>",
            "<p>&nbsp; \u00a0</p>",
            "<div>\n<p></p><br/></div>",
            False,
            "",
            "<table><tr><td></td></tr></table>",
        )
        filled = ("<p>x</p>", "text", '<p><img src="/a.png"></p>', "<p>0</p>", "&lt;", "<p><br>1 &lt; 2</p>")
        leads = self.env["crm.lead"].concat(*(self.make_leads(description=text) for text in filled))
        for text in empty:
            self.make_leads(description=text)
        self.assertEqual(self.find(), (leads, {"required_fields": len(empty)}))

    def test_r33_a_blank_that_does_not_break_is_a_blank(self):
        self.campaign.required_field_ids = self.env["ir.model.fields"]._get("crm.lead", "phone")
        self.make_leads(phone="\u00a0\t")
        self.assertEqual(self.find()[1], {"required_fields": 1})

    def test_r8_r34_priorities_are_counted_from_one_and_a_missing_one_is_the_lowest(self):
        leads = {p: self.make_leads(priority=p) for p in ("0", "1", "2", "3", False)}
        self.campaign.write({"use_priority": True, "priority_min": 2, "priority_max": 4})
        self.assertEqual(self.find(), (leads["1"] + leads["2"] + leads["3"], {"priority": 2}))
        self.campaign.write({"priority_min": 1, "priority_max": 1})
        self.assertEqual(self.find()[0], leads["0"] + leads[False])
        self.campaign.write({"priority_min": 5, "priority_max": 5})
        self.assertFalse(self.find()[0])

    def test_r26_only_unassigned_leads(self):
        self.campaign.write({"pool_mode": "all", "exclude_assigned": True})
        lead = self.make_leads()
        self.make_leads(user_id=self.ann.id)
        self.assertEqual(self.find(), (lead, {"assigned": 1}))

    def test_r32_leads_of_inactive_people_and_the_warning_about_the_contradiction(self):
        gone = self.make_user("gus")
        self.pools(("unassigned", [], 0), ("inactive_member", [], 0))
        self.campaign.member_ids = [Command.create({"user_id": gone.id, "active": False})]
        self.campaign.exclude_inactive_users = True
        lead = self.make_leads()
        self.make_leads(user_id=gone.id)
        self.assertEqual(self.find(), (lead, {"inactive_user": 1}))
        self.assertIn("stays empty", self.campaign.simulate().warnings[0])

    def test_an_own_filter_on_top_and_a_broken_one_is_refused(self):
        lead = self.make_leads(expected_revenue=500)
        self.make_leads()
        self.campaign.own_domain = "[('expected_revenue', '>', 100)]"
        self.assertEqual(self.find(), (lead, {"domain": 1}))
        for broken in ("[('no_such_field', '=', 1)]", "[(", "__import__('os')"):
            with self.assertRaises(ValidationError):
                self.campaign.own_domain = broken
