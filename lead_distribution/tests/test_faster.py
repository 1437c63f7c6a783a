from contextlib import suppress

from odoo.tests import tagged

from ..applying import faster
from .test_import_payload import ImportCase

# when and by what request something was written differs between any two writes
OF_THE_MOMENT = {"create_date", "write_date"}


class Undo(Exception):
    """Ends what is only tried."""


@tagged("post_install", "-at_install")
class TestFaster(ImportCase):
    """With and without what makes writing leads faster, the same is written."""

    def setUp(self):
        super().setUp()
        self.inserted = []
        insert = faster._insert_followers

        def note(leads, *arguments):
            self.inserted.append(len(leads))
            return insert(leads, *arguments)

        self.patch(faster, "_insert_followers", note)

    def do_both(self, do, is_followed=True):
        """Do something with and without, each time from the same beginning; return what it returned."""
        results = []
        for value in ("1", "0"):
            with suppress(Undo), self.env.cr.savepoint():
                self.env["ir.config_parameter"].set_param(faster.SWITCH, value)
                self.inserted.clear()
                results.append(do())
                self.env.flush_all()
                self.assertEqual(bool(self.inserted), is_followed and value == "1")
                raise Undo
            self.env.invalidate_all()
        return results

    def read_columns(self, leads):
        """Return all that is stored of some leads, and who follows them with which subtypes."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = sorted(
            name
            for name, field in leads._fields.items()
            if field.store and field.column_type and field.type != "datetime" and name not in OF_THE_MOMENT
        )
        followers = [
            sorted((line.partner_id.id, *sorted(line.subtype_ids.ids)) for line in lead.message_follower_ids)
            for lead in leads
        ]
        moments = [name for name, field in leads._fields.items() if field.store and field.type == "datetime"]
        filled = [[name for name in moments if lead[name]] for lead in leads]
        return leads.read(names, load=None), followers, filled

    def test_a_run_writes_the_same(self):
        team = self.env["crm.team"].create({"name": "Callers", "use_leads": True})
        team.message_subscribe(self.manager.partner_id.ids, self.env.ref("crm.mt_salesteam_lead").ids)
        self.campaign.write({"team_id": team.id, "status_reset_id": self.status["call_back"].id})
        leads = self.make_leads(6) | self.make_leads(3, user_id=self.cem.id)
        run = self.campaign.simulate(seed=1)

        def apply():
            run.action_apply()
            return self.read_columns(leads), run.assignment_ids.mapped("state")

        quick, plain = self.do_both(apply)
        self.assertEqual(quick[1], plain[1])
        for part, same in zip(quick[0], plain[0], strict=True):
            self.assertEqual(part, same)
        self.assertIn(team.id, [values["team_id"] for values in quick[0][0]])

    def test_reverting_writes_the_same(self):
        leads = self.make_leads(6)
        run = self.campaign.distribute(seed=1)

        def revert():
            run.action_revert()
            return self.read_columns(leads)

        results = self.do_both(revert, is_followed=False)
        self.assertEqual(*results)
        self.assertFalse(any(values["user_id"] for values in results[0][0]))

    def test_an_import_writes_the_same(self):
        rows = [
            {"first_name": "Ann", "email": "ann@acme.com", "phone": "+1 212 555 0101", "country": "USA"},
            {"first_name": "Bob", "email": "bob@gmail.com", "phone": "+33 1 23 45 67 89", "country": "France"},
            {"first_name": "Dan", "phone": "12 34"},
            {"first_name": "Eve", "email": "not an e-mail"},
        ]

        def send():
            self.send(rows, self.ann)
            leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)], order="id")
            columns, followers, filled = self.read_columns(leads)
            numbered = ("id", "import_batch_id", "campaign_id")  # created anew by each
            return [{k: v for k, v in values.items() if k not in numbered} for values in columns], followers, filled

        quick, plain = self.do_both(send)
        self.assertEqual(len(quick[0]), 4)
        for part, same in zip(quick, plain, strict=True):
            self.assertEqual(part, same)
