import json
from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.engine.strategies import RoundRobin
from odoo.addons.lead_distribution.finding.candidates import Found
from odoo.addons.lead_distribution.planning.request import PlanRequest
from odoo.addons.lead_distribution.planning.rules import get_working_hours
from odoo.addons.lead_distribution.planning.store import create_run
from odoo.addons.lead_distribution.reporting import left as left_module

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestChosenPeople(DistributionCase):
    """``user_ids``: only these people take part in a run."""

    def test_only_the_people_who_are_named_take_part(self):
        self.make_leads(4)
        told = self.campaign.distribute(user_ids=[self.ann.id, self.cem.id]).to_dict()
        received = {line["name"]: line["received"] for line in told["salespeople"]}
        self.assertEqual(received, {"Ann": 2, "Cem": 2})
        self.assertEqual((told["left_out"], told["options"]["user_ids"]), ({}, [self.ann.id, self.cem.id]))

    def test_people_of_one_name_who_cannot_receive_are_told_apart(self):
        self.bob.name = self.cem.name = self.ann.name
        self.campaign.excluded_receiver_ids = self.bob
        self.make_leads(2)
        told = self.campaign.simulate().to_dict()
        self.assertEqual(told["left_out"], {"Ann (bob@test)": "left out by name"})
        self.campaign.excluded_receiver_ids = self.bob + self.cem
        self.assertEqual(self.campaign.simulate().left_out.keys(), {"Ann (bob@test)", "Ann (cem@test)"})

    def test_people_may_be_given_as_records_and_twice(self):
        self.make_leads(2)
        run = self.campaign.simulate(user_ids=self.ann + self.ann)
        self.assertEqual(run.assignment_ids.user_id, self.ann)
        self.assertEqual(self.campaign.simulate(user_ids=[self.bob.id] * 2).salespeople_eligible, 1)

    def test_who_was_named_and_cannot_receive_is_told_with_the_reason(self):
        self.campaign.member_ids[1].active = False
        self.make_leads(2)
        run = self.campaign.simulate(user_ids=[self.ann.id, self.bob.id, self.manager.id])
        self.assertEqual(run.left_out, {"Bob": "inactive in this campaign", "Mia": "is no member of this campaign"})
        self.assertEqual(run.assignment_ids.user_id, self.ann)
        run = self.campaign.simulate(user_ids=[self.bob.id])
        self.assertEqual((run.state, run.leads_planned), ("planned", 0))
        self.assertIn("Bob: inactive", run.error)

    def test_nobody_named_is_a_failed_run_that_says_so(self):
        self.make_leads(2)
        told = self.campaign.distribute(user_ids=[]).to_dict()
        self.assertEqual((told["state"], told["success"], len(told["left"])), ("failed", False, 2))
        self.assertIn("no people were chosen", told["message"])

    def test_ids_of_nobody_and_nonsense_are_refused(self):
        unknown = self.env["res.users"].search([], order="id desc", limit=1).id + 1000
        for wrong in ("ann", [True], [unknown], [10**12], ["1"], {"id": 1}):
            with self.assertRaisesRegex(ValidationError, "user_ids"), self.cr.savepoint():
                self.campaign.simulate(user_ids=wrong)

    def test_a_manager_learns_no_name_of_people_whom_odoo_does_not_show(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stella", "base.group_portal", company_id=other.id,
                                  company_ids=[Command.set(other.ids)])  # fmt: skip
        campaign = self.campaign.with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, f"ids {stranger.id}"):
            campaign.simulate(user_ids=[stranger.id])
        self.assertEqual(campaign.simulate(user_ids=[self.ann.id]).state, "planned")

    def test_the_wizard_of_selected_leads_can_name_the_people(self):
        leads = self.make_leads(4)
        context = {"active_model": "crm.lead", "active_ids": leads[:3].ids}
        with Form(self.env["crm.lead.distribute"].with_user(self.manager).with_context(**context)) as form:
            form.campaign_id = self.campaign
            form.user_ids.add(self.bob)
        action = form.record.action_simulate()
        run = self.env["lead.distribution.run"].browse(action["res_id"])
        self.assertEqual((run.assignment_ids.user_id, run.leads_planned), (self.bob, 3))
        self.assertEqual(form.record.candidate_ids, self.ann + self.bob + self.cem)


