"""Every key of the table is loaded and dumped, every setting is in the table, and the schema knows them all."""

import base64
import random
from datetime import date

import yaml

from odoo.tests import Form, tagged

from ..config.context import Context
from ..config.dump import dump_campaign
from ..config.kinds import Either, Items, Named, Section
from ..config.load import ALL_CODECS
from ..config.plain import load_plain
from ..config.report import Report
from ..config.schema import make_schema
from ..config.settings import MEMBER_KEYS, NOT_SETTINGS, get_settings
from ..config.table import BLOCKS, KEYS, PLAIN, SETTING_KEYS, build_data, list_given
from ..config.templates import TEMPLATES, make_template
from .common import often
from .config_common import ConfigCase

SEEDS = range(often(6, 100))
MORE = "lead_finding.additional_filters"
SALES = "lead_finding.sales_filter"
DROPBACK = "lead_finding.dropback_filter"
RULE = {"user": "Ann", "team": "Team", "status": "new", "priority": 2}
# what may be written where not everything that looks right is right: names of records, and what depends on others
SAMPLES = {
    "campaign.name": ["Sampled"],
    "lead_finding.date_range.strategy": ["extended_60_day"],
    "lead_finding.date_range_strategies": [{"mine": {"older_than_days": 1, "younger_than_days": 9}}],
    "lead_finding.date_range.custom_start_date": ["2024-01-01"],
    "lead_finding.date_range.custom_end_date": ["2024-02-01"],
    "lead_finding.web_sources": [["a", "b"], {"match_mode": "regex", "regex_patterns": ["^a.*"]}],
    "lead_finding.excluded_users": [["Ann"], ["Ann", "Bob"]],
    f"{MORE}.required_fields": [["phone"], ["city", "phone"]],
    f"{MORE}.min_priority": [1, 2],
    f"{MORE}.max_priority": [3, 4],
    f"{MORE}.priority_range.min": [1, 2],
    f"{MORE}.priority_range.max": [3, 4],
    f"{SALES}.opportunity_partner_field": ["commercial_partner_id"],
    f"{SALES}.lead_partner_field": ["commercial_partner_id"],
    f"{SALES}.primary_match.lead_field": ["commercial_partner_id"],
    f"{SALES}.primary_match.opportunity_field": ["commercial_partner_id", "partner_id"],
    f"{SALES}.secondary_matches.email_match.lead_field": ["email_normalized"],
    f"{SALES}.secondary_matches.email_match.opportunity_field": ["email_from"],
    f"{SALES}.secondary_matches.phone_match.lead_field": ["phone_sanitized"],
    f"{SALES}.secondary_matches.phone_match.opportunity_field": ["phone"],
    f"{SALES}.opportunity_date_range": [{"enabled": True, "days_back": 9, "field_name": "create_date"}],
    f"{SALES}.opportunity_criteria.date_filter": [{"enabled": True, "newer_than_days": 7}],
    f"{DROPBACK}.age_threshold": [{"days": 3, "field_name": "create_date"}],
    f"{DROPBACK}.age_thresholds": [{"old": {"days": 9, "conditions": ["priority >= 3"]}}],
    f"{DROPBACK}.web_source_campaign_mapping": [{"voice_sources": ["a"], "default_campaign": "Voice"}],
    f"{DROPBACK}.campaign_assignments": [{"Voice": "Bob", "Apple": "Cem"}],
    f"{DROPBACK}.web_source_matching.primary_field": ["medium_id"],
    f"{DROPBACK}.web_source_matching.fallback_fields": [["source_id", {"field": "referred"}]],
    f"{DROPBACK}.web_source_matching.campaign_patterns": [{"Voice": {"exact_matches": ["b"]}}],
    f"{DROPBACK}.assignment_rules": [{"Voice": RULE, "default": {"user": "Bob"}}],
    f"{DROPBACK}.assignment_config.web_source_field": ["source_id"],
    f"{DROPBACK}.additional_criteria.lead_criteria.min_priority": [1, 2],
    f"{DROPBACK}.additional_criteria.lead_criteria.max_priority": [3, 4],
    f"{DROPBACK}.additional_criteria.lead_criteria.required_fields": [["phone"]],
    f"{DROPBACK}.additional_criteria.exclude_existing_assignments.dropback_users": [["Ann"]],
    "salesperson_selection.source_type": ["list"],
    "salesperson_selection.source_config.campaign_table": [{"table_name": "members"}],
    "salesperson_selection.source_config.file_path": ["people.txt"],
    "salesperson_selection.source_config.salespeople_list": [
        ["Ann", "Bob"],
        [{"login": "ann@test", "level": "senior", "weight": 2, "target_leads": 7}, {"name": "Cem", "active": False}],
    ],
    "salesperson_selection.source_config.database_query": [{"where_clause": "name = 'Ann'"}],
    "salesperson_selection.source_config.campaign": ["Sampled"],
    "salesperson_selection.source_config.category": [None],
    "salesperson_selection.source_config.team": [None],
    "salesperson_selection.campaign_filtering.exclude_specific_users": [["Bob"]],
    "distribution.strategy": ["weighted", "level_based"],
    "current_implementation.distribution.strategy": ["random"],
    "current_implementation.distribution.status_reset": ["new"],
    "current_implementation.excluded_users": [["Cem"]],
    "distribution.status_reset": ["new"],
    "distribution.team_assignment": ["Team"],
    "distribution.level_based.levels": [{"senior": {"target_leads": 9, "priority": 1, "salespeople": ["Ann"]}}],
    "distribution.round_robin_override.trigger_conditions": [["when_lead_count < 7"]],
    "reporting.report_location": ["reports/"],
    "live.fallback.user": ["Ann", "Bob"],
    "deadlines.on_missed.status": ["new"],
    "odoo.company": [""],
    "odoo.responsible": ["", "Ann"],
    "odoo.report_to": [["Ann"]],
    "odoo.window_field": ["create_date"],
    "odoo.filters": [[{"field": "city", "values": ["x"]}, {"purpose": "dnc", "field": "city", "values": ["y"]}]],
    "odoo.pools": [[{"holder": "unassigned", "date_range_days": 3, "statuses": ["new"]}]],
    "odoo.caps": [[{"measure": "week", "maximum": 3, "user": "Ann"}]],
    "odoo.skills": [[{"tag": "tax", "weight": 2}]],
    "odoo.settings": [{"run_hour": 9.5, "lead_order": "random"}],
}
# what makes the fields be set without which some keys are not written
NEEDED = {
    "mask_personal_data": {"security.mask_personal_data": True},
    "skill_ids": {"distribution.advanced_rules.skill_matching.required_skills": ["tax"]},
    "max_daily": {"distribution.advanced_rules.workload_balancing.max_daily_distribution": 5},
}
# what is refused without another key
BESIDE = {"live.fallback.action": {"live.fallback.user": "Ann"}}
ROWS = (
    "member_ids", "level_ids", "pool_ids", "filter_ids", "dnc_filter_ids", "dropback_threshold_ids",
    "dropback_rule_ids", "cap_ids", "skill_ids",
)  # fmt: skip
# fields of a campaign that can be written, and that no key is about
NO_SETTINGS = {
    "run_ids": "the history",
    "experiment_ids": "not a setting of the campaign",
    "config_report": "what the last configuration was told",
    "live_since": "when it went live",
    "next_run": "worked out; the form shows it",
    "message_main_attachment_id": "of the chatter",
    "use_language": "of an addon in the tests, dumped as odoo.settings",
}
NO_MEMBER_SETTINGS = {"campaign_id": "the campaign itself"}
MEMBER_FIELDS = {  # in blocks of people
    "user_id", "active", "team_id", "team_label", "level_id", "has_own_target", "own_target", "weight",
    "skill_tag_ids", "country_ids", "state_ids", "joined_on",
}  # fmt: skip


