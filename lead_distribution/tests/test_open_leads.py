from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.following.open_leads import find_open_leads, plan_move
from odoo.addons.lead_distribution.models.base.ways import get_ways
from odoo.addons.lead_distribution.planning.by_hand import prepare_by_hand

from .common import DistributionCase


class MoveCase(DistributionCase):
    """Leads of Ann, who leaves or is away."""

    def hold(self, user, count=1, **values):
        return self.make_leads(count, **{"user_id": user.id, "open_user_id": user.id, **values})

    def move(self, leads, campaign=None, kind="cover", **options):
        """Plan that leads of Ann go to others, and apply it."""
        run = plan_move(get_ways((campaign or self.campaign).sudo()), leads, kind, self.ann, **options)
        if not run.error:
            run.action_apply()
        return run


@tagged("post_install", "-at_install")
class TestOpenLeads(MoveCase):
    """Open leads of a person go to others by a plan: what is found, who takes them, and what stays as it is."""

    def test_open_are_leads_and_opportunities_that_are_work_of_whoever_holds_them(self):
        mine = self.hold(self.ann, 2) + self.hold(self.ann, type="opportunity") + self.hold(self.ann, type="lead")
        opened = self.hold(self.ann, user_id=self.bob.id)
        self.hold(self.ann, lead_status_id=self.status["lost"].id)
        self.hold(self.ann, active=False)
        self.hold(self.bob, user_id=self.ann.id)
        self.assertEqual(find_open_leads(self.ann), mine + opened)
        self.assertEqual(find_open_leads(self.ann, opportunities=False), (mine + opened) - mine[2])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(
            find_open_leads(self.ann, companies=elsewhere), (mine + opened).filtered(lambda lead: not lead.company_id)
        )

    def test_a_campaign_shares_them_and_their_status_team_and_campaign_stay(self):
        team = self.env["crm.team"].create({"name": "T"})
        self.campaign.status_reset_id = self.status["new"]
        self.campaign.team_id = self.env["crm.team"].create({"name": "Campaign's"})
        leads = self.hold(self.ann, 4, lead_status_id=self.status["in_progress"].id, team_id=team.id)
        run = self.move(leads)
        self.assertEqual((run.state, run.origin, run.leads_found, run.leads_distributed), ("done", "cover", 4, 4))
        self.assertEqual(leads.user_id, self.bob + self.cem)
        self.assertEqual(leads.open_user_id, self.bob + self.cem)
        self.assertEqual((leads.team_id, leads.lead_status_id), (team, self.status["in_progress"]))
        self.assertFalse(leads.distribution_campaign_id)
        self.assertEqual(set(run.assignment_ids.mapped("kind")), {"cover"})
        self.assertEqual(run.leaver_id, self.ann)
        report = run.get_text_report()
        self.assertRegex(report, "Status becomes *:? *as before")
        self.assertRegex(report, "Team becomes *:? *as before")
        lines = run.member_line_ids
        changes = sum(lines.mapped("leads_after_in_progress")) - sum(lines.mapped("leads_before_in_progress"))
        self.assertEqual((lines.user_id, changes), (self.bob + self.cem, 4), "their status stays")
        run.action_revert()
        self.assertEqual((leads.user_id, leads.open_user_id, leads.team_id), (self.ann, self.ann, team))

    def test_people_that_are_named_get_equal_shares_whatever_the_rules(self):
        dan = self.make_user("dan")
        leads = self.hold(self.ann, 6)
        campaign = prepare_by_hand(self.bob + dan)
        run = self.move(leads, campaign, "handover", user_ids=(self.bob + dan).ids)
        self.assertEqual(sorted(lead.user_id.name for lead in leads), ["Bob"] * 3 + ["Dan"] * 3)
        self.assertEqual(set(run.assignment_ids.mapped("kind")), {"handover"})

    def test_what_nobody_may_call_moves_too_as_somebody_must_have_it(self):
        dnc = self.env["crm.tag"].create({"name": "DNC"})
        leads = self.hold(self.ann, 2, tag_ids=dnc.ids)
        run = self.move(leads)
        self.assertEqual(run.leads_distributed, 2)
        self.assertNotIn(self.ann, leads.user_id)

    def test_who_is_full_or_absent_gets_none_and_the_rest_stays_with_its_reason(self):
        now = fields.Datetime.now()
        self.env["lead.distribution.absence"].create(
            {"user_id": self.cem.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(days=1)}
        )
        self.env["lead.distribution.cap"].create({"user_id": self.bob.id, "measure": "day", "maximum": 3})
        leads = self.hold(self.ann, 5)
        run = self.move(leads)
        self.assertEqual(sorted(lead.user_id.name for lead in leads), ["Ann", "Ann", "Bob", "Bob", "Bob"])
        self.assertEqual(run.left_over, {"everybody_full": 2})
        self.assertIn("Cem", run.left_out)

    def test_absent_people_of_one_name_are_told_apart(self):
        now = fields.Datetime.now()
        for user in self.bob + self.cem:
            user.name = "Max"
            self.env["lead.distribution.absence"].create(
                {"user_id": user.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(days=1)}
            )
        run = self.move(self.hold(self.ann, 2))
        self.assertLessEqual({"Max (bob@test)", "Max (cem@test)"}, run.left_out.keys())

    def test_all_leads_move_however_few_a_run_of_the_campaign_hands_out(self):
        self.campaign.max_leads = 1
        self.assertEqual(self.move(self.hold(self.ann, 4)).leads_distributed, 4)

    def test_who_is_only_off_shift_takes_part_but_not_who_is_back_too_late(self):
        self.campaign.availability = "working_hours"
        (self.bob + self.cem).tz = "UTC"
        leads = self.hold(self.ann, 2)
        with freeze_time("2026-11-24 03:00:00"):  # the company works from 8 to 17
            late = self.move(leads, until=datetime(2026, 11, 24, 6))
            self.assertEqual((late.state, bool(late.error), late.left_over), ("planned", True, {"no_salespeople": 2}))
            self.assertEqual(self.move(leads, until=datetime(2026, 11, 25)).leads_distributed, 2)

    def test_without_anybody_there_is_no_plan_and_the_reason(self):
        run = self.move(self.hold(self.ann, 2), user_ids=[self.ann.id, 0])
        self.assertEqual((run.leads_found, run.leads_planned), (2, 0))
