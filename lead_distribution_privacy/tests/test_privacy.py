import base64
import csv
import gzip
import io

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lead_distribution.importing.callers import fill_callers
from odoo.addons.lead_distribution.importing.retention import archive, mask
from odoo.addons.lead_distribution.names import MASKED
from odoo.addons.lead_distribution.reporting.retention import remove_expired
from odoo.addons.lead_distribution.tests.common import DistributionCase
from odoo.addons.lead_distribution.work.archive import prepare_archive

from ..finding import files
from ..finding.records import APART, OURS, TEXTS, list_models, list_texts

NAME, EMAIL = "Nadja Quist", "nadja.quist@example.com"
FILE = (
    "Name,First name,Last name,Email,Phone,City\n"
    f"{NAME},,,{EMAIL},+49 30 901820,Berlin\n"
    ",Otto,Kern,otto.kern@example.com,+49 30 901821,Berlin\n"
)
OTHER = "otto.kern@example.com"


class PrivacyCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("adam", "base.group_user,base.group_system")

    def look_up(self, name=NAME, email=EMAIL):
        lookup = self.env["privacy.lookup.wizard"].with_user(self.admin).create({"name": name, "email": email})
        lookup.action_lookup()
        return lookup

    def found(self, lookup=None):
        """Return {model: ids} of what is found of the person."""
        found = {}
        for line in (lookup or self.look_up()).line_ids:
            found.setdefault(line.res_model, set()).add(line.res_id)
        return found

    def forget(self, **person):
        lookup = self.look_up(**person)
        lookup.line_ids.action_unlink_all()
        self.env.flush_all()
        self.env.invalidate_all()
        return lookup

    def upload(self, data=FILE, step="result"):
        """Import a file as far as a step; the person stands in it."""
        batch = self.env["lead.import.batch"].with_user(self.manager).create(
            {"file": base64.b64encode(data.encode()), "file_name": "fair.csv"}
        )  # fmt: skip
        batch.action_next()
        if step == "columns":
            return batch
        while batch.step != "campaign":
            batch.action_next()
        batch.campaign_id = self.campaign
        fill_callers(batch)
        batch.caller_ids.filtered(lambda caller: caller.user_id == self.ann).ticked = True
        batch.action_next()
        if step == "result":
            batch.action_start()
        return batch

    def find_anywhere(self, *texts):
        """Return where the database still says one of these texts: every text column of ours, and of leads."""
        models = [model for name, model in self.env.items()
                  if name.startswith((*OURS, "crm.lead")) and model._auto and not model._transient]  # fmt: skip
        places = []
        self.env.flush_all()
        for model in models:
            for name, field in model._fields.items():
                if field.store and field.column_type and field.type in TEXTS:
                    query = SQL("SELECT count(*) FROM %s WHERE %s::text ~* %s", SQL.identifier(model._table),
                                SQL.identifier(name), "|".join(texts))  # fmt: skip
                    if self.env.execute_query(query)[0][0]:
                        places.append(f"{model._name}.{name}")
        return places


