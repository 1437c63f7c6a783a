import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

PAGE = Path(__file__).resolve().parents[4] / "docs" / "administrator" / "data-protection.md"
OURS = "odoo.addons.lead_distribution"


@tagged("post_install", "-at_install")
class TestDataProtection(TransactionCase):
    """The page for administrators says of every table what it keeps of people, and for how long."""

    def test_every_table_of_ours_has_a_line_that_says_what_for_and_how_long(self):
        lines = re.findall(r"^\| [^|]+ \| `([a-z.]+)` \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
        self.assertEqual(sorted(name for name, _what, _how_long in lines), sorted(self.get_tables()))
        self.assertFalse([name for name, what, how_long in lines if not (what.strip() and how_long.strip())])

    def get_tables(self):
        """Return the models of ours that are kept: no form, nothing that is only counted."""
        for name, model in self.env.items():
            modules = [cls.__module__ for cls in type(model).__mro__ if getattr(cls, "_name", None) == name
                       and cls.__module__.startswith("odoo.addons.")]  # fmt: skip
            if model._auto and not model._transient and not model._abstract and modules[-1].startswith(OURS):
                yield name

    def test_settings_that_the_page_names_are_there(self):
        campaign = self.env["lead.distribution.campaign"]._fields
        text = " ".join(PAGE.read_text().split())
        for name in ("retention_days", "mask_personal_data", "archive_history"):
            self.assertIn(f"*{campaign[name].string}*", text)
