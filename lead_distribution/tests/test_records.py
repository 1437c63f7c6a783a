from functools import partial

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.orm.table_objects import TableObject
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.lead_distribution.finding.lead_fields import resolve_field_name
from odoo.addons.lead_distribution.finding.statuses import find_or_create_status, find_status, normalize_code

from ..importing.people import find_salespeople
from ..planning.workload import count_workload
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestRecords(DistributionCase):
    """Constraints and small behaviours of the records."""

    def test_r6_codes_are_kept_in_their_normal_form(self):
        normal = normalize_code
        self.assertEqual(normal("Full Pitch Follow Up "), "full_pitch_follow_up")
        self.assertEqual(normal(" call__ back"), "call_back")
        self.assertNotEqual(normal("callback"), normal("call_back"))
        status = self.env["crm.lead.status"].create({"name": "Warm  Lead"})
        self.assertEqual(status.code, "warm_lead")
        status.code = " Warm_ Lead!"
        self.assertEqual(status.code, "warm_lead!")

    def test_r6_r11_a_status_is_found_by_code_or_label_or_created_from_its_text(self):
        self.assertEqual(find_status(self.env, " Call  back"), self.status["call_back"])
        self.assertEqual(find_status(self.env, "don't call"), self.status["dont_call"])
        self.assertFalse(find_status(self.env, "dropback_voice") or find_status(self.env, " "))
        self.env["res.lang"]._activate_lang("de_DE")
        self.status["call_back"].with_context(lang="de_DE").name = "Wieder anrufen"
        self.assertEqual(find_status(self.env, "wieder  anrufen"), self.status["call_back"], "in whatever language")
        created = find_or_create_status(self.env, "Dropback Voice")
        self.assertEqual(created.code, "dropback_voice")
        self.assertEqual(find_or_create_status(self.env, "dropback_voice"), created)

    def test_r9_the_specifications_field_names_are_those_of_the_lead(self):
        names = {"email": "email_from", "status": "lead_status_id", "web_source": "source_id", "phone": "phone"}
        self.assertEqual({name: resolve_field_name(self.env, name) for name in names}, names)
        self.assertIsNone(resolve_field_name(self.env, "x_no_such_field"))

    def test_r10_people_are_found_by_name_else_by_login_and_an_unknown_name_is_nobody(self):
        twin = self.make_user("twin")
        self.make_user("twin2").name = "Twin"
        find = partial(find_salespeople, self.env)
        self.assertEqual(
            find(["ANN", "bob@test", "Nobody", "", "twin@test"]),
            {"ANN": self.ann, "bob@test": self.bob, "twin@test": twin},
        )
        self.assertFalse(find(["Twin"]))
        twin.active = False
        self.assertEqual(find(["Twin"])["Twin"].login, "twin2@test")

    def test_two_statuses_cannot_share_a_code(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["crm.lead.status"].create({"name": "X", "code": "Call Back"})
            self.env.flush_all()

    def test_a_status_needs_a_code_with_something_in_it(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead.status"].create({"name": "_", "code": " _ "})

    def test_closed_statuses_can_be_searched(self):
        closed = self.env["crm.lead.status"].search([("is_closed", "=", True)])
        self.assertEqual(set(closed.mapped("code")), {"won", "lost", "cancelled"})
        self.assertNotIn(closed[0], self.env["crm.lead.status"].search([("is_closed", "=", False)]))

    def test_every_index_and_constraint_that_is_written_is_there(self):
        """In two files of a model one name would stand for the one that is read last."""

        def is_ours(value):
            return isinstance(value, TableObject)

        wanted = set()
        for model in self.registry.values():
            files = [each for each in model._model_classes__ if getattr(each, "_module", None) == "lead_distribution"]
            names = [name for each in files for name, value in vars(each).items() if is_ours(value)]
            self.assertEqual(len(names), len(set(names)), (model._name, names))
            wanted |= {value.full_name(model) for each in files for value in vars(each).values() if is_ours(value)}
        query = SQL("SELECT relname FROM pg_class WHERE relkind = 'i' UNION SELECT conname FROM pg_constraint")
        there = {name for (name,) in self.env.execute_query(query)}
        self.assertGreater(len(wanted), 50)
        self.assertFalse(wanted - there)

    def test_a_person_is_a_member_of_a_campaign_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.campaign.member_ids = [(0, 0, {"user_id": self.ann.id})]
            self.env.flush_all()

    def test_negative_numbers_are_refused(self):
        for record, values in (
            (self.campaign, {"younger_than_days": -1}),
            (self.campaign, {"max_leads": -1}),
            (self.campaign, {"run_hour": 24}),
            (self.campaign, {"run_day": 32}),
            (self.campaign.member_ids[0], {"weight": -1}),
            (self.campaign.pool_ids[0], {"max_age_days": -1}),
            (self.level["senior"], {"target_leads": -1}),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                record.write(values)
                self.env.flush_all()

    def test_r55_the_own_target_wins_over_the_levels_and_zero_is_a_target(self):
        member = self.campaign.member_ids[0]
        self.assertEqual((member.level_id.code, member.target_leads), ("mid_level", 150))
        member.level_id = self.level["senior"]
        self.assertEqual(member.target_leads, 200)
        member.target_leads = 0
        self.assertEqual((member.has_own_target, member.target_leads), (True, 0))
        member.has_own_target = False
        self.assertEqual(member.target_leads, 200)
        member.level_id = False
        self.assertEqual(member.target_leads, 150)

    def test_a_level_of_another_campaign_cannot_be_used(self):
        other = self.make_campaign("Apple")
        level = self.env["lead.distribution.level"].create({"name": "Star", "code": "star", "campaign_id": other.id})
        with self.assertRaises(ValidationError):
            self.campaign.member_ids[0].level_id = level

    def test_r55_the_workload_counts_unarchived_leads_whatever_their_status(self):
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["won"].id)
        self.make_leads(1, user_id=self.bob.id, open_user_id=self.ann.id)
        self.make_leads(1, user_id=self.ann.id, active=False)
        self.make_leads(1, user_id=self.ann.id, type="opportunity")
        self.make_leads(1, closer_id=self.ann.id)
        self.assertEqual(self.ann.distribution_workload, 3)
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        self.assertEqual((member.current_leads, member.utilization), (3, 2.0))
        self.assertEqual(
            count_workload(self.env, self.ann, by_status=True)[self.ann.id],
            {"won": 2, None: 1},
        )

    def test_r55_the_workload_does_not_count_archived_leads_in_whatever_context(self):
        self.make_leads(1, user_id=self.ann.id)
        self.make_leads(3, user_id=self.ann.id, active=False)
        leads = self.env["crm.lead"].with_context(active_test=False)
        self.assertEqual(count_workload(leads.env, self.ann), {self.ann.id: 1})

    def test_a_copy_of_a_campaign_has_its_own_levels(self):
        star = self.env["lead.distribution.level"].create(
            {"name": "Star", "code": "star", "campaign_id": self.campaign.id, "target_leads": 7}
        )
        self.campaign.member_ids[0].level_id = star
        copy = self.campaign.copy()
        member = copy.member_ids.filtered(lambda m: m.user_id == self.ann)
        self.assertEqual((member.level_id.campaign_id, member.target_leads), (copy, 7))

    def test_a_lead_handed_over_by_hand_takes_its_opener_along(self):
        held = self.make_leads(user_id=self.ann.id, open_user_id=self.ann.id)
        apart = self.make_leads(user_id=self.ann.id, open_user_id=self.bob.id)
        (held + apart).user_id = self.cem
        self.assertEqual(held.holder_id, self.cem)
        self.assertEqual(apart.holder_id, self.bob)
        held.user_id = False
        self.assertFalse(held.holder_id)

    def test_a_new_lead_came_in_today(self):
        lead = self.env["crm.lead"].create({"name": "New"})
        self.assertEqual(lead.source_date, self.env.cr.now().date())

    def test_a_copy_of_a_lead_has_no_history(self):
        lead = self.make_leads()
        self.campaign.distribute()
        copy = lead.copy()
        self.assertFalse(copy.distribution_campaign_id or copy.assignment_ids)
        self.assertTrue(lead.assignment_ids)

    def test_a_campaign_with_runs_is_archived_not_deleted(self):
        self.campaign.simulate()
        with self.assertRaises(UserError):
            self.campaign.unlink()
        self.campaign.run_ids.unlink()
        self.campaign.unlink()

    def test_a_campaign_can_be_made_in_the_form(self):
        with Form(self.env["lead.distribution.campaign"]) as form:
            form.name = "Fresh"
            form.frequency = "weekly"
            form.run_weekday = "4"
        campaign = form.record
        self.assertEqual(campaign.pool_ids.holder, "unassigned")
        self.assertEqual(campaign.next_run.weekday(), 4)
