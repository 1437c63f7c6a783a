from odoo.tests import tagged

from .test_import_payload import ImportCase


def make_email(length, end="example.com"):
    return f"{'a' * (length - len(end) - 1)}@{end}"


@tagged("post_install", "-at_install")
class TestLongestEmail(ImportCase):
    """How long an e-mail may be: 254 signs are one for an import; finding compares 320, as the indexes have it."""

    def test_an_import_takes_an_email_of_254_signs_and_keeps_a_longer_one_as_a_note(self):
        longest, too_long = make_email(254), make_email(255)
        answer = self.send([{"first_name": "A", "email": longest}, {"first_name": "B", "email": too_long}])
        self.assertEqual(answer["inserted_count"], 2)
        first, second = (self.env["crm.lead"].browse(row["lead_id"]) for row in answer["lead_assignments"])
        self.assertEqual((first.email_from, second.email_from), (longest, False))
        self.assertIn(too_long, second.description)

    def test_emails_that_differ_in_the_last_sign_of_254_are_two_people(self):
        answer = self.send([{"email": make_email(254, f"example.{end}")} for end in ("com", "con", "com")])
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (2, 1))
        again = self.send([{"email": make_email(254)}, {"email": make_email(254, "example.org")}])
        self.assertEqual((again["inserted_count"], again["error_count"]), (1, 1))

    def test_customers_are_known_by_320_signs_of_their_email(self):
        self.campaign.write({"use_sales_filter": True, "sales_match_email": True})
        longest = make_email(320)
        self.env["crm.lead"].create({"name": "Deal", "type": "opportunity", "email_from": longest})
        self.make_leads(email_from=longest)
        other = self.make_leads(email_from=make_email(320, "example.con"))
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (other, {"sales": 1}))
        self.make_leads(email_from=make_email(5_000))  # no index refuses it
        self.assertEqual(self.campaign.simulate().leads_found, 2)
