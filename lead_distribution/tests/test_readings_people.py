"""What docs/developer/readings.md says of who receives, through load_config."""

from odoo.tests import tagged

from .readings_common import ReadingsCase


@tagged("post_install", "-at_install")
class TestReadingsPeople(ReadingsCase):
    def people(self, told, *keys):
        return {line["name"]: tuple(line[key] for key in keys) for line in told["salespeople"]}

    def selection(self, text, files=None, more=""):
        head = f"campaign: {{name: Reading}}\nsalesperson_selection: {text}\n"
        return self.load(more, head, files)

    def test_r50_the_rows_of_a_campaign_table(self):
        told = self.plan(self.table("Ann,voice,,Voice,,\nBob,Voice,true,Voice,senior,0\nCem,Apple,true,A,senior,9\n"))
        self.assertEqual(self.people(told, "level", "target"), {"Ann": ("mid_level", 150), "Bob": ("senior", 0)})

    def test_r50_target_campaign_in_its_three_places(self):
        csv = "salesperson_name,campaign_name,active\nAnn,Voice,true\nBob,Apple,true\nCem,Reading,false\n"
        for campaign, filtering, expected in (
            ("{name: Reading, target_campaign: Voice}", "{target_campaign: Apple}", self.bob),
            ("{name: Reading, target_campaign: Voice}", "{enabled: true}", self.ann),
            ("{name: Reading}", "{}", self.cem),
        ):
            loaded = self.load(
                files={"p.csv": csv},
                head=f"""
campaign: {campaign}
salesperson_selection:
  source_type: campaign_table
  source_config: {{campaign_table: {{file_path: p.csv}}}}
  campaign_filtering: {filtering}
""",
            )
            self.assertEqual(loaded.name, "Reading")
            self.assertEqual(loaded.with_context(active_test=False).member_ids.user_id, expected)
        self.assertFalse(loaded.with_context(active_test=False).member_ids.active)

    def test_r51_a_text_file_and_a_list(self):
        text = f"# people\n\nAnn|{self.ann.id}|senior|20\nBob|2|junior\nCem||junior|0\n"
        campaign = self.selection("{source_type: file, source_config: {file_path: config/s.txt}}", {"s.txt": text})
        told = self.plan(campaign)
        self.assertEqual(self.people(told, "level", "target"), {"Ann": ("senior", 20), "Cem": ("junior", 0)})
        self.assertIn("s.txt", self.warned(campaign))
        told = self.plan(self.selection("{source_type: list, source_config: {salespeople_list: [ann, bob@test]}}"))
        self.assertEqual(self.people(told, "level", "target"), {"Ann": ("mid_level", 150), "Bob": ("mid_level", 150)})

    def test_r52_inactive_people_receive_only_with_both_switches(self):
        csv = "salesperson_name,campaign_name,active\nAnn,Reading,true\nBob,Reading,false\n"
        for include, only, names in (
            (None, None, {"Ann"}), ("true", None, {"Ann"}), (None, "false", {"Ann"}), ("true", "true", {"Ann"}),
            ("true", "false", {"Ann", "Bob"}), ("false", "false", {"Ann"}),
        ):  # fmt: skip
            filtering = f"{{include_inactive_salespeople: {include}}}" if include else "{}"
            filters = f"{{active_only: {only}}}" if only else "{}"
            campaign = self.selection(
                "{source_type: campaign_table, source_config: {campaign_table: {file_path: p.csv}}, "
                f"campaign_filtering: {filtering}, filters: {filters}}}", {"p.csv": csv})  # fmt: skip
            self.assertEqual(set(self.received(self.plan(campaign))), names, (include, only))

    def test_r53_experience_team_and_names(self):
        csv = (
            "salesperson_name,campaign_name,active,team,level,target_leads\n"
            "Ann,Reading,true,Voice,senior,1\nBob,Reading,true,Apple,expert,1\nCem,Reading,true,voice,junior,1\n"
        )
        for more, names in (
            ("filters: {min_experience_level: 2}", {"Ann", "Bob"}),
            ("filters: {min_experience_level: senior}", {"Ann"}),
            ("filters: {min_experience_level: 1}", {"Ann", "Bob", "Cem"}),
            ("filters: {team_filter: Apple}", {"Bob"}), ("filters: {team_filter: Voice}", {"Ann", "Cem"}),
            ("campaign_filtering: {exclude_specific_users: [ann, Administrator, Drew Cox]}", {"Bob", "Cem"}),
        ):  # fmt: skip
            campaign = self.selection(
                "{source_type: campaign_table, source_config: {campaign_table: {file_path: p.csv}}, " + more + "}",
                {"p.csv": csv},
            )
            self.assertEqual(set(self.received(self.plan(campaign))), names, more)

    def test_r54_workload_only_when_configured_and_before_the_run(self):
        text = "Ann||senior|10\nBob||senior|10\nCem||senior|0\n"
        self.make_leads(9, user_id=self.ann.id, source_date=self.days_ago(300))
        self.make_leads(10, user_id=self.bob.id, source_date=self.days_ago(300))
        self.make_leads(1, user_id=self.cem.id, source_date=self.days_ago(300))
        source = "{source_type: file, source_config: {file_path: s}"
        everybody = {"Ann", "Bob", "Cem"}
        for filters, names in (("{max_workload_percentage: 90}", everybody - {"Bob"}), ("{}", everybody)):
            campaign = self.selection(f"{source}, filters: {filters}}}", {"s": text})
            self.assertEqual(set(self.received(self.plan(campaign))), names)

    def test_r55_current_counts_all_leads_a_person_holds(self):
        self.make_leads(lead_status_id=self.status["won"].id, open_user_id=self.ann.id, source_date=self.days_ago(900))
        self.make_leads(user_id=self.ann.id)
        self.make_leads(user_id=self.ann.id, active=False)
        self.make_leads(user_id=self.ann.id, type="opportunity")
        self.make_leads(user_id=self.ann.id, open_user_id=self.bob.id)
        self.make_leads(closer_id=self.ann.id)
        told = self.plan(self.load())
        self.assertEqual(self.people(told, "before")["Ann"], (2,))
        self.assertEqual(self.people(told, "before", "deficit")["Bob"], (1, 149))

    def test_r55_own_target_then_the_levels_then_150(self):
        text = "Ann||senior|7\nBob||expert|\nCem||senior|\n"
        levels = "distribution: {level_based: {levels: {senior: {target_leads: 30, priority: 1}}}}"
        source = "{source_type: file, source_config: {file_path: s}}"
        told = self.plan(self.selection(source, {"s": text}, levels))
        self.assertEqual(self.people(told, "target"), {"Ann": (7,), "Bob": (150,), "Cem": (30,)})
        told = self.plan(self.selection(source, {"s": "Ann||senior|\nBob||mid_level|\nCem||junior|\n"}))
        self.assertEqual(self.people(told, "target"), {"Ann": (200,), "Bob": (150,), "Cem": (100,)})

    def test_r56_the_salespeople_of_levels_win_over_the_rows(self):
        campaign = self.table(
            "Ann,Voice,true,V,junior,\nBob,Voice,true,V,guru,\nCem,Voice,true,V,junior,\n",
            """
        distribution:
          strategy: level_based
          level_based:
            levels:
              senior: {target_leads: 2, priority: 2, salespeople: [ann@test]}
              junior: {target_leads: 1, priority: 1}
        """,
        )
        self.assertIn("guru", self.warned(campaign))
        self.make_leads(4)
        told = self.plan(campaign)
        self.assertEqual(self.people(told, "level", "target")["Ann"], ("senior", 2))
        self.assertEqual(self.received(told), {"Cem": 1, "Ann": 2, "Bob": 1})

    def test_r56_a_list_with_levels_puts_people_into_them(self):
        campaign = self.load("""
        distribution:
          strategy: level_based
          level_based:
            levels:
              senior: {target_leads: 5, priority: 1, salespeople: [Ann]}
              mid_level: {target_leads: 3, priority: 2}
        """)
        told = self.plan(campaign)
        self.assertEqual(self.people(told, "level")["Ann"], ("senior",))
        self.assertEqual(self.people(told, "level")["Bob"], ("mid_level",))
