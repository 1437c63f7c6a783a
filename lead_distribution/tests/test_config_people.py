"""Who is a member and who receives, from files, lists and queries."""

from functools import partial

from odoo.tests import tagged

from .config_common import CSV, ConfigCase

PATH = "config/salesperson_campaigns.csv"


@tagged("post_install", "-at_install")
class TestConfigPeople(ConfigCase):
    def table(self, csv=CSV, target="Voice", distribution=None, filters=None, **filtering):
        selection = {
            "source_type": "campaign_table",
            "source_config": {"campaign_table": {"file_path": PATH}},
            "campaign_filtering": {"enabled": True, "target_campaign": target, **filtering},
        }
        if filters is not None:
            selection["filters"] = filters
        sections = {"distribution": distribution} if distribution else {}
        return self.load({PATH: csv}, salesperson_selection=selection, **sections)

    def listed(self, *people, filters=None, **sections):
        selection = {"source_type": "list", "source_config": {"salespeople_list": list(people)}}
        if filters is not None:
            selection["filters"] = filters
        return self.load(salesperson_selection=selection, **sections)

    def members(self, campaign):
        rows = campaign.with_context(active_test=False).member_ids.sorted("id")
        return [(m.user_id.name, m.active, m.level_id.code, m.target_leads) for m in rows]

    def receivers(self, campaign):
        return campaign._select_members().members.user_id

    def test_r50_the_rows_of_the_target_campaign_are_the_members(self):
        campaign = self.table()
        self.assertEqual(
            self.members(campaign),
            [("Ann", True, "senior", 200), ("Bob", True, "mid_level", 150), ("Cem", False, "junior", 0)],
        )
        bob = campaign.member_ids.filtered(lambda m: m.user_id == self.bob)
        self.assertFalse(bob.has_own_target, "an empty cell is no target of one's own")
        self.assertEqual(self.receivers(campaign), self.ann + self.bob)

    def test_r50_the_target_campaign_falls_back_to_the_name(self):
        selection = {"source_type": "campaign_table", "source_config": {"campaign_table": {"file_path": PATH}}}
        campaign = self.load({PATH: CSV}, name="Voice", salesperson_selection=selection)
        self.assertEqual(len(self.members(campaign)), 3)
        campaign = self.load({PATH: CSV}, salesperson_selection=selection,
                             campaign={"name": "Text", "target_campaign": "Voice"})  # fmt: skip
        self.assertEqual(len(self.members(campaign)), 3)
        off = {**selection, "campaign_filtering": {"enabled": False, "target_campaign": "Apple"}}
        self.assertEqual(len(self.members(self.load({PATH: CSV}, name="Voice", salesperson_selection=off))), 3)

    def test_r50_a_csv_may_have_ids_other_columns_and_another_separator(self):
        csv = f"who;where;on;salesperson_id\nAnn;Voice;1;999999\n;Voice;0;{self.bob.id}\n"
        table = {"file_path": PATH, "salesperson_column": "who", "campaign_column": "where", "active_column": "on"}
        selection = {"source_config": {"campaign_table": table}, "campaign_filtering": {"target_campaign": "Voice"}}
        campaign = self.load({PATH: csv}, salesperson_selection=selection)
        self.assertEqual(self.members(campaign), [("Ann", True, "mid_level", 150), ("Bob", False, "mid_level", 150)])

    def test_a_csv_with_wrong_cells_is_refused_with_all_of_them(self):
        csv = "salesperson_name,campaign_name,active,level,target_leads\nAnn,Voice,maybe,,\nBob,Voice,true,,many\n"
        selection = {
            "source_config": {"campaign_table": {"file_path": PATH}},
            "campaign_filtering": {"target_campaign": "Voice"},
        }
        self.refuse(f"{PATH} (line 2)", f"{PATH} (line 3)", "maybe", "many",
                    files={PATH: csv}, salesperson_selection=selection)  # fmt: skip
        self.refuse(
            "campaign_name", "missing", files={PATH: "salesperson_name\nAnn\n"}, salesperson_selection=selection
        )

    def test_files_that_are_none_are_a_problem_beside_the_others(self):
        for files in ("name,active", ["a.csv"], {PATH: 5}):
            self.refuse("files", "active_only", files=files, salesperson_selection={"active_only": "perhaps"})

    def test_r10_names_without_a_user_are_left_out_with_a_warning(self):
        csv = CSV + "Ghost,Voice,true,Voice,senior,10\n"
        campaign = self.table(csv, exclude_specific_users=["Drew Cox"])
        self.assertEqual(len(self.members(campaign)), 3)
        told = "\n".join(self.told(campaign, "person"))
        self.assertIn("Ghost", told)
        self.assertIn("Drew Cox", told)
        self.assertIn("Ghost", "\n".join(campaign.simulate().warnings))

    def test_r10_the_name_wins_over_the_id(self):
        text = f"ann|{self.bob.id}|senior|10\nBob|0|junior|5\nshort|line\n# comment\n\n|{self.cem.id}|mid_level|7\n"
        self.ann.login = "ann"
        selection = {"source_type": "file", "source_config": {"file_path": "salespeople.txt"}}
        campaign = self.load({"salespeople.txt": text}, salesperson_selection=selection)
        self.assertEqual(
            self.members(campaign),
            [("Ann", True, "senior", 10), ("Bob", True, "junior", 5), ("Cem", True, "mid_level", 7)],
        )
        self.assertIn("salespeople.txt: The line has fewer than 4 fields", "\n".join(self.told(campaign, "warning")))

    def test_r51_a_list_gives_mid_level_and_150(self):
        campaign = self.listed("Ann", "bob@test", "Ann")
        self.assertEqual(self.members(campaign), [("Ann", True, "mid_level", 150), ("Bob", True, "mid_level", 150)])
        self.assertIn("there twice", "\n".join(self.told(campaign, "warning")))

    def test_a_list_may_have_blocks(self):
        campaign = self.listed(
            {"name": "Ann", "level": "senior", "target_leads": 0, "weight": 2.5},
            {"login": "bob@test", "active": False},
        )
        self.assertEqual(self.members(campaign), [("Ann", True, "senior", 0), ("Bob", False, "mid_level", 150)])
        self.assertEqual(campaign.member_ids[0].weight, 2.5)

    def test_blocks_say_what_people_are_good_at_and_where(self):
        if "skill_tag_ids" not in self.env["lead.distribution.member"]._fields:
            self.skipTest("members have no skills")
        tag = self.env["crm.tag"].create({"name": "Tax"})
        campaign = self.listed(
            {"name": "Ann", "skills": ["tax", "magic"], "countries": ["be"], "states": ["US-NY"]}, "Bob"
        )
        ann, bob = campaign.member_ids.sorted("id")
        self.assertEqual((ann.skill_tag_ids, ann.country_ids.code, ann.state_ids.code), (tag, "BE", "NY"))
        self.assertIn("magic", "\n".join(self.told(campaign, "warning")))
        bob.skill_tag_ids = tag
        self.listed({"name": "Ann"}, "Bob")
        self.assertFalse(ann.skill_tag_ids, "a block is the whole truth")
        self.assertEqual(bob.skill_tag_ids, tag, "a name alone says nothing of skills")

    def test_people_who_are_only_named_keep_what_was_set_by_hand(self):
        levels = {"senior": {"salespeople": ["Bob"]}}
        for load in (
            self.table,
            lambda: self.listed("Ann", "Bob"),
            lambda: self.load(people=False, distribution={"level_based": {"levels": levels}}),
        ):
            ann = load().member_ids.sorted("id")[0]
            by_hand = {"zip_patterns": "10*", "preferred_domain": "[('priority', '=', '2')]"}
            ann.write(by_hand)
            load()
            self.assertEqual({name: ann[name] for name in by_hand}, by_hand)
        self.listed({"name": "Ann"}, "Bob")
        self.assertEqual((ann.zip_patterns, ann.preferred_domain), (False, False), "a block is the whole truth")

    def test_people_who_are_only_named_keep_their_weight_until_a_text_names_one(self):
        weighted = CSV.replace("target_leads", "target_leads,weight").replace("200", "200,4")
        for load in (self.table, lambda: self.listed("Ann", "Bob"), lambda: self.listed("Ann", {"name": "Bob"})):
            ann = load().member_ids.sorted("id")[0]
            ann.weight = 3
            load()
            self.assertEqual(ann.weight, 3)
        self.table(weighted)
        self.assertEqual(ann.weight, 4)
        self.listed({"name": "Ann"}, "Bob")
        self.assertEqual(ann.weight, 1, "a block is the whole truth")

    def test_members_whom_a_query_finds_stay_as_they_are(self):
        team = self.env["crm.team"].create({"name": "Hunters", "member_ids": [(6, 0, (self.ann + self.bob).ids)]})
        source = {"team": "Hunters"}
        for kind in ({}, {"source_type": "database"}):
            load = partial(self.load, salesperson_selection={**kind, "source_config": source})
            members = load().with_context(active_test=False).member_ids.sorted("id")
            senior = self.env["lead.distribution.level"].search([("code", "=", "senior"), ("campaign_id", "=", False)])
            members[0].write({"level_id": senior.id, "own_target": 7, "has_own_target": True, "team_label": "Voice"})
            members[1].write({"active": False, "team_id": team.id, "level_id": False, "weight": 2})
            load()
            self.assertRecordValues(members, [
                {"level_id": senior.id, "own_target": 7, "has_own_target": True, "team_label": "Voice", "active": True},
                {"level_id": False, "own_target": 0, "has_own_target": False, "team_label": False, "active": False},
            ])  # fmt: skip
            self.assertEqual((members[1].team_id, members[1].weight), (team, 2))

    def test_who_has_no_level_gets_one_only_by_name(self):
        campaign = self.listed({"name": "Ann", "no_level": True}, "Bob")
        ann = campaign.member_ids.sorted("id")[0]
        for level, named in (("senior", "Bob"), ("expert", "Bob"), ("senior", "Ann")):
            levels = {level: {"target_leads": 9, "salespeople": [named]}}
            self.load(people=False, distribution={"level_based": {"levels": levels}})
            self.assertEqual(ann.level_id.code, level if named == "Ann" else False)

    def test_naming_people_of_levels_leaves_the_others_their_team(self):
        campaign = self.table()
        self.load(people=False, distribution={"level_based": {"levels": {"senior": {"salespeople": ["Bob"]}}}})
        self.assertEqual(set(campaign.with_context(active_test=False).member_ids.mapped("team_label")), {"Voice"})

    def test_a_query_on_users_is_a_safe_domain(self):
        team = self.env["crm.team"].create({"name": "Hunters", "member_ids": [(6, 0, (self.ann + self.bob).ids)]})
        query = {"table": "res_users", "fields": ["name"]}
        source = {"database_query": {**query, "where_clause": f"active = true AND sales_team_id = {team.id}"}}
        campaign = self.load(salesperson_selection={"source_type": "database", "source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.ann + self.bob)
        source = {"team": "hunters"}
        campaign = self.load(salesperson_selection={"source_type": "database", "source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.ann + self.bob)
        for where in ("password LIKE 'a%'", "1 = 1; DROP TABLE res_users", "name = (SELECT 1)", "id IN (1"):
            source = {"database_query": {**query, "where_clause": where}}
            self.refuse("where_clause", salesperson_selection={"source_type": "database", "source_config": source})
        source = {"database_query": {"table": "res_partner"}}
        self.refuse("database_query.table", salesperson_selection={"source_type": "database", "source_config": source})

    def test_people_can_be_chosen_by_the_category_of_their_contact(self):
        category = self.env["res.partner.category"].create({"name": "senior_sales"})
        self.cem.partner_id.category_id = category
        source = {"category": "senior_sales"}
        campaign = self.load(salesperson_selection={"source_type": "database", "source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.cem)
        self.env["res.lang"]._activate_lang("de_DE")
        category.with_context(lang="de_DE").name = "alte Hasen"
        source["category"] = "Alte Hasen"
        campaign = self.load(salesperson_selection={"source_type": "database", "source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.cem, "in whatever language")
        source["salespeople_list"] = ["Ann", "Cem"]
        campaign = self.load(salesperson_selection={"source_type": "list", "source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.cem)

    def test_the_table_of_odoo_itself_keeps_the_members(self):
        source = {"campaign_table": {"table_name": "salesperson_campaigns"}}
        campaign = self.load(name="Voice", salesperson_selection={"source_config": source})
        self.assertEqual(campaign.member_ids.user_id, self.ann + self.bob + self.cem)

    def test_r52_inactive_people_receive_only_if_both_switches_allow_it(self):
        for include, only, expected in ((True, False, 3), (True, True, 2), (False, False, 2), (True, None, 2)):
            filters = {} if only is None else {"active_only": only}
            campaign = self.table(filters=filters, include_inactive_salespeople=include)
            self.assertEqual(len(self.receivers(campaign)), expected, (include, only))

    def test_r53_level_team_and_names_select(self):
        self.assertEqual(self.receivers(self.table(filters={"min_experience_level": 3})), self.ann)
        self.assertEqual(self.receivers(self.table(filters={"min_experience_level": 2})), self.ann + self.bob)
        self.assertEqual(self.receivers(self.table(exclude_specific_users=["Ann"])), self.bob)
        csv = CSV.replace("bob@test,Voice,yes,Voice", "bob@test,Voice,yes,Other")
        self.assertEqual(self.receivers(self.table(csv, filters={"team_filter": "Voice"})), self.ann)

    def test_r53_a_team_that_odoo_knows_is_a_record(self):
        team = self.env["crm.team"].create({"name": "Voice"})
        campaign = self.table(filters={"team_filter": "Voice"})
        self.assertEqual((campaign.team_filter_id, campaign.member_ids.team_id), (team, team))
        self.assertEqual(self.receivers(campaign), self.ann + self.bob)

    def test_a_source_without_teams_uses_the_sales_team_of_odoo(self):
        self.env["crm.team"].create({"name": "Hunters", "member_ids": [(6, 0, self.ann.ids)]})
        campaign = self.listed("Ann", "Bob", filters={"team_filter": "Hunters"})
        self.assertEqual(self.receivers(campaign), self.ann)

    def test_r54_the_workload_counts_only_when_it_is_configured(self):
        self.make_leads(3, user_id=self.ann.id)
        csv = CSV.replace("senior,200\nbob", "senior,2\nbob")
        self.assertIn(self.ann, self.receivers(self.table(csv, filters={})))
        self.assertNotIn(self.ann, self.receivers(self.table(csv, filters={"max_workload_percentage": 90})))

    def test_r56_levels_name_people_and_come_from_the_configuration(self):
        levels = {
            "junior": {"target_leads": 7, "priority": 1},
            "senior": {"target_leads": 9, "priority": 2, "salespeople": ["Bob", "Somebody"]},
        }
        campaign = self.table(distribution={"strategy": "level_based", "level_based": {"levels": levels}})
        rows = {m.user_id: m for m in campaign.with_context(active_test=False).member_ids}
        self.assertEqual((rows[self.bob].level_id.code, rows[self.bob].target_leads), ("senior", 9))
        self.assertEqual((rows[self.ann].target_leads, rows[self.cem].target_leads), (200, 0))
        self.assertLess(rows[self.cem].level_priority, rows[self.ann].level_priority)
        self.assertIn("Somebody", "\n".join(self.told(campaign, "warning")))

    def test_r56_a_level_that_is_not_listed_comes_last(self):
        levels = {"senior": {"target_leads": 9, "priority": 5}}
        campaign = self.table(distribution={"level_based": {"levels": levels}})
        rows = {m.user_id: m for m in campaign.with_context(active_test=False).member_ids}
        self.assertGreater(rows[self.bob].level_priority, rows[self.ann].level_priority)
        self.assertEqual(rows[self.bob].target_leads, 150)
        self.assertIn("mid_level", "\n".join(self.told(campaign, "warning")))

    def test_r56_without_levels_those_of_odoo_hold(self):
        csv = CSV.replace("senior,200", "senior,").replace("mid_level,", "expert,")
        campaign = self.table(csv)
        rows = {m.user_id: m for m in campaign.member_ids}
        self.assertEqual((rows[self.ann].target_leads, rows[self.ann].level_priority), (200, 1))
        self.assertEqual((rows[self.bob].level_id.code, rows[self.bob].target_leads), ("expert", 150))
        self.assertGreater(rows[self.bob].level_priority, 3)

    def test_loading_again_keeps_people_in_the_rotation_and_drops_those_who_are_gone(self):
        campaign = self.table()
        member = campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        member.rotation_turns = 5
        campaign = self.table(CSV.replace("bob@test,Voice", "bob@test,Apple"))
        self.assertEqual(self.members(campaign)[0][0], "Ann")
        self.assertEqual((member.exists(), member.rotation_turns, len(self.members(campaign))), (member, 5, 2))

    def test_people_of_levels_are_members_where_nothing_else_names_people(self):
        levels = {"senior": {"target_leads": 10, "salespeople": ["Ann"]}, "junior": {"salespeople": ["Bob"]}}
        campaign = self.load(people=False, distribution={"level_based": {"levels": levels}})
        self.assertEqual(self.members(campaign), [("Ann", True, "senior", 10), ("Bob", True, "junior", 100)])

    def test_people_of_another_company_are_left_out_with_a_warning(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.cem.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        campaign = self.listed("Ann", "Cem")
        self.assertEqual(campaign.member_ids.user_id, self.ann)
        self.assertIn("may not work", "\n".join(self.told(campaign, "person")))