@tagged("post_install", "-at_install")
class TestLeft(DistributionCase):
    """``to_dict()["left"]``: every lead that was found and not handed out, with its reason."""

    def check(self, run):
        """The list agrees with all figures beside it; returns {lead id: reason}."""
        told = json.loads(json.dumps(run.to_dict()))
        reasons = {}
        for row in told["left"]:
            self.assertEqual(set(row), {"lead_id", "reason"})
            reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
        self.assertEqual(reasons, told["left_over"])
        self.assertEqual(len(told["left"]), told["leads_not_distributed"])
        done = [row["lead_id"] for row in told["assignments"] if row["state"] in ("planned", "done", "reverted")]
        self.assertEqual(len(done), told["leads_distributed"])
        self.assertEqual(len(done) + len(told["left"]), told["leads_found"])
        left = {row["lead_id"]: row["reason"] for row in told["left"]}
        self.assertFalse(left.keys() & set(done))
        return left

    def test_what_a_plan_leaves_is_listed_lead_by_lead(self):
        leads = self.make_leads(5)
        run = self.campaign.simulate(max_leads=2)
        left = self.check(run)
        self.assertEqual(set(left) | set(run.assignment_ids.lead_id.ids), set(leads.ids))
        self.assertEqual(set(left.values()), {"max_leads"})

    def test_skipped_and_failed_leads_are_listed_when_the_run_is_applied(self):
        leads = self.make_leads(7)
        run = self.campaign.simulate(max_leads=6, seed=1)
        planned = run.assignment_ids.lead_id
        planned[0].lead_status_id = self.status["utr"]
        planned[1].unlink()
        write = type(leads).write

        def refuse(records, vals):
            if "distributed_on" in vals and planned[2] in records:
                raise UserError("The addon says no.")  # pylint: disable=translation-required
            return write(records, vals)

        with patch.object(type(leads), "write", refuse), self.assertLogs("odoo.addons.lead_distribution", "WARNING"):
            run.action_apply()
        left = self.check(run)
        self.assertEqual((left[planned[0].id], left[planned[2].id], left[None]), ("skipped", "failed", "skipped"))
        self.assertEqual(run.left_over, {"max_leads": 1, "skipped": 2, "failed": 1})

    def test_cancelled_stopped_and_reverted_runs_list_theirs(self):
        leads = self.make_leads(4)
        run = self.campaign.simulate()
        run.action_cancel()
        self.assertEqual(self.check(run), dict.fromkeys(leads.ids, "skipped"))
        run = self.campaign.distribute(max_leads=3)
        self.check(run)
        run.action_revert()
        self.check(run)

    def test_a_run_that_fails_lists_all_it_had_found(self):
        leads = self.make_leads(3)
        run = self.campaign.simulate(user_ids=[])
        self.assertEqual(self.check(run), dict.fromkeys(leads.ids, "no_salespeople"))
        self.campaign.write({"strategy": "round_robin", "fallback_round_robin": False})
        with patch.object(RoundRobin, "key", side_effect=ValueError("broken")), self.assertLogs(level="ERROR"):
            run = self.campaign.simulate()
        self.assertEqual(self.check(run), dict.fromkeys(leads.ids, "strategy_failed"))

    def test_no_lead_is_cut_off_however_many_are_left(self):
        leads = self.make_leads(9)
        with patch.object(left_module, "LISTED", 3):
            run = self.campaign.distribute(max_leads=1)
        self.assertEqual(len(run.left_over_leads["max_leads"]), 3)
        self.assertEqual(set(self.check(run)), set((leads - run.assignment_ids.lead_id).ids))
        self.assertEqual(set(self.campaign.verify_assignments()["unassigned"]), set(self.check(run)))

    def test_an_old_run_of_which_not_all_ids_were_kept_still_adds_up(self):
        self.make_leads(5)
        run = self.campaign.simulate(max_leads=1)
        run.sudo().left_over_leads = {"max_leads": run.left_over_leads["max_leads"][:1]}
        self.assertEqual([row["lead_id"] for row in run.to_dict()["left"]].count(None), 3)
        run.action_apply()
        self.assertEqual((run.left_over, len(run.to_dict()["left"])), ({"max_leads": 4}, 4))


