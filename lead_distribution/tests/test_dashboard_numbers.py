from datetime import timedelta
from random import Random

from odoo.tests import tagged

from .common import DistributionCase

AGES = (0, 3, 9, 25, 40, 80, 130, 200, 400, 500)  # days since the runs


def percentile(values, share):
    """Return the value below which a share of the values lies, between two values in proportion."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return round(values[low] + (values[high] - values[low]) * (place - low), 1)


@tagged("post_install", "-at_install")
class TestDashboardNumbers(DistributionCase):
    """The figures of a history of runs of all kinds against a count of the single rows in Python."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rng = Random(5)
        cls.campaign.notify_salespeople = "none"
        cls.campaign.notify_responsible = False
        other = cls.make_campaign("Apple", cls.bob, cls.cem, notify_salespeople="none", notify_responsible=False)
        for campaign in (cls.campaign, other):
            campaign.pool_ids[0].copy({"campaign_id": campaign.id, "holder": "active_member"})
            for age in AGES:
                cls.make_leads(rng.randint(2, 5))
                cls.make_leads(rng.randint(1, 3), user_id=cls.bob.id)
                cls._make_past(campaign.distribute(max_leads=6), age, rng)
                cls.env["crm.lead"].search([]).active = False
        cls.runs = cls.env["lead.distribution.run"].search(
            [("campaign_id", "in", (cls.campaign + other).ids)], order="id"
        )
        cls._revert_in_part(cls.runs[5])
        cls.make_leads(3)
        cls.campaign.simulate()  # a plan counts nowhere
        cls.env.flush_all()

    @classmethod
    def _make_past(cls, run, age, rng):
        """Date a run back; most of its leads were touched after a while."""
        for records in (run, run.assignment_ids, run.member_line_ids):
            records.sudo().write({"distribution_date": cls.today - timedelta(days=age)})
        for row in run.assignment_ids.sudo():
            if rng.random() < 0.7:
                hours = round(rng.random() * 50, 3)
                row.write(
                    {
                        "first_action_on": row.applied_on,
                        "hours_to_action": hours,
                        "working_hours_to_action": hours / 3,
                    }
                )

    @classmethod
    def _revert_in_part(cls, run):
        leads = run.assignment_ids.lead_id
        leads.active = True
        leads[0].lead_status_id = cls.status["in_progress"]  # somebody works on it: it stays
        run.action_revert()

    def count(self, first, last, campaign):
        """Return the figures of a period, row by row."""
        rows = self.env["lead.distribution.assignment"].search([("run_id", "in", self.runs.ids)])
        rows = rows.filtered(
            lambda row: first <= row.distribution_date <= last
            and (not campaign or row.campaign_id == campaign)
            and row.kind == "distribution"
            and row.state == "done"
            and row.run_id.state == "done"
        )
        hours = [row.working_hours_to_action for row in rows if row.first_action_on]
        moved = sum(1 for row in rows if row.previous_user_id)
        return {
            "distributed": len(rows),
            "median": percentile(hours, 0.5) if hours else None,
            "p90": percentile(hours, 0.9) if hours else None,
            "reassigned": round(moved / len(rows) * 100, 1) if rows else 0,
        }

    def check(self, days, campaign):
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(
            campaign_id=campaign.id or None, days=days
        )  # fmt: skip
        figures = {figure["key"]: figure for figure in data["figures"]}
        first = self.today - timedelta(days=days - 1)
        now = self.count(first, self.today, campaign)
        before = self.count(first - timedelta(days=days), first - timedelta(days=1), campaign)
        for key, value in now.items():
            with self.subTest(days=days, campaign=campaign.name, figure=key):
                self.assertEqual(figures[key]["value"], value)
                known = before[key] and value is not None
                change = round((value - before[key]) / before[key] * 100, 1) if known else None
                self.assertEqual(figures[key]["change"], change)
        self.assertEqual(sum(day["distributed"] for day in data["per_day"]), now["distributed"])
        return now

    def test_every_period_of_one_campaign_and_of_all(self):
        seen = [
            self.check(days, campaign)
            for days in (7, 30, 90, 365)
            for campaign in (self.campaign, self.env["lead.distribution.campaign"])
        ]
        self.assertGreater(seen[-1]["reassigned"], 0)
        self.assertGreater(seen[-1]["distributed"], seen[0]["distributed"])

    def test_a_run_that_was_reverted_in_part_is_among_them(self):
        reverted = self.env["lead.distribution.run"].search([("state", "=", "reverted")])
        self.assertEqual(set(reverted.assignment_ids.mapped("state")), {"done", "reverted"})

    def test_a_salesperson_gets_the_same_hours_from_the_own_rows(self):
        rows = self.env["lead.distribution.assignment"].search([("user_id", "=", self.bob.id)])
        recent = rows.filtered(lambda row: row.distribution_date > self.today - timedelta(days=30))
        mine = recent.filtered(lambda row: row.state == "done" and row.kind == "distribution")
        hours = [row.hours_to_action for row in mine if row.first_action_on]
        data = self.env["lead.distribution.dashboard"].with_user(self.bob).get_data()
        figures = {figure["key"]: figure["value"] for figure in data["figures"]}
        self.assertEqual((figures["received"], figures["median"]), (len(mine), percentile(hours, 0.5)))
