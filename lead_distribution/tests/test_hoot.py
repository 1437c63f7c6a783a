from odoo.tests import HttpCase, no_retry, tagged


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of the interface, in a real browser, without a server behind them."""

    @no_retry
    def test_unit_tests_of_the_dashboard(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={self.get_hash('@lead_distribution')}",
            code="",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )

    @staticmethod
    def get_hash(suite):
        """Return how hoot names a suite in its address."""
        value = 0
        for char in suite:
            value = ((value << 5) - value + ord(char)) & 0xFFFFFFFF
        return f"{value:08x}"
