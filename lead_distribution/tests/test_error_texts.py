"""Errors of the database in words, without what it quotes of a row."""

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..work.errors import LONGEST, describe_error

SECRET = "secret@customer.example"


@tagged("post_install", "-at_install")
class TestErrorTexts(TransactionCase):
    def describe(self, statement, *parameters):
        """Return the words for the error that PostgreSQL really gives."""
        with self.assertRaises(psycopg2.Error) as caught, self.env.cr.savepoint():
            self.env.cr.execute(statement, parameters, log_exceptions=False)
        text = describe_error(caught.exception, self.env)
        self.assertNotIn(SECRET, text)
        self.assertNotIn("secret", text)
        self.assertNotRegex(text, "(?i)detail|crm_lead|constraint|psycopg")
        return text

    def test_a_row_that_breaks_a_constraint_is_not_quoted(self):
        text = self.describe("INSERT INTO crm_lead (name, type) VALUES (%s, NULL)", SECRET)
        self.assertIn("A value is missing: Type", text)
        self.env.cr.execute("ALTER TABLE crm_lead ADD CONSTRAINT other_addon CHECK (name <> %s)", [SECRET])
        text = self.describe("INSERT INTO crm_lead (name, type) VALUES (%s, 'lead')", SECRET)
        self.assertIn("break a rule", text)

    def test_the_text_of_our_own_constraint_is_told(self):
        campaign = self.env["lead.distribution.campaign"].create({"name": "Voice"})
        text = self.describe("UPDATE lead_distribution_campaign SET max_leads = -1 WHERE id = %s", campaign.id)
        self.assertEqual(text, "The limit of leads a run cannot be negative.")

    def test_values_of_a_wrong_kind_or_twice_are_not_quoted(self):
        self.assertIn("refused a value", self.describe("SELECT %s::integer", SECRET))
        self.env.cr.execute("CREATE TEMP TABLE once (email text UNIQUE) ON COMMIT DROP")
        self.env.cr.execute("INSERT INTO once VALUES (%s)", [SECRET])
        self.assertIn("already", self.describe("INSERT INTO once VALUES (%s)", SECRET))

    def test_a_refusal_in_words_stays_as_it_is(self):
        self.assertEqual(describe_error(UserError("Not today"), self.env), "Not today")
        self.assertEqual(describe_error(ValueError("this lead is cursed"), self.env), "this lead is cursed")
        self.assertIn("KeyError", describe_error(KeyError(), self.env))
        self.assertEqual(len(describe_error(ValueError("x" * 9999), self.env)), LONGEST)

    def test_a_text_that_carries_the_error_of_the_database_ends_before_the_row(self):
        error = ValidationError(f"It exists.\n\nDetail: Key (email)=({SECRET}) already exists.")
        self.assertEqual(describe_error(error, self.env), "It exists.")
        wrapped = ValueError(f"failed: {SECRET}")
        wrapped.__cause__ = psycopg2.errors.lookup("23505")(f"duplicate\nDETAIL: {SECRET}")
        self.assertNotIn(SECRET, describe_error(wrapped, self.env))