@tagged("post_install", "-at_install")
class TestResult(DistributionCase):
    """The result of a run is whole: each key that programs rely on is there."""

    def test_one_lead_and_one_person_are_told_as_such(self):
        self.assertEqual(self.make_run(1, "simulate"), "The lead found goes to 1 person.")
        self.assertEqual(self.make_run(0, "distribute"), "The lead found went to 1 person.")
        self.campaign.member_ids[1:].active = False
        self.assertEqual(self.make_run(2, "distribute"), "2 of 2 leads found went to 1 person.")

    def make_run(self, count, method):
        self.make_leads(count)
        return getattr(self.campaign, method)().to_dict()["message"]

    def test_success_counts_before_and_after_by_status_and_a_summary(self):
        new, utr = self.status["new"], self.status["utr"]
        self.campaign.status_reset_id = new
        self.make_leads(2, user_id=self.ann.id, lead_status_id=utr.id)
        self.make_leads(1, user_id=self.ann.id)
        self.make_leads(3, lead_status_id=utr.id)
        told = self.campaign.distribute().to_dict()
        self.assertEqual((told["success"], told["salespeople_count"], told["error"]), (True, 3, None))
        self.assertEqual(told["pre_counts"][str(self.ann.id)], {"utr": 2, "none": 1})
        self.assertEqual(told["post_counts"][str(self.ann.id)], {"utr": 2, "none": 1, "new": 1})
        self.assertEqual(told["pre_counts"][str(self.bob.id)], {})
        self.assertEqual(told["message"], "3 of 3 leads found went to 3 people.")
        summary = told["summary"]
        self.assertEqual(
            (summary["total_leads_found"], summary["total_leads_distributed"], summary["total_leads_not_distributed"]),
            (3, 3, 0),
        )
        self.assertEqual(summary["distribution_efficiency_percentage"], 100)
        self.assertEqual((summary["campaign_name"], summary["distribution_strategy"]), ("Voice", "round_robin"))
        self.assertEqual([summary["date_range_start"], summary["date_range_end"]], told["date_range"])
        self.assertEqual(json.loads(json.dumps(told)), told)

    def test_no_leads_are_a_success_nobody_to_receive_is_none(self):
        told = self.campaign.distribute().to_dict()
        self.assertEqual((told["success"], told["message"]), (True, "No leads were found."))
        self.campaign.member_ids.active = False
        told = self.campaign.distribute().to_dict()
        self.assertEqual((told["success"], told["message"]), (False, told["error"]))


