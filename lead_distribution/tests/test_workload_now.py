from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestWorkloadNow(DistributionCase):
    """Every plan counts what people hold at that moment, whatever was read before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.strategy = "level_based"
        cls.campaign.member_ids[1:].unlink()
        cls.member = cls.campaign.member_ids
        cls.member.target_leads = 3

    def hold(self):
        return self.env["crm.lead"].search_count([("holder_id", "=", self.ann.id), ("type", "=", "lead")])

    def test_leads_given_after_a_plan_count_in_the_next_plan(self):
        self.make_leads(2)
        self.campaign.simulate()
        given = self.make_leads(3)
        given.user_id = self.ann
        told = self.campaign.simulate().to_dict()
        [line] = told["salespeople"]
        self.assertEqual((line["before"], line["deficit"], line["received"], line["after"]), (3, 0, 0, 3))
        self.assertEqual(told["left_over"], {"everybody_full": 2})

    def test_two_runs_in_one_transaction_do_not_fill_anybody_above_the_target(self):
        for _run in range(2):
            self.make_leads(2)
            self.campaign.distribute()
        self.assertEqual(self.hold(), 3)

    def test_leads_that_another_program_wrote_into_the_database_count_too(self):
        self.assertEqual(self.member.current_leads, 0)
        leads = self.make_leads(3)
        leads.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET user_id = %(user)s, holder_id = %(user)s WHERE id = ANY(%(ids)s)",
            {"user": self.ann.id, "ids": leads.ids},
        )
        leads.invalidate_recordset()
        self.make_leads(1)
        self.assertEqual(self.campaign.simulate().leads_planned, 0)

    def test_the_limit_of_utilization_looks_at_the_leads_of_now(self):
        self.campaign.write({"use_max_workload": True, "max_workload": 50})
        self.assertEqual(self.member.utilization, 0)
        self.make_leads(2).user_id = self.ann
        self.make_leads(1)
        run = self.campaign.simulate()
        self.assertEqual((run.state, run.left_out), ("planned", {"Ann": "66.7% utilization is above the limit"}))

    def test_what_a_member_and_a_user_hold_follows_every_change_of_the_leads(self):
        def now():
            return self.member.current_leads, round(self.member.utilization), self.ann.distribution_workload

        self.assertEqual(now(), (0, 0, 0))
        leads = self.make_leads(3, user_id=self.ann.id)
        self.assertEqual(now(), (3, 100, 3))
        leads[0].open_user_id = self.bob
        self.assertEqual(now(), (2, 67, 2))
        leads[1].active = False
        self.assertEqual(now(), (1, 33, 1))
        leads[2].type = "opportunity"
        self.assertEqual(now(), (0, 0, 0))
        leads[2].type = "lead"
        self.member.target_leads = 4
        self.assertEqual(now(), (1, 25, 1))
        leads.unlink()
        self.assertEqual(now(), (0, 0, 0))

    def test_comparing_and_asking_who_is_next_count_anew_as_well(self):
        self.member.target_leads = 1
        self.make_leads(1)
        variant = {
            "strategy": "level_based", "fill_strategy": "highest_priority_first", "allow_overflow": False,
            "overflow_limit": 0, "distribution_order": "random", "max_daily": 0,
        }  # fmt: skip
        self.assertEqual(self.campaign._compare([variant], 1)["columns"][0]["distributed"], 1)
        self.make_leads(1, user_id=self.ann.id)
        self.assertEqual(self.campaign._compare([variant], 1)["columns"][0]["distributed"], 0)
        places = self.campaign._explain_who(self.make_leads(1)).places
        self.assertEqual((places[0].refused_by, places[0].person.current), ("full", 1))

    def test_a_plan_asks_the_database_as_often_for_twenty_people_as_for_two(self):
        def count(number):
            users = self.make_users(*(f"p{number}x{n}" for n in range(number)))
            members = [Command.create({"user_id": user.id}) for user in users]
            campaign = self.env["lead.distribution.campaign"].create(
                {"name": f"C{number}", "strategy": "level_based", "tz": "UTC", "member_ids": members}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            campaign._select_members()
            return self.env.cr.sql_log_count - before

        few = count(2)
        self.assertLessEqual(count(20) - few, 18)  # has_group asks once for each person


@tagged("post_install", "-at_install")
class TestFiguresOfPeople(DistributionCase):
    """Before, received, dropped back, given up and after agree with what people hold in the end."""

    def check(self, run):
        """Each line's "after" is what the person holds; the counts by status add up to it."""
        told = run.to_dict()
        for line in told["salespeople"]:
            held = self.env["crm.lead"].search_count([("holder_id", "=", line["user_id"]), ("type", "=", "lead")])
            self.assertEqual(line["after"], held, line)
            changes = line["received"] + line["dropped_back"] - line["given_up"]
            self.assertEqual(line["after"], line["before"] + changes)
            self.assertEqual(sum(told["pre_counts"][str(line["user_id"])].values()), line["before"])
            self.assertEqual(sum(told["post_counts"][str(line["user_id"])].values()), line["after"])
            self.assertEqual(line["deficit"], max(0, line["target"] - line["before"]))
            self.assertEqual(line["utilization"], round(line["after"] / line["target"] * 100, 2))
        self.assertEqual(sum(line["received"] for line in told["salespeople"]), told["leads_distributed"])
        return {line["name"]: line for line in told["salespeople"]}

    def test_leads_that_drop_back_to_a_member_count_in_what_the_member_holds(self):
        dropped, new = self.status["lost"], self.status["new"]
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_status_id": dropped.id,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.ann.id, "is_default": True})],
            }
        )
        self.make_leads(2, source_date=self.days_ago(90), user_id=self.bob.id, lead_status_id=new.id)
        self.make_leads(1, source_date=self.days_ago(90), lead_status_id=new.id)
        self.make_leads(3, lead_status_id=new.id)
        run = self.campaign.distribute(seed=1)
        lines = self.check(run)
        self.assertEqual((lines["Ann"]["dropped_back"], lines["Ann"]["received"], lines["Ann"]["after"]), (3, 1, 4))
        self.assertEqual((lines["Bob"]["before"], lines["Bob"]["given_up"], lines["Bob"]["after"]), (2, 2, 1))
        post = run.to_dict()["post_counts"][str(self.ann.id)]
        self.assertEqual(post, {"lost": 3, "new": 1})
        self.campaign.dropback_update_status = False

    def test_skipped_and_failed_leads_change_nobodys_figures(self):
        self.campaign.pool_mode = "all"
        leads = self.make_leads(6, user_id=self.ann.id)
        self.make_leads(2, user_id=self.bob.id)
        self.make_leads(1)
        run = self.campaign.simulate(seed=3)
        skipped = run.assignment_ids.lead_id & leads
        skipped[:1].lead_status_id = self.status["call_back"]
        skipped[1:2].active = False
        self.make_leads(0)
        run.action_apply()
        told = run.to_dict()
        self.assertEqual(told["left_over"], {"skipped": 2})
        lines = {line["name"]: line for line in told["salespeople"]}
        held = self.env["crm.lead"].search_count([("holder_id", "=", self.bob.id), ("type", "=", "lead")])
        self.assertEqual(lines["Bob"]["after"], held)
        given = sum(line["given_up"] for line in lines.values())
        self.assertEqual(given, told["leads_distributed"] - 1)  # one lead was nobody's
        self.assertEqual(sum(line["received"] for line in lines.values()), told["leads_distributed"])

    def test_a_reverted_run_goes_on_telling_what_it_had_done(self):
        self.make_leads(4)
        run = self.campaign.distribute()
        before = self.check(run)
        run.action_revert()
        after = {line["name"]: line for line in run.to_dict()["salespeople"]}
        self.assertEqual(after, before)
