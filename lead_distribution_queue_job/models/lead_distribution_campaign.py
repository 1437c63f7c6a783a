from odoo import api, models

from odoo.addons.lead_distribution.applying.locks import beside_live
from odoo.addons.lead_distribution.planning.schedule import find_due
from odoo.addons.queue_job.exception import RetryableJobError


class LeadDistributionCampaign(models.Model):
    """The scheduled action hands out jobs instead of doing the work itself."""

    _inherit = "lead.distribution.campaign"

    @api.model
    def _cron_distribute(self):
        """Make a job of each campaign that is due, and jobs of runs that nobody works on.

        So it also picks up what was left behind: a campaign whose job was lost is still due,
        a run whose jobs have failed gets one that finishes it.
        """
        for campaign in find_due(self.env):
            campaign._delay_scheduled_run()
        for run in self.env["lead.distribution.run"].search([("state", "=", "applying")]):
            run._delay_applying()

    def _delay_scheduled_run(self):
        self.ensure_one()
        return self.with_delay(
            identity_key=f"lead_distribution.plan.{self.id}",
            description=self.env._("Plan %s", self.name),
        )._job_scheduled_run()

    def _job_scheduled_run(self):
        """Plan the run that is due, unless another job has done it, and make jobs of its batches.

        One transaction: a worker that is killed leaves nothing behind, and the job is done again.
        """
        self.ensure_one()
        with beside_live(self.env):
            return self._plan_as_job()

    def _plan_as_job(self):
        if not self.try_lock_for_update(allow_referencing=True):
            raise RetryableJobError("The campaign is being changed or planned.")
        self.invalidate_recordset(["next_run", "frequency", "active"])
        if self not in find_due(self.env):
            return self.env._("Nothing was due any more.")
        self._start_scheduled_run()
        runs = self.env["lead.distribution.run"].search([("campaign_id", "=", self.id), ("state", "=", "applying")])
        for run in runs:
            run._delay_applying()
        return self.env._("%s leads in batches", sum(runs.mapped("leads_planned")))