@tagged("post_install", "-at_install")
class TestReportDetails(DistributionCase):
    """Window and rules in the report of a run."""

    def report(self, **options):
        run = self.campaign.simulate(**options)
        return run, run.get_text_report()

    def test_the_window_is_told_with_its_number_of_days(self):
        _run, text = self.report(date_from="2024-01-01", date_to="2024-01-31")
        self.assertIn("01/01/2024 – 01/31/2024 (31 days)", text)
        _run, text = self.report(date_from="2024-01-01", date_to="2024-01-01")
        self.assertIn("01/01/2024 – 01/01/2024 (1 day)", text)
        _run, text = self.report(date_from="2024-01-01")
        self.assertIn("01/01/2024 – open\n", text)

    def test_leads_in_the_date_range_do_not_count_older_ones_that_dropback_looks_at(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_override": False,
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        self.make_leads(3)
        self.make_leads(1, user_id=self.manager.id)  # refused within the window
        self.make_leads(2, source_date=self.days_ago(90))  # dropped back
        self.make_leads(1, source_date=self.days_ago(90), user_id=self.ann.id)  # too old, left alone
        run, text = self.report()
        told = run.to_dict()
        self.assertEqual((told["leads_in_range"], told["leads_beyond"], told["leads_looked_at"]), (4, 3, 7))
        looked_at = told["leads_found"] + sum(told["exclusions"].values()) + len(told["dropback"])
        self.assertEqual(told["leads_looked_at"], looked_at)
        self.assertRegex(text, r"Leads in date range: +4\n")
        self.assertRegex(text, r"Older leads looked at: +3\n")
        self.assertRegex(text, r"Dropback leads \(old\): +2\n")
        self.assertRegex(text, r"Leads after dropback: +5\n")
        self.assertRegex(text, r"Leads filtered out: +2\n")
        self.assertEqual(told["funnel"][-1]["remaining"], told["leads_found"])
        run.action_apply()
        self.assertEqual((run.leads_in_range, run.leads_looked_at), (4, 7))

    def test_a_threshold_inside_the_window_takes_no_lead_out_of_the_range(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 10})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        self.make_leads(2, source_date=self.days_ago(20))
        run = self.campaign.simulate()
        self.assertEqual((run.leads_in_range, run.leads_beyond, run.leads_dropped_back), (2, 0, 2))

    def test_the_rules_that_were_on_are_told_those_that_were_off_are_not(self):
        tag = self.env["crm.tag"].create({"name": "french"})
        self.campaign.write(
            {
                "use_override": True, "override_lead_count": 7, "max_daily": 4, "min_daily": 1,
                "cap_ids": [Command.create({"measure": "week", "maximum": 9})],
                "use_max_workload": True, "max_workload": 80, "band_high": "senior_only",
                "use_known_owner": True, "use_skills": True, "skill_ids": [Command.create({"tag_id": tag.id})],
                "use_territory": True, "use_calling_hours": True,
                "excluded_receiver_ids": self.manager,
                "use_dropback": True, "dropback_threshold_ids": [Command.create({"days": 30, "business_days": True})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.cem.id, "is_default": True})],
            }
        )  # fmt: skip
        self.campaign.member_ids[0].preferred_domain = "[('priority', '=', '3')]"
        run, text = self.report(user_ids=[self.ann.id, self.bob.id])
        for line in (
            "Round robin instead: +with fewer than 7 leads or fewer than 3 people",
            "Only these people: +Ann, Bob",
            "Left out above a utilization of: +80%",
            "These receive nothing: +Mia",
            "Leads a person a day at most: +4",
            "Leads a person a day at least: +1",
            "More limits: +Received a week, each: 9",
            "High priority goes to: +Seniors only",
            "Known customers: +to who knows them",
            "By skills: +french; if nobody fits, the lead stays",
            "By territory: +on",
            "By time zone: +leads may be called from 08:00 AM to 08:00 PM",
            "Preferences of: +Ann",
            "Dropback after: +30 working days",
            "Dropback: Old: +Cem",
        ):
            self.assertRegex(text, line)
        self.campaign.write({"use_territory": False, "max_daily": 0})
        self.assertIn("By territory", run.get_text_report(), "the report tells how it was when the run was planned")
        self.assertNotIn("By territory", self.report()[1])