def sample(rng, path, kind):
    """Return something that may be written for a key."""
    if path in SAMPLES:
        return rng.choice(SAMPLES[path])
    match kind:
        case Items():
            return [sample(rng, "", kind.item)]
        case Named():
            return {"one": sample(rng, "", kind.value)}
        case Section():
            return {key: sample(rng, "", below) for key, below in kind.keys.items()}
        case Either():
            return sample(rng, "", rng.choice(kind.options))
    match kind.kind:
        case "flag":
            return rng.random() < 0.5
        case "choice":
            return rng.choice(kind.choices)
        case "whole" | "days" | "number":
            return rng.randint(max(1, int(kind.low)), min(int(kind.high or 60), 60))
        case "date":
            return "2024-01-31"
        case "regex":
            return "^a.*"
    return rng.choice(["new", "x: y", "ümläut"])


class Validator:
    """As much of JSON Schema as the schema of configurations uses; to an editor, a date in YAML is a text."""

    TYPES = {
        "object": dict, "array": list, "string": (str, date), "boolean": bool, "integer": int, "number": (int, float),
        "null": type(None),
    }  # fmt: skip

    def accepts(self, schema, value):
        options = schema.get("anyOf")
        if options and not any(self.accepts(option, value) for option in options):
            return False
        if "enum" in schema and value not in schema["enum"]:
            return False
        if not self._has_type(schema.get("type"), value) or not self._is_within(schema, value):
            return False
        if isinstance(value, list):
            return all(self.accepts(schema.get("items", {}), item) for item in value)
        if isinstance(value, dict) and schema.get("type") == "object":
            return all(self._accepts_key(schema, key, item) for key, item in value.items())
        return True

    def _accepts_key(self, schema, key, item):
        more = schema.get("additionalProperties", True)
        below = schema.get("properties", {}).get(key, more)
        return self.accepts(below, item) if isinstance(below, dict) else below

    def _has_type(self, wanted, value):
        wanted = [wanted] if isinstance(wanted, str) else wanted
        if isinstance(value, bool):
            return not wanted or "boolean" in wanted
        return not wanted or any(isinstance(value, self.TYPES[name]) for name in wanted)

    def _is_within(self, schema, value):
        limits = "minimum" in schema and not isinstance(value, (str, dict, list, type(None)))
        return not limits or schema["minimum"] <= value <= schema.get("maximum", value)


