"""What changes in databases that are there already."""

import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, tagged

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def load_migration(path):
    """Return a script of the folder of migrations as a module."""
    spec = importlib.util.spec_from_file_location("migration", FOLDER / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestMigrations(TransactionCase):
    def test_to_dos_that_are_there_already_are_closed_when_their_cause_is_gone(self):
        campaign = self.env["lead.distribution.campaign"].create({"name": "Voice", "user_id": self.env.uid})
        migration = load_migration("19.0.1.2.0/post-todos.py")
        for summary, note, kind in (
            ("Lead distribution failed", "Nobody can receive leads: no members", "nobody"),
            ("Lead distribution failed", "The strategy failed", "failed"),
            ("Import of leads failed", "", "import"),
            ("Call Ann", "Nobody can receive leads", False),
        ):
            todo = campaign.activity_schedule(summary=summary, note=note, user_id=self.env.uid)
            self.env.flush_all()
            for version in (None, "19.0.1.1.0"):
                migration.migrate(self.env.cr, version)
                self.env.invalidate_all()
                self.assertEqual(todo.lead_distribution_todo, kind if version else False)

    def test_the_subject_of_reports_gets_its_figures_and_keeps_its_words(self):
        template = self.env.ref("lead_distribution.mail_template_run_report")
        migration = load_migration("19.0.1.1.0/post-report_subject.py")
        for subject, after in (
            ("Ours: {{ object.leads_distributed }}/{{ object.leads_found }}",
             "Ours: {{ object.leads_distributed ||| 0}}/{{ object.leads_found ||| 0}}"),
            ("{{ object.leads_distributed ||| 0}}", "{{ object.leads_distributed ||| 0}}"),
            ('Say "hello"', 'Say "hello"'),
        ):  # fmt: skip
            template.subject = subject
            self.env.flush_all()
            for version in (None, "19.0.1.0.0"):
                migration.migrate(self.env.cr, version)
                self.env.invalidate_all()
                self.assertEqual(template.subject, after if version else subject)
