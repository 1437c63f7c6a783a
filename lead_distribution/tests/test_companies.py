from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .config_common import ConfigCase

REFUSED = "belongs to another company"


@tagged("post_install", "-at_install")
class TestCompanies(ConfigCase):
    """What a campaign or an import names is of its company or of none; Odoo says so in its own words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.env.user.company_ids |= cls.elsewhere
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=(cls.env.company | cls.elsewhere).ids))
        cls.campaign = cls.make_campaign("Voice", cls.ann, company_id=cls.env.company.id)
        teams = [{"name": "Here", "company_id": cls.env.company.id}, {"name": "There", "company_id": cls.elsewhere.id},
                 {"name": "Anywhere", "company_id": False}]  # fmt: skip
        cls.here, cls.there, cls.anywhere = cls.env["crm.team"].create(teams)

    def each_reference(self):
        """Yield (record, name of its field) for each team that something of a campaign names."""
        rule = self.env["lead.distribution.dropback.rule"].create({"campaign_id": self.campaign.id, "name": "Old"})
        yield self.campaign, "team_id"
        yield self.campaign, "team_filter_id"
        yield self.campaign.member_ids, "team_id"
        yield rule, "team_id"

    def test_each_field_that_names_a_team_is_looked_at(self):
        found = {
            (name, field.name)
            for name in self.env
            for field in self.env[name]._fields.values()
            if name.startswith(("lead.distribution.", "lead.import.")) and field.store and not field.related
            and field.comodel_name == "crm.team"
        }  # fmt: skip
        self.assertEqual(found, {(record._name, name) for record, name in self.each_reference()})
        checked = [name for name in self.env if name.startswith(("lead.distribution.", "lead.import."))
                   and any(field.relational and field.check_company for field in self.env[name]._fields.values())
                   and not self.env[name]._abstract]  # fmt: skip
        self.assertEqual([name for name in checked if not self.env[name]._check_company_auto], [])

    def test_a_team_of_another_company_is_refused_one_of_none_is_not(self):
        for record, name in self.each_reference():
            with self.subTest(model=record._name, field=name):
                for team in (self.here, self.anywhere, self.env["crm.team"]):
                    record[name] = team
                with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                    record[name] = self.there
                self.assertFalse(record[name])

    def test_nor_is_it_taken_in_a_new_record(self):
        for values in (
            {"team_id": self.there.id},
            {"member_ids": [Command.create({"user_id": self.bob.id, "team_id": self.there.id})]},
            {"dropback_rule_ids": [Command.create({"name": "Old", "team_id": self.there.id})]},
        ):
            with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                self.make_campaign("Apple", company_id=self.env.company.id, **values)

    def test_a_campaign_does_not_move_away_from_the_teams_of_its_parts(self):
        for record, name in self.each_reference():
            record[name] = self.here
            with self.subTest(model=record._name), self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                self.campaign.company_id = self.elsewhere
            record[name] = self.anywhere
        self.campaign.company_id = self.elsewhere
        self.assertEqual(self.campaign.member_ids.company_id, self.elsewhere)

    def test_a_configuration_finds_only_teams_of_the_campaigns_company(self):
        campaign = self.load(distribution={"team_assignment": "Here"})
        self.assertEqual(campaign.team_id, self.here)
        campaign = self.load(distribution={"team_assignment": "There"})
        self.assertFalse(campaign.team_id)
        campaign.company_id = False
        self.assertFalse(self.load(distribution={"team_assignment": "Here"}).team_id)
        self.assertEqual(self.load(distribution={"team_assignment": "Anywhere"}).team_id, self.anywhere)

    def test_a_campaign_of_all_companies_keeps_the_people_of_each(self):
        self.bob.write({"company_id": self.elsewhere.id, "company_ids": [Command.set(self.elsewhere.ids)]})
        self.campaign.company_id = False
        self.campaign.member_ids = [Command.create({"user_id": self.bob.id})]
        members = self.campaign.member_ids
        people = {"source_type": "list", "source_config": {"salespeople_list": ["Ann", "Bob"]}}
        self.campaign.load_config({"salesperson_selection": people})
        self.assertEqual((self.campaign.member_ids, self.campaign.company_id.id), (members, False))
        self.assertEqual(self.told(self.campaign, "person"), [])

    def test_a_configuration_that_names_another_company_finds_the_teams_there(self):
        self.campaign.load_config({"odoo": {"company": "Elsewhere"}, "distribution": {"team_assignment": "There"}})
        self.assertEqual((self.campaign.company_id, self.campaign.team_id), (self.elsewhere, self.there))

    def test_an_import_takes_no_campaign_or_mapping_of_another_company(self):
        batch = self.env["lead.import.batch"].create({})
        for name in ("lead.distribution.campaign", "lead.import.template"):
            field = "campaign_id" if name.endswith("campaign") else "template_id"
            records = self.env[name].create(
                [{"name": "X", "company_id": company and company.id}
                 for company in (self.env.company, False, self.elsewhere)]
            )  # fmt: skip
            for record in records[:2]:
                batch[field] = record
            with self.subTest(field), self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                batch[field] = records[2]
