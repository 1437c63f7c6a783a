import select
from contextlib import contextmanager

from odoo.sql_db import db_connect
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestWake(DistributionCase):
    """The scheduler is told once a commit that there is something to do, whatever was triggered in it."""

    @contextmanager
    def hear(self):
        """Collect the messages to the scheduler about this database, as the scheduler does."""
        heard = []
        with db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True  # who listens does so from the end of a transaction
            cr.execute("LISTEN cron_trigger")
            yield heard
            with db_connect("postgres").cursor() as last:  # messages come in the order of the commits
                last.execute("SELECT pg_notify('cron_trigger', 'end')")
            while "end" not in (payloads := [message.payload for message in cr._cnx.notifies]):
                select.select([cr._cnx], [], [], 60)
                cr._cnx.poll()
            heard += [payload for payload in payloads if payload == self.env.cr.dbname]

    def end_transaction(self):
        """Do what a commit does besides committing."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.cr.postcommit.run()

    def test_a_lead_that_comes_wakes_the_scheduler_once_though_others_trigger_actions_too(self):
        self.campaign.is_live = True
        self.end_transaction()
        with self.hear() as heard:
            self.make_leads(3)
            self.env.ref("lead_distribution.ir_cron_import")._trigger()
            self.env.ref("lead_distribution.ir_cron_distribute")._trigger()
            self.end_transaction()
        self.assertEqual(len(heard), 1)

    def test_each_commit_wakes_it_anew(self):
        self.campaign.is_live = True
        self.end_transaction()
        with self.hear() as heard:
            for _lead in range(3):
                self.make_leads(1)
                self.end_transaction()
        self.assertEqual(len(heard), 3)

    def test_a_lead_wakes_nobody_to_hand_it_out_without_a_live_campaign(self):
        self.make_leads(1)
        self.end_transaction()
        live = self.env.ref("lead_distribution.ir_cron_live")
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", live.id)]))