class SampledConfigurations(ConfigCase):
    """Configurations by chance, and what they name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.team"].create({"name": "Team"})
        cls.env["crm.tag"].create({"name": "tax"})

    def sample_all(self, rng):
        """Return a configuration with about half of all keys."""
        values = {path: sample(rng, path, key.kind) for path, key in KEYS.items() if rng.random() < 0.5}
        values = {**values, **{path: value for key in values for path, value in BESIDE.get(key, {}).items()}}
        short = [path for path in values if path.startswith("current_implementation")]
        values = {path: value for path, value in values.items() if path not in short or rng.random() < 0.1}
        return build_data({**values, "campaign.name": "Sampled"})


@tagged("post_install", "-at_install")
class TestConfigKeys(SampledConfigurations):
    def describe(self, campaign):
        """Return all that is stored of a campaign, without ids and dates of its rows."""
        left_out = NOT_SETTINGS | {"id", "campaign_id", "company_id", *NO_SETTINGS} - {"config_options"}
        describe = lambda record: {  # noqa: E731
            name: record[name].ids if field.relational else record[name] or False
            for name, field in record._fields.items()
            if field.store and field.type != "one2many" and name not in left_out
        }
        campaign = campaign.with_context(active_test=False)
        rows = {name: sorted(str(self._without_order(describe(row))) for row in campaign[name]) for name in ROWS}
        levels = sorted((m.user_id.id, m.level_id.code or "") for m in campaign.member_ids)
        return {**describe(campaign), **rows, "levels": levels}

    def _without_order(self, values):
        return {name: value for name, value in values.items() if name not in ("level_id", "level_priority")}

    def test_load_dump_load_is_the_identity_over_all_keys(self):
        files = {"people.txt": "Ann|1|senior|5\n"}
        for seed in SEEDS:
            with self.subTest(seed=seed):
                campaign = self.env["lead.distribution.campaign"].load_config(
                    self.sample_all(random.Random(seed)), files
                )
                before, text = self.describe(campaign), campaign.dump_config()
                campaign.unlink()
                again = self.campaign.browse().load_config(text)
                self.assertEqual(again.dump_config(), text)
                after = self.describe(again)
                self.assertFalse({key: (value, after[key]) for key, value in before.items() if value != after[key]})
                if not again.company_id:  # the next seed brings what is left up to date: one of its own company
                    again.unlink()

    def test_every_plain_key_is_loaded_and_dumped(self):
        without = {}  # what a campaign has of which only that is said which a key needs: many need the same
        for key in PLAIN:
            with self.subTest(key=key.path):
                switches = [f"{path}.enabled" for path, block in BLOCKS.items() if block.switch == "enabled"]
                above = [path for path in switches if key.path.startswith(path.removesuffix("enabled"))]
                needed = {path: True for path in above if path != key.path}
                needed |= NEEDED.get(key.only_if, {}) | BESIDE.get(key.path, {})
                if str(needed) not in without:
                    beside = self.load_values(needed)
                    without[str(needed)] = {one.field: beside[one.field] for one in PLAIN}
                absent = without[str(needed)][key.field]
                written = self.find_other(key, absent)
                campaign = self.load_values({**needed, key.path: written})
                self.assertNotEqual(campaign[key.field], absent, "the key does nothing")
                dumped = dict(list_given(dump_campaign(campaign)))
                found = str(dumped[key.path]) if isinstance(dumped[key.path], date) else dumped[key.path]
                self.assertEqual(found, written, "it is not written as it was read")
                self.assertNotIn(key.field, dumped.get("odoo.settings", {}))

    def load_values(self, values):
        path = "campaign.name"
        return self.env["lead.distribution.campaign"].load_config(build_data({**values, path: "Plain"}))

    def find_other(self, key, absent):
        """Return a value of a key that is another one than that of a campaign without it."""
        for seed in range(50):
            written = sample(random.Random(seed), key.path, key.kind)
            if isinstance(key.kind, Items) and key.path not in SAMPLES:
                written = ["new"]
            meant = key.values.get(written, written) if key.values else written
            if not isinstance(absent, (bool, int, float, str, date)):  # records, named by texts
                return written
            if isinstance(written, list) or meant not in (absent, key.silent, key.absent):
                return written
        raise AssertionError(key.path)

    def list_loaded(self):
        """Return the fields that the table and the codecs load, whatever a configuration says."""
        context = Context(self.env, {"campaign": {"name": "Plain"}}, Report(), campaign=self.campaign)
        values = load_plain(context)
        for codec in ALL_CODECS:
            values.update(codec(context, self.env, self.env._, context.given.get).load(values))
        return set(values)

    def test_every_setting_has_a_line_in_the_table(self):
        stay = {"company_id", "user_id"}  # where they are not named
        known = self.list_loaded() | {key.field for key in PLAIN} | set(SETTING_KEYS) | stay
        for name, field in self.env["lead.distribution.campaign"]._fields.items():
            if self.is_editable(name, field) and name not in NO_SETTINGS:
                self.assertIn(name, known, "give it a key in config/keys")
        members = self.env["lead.distribution.member"]
        known = MEMBER_FIELDS | set(get_settings(members, MEMBER_KEYS))
        for name, field in members._fields.items():
            if self.is_editable(name, field) and name not in NO_MEMBER_SETTINGS:
                self.assertIn(name, known, "give it a key of a person in config/keys/people")

    def is_editable(self, name, field):
        inherited = {*self.env["mail.thread"]._fields, *self.env["mail.activity.mixin"]._fields}
        return field.store and not field.readonly and not field.related and name not in inherited

    def test_the_schema_knows_templates_dumps_and_all_that_is_written(self):
        schema, validator = make_schema(), Validator()
        for name in TEMPLATES:
            self.assertTrue(validator.accepts(schema, make_template(name)), name)
        for seed in SEEDS:
            self.assertTrue(validator.accepts(schema, self.sample_all(random.Random(seed))), seed)
        self.assertTrue(validator.accepts(schema, yaml.safe_load(self.campaign.dump_config())))
        for wrong in ({"campaign": {"nam": "x"}}, {"execution": {"dry_run": "x"}}, {"campaign": {"active": 1}}):
            self.assertFalse(validator.accepts(schema, wrong), wrong)

    def test_a_wrong_measure_is_one_problem(self):
        wrong = {"campaign": {"name": "Sampled"}, "odoo": {"caps": [{"measure": "wek", "maximum": 3}]}}
        problems = self.env["lead.distribution.campaign"].check_config(wrong)["problems"]
        self.assertEqual(len(problems), 1, problems)

    def test_what_no_key_is_about_any_more_is_not_written(self):
        self.campaign.config_options = {"reporting.gone": 1, "reporting.generate_report": True}
        self.campaign.report_format = "csv"
        dumped = yaml.safe_load(self.campaign.dump_config())
        self.assertEqual(dumped["reporting"], {"generate_report": True, "report_format": "csv"})

    def test_the_schema_says_of_a_key_only_what_is_meant_there(self):
        top = make_schema()["properties"]
        self.assertIn("Of the configuration", top["name"]["description"])
        named = top["lead_finding"]["anyOf"][0]["properties"]["date_range_strategies"]["anyOf"][0]
        window = named["additionalProperties"]["anyOf"][0]["properties"]
        self.assertNotIn("description", window["description"])

    def test_a_configuration_may_say_where_its_schema_is(self):
        said = {"$schema": "configuration.schema.json", "campaign": {"name": "Sampled"}}
        self.assertTrue(Validator().accepts(make_schema(), said))
        self.assertFalse(self.env["lead.distribution.campaign"].load_config(said).config_report)

    def test_the_schema_can_be_downloaded(self):
        with Form(self.env["lead.distribution.config.load"]) as form:
            form.save()
        url = form.record.action_download_schema()["url"]
        place = f"/web/content/lead.distribution.config.load/{form.record.id}/schema_file/"
        self.assertEqual(url, f"{place}configuration.schema.json?download=true")
        self.assertIn(b"Lead distribution", base64.b64decode(form.record.schema_file))

    def test_people_are_looked_for_in_the_company_that_is_named(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        companies = [self.env.company.id, other.id]
        campaigns = self.env["lead.distribution.campaign"].with_context(allowed_company_ids=companies)
        people = {"source_type": "list", "source_config": {"salespeople_list": ["Ann"]}}
        campaign = campaigns.load_config(
            {"campaign": {"name": "There"}, "odoo": {"company": "Other company"}, "salesperson_selection": people}
        )
        self.assertEqual((campaign.company_id, campaign.member_ids.ids), (other, []))
        self.assertIn("may not work for Other company", str(campaign.config_report))
