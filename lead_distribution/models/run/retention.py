from odoo import api, models

from ...reporting.retention import mask_old_names, remove_expired, remove_old_plans


class LeadDistributionRun(models.Model):
    """How long the history is kept.

    The daily clean-up writes rows past their age into compressed CSV files, and removes
    them in the same transaction.
    """

    _inherit = "lead.distribution.run"

    @api.autovacuum
    def _gc_history(self):
        """Archive and remove one batch of each campaign; the clean-up calls again while something remains.

        :return: (rows removed, rows that remain)
        """
        campaigns = self.env["lead.distribution.campaign"].with_context(active_test=False)
        campaigns = campaigns.search([("retention_days", ">", 0)], order="id")
        figures = [remove_expired(campaign) for campaign in campaigns]
        return sum(done for done, _left in figures), sum(left for _done, left in figures)

    @api.autovacuum
    def _gc_plans(self):
        """Remove plans that nobody has applied for a long time; the clean-up calls again while some remain."""
        done, is_more = remove_old_plans(self.env)
        return done, int(is_more)

    @api.autovacuum
    def _gc_personal_data(self):
        """Mask the names of leads in the history after the campaign's number of days."""
        done = 0
        campaigns = self.env["lead.distribution.campaign"].with_context(active_test=False)
        for campaign in campaigns.search([("mask_personal_data", "=", True)], order="id"):
            masked, is_more = mask_old_names(campaign)
            done += masked
            if is_more:
                return done, 1
        return done, 0
