from collections import Counter
from unittest.mock import patch

import babel.dates

from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestGroupOrder(DistributionCase):
    """Groups of leads, of the history and of tracking lines come as people are in order everywhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.ann + cls.bob + cls.cem:
            user.name = {cls.ann: "Zoe", cls.bob: "Abe", cls.cem: "Mia"}[user]  # not in the order of their numbers
        cls.make_leads(7)
        cls.handed = cls.campaign.distribute()
        cls.make_leads(1)
        cls.handed.assignment_ids.sudo()[0].previous_user_id = cls.cem

    def list_groups(self, model, order, groupby="user_id", domain=()):
        groups = self.env[model].formatted_read_group(list(domain), [groupby], ["__count"], order=order)
        return [group[groupby] and group[groupby][1] for group in groups]

    def test_people_come_by_name_and_what_is_nobodys_last(self):
        own = [("campaign_id", "=", self.campaign.id)]
        self.assertEqual(self.list_groups("lead.distribution.assignment", "user_id", domain=own), ["Abe", "Mia", "Zoe"])
        self.assertEqual(self.list_groups("lead.distribution.run.member", None, domain=own), ["Abe", "Mia", "Zoe"])
        of_before = self.list_groups("lead.distribution.assignment", None, "previous_user_id", own)
        self.assertEqual(of_before, ["Mia", False])
        leads = [("holder_id", "in", [False, *(self.ann + self.bob + self.cem).ids])]
        self.assertEqual(self.list_groups("crm.lead", None, "holder_id", leads), ["Abe", "Mia", "Zoe", False])

    def test_backwards_by_number_and_with_nobody_first_as_asked_for(self):
        leads = [("holder_id", "in", [False, *(self.ann + self.bob + self.cem).ids])]
        for order, expected in {
            "holder_id desc": [False, "Zoe", "Mia", "Abe"],
            "holder_id DESC NULLS LAST": ["Zoe", "Mia", "Abe", False],
            "holder_id nulls first": [False, "Abe", "Mia", "Zoe"],
        }.items():
            self.assertEqual(self.list_groups("crm.lead", order, "holder_id", leads), expected, order)
        own = [("campaign_id", "=", self.campaign.id)]
        counts = Counter(row.user_id.name for row in self.handed.assignment_ids)
        expected = sorted(sorted(counts, reverse=True), key=counts.get)
        fewest_first = self.list_groups("lead.distribution.assignment", "__count, user_id desc", domain=own)
        self.assertEqual(fewest_first, expected)

    def test_pages_of_groups_go_on_where_the_one_before_ended(self):
        own = [("campaign_id", "=", self.campaign.id)]
        rows = self.env["lead.distribution.assignment"]
        pages = [rows.web_read_group(own, ["user_id"], ["__count"], limit=1, offset=place) for place in range(3)]
        self.assertEqual([page["groups"][0]["user_id"][1] for page in pages], ["Abe", "Mia", "Zoe"])
        self.assertEqual(pages[0]["length"], 3)

    def test_the_database_sorts_groups_and_no_rows(self):
        rows = self.env["lead.distribution.assignment"]
        with self.assertQueries([OF_ROWS], flush=False):
            rows._read_group([("campaign_id", "=", self.campaign.id)], ["user_id"], ["__count"], order="user_id")

    def test_each_day_and_each_person_of_many_cells_is_worded_once(self):
        rows, worded = self.env["lead.distribution.assignment"], []
        own = [("campaign_id", "=", self.campaign.id)]
        self.handed.assignment_ids.sudo()[:2].distribution_date = "2026-01-06"
        format_date = babel.dates.format_date

        def count(day, **how):
            worded.append(day)
            return format_date(day, **how)

        with patch.object(babel.dates, "format_date", count):
            cells = rows.formatted_read_group(own, ["distribution_date:week", "user_id"], ["__count"])
        self.assertEqual(sum(cell["__count"] for cell in cells), 7)
        self.assertEqual(len(cells), 5)
        self.assertEqual(len(worded), 2)
        for cell in cells:
            self.assertEqual(rows.search_count(cell["__extra_domain"] + own), cell["__count"])
            self.assertIn(cell["user_id"][1], ("Abe", "Mia", "Zoe"))
        self.assertEqual({cell["distribution_date:week"][1] for cell in cells} & {"W2 2026"}, {"W2 2026"})


OF_ROWS = """
    SELECT "lead_distribution_assignment"."user_id", COUNT(*)
    FROM "lead_distribution_assignment"
    WHERE "lead_distribution_assignment"."campaign_id" IN %s
    GROUP BY "lead_distribution_assignment"."user_id"
    ORDER BY array_position((
        SELECT array_agg("res_users"."id" ORDER BY "res_users__partner_id"."name", "res_users"."login")
        FROM "res_users"
        LEFT JOIN "res_partner" AS "res_users__partner_id"
        ON ("res_users"."partner_id" = "res_users__partner_id"."id")
    ), "lead_distribution_assignment"."user_id") ASC
"""
