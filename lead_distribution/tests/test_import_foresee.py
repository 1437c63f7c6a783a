from itertools import count
from random import Random

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import email_normalize

from ..applying import foresee
from ..importing.lookups import PLAIN_EMAIL
from ..work.inside import YES
from .test_import_payload import ImportCase

MAGIC = {"id", "create_date", "write_date", "create_uid", "write_uid", "import_batch_id"}


@tagged("post_install", "-at_install")
class TestImportForesee(ImportCase):
    """What an import hands in for Odoo's computed fields is what Odoo computes."""

    def mixed(self):
        """Rows of all kinds: what is missing, what Odoo reads in its own way, what it cannot read."""
        return [
            {"first_name": "Ann", "email": "ann@acme.com", "phone": "+1 212 555 0101", "country": "USA", "state": "NY"},
            {"first_name": "Bob", "email": "bob@gmail.com", "phone": "+33 1 23 45 67 89", "country": "France"},
            {"first_name": "Cem", "email": "Cem Y. <CEM.Y@Example.CO.UK>"},
            {"first_name": "Dan", "phone": "12 34"},
            {"first_name": "Eve", "email": "not an e-mail", "phone": "+1 212 555 0102"},
            {"first_name": "Fay", "email": "FAY+news@münchen.de", "country": "Germany"},
            {"first_name": "Gus", "current_status": "dnc", "email": "gus@acme.com"},
            {"first_name": "Hal", "email": "hal@acme.com; hal@home.com", "phone": "0033123456780"},
            {"first_name": "Ida"},
        ]

    def make_odds(self):
        """Give Odoo what it works probabilities out from, with other odds for each value."""
        self.env["ir.config_parameter"].set_param(
            "crm.pls_fields", "country_id,state_id,email_state,phone_state,lang_id"
        )
        stages = self.env["crm.stage"].search([("is_won", "=", False)]).ids
        countries = [self.env.ref(f"base.{code}").id for code in ("us", "fr", "de")]
        values = {"stage_id": stages, "country_id": countries, "email_state": ["correct", "incorrect", False],
                  "phone_state": ["correct", "incorrect", False]}  # fmt: skip
        self.env["crm.lead.scoring.frequency"].create(
            [
                {"variable": name, "value": str(value), "won_count": 5 + 3 * n, "lost_count": 40 - 7 * n}
                for name, found in values.items()
                for n, value in enumerate(found)
            ]
        )

    def send_and_compare(self, leads, **changes):
        """Import, create the same leads without handing anything in, and compare all stored fields."""
        plain, original = [], foresee.foresee

        def note(model, vals_list):
            for vals in vals_list:
                vals.update(changes)
            plain.extend(dict(vals) for vals in vals_list)
            return original(model, vals_list)

        self.patch(foresee, "foresee", note)
        self.send(leads)
        leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)], order="id")
        self.assertEqual(len(plain), len(leads))
        context = {"tracking_disable": True, "mail_create_nosubscribe": True}
        wanted = self.env["crm.lead"].with_context(**context).create(plain)
        self.env.flush_all()
        self.env.invalidate_all()
        names = [name for name, field in leads._fields.items() if field.store and name not in MAGIC]
        for lead, same in zip(leads, wanted, strict=True):
            for name in names:
                if not name.startswith(("message_", "assignment_", "activity_")):
                    self.assertEqual(lead[name], same[name], f"{name} of {lead.name}")
        return leads

    def test_everything_is_as_odoo_computes_it(self):
        leads = self.send_and_compare(self.mixed())
        self.assertEqual(len(leads), 9)
        self.assertIn("@acme.com", leads.mapped("email_domain_criterion"))
        self.assertIn("bob@gmail.com", leads.mapped("email_domain_criterion"))
        self.assertEqual(set(leads.mapped("phone_state")), {"correct", "incorrect", False})

    def test_probabilities_are_those_odoo_works_out(self):
        self.make_odds()
        leads = self.send_and_compare(self.mixed())
        self.assertGreater(len(set(leads.mapped("automated_probability"))), 3)
        self.assertEqual(leads.mapped("probability"), leads.mapped("automated_probability"))
        self.assertTrue(all(leads.mapped("is_automated_probability")))

    def test_a_revenue_is_prorated_by_the_probability(self):
        self.make_odds()
        leads = self.send_and_compare(self.mixed(), expected_revenue=1234.56)
        self.assertTrue(all(leads.mapped("prorated_revenue")))

    def test_leads_of_a_contact_take_from_it_what_the_row_lacks(self):
        self.make_odds()
        values = {"name": "Zoe", "email": "zoe@acme.com", "phone": "+1 212 555 0199", "lang": self.env.user.lang}
        contact = self.env["res.partner"].create({**values, "country_id": self.env.ref("base.us").id})
        leads = self.send_and_compare([{"first_name": "Ida"}, {"first_name": "Joe"}], partner_id=contact.id)
        self.assertEqual(leads.mapped("email_state"), ["correct", "correct"])

    def test_properties_of_the_team_get_their_defaults(self):
        definition = [{"name": "color", "string": "Color", "type": "char", "default": "blue"}]
        team = self.env["crm.team"].create({"name": "Callers", "lead_properties_definition": definition})
        self.campaign.team_id = team
        leads = self.send_and_compare(self.mixed())
        handed = leads.filtered(lambda lead: lead.team_id == team)
        self.assertTrue(handed)
        self.assertEqual({lead.lead_properties["color"] for lead in handed}, {"blue"})

    def test_leads_are_inserted_and_not_written_again(self):
        self.make_odds()
        self.send(self.people(2, 900))  # warm
        statements, execute = [], type(self.env.cr).execute

        def note(cr, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)).split("SET")[0].strip())
            return execute(cr, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", note)
        self.send([{**person, "phone": f"+1 212 555 {n:04}"} for n, person in enumerate(self.people(50))])
        self.assertTrue(any(text.startswith('INSERT INTO "crm_lead"') for text in statements))
        self.assertNotIn('UPDATE "crm_lead"', statements)

    def test_salespeople_follow_as_they_do_when_odoo_creates_the_lead(self):
        self.send([{"first_name": "Ann"}], self.ann)
        lead = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        usual = self.env["crm.lead"].with_context(tracking_disable=False)
        same = usual.create({"name": "Ann", "type": "lead", "user_id": self.ann.id})
        mine, wanted = (
            record.message_follower_ids.filtered(lambda line: line.partner_id == self.ann.partner_id)
            for record in (lead, same)
        )
        self.assertTrue(wanted)
        self.assertEqual(mine.subtype_ids, wanted.subtype_ids)

    def test_leads_that_are_alike_are_checked_once_and_a_wrong_company_is_still_found(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.env["crm.team"].create({"name": "Elsewhere", "company_id": company.id})
        values = {"name": "A", "type": "lead", "user_id": False, "company_id": self.env.company.id}
        leads = self.env["crm.lead"].with_context(lead_distribution_batch=YES)
        leads.create([{**values, "team_id": False}] * 3)
        with self.assertRaises(UserError):
            leads.create([{**values, "team_id": False}] * 3 + [{**values, "team_id": team.id}])

    def number_by_default(self, module):
        """Have the default of a field give another number each time, as said by a module."""
        numbers = count(1)

        def default(_model):
            return f"number {next(numbers)}"

        default.__module__ = module
        self.patch(self.env["crm.lead"]._fields["referred"], "default", default)

    def test_a_default_that_another_addon_gives_is_asked_for_each_lead(self):
        self.number_by_default("odoo.addons.numbers.models.crm_lead")
        self.send(self.people(3))
        leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        self.assertEqual(set(leads.mapped("referred")), {"number 1", "number 2", "number 3"})

    def test_a_default_of_odoo_is_asked_for_once(self):
        self.number_by_default("odoo.addons.crm.models.crm_lead")
        self.send(self.people(3))
        leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        self.assertEqual(leads.mapped("referred"), ["number 1"] * 3)

    def test_leads_that_nobody_imports_ask_for_their_own_defaults(self):
        self.number_by_default("odoo.addons.crm.models.crm_lead")
        leads = self.env["crm.lead"].create([{"name": "A"}, {"name": "B"}])
        self.assertEqual(leads.mapped("referred"), ["number 1", "number 2"])

    def test_plain_e_mails_are_those_that_odoo_leaves_as_they_are(self):
        rng, plain = Random(19), 0
        for _turn in range(3000):
            sides = (
                "".join(rng.choices("ab1.-_+ <,'@A", weights=[9] * 3 + [1] * 10, k=rng.randint(1, 7))) for _side in "lr"
            )
            text = "@".join(sides) + rng.choice((".com", ".de", "", ".x1"))
            if PLAIN_EMAIL.fullmatch(text):
                plain += 1
                self.assertEqual(email_normalize(text, strict=False), text)
        self.assertGreater(plain, 100)