@tagged("post_install", "-at_install")
class TestPrivacyOfLeads(PrivacyCase):
    """Odoo's privacy look-up finds a person of a lead in our tables, and takes the person out of them."""

    def test_an_import_its_rows_and_the_history_of_its_leads_are_found(self):
        batch = self.upload()
        lead = batch.lead_ids.filtered(lambda lead: lead.contact_name == NAME)
        row = batch.row_ids.filtered(lambda row: row.lead_id == lead)
        assignment = self.env["lead.distribution.assignment"].search([("lead_id", "=", lead.id)])
        self.assertTrue(lead and row and assignment)
        found = self.found()
        self.assertEqual(found["crm.lead"], set(lead.ids))
        self.assertEqual(found["lead.import.row"], set(row.ids))
        self.assertEqual(found["lead.import.batch"], set(batch.ids))
        self.assertEqual(found["lead.distribution.assignment"], set(assignment.ids))

    def test_after_forgetting_no_table_says_anything_of_the_person_and_all_of_everybody_else(self):
        batch = self.upload()
        self.forget()
        self.assertEqual(self.find_anywhere("nadja", "quist", "901820"), [])
        self.assertFalse(batch.file)
        self.assertEqual(self.found(), {})
        kept = batch.row_ids.filtered(lambda row: row.email_key == OTHER)
        self.assertIn(OTHER, kept.raw)
        self.assertEqual(kept.lead_id.contact_name, "Otto Kern")

    def test_counts_stay_when_a_person_is_forgotten(self):
        batch = self.upload()
        run, counts = batch.run_id, dict(batch.counts)
        before = {key: run.to_dict()[key] for key in ("leads_found", "leads_distributed", "left_over")}
        states = run.assignment_ids.mapped("state")
        self.forget()
        self.assertEqual((batch.counts, len(batch.row_ids)), (counts, 2))
        self.assertEqual({key: run.to_dict()[key] for key in before}, before)
        self.assertEqual(run.assignment_ids.mapped("state"), states)
        self.assertEqual(len(run.assignment_ids.filtered(lambda row: row.lead_name == MASKED)), 1)

    def test_first_and_last_name_in_two_cells_of_a_row_that_was_refused_are_found(self):
        data = FILE.replace(f"{NAME},,,{EMAIL}", ",Nadja,Quist,not an address")
        batch = self.upload(data)
        self.assertTrue(self.found().get("lead.import.row"), batch.row_ids.mapped("raw"))
        self.forget()
        self.assertEqual(self.find_anywhere("nadja", "quist"), [])

    def test_a_person_without_address_is_found_by_the_name_of_the_contact(self):
        lead = self.make_leads(contact_name=NAME, name="A phone system")
        self.assertEqual(self.found(), {"crm.lead": set(lead.ids)})

    def test_others_with_a_longer_name_or_address_are_not_found(self):
        self.make_leads(contact_name="Nadja Quistgaard", email_from="x.nadja.quist@example.com.au")
        self.assertEqual(self.look_up(name="Otto", email="to.kern@example.com").line_ids.ids, [])
        self.assertEqual(self.found().get("lead.import.row"), None)

    def test_signs_of_patterns_in_a_name_mean_themselves(self):
        lead = self.make_leads(contact_name="O'Brien (100 %) [x_y]\\z")
        other = self.make_leads(contact_name="O'Brien (100 a) [xay]z")
        found = self.found(self.look_up(name="O'Brien (100 %) [x_y]\\z", email="a_b@example.com"))
        self.assertEqual(found, {"crm.lead": set(lead.ids)})
        self.assertTrue(other.exists())

    def test_an_upload_that_nobody_started_is_found_by_its_file_and_deleted(self):
        lines = "".join(f"Somebody Else,,,e{n}@example.com,,\n" for n in range(300))
        head, person, rest = FILE.split("\n", 2)
        batch = self.upload(f"{head}\n{lines}{rest}{person}\n", step="columns")
        self.assertFalse(batch.row_ids)
        self.assertEqual(self.found(), {"lead.import.batch": set(batch.ids)})
        self.forget()
        self.assertFalse(batch.exists())

    def test_an_upload_that_was_checked_is_deleted_with_its_rows(self):
        batch = self.upload(step="preview")
        self.assertEqual(self.found(), {"lead.import.batch": set(batch.ids)})
        self.forget()
        self.assertFalse(batch.exists())

    def test_an_import_that_is_running_is_left_alone_and_says_so(self):
        batch = self.upload()
        batch.sudo().state = "importing"
        line = self.look_up().line_ids.filtered(lambda line: line.res_model == "lead.import.row")
        with self.assertRaisesRegex(UserError, "not over yet"):
            line.action_unlink()
        self.assertFalse(line.is_unlinked)

    def test_what_was_masked_already_is_not_found_again(self):
        batch = self.upload()
        batch.lead_ids.unlink()
        mask(batch.sudo())
        batch.run_id.assignment_ids.sudo().write({"lead_name": MASKED})
        self.assertEqual(self.found(), {})

    def test_why_a_lead_was_declined_is_kept_without_the_name(self):
        lead = self.make_leads(contact_name=NAME, email_from=EMAIL)
        self.campaign.distribute(lead_ids=lead.ids)
        row = self.env["lead.distribution.assignment"].search([("lead_id", "=", lead.id)])
        lead.with_user(row.user_id).action_decline(f"I know {NAME} ({EMAIL})")
        self.forget()
        self.assertEqual(self.find_anywhere("nadja", "quist"), [])
        self.assertIn(f"I know {MASKED} ({MASKED})", row.search([("id", ">=", row.id)]).mapped("decline_reason"))

    def test_a_lead_that_an_experiment_dealt_is_forgotten_and_the_deal_counts_on(self):
        lead = self.make_leads(contact_name=NAME)
        experiment = self.env["lead.distribution.experiment"].create(
            {"campaign_id": self.campaign.id, "strategy_b": "weighted", "user_id": self.manager.id}
        )
        deal = self.env["lead.distribution.experiment.deal"].create(
            {"experiment_id": experiment.id, "arm": "a", "dealt_on": fields.Datetime.now(), "lead_id": lead.id}
        )
        lookup = self.look_up()
        line = lookup.line_ids.filtered(lambda line: line.res_model == deal._name)
        line.action_unlink()
        self.assertEqual((deal.lead_id.ids, deal.arm), ([], "a"))
        self.assertTrue(lead.exists())

    def test_notes_of_a_campaign_or_a_run_lose_the_name_only(self):
        self.campaign.description = f"Never call {NAME}.\nSecond line"
        run = self.campaign.simulate()
        run.warnings = [f"The lead of {NAME.upper()} is odd", "Another"]
        self.forget()
        self.assertEqual(self.campaign.description, f"Never call {MASKED}.\nSecond line")
        self.assertEqual(run.warnings, [f"The lead of {MASKED} is odd", "Another"])

    def test_messages_and_to_dos_beside_campaigns_are_found_and_deleted(self):
        message = self.campaign.message_post(body=f"{NAME} has called twice")
        other = self.campaign.message_post(body="Nobody has called")
        todo = self.campaign.activity_schedule("mail.mail_activity_data_todo", summary=f"Call {EMAIL}")
        found = self.found()
        self.assertEqual((found["mail.message"], found["mail.activity"]), (set(message.ids), set(todo.ids)))
        self.forget()
        self.assertEqual((message + other).exists(), other)
        self.assertFalse(todo.exists())

    def test_what_a_program_was_told_of_a_row_is_forgotten_with_the_row(self):
        hers = {"first_name": "Nadja", "last_name": "Quist", "email": EMAIL, "current_status": "her secret"}
        his = {"first_name": "Otto", "last_name": "Kern", "email": OTHER, "current_status": "his secret"}
        batches = self.env["lead.import.batch"].with_user(self.manager)
        batches.import_payload({"campaign": self.campaign.id, "callers": self.ann.ids, "leads": [hers, his]})
        answer = batches.search([], limit=1).answer
        told = [f"There is no lead status “{text}”." for text in ("her secret", "his secret")]
        self.assertEqual([error["message"] for error in answer["errors"]], told)
        self.forget()
        answer = batches.search([], limit=1).answer
        self.assertEqual([error["message"] for error in answer["errors"]], [MASKED, told[1]])

    def test_a_name_with_an_apostrophe_leaves_a_report_that_is_a_page(self):
        self.ann.name = "Ann O'Quist"
        self.campaign.report_format = "html"
        self.make_leads(3)
        run = self.campaign.distribute(seed=1)
        kept = self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
        self.assertIn(b"Ann O&#39;Quist", kept.raw)
        person = {"name": "Ann O'Quist", "email": "ann@test.example"}
        self.assertEqual(self.found(self.look_up(**person))["ir.attachment"], set(kept.ids))
        self.forget(**person)
        self.assertNotIn(b"Quist", kept.raw)

    def test_archives_and_lists_are_written_anew_without_the_person(self):
        batch = self.upload()
        self.campaign.retention_days = 1
        batch.run_id.assignment_ids.sudo().distribution_date = self.days_ago(9)
        archive(batch.sudo())
        remove_expired(self.campaign)
        kept = self.env["ir.attachment"].search([("res_model", "=", self.campaign._name)])
        self.assertEqual(len(kept), 2, "one of the rows of the import, one of the history")
        self.forget()
        for file in kept:
            rows = list(csv.reader(io.StringIO(gzip.decompress(file.raw).decode())))
            text = str(rows)
            self.assertNotRegex(text, "(?i)nadja|quist|901820")
            self.assertIn("Otto Kern" if "import" not in file.name else OTHER, text)
            self.assertEqual((len(rows), file.mimetype), (3, "application/gzip"))
            self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        self.assertEqual(self.found(), {})

    def test_a_list_of_customers_loses_the_phone_with_the_name_and_keeps_everybody_elses(self):
        self.campaign.write({"use_sales_filter": True, "sales_match_email": True, "sales_export": True})
        self.ann.name = "Nadja"  # her salesperson: no first and no last name of hers
        phones = {EMAIL: "+32 470 123456", OTHER: "0470123457", "quist@example.com": "030901820"}
        for email, name in ((EMAIL, NAME), (OTHER, "Otto Kern"), ("quist@example.com", "Nora Quist")):
            holder = {"email_from": email, "contact_name": name}
            lead = self.make_leads(name=f"Roof of {phones[email]}", phone=phones[email], user_id=self.ann.id, **holder)
            self.make_leads(name=f"Phones {lead.phone}", type="opportunity", **holder)
        run = self.campaign.simulate()
        file = self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
        before = list(csv.reader(io.StringIO(file.raw.decode("utf-8-sig"))))
        self.assertEqual(len(before), 4)
        self.assertEqual(self.found()["ir.attachment"], set(file.ids))
        self.forget()
        after = list(csv.reader(io.StringIO(file.raw.decode("utf-8-sig"))))
        hers = next(row for row in before if EMAIL in row)
        number, _lead, _contact, _email, _phone, holder, opportunity, _name, stage = hers
        masked = [number, MASKED, hers[2] and MASKED, MASKED, MASKED, holder, opportunity, MASKED, stage]
        self.assertEqual(after, [masked if row == hers else row for row in before])
        self.assertEqual(self.found(), {})

    def test_an_archive_that_is_too_large_to_be_written_anew_is_found_whole_and_stays_whole(self):
        rows = [["Somebody Else"]] * 400 + [[NAME]]
        file = self.env["ir.attachment"].create(prepare_archive(self.campaign, "old", ["name"], rows))
        before = file.raw
        self.patch(files, "MAX_CHARACTERS", 1000)
        lookup = self.look_up()
        self.assertEqual(self.found(lookup), {"ir.attachment": set(file.ids)})
        with self.assertRaisesRegex(UserError, "too large"):
            lookup.line_ids.action_unlink_all()
        self.assertEqual(file.raw, before)

    def test_a_person_in_the_first_row_that_was_taken_for_names_of_columns_is_forgotten(self):
        batch = self.upload(f"{NAME},First name,Last name,Email,Phone\n,Otto,Kern,{OTHER},1\n", step="columns")
        batch.sudo().state = "done"
        self.assertIn(NAME, batch.column_ids.mapped("name"))
        self.forget()
        self.assertNotIn(NAME, str(batch.column_ids.mapped("name")))
        self.assertEqual(self.found(), {})

    def test_a_damaged_archive_does_not_keep_anybody_from_looking_up(self):
        values = prepare_archive(self.campaign, "old", ["name"], [[NAME]])
        whole = base64.b64decode(values["datas"])
        nothing, part = self.env["ir.attachment"].create(
            [values | {"datas": base64.b64encode(whole[:size])} for size in (12, len(whole) - 9)]
        )
        lookup = self.look_up()
        self.assertEqual(
            self.found(lookup), {"ir.attachment": set(part.ids)}, "what can be read of it names the person"
        )
        with self.assertRaisesRegex(UserError, "is damaged. Delete it"):
            lookup.line_ids.action_unlink_all()
        self.assertTrue(nothing.exists() and part.exists())

    def test_every_text_that_our_tables_keep_is_looked_through(self):
        apart = {*APART, "lead.import.key"}
        looked = {model._name for model in list_models(self.env)} | apart
        kept = [name for name, model in self.env.items() if name.startswith(OURS) and model._auto and
                not model._transient]  # fmt: skip
        self.assertEqual([name for name in kept if name not in looked], [])
        self.assertIn("decline_reason", list_texts(self.env["lead.distribution.assignment"]))
        self.assertIn("left_out", list_texts(self.env["lead.distribution.run"]))

    def test_the_number_of_statements_does_not_grow_with_what_is_found(self):
        self.look_up()
        counts = []
        for _round in range(2):
            self.make_leads(20, contact_name=NAME)
            lookup = self.env["privacy.lookup.wizard"].create({"name": NAME, "email": EMAIL})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            lookup._get_query()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestPrivacyOfSalespeople(PrivacyCase):
    """Who has left is taken out of the history by the same look-up; what was handed out still adds up."""

    def setUp(self):
        super().setUp()
        self.person = {"name": "Ann", "email": "ann@test"}
        self.ann.email = "ann@test.example"
        self.person["email"] = self.ann.email
        self.make_leads(6)
        self.run_done = self.campaign.distribute(seed=1)

    def test_the_runs_of_a_salesperson_are_found_and_no_row_by_row(self):
        found = self.found(self.look_up(**self.person))
        self.assertEqual(found["lead.distribution.run"], set(self.run_done.ids))
        self.assertNotIn("lead.distribution.assignment", found)
        self.assertEqual(found["res.users"], set(self.ann.ids))

    def test_the_name_leaves_the_history_and_the_numbers_stay(self):
        received = self.run_done.member_line_ids.filtered(lambda line: line.user_id == self.ann)
        before = (received.leads_received, self.run_done.leads_done, len(self.run_done.assignment_ids))
        lookup = self.look_up(**self.person)
        line = lookup.line_ids.filtered(lambda line: line.res_model == "lead.distribution.run")
        line.action_unlink()
        self.env.invalidate_all()
        rows = self.run_done.assignment_ids
        self.assertEqual(set(rows.mapped("user_name")), {MASKED, "Bob", "Cem"})
        self.assertEqual(received.salesperson_name, MASKED)
        self.assertEqual((received.leads_received, self.run_done.leads_done, len(rows)), before)
        self.assertNotIn("lead.distribution.run", self.found(self.look_up(**self.person)))

    def test_who_was_responsible_is_found_in_what_is_tracked_beside_a_campaign(self):
        tracked = self.campaign.with_context(tracking_disable=False)
        for user in (self.bob, self.ann, self.bob):
            tracked.user_id = user
            self.env.flush_all()
            self.cr.flush()  # where Odoo keeps what was changed
        domain = ["|", ("old_value_char", "=", "Ann"), ("new_value_char", "=", "Ann")]
        messages = self.env["mail.tracking.value"].search(domain).mail_message_id
        messages = messages.filtered(lambda message: message.model == self.campaign._name)
        self.assertEqual(len(messages), 2)
        # by themselves: Odoo deletes the contact of somebody who can log in only after the user
        lines = self.look_up(**self.person).line_ids.filtered(lambda line: line.res_model == "mail.message")
        self.assertLessEqual(set(messages.ids), set(lines.mapped("res_id")))
        for line in lines:
            line.action_unlink()
        self.assertFalse(messages.exists())

    def test_why_somebody_was_away_is_deleted(self):
        absence = self.env["lead.distribution.absence"].create(
            {"user_id": self.ann.id, "date_from": "2030-01-01", "date_to": "2030-01-02", "reason": "Surgery"}
        )
        other = self.env["lead.distribution.absence"].create(
            {"user_id": self.bob.id, "date_from": "2030-01-01", "date_to": "2030-01-02", "reason": "Holiday"}
        )
        lookup = self.look_up(**self.person)
        lookup.line_ids.filtered(lambda line: line.res_model == absence._name).action_unlink()
        self.assertEqual((absence + other).exists(), other)


