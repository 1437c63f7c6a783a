from datetime import date, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.lead_distribution.finding.classification import get_class_limits

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestClassification(DistributionCase):
    """Fresh, urgent, stale: by age and by work, always right, searchable and groupable."""

    def make_aged(self, days, **values):
        lead = self.make_leads(user_id=self.ann.id, **values)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (datetime.utcnow() - timedelta(days=days), lead.id)
        )
        lead.invalidate_recordset()
        return lead

    def test_r79_limits_belong_to_the_fresher_side(self):
        classes = {days: self.make_aged(days).classification for days in (0, 7, 8, 30, 31)}
        self.assertEqual(classes, {0: "fresh", 7: "fresh", 8: "urgent", 30: "urgent", 31: "stale"})

    def test_r79_a_worked_lead_is_never_urgent_but_can_be_stale(self):
        for days, expected in ((8, "fresh"), (30, "fresh"), (31, "stale")):
            lead = self.make_aged(days)
            lead.with_user(self.ann).lead_status_id = self.status["utr"]
            self.assertEqual(lead.classification, expected)

    def test_work_is_a_status_a_message_or_an_activity_done_by_the_holder(self):
        status, message, activity, stranger = (self.make_aged(10) for _n in range(4))
        status.with_user(self.ann).lead_status_id = self.status["call_back"]
        message.with_user(self.ann).message_post(body="Called her", message_type="comment")
        activity.with_user(self.ann).activity_schedule("mail.mail_activity_data_call").action_feedback()
        stranger.with_user(self.manager).message_post(body="Hello", message_type="comment")
        self.assertEqual((status + message + activity).mapped("classification"), ["fresh"] * 3)
        self.assertEqual(stranger.classification, "urgent")

    def test_work_before_the_last_assignment_does_not_count(self):
        lead = self.make_aged(10, lead_status_id=self.status["new"].id)
        lead.with_user(self.ann).lead_status_id = self.status["utr"]
        lead.last_worked_on -= timedelta(hours=1)
        self.pools(("active_member", [], 0))
        self.campaign.write({"use_window": False, "status_reset_id": self.status["new"].id})
        self.campaign.distribute()
        self.assertEqual((lead.is_worked, lead.classification), (False, "urgent"))

    def test_search_group_and_order_agree_with_the_field(self):
        leads = self.env["crm.lead"].union(*(self.make_aged(days) for days in (1, 10, 20, 40)))
        domain = [("id", "in", leads.ids)]
        for name in ("fresh", "urgent", "stale"):
            found = leads.search([*domain, ("classification", "=", name)])
            self.assertEqual(found, leads.filtered(lambda lead, name=name: lead.classification == name))
        self.assertEqual(len(leads.search([*domain, ("classification", "!=", "urgent")])), 2)
        groups = leads._read_group(domain, ["classification"], ["__count"])
        self.assertEqual(dict(groups), {"fresh": 1, "urgent": 2, "stale": 1})
        ordered = leads.search(domain, order="classification, id").mapped("classification")
        self.assertEqual(ordered, sorted(ordered))
        description = leads.fields_get(["classification"])["classification"]
        self.assertTrue(description["sortable"] and description["groupable"] and description["searchable"])

    def test_the_limits_are_settings_and_nonsense_falls_back_to_the_default(self):
        lead = self.make_aged(10)
        params = self.env["ir.config_parameter"]
        params.set_param("lead_distribution.fresh_days", "10")
        lead.invalidate_recordset()
        self.assertEqual(lead.classification, "fresh")
        params.set_param("lead_distribution.stale_days", "9")
        lead.invalidate_recordset()
        self.assertEqual(lead.classification, "stale")
        params.set_param("lead_distribution.fresh_days", "soon")
        params.set_param("lead_distribution.stale_days", "later")
        self.assertEqual(get_class_limits(self.env), (7, 30))
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create(
                {"lead_distribution_fresh_days": 20, "lead_distribution_stale_days": 10}
            )

    def test_r80_look_up_by_a_part_of_the_name_without_case(self):
        lead = self.make_leads(name="Zebra Telecom")
        other = self.make_leads(name="X", contact_name="Anna Zebra")
        lookup = self.env["crm.lead"].lookup_classification
        self.assertEqual(lookup("zebra t"), [{"id": lead.id, "name": "Zebra Telecom", "classification": "fresh"}])
        self.assertEqual([hit["id"] for hit in lookup("ZEBRA")], [lead.id, other.id])
        self.assertEqual(lookup("no such lead"), [])
        self.assertEqual(lookup("zebra_"), [], "the characters are meant, they are no patterns")
        self.assertEqual(lookup("%"), [])
        with self.assertRaises(ValidationError):
            lookup("  ")

    def test_r80_a_salesperson_finds_only_what_she_may_see(self):
        self.make_leads(name="Zebra one", user_id=self.bob.id)
        mine = self.make_leads(name="Zebra two", user_id=self.ann.id)
        hits = self.env["crm.lead"].with_user(self.ann).lookup_classification("zebra")
        self.assertEqual([hit["id"] for hit in hits], mine.ids)


@tagged("post_install", "-at_install")
class TestClassificationOverHttp(DistributionCase, HttpCase):
    """GET /leads/classification with an API key."""

    def test_the_answer_and_the_errors(self):
        lead = self.make_leads(name="Zebra", user_id=self.ann.id)
        tomorrow = datetime.combine(date.today() + timedelta(days=1), datetime.min.time())
        key = self.env["res.users.apikeys"].with_user(self.ann)._generate("rpc", "test", tomorrow)
        headers = {"Authorization": f"Bearer {key}"}
        answer = self.url_open("/leads/classification?name=zeb", headers=headers)
        self.assertEqual(answer.json(), [{"id": lead.id, "name": "Zebra", "classification": "fresh"}])
        nameless = self.url_open("/leads/classification?name=", headers=headers)
        self.assertEqual((nameless.status_code, list(nameless.json())), (400, ["error"]))
        clerk = self.make_user("kim", "base.group_user")
        other = self.env["res.users.apikeys"].with_user(clerk)._generate("rpc", "test", tomorrow)
        refused = self.url_open("/leads/classification?name=zeb", headers={"Authorization": f"Bearer {other}"})
        self.assertEqual((refused.status_code, list(refused.json())), (403, ["error"]))
        wrong = self.url_open("/leads/classification?name=zeb", headers={"Authorization": "Bearer wrong"})
        self.assertEqual(wrong.status_code, 401)
