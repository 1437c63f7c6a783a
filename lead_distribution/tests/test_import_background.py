from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..importing import checking, chunk
from ..importing.chunk import add_to_counts, import_chunk
from ..importing.row_table import lock_rows
from ..importing.unable import take_from_unable
from ..models.imports import wizard
from ..work.inside import YES
from .test_import_file import HEADER, FileCase


class Clock:
    """Tells the seconds as ``time`` does; who works moves it."""

    def __init__(self):
        self.seconds = 1.0

    def monotonic(self):
        return self.seconds


def read_slowly(clock, read, batch, start):
    """Read rows; passing over those up to ``start`` takes twice as long as a turn."""
    clock.seconds += 2 * checking.CHECK_SECONDS if start else 0
    yield from read(batch, start)


@tagged("post_install", "-at_install")
class TestImportBackground(FileCase):
    """Large files, stopping, undoing, and files that are not what they seem."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("lead_distribution.ir_cron_import")
        # a tenth of what they are: what happens at a limit takes no thousands of rows
        cls.classPatch(wizard, "AT_ONCE", 50)
        cls.classPatch(chunk, "CHUNK", 100)
        cls.classPatch(checking, "CHUNK", 100)
        cls.classPatch(checking, "CHECK_AT_ONCE", 500)

    def people_file(self, count, start=0):
        rows = [f"Person {n},person{n}@example.com,,,," for n in range(start, start + count)]
        return self.csv(",".join(HEADER), *rows)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def start(self, count, *users):
        batch = self.to_preview(self.upload(self.people_file(count), "many.csv"), *(users or (self.ann, self.bob)))
        batch.action_start()
        return batch

    def start_and_wait(self, count, *users, start=0, file=None, **values):
        """Return an import whose first two rows are done, as it waits for its next chunk."""
        self.patch(wizard, "AT_ONCE", 1)
        self.patch(chunk, "CHUNK", 2)
        batch = self.to_preview(self.upload(file or self.people_file(count, start), "many.csv", **values), *users)
        batch.action_start()
        add_to_counts(batch.sudo(), import_chunk(batch.sudo()._start_session()))
        return batch

    def test_who_pauses_during_an_import_receives_nothing_more_and_is_told_of(self):
        batch = self.start_and_wait(6, self.ann)
        self.ann.action_pause_leads(reason="Fair")
        self.run_cron()
        leads = self.imported(batch)
        self.assertEqual((leads[:2].holder_id, leads[2:].holder_id), (self.ann, self.env["res.users"]))
        self.assertFalse(leads[2:].assignment_ids)
        left = batch.row_ids.sorted("number")[2:]
        self.assertEqual(set(left.mapped("code")), {"skipped"})
        self.assertFalse(left.user_id)
        for text in ("The salesperson is not there", "Fair"):
            self.assertIn(text, left[0].message)
        run = batch.run_id
        self.assertRecordValues(run, [{"state": "done", "leads_found": 6, "leads_distributed": 2}])
        self.assertEqual(run.to_dict()["left"], [{"lead_id": lead.id, "reason": "skipped"} for lead in leads[2:]])
        self.assertEqual(run.member_line_ids.mapped("leads_received"), [2])
        self.assertEqual(self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).rotation_turns, 2)
        [told] = batch.overview["left"]
        self.assertEqual((told["name"], told["count"]), ("Changed since the plan, or stopped", 4))

    def test_who_may_not_work_the_leads_any_more_gets_none_and_the_others_get_theirs(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        harms = {
            "archived": lambda user: user.write({"active": False}),
            "no access to leads": lambda user: user.write(
                {"group_ids": [Command.unlink(self.env.ref("sales_team.group_sale_salesman").id)]}
            ),
            "no active member": lambda user: self.campaign.member_ids.filtered(lambda m: m.user_id == user).write(
                {"active": False}
            ),
            "not work for the company": lambda user: user.write(
                {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
            ),
        }
        for number, (text, harm) in enumerate(harms.items()):
            with self.subTest(text):
                user = self.make_user(f"olga{number}")
                batch = self.start_and_wait(10, self.cem, user, start=100 * number)
                later = batch.row_ids.filtered(lambda row: row.state == "ready")
                lost = later.filtered(lambda row, user=user: row.user_id == user)
                self.assertTrue(lost < later)
                harm(user)
                self.run_cron()
                self.assertFalse(lost.lead_id.user_id or lost.user_id)
                self.assertIn(text, lost[0].message)
                self.assertEqual((later - lost).lead_id.user_id, self.cem)
                self.assertEqual(batch.run_id.left_over, {"skipped": len(lost)})

    def test_who_comes_onto_a_blacklist_during_an_import_goes_to_nobody(self):
        batch = self.start_and_wait(6, self.ann)
        self.env["mail.blacklist"].create([{"email": "person1@example.com"}, {"email": "person4@example.com"}])
        self.run_cron()
        leads = self.imported(batch)
        self.assertEqual([bool(lead.user_id) for lead in leads], [True, True, True, True, False, True])
        row = batch.row_ids.filtered(lambda row: row.lead_id == leads[4])
        self.assertEqual(
            (row.user_id, row.message),
            (self.env["res.users"], "Nobody may call: the email or phone is on a blacklist."),
        )
        self.assertRecordValues(batch.run_id, [{"state": "done", "leads_found": 6, "leads_distributed": 5}])
        self.assertEqual(batch.run_id.left_over, {"skipped": 1})

    def test_whose_contact_comes_onto_a_blacklist_during_an_import_goes_to_nobody(self):
        self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@x.example", "phone": f"+1 212 555 010{n}"} for n in range(4)]
        )
        lines = [f"P{n},,+1 212 555 010{n}" for n in range(3)] + ["P3,own@x.example,+1 212 555 0103"]
        file = self.csv("Name,Email,Phone", *lines)
        batch = self.start_and_wait(4, self.ann, file=file, on_contact="link")
        self.env["mail.blacklist"].create([{"email": f"p{n}@x.example"} for n in (0, 2, 3)])
        self.run_cron()
        leads = self.imported(batch)
        self.assertEqual(leads.mapped("email_normalized"), [*(f"p{n}@x.example" for n in range(3)), "own@x.example"])
        self.assertEqual([bool(lead.user_id) for lead in leads], [True, True, False, True])

    def test_asking_who_may_receive_takes_as_many_statements_for_many_rows_as_for_few(self):
        batch = self.start(90, self.ann, self.bob, self.cem).sudo()
        rows, counts = lock_rows(batch, 100), []
        for part in (rows[:3], rows[:3], rows):  # once before it counts
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            take_from_unable(batch, part)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
        self.assertLess(counts[1], 6)
        self.assertEqual(len([row for row in rows if row.user_id]), 90)

    def test_few_rows_are_imported_at_once_and_many_in_the_background(self):
        self.assertEqual(self.start(50).state, "done")
        batch = self.to_preview(self.upload(self.people_file(51, 100), "more.csv"), self.ann)
        batch.action_start()
        self.assertEqual((batch.state, batch.rows_to_do, batch.rows_done), ("importing", 51, 0))
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertTrue(triggers)
        self.run_cron()
        self.assertEqual((batch.state, batch.rows_done), ("done", 51))
        leads = self.imported(batch)
        self.assertEqual(len(leads), 51)
        self.assertEqual(leads.create_uid, self.manager, "in the name of the person who started it")
        self.assertEqual(batch.run_id.state, "done")

    def test_many_rows_are_refused_where_the_scheduler_would_never_go_on(self):
        batch = self.to_preview(self.upload(self.people_file(51), "many.csv"), self.ann)
        self.cron.active = False
        with self.assertRaisesRegex(UserError, "is switched off"), self.env.cr.savepoint():
            batch.action_start()
        self.env.invalidate_all()
        self.assertEqual(batch.state, "draft")

    def test_many_rows_are_checked_in_the_background_with_the_step_kept(self):
        batch = self.upload(self.people_file(520), "many.csv")
        batch.action_next()
        self.assertEqual((batch.state, batch.step, batch.rows_read), ("checking", "duplicates", 500))
        with self.assertRaises(UserError):
            batch.action_next()
        self.run_cron()
        self.assertEqual((batch.state, batch.rows_read), ("draft", 520))
        self.assertEqual(batch.counts, {"ready": 520})

    def test_a_turn_of_the_check_begins_when_the_rows_that_were_checked_earlier_are_read_again(self):
        clock = Clock()
        self.patch(checking, "time", clock)
        self.patch(checking, "read_body", partial(read_slowly, clock, checking.read_body))
        batch = self.upload(self.people_file(720), "many.csv")
        batch.action_next()
        self.assertEqual((batch.state, batch.rows_read), ("checking", 500))
        with self.enter_registry_test_mode():
            batch._as_importer()._work()
        self.assertEqual((batch.state, batch.rows_read), ("draft", 720))

    def test_duplicates_are_found_over_the_edges_of_chunks_and_of_the_background(self):
        lines = self.people_file(520).decode().splitlines()
        data = "\n".join([*lines, "Again,person7@example.com,,,,", "Again,person510@example.com,,,,"]).encode()
        batch = self.upload(data, "many.csv")
        batch.action_next()
        self.run_cron()
        self.assertEqual(batch.counts, {"ready": 520, "skipped": 2})

    def check_in_parts(self, *lines):
        """Check two rows at a time, the first two by the click; return the import when all are checked."""
        self.patch(checking, "CHECK_AT_ONCE", 2)
        self.patch(checking, "CHUNK", 2)
        batch = self.upload(self.csv(*lines), "parts.csv")
        batch.action_next()
        self.assertEqual((batch.state, batch.rows_read), ("checking", 2))
        self.run_cron()
        return batch

    def test_the_figures_of_a_check_in_parts_are_those_of_all_rows(self):
        batch = self.check_in_parts("Name,Company,City", "ANN LEE,One,Rome", "BOB RAY,Two,Rome", ",,Paris")
        self.assertEqual(batch.counts, {"ready": 2, "error": 1})
        self.assertEqual(batch.changes, {"name_case": 2})
        batch.action_next()
        self.assertEqual(batch.step, "campaign")

    def test_a_row_that_is_left_out_by_a_value_costs_no_later_row_wherever_the_check_goes_on(self):
        rows = (
            "Ann,ann@example.com,junk",
            "Bob,bob@example.com,new",
            "Ann,ann@example.com,new",
            "Cem,c@example.com,new",
        )
        batch = self.check_in_parts("Name,E-mail,Status", *rows)
        batch.value_ids.left_out = True
        batch.action_next()
        self.run_cron()
        self.assertEqual(self.rows(batch), {2: ("skipped", "value"), **dict.fromkeys((3, 4, 5), ("ready", None))})

    def test_what_is_chosen_for_duplicates_counts_for_many_rows_too(self):
        self.make_leads(email_from="person7@example.com")
        batch = self.upload(self.people_file(520), "many.csv")
        batch.action_next()
        self.run_cron()
        self.assertEqual(batch.counts, {"ready": 519, "skipped": 1})
        batch.on_lead = "import"
        batch.action_next()
        self.assertEqual((batch.state, batch.step, batch.on_lead), ("checking", "duplicates", "import"))
        self.run_cron()
        self.assertEqual((batch.state, batch.step, batch.on_lead), ("draft", "duplicates", "import"))
        self.assertEqual(batch.counts, {"ready": 520})
        batch.action_next()
        self.assertEqual(batch.step, "campaign")

    def test_nobody_goes_on_with_some_of_the_rows_after_a_check_that_failed(self):
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_rows", "510")
        batch = self.upload(self.people_file(520), "many.csv")
        batch.action_next()
        self.run_cron()
        self.assertEqual((batch.state, batch.step), ("draft", "duplicates"))
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_rows", "530")
        batch.action_next()
        self.assertEqual((batch.state, batch.step), ("checking", "duplicates"))
        self.run_cron()
        self.assertEqual((batch.state, batch.counts), ("draft", {"ready": 520}))

    def test_a_check_can_be_stopped(self):
        batch = self.upload(self.people_file(520), "many.csv")
        batch.action_next()
        batch.action_cancel()
        self.assertEqual((batch.state, batch.step), ("draft", "columns"))

    def test_stopping_keeps_what_is_done_and_says_so(self):
        batch = self.start(120)
        add_to_counts(batch.sudo(), import_chunk(batch.sudo()._start_session()))
        batch.action_cancel()
        self.assertEqual(batch.state, "cancelled")
        self.assertEqual(batch.counts, {"done": 100, "cancelled": 20})
        self.assertEqual(len(self.imported(batch)), 100)
        self.assertRecordValues(batch.run_id, [{"state": "cancelled", "leads_distributed": 100, "leads_found": 100}])
        self.run_cron()
        self.assertEqual(len(self.imported(batch)), 100)
        with self.assertRaises(UserError):
            batch.action_cancel()

    def test_stopping_its_run_stops_the_import(self):
        batch = self.start(60)
        batch.run_id.with_user(self.manager).action_cancel()
        self.assertEqual((batch.state, batch.run_id.state), ("cancelled", "cancelled"))

    def test_the_daily_cron_leaves_runs_of_imports_alone(self):
        batch = self.start(60)
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(batch.run_id.state, "applying")
        self.run_cron()
        self.assertRecordValues(batch.run_id, [{"state": "done", "leads_distributed": 60}])

    def test_undo_deletes_what_nobody_touched_and_keeps_the_rest_with_reasons(self):
        batch = self.start(8)
        leads = self.imported(batch)
        soon = fields.Datetime.now() + timedelta(minutes=1)
        leads[0].with_user(leads[0].user_id).write({"description": "called"})
        leads[1].message_post(body="Hello", message_type="comment")
        leads[2].activity_schedule("mail.mail_activity_data_call")
        leads[3].type = "opportunity"
        leads[4].active = False
        leads[5].unlink()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET write_date = %s WHERE id = %s", (soon, leads[0].id))
        self.env.invalidate_all()
        batch.action_undo()
        self.assertEqual(batch.state, "undone")
        self.assertEqual(batch.counts, {"undone": 2, "kept": 6})
        self.assertEqual(len(leads.exists()), 5)
        kept = batch.row_ids.filtered(lambda row: row.state == "kept")
        self.assertTrue(all(kept.mapped("message")))
        self.assertEqual(batch.run_id.state, "reverted")
        self.assertEqual(batch.overview["undone"], {"undone": 2, "kept": 6})
        history = self.env["lead.distribution.assignment"].search([("run_id", "=", batch.run_id.id)])
        self.assertEqual(sorted(history.mapped("state")), ["done"] * 6 + ["reverted"] * 2)
        with self.assertRaises(UserError):
            batch.action_undo()

    def test_undo_empties_what_was_filled_in_unless_it_changed_since(self):
        first = self.make_leads(email_from="person0@example.com", contact_name=False)
        second = self.make_leads(email_from="person1@example.com", contact_name=False)
        batch = self.upload(self.people_file(3), "many.csv")
        batch.on_lead = "update"
        batch.action_next()
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual((first.contact_name, second.contact_name), ("Person 0", "Person 1"))
        second.contact_name = "Changed"
        batch.action_undo()
        self.assertEqual((first.contact_name, second.contact_name), (False, "Changed"))
        self.assertTrue(first.exists() and second.exists())
        self.assertEqual(batch.counts, {"undone": 2, "kept": 1})

    def test_leads_that_somebody_was_changing_are_taken_back_when_undo_is_called_again(self):
        batch = self.start(4)
        first = self.imported(batch)[0]
        locked = self.patch_locks(first)
        batch.action_undo()
        self.assertEqual((batch.state, batch.counts), ("undone", {"undone": 3, "done": 1}))
        self.assertEqual(batch.overview["undone"], {"undone": 3, "kept": 1})
        self.assertIn("somebody is changing", batch.problem_row_ids.message)
        locked.clear()
        batch.action_undo()
        self.assertEqual((batch.state, batch.counts), ("undone", {"undone": 4}))
        self.assertFalse(first.exists())
        self.assertFalse(batch.problem_row_ids)
        self.assertFalse(self.campaign.member_ids.filtered("rotation_turns"))
        with self.assertRaises(UserError):
            batch.action_undo()

    def patch_locks(self, *leads):
        """Have these leads look as if somebody else held them; return them as a list that can be emptied."""
        locked, model = list(leads), type(self.env["crm.lead"])
        original = model.try_lock_for_update

        def lock(records, **options):
            return original(records - records.browse(lead.id for lead in locked), **options)

        self.patch(model, "try_lock_for_update", lock)
        return locked

    def test_a_lead_that_cannot_be_deleted_stays_and_the_others_are_taken_back(self):
        batch = self.start(5)
        stuck, model = self.imported(batch)[2], type(self.env["crm.lead"])
        original, reason = model.unlink, "Invoices hang on it"

        def unlink(records):
            if stuck in records:
                raise UserError(reason)
            return original(records)

        self.patch(model, "unlink", unlink)
        with mute_logger("odoo.addons.lead_distribution.importing.undo"):
            batch.action_undo()
        self.assertEqual((batch.state, batch.counts), ("undone", {"undone": 4, "kept": 1}))
        self.assertIn(reason, batch.problem_row_ids.message)
        self.assertEqual(self.imported(batch), stuck)
        history = self.env["lead.distribution.assignment"].search([("run_id", "=", batch.run_id.id)])
        self.assertEqual(sorted(history.mapped("state")), ["done", *["reverted"] * 4])

    def test_rows_of_many_letters_are_checked_in_the_background_though_they_are_few(self):
        batch = self.upload(self.people_file(5), "long.csv")
        self.patch(checking, "CHUNK", 2)
        self.patch(checking, "CLICK_SECONDS", -1)
        batch.action_next()
        self.assertEqual((batch.state, batch.rows_read), ("checking", 2))
        self.run_cron()
        self.assertEqual((batch.state, batch.step, batch.rows_read), ("draft", "duplicates", 5))

    def test_undo_is_refused_when_the_import_is_old(self):
        batch = self.start(2)
        batch.sudo().started_on = fields.Datetime.now() - timedelta(days=8)
        with self.assertRaisesRegex(UserError, "7 days"):
            batch.action_undo()
        self.env["ir.config_parameter"].set_param("lead_distribution.import_undo_days", "30")
        batch.action_undo()
        self.assertFalse(self.imported(batch))

    def test_an_error_that_is_no_rows_stops_the_import_says_why_and_it_can_go_on(self):
        batch = self.start(60)
        other = self.to_preview(self.upload(self.people_file(60, 500), "other.csv"), self.cem)
        other.action_start()
        broken = type(batch)._start_session

        def prepare(records):
            if records.id == batch.id:
                raise ValueError("out of order")
            return broken(records)

        with mute_logger("odoo.addons.lead_distribution.importing.failing"):
            self.patch(type(batch), "_start_session", prepare)
            self.run_cron()
        self.assertEqual((batch.state, batch.error), ("failed", "out of order"))
        self.assertTrue(batch.finished_on)
        self.assertEqual(other.state, "done", "the next import was not held up")
        self.patch(type(batch), "_start_session", broken)
        batch.action_resume()
        self.run_cron()
        self.assertEqual((batch.state, batch.counts), ("done", {"done": 60}))

    def start_and_fail(self, count, done=0):
        """Return an import that an error has stopped after some rows."""
        batch = self.start(count).sudo()
        if done:
            add_to_counts(batch, import_chunk(batch._start_session(), last=batch.row_ids[done - 1].number))
        batch.write({"state": "failed", "error": "out of order", "finished_on": fields.Datetime.now()})
        return batch

    def test_an_import_does_not_go_on_where_nobody_would_do_it(self):
        self.make_campaign("Live", self.ann, is_live=True)
        batch = self.start_and_fail(6)
        self.cron.active = False
        with suppress(UserError):  # not assertRaises, which undoes what was done before it
            batch.action_resume()
        self.assertEqual((batch.state, batch.error), ("failed", "out of order"))

    def test_an_import_that_has_failed_goes_on_within_the_limits_as_they_are_then(self):
        self.campaign.max_daily = 5
        batch = self.start_and_fail(60, done=4)
        given = len(batch.run_id.assignment_ids)  # chance decides which rows these are
        self.make_leads(20)
        self.campaign.distribute()
        batch.with_user(self.manager).action_resume()
        self.run_cron()
        self.assertEqual((batch.state, batch.counts), ("done", {"done": 60}))
        people = self.ann + self.bob + self.cem
        leads = self.env["crm.lead"].search([("user_id", "in", people.ids), ("active", "=", True)])
        self.assertEqual(Counter(lead.user_id for lead in leads), dict.fromkeys(people, 5))
        self.assertRecordValues(batch.run_id, [
            {"leads_distributed": given, "left_over": {"everybody_full": 60 - given}},
        ])  # fmt: skip
        messages = Counter(batch.row_ids.filtered(lambda row: not row.user_id).mapped("message"))
        self.assertEqual(messages["The limit of this person was reached meanwhile."], 10 - given)

    def test_stopping_its_run_ends_an_import_that_has_failed(self):
        batch = self.start_and_fail(60, done=5)
        batch.run_id.with_user(self.manager).action_cancel()
        self.assertEqual((batch.state, batch.counts), ("cancelled", {"done": 5, "cancelled": 55}))
        self.assertRecordValues(batch.run_id, [{"state": "cancelled", "leads_distributed": 5}])

    def test_the_run_of_an_import_that_is_gone_can_be_stopped(self):
        batch = self.start_and_fail(60)
        run = batch.run_id
        batch.with_context(lead_distribution_clean_up=YES).unlink()
        run.with_user(self.manager).action_cancel()
        self.assertEqual(run.state, "cancelled")

    def test_undoing_an_import_that_has_failed_ends_its_run(self):
        batch = self.start_and_fail(60, done=6)
        batch.with_user(self.manager).action_undo()
        self.assertEqual((batch.state, batch.counts), ("undone", {"undone": 6, "cancelled": 54}))
        self.assertEqual(batch.run_id.state, "reverted")
        self.assertFalse(self.campaign.member_ids.filtered("rotation_turns"))

    def test_clean_ups_end_the_run_of_an_import_that_has_failed(self):
        self.campaign.write({"mask_personal_data": True, "mask_days": 30, "retention_days": 60})
        masked, removed = self.start_and_fail(60, done=5), self.start_and_fail(70, done=6)
        runs = masked.run_id + removed.run_id
        for batch, days in ((masked, 40), (removed, 70)):
            moment = fields.Datetime.now() - timedelta(days=days)
            batch.write({"started_on": moment, "finished_on": moment + timedelta(seconds=9)})
        self.batches.sudo()._gc_imports()
        self.batches.sudo()._gc_import_personal_data()
        self.assertFalse(removed.exists())
        self.assertEqual((masked.state, masked.is_masked), ("cancelled", True))
        self.assertRecordValues(runs, [{"state": "cancelled", "applying_seconds": 9}] * 2)

    def test_nobody_edits_an_import_that_was_started_or_makes_it_somebody_elses(self):
        batch = self.start(2)
        for vals in ({"state": "draft"}, {"campaign_id": False}, {"user_id": self.env.ref("base.user_admin").id}):
            with self.assertRaises(UserError):
                batch.write(vals)
        with self.assertRaises(AccessError):
            self.batches.create({"user_id": self.env.ref("base.user_admin").id})
        draft = self.batches.create({})
        self.assertEqual(draft.user_id, self.manager)
        with self.assertRaises(UserError):
            draft.user_id = self.env.ref("base.user_admin")

    def test_undone_leads_do_not_count_in_the_rotation(self):
        batch = self.start(2, self.ann)
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        self.assertEqual(member.rotation_turns, 2)
        batch.action_undo()
        self.assertEqual(member.rotation_turns, 0)

    def test_files_that_cannot_be_read_say_why_and_leave_nothing_behind(self):
        for data, text in (
            (b"%PDF-1.7", "no spreadsheet"),
            (b"PK\x03\x04broken", "damaged"),
            (b"<html></html>", "web page"),
            (b"", "Choose a file"),
            (b"\n\n\n", "empty"),
            (b"Name,E-mail\n", "no rows"),
            (b"Name," + b"x," * 60_000, "columns"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.upload(data, "leads.xlsx")

    def test_a_file_without_header_is_read_from_its_first_row(self):
        batch = self.upload(b"Ann Lee,ann@example.com\nBob Ray,bob@example.com\n", "x.csv")
        self.assertEqual(batch.header_row, 0)
        self.assertEqual(self.targets(batch), {"Column A": "ignore", "Column B": "email"})
        batch.column_ids[0].target = "contact_name"
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.imported(batch).mapped("contact_name"), ["Ann Lee", "Bob Ray"])

    def test_another_header_row_sheet_or_separator_can_be_chosen(self):
        batch = self.upload(b"a|b\nName;Mail\nAnn;ann@example.com\n", "x.csv")
        batch.separator = ";"
        batch.action_read_again()
        self.assertEqual((batch.header_row, self.targets(batch)), (2, {"Name": "contact_name", "Mail": "email"}))
        batch.header_row = 1
        batch.action_read_again()
        self.assertEqual(len(batch.column_ids), 2)
        self.assertEqual(batch.column_ids[0].name, "a|b")

    def test_limits_are_settings(self):
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_rows", "10")
        with self.assertRaisesRegex(UserError, "more than 10 rows"):
            self.upload(self.people_file(11), "x.csv")

    def test_a_file_that_breaks_in_the_background_says_why(self):
        self.env["ir.config_parameter"].set_param("lead_distribution.import_max_rows", "510")
        batch = self.upload(self.people_file(520), "x.csv")
        batch.action_next()
        self.run_cron()
        self.assertEqual(batch.state, "draft")
        self.assertIn("510", batch.error)


@tagged("post_install", "-at_install")
class TestImportPeople(FileCase):
    def test_r50_a_file_of_salespeople_fills_members_and_names_who_does_not_exist(self):
        lines = [
            "salesperson_name,campaign_name,active,team,level,target_leads",
            "Ann,Voice,true,,senior,220",
            "DAN ,Voice,,,,",
            "Nobody Atall,Voice,true,,junior,100",
            "Bob,Voice,false,,,0",
            "Cem,No such campaign,,,,",
            "Cem,Voice,maybe,no team,guru,many",
            "ann,voice,,,,5",
        ]
        batch = self.upload("\n".join(lines).encode(), "agents.csv", kind="people")
        self.assertEqual(
            list(self.targets(batch).values()), ["salesperson", "campaign", "active", "team", "level", "target"]
        )
        batch.action_next()
        self.assertEqual(batch.step, "preview")
        states = {row.number: row.state for row in batch.row_ids}
        self.assertEqual(states, {2: "ready", 3: "ready", 4: "error", 5: "ready", 6: "error", 7: "error", 8: "error"})
        messages = {row.number: row.message for row in batch.row_ids}
        self.assertIn("Nobody Atall", messages[4])
        for text in ("maybe", "no team", "guru", "many"):
            self.assertIn(text, messages[7])
        batch.action_start()
        members = {m.user_id: m for m in self.campaign.with_context(active_test=False).member_ids}
        self.assertRecordValues(
            members[self.ann] + members[self.dan] + members[self.bob],
            [
                {"active": True, "target_leads": 220, "level_id": self.level["senior"].id},
                {"active": True, "target_leads": 150, "level_id": self.level["mid_level"].id},
                {"active": False, "target_leads": 0, "level_id": self.level["mid_level"].id},
            ],
        )
        self.assertEqual(batch.overview["people"], {"added": 1, "updated": 2})

    def test_a_name_of_several_campaigns_is_refused_but_the_companys_own_comes_before_that_of_all(self):
        other = self.make_campaign("VOICE", self.bob, company_id=False)
        batch = self.upload(b"salesperson_name,campaign_name\nDan,voice", "agents.csv", kind="people")
        batch.action_next()
        self.assertEqual(batch.row_ids.values["campaign_id"], self.campaign.id)
        other.company_id = self.campaign.company_id
        batch = self.upload(b"salesperson_name,campaign_name\nDan,voice", "agents.csv", kind="people")
        batch.action_next()
        self.assertEqual(batch.row_ids.state, "error")
        self.assertIn("several campaigns “voice”", batch.row_ids.message)
        chosen = self.upload(
            b"salesperson_name,campaign_name\nDan,voice", "agents.csv", kind="people", campaign_id=other.id
        )
        chosen.action_next()
        self.assertEqual(chosen.row_ids.values["campaign_id"], other.id)

    def test_the_campaign_may_be_chosen_in_the_first_step_and_people_found_by_login(self):
        data = b"agent,e-mail\nWhoever,dan@test\n"
        batch = self.upload(data, "agents.csv", kind="people", campaign_id=self.campaign.id)
        batch.action_next()
        batch.action_start()
        self.assertIn(self.dan, self.campaign.member_ids.user_id)
        self.assertEqual(len(self.campaign.member_ids), 4)
