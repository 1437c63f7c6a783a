"""What changes in databases that have an older version of the addon."""

import importlib.util
from pathlib import Path

from odoo.tests import tagged

from .common import DistributionCase

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


@tagged("post_install", "-at_install")
class TestMigrationTexts(DistributionCase):
    def migrate(self, version, name):
        """Run one script as an upgrade from the version before does."""
        spec = importlib.util.spec_from_file_location("script", FOLDER / version / name)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, None)  # a new database: nothing to do
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_lines_that_were_comments_do_not_become_texts(self):
        row = self.env["lead.distribution.filter"].create(
            {"campaign_id": self.campaign.id, "values_text": "# heading\ngoogle\n  # more\nbing #1",
             "wildcards_text": "#only"}
        )  # fmt: skip
        plain = row.copy({"values_text": "google\n\nbing", "wildcards_text": "goo*"})
        self.campaign.sales_exclude_stages = "Lost\n#Parked"
        self.migrate("19.0.1.1.0", "post-texts_are_whole.py")
        self.assertEqual((row.values_text, row.wildcards_text), ("google\nbing #1", False))
        self.assertEqual((plain.values_text, plain.wildcards_text), ("google\n\nbing", "goo*"))
        self.assertEqual(self.campaign.sales_exclude_stages, "Lost\n")
