"""What people write is kept and compared whole, and comes back from the text of a campaign."""

import json
import random

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.finding.sales import find_stages

from ..config.dump import dump_campaign
from .common import MANAGER
from .config_common import ConfigCase

HOSTILE = (
    "Voice | Apple", '"a" | "b"', 'mode: "exact" | "partial"', "${X}", "$${X}", "a ${X} b", "#vip", "# not a comment",
    " blanks ", "null", "yes", "007", "2024-01-31", "1:30:00", "- x", "a: b", "'quoted'", '"', "\\", "*&!%@`",
    "ümläut ☎", "tab\there", "line\u2028two", "bell\x07", "next\x85line", "\U0001f600", "%s %(x)s", "{x}", "<b>", "---",
    "=", "<<", "[", "x" * 90,
)  # fmt: skip
BLOCKS = ('first\nmode: "a" | "b"\nlast', "\n\nlines\n", "a\r\nb", "  indented\nless\n# not a comment\n")


@tagged("post_install", "-at_install")
class TestConfigTexts(ConfigCase):
    def find_names(self, campaign):
        return sorted(self.find_in(campaign)[0].mapped("name"))

    def test_a_name_that_begins_with_a_number_sign_is_a_name_in_every_list(self):
        vip, dnc, test = self.env["crm.tag"].create([{"name": name} for name in ("#vip", "#dnc", "#test")])
        promo = self.env["utm.source"].create({"name": "#promo"})
        deal = self.env["utm.campaign"].create({"title": "#1 deal"})
        plain = self.make_leads()
        for name, values in (
            ("vip", {"tag_ids": vip.ids}), ("dnc", {"tag_ids": dnc.ids}), ("test", {"tag_ids": test.ids}),
            ("promo", {"source_id": promo.id}), ("deal", {"campaign_id": deal.id}),
        ):  # fmt: skip
            self.make_leads().write({**values, "name": name})
        plain.name = "plain"
        filters = lambda **block: {"additional_filters": block}  # noqa: E731
        for section, expected in (
            (filters(include_tags=["#vip"]), ["vip"]),
            (filters(include_tags={"match_mode": "regex", "regex_patterns": ["#v.*"]}), ["vip"]),
            (filters(exclude_tags=["#test"]), ["deal", "dnc", "plain", "promo", "vip"]),
            (filters(dnc_filtering={"dnc_tags": ["#dnc"]}), ["deal", "plain", "promo", "test", "vip"]),
            (filters(exclude_dnc=True, dnc_tags=["#dnc"]), ["deal", "plain", "promo", "test", "vip"]),
            ({"web_sources": ["#promo"]}, ["promo"]),
            ({"web_sources": {"match_patterns": ["#*"]}}, ["promo"]),
            ({"web_sources": {"match_mode": "regex", "regex_patterns": ["#.*"]}}, ["promo"]),
            ({"campaigns": {"types": ["#1 deal"]}}, ["deal"]),
        ):
            campaign = self.finding(**section)
            self.assertEqual(self.find_names(campaign), expected, section)
            again = campaign.load_config(campaign.dump_config())
            self.assertEqual(self.find_names(again), expected, section)

    def test_stages_and_sources_of_dropback_that_begin_with_a_number_sign_count(self):
        self.env["crm.stage"].create({"name": "#Parked"})
        sales = self.finding(sales_filter={"enabled": True, "exclude_opportunity_stages": ["#Parked"]})
        self.assertEqual(len(find_stages(sales.env, sales.sales_exclude_stages)), 1)
        self.assertFalse(sales._get_warnings())
        source = self.env["utm.source"].create({"name": "#fb"})
        campaign = self.finding(dropback_filter={
            "enabled": True, "web_source_campaign_mapping": {"voice_sources": ["#fb"]},
            "assignment_rules": {"Voice": {"user": "Ann"}, "default": {"user": "Bob"}},
            "additional_criteria": {"lead_criteria": {"exclude_tags": ["#later"]}},
        })  # fmt: skip
        tag = self.env["crm.tag"].create({"name": "#later"})
        old = self.make_leads(2, source_id=source.id, source_date=self.days_ago(99))
        old[1].tag_ids = tag
        run = campaign.simulate()
        self.assertEqual([(row["lead_id"], row["rule"]) for row in run.to_dict()["dropback"]], [(old[0].id, "Voice")])

    def test_comments_are_for_files_of_sources_and_people_only(self):
        self.env["utm.source"].create({"name": "#promo"})
        section = {"source_type": "file", "source_config": {"file_path": "s.txt"}}
        campaign = self.finding({"s.txt": "# heading\n#promo\nother\n"}, web_sources=section)
        self.assertEqual(campaign.filter_ids.values_text, "other")

    def test_blanks_around_a_name_do_not_count_and_those_of_a_regex_do(self):
        source = self.env["utm.source"].create({"name": " wide source "})
        lead = self.make_leads(source_id=source.id)
        for section in (["wide source"], [" wide source "], {"match_patterns": ["wide*ce"]},
                        {"match_mode": "regex", "regex_patterns": [r"\s*wide "]}):  # fmt: skip
            self.assertEqual(self.find_in(self.finding(web_sources=section))[0], lead, section)
        text = self.campaign.browse().load_config(
            {
                "campaign": {"name": "R"},
                "lead_finding": {"web_sources": {"match_mode": "regex", "regex_patterns": ["a "]}},
            }
        )
        self.assertEqual(text.filter_ids.values_text, "a ")
        self.assertEqual(text.load_config(text.dump_config()).filter_ids.values_text, "a ")

    def test_a_text_of_a_list_with_a_line_break_is_refused_with_its_place(self):
        for text in ("a\nb", "a\rb"):
            self.refuse("web_sources[1]", "one line", lead_finding={"web_sources": ["ok", text]})

    def test_other_line_separators_are_a_part_of_a_name(self):
        source = self.env["utm.source"].create({"name": "one\u2028two"})
        lead = self.make_leads(source_id=source.id)
        self.assertEqual(self.find_in(self.finding(web_sources=["one\u2028two"]))[0], lead)

    def make_hostile(self, rng):
        """Return a campaign with hostile texts wherever a text can be written."""
        word = lambda: rng.choice(HOSTILE)  # noqa: E731
        words = lambda: "\n".join(rng.sample(HOSTILE, 4))  # noqa: E731
        get_field = self.env["ir.model.fields"]._get
        team = self.env["crm.team"].create({"name": f"{word()} {rng.random()}"})
        tags = self.env["crm.tag"].create([{"name": f"{text}{rng.random()}"} for text in rng.sample(HOSTILE, 2)])
        names = rng.sample([text for text in HOSTILE if text != "$${X}"], 3)  # which differs by a dollar only
        level = {"code": "own", "name": word(), "target_leads": 5, "priority": 1}
        campaign = self.make_campaign(
            word(), self.ann, self.bob,
            description=rng.choice([*BLOCKS, word()]), team_id=team.id, team_filter_name=word(),
            sales_exclude_stages=words(), sales_include_stages=words(), use_sales_filter=True,
            dropback_exclude_tags_text=words(), dropback_exclude_tag_ids=tags[:1].ids,
            use_skills=True, skill_ids=[Command.create({"tag_id": tag.id, "weight": 2}) for tag in tags],
            level_ids=[Command.create(level)],
            filter_ids=[
                Command.create({"field_id": get_field("crm.lead", name).id, "mode": mode, "kind": kind,
                                "values_text": words(), "wildcards_text": words()})
                for name, mode, kind in (("source_id", "exact", "include"), ("campaign_id", "partial", "include"),
                                         ("tag_ids", "exact", "exclude"), ("medium_id", "wildcard", "include"))],
            dropback_threshold_ids=[Command.create({"days": 3, "name": word()})], use_dropback=True,
            dropback_rule_ids=[
                Command.create({"name": name, "sources_text": words(), "user_id": self.ann.id, "team_id": team.id})
                for name in names],
        )  # fmt: skip
        campaign.member_ids[0].team_label = word()
        campaign.member_ids[1].write({"team_id": team.id, "level_id": campaign.level_ids.id})
        return campaign

    maxDiff = None

    def describe(self, campaign):
        """Return every text of a campaign, and the names of what it refers to."""
        rows = lambda records, *names: [tuple(record[name] for name in names) for record in records]  # noqa: E731
        return {
            **{name: campaign[name] for name in (
                "name", "description", "team_filter_name", "sales_exclude_stages", "sales_include_stages",
                "dropback_exclude_tags_text", "team_id", "dropback_exclude_tag_ids")},
            "filters": sorted((row.field_name, row.values_text, row.wildcards_text) for row in campaign.filter_ids),
            "levels": rows(campaign.level_ids, "code", "name"),
            "skills": rows(campaign.skill_ids.sorted("tag_id"), "tag_id", "weight"),
            "thresholds": rows(campaign.dropback_threshold_ids, "name", "days"),
            "rules": rows(campaign.dropback_rule_ids.sorted("name"), "name", "sources_text", "team_id"),
            "members": rows(campaign.member_ids.sorted("id"), "user_id", "team_label", "team_id", "level_id"),
        }  # fmt: skip

    def test_hostile_texts_in_every_field_come_back_from_the_text_of_a_campaign(self):
        trim = lambda text: "\n".join(line.strip() for line in text.split("\n") if line.strip())  # noqa: E731
        for seed in range(15):
            with self.subTest(seed=seed):
                campaign = self.make_hostile(random.Random(seed))
                before, text = self.describe(campaign), campaign.dump_config()
                self.assertEqual(campaign.load_config(text), campaign)
                campaign.invalidate_recordset()
                after = self.describe(campaign)
                before["filters"] = [(name, trim(values), trim(more)) for name, values, more in before["filters"]]
                before["rules"] = [(name, trim(sources), team) for name, sources, team in before["rules"]]
                self.assertEqual(after, before)
                self.assertEqual(campaign.dump_config(), text)

    def test_the_data_of_a_campaign_loads_as_json_and_as_a_dict_too(self):
        campaign = self.make_hostile(random.Random(3))
        before, data = self.describe(campaign), dump_campaign(campaign)
        campaign.load_config(json.dumps(data, default=str), variables={"X": "x"})
        self.assertEqual(campaign.name, before["name"].replace("${X}", "x").replace("$x", "${X}"))

    def test_a_name_with_several_words_and_a_bar_is_a_name(self):
        for name in ("Voice | Apple", '"Voice" | "Apple"'):
            for source in ({"campaign": {"name": name}}, json.dumps({"campaign": {"name": name}})):
                self.assertEqual(self.env["lead.distribution.campaign"].load_config(source).name, name)
        text = 'campaign:\n  name: Voice | Apple\n  description: |\n    mode: "exact" | "partial"\n'
        campaign = self.env["lead.distribution.campaign"].load_config(text)
        self.assertEqual((campaign.name, campaign.description), ("Voice | Apple", 'mode: "exact" | "partial"\n'))

    def test_several_values_for_a_key_with_choices_are_told(self):
        for value in ('"daily" | "weekly"', "daily | weekly"):
            with self.assertRaisesRegex(ValidationError, "Write one of these values: daily, weekly"):
                self.campaign.load_config(f"campaign:\n  name: A\n  distribution_frequency: {value}\n")

    def test_half_a_character_is_refused_wherever_it_stands(self):
        half = "a\ud800"
        for sections in (
            {"campaign": {"name": half}}, {"campaign": {"name": "Text", half: 1}},
            {"lead_finding": {"web_sources": [half]}}, {"odoo": {"settings": {"own_domain": half}}},
            {"odoo": {"settings": {half: 1}}}, {"lead_finding": {"excluded_users": [half]}},
            {"lead_finding": {"dropback_filter": {"enabled": True, "campaign_assignments": {half: "Ann"}}}},
            {"salesperson_selection": {"source_config": {"salespeople_list": [{"name": half}]}}},
        ):  # fmt: skip
            with self.subTest(sections=sections):
                message = self.refuse(**sections)
                message.encode()
        self.refuse("no text", files={"s.txt": half}, lead_finding={
            "web_sources": {"source_type": "file", "source_config": {"file_path": "s.txt"}}})  # fmt: skip
        with self.assertRaises(ValidationError):
            self.campaign.load_config('{"campaign": {"name": "\\ud800"}}')

    def test_r59_of_several_conditions_of_one_kind_any_one_is_enough(self):
        self.make_leads(10)
        for triggers, expected in (
            (["when_lead_count < 20", "when_lead_count < 5"], "round_robin"),
            (["when_lead_count < 5", "when_lead_count < 20"], "round_robin"),
            (["when_lead_count < 5", "when_lead_count < 10"], "level_based"),
            (["when_salespeople_count < 4", "when_salespeople_count < 2"], "round_robin"),
        ):
            override = {"enabled": True, "trigger_conditions": triggers}
            campaign = self.load(distribution={"strategy": "level_based", "round_robin_override": override})
            self.assertEqual(campaign.simulate().strategy, expected, triggers)

    def test_a_trigger_that_can_never_fire_is_refused(self):
        override = {"enabled": True, "trigger_conditions": ["when_manual_override = false"]}
        self.refuse("trigger_conditions[0]", distribution={"round_robin_override": override})

    def test_several_campaigns_of_one_name_are_refused(self):
        self.make_campaign("Twin")
        self.make_campaign("Twin")
        self.refuse("campaign.name: There are 2 campaigns “Twin”", name="Twin")

    def test_a_text_loaded_into_a_campaign_finds_it_among_its_namesakes(self):
        first, second = self.make_campaign("Twin"), self.make_campaign("Twin", self.bob)
        for campaign in (first, second):
            self.assertEqual(campaign.load_config(campaign.dump_config()), campaign)

    def test_an_active_campaign_comes_before_an_archived_one_of_its_name(self):
        old, present = self.make_campaign("Twin", active=False), self.make_campaign("Twin")
        self.assertEqual(self.load(name="Twin"), present)
        present.name = "Other"
        self.assertEqual(self.load(name="Twin"), old)

    def test_blanks_around_the_name_of_a_campaign_make_no_second_one(self):
        self.assertEqual(self.load(name=" Voice "), self.campaign)
        self.assertEqual(self.campaign.name, "Voice")
        self.assertEqual(self.load(name=" New ").name, "New")

    def test_two_people_of_one_name_are_told_and_a_login_says_who_is_meant(self):
        other = self.make_user("ann2")
        other.name = "Ann"
        people = {"source_type": "list", "source_config": {"salespeople_list": ["Ann"]}}
        campaign = self.load(salesperson_selection=people, lead_finding={"excluded_users": ["Ann"]})
        told = "\n".join(self.told(campaign, "person"))
        self.assertEqual(told.count("2 users are called “Ann”: the one with the login ann@test was taken"), 2)
        self.assertIn("2 users are called “Ann”", "\n".join(campaign.simulate().warnings))
        again = campaign.load_config(campaign.dump_config())
        self.assertFalse(self.told(again, "person"), "the text of a campaign names the logins")
        self.assertEqual((again.member_ids.user_id, again.protected_user_ids), (self.ann, self.ann))
        other.active = False
        self.assertFalse(self.told(self.load(salesperson_selection=people), "person"))

    def test_without_a_time_zone_of_the_user_it_is_that_of_the_company_s_working_hours(self):
        self.env.company.resource_calendar_id.tz = "Europe/Brussels"
        user = self.make_user("zoe", MANAGER, tz=False)
        campaigns = self.env["lead.distribution.campaign"].with_user(user).with_context(tz=False)
        self.assertEqual(campaigns.load_config({"campaign": {"name": "Zone"}}).tz, "Europe/Brussels")
        user.tz = "Asia/Tokyo"
        self.assertEqual(campaigns.load_config({"campaign": {"name": "Zone 2"}}).tz, "Asia/Tokyo")

    def test_sources_that_do_not_exist_can_be_left_out_where_whole_names_count(self):
        self.env["utm.source"].create({"name": "known"})
        config = {"source_config": {"sources": ["Known", "ghost"]}, "exclude_invalid": True}
        campaign = self.finding(web_sources=config)
        self.assertEqual(campaign.filter_ids.values_text, "Known")
        self.assertIn("ghost", "\n".join(self.told(campaign, "warning")))
        campaign = self.finding(web_sources={**config, "match_mode": "partial"})
        self.assertEqual(campaign.filter_ids.values_text, "Known\nghost")
        self.assertIn("exclude_invalid", "\n".join(self.told(campaign, "warning")))

    def test_keys_that_change_nothing_are_told(self):
        campaign = self.finding(
            date_range_strategies={"mine": {"younger_than_days": 3, "description": "three days"}},
            web_sources={"source_config": {"sources": ["x"]}, "validate_sources": False, "include_inactive": True},
        )
        told = "\n".join(self.told(campaign, "unneeded"))
        for path in ("date_range_strategies.mine.description", "validate_sources", "include_inactive"):
            self.assertIn(path, told)


