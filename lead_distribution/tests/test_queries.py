from odoo.tests import tagged

from odoo.addons.lead_distribution.planning.request import PlanRequest

from ..planning.workload import count_workload
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestQueries(DistributionCase):
    """Sets, not loops: more leads do not mean more queries."""

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_finding_takes_the_same_queries_for_ten_times_the_leads(self):
        self.make_leads(30)
        self._count(lambda: self.campaign._find_leads(PlanRequest()))
        few = self._count(lambda: self.campaign._find_leads(PlanRequest()))
        self.make_leads(300)
        self.assertLessEqual(self._count(lambda: self.campaign._find_leads(PlanRequest())), few)

    def test_a_run_on_ten_times_the_leads_does_not_take_ten_times_the_queries(self):
        self.make_leads(30)
        self.campaign.distribute()
        self.make_leads(30)
        few = self._count(self.campaign.distribute)
        self.make_leads(300)
        many = self._count(self.campaign.distribute)
        self.assertLess(many, few * 2)

    def test_the_workload_of_all_people_is_one_query(self):
        users = self.ann + self.bob + self.cem
        self.make_leads(9, user_id=self.ann.id)
        self.env.flush_all()
        self.assertEqual(self.status["new"].code, "new")  # the statuses are in the cache
        with self.assertQueryCount(1):
            count_workload(self.env, users)
