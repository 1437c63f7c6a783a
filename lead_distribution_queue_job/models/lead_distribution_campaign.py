from odoo import models

from odoo.addons.lead_distribution.applying.locks import beside_live
from odoo.addons.lead_distribution.planning.rows import find_unfinished
from odoo.addons.lead_distribution.planning.schedule import find_due
from odoo.addons.queue_job.exception import RetryableJobError


class LeadDistributionCampaign(models.Model):
    """A run that is due is a job; the rest of what the scheduled action does is as without jobs."""

    _inherit = "lead.distribution.campaign"

    def _leave_to_others(self):
        """Make a job of the run that is due, unless one is ahead; a campaign whose job was lost is still due."""
        self.ensure_one()
        self.with_delay(
            identity_key=f"lead_distribution.plan.{self.id}",
            description=self.env._("Plan %s", self.name),
        )._job_scheduled_run()
        return True

    def _job_scheduled_run(self):
        """Plan the run that is due, unless another job has done it, and make jobs of its batches.

        Where a campaign is live it commits, before it begins and when it has ended. What is between is one
        transaction: a worker that is killed leaves nothing behind, and the job is done again.
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
        runs = find_unfinished(self)
        for run in runs:
            run._delay_applying()
        return self.env._("%s leads in batches", sum(runs.mapped("leads_planned")))
