import logging
import random
from collections import Counter

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users
from odoo.tools import SQL, mute_logger

from ..importing.duplicates import find_duplicates
from .common import SALESPERSON, DistributionCase

SPEC_LEAD = {
    "first_name": "John", "last_name": "Doe", "email": "john@example.com", "phone": "+1234567890",
    "address_line": "123 Main St", "city": "New York", "state": "NY", "country": "USA", "zip": "10001",
    "current_status": "NEW",
}  # fmt: skip


class ImportCase(DistributionCase):
    """Requests for the campaign Voice, of which Ann, Bob and Cem are members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dan = cls.make_user("dan")
        cls.eve = cls.make_user("eve")
        cls.batches = cls.env["lead.import.batch"].with_user(cls.manager)

    def payload(self, leads, callers=None, **values):
        callers = callers if callers is not None else (self.ann + self.bob + self.cem)
        return {"campaign": self.campaign.id, "leads": leads, "callers": getattr(callers, "ids", callers), **values}

    def people(self, count, start=0):
        return [
            {"first_name": f"P{n}", "last_name": "Test", "email": f"p{n}@example.com"}
            for n in range(start, start + count)
        ]

    def send(self, leads, callers=None, **values):
        return self.batches.import_payload(self.payload(leads, callers, **values))


@tagged("post_install", "-at_install")
class TestImportPayload(ImportCase):
    def test_the_request_and_the_answer_of_the_specification(self):
        answer = self.send([SPEC_LEAD])
        lead = self.env["crm.lead"].browse(answer["lead_assignments"][0]["lead_id"])
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "John Doe", "contact_name": "John Doe", "email_from": "john@example.com", "type": "lead",
                    "street": "123 Main St", "city": "New York", "zip": "10001",
                    "country_id": self.env.ref("base.us").id, "state_id": self.env.ref("base.state_us_27").id,
                    "lead_status_id": self.status["new"].id, "distribution_campaign_id": self.campaign.id,
                    "company_id": self.env.company.id, "phone": "+1234567890",
                }
            ],
        )  # fmt: skip
        caller = lead.user_id
        self.assertIn(caller, self.ann + self.bob + self.cem)
        self.assertEqual((lead.open_user_id, lead.closer_id, lead.holder_id), (caller, caller, caller))
        self.assertIn(caller.partner_id, lead.message_partner_ids, "the salesperson follows the lead")
        self.assertEqual(
            answer,
            {
                "success": True, "inserted_count": 1, "error_count": 0, "errors": [], "assignees_added": 0,
                "assignee_ids": (self.ann + self.bob + self.cem).ids,
                "lead_assignments": [{"lead_id": lead.id, "assignee_id": caller.id, "assignee_name": caller.name}],
                "unassigned": [],
                "distribution_summary": {"total_leads": 1, "total_callers": 3, "leads_per_caller": 1},
            },
        )  # fmt: skip

    def test_the_three_tables_members_history_and_leads(self):
        answer = self.send(self.people(10), self.ann + self.dan)
        self.assertIn(self.dan, self.campaign.member_ids.user_id)
        rows = self.env["lead.distribution.assignment"].search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual(len(rows), 10)
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(rows.run_id.user_id, self.manager, "assigned by the one who sent the request")
        self.assertRecordValues(
            rows.run_id,
            [{"state": "done", "origin": "import", "strategy": "random", "leads_found": 10, "leads_distributed": 10}],
        )
        given = {(row.lead_id.id, row.user_id.id) for row in rows}
        self.assertEqual(given, {(a["lead_id"], a["assignee_id"]) for a in answer["lead_assignments"]})
        self.assertEqual({(lead.id, lead.user_id.id) for lead in rows.lead_id}, given)
        lines = {line.user_id: line.leads_received for line in rows.run_id.member_line_ids}
        self.assertEqual(lines, {self.ann: 5, self.dan: 5})

    def test_r76_without_callers_nothing_is_imported(self):
        before = self.env["crm.lead"].search_count([])
        for callers in ([], None, {}, "all"):
            with self.assertRaises(ValidationError):
                self.batches.import_payload({**self.payload(self.people(2)), "callers": callers})
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_r76_one_unknown_or_unfit_caller_refuses_the_whole_request(self):
        portal = self.make_user("pia", "base.group_portal")
        office = self.make_user("otto", "base.group_user")
        gone = self.make_user("gus")
        gone.active = False
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.cem).active = False
        before = self.env["crm.lead"].search_count([])
        for bad in (2**31 - 1, portal.id, office.id, gone.id, self.cem.id, "1", True, 0, None, 1.5):
            with self.assertRaises(ValidationError, msg=bad):
                self.send(self.people(2), [self.ann.id, bad])
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertNotIn(office, self.campaign.member_ids.user_id)

    def assert_refused(self, caller, reason):
        before = self.env["crm.lead"].search_count([])
        with self.assertRaisesRegex(ValidationError, reason):
            self.send(self.people(2), self.ann + caller)
        self.assertEqual(self.env["crm.lead"].search_count([]), before)

    def test_r76_a_caller_below_the_level_asked_for_refuses_the_whole_request(self):
        junior = self.env["lead.distribution.level"].search([("code", "=", "junior")], limit=1)
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.bob).level_id = junior
        self.campaign.min_experience = "2"
        self.assert_refused(self.bob, "Bob: below the level")

    def test_r76_a_caller_who_is_excluded_by_name_refuses_the_whole_request(self):
        self.campaign.excluded_receiver_ids = self.dan
        self.assert_refused(self.dan, "Dan: left out by name")

    def test_r76_a_caller_with_too_much_to_do_refuses_the_whole_request(self):
        self.campaign.write({"use_max_workload": True, "max_workload": 0.5})
        self.make_leads(2, user_id=self.bob.id)
        self.assert_refused(self.bob, "Bob: .*utilization is above")

    def test_r76_a_caller_of_another_team_refuses_and_a_new_one_is_judged_by_the_sales_teams(self):
        team, other = self.env["crm.team"].create([{"name": "Apple"}, {"name": "Pear"}])
        self.campaign.team_filter_id = team
        self.campaign.member_ids.team_id = team
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.bob).team_id = other
        self.assert_refused(self.bob, "Bob: not in the team Apple")
        self.assert_refused(self.dan, "Dan: not in the team Apple")
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.dan.id})
        answer = self.send(self.people(4), self.ann + self.dan)
        shares = Counter(a["assignee_id"] for a in answer["lead_assignments"])
        self.assertEqual(shares, {self.ann.id: 2, self.dan.id: 2})
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.dan)
        self.assertEqual(member.team_id, team, "and stays in the campaign with this team")

    def test_r76_a_team_that_is_only_written_down_is_found_among_the_sales_teams_by_its_name(self):
        self.campaign.team_filter_name = "Kiwi"
        self.campaign.member_ids.team_label = "Kiwi"
        self.assert_refused(self.dan, "Dan: not in the team Kiwi")
        team = self.env["crm.team"].create({"name": "kiwi"})
        self.env["crm.team.member"].create({"crm_team_id": team.id, "user_id": self.dan.id})
        self.assertEqual(self.send(self.people(2), self.ann + self.dan)["assignees_added"], 1)

    def test_leads_nobody_gets_are_listed_with_their_reason_and_the_summary_counts_what_was_handed_out(self):
        self.campaign.max_daily = 1
        blocked = {"first_name": "Do", "last_name": "Not", "email": "not@example.com", "current_status": "dnc"}
        answer = self.send([*self.people(5), blocked], self.ann + self.bob)
        self.assertEqual((answer["inserted_count"], len(answer["lead_assignments"])), (6, 2))
        self.assertEqual(
            Counter(one["code"] for one in answer["unassigned"]), {"everybody_full": 3, "dnc": 1},
        )  # fmt: skip
        self.assertTrue(all(one["reason"] for one in answer["unassigned"]))
        given = {one["lead_id"] for one in answer["lead_assignments"]}
        left = {one["lead_id"] for one in answer["unassigned"]}
        leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        self.assertEqual((given & left, given | left), (set(), set(leads.ids)))
        summary = {"total_leads": 6, "total_callers": 2, "leads_per_caller": 1}
        self.assertEqual(answer["distribution_summary"], summary)

    def test_an_import_tells_the_log_when_it_begins_and_ends_and_nothing_of_its_rows(self):
        addon = "odoo.addons.lead_distribution"
        with (
            self.assertLogs(f"{addon}.models.imports.work", logging.INFO) as begin,
            self.assertLogs(f"{addon}.importing.ending", logging.INFO) as end,
        ):
            self.send([*self.people(3), {}])
        lines = [record.getMessage() for record in [*begin.records, *end.records]]
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[0], r"^Import \d+ started by user \d+: 3 rows for 3 callers, run \d+$")
        self.assertRegex(lines[1], r"^Import \d+ ended \(done\): rows: 3 done, 1 error; \d+ s$")

    def test_r76_naming_a_caller_twice_changes_nothing(self):
        answer = self.send(self.people(4), [self.ann.id, self.bob.id, self.ann.id])
        self.assertEqual(answer["assignee_ids"], [self.ann.id, self.bob.id])
        self.assertEqual(answer["distribution_summary"]["total_callers"], 2)
        shares = Counter(a["assignee_id"] for a in answer["lead_assignments"])
        self.assertEqual(shares, {self.ann.id: 2, self.bob.id: 2})

    def test_r77_the_same_email_without_case_or_the_same_phone_is_a_duplicate(self):
        self.make_leads(email_from="Known@Example.com", name="Known")
        self.make_leads(phone="+1 (234) 567-890", name="Odd number")
        archived = self.make_leads(phone="+32 2 290 34 90")
        archived.active = False
        leads = [
            {"first_name": "A", "email": "kNOWN@example.COM"},
            {"first_name": "B", "phone": "+1234567890"},
            {"first_name": "C", "phone": "0032 2 290 34 90"},
            {"first_name": "D", "email": "d@example.com", "phone": "+1 212 555 0100"},
            {"first_name": "E", "email": "D@example.com"},
            {"first_name": "F", "phone": "1-212-555-0100"},
            {"first_name": "G"},
            {"first_name": "H", "email": "", "phone": None},
        ]
        answer = self.send(leads)
        self.assertEqual([error["row"] for error in answer["errors"]], [1, 2, 3, 5, 6])
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (3, 5))
        codes = [error["code"] for error in answer["errors"]]
        self.assertEqual(codes, ["duplicate_lead"] * 3 + ["duplicate_in_file"] * 2)

    def test_r77_empty_values_never_match(self):
        self.make_leads(2, email_from=False, phone=False)
        answer = self.send([{"first_name": "A", "phone": "-"}, {"first_name": "A", "phone": " ", "email": "n/a"}])
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (2, 0))

    def test_r77_an_opportunity_counts_and_a_contact_does_not(self):
        self.make_leads(email_from="o@example.com", type="opportunity")
        self.env["res.partner"].create({"name": "Contact", "email": "c@example.com"})
        answer = self.send([{"email": "o@example.com"}, {"email": "c@example.com"}])
        self.assertEqual([error["row"] for error in answer["errors"]], [1])

    def test_r78_shares_differ_by_at_most_one_and_are_drawn_by_lot(self):
        firsts = set()
        for turn in range(12):
            answer = self.send(self.people(4, turn * 10))
            shares = Counter(a["assignee_id"] for a in answer["lead_assignments"])
            self.assertEqual(sorted(shares.values()), [1, 1, 2])
            firsts.add(max(shares, key=shares.get))
            self.assertEqual(answer["distribution_summary"]["leads_per_caller"], 2)
        self.assertGreater(len(firsts), 1, "always the same one: no lot was drawn")

    def test_r78_callers_may_get_none_and_only_new_ones_count_as_added(self):
        answer = self.send(self.people(1), self.ann + self.dan + self.eve)
        self.assertEqual(answer["assignees_added"], 2)
        self.assertEqual(len(answer["lead_assignments"]), 1)
        again = self.send(self.people(1, 5), self.ann + self.dan + self.eve)
        self.assertEqual(again["assignees_added"], 0)

    def test_one_bad_row_costs_only_itself(self):
        leads = [
            {"first_name": "Ok"}, {}, {"city": "Nowhere"}, "text", {"first_name": ["x"]},
            {"first_name": "S", "current_status": "no such status"}, {"email": "ok@example.com"},
        ]  # fmt: skip
        answer = self.send(leads)
        self.assertEqual([e["row"] for e in answer["errors"]], [2, 3, 4, 5, 6])
        self.assertEqual(answer["inserted_count"], 2)
        self.assertTrue(all(error["message"] for error in answer["errors"]))

    def test_a_row_that_the_database_refuses_costs_only_itself(self):
        original = type(self.env["crm.lead"]).create

        def create(model, vals_list):
            if any(vals.get("contact_name") == "P3 Test" for vals in vals_list):
                model.env.cr.execute("SELECT 1 / 0")
            return original(model, vals_list)

        self.patch(type(self.env["crm.lead"]), "create", create)
        with mute_logger("odoo.sql_db", "odoo.addons.lead_distribution.importing.chunk"):
            answer = self.send(self.people(10))
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (9, 1))
        self.assertEqual(answer["errors"][0]["row"], 4)
        self.assertIn("The database refused a value", answer["errors"][0]["message"])
        self.assertEqual(len(answer["lead_assignments"]), 9)

    def test_do_not_call_and_blacklisted_leads_are_imported_but_handed_to_nobody(self):
        self.env["mail.blacklist"]._add("b@example.com")
        self.env["phone.blacklist"].add("+12125550123")
        leads = [
            {"first_name": "A", "current_status": "dnc"}, {"email": "B@example.com"}, {"phone": "+1 212 555 0123"},
            {"first_name": "D"},
        ]  # fmt: skip
        answer = self.send(leads)
        self.assertEqual(answer["inserted_count"], 4)
        self.assertEqual(len(answer["lead_assignments"]), 1)
        run = self.campaign.run_ids
        self.assertRecordValues(run, [{"leads_found": 1, "leads_distributed": 1, "exclusions": {"dnc": 3}}])

    def test_keys_that_mean_the_same_lose_nothing(self):
        said = {
            "address_line": "1 Main St", "street": "2 Side St", "phone": "+1 212 555 0123", "email": "a@x.example",
            "telephone": "+1 212 555 0124", "first_name": "Ann", "name": "Ann Lee", "mail": "b@x.example",
        }  # fmt: skip
        self.send([said])
        lead = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        self.assertEqual((lead.name, lead.street, lead.email_from), ("Ann Lee", "1 Main St", "a@x.example"))
        for text in ("2 Side St", "+1 212-555-0124", "b@x.example"):
            self.assertIn(text, lead.description)
        again = self.send([{"first_name": "Ann", "phone": "+1 212 555 0125", "telephone": "+1 212 555 0123"}])
        self.assertEqual(again["errors"][0]["code"], "duplicate_lead", "the second phone is compared, too")

    def test_r67_a_distributed_lead_gets_status_and_team_of_the_campaign(self):
        team = self.env["crm.team"].create({"name": "Callers"})
        self.campaign.write({"status_reset_id": self.status["call_back"].id, "team_id": team.id})
        self.send([{"first_name": "A", "current_status": "new"}])
        lead = self.env["crm.lead"].search([("import_batch_id.channel", "=", "api"), ("name", "=", "A")])
        self.assertRecordValues(lead, [{"lead_status_id": self.status["call_back"].id, "team_id": team.id}])
        self.assertEqual(lead.assignment_ids.lead_status_id, self.status["new"], "the history keeps what it was")

    def test_r72_found_is_handed_out_and_left_over_with_reasons(self):
        self.campaign.max_daily = 2
        self.send([*self.people(9), {"first_name": "A", "current_status": "dnc"}])
        run = self.campaign.run_ids
        self.assertRecordValues(
            run, [{"leads_found": 9, "leads_distributed": 6, "leads_not_distributed": 3, "efficiency": 66.67}]
        )
        self.assertEqual(run.left_over, {"everybody_full": 3})
        self.assertEqual([line.leads_received for line in run.member_line_ids], [2, 2, 2])

    def test_r58_a_round_robin_of_the_next_day_remembers_who_got_more_from_an_import(self):
        self.send(self.people(1))
        lucky = self.env["crm.lead"].search([("import_batch_id", "!=", False)]).user_id
        self.make_leads(2)
        run = self.campaign.distribute(strategy="round_robin")
        self.assertNotIn(lucky, run.assignment_ids.user_id)

    def test_what_we_do_not_know_is_kept_in_the_notes(self):
        self.send([{"first_name": "A", "shoe_size": 42, "country": "Atlantis", "email": "not an address"}])
        lead = self.env["crm.lead"].search([("name", "=", "A")], order="id desc", limit=1)
        for text in ("shoe_size: 42", "Atlantis", "not an address"):
            self.assertIn(text, lead.description)

    def test_the_same_key_and_request_give_the_first_answer_again(self):
        payload = self.payload(self.people(3))
        first = self.batches.import_payload(payload, idempotency_key="k1")
        again = self.batches.import_payload(payload, idempotency_key="k1")
        self.assertEqual(first, again)
        self.assertEqual(self.env["crm.lead"].search_count([("contact_name", "=like", "P_ Test")]), 3)
        with self.assertRaises(ValidationError):
            self.batches.import_payload(self.payload(self.people(1, 20)), idempotency_key="k1")

    def test_wrong_requests_are_refused_with_all_reasons_at_once(self):
        for payload in ([], None, "x", {}):
            with self.assertRaises(ValidationError):
                self.batches.import_payload(payload)
        with self.assertRaises(ValidationError) as caught:
            self.batches.import_payload({"campaign": "x", "leads": [], "callers": ["y"], "extra": 1})
        for text in ("campaign", "leads", "callers", "extra"):
            self.assertIn(text, str(caught.exception))

    def test_too_many_rows_are_refused(self):
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_api_rows", "5")
        with self.assertRaises(ValidationError) as caught:
            self.send(self.people(6))
        self.assertEqual(caught.exception.status, 413)

    def test_only_managers_may_import_and_only_for_their_companies(self):
        with self.assertRaises(AccessError):
            self.batches.with_user(self.ann).import_payload(self.payload(self.people(1)))
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("sam", "base.group_user,sales_team.group_sale_manager",
                                  company_id=company.id, company_ids=[(6, 0, company.ids)])  # fmt: skip
        with self.assertRaises(ValidationError) as caught:
            self.batches.with_user(stranger).import_payload(self.payload(self.people(1), stranger))
        self.assertIn("no campaign", str(caught.exception))
        self.send(self.people(1))
        seen = self.env["lead.import.batch"].with_user(stranger).search_count([])
        self.assertEqual(seen, 0, "imports of another company are not shown")

    def test_callers_who_may_not_work_for_the_company_are_refused(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("sid", SALESPERSON, company_id=company.id, company_ids=[(6, 0, company.ids)])
        with self.assertRaises(ValidationError):
            self.send(self.people(1), self.ann + stranger)

    @users("mia@test")
    def test_signs_that_databases_do_not_hold_do_no_harm(self):
        leads = [{"first_name": "A\x00B\ud800", "email": "a@example.com'; DROP TABLE crm_lead; --", "x\x00": "y\x00"}]
        answer = self.env["lead.import.batch"].import_payload(self.payload(leads))
        self.assertEqual(answer["inserted_count"], 1)

    def test_texts_no_index_can_hold_and_numbers_without_end_do_no_harm(self):
        signs = random.Random(1).choices("0123456789abcdefghijklmnopqrstuvwxyz", k=6000)
        text, digits = "".join(signs), "".join(sign for sign in signs * 4 if sign.isdigit())
        answer = self.send(
            [{"first_name": "A", "email": f"{text}@example.com"}, {"first_name": "B", "phone": digits},
             {"first_name": text, "city": text * 5, "zip": text}, {"first_name": float("inf")}]
        )  # fmt: skip
        self.assertEqual((answer["inserted_count"], [e["code"] for e in answer["errors"]]), (3, ["not_text"]))
        notes = self.env["crm.lead"].search(
            [("import_batch_id", "!=", False), ("name", "in", ["A", "B"])], order="name"
        )
        for lead, kept in zip(notes, (text, digits), strict=True):
            self.assertIn(kept, lead.description)
        outside = self.make_leads(email_from=f"{text}@example.com")
        self.assertTrue(outside, "leads that were made elsewhere have no such limits")

    def test_duplicates_are_looked_up_in_the_indexes_made_for_it(self):
        self.send([{**person, "phone": f"+1212555{n:04}"} for n, person in enumerate(self.people(300))])
        self.env.cr.execute("ANALYZE crm_lead")
        batch = self.batches.create({"match_name": True}).sudo()
        statements = []
        self.patch(type(self.env), "execute_query", lambda env, query: statements.append(query) or [])
        find_duplicates(batch, {"a@example.com"}, {"123"}, {"a\nb"})
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", statements[0]))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        for name in ("email_key", "phone_key", "name_key", "_phone_sanitized"):
            self.assertIn(f"crm_lead_{name}_", plan)

    def test_statements_do_not_grow_with_the_rows(self):
        self.send(self.people(5, 100))  # warm
        counts = []
        for number, size in enumerate((50, 500)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.send(self.people(size, 1000 * (number + 1)))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 20, "a hundred rows a statement that creates, nothing else")

    def test_a_lead_that_was_imported_can_be_found_by_the_daily_run_later(self):
        self.send(self.people(3))
        leads = self.env["crm.lead"].search([("import_batch_id", "!=", False)])
        self.assertEqual(leads.mapped("source_date"), [fields.Date.context_today(leads)] * 3)
