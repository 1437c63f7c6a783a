"""What the update of an existing database does to its runs."""

from datetime import timedelta

from odoo import fields
from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestMigrationRuns(DistributionCase):
    def migrate(self, name, to="19.0.1.1.0"):
        self.env.flush_all()
        path = file_path(f"lead_distribution/migrations/{to}/{name}.py")
        load_script(path, name).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_of_several_runs_being_applied_the_oldest_goes_on_and_the_others_can_later(self):
        self.make_leads(6)
        first, second = self.campaign.simulate(), self.campaign.simulate()
        imported = self.campaign.simulate()
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX lead_distribution_run_one_applying_idx")
        (first | second | imported).write({"state": "applying"})
        imported.origin = "import"
        self.migrate("pre-one-run")
        self.assertEqual((first.state, second.state, imported.state), ("applying", "failed", "applying"))
        self.assertIn("Go on", second.error)
        first.action_apply()
        second.action_apply()
        self.assertEqual((first.leads_distributed, second.state, second.leads_distributed), (6, "done", 0))

    def test_reverted_runs_know_how_many_leads_they_have_not_put_back(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        leads[0].user_id = self.manager
        run.action_revert()
        run.leads_kept = 0
        self.migrate("post-reverted-runs")
        self.assertEqual(run.leads_kept, 1)

    def test_moments_without_microseconds_are_those_of_the_history_again(self):
        self.campaign.pool_mode = "all"
        leads = self.make_leads(3)
        first = self.campaign.distribute()
        moment = first.assignment_ids[0].applied_on
        leads[:2].write({"distributed_on": moment.replace(microsecond=0), "received_on": moment.replace(microsecond=0)})
        leads[1].received_on = "2020-01-01 00:00:00"
        self.assertTrue(self.campaign.verify_assignments()["problems"])
        self.migrate("post-moments")
        self.assertEqual(set(leads.mapped("distributed_on")), {moment})
        self.assertEqual([lead.received_on.year for lead in leads], [moment.year, 2020, moment.year])
        self.assertFalse(self.campaign.verify_assignments()["problems"])
        first.action_revert()
        self.assertEqual((first.leads_kept, leads.user_id), (0, self.env["res.users"]))

    def test_rows_of_before_say_how_often_their_lead_has_changed_hands_as_new_ones_do(self):
        self.campaign.pool_mode = "all"
        lead, other = self.make_leads(1), self.make_leads(1)
        rows = self.campaign.distribute(lead_ids=(lead | other).ids).assignment_ids
        for _turn in range(2):
            rows |= self.campaign.distribute(lead_ids=lead.ids).assignment_ids
        planned = self.campaign.simulate(lead_ids=other.ids).assignment_ids
        told = {row: row.handed_on for row in rows}
        self.assertEqual(sorted(told.values()), [0, 0, 1, 2])
        self.env.flush_all()
        self.env.cr.execute("UPDATE lead_distribution_assignment SET handed_on = NULL")
        self.migrate("post-changes-of-hands", "19.0.1.4.0")
        self.assertEqual({row: row.handed_on for row in rows}, told)
        self.env.cr.execute(
            "SELECT state, count(*), count(handed_on) FROM lead_distribution_assignment "
            "WHERE id = ANY(%s) GROUP BY state ORDER BY state",
            [(rows | planned).ids],
        )
        self.assertEqual(self.env.cr.fetchall(), [("done", 4, 4), ("planned", 1, 0)], "what is done counts in averages")

    def test_nobody_declines_or_takes_leads_of_a_campaign_that_was_there_already(self):
        self.campaign.write({"decline_mode": "next", "pull_at_once": 10, "first_action_hours": 0})
        self.migrate("post-following", "19.0.1.4.0")
        self.assertEqual((self.campaign.decline_mode, self.campaign.pull_at_once), ("off", 0))

    def test_absences_that_are_still_to_come_have_the_cover_that_they_say(self):
        now, absences = fields.Datetime.now(), self.env["lead.distribution.absence"]
        for user, days, cover in ((self.ann, -1, "campaign"), (self.bob, 2, "campaign"), (self.cem, 2, "none")):
            moments = {"date_from": now + timedelta(days=days), "date_to": now + timedelta(days=days + 5)}
            absences |= absences.create({"user_id": user.id, "cover": cover, **moments})
        absences.sudo().cover_state = False
        self.migrate("post-following", "19.0.1.4.0")
        self.assertEqual(absences.mapped("cover_state"), [False, "waiting", False])
