"""The live run: what else holds for it as for any run, and what happens when its day is over."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_live_worker import LiveCase


@tagged("post_install", "-at_install")
class TestLiveRun(LiveCase):
    def test_it_can_be_reverted_at_any_time_and_the_next_lead_opens_another_one(self):
        leads = self.come(3)
        self.hand_out()
        first = self.get_run()
        self.make_past(first)
        first.with_user(self.manager).action_revert()
        self.assertEqual(first.state, "reverted")
        self.assertFalse(leads.user_id)
        self.assertFalse(self.waiting.search([]), "a manager who takes leads back does not want them out again at once")
        self.assertEqual(self.campaign.member_ids.mapped("rotation_turns"), [0, 0, 0])
        self.come()
        self.hand_out()
        second = self.campaign.run_ids - first
        self.assertEqual((second.state, second.leads_done, first.leads_done), ("done", 1, 3))

    def test_a_lead_that_is_of_tomorrow_where_it_was_made_is_not_turned_away(self):
        self.campaign.write({"tz": "America/New_York", "use_window": True, "include_today": True})
        with freeze_time("2024-05-15 02:00:00"):  # Tuesday evening in New York
            lead = self.make_leads(1, source_date="2024-05-15")
            later = self.make_leads(1, source_date="2024-05-16")
            self.assertEqual(self.hand_out(), {"handed_out": 1, "waiting": 0, "not_taken": 1})
        self.assertTrue(lead.user_id)
        self.assertFalse(later.user_id)
        self.assertEqual(str(self.get_run().date_to), "2024-05-14", "the run says its own dates")

    def test_its_figures_are_those_that_a_run_of_all_its_leads_would_tell(self):
        source = self.env["utm.source"].create({"name": "Fair"})
        self.campaign.status_reset_id = self.status["new"]
        for number in range(4):
            self.come(2, source_id=source.id if number else False, lead_status_id=self.status["utr"].id)
            self.hand_out()
        run = self.get_run()
        lines = run.member_line_ids.read(
            [
                "leads_received",
                "leads_after_total",
                "leads_after",
                "leads_after_new",
                "deficit",
                "surplus",
                "utilization",
            ]
        )
        summary = run.read(["leads_by_source", "leads_by_status", "fairness_index", "leads_by_age", "average_received"])
        self.assertEqual(run.leads_by_source, {"None": 2, "Fair": 6})
        run.distribution_date -= timedelta(days=1)  # the day is over: all is counted anew
        self.env.flush_all()
        self.hand_out()
        self.assertFalse(run.is_growing)
        self.assertEqual(run.member_line_ids.read(list(lines[0])[1:]), lines)
        self.assertEqual(run.read(list(summary[0])[1:]), summary)

    def test_who_got_none_of_its_leads_has_the_load_that_is_held_also_when_the_target_changes(self):
        for user in (self.ann, self.bob, self.cem):
            self.make_leads(6, user_id=user.id)
        for target, expected in ((10, (4, 0, 60)), (5, (0, 1, 120))):
            self.campaign.member_ids.target_leads = target
            self.come()
            self.hand_out()
            last = self.get_run().member_line_ids.sorted("leads_received")[0]
            self.assertEqual(last.leads_received, 0)
            self.assertEqual((last.deficit, last.surplus, last.utilization), expected)

    def be_away(self, *users):
        now = fields.Datetime.now()
        times = {"date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=4)}
        return self.env["lead.distribution.absence"].create([{"user_id": user.id, **times} for user in users])

    def test_the_person_named_for_what_nobody_takes_has_a_line_and_the_sums_agree(self):
        dan = self.make_user("dan")
        self.make_leads(1, user_id=dan.id)
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 0})
        absences = self.be_away(self.ann, self.bob, self.cem)
        self.come(2)
        self.hand_out()
        figures = self.get_run().to_dict()
        told = [(one["name"], one["before"], one["received"], one["after"]) for one in figures["salespeople"]]
        self.assertEqual((figures["leads_distributed"], told), (2, [("Dan", 1, 2, 3)]))
        absences.unlink()
        self.come(3)
        self.hand_out()
        self.assertEqual(sorted(self.get_run().member_line_ids.mapped("leads_received")), [1, 1, 1, 2])

    def test_what_a_member_got_before_the_own_shift_is_not_counted_twice_when_it_begins(self):
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": self.ann.id, "live_fallback_minutes": 0})
        self.campaign.availability = "working_hours"
        calendar = self.env["resource.calendar"].create({"name": "None", "tz": "UTC", "attendance_ids": False})
        calendar.attendance_ids.unlink()
        self.env.company.resource_calendar_id = calendar  # nobody is on shift; who is named keeps what nobody takes
        self.come(2)
        self.hand_out()
        self.campaign.availability = "ignore"
        self.come(4)
        self.hand_out()
        run = self.get_run()
        ann = run.member_line_ids.filtered(lambda line: line.user_id == self.ann)
        for is_growing in (True, False):
            run.distribution_date -= timedelta(days=not is_growing)
            self.env.flush_all()
            self.hand_out()
            self.assertEqual(run.is_growing, is_growing)
            held = self.env["crm.lead"].search_count([("user_id", "=", self.ann.id)])
            self.assertEqual((ann.leads_before_total, ann.leads_received, ann.leads_after_total), (0, held, held))
        self.assertEqual(sum(run.member_line_ids.mapped("leads_received")), run.leads_distributed)

    def test_what_is_told_of_it_adds_up(self):
        self.campaign.max_daily = 1
        self.come(5)
        self.hand_out()
        figures = self.get_run().with_user(self.manager).to_dict()
        self.assertEqual(
            (figures["leads_found"], figures["leads_distributed"], figures["leads_not_distributed"]), (5, 3, 2)
        )
        self.assertEqual(figures["left_over"], {"everybody_full": 2})
        self.assertEqual(len(figures["assignments"]), 3)
        self.assertEqual(len(figures["left"]), 2)
        self.assertEqual(sum(person["received"] for person in figures["salespeople"]), 3)

    def test_a_lead_that_goes_elsewhere_while_it_waits_is_left_over_of_the_run(self):
        self.campaign.max_daily = 1
        leads = self.come(5)
        self.hand_out()
        leads.filtered(lambda lead: not lead.user_id)[0].user_id = self.manager
        self.try_all()
        self.hand_out()
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_done), (5, 3))
        self.assertEqual(run.left_over, {"everybody_full": 1, "elsewhere": 1})

    def test_refused_leads_stand_in_its_funnel_once(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        self.campaign.filter_ids = [Command.create({"field_id": field.id, "values_text": "web"})]
        web = self.env["utm.source"].create({"name": "web"})
        self.come(2, source_id=web.id)
        self.come(3)
        self.hand_out()
        run = self.get_run()
        self.assertEqual((run.leads_found, run.exclusions), (2, {"web_source": 3}))
        self.assertEqual(run.overview["funnel"][-1]["remaining"], 2)

    def test_leads_outside_the_window_or_of_another_type_are_outside_of_it_as_of_any_run(self):
        self.campaign.use_window = True
        self.come(2)
        self.come(3, source_date=self.days_ago(90))
        self.come(1, type="opportunity")
        self.come(1, lead_status_id=self.status["dnc"].id)
        self.hand_out()
        told = self.get_run().to_dict()
        self.assertEqual((told["outside"], told["exclusions"]), ({"date": 3, "type": 1}, {"dnc": 1}))
        self.assertEqual((told["leads_looked_at"], told["leads_in_range"], told["leads_found"]), (7, 3, 2))

    def test_the_next_day_has_its_own_run_and_the_responsible_gets_the_digest_of_the_last(self):
        self.campaign.write({"user_id": self.manager.id, "notify_responsible": True})
        with freeze_time("2024-05-14 10:00:00"):
            self.come(2)
            self.hand_out()
        with freeze_time("2024-05-15 00:01:00"):
            self.hand_out()
            first = self.get_run()
            self.assertFalse(first.is_growing)
            self.come(1)
            self.hand_out()
        second = self.campaign.run_ids - first
        self.assertEqual((first.leads_done, second.leads_done, second.is_growing), (2, 1, True))
        message = self.env["mail.message"].search([("partner_ids", "in", self.manager.partner_id.ids)], limit=1)
        self.assertEqual(message.subject, "Voice: 2 of 2 leads handed out")

    def test_its_words_are_those_of_the_responsible_also_when_its_day_is_over(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.status["utr"].with_context(lang="fr_FR").name = "Injoignable"
        self.manager.lang = "fr_FR"
        self.campaign.user_id = self.manager
        self.come(2, lead_status_id=self.status["utr"].id)
        self.hand_out()
        run = self.get_run()
        for days in (0, 1):
            run.distribution_date -= timedelta(days=days)
            self.env.flush_all()
            self.hand_out()
            self.assertEqual((run.is_growing, run.leads_by_status), (not days, {"Injoignable": 2}))

    def test_old_leads_drop_back_to_their_rule_s_person_whoever_is_there(self):
        dan = self.make_user("dan")
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create({"name": "old", "is_default": True, "user_id": dan.id})],
            }
        )
        now = fields.Datetime.now()
        self.env["lead.distribution.absence"].create(
            [
                {"user_id": user.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=1)}
                for user in (self.ann, self.bob, self.cem)
            ]
        )
        old = self.come(1, source_date=self.days_ago(60))
        self.assertEqual(self.hand_out(), {"handed_out": 1, "waiting": 0, "not_taken": 0})
        self.assertEqual((old.user_id, old.assignment_ids.kind), (dan, "dropback"))
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_done, run.leads_dropped_back), (0, 0, 1))

    def test_a_lead_that_must_not_be_called_is_not_taken(self):
        lead = self.come(1, lead_status_id=self.status["dnc"].id)
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 1})
        row = self.env["lead.distribution.not.taken"].search([("lead_id", "=", lead.id)])
        self.assertEqual(row.reasons, {str(self.campaign.id): "dnc"})

    def test_a_bad_lead_costs_one_lead_and_is_tried_again_later_each_time(self):
        leads = self.come(4)
        bad = leads[1]
        lead_class = self.env.registry["crm.lead"]
        original = lead_class.write

        def write(records, vals):
            if vals.get("user_id") and bad in records:
                raise ValueError("bad lead")
            return original(records, vals)

        self.patch(lead_class, "write", write)
        with self.assertLogs("odoo.addons.lead_distribution.applying.applier", "WARNING"):
            self.assertEqual(self.hand_out(), {"handed_out": 3, "waiting": 1, "not_taken": 0})
        row = self.waiting.search([])
        self.assertEqual((row.lead_id, row.reason), (bad, "failed"))
        self.assertIn("bad lead", row.detail)
        self.assertFalse(bad.assignment_ids)
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_done, run.left_over), (4, 3, {"failed": 1}))
        first = row.next_try - fields.Datetime.now()
        self.try_all()
        with self.assertLogs("odoo.addons.lead_distribution.applying.applier", "WARNING"):
            self.hand_out()
        self.assertGreater(row.next_try - fields.Datetime.now(), first)
        self.assertEqual(len(self.campaign.activity_ids), 1, "the responsible hears of it once")

    def test_a_lead_that_has_waited_for_long_and_fails_once_is_tried_again_in_a_minute(self):
        self.campaign.live_delay = 10
        lead = self.come()
        for _time in range(6):
            self.hand_out()
            self.try_all()
        self.campaign.live_delay = 0
        row = self.waiting.search([("lead_id", "=", lead.id)])
        self.assertEqual((row.reason, row.tries), ("delay", 6))
        lead_class = self.env.registry["crm.lead"]
        original = lead_class.write

        def write(records, vals):
            if vals.get("user_id"):
                raise ValueError("passing")
            return original(records, vals)

        self.patch(lead_class, "write", write)
        for minutes in (1, 5):
            with self.assertLogs("odoo.addons.lead_distribution.applying.applier", "WARNING"):
                self.hand_out()
            row.invalidate_recordset()
            self.assertEqual(row.reason, "failed")
            self.assertAlmostEqual((row.next_try - fields.Datetime.now()).total_seconds(), minutes * 60, delta=30)
            self.try_all()

    def test_what_was_only_put_off_and_is_refused_then_is_a_refusal_of_the_run(self):
        self.campaign.live_delay = 10
        lead = self.come()
        self.come()
        self.hand_out()
        lead.lead_status_id = self.status["dnc"]
        self.campaign.live_delay = 0
        self.try_all()
        self.hand_out()
        self.assertEqual(self.get_run().exclusions, {"dnc": 1})

    def test_a_campaign_that_does_not_work_keeps_the_others_from_nothing(self):
        broken = self.make_campaign("Broken", self.ann, is_live=True, sequence=1)
        campaign_class = self.env.registry["lead.distribution.campaign"]
        original = campaign_class._get_filter_steps

        def get_steps(records, request):
            if records == broken:
                raise ValueError("broken steps")
            return original(records, request)

        self.patch(campaign_class, "_get_filter_steps", get_steps)
        self.env.registry.clear_cache()
        with self.assertLogs("odoo.addons.lead_distribution.models.live.waiting", "ERROR"):
            lead = self.come()  # nor anybody from making one
        with self.assertLogs("odoo.addons.lead_distribution.live.batch", "ERROR"):
            self.assertEqual(self.hand_out()["handed_out"], 1)
        self.assertTrue(lead.user_id)

    def test_leads_that_a_campaign_puts_off_stay_its_own_also_where_it_does_not_work(self):
        self.campaign.live_delay = 10
        self.make_campaign("Other", self.ann, is_live=True, sequence=100)

        def select(records, *args, **kwargs):
            if records == self.campaign:
                raise ValueError("broken choice")
            return original(records, *args, **kwargs)

        campaigns = self.env.registry["lead.distribution.campaign"]
        original = campaigns._select_members
        self.patch(campaigns, "_select_members", select)
        old = self.come()
        self.waiting.search([("lead_id", "=", old.id)]).since = fields.Datetime.now() - timedelta(minutes=11)
        new = self.come()
        with self.assertLogs("odoo.addons.lead_distribution.live.batch", "ERROR"):
            self.hand_out()
        reasons = {row.lead_id: row.reason for row in self.waiting.search([("lead_id", "in", (old + new).ids)])}
        self.assertEqual(reasons, {old: "failed", new: "delay"})

    def test_the_responsible_of_a_campaign_that_does_not_work_hears_of_it_once(self):
        self.campaign.user_id = self.manager

        def select(records, *args, **kwargs):
            raise ValueError("broken choice")

        self.patch(self.env.registry["lead.distribution.campaign"], "_select_members", select)
        self.come()
        with self.assertLogs("odoo.addons.lead_distribution.live.batch", "ERROR"):
            for _time in range(2):
                self.hand_out()
                self.try_all()
        todo = self.campaign.activity_ids
        self.assertEqual(todo.user_id, self.manager)
        self.assertIn("1 lead waits: Could not be written (broken choice)", todo.note)

    def test_a_to_do_that_cannot_be_made_keeps_no_lead_of_others_from_anybody(self):
        other = self.make_campaign("Other", self.ann, is_live=True, sequence=100)
        self.campaign.write({"user_id": self.manager.id, "max_leads": 1, "live_fallback_minutes": 0})

        def schedule(records, *args, **kwargs):
            raise ValueError("no to-do")

        self.patch(self.env.registry["lead.distribution.campaign"], "activity_schedule", schedule)
        leads = self.come(3)
        with self.assertLogs("odoo.addons.lead_distribution.live.fallback", "ERROR"):
            self.assertEqual(self.hand_out()["handed_out"], 1)
        self.assertEqual(len(leads.filtered("user_id")), 1)
        self.assertFalse(other.activity_ids)

    def test_a_strategy_that_fails_gives_way_to_round_robin_and_the_run_says_so(self):
        self.campaign.write({"strategy": "weighted", "fallback_round_robin": True})
        campaign_class = self.env.registry["lead.distribution.campaign"]
        original = campaign_class._get_engine_strategy

        def get_strategy(records, name, request):
            if name == "weighted":
                raise ValueError("no weights today")
            return original(records, name, request)

        self.patch(campaign_class, "_get_engine_strategy", get_strategy)
        leads = self.come(3)
        with self.assertLogs("odoo.addons.lead_distribution.day.part", "ERROR"):
            self.hand_out()
        self.assertEqual(self.count(leads), [1, 1, 1])
        self.assertIn("no weights today", self.get_run().warnings[-1])

    def test_single_leads_are_shared_by_weight_like_many_at_once(self):
        self.campaign.strategy = "weighted"
        self.campaign.member_ids[0].weight = 2
        for _number in range(8):
            self.come()
            self.hand_out()
        leads = self.get_run().assignment_ids.lead_id
        self.assertEqual(sorted(self.count(leads)), [2, 2, 4])

    def test_each_lead_can_be_explained_as_in_any_run_also_when_somebody_has_left_since(self):
        for _number in range(3):
            self.come()
            self.hand_out()
        last = self.get_run().assignment_ids.sorted("id")[-1]
        now = fields.Datetime.now()
        values = {"date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=1)}
        self.env["lead.distribution.absence"].create({"user_id": last.user_id.id, **values})
        self.come()
        self.hand_out()
        wizard = self.env["lead.distribution.line.up"].browse(last.with_user(self.manager).action_line_up()["res_id"])
        received = {line.name: line.received for line in wizard.line_ids}
        self.assertEqual(received, {name: int(name != last.user_name) for name in ("Ann", "Bob", "Cem")})
        self.assertIn(f"{last.user_name} got it", wizard.answer)
        newest = self.get_run().assignment_ids.sorted("id")[-1]
        self.assertNotEqual(newest.user_id, last.user_id)
        self.assertNotIn(last.user_name, newest.explanation)

    def test_a_batch_of_many_takes_hardly_more_statements_than_one_of_few(self):
        self.come(2)
        self.hand_out()
        counts = []
        for many in (2, 60):
            self.come(many)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.hand_out()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 30, counts)
