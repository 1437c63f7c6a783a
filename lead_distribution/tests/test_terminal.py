"""One call of the command, without another process."""

from types import SimpleNamespace
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..terminal.session import Session
from ..work import transactions
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestTerminal(DistributionCase):
    def make_session(self, **options):
        usual = {"campaign": "Voice", "config": None, "user": None, "log_level": "ERROR", "cancel_unfinished": False}
        return Session(self.env, SimpleNamespace(**{**usual, **options}))

    def test_two_commands_that_collide_wait_for_different_times(self):
        def collide():
            raise SerializationFailure()

        waits = []
        for _command in range(2):
            waited = []
            with (
                patch.object(transactions.time, "sleep", waited.append),
                patch.object(self.env.cr, "rollback", lambda: None),
                self.assertRaises(SerializationFailure),
            ):
                self.make_session()._retry(collide)
            self.assertTrue(all(0 <= seconds <= number for number, seconds in enumerate(waited, 1)), waited)
            waits.append(waited)
        self.assertNotEqual(*waits)

    def test_nobody_has_the_rights_of_the_system_by_a_blank_login(self):
        with self.assertRaises(UserError):
            self.make_session(user="")

    def test_a_report_is_mailed_as_the_form_says_now(self):
        text = {"campaign": {"name": "Mailed"}, "reporting": {"email_notification": True}}
        campaign = self.campaign.browse().load_config(text)
        session = self.make_session(email_notification=False)
        for chosen in ("run", "weekly", "none"):
            campaign.report_mail = chosen
            self.assertEqual(session._wants_mail(campaign), chosen == "run", chosen)
        self.assertTrue(self.make_session(email_notification=True)._wants_mail(campaign))

    def test_plans_that_are_compared_are_called_by_what_they_were_made_with(self):
        self.make_leads(4)
        usual = {"override_date_range": None, "max_leads": None, "seed": None}
        self.campaign.strategy = "least_loaded"
        for strategy, is_forced, own in (
            (None, False, "least_loaded"),
            ("weighted", False, "weighted"),
            (None, True, "round_robin"),
        ):
            options = {**usual, "strategy": strategy, "force_round_robin": is_forced}
            session = self.make_session(simulate_against="random, proportional", **options)
            plans = session._plan_all(self.campaign)
            self.assertEqual({name: plan["strategy"] for name, plan in plans.items()},
                             {name: name for name in (own, "random", "proportional")})  # fmt: skip

    def test_a_run_of_all_companies_is_gone_on_with_by_those_who_may(self):
        self.make_leads(1)
        run = self.campaign.simulate()
        run.state = "applying"
        self.campaign.company_id = False
        self.env["res.company"].create({"name": "Other"})
        session = self.make_session(user="mia@test")
        with self.assertRaises(AccessError):
            session._get_run(session.campaigns.browse(self.campaign.id))