@tagged("post_install", "-at_install")
class TestConfigPeopleOfCampaigns(ConfigCase):
    """People who are taken from a campaign that exists, where there is no file."""

    def people_of(self, source, **more):
        selection = {"source_type": "campaign_table", **source}
        return self.load(salesperson_selection=selection, **more)

    def members(self, campaign):
        return campaign.with_context(active_test=False).member_ids.user_id.sorted("id")

    def test_the_members_of_the_campaign_that_is_named_become_members(self):
        own = self.env["lead.distribution.level"].create(
            {"code": "star", "name": "Star", "target_leads": 77, "campaign_id": self.campaign.id}
        )
        ann, bob, _cem = self.campaign.member_ids
        ann.write({"level_id": own.id, "weight": 3, "zip_patterns": "10*"})
        bob.active = False
        for source in (
            {"source_config": {"campaign": "Voice"}},
            {"source_type": None, "source_config": {"campaign": "Voice"}},
            {"source_type": "database", "source_config": {"campaign": "Voice"}},
            {"source_config": {"campaign_table": {"table_name": "t"}, "campaign": "Voice"}},
            {"source_config": {"campaign_table": {"table_name": "t"}},
             "campaign_filtering": {"target_campaign": "Voice"}},
        ):  # fmt: skip
            campaign = self.people_of(source)
            self.assertEqual(self.members(campaign), self.ann + self.bob + self.cem, source)
            members = {m.user_id: m for m in campaign.with_context(active_test=False).member_ids}
            taken = members[self.ann]
            self.assertEqual((taken.weight, taken.zip_patterns, taken.target_leads), (3, "10*", 77))
            self.assertFalse(members[self.bob].active)
            campaign.unlink()

    def test_the_table_of_the_campaign_itself_keeps_its_members(self):
        source = {"source_config": {"campaign_table": {"table_name": "t"}}}
        self.load(name="Voice", salesperson_selection={"source_type": "campaign_table", **source})
        self.assertEqual(len(self.campaign.member_ids), 3)

    def test_a_campaign_that_does_not_exist_is_told(self):
        campaign = self.people_of({"source_config": {"campaign": "Ghosts"}})
        self.assertFalse(self.members(campaign))
        told = "\n".join(self.told(campaign, "warning"))
        self.assertIn("There is no campaign “Ghosts”", told)
        self.assertIn("no members", told)

    def test_of_several_campaigns_of_the_name_none_is_taken(self):
        self.make_campaign("Twin", self.ann)
        self.make_campaign("Twin", self.bob)
        selection = {"source_type": "campaign_table", "source_config": {"campaign": "Twin"}}
        self.refuse("source_config.campaign", "2 campaigns", salesperson_selection=selection)

    def test_a_campaign_besides_a_list_is_told_as_ignored(self):
        source = {"salespeople_list": ["Ann"], "campaign": "Voice"}
        campaign = self.load(salesperson_selection={"source_type": "list", "source_config": source})
        self.assertIn("ignored", "\n".join(self.told(campaign, "warning")))

    def test_a_file_without_people_is_told_when_the_text_is_checked(self):
        check = self.env["lead.distribution.campaign"].check_config
        for source, files in (
            ({"source_type": "file", "source_config": {"file_path": "p.txt"}}, {"p.txt": "# nobody\n"}),
            ({"source_type": "campaign_table", "source_config": {"campaign_table": {"file_path": "p.csv"}}},
             {"p.csv": "salesperson_name,campaign_name\n"}),
            ({"source_type": "list", "source_config": {"salespeople_list": []}}, {}),
            ({"source_type": "list"}, {}),
        ):  # fmt: skip
            result = check({"campaign": {"name": "Text"}, "salesperson_selection": source}, files)
            self.assertEqual(result["problems"], [])
            told = "\n".join(result["warnings"])
            self.assertIn("Nobody is named here", told, source)
            self.assertIn("Nobody can receive leads: the campaign has no members", told, source)
            self.assertFalse(result["ready"])

    def test_whether_somebody_could_receive_leads_is_a_part_of_the_check(self):
        check = self.env["lead.distribution.campaign"].check_config
        inactive = [{"name": "Ann", "active": False}]
        for people, ready, works in ((["Ann"], True, True), (["Ghost"], False, False), (inactive, True, False)):
            selection = {"source_type": "list", "source_config": {"salespeople_list": people}}
            result = check({"campaign": {"name": "Text"}, "salesperson_selection": selection})
            self.assertEqual(result["ready"], ready, people)
            self.assertEqual("Nobody can receive" in "\n".join(result["warnings"]), not works)
