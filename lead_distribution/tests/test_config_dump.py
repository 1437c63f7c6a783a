"""A campaign as text loads back to the same campaign, whatever its settings are."""

import random
from contextlib import suppress

import yaml
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..config.dump import dump_campaign
from ..config.parse import parse_config
from ..config.report import Report
from ..config.settings import NOT_SETTINGS, get_settings
from ..engine.matching import read_lines
from .common import often
from .config_common import ConfigCase

RELATIONS = ("skill_tag_ids", "country_ids", "state_ids", "zip_patterns")
MEMBER = ("user_id", "active", "team_id", "level", "has_own_target", "target_leads", "weight", *RELATIONS)
SEEDS = range(often(8, 200))
NUMBERS = (-1, 0.0001, 101, 2**31 - 1)
WORDS = (
    "new", "Call back", "a: b", "- x", "'quoted'", "# hash"[2:], "ümläut ☎", "yes", "007", "null", "*.*", "2024-01-01",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestConfigDump(ConfigCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.tag"].create([{"name": name} for name in ("tax: law", "Voice", "ümläut")])
        cls.env["crm.team"].create({"name": "Team: one"})

    def describe(self, campaign):
        """Return everything a campaign is, as plain values that do not depend on ids."""
        campaign = campaign.with_context(active_test=False)
        settings = get_settings(campaign, NOT_SETTINGS)
        described = {name: campaign[name] for name in settings}
        described.update(
            {
                name: sorted(campaign[name].ids)
                for name in (
                    "company_id", "user_id", "protected_user_ids", "required_field_ids", "excluded_receiver_ids",
                    "team_filter_id", "status_reset_id", "team_id", "window_field_id", "sales_date_field_id",
                    "sales_partner_field_id",
                    "dropback_status_id", "dropback_required_field_ids", "dropback_exclude_status_ids",
                    "dropback_exclude_tag_ids", "dropback_user_ids", "report_user_ids",
                )
            }
        )  # fmt: skip
        described["sales_exclude_stages"] = read_lines(campaign.sales_exclude_stages)
        described["sales_include_stages"] = read_lines(campaign.sales_include_stages)
        described["options"] = campaign.config_options or {}
        for name, keys in (
            ("member_ids", MEMBER),
            ("level_ids", ("code", "name", "target_leads", "priority")),
            ("pool_ids", ("holder", "include_former_users", "status_ids", "max_age_days")),
            ("filter_ids", ("kind", "field_name", "mode", "case_sensitive", "active", "values", "wildcards")),
            ("dnc_filter_ids", ("kind", "field_name", "mode", "case_sensitive", "active", "values", "wildcards")),
            ("dropback_threshold_ids", ("name", "days", "business_days", "date_field_id", "conditions_text")),
            ("dropback_rule_ids",
             ("name", "is_default", "sources_text", "patterns_text", "user_id", "team_id", "status_id", "priority")),
            ("cap_ids", ("measure", "maximum", "only_campaign", "user_id")),
            ("skill_ids", ("tag_id", "weight")),
        ):  # fmt: skip
            if name not in campaign._fields:
                continue
            described[name] = sorted(str([self.value(row, key) for key in keys]) for row in campaign[name])
        return described

    def value(self, row, key):
        if key in ("values", "wildcards"):
            return read_lines(row[f"{key}_text"])
        if key == "level":
            return (row.level_id.code, bool(row.level_id.campaign_id))
        if key not in row._fields:
            return None
        value = row[key]
        return sorted(value.ids) if isinstance(value, type(self.env["base"])) or hasattr(value, "ids") else value or ""

    def make_random(self, rng):
        """Return a campaign with random settings."""
        some = lambda records: records.browse(rng.sample(records.ids, rng.randint(0, min(3, len(records)))))  # noqa: E731
        one = lambda records: some(records)[:1].id  # noqa: E731
        lines = lambda: "\n".join(rng.sample(WORDS, rng.randint(0, 3)))  # noqa: E731
        users = self.ann + self.bob + self.cem + self.manager
        statuses, teams = self.env["crm.lead.status"].search([]), self.env["crm.team"].search([])
        tags = self.env["crm.tag"].search([])
        lead_field = lambda *names: rng.choice(  # noqa: E731
            [False, *(self.env["ir.model.fields"]._get("crm.lead", name).id for name in names)]
        )
        texts = ("source_id", "campaign_id", "lead_status_id", "tag_ids", "medium_id", "city")

        def row(purpose):
            return Command.create({
                "sequence": rng.randint(1, 5), "purpose": purpose,
                "kind": rng.choice(["include", "exclude"]), "mode": rng.choice(
                    ["exact", "partial", "wildcard"]), "case_sensitive": rng.random() < 0.5,
                "field_id": self.env["ir.model.fields"]._get("crm.lead", rng.choice(texts)).id,
                "values_text": lines(), "wildcards_text": lines(), "active": rng.random() < 0.8,
            })  # fmt: skip

        settings = self.random_settings(rng)
        rules = [
            Command.create({"sequence": rng.randint(1, 3), "name": name,
                            "is_default": name == "rest" and rng.random() < 0.7,
                            "sources_text": lines() or False, "user_id": one(users), "status_id": one(statuses),
                            "team_id": one(teams), "priority": rng.choice([False, "0", "1", "2", "3"])})
            for name in rng.sample(["Voice", "Apple", "rest", "a b", "default"], rng.randint(0, 4))
        ]  # fmt: skip
        own = rng.sample(["senior", "junior", "expert", "mid_level"], rng.randint(0, 3))
        campaign = self.env["lead.distribution.campaign"].create({
            **settings,
            "name": f"Random {rng.random()}",
            "user_id": rng.choice([False, self.manager.id]),
            "company_id": rng.choice([False, self.env.company.id]),
            "protected_user_ids": some(users).ids, "excluded_receiver_ids": some(users).ids,
            "team_filter_id": one(teams), "status_reset_id": one(statuses), "team_id": one(teams),
            "window_field_id": lead_field("create_date"), "sales_date_field_id": lead_field("create_date"),
            "sales_partner_field_id": lead_field("commercial_partner_id"),
            "required_field_ids": [Command.set([f for f in [lead_field("phone", "city")] if f])],
            "level_ids": [Command.create({"code": code, "name": code.title(), "target_leads": rng.randint(0, 300),
                                          "priority": rng.randint(1, 9)}) for code in own],
            "pool_ids": [Command.create({"sequence": rng.randint(1, 3),
                                         "holder": rng.choice(["unassigned", "active_member", "inactive_member"]),
                                         "include_former_users": rng.random() < 0.2, "max_age_days": rng.randint(0, 9),
                                         "status_ids": some(statuses).ids}) for _n in range(rng.randint(0, 3))],
            "filter_ids": [row("filter") for _n in range(rng.randint(0, 4))],
            "dropback_threshold_ids": [
                Command.create({"days": rng.randint(0, 90), "business_days": rng.random() < 0.5,
                                "name": rng.choice([False, "old", "x y"]), "date_field_id": lead_field("create_date"),
                                "conditions_text": rng.choice([False, "priority >= 3"])})
                for _n in range(rng.randint(0, 2))],
            "dropback_rule_ids": rules,
            "dropback_status_id": one(statuses), "dropback_exclude_status_ids": some(statuses).ids,
            "dropback_exclude_tag_ids": some(tags).ids, "dropback_user_ids": some(users).ids,
            "report_user_ids": users[:1].ids,
        })  # fmt: skip
        self.add_rows(rng, campaign, row, some, one)
        return campaign

    def add_rows(self, rng, campaign, row, some, one):
        """Add random do-not-call rows and members."""
        users, teams = self.ann + self.bob + self.cem + self.manager, self.env["crm.team"].search([])
        if rng.random() < 0.5:
            campaign.dnc_filter_ids = [Command.clear(), *(row("dnc") for _n in range(rng.randint(0, 3)))]
        levels = self.env["lead.distribution.level"].search([("campaign_id", "in", (False, campaign.id))])
        for user in some(users):
            self.env["lead.distribution.member"].create({
                "campaign_id": campaign.id, "user_id": user.id, "active": rng.random() < 0.8,
                "team_id": one(teams), "level_id": rng.choice([False, *levels.ids]), "weight": rng.choice([0, 1, 2.5]),
                "has_own_target": rng.random() < 0.5, "own_target": rng.randint(0, 99),
                **self.random_relations(rng),
            })  # fmt: skip
        if "cap_ids" in campaign._fields:
            campaign.cap_ids = [
                Command.create({"measure": rng.choice(["day", "week", "open"]), "maximum": rng.randint(0, 9),
                                "user_id": one(users), "only_campaign": rng.random() < 0.5})
                for _n in range(rng.randint(0, 2))]  # fmt: skip
        if "skill_ids" in campaign._fields:
            for tag in some(self.env["crm.tag"].search([])):
                campaign.skill_ids = [Command.create({"tag_id": tag.id, "weight": rng.choice([0.3, 1, 2])})]

    def test_a_number_that_is_saved_can_be_loaded_again(self):
        """What a configuration may not say is refused where it is typed, not where the campaign is loaded."""
        self.campaign.write({
            "use_dropback": True, "use_priority": True, "use_sales_filter": True, "mask_personal_data": True,
            "use_skills": True,
        })  # fmt: skip
        refused = {}
        for record in (self.campaign, *self.make_one_row_each()):
            for name, field in record._fields.items():
                if field.type in ("integer", "float") and field.store and not (field.readonly or field.related):
                    for number in NUMBERS:
                        if problems := self.save_and_check(record, name, number):
                            refused[record._name, name, number] = problems
        self.assertFalse(refused, "\n".join(f"{key}: {value}" for key, value in refused.items()))

    def make_one_row_each(self):
        """Return a level, a skill, a limit, a pool, an age and a member of the campaign."""
        self.campaign.write({
            "level_ids": [Command.create({"name": "Star", "code": "star"})],
            "skill_ids": [Command.create({"tag_id": self.env["crm.tag"].search([], limit=1).id})],
            "cap_ids": [Command.create({"maximum": 1})],
            "dropback_threshold_ids": [Command.create({"name": "old", "days": 9})],
        })  # fmt: skip
        names = ("level_ids", "skill_ids", "cap_ids", "pool_ids", "dropback_threshold_ids", "member_ids")
        return [self.campaign[name][:1] for name in names]

    def save_and_check(self, record, name, number):
        """Return what is wrong with the campaign as text; nothing where the number is not saved at all."""
        report, refused = Report(), (ValidationError, IntegrityError)
        with suppress(*refused), mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
            record[name] = number if record._fields[name].type == "float" else int(number)
            self.env.flush_all()
            parse_config(dump_campaign(self.campaign), None, report, self.env._)
            savepoint.rollback()
        return report.problems

    def test_priorities_of_dropback_are_in_their_order(self):
        for wrong in ((0, 5), (1, 9), (4, 2)):
            with self.assertRaisesRegex(ValidationError, "Priorities go from 1 to 5"):
                self.campaign.write(dict(zip(("dropback_priority_min", "dropback_priority_max"), wrong, strict=True)))

    def random_settings(self, rng):
        settings = {
            name: self.random_setting(rng, field)
            for name, field in get_settings(
                self.campaign, NOT_SETTINGS | {"name", "active", "tz", "own_domain"}
            ).items()
        }
        settings.update(priority_min=rng.randint(1, 3), priority_max=rng.randint(3, 5), dropback_priority_min=1,
                        dropback_priority_max=4,
                        custom_date_to=False, dropback_source_fields="source_id, referred, x_none",
                        run_hour=rng.randint(0, 23), run_day=rng.randint(1, 31), live_fallback="wait",
                        look_ahead_hours=rng.randint(24, 120), ramp_up_percent=rng.randint(1, 100),
                        take_back_memory=rng.randint(1, 50))  # fmt: skip
        settings.update(rng.choice([{}, {"live_fallback": "user", "live_fallback_user_id": self.bob.id}]))
        fixed = {"calling_from": 7.5, "calling_to": 19, "performance_days": 40, "performance_prior": 3}
        settings.update({name: value for name, value in fixed.items() if name in settings})
        return settings

    def assert_same(self, found, expected):
        different = {key: (found.get(key), value) for key, value in expected.items() if found.get(key) != value}
        self.assertFalse(different)

    def random_relations(self, rng):
        """Return random skills and places of a member, where members have them."""
        choices = {
            "skill_tag_ids": self.env["crm.tag"].search([], limit=3).ids,
            "country_ids": self.env["res.country"].search([], limit=5).ids,
            "state_ids": self.env["res.country.state"].search([], limit=5).ids,
        }
        known = self.env["lead.distribution.member"]._fields
        return {name: rng.sample(ids, rng.randint(0, 2)) for name, ids in choices.items() if name in known}

    def random_setting(self, rng, field):
        if field.type == "boolean":
            return rng.random() < 0.5
        if field.type == "selection":
            choices = [key for key, _label in field._description_selection(self.env)]
            return rng.choice(choices if field.required else [False, *choices])
        if field.type in ("integer", "float"):
            return rng.randint(0, 12)
        if field.type == "date":
            return rng.choice([False, "2024-01-31"])
        return rng.choice([False, "text", "x: y"])

    def test_dump_then_load_is_the_identity(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                campaign = self.make_random(random.Random(seed))
                before, text = self.describe(campaign), campaign.dump_config()
                self.assertEqual(campaign.load_config(text), campaign)
                campaign.invalidate_recordset()
                self.assert_same(self.describe(campaign), before)
                self.assertEqual(campaign.dump_config(), text)

    def test_a_dump_makes_the_same_campaign_anew(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                campaign = self.make_random(random.Random(1000 + seed))
                before, text = self.describe(campaign), campaign.dump_config()
                campaign.unlink()
                self.assert_same(self.describe(self.campaign.browse().load_config(text)), before)

    def test_the_text_has_comments_and_names_but_no_ids(self):
        text = self.campaign.dump_config()
        self.assertIn("# Who is a member", text)
        self.assertIn("name: Ann", text)
        self.assertNotIn("user_id", text)

    def test_what_happens_afterwards_is_written_with_the_keys_of_the_specification(self):
        self.campaign.write(
            {"retention_days": 90, "slow_run_seconds": 60, "mask_personal_data": True, "mask_days": 7,
             "report_user_ids": self.bob.ids}
        )  # fmt: skip
        data = yaml.safe_load(self.campaign.dump_config())
        self.assertEqual(data["tracking"], {"retention_days": 90, "archive_old_data": True})
        self.assertEqual(data["monitoring"], {"alert_on_slow_execution": True, "slow_execution_threshold_seconds": 60})
        self.assertEqual(data["security"], {"mask_personal_data": True, "retention_policy_days": 7})
        self.assertEqual(data["odoo"]["report_to"], ["Bob"])
        self.assertNotIn("retention_days", data["odoo"].get("settings", {}))

    def test_a_dump_is_the_same_text_before_and_after_it_is_stored(self):
        campaign = self.load(
            reporting={"generate_report": True, "report_format": "json", "report_location": "r/",
                       "include_analytics": False, "email_notification": True}
        )  # fmt: skip
        first = campaign.dump_config()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(campaign.dump_config(), first)
        self.assertEqual(campaign.browse().load_config(first).dump_config(), first)

    def test_a_text_says_of_reports_what_the_form_says(self):
        said = {"generate_report": True, "report_format": "csv", "include_analytics": True, "email_notification": True}
        campaign = self.load(reporting={**said, "report_location": "r/"})
        for by_hand, expected in (
            ({"report_format": "json", "report_mail": "weekly", "report_analytics": False},
             ({"generate_report": True, "report_format": "json", "report_location": "r/", "include_analytics": False},
              {"report_mail": "weekly"})),
            ({"report_format": "xlsx", "report_mail": "run", "report_analytics": True},
             ({"generate_report": True, "report_location": "r/", "email_notification": True},
              {"report_format": "xlsx"})),
            ({"report_format": False, "report_mail": "none"}, ({"report_location": "r/"}, {})),
        ):  # fmt: skip
            campaign.write(by_hand)
            text = campaign.dump_config()
            data = yaml.safe_load(text)
            settings = {name: value for name, value in data["odoo"]["settings"].items() if name.startswith("report")}
            self.assertEqual((data["reporting"], settings), expected)
            campaign.load_config(text)
            self.assertEqual({name: campaign[name] for name in by_hand}, by_hand)

    def test_a_text_in_one_language_comes_back_in_another(self):
        self.env["res.lang"]._activate_lang("de_DE")
        named = (("crm.team", "Selling", "Verkaufen"), ("crm.tag", "Speaks English", "Spricht Englisch"))
        team, tag = (self.env[model].create({"name": name}) for model, name, _german in named)
        for record, (_model, _name, german) in zip((team, tag), named, strict=True):
            record.with_context(lang="de_DE").name = german
        self.campaign.write({"team_id": team.id, "team_filter_id": team.id, "use_skills": True})
        self.campaign.skill_ids = [Command.create({"tag_id": tag.id})]
        self.campaign.member_ids.write({"team_id": team.id, "skill_tag_ids": [Command.set(tag.ids)]})
        before, tags = self.describe(self.campaign), self.env["crm.tag"].search_count([])
        text = self.campaign.with_context(lang="de_DE").dump_config()
        self.assertIn("Verkaufen", text)
        self.campaign.load_config(text)
        self.assert_same(self.describe(self.campaign), before)
        self.assertEqual((self.env["crm.tag"].search_count([]), self.told(self.campaign, "warning")), (tags, []))

    def test_a_campaign_made_by_hand_comes_back(self):
        before = self.describe(self.campaign)
        self.campaign.load_config(self.campaign.dump_config())
        self.assert_same(self.describe(self.campaign), before)
