import json
from collections import Counter

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DistributionCase

KEYS = {
    "campaign", "state", "dry_run", "strategy", "seed", "date_range", "leads_in_range",
    "leads_found", "leads_distributed", "leads_not_distributed", "efficiency", "exclusions",
    "left_over", "dropback", "assignments", "salespeople", "by_source", "by_status",
    "by_campaign", "recommendations", "execution_time_seconds",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPlan(DistributionCase):
    """Planning: the dry run decides everything and changes nothing."""

    def test_r71_a_dry_run_writes_nothing_on_any_lead(self):
        leads = self.make_leads(7)
        before = leads.read()
        run = self.campaign.simulate()
        self.env.invalidate_all()
        self.assertEqual(leads.read(), before)
        self.assertEqual((run.state, run.leads_distributed), ("planned", 7))
        self.assertEqual(set(run.assignment_ids.mapped("state")), {"planned"})

    def test_r72_found_is_distributed_plus_left_and_every_left_one_has_a_reason(self):
        self.pools(("unassigned", [], 0), ("active_member", [], 0))
        self.campaign.member_ids.filtered(lambda m: m.user_id != self.ann).active = False
        self.make_leads(5)
        self.make_leads(2, user_id=self.ann.id)
        figures = self.campaign.simulate(max_leads=3).to_dict()
        self.assertEqual(
            figures["leads_found"],
            figures["leads_distributed"] + figures["leads_not_distributed"],
        )
        self.assertEqual(sum(figures["left_over"].values()), figures["leads_not_distributed"])
        self.assertEqual(len(figures["assignments"]), figures["leads_distributed"])

    def test_to_dict_has_the_promised_keys_and_is_json(self):
        self.make_leads(4)
        figures = self.campaign.simulate().to_dict()
        self.assertLessEqual(KEYS, set(json.loads(json.dumps(figures))))
        self.assertLessEqual(
            {"user_id", "name", "level", "target", "before", "received", "after", "utilization",
             "deficit"},
            set(figures["salespeople"][0]),
        )  # fmt: skip
        self.assertEqual(
            set(figures["assignments"][0]) - {"note", "arm"},
            {"lead_id", "previous_user_id", "user_id", "reason", "state"},
        )

    def test_r57_nobody_gets_a_lead_of_which_they_are_salesperson_or_opener(self):
        self.pools(("active_member", [], 0))
        self.make_leads(6, user_id=self.ann.id, open_user_id=self.bob.id)
        closer = self.make_leads(user_id=self.bob.id, closer_id=self.cem.id)
        run = self.campaign.simulate()
        self.assertEqual(set(run.assignment_ids.mapped("user_id.id")) - {self.cem.id},
                         set(run.assignment_ids.filtered(lambda a: a.lead_id == closer).user_id.ids)
                         - {self.cem.id})  # fmt: skip
        for row in run.assignment_ids:
            self.assertNotIn(row.user_id, row.lead_id.user_id + row.lead_id.open_user_id)

    def test_r58_shares_differ_by_at_most_one(self):
        self.make_leads(8)
        shares = Counter(self.campaign.simulate().assignment_ids.mapped("user_id.id"))
        shares = Counter(row.user_id.id for row in self.campaign.simulate().assignment_ids)
        self.assertEqual(sorted(shares.values()), [2, 3, 3])

    def test_r58_a_simulation_does_not_move_the_rotation_a_run_does(self):
        self.make_leads(4)
        self.campaign.simulate()
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})
        self.campaign.distribute()
        self.assertEqual(sorted(self.campaign.member_ids.mapped("rotation_turns")), [1, 1, 2])

    def test_the_remainder_of_one_run_is_made_up_for_in_the_next(self):
        for _day in range(6):
            self.make_leads(1)
            self.campaign.distribute()
        self.assertEqual(self.campaign.member_ids.mapped("rotation_turns"), [2, 2, 2])

    def test_r66_max_leads_caps_what_is_distributed_not_what_is_found(self):
        self.make_leads(5)
        self.campaign.max_leads = 4
        self.assertEqual(self.campaign.simulate().leads_distributed, 4)
        run = self.campaign.simulate(max_leads=2)
        self.assertEqual((run.leads_found, run.leads_distributed), (5, 2))
        self.assertEqual(run.left_over, {"max_leads": 3})
        self.assertEqual(len(run.left_over_leads["max_leads"]), 3)

    def test_r69_without_anybody_eligible_the_run_fails_and_nothing_changes(self):
        leads = self.make_leads(2)
        self.campaign.member_ids.active = False
        run = self.campaign.distribute()
        self.assertEqual(run.state, "failed")
        self.assertIn("Ann: inactive in this campaign", run.error)
        self.assertFalse(leads.user_id)
        self.assertEqual(run.to_dict()["left_over"], {"no_salespeople": 2})

    def test_r69_without_leads_the_run_is_done_with_a_recommendation(self):
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.leads_found, run.efficiency), ("done", 0, 0))
        self.assertIn("No leads were found", run.to_dict()["recommendations"][0])

    def test_r73_everybody_selected_is_listed_with_the_state_before_the_run(self):
        self.make_leads(3, user_id=self.ann.id)
        self.pools(("active_member", [], 0))
        self.campaign.member_ids[0].target_leads = 2
        figures = self.campaign.simulate(max_leads=1).to_dict()
        lines = {line["name"]: line for line in figures["salespeople"]}
        self.assertEqual(set(lines), {"Ann", "Bob", "Cem"})
        ann = lines["Ann"]
        self.assertEqual((ann["before"], ann["target"], ann["deficit"]), (3, 2, 0))
        self.assertEqual((ann["received"], ann["after"], ann["utilization"]), (0, 2, 100.0))
        self.assertEqual(sum(line["received"] for line in lines.values()), 1)

    def test_lead_ids_may_be_leads_and_nonsense_is_told(self):
        leads = self.make_leads(2)
        self.assertEqual(self.campaign.simulate(lead_ids=leads[:1]).leads_found, 1)
        with self.assertRaisesRegex(ValidationError, "lead_ids"):
            self.campaign.simulate(lead_ids="all")

    def test_r72_lead_ids_only_narrow_the_candidates(self):
        leads = self.make_leads(3)
        held = self.make_leads(user_id=self.ann.id)
        run = self.campaign.simulate(lead_ids=(leads[0] + held).ids)
        self.assertEqual(run.assignment_ids.lead_id, leads[0])
        self.assertEqual(run.exclusions, {"no_holder": 1})

    def test_the_same_seed_gives_the_same_plan_and_the_seed_is_kept(self):
        self.make_leads(20)
        run = self.campaign.simulate(seed=7)
        self.assertEqual(run.seed, 7)
        pairs = [(row.lead_id, row.user_id, row.turn) for row in run.assignment_ids]
        again = self.campaign.simulate(seed=7).assignment_ids
        self.assertEqual([(row.lead_id, row.user_id, row.turn) for row in again], pairs)
        other = self.campaign.simulate(seed=8).assignment_ids
        self.assertNotEqual([(row.lead_id, row.user_id, row.turn) for row in other], pairs)

    def test_leads_of_high_priority_go_first_when_the_campaign_says_so(self):
        self.make_leads(5)
        urgent = self.make_leads(2, priority="3")
        self.campaign.lead_order = "priority"
        self.assertEqual(self.campaign.simulate(max_leads=2).assignment_ids.lead_id, urgent)

    def test_all_problems_of_the_options_are_told_at_once(self):
        with self.assertRaises(ValidationError) as caught:
            self.campaign.simulate(max_leads=-1, date_from="yesterday", colour="red", strategy="astrology")
        message = str(caught.exception)
        for word in ("max_leads", "yesterday", "colour", "astrology"):
            self.assertIn(word, message)

    def test_people_without_access_to_leads_are_left_out_and_named(self):
        clerk = self.make_user("cal", "base.group_user")
        self.campaign.member_ids = [(0, 0, {"user_id": clerk.id})]
        self.make_leads(4)
        run = self.campaign.simulate()
        self.assertEqual(run.left_out, {"Cal": "has no access to leads"})
        self.assertNotIn(clerk, run.assignment_ids.user_id)
