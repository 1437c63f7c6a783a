from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.finding import dates
from odoo.addons.lead_distribution.planning.facts import find_classes
from odoo.addons.lead_distribution.tools.limits import LONGEST_DAYS

from .common import DistributionCase

EAST, WEST = "Asia/Tokyo", "America/Los_Angeles"
SECOND = timedelta(seconds=1)


@tagged("post_install", "-at_install")
class TestZones(DistributionCase):
    """Ages and windows count the dates of the campaign's time zone, also of dates with a time."""

    def lead_field(self, name):
        return self.env["ir.model.fields"]._get("crm.lead", name)

    def set_moment(self, lead, name, moment):
        lead.flush_recordset()
        self.env.cr.execute(f"UPDATE crm_lead SET {name} = %s WHERE id = %s", (moment, lead.id))
        lead.invalidate_recordset()

    def make_moments(self, days, tz, name="create_date"):
        """Return two leads: of the first second of the day so many days ago there, and of the second before."""
        start = dates.day_start(dates.days_before(dates.get_today(datetime.utcnow(), tz), days), tz)
        inside, outside = self.make_leads(), self.make_leads()
        self.set_moment(inside, name, start)
        self.set_moment(outside, name, start - SECOND)
        return inside, outside

    def test_r38_the_age_of_opportunities_counts_dates_of_the_campaigns_zone(self):
        for tz in (EAST, WEST, "UTC"):
            self.campaign.write({"tz": tz, "use_sales_filter": True, "sales_days": 30, "use_window": False})
            leads = self.make_leads() + self.make_leads()
            for lead, opportunity in zip(leads, self.make_moments(30, tz, "date_open"), strict=True):
                lead.partner_id = self.env["res.partner"].create({"name": "Customer"})
                opportunity.write({"type": "opportunity", "partner_id": lead.partner_id.id})
            self.assertEqual(self.find(lead_ids=leads.ids), (leads[1], {"sales": 1}), tz)

    def test_r23_both_edges_of_the_window_are_days_of_the_campaigns_zone(self):
        for tz in (EAST, WEST):
            self.campaign.write({
                "tz": tz, "window_field_id": self.lead_field("create_date").id,
                "younger_than_days": 30, "older_than_days": 2,
            })  # fmt: skip
            old, too_old = self.make_moments(30, tz)
            too_new, new = self.make_moments(2, tz)
            self.assertEqual(self.find(lead_ids=(old + too_old + too_new + new).ids)[0], old + new, tz)
            own = [line["in_window"] for line in self.campaign.get_workload()]
            self.assertEqual(sum(own), 0)
            (old + too_old + too_new + new).user_id = self.ann
            self.assertEqual(sum(line["in_window"] for line in self.campaign.get_workload()), 2, tz)
            (old + new + too_new + too_old).active = False

    def test_r42_dropback_ages_on_a_date_with_time_count_days_of_the_campaigns_zone(self):
        self.campaign.write({
            "use_window": False, "use_dropback": True,
            "dropback_threshold_ids": [Command.create(
                {"days": 30, "date_field_id": self.lead_field("create_date").id})],
            "dropback_rule_ids": [Command.create({"name": "x", "is_default": True, "user_id": self.manager.id})],
        })  # fmt: skip
        for tz in (EAST, WEST):
            self.campaign.tz = tz
            young, old = self.make_moments(30, tz)
            run = self.campaign.simulate(lead_ids=(young + old).ids)
            self.assertEqual([row["lead_id"] for row in run.to_dict()["dropback"]], old.ids, tz)

    def test_r25_weekends_are_those_of_the_campaigns_zone_and_no_date_is_no_weekend(self):
        saturday = self.today - timedelta(days=(self.today.weekday() + 2) % 7 + 7)
        self.campaign.write({
            "use_window": False, "exclude_weekends": True, "window_field_id": self.lead_field("date_open").id,
        })  # fmt: skip
        for tz in (EAST, WEST):
            self.campaign.tz = tz
            leads = {}
            for day, number in ((saturday, 0), (saturday, 1), (saturday, 2)):
                start = dates.day_start(day + timedelta(days=number), tz)
                for at in (start - SECOND, start):
                    lead = self.make_leads()
                    self.set_moment(lead, "date_open", at)
                    leads[number, at < start] = lead
            never = self.make_leads()
            expected = leads[0, True] + leads[2, False] + never
            everything = self.env["crm.lead"].union(*leads.values()) + never
            self.assertEqual(self.find(lead_ids=everything.ids)[0], expected.sorted("id"), tz)

    def make_holiday(self, start, end):
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Europe/Brussels"
        values = {"name": "Holiday", "calendar_id": calendar.id, "date_from": start, "date_to": end}
        return self.env["resource.calendar.leaves"].create(values)

    def test_r25_a_public_holiday_is_a_day_of_its_calendar_whatever_the_campaigns_zone(self):
        self.make_holiday("2025-12-24 23:00:00", "2025-12-25 22:59:59")  # 25 December in Brussels
        self.make_holiday("2025-06-30 22:00:00", "2025-07-01 22:00:00")  # 1 July, up to midnight
        self.campaign.write({"exclude_holidays": True, "use_window": False})
        days = ["2025-12-24", "2025-12-25", "2025-12-26", "2025-06-30", "2025-07-01", "2025-07-02"]
        leads = self.env["crm.lead"].concat(*(self.make_leads(source_date=day) for day in days))
        for tz in ("UTC", "Europe/Brussels", EAST, WEST):
            self.campaign.tz = tz
            self.assertEqual(self.find()[0], leads[0] + leads[2] + leads[3] + leads[5], tz)

    def test_r25_the_whole_day_of_a_public_holiday_leaves_of_a_date_with_time(self):
        self.make_holiday("2025-12-24 23:00:00", "2025-12-25 22:59:59")
        self.campaign.write({
            "exclude_holidays": True, "use_window": False, "tz": "Europe/Brussels",
            "window_field_id": self.lead_field("create_date").id,
        })  # fmt: skip
        taken = self.env["crm.lead"]
        for moment, stays in (("12-24 22:59:59", True), ("12-24 23:00:00", False), ("12-25 12:00:00", False),
                              ("12-25 22:59:59", False), ("12-25 23:00:00", True)):  # fmt: skip
            lead = self.make_leads()
            self.set_moment(lead, "create_date", f"2025-{moment}")
            taken |= lead if stays else taken
        self.assertEqual(self.find()[0], taken)

    def test_r79_the_class_counts_days_of_the_companys_calendar(self):
        for tz in (EAST, WEST):
            self.env.company.resource_calendar_id.tz = tz
            self.assertEqual(self.classes(7, tz), ["fresh", "urgent"])
            self.assertEqual(self.classes(30, tz), ["urgent", "stale"])

    def test_r79_each_company_has_its_own_days(self):
        self.env.company.resource_calendar_id.tz = "UTC"
        calendar = self.env["resource.calendar"].create({"name": "East", "tz": EAST})
        east = self.env["res.company"].create({"name": "East", "resource_calendar_id": calendar.id})
        calendar.tz = EAST
        self.assertEqual(self.classes(7, EAST, company_id=east.id), ["fresh", "urgent"])
        self.assertEqual(self.classes(7, "UTC", company_id=False), ["fresh", "urgent"])

    def classes(self, days, tz, **values):
        """Return the classes of the first second of a day and of the second before, read in three ways."""
        leads = self.env["crm.lead"].concat(*self.make_moments(days, tz))
        leads.write(values)
        leads.flush_recordset()
        leads.invalidate_recordset()
        classes = leads.mapped("classification")
        for name in set(classes):
            found = leads.search([("id", "in", leads.ids), ("classification", "=", name)])
            self.assertEqual(found, leads.filtered(lambda lead, name=name: lead.classification == name))
        by_age = find_classes(self.env, leads.ids)
        self.assertEqual([by_age[lead.id] for lead in leads], classes)
        return classes

    def test_dates_at_the_ends_of_the_calendar_and_huge_numbers_of_days_are_no_errors(self):
        lead = self.make_leads()
        self.campaign.window_field_id = self.lead_field("create_date")
        for tz in (EAST, WEST):
            self.campaign.write({"tz": tz, "custom_date_from": "1900-01-01", "custom_date_to": "9999-12-31"})
            self.assertEqual(self.find()[0], lead)
            self.campaign.write({"custom_date_from": False, "custom_date_to": False})
            self.campaign.write({"younger_than_days": LONGEST_DAYS, "older_than_days": 0})
            self.campaign.write({"activity_days": LONGEST_DAYS})
            self.set_moment(lead, "create_date", dates.day_start(self.days_ago(3), tz))
            self.assertEqual(self.find()[0], lead)
        self.campaign.write({
            "use_dropback": True,
            "dropback_threshold_ids": [
                Command.create({"days": LONGEST_DAYS, "business_days": working}) for working in (False, True)],
        })  # fmt: skip
        self.assertEqual(self.find()[0], lead)