@tagged("post_install", "-at_install")
class TestOneBadPerson(DistributionCase):
    """What does not work of one person does not keep the others from leads."""

    def set_zone(self, record, zone):
        """Write a zone that the form would refuse: a system update can take a name away."""
        table = {"res.users": "res_partner", "lead.distribution.campaign": "lead_distribution_campaign"}[record._name]
        record_id = record.partner_id.id if record._name == "res.users" else record.id
        self.env.flush_all()
        self.env.cr.execute(f"UPDATE {table} SET tz = %s WHERE id = %s", [zone, record_id])  # pylint: disable=sql-injection
        self.env.invalidate_all()

    def test_a_time_zone_nobody_knows_is_told_and_the_campaigns_counts(self):
        self.campaign.write({"use_calling_hours": True, "tz": "Europe/Brussels"})
        self.set_zone(self.ann, "Mars/Olympus")
        country = self.env["res.country"].search([("code", "=", "BE")])
        self.make_leads(6, country_id=country.id)
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.strategy, run.leads_distributed), ("done", "round_robin", 6))
        self.assertEqual({line.salesperson_name: line.leads_received for line in run.member_line_ids}["Ann"], 2)
        told = [text for text in run.warnings if "Mars/Olympus" in text]
        self.assertEqual(told, ["Ann: nobody knows the time zone “Mars/Olympus”, so the campaign's counts."])

    def test_limits_count_the_days_of_a_person_without_a_known_zone_where_the_campaign_is(self):
        self.campaign.max_daily = 1
        self.set_zone(self.ann, "Mars/Olympus")
        self.make_leads(5)
        self.assertEqual(self.campaign.distribute().leads_distributed, 3)
        self.assertEqual(self.campaign.distribute().leads_distributed, 0)

    def test_a_campaign_whose_zone_nobody_knows_goes_by_utc_and_says_so(self):
        self.campaign.frequency = "daily"
        self.set_zone(self.campaign, "Mars/Olympus")
        self.make_leads(3)
        run = self.campaign.distribute()
        self.assertEqual(run.leads_distributed, 3)
        self.assertIn("Nobody knows the campaign's time zone “Mars/Olympus”, so it is UTC.", run.warnings)
        self.campaign.run_hour = 7
        self.assertEqual(self.campaign.next_run.hour, 7)

    def test_a_customer_in_a_zone_nobody_knows_is_called_by_the_country(self):
        self.campaign.use_calling_hours = True
        partner = self.env["res.partner"].create({"name": "Customer"})
        lead = self.make_leads(1, partner_id=partner.id)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s", [partner.id])
        self.env.invalidate_all()
        self.assertEqual(self.campaign.simulate().assignment_ids.lead_id, lead)

    def test_a_preference_that_does_not_work_any_more_is_passed_over_and_told(self):
        ann, bob, _cem = self.campaign.member_ids
        bob.preferred_domain = "[('priority', '=', '3')]"
        ann.flush_recordset()
        self.env.cr.execute(
            "UPDATE lead_distribution_member SET preferred_domain = %s WHERE id = %s", ["[('x_gone', '=', 1)]", ann.id]
        )
        ann.invalidate_recordset()
        self.make_leads(2)
        urgent = self.make_leads(2, priority="3")
        run = self.campaign.simulate()
        self.assertEqual((run.state, run.leads_planned), ("planned", 4))
        takers = {row.lead_id: row.user_id for row in run.assignment_ids}
        self.assertEqual({takers[lead] for lead in urgent}, {self.bob})
        self.assertEqual([text.split(":")[0] for text in run.warnings], ["The preference of Ann does not count"])
        places = self.campaign._explain_who(self.env["crm.lead"].new({"name": "?", "priority": "3"})).places
        self.assertEqual(places[0].person.name, "Bob")

    def test_two_people_with_one_preference_that_names_themselves_each_get_their_own(self):
        for member in self.campaign.member_ids[:2]:
            member.preferred_domain = "[('closer_id', '=', uid)]"
        mine, yours = self.make_leads(3, closer_id=self.ann.id), self.make_leads(3, closer_id=self.bob.id)
        takers = {row.lead_id: row.user_id for row in self.campaign.simulate().assignment_ids}
        self.assertEqual({takers[lead] for lead in mine}, {self.ann})
        self.assertEqual({takers[lead] for lead in yours}, {self.bob})

    def test_people_without_level_team_calendar_or_hours_take_part(self):
        company = self.env.company
        self.campaign.write({"use_calling_hours": True, "strategy": "level_based"})
        ann, bob, cem = self.campaign.member_ids
        level = self.env["lead.distribution.level"].create({"name": "Gone", "code": "gone", "target_leads": 5})
        ann.level_id = level
        bob.level_id = self.level["senior"]
        self.level["senior"].active = False
        level.unlink()
        company.resource_calendar_id.attendance_ids.unlink()
        self.make_leads(3)
        run = self.campaign.simulate()
        self.assertEqual((run.state, run.leads_planned, run.left_out or {}), ("planned", 3, {}))
        company.resource_calendar_id = False
        self.assertEqual(self.campaign.simulate().leads_planned, 3)
        self.assertEqual(cem.target_leads, self.level["mid_level"].target_leads)

    def test_the_headings_of_a_calendar_of_two_weeks_are_no_working_hours(self):
        monday = date(2026, 6, 1)
        calendar = self.env.company.resource_calendar_id
        calendar.attendance_ids.unlink()
        week = self.env["resource.calendar.attendance"].get_week_type(monday)
        this, other = str(week), str(1 - week)
        calendar.two_weeks_calendar = True
        line = {"calendar_id": calendar.id, "dayofweek": "0"}
        self.env["resource.calendar.attendance"].create(
            [
                {
                    **line,
                    "name": "Even",
                    "display_type": "line_section",
                    "week_type": this,
                    "hour_from": 0,
                    "hour_to": 0,
                },
                {**line, "name": "Mine", "week_type": this, "hour_from": 9, "hour_to": 12},
                {**line, "name": "Other", "week_type": other, "hour_from": 14, "hour_to": 20},
            ]
        )
        self.assertEqual(get_working_hours(self.env.company, monday), (9, 12))

    def test_a_team_that_only_members_of_receive_from_cannot_be_deleted_away(self):
        team = self.env["crm.team"].create({"name": "Gold"})
        self.campaign.team_filter_id = team
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            team.unlink()

    def test_an_import_tells_no_rules_of_finding_and_counts_nothing_beyond_the_window(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        self.make_leads(2, source_date=self.days_ago(90))
        run = create_run(self.campaign, PlanRequest(), 1, Found(), {}, [])
        self.assertEqual((run.leads_in_range, run.leads_beyond, run.rules_on or []), (0, 0, []))

    def test_a_salesperson_does_not_read_the_rules_and_the_leads_left_over(self):
        self.make_leads(4)
        run = self.campaign.distribute(max_leads=3)
        with self.assertRaises(AccessError):
            run.with_user(self.ann).read(["rules_on"])
        with self.assertRaises(AccessError):
            run.with_user(self.ann).read(["left_over_rest"])
        with self.assertRaises(AccessError):
            run.with_user(self.ann).to_dict()
        told = run.with_user(self.manager).to_dict()
        self.assertEqual((len(told["left"]), told["success"]), (1, True))

    def test_names_are_sorted_as_people_do(self):
        self.campaign.distribution_order = "alphabetical"
        self.ann.name, self.bob.name, self.cem.name = "Zoe", "Élodie", "Emil"
        self.campaign.protected_user_ids = self.ann + self.bob + self.cem
        leads = self.make_leads(3, source_date=self.days_ago(2))
        self.campaign.lead_order = "oldest"
        for days, lead in enumerate(leads):
            lead.source_date = self.days_ago(9) + timedelta(days=days)
        run = self.campaign.simulate()
        takers = {row.lead_id: row.user_id.name for row in run.assignment_ids}
        self.assertEqual([takers[lead] for lead in leads], ["Élodie", "Emil", "Zoe"])
        self.assertEqual(run.excluded_users, ["Élodie", "Emil", "Zoe"])
