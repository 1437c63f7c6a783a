"""Imports while an experiment runs: chance chooses the way of each row."""

from odoo.tests import tagged

from ..importing.chunk import add_to_counts, import_chunk
from .test_experiment_course import ExperimentCase
from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestExperimentImport(ExperimentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["utm.source"].create({"name": "Fair"})

    def send(self, count=20, first=0, callers=None, **values):
        leads = [
            {
                "first_name": "Eva",
                "last_name": f"Number {n}",
                "email": f"eva{n}@example.com",
                "phone": f"+32 470 {n:06d}",
                **values,
            }
            for n in range(first, first + count)
        ]
        callers = callers or (self.ann | self.bob | self.cem)
        payload = {"campaign": self.campaign.id, "leads": leads, "callers": callers.ids}
        answer = self.env["lead.import.batch"].with_user(self.manager).import_payload(payload)
        return answer, self.env["lead.import.batch"].search([], order="id desc", limit=1)

    def get_deals(self, experiment):
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        return {deal.lead_id: deal.arm for deal in deals}

    def check(self, batch, experiment):
        """Every lead has one row of its way, and the run holds both."""
        deals = self.get_deals(experiment)
        for lead in batch.lead_ids:
            row = lead.assignment_ids
            self.assertEqual(len(row), 1)
            self.assertEqual((row.arm, row.experiment_id, row.user_id), (deals[lead], experiment, lead.user_id))
        self.assertEqual(batch.run_id.experiment_id, experiment)
        return {lead: deals[lead] for lead in batch.lead_ids}

    def test_each_row_has_one_deal_one_owner_and_the_way_in_the_history(self):
        experiment = self.start()
        answer, batch = self.send(24)
        self.assertEqual(answer["inserted_count"], 24)
        deals = self.check(batch, experiment)
        self.assertEqual(len(deals), 24)
        self.assertLessEqual(abs(list(deals.values()).count("b") - 12), 2)
        names = {row.arm: row.strategy for row in batch.run_id.assignment_ids}
        self.assertEqual(names, {"a": "round_robin", "b": "weighted"})
        self.assertEqual(sum(batch.run_id.member_line_ids.mapped("leads_received")), 24)
        self.assertEqual(experiment.get_result()["a"]["leads"] + experiment.get_result()["b"]["leads"], 24)

    def test_rows_of_one_source_are_dealt_on_in_its_blocks(self):
        experiment = self.start()
        arms = []
        for number in range(12):
            _answer, batch = self.send(1, first=100 + number, source="fair")
            self.assertEqual(batch.lead_ids.source_id, self.source)
            arms += self.check(batch, experiment).values()
        self.assertGreaterEqual(min(arms.count("a"), arms.count("b")), 4, "not always the first of a block")
        strata = {deal.source_id for deal in experiment.env["lead.distribution.experiment.deal"].search([])}
        self.assertEqual(strata, {self.source})

    def test_people_of_way_b_alone_get_its_rows(self):
        experiment = self.start()
        experiment.variant_id.member_ids.filtered(lambda m: m.user_id != self.cem).active = False
        _answer, batch = self.send(20)
        for lead, arm in self.check(batch, experiment).items():
            if arm == "b":
                self.assertEqual(lead.user_id, self.cem)

    def test_who_chose_another_strategy_or_people_of_one_way_decides(self):
        experiment = self.start()
        experiment.variant_id.member_ids.filtered(lambda m: m.user_id == self.ann).active = False
        _answer, batch = self.send(6, callers=self.ann)
        self.assertEqual(set(batch.lead_ids.user_id), {self.ann})
        self.assertFalse(batch.run_id.experiment_id or self.get_deals(experiment))
        self.assertFalse(batch.run_id.assignment_ids.experiment_id)

    def test_undoing_keeps_the_deals_and_deletes_the_leads(self):
        experiment = self.start()
        _answer, batch = self.send(8)
        batch.with_user(self.manager).action_undo()
        self.assertFalse(batch.lead_ids)
        self.assertEqual(batch.run_id.state, "reverted")
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        self.assertEqual(len(deals), 8)
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})
        self.assertEqual(set(experiment.variant_id.member_ids.mapped("rotation_turns")), {0})

    def test_a_new_caller_joins_both_ways(self):
        experiment = self.start()
        dan = self.make_user("dan")
        _answer, batch = self.send(4, callers=dan)
        self.check(batch, experiment)
        self.assertIn(dan, experiment.variant_id.member_ids.user_id)

    def test_ten_times_the_rows_need_hardly_more_statements(self):
        self.start()
        self.send(2, first=9000)
        counts = []
        for first, number in ((1000, 20), (2000, 200)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.send(number, first=first)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] * 1.5 + 40)


