from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestImportTour(DistributionCase, HttpCase):
    """A manager imports a file in a real browser, with an error row, and undoes it."""

    def test_the_whole_wizard_with_an_error_row_and_an_undo(self):
        with mute_logger("odoo.http"):  # no caller ticked is refused, and Odoo logs refusals
            self.start_tour("/odoo/lead-import", "lead_distribution_import", login="mia@test")
        batch = self.env["lead.import.batch"].search([], limit=1)
        self.assertEqual((batch.state, batch.user_id), ("undone", self.manager))
        self.assertEqual({v.value: v.status_id.code for v in batch.value_ids}, {"neu": "new", "heiss": "call_back"})
        self.assertEqual(batch.counts, {"undone": 4, "skipped": 1, "error": 1})
        self.assertFalse(self.env["crm.lead"].search([("import_batch_id", "=", batch.id)]))
        self.assertEqual(len(batch.run_id.assignment_ids), 4, "the history outlives the leads")