@tagged("post_install", "-at_install")
class TestPrivacyRights(PrivacyCase):
    """Only administrators look people up and clean, as with Odoo's own look-up."""

    def test_nobody_but_an_administrator_looks_up_or_cleans(self):
        self.upload()
        lookup = self.look_up()
        line = lookup.line_ids.filtered(lambda line: line.res_model == "lead.import.row")
        for user in (self.ann, self.manager):
            with self.assertRaises(AccessError):
                self.env["privacy.lookup.wizard"].with_user(user).create({"name": NAME, "email": EMAIL})
            with self.assertRaises(AccessError):
                line.with_user(user).action_unlink()
            with self.assertRaises(AccessError):
                lookup.with_user(user).action_lookup()
        self.assertTrue(self.found()["lead.import.row"])

    def test_an_administrator_without_sales_cleans_imports_of_every_company_and_sees_no_cell(self):
        there = self.env["res.company"].create({"name": "Elsewhere"})
        batch = self.upload().sudo()
        batch.write({"company_id": there.id, "campaign_id": False})
        row = batch.row_ids.with_user(self.admin)
        with self.assertRaises(AccessError):
            row.read(["raw"])
        self.forget()
        self.assertEqual(self.find_anywhere("nadja", "quist"), [])

    def test_a_person_is_looked_up_from_the_lead_by_administrators_only(self):
        action = self.env.ref("lead_distribution_privacy.ir_actions_server_privacy_lookup_lead")
        lead = self.make_leads(contact_name=NAME, email_from=EMAIL, user_id=self.manager.id)
        context = {"active_model": "crm.lead", "active_id": lead.id, "active_ids": lead.ids}
        self.admin.group_ids += self.env.ref("sales_team.group_sale_manager")
        opened = action.with_user(self.admin).with_context(**context).run()
        self.assertEqual(opened["context"], {"default_email": EMAIL, "default_name": NAME})
        with self.assertRaises(AccessError):
            action.with_user(self.manager).with_context(**context).run()

    def test_the_log_of_privacy_names_what_was_cleaned_and_nobody(self):
        self.upload()
        lookup = self.forget()
        self.assertIn("Personal data removed: Lead Assignment #", lookup.log_id.execution_details)
        self.assertNotRegex(lookup.log_id.execution_details, "(?i)nadja|quist")
        rows = lookup.line_ids.filtered(lambda line: line.res_model == "lead.import.row")
        self.assertRegex(rows.res_name, r"^Row 2 of fair.csv")