@tagged("post_install", "-at_install")
class TestExperimentImportOfFiles(FileCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.experiment = cls.env["lead.distribution.experiment"].create(
            {"campaign_id": cls.campaign.id, "strategy_b": "weighted", "planned_leads": 10_000}
        )
        cls.experiment.action_start()

    def prepare(self, count, **values):
        rows = [f"Person {n},person{n}@example.com" for n in range(count)]
        return self.to_preview(self.upload(self.csv("Name,E-mail", *rows), "x.csv"), self.ann, self.bob, **values)

    def check(self, batch):
        """Every lead that there is has one deal, and a row of its way."""
        deals = self.env["lead.distribution.experiment.deal"].search([])
        arms = {deal.lead_id: deal.arm for deal in deals}
        leads = self.imported(batch)
        self.assertEqual(set(arms), set(leads))
        for row in leads.assignment_ids:
            self.assertEqual((row.arm, row.experiment_id), (arms[row.lead_id], self.experiment))
        self.assertEqual(len(leads.assignment_ids), len(leads))
        return arms

    def test_a_file_is_dealt_and_each_line_up_is_that_of_its_way(self):
        batch = self.prepare(30)
        batch.action_start()
        arms = self.check(batch)
        self.assertLessEqual(abs(list(arms.values()).count("b") - 15), 2)
        for row in batch.run_id.assignment_ids:
            wizard = self.env["lead.distribution.line.up"].with_user(self.manager).create({"assignment_id": row.id})
            self.assertEqual(len(wizard.line_ids), 2)
            self.assertIn(row.user_name, wizard.answer)

    def test_what_is_stopped_and_taken_up_again_has_dealt_what_was_imported(self):
        batch = self.prepare(1200)
        batch.action_start()
        self.assertEqual(batch.state, "importing")
        self.assertFalse(self.env["lead.distribution.experiment.deal"].search_count([]), "no lead, no deal")
        add_to_counts(batch.sudo(), import_chunk(batch.sudo()._start_session()))
        self.assertEqual(len(self.check(batch)), 1000)
        batch.action_cancel()
        self.assertEqual(batch.state, "cancelled")
        self.assertEqual(len(self.check(batch)), 1000)
        self.assertEqual(batch.run_id.leads_distributed, 1000)

    def test_in_the_background_all_rows_go_the_way_they_were_dealt_to(self):
        batch = self.prepare(600)
        batch.action_start()
        planned = {row.arm for row in batch.row_ids}
        self.assertEqual(planned, {"a", "b"})
        self.experiment.action_stop()
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(batch.state, "done")
        self.assertEqual(len(self.check(batch)), 600)

    def test_another_strategy_for_the_import_was_chosen_by_somebody_not_by_chance(self):
        batch = self.prepare(10, strategy="level_based")
        batch.action_start()
        self.assertEqual(batch.run_id.strategy, "level_based")
        self.assertFalse(self.env["lead.distribution.experiment.deal"].search_count([]))
        self.assertFalse(batch.run_id.experiment_id or batch.run_id.assignment_ids.experiment_id)
