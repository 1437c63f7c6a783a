from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..models.lead.lead import WRITTEN_BY_CODE
from ..reporting.todos import FAILED, raise_todo
from .rights_common import KINDS, RightsCase, is_ours


@tagged("post_install", "-at_install")
class TestFieldsOfTheDistribution(RightsCase):
    """What says who was given a lead, when and by what: nobody writes it but the distribution."""

    def get_value(self, name):
        field = self.env["crm.lead"]._fields[name]
        if field.type == "one2many":
            return [Command.clear()]
        values = {"many2one": self.env[field.comodel_name].sudo().search([], limit=1).id if field.relational else None,
                  "datetime": "2020-01-01 00:00:00", "boolean": True, "selection": "stale"}  # fmt: skip
        return values[field.type]

    def each_way(self, leads, name):
        """Yield the ways in which a client may try to give a lead a value."""
        value, lead = self.get_value(name), self.records["crm.lead"][0].with_env(leads.env)
        new = {"name": "New", "type": "lead"}
        yield lambda: lead.write({name: value})
        yield lambda: lead.web_save({name: value}, {})
        yield lambda: leads.create({**new, name: value})
        yield lambda: leads.web_save({**new, name: value}, {})
        yield lambda: leads.with_context(**{f"default_{name}": value}).create(new)
        yield lambda: leads.create([new, {**new, name: value}])

    def test_nobody_gives_a_lead_a_value_of_these_fields(self):
        for kind in ("member", "manager", "other_manager"):
            leads = self.get_env(self.people[kind])["crm.lead"]
            for name in WRITTEN_BY_CODE:
                for way in self.each_way(leads, name):
                    self.assertEqual(self.try_to(way), "no", (kind, name))

    def test_a_file_for_odoos_own_import_does_not_give_them_either(self):
        leads = self.get_env(self.manager)["crm.lead"]
        for name in ("received_on", "distributed_on", "last_worked_on"):
            result = leads.load(["name", name], [["From a file", "2020-01-01 00:00:00"]])
            self.assertFalse(result["ids"], name)
            self.assertIn("nobody sets it", str(result["messages"]), name)
        self.assertFalse(leads.search([("name", "=", "From a file")]))

    def test_the_refusal_says_in_words_what_was_refused(self):
        lead = self.records["crm.lead"][0].with_env(self.get_env(self.ann))
        with self.assertRaisesRegex(
            AccessError, "“With this salesperson since” is filled in by the distribution itself"
        ):
            lead.received_on = "2020-01-01 00:00:00"

    def test_clients_show_these_fields_read_only(self):
        described = self.get_env(self.manager)["crm.lead"].fields_get(WRITTEN_BY_CODE, ["readonly"])
        self.assertTrue(all(field["readonly"] for field in described.values()), described)

    def test_a_copy_of_a_lead_was_never_handed_out(self):
        lead = self.records["crm.lead"][0].with_env(self.get_env(self.manager))
        self.assertTrue(lead.distributed_on)
        copy = lead.copy()
        for name in ("distribution_campaign_id", "distributed_on", "import_batch_id", "last_worked_on",
                     "assignment_ids"):  # fmt: skip
            self.assertFalse(copy[name], name)

    def test_giving_a_lead_away_notes_when_it_was_received_also_out_of_the_giver_s_sight(self):
        lead = self.records["crm.lead"][0]
        lead.received_on = "2020-01-01 00:00:00"
        lead.with_env(self.get_env(self.ann)).write({"user_id": self.bob.id})
        self.assertEqual(lead.user_id, self.bob)
        self.assertGreater(lead.received_on.year, 2020)
        new = self.get_env(self.manager)["crm.lead"].create({"name": "New", "type": "lead", "user_id": self.bob.id})
        self.assertTrue(new.received_on)

    def test_who_may_not_write_a_lead_does_not_change_when_it_was_received(self):
        lead = self.records["crm.lead"][1]
        before = lead.received_on
        with self.assertRaises(AccessError):
            lead.with_env(self.get_env(self.ann)).write({"user_id": self.cem.id})
        lead.invalidate_recordset()
        self.assertEqual((lead.user_id, lead.received_on), (self.bob, before))

    def test_odoo_still_merges_and_converts_leads_that_were_handed_out(self):
        leads = self.leads[:3].with_env(self.get_env(self.manager))
        merged = leads.merge_opportunity(auto_unlink=False)
        self.assertTrue(merged.distributed_on)
        merged.convert_opportunity(False)
        self.assertEqual(merged.type, "opportunity")


@tagged("post_install", "-at_install")
class TestWhatOthersMayNotSee(RightsCase):
    """Figures, names and texts of others, by whatever way somebody asks for them."""

    def env_of(self, kind):
        return self.get_env(self.people[kind])

    def assert_refused(self, *calls):
        for number, call in enumerate(calls):
            self.assertEqual(self.try_to(call), "no", number)

    def test_a_salesperson_cannot_read_search_sort_group_or_export_by_figures_of_everybody(self):
        self.ann.group_ids |= self.env.ref("base.group_allow_export")
        run = self.records["lead.distribution.run"][0].with_env(self.env_of("member"))
        self.assert_refused(
            lambda: run.read(["overview"]),
            lambda: run.read(["left_out"]),
            lambda: run.read(["options"]),
            lambda: run.web_read({"warnings": {}}),
            lambda: run.search([("error", "ilike", "a")]),
            lambda: run.search([("largest_received", ">", 1)]),
            lambda: run.search([], order="fairness_index"),
            lambda: run.formatted_read_group([], ["salespeople_received"], ["__count"]),
            lambda: run.formatted_read_group([], ["state"], ["largest_received:max"]),
            lambda: run.export_data(["left_over"]),
            lambda: run.member_line_ids.search([("run_id.fairness_index", ">", 0)]),
            lambda: run.action_view_left_over("no_eligible"),
            lambda: run.action_view_step("dnc"),
        )

    def test_the_page_of_a_run_works_for_a_salesperson_who_took_part(self):
        run = self.records["lead.distribution.run"][0]
        form = Form(run.with_env(self.env_of("member")))
        self.assertFalse({"overview", "leads_found", "member_line_ids"} & form._view["fields"].keys())
        self.assertEqual((form.own_received, len(form.assignment_ids)), (2, 2))
        self.assertIn("overview", Form(run.with_env(self.env_of("manager")))._view["fields"])

    def test_the_page_of_a_run_of_an_import_works_for_a_salesperson_who_took_part(self):
        payload = {
            "campaign": self.campaign.id,
            "callers": self.ann.ids,
            "leads": [{"first_name": "Eve", "email": "e@x.y"}],
        }
        batches = self.env["lead.import.batch"].with_env(self.env_of("manager"))
        self.assertTrue(batches.import_payload(payload)["success"])
        run = batches.search([], limit=1).run_id
        self.env.invalidate_all()
        self.assertEqual(Form(run.with_env(self.env_of("member"))).own_received, 1)

    def test_how_far_a_run_is_with_everybodys_leads_is_for_managers(self):
        run = self.make_campaign("Both", self.ann, self.bob).simulate(lead_ids=self.make_leads(4).ids)
        run.state = "applying"
        self.env.invalidate_all()
        self.assertEqual(run.with_env(self.env_of("manager")).progress, 0)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            run.with_env(self.env_of("member")).read(["progress"])

    def test_a_salesperson_who_follows_the_link_to_a_campaign_sees_what_may_be_read_of_it(self):
        campaign, names = self.campaign.with_env(self.env_of("member")), {}
        for kind, env in (("member", campaign.env), ("manager", self.env_of("manager"))):
            views = self.campaign.with_env(env).get_views([(False, "form"), (False, "list")])
            names[kind] = set(views["models"][campaign._name]["fields"])
        self.assertNotIn("own_domain", names["member"])
        self.assertIn("own_domain", names["manager"])
        self.assertEqual(campaign.web_read({name: {} for name in names["member"]})[0]["name"], "Voice")

    def test_the_report_of_a_run_that_was_sent_is_read_by_managers_and_its_receivers_only(self):
        run = self.records["lead.distribution.run"][0].with_env(self.env_of("manager"))
        messages = self.env["mail.message"].search([("model", "=", run._name)])
        self.campaign.report_user_ids = self.people["salesperson"] | self.manager
        run.action_send_report()
        sent = self.env["mail.message"].search([("model", "=", run._name)]) - messages
        self.assertTrue(sent)
        for kind in KINDS:
            of_managers = kind in ("manager", "sales_administrator")
            can_read = of_managers or (kind == "salesperson" and bool(sent.partner_ids))
            env = self.env_of(kind)
            self.assertEqual(sent.with_env(env).has_access("read"), can_read, kind)
            self.assertEqual(bool(env["mail.message"].search([("id", "in", sent.ids)])), can_read, kind)

    def test_a_salesperson_reads_the_name_of_a_campaign_and_none_of_its_settings(self):
        campaign = self.campaign.with_env(self.env_of("member"))
        self.campaign.protected_user_ids = self.bob
        self.assertEqual(campaign.read(["name"])[0]["name"], "Voice")
        self.assert_refused(
            lambda: campaign.formatted_read_group([], ["protected_user_ids"], ["__count"]),
            lambda: campaign.formatted_read_group([], ["protected_user_ids.login"], ["__count"]),
            lambda: campaign.env["lead.distribution.run"].formatted_read_group(
                [], ["campaign_id.protected_user_ids"], ["__count"]
            ),
            lambda: campaign.read(["own_domain"]),
            lambda: campaign.read(["config_report"]),
            lambda: campaign.search([("protected_user_ids.name", "=", "Bob")]),
            lambda: campaign.formatted_read_group([], ["strategy"], ["__count"]),
        )

    def test_the_page_of_a_campaign_works_for_a_salesperson_and_shows_its_name(self):
        form = Form(self.campaign.with_env(self.env_of("member")))
        self.assertEqual(form.name, "Voice")
        self.assertLessEqual(form._view["fields"].keys(), {"id", "active", "name", "company_id", "description"})
        self.assertIn("use_dnc", Form(self.campaign.with_env(self.env_of("manager")))._view["fields"])

    def test_what_is_written_on_a_campaign_is_for_managers_and_a_message_for_its_receiver(self):
        message = self.campaign.message_post(body="Bob is far behind")
        raise_todo(self.campaign, FAILED, ["Bob has no leads"])
        activity = self.campaign.activity_ids
        for kind in ("salesperson", "member", "other_manager"):
            env = self.env_of(kind)
            self.assertFalse(message.with_env(env).has_access("read"), kind)
            self.assertFalse(env["mail.message"].search([("id", "=", message.id)]), kind)
            self.assertFalse(env["mail.activity"].search([("id", "in", activity.ids)]), kind)
        self.assertTrue(message.with_env(self.env_of("manager")).has_access("read"))
        own = self.ann.partner_id.ids
        self.assert_refused(lambda: self.campaign.with_env(self.env_of("member")).message_subscribe(own))
        self.campaign.with_env(self.env_of("manager")).message_subscribe(self.manager.partner_id.ids)
        news = self.env["mail.message"].search(
            [("model", "=", self.campaign._name), ("message_type", "=", "user_notification"),
             ("partner_ids", "in", self.ann.partner_id.ids)]
        )  # fmt: skip
        self.assertTrue(news)
        self.assertTrue(news.with_env(self.env_of("member")).has_access("read"))

    def test_what_is_written_beside_a_campaign_cannot_be_guessed_by_searching_for_it(self):
        """Odoo searches messages and activities without asking for rights: each hit would tell a word of them."""
        self.campaign.message_post(body="Bob is far behind", subject="Bob")
        self.campaign.activity_schedule("mail.mail_activity_data_todo", summary="Bob", note="Bob is far behind")
        paths = ("message_ids.body", "message_ids.subject", "activity_ids.summary", "activity_ids.note",
                 "activity_summary")  # fmt: skip
        for kind in ("salesperson", "member"):
            campaign = self.campaign.with_env(self.env_of(kind))
            self.assert_refused(
                *(lambda path=path, c=campaign: c.search([(path, "ilike", "Bob")]) for path in paths),
                *(lambda name=name, c=campaign: c.read([name]) for name in ("message_ids", "activity_ids",
                                                                            "activity_summary")),
                lambda c=campaign: c.formatted_read_group([], ["message_ids"], ["__count"]),
            )  # fmt: skip
        managed = self.campaign.with_env(self.env_of("manager"))
        self.assertIn(managed, managed.search([("message_ids.body", "ilike", "far behind")]))

    def test_how_many_leads_somebody_holds_is_told_to_managers_and_of_their_companies_only(self):
        for kind in ("portal", "internal", "salesperson", "member"):
            user = self.bob.with_env(self.env_of(kind))
            self.assert_refused(
                lambda user=user: user.read(["distribution_workload"]),
                lambda user=user: user.read(["distribution_member_ids"]),
                lambda user=user: user.search([("distribution_member_ids.campaign_id", "!=", False)]),
            )
        self.bob.company_ids |= self.elsewhere
        held = self.bob.with_env(self.env_of("manager")).distribution_workload
        self.env.invalidate_all()
        self.assertTrue(held)
        self.assertEqual(self.bob.with_env(self.env_of("other_manager")).distribution_workload, 0)

    def test_the_report_of_a_salesperson_counts_leads_of_the_asker_s_companies(self):
        self.env["crm.lead"].search([("holder_id", "=", self.bob.id)]).company_id = self.campaign.company_id
        report = self.env_of("other_manager")["lead.distribution.report"]
        data = report.generate_salesperson_report(self.bob.id)
        self.assertEqual((data["current_leads"]["total"], data["total_leads_received"], data["days"]), (0, 0, []))
        report = self.env_of("manager")["lead.distribution.report"]
        self.assertTrue(report.generate_salesperson_report(self.bob.id)["current_leads"]["total"])

    def test_no_campaign_is_moved_to_a_company_its_manager_does_not_work_for(self):
        env = self.env_of("other_manager")
        own = env["lead.distribution.campaign"].create({"name": "There"})
        with self.assertRaisesRegex(ValidationError, "do not work for"):
            own.company_id = self.campaign.sudo().company_id
        own.with_env(self.env(user=self.switched)).company_id = self.campaign.company_id
        self.assertEqual(own.sudo().company_id, self.campaign.company_id)

    def test_a_campaign_of_all_companies_is_changed_by_people_of_all_of_them(self):
        shared = self.make_campaign("Everywhere", self.ann, company_id=False)
        for kind in ("manager", "other_manager"):
            campaign = shared.with_env(self.env_of(kind))
            self.assertEqual(campaign.name, "Everywhere", kind)
            self.assert_refused(lambda campaign=campaign: campaign.write({"name": "Mine"}), campaign.unlink)
        self.manager.company_ids = self.env["res.company"].search([])
        shared.with_env(self.env_of("manager")).name = "Everybody's"

    def test_nobody_asks_why_not_of_a_lead_or_a_campaign_of_another_company(self):
        self.leads.company_id = self.campaign.company_id
        questions, lead = self.env_of("other_manager")["crm.lead.why.not"], self.leads[0]
        campaign = self.make_campaign("There", company_id=self.elsewhere.id)
        own_lead = self.make_leads(company_id=self.elsewhere.id)
        own = questions.create({"lead_id": own_lead.id, "campaign_id": campaign.id})
        self.assertTrue(own.line_ids)
        own.flush_recordset()
        spec = {"answer": {}, "line_ids": {"fields": {"value": {}}}}
        self.assert_refused(
            lambda: questions.create({"lead_id": lead.id, "campaign_id": campaign.id}),
            lambda: questions.create({"lead_id": own_lead.id, "campaign_id": self.campaign.id}),
            lambda: own.write({"lead_id": lead.id}),
            lambda: own.write({"campaign_id": self.campaign.id}),
            lambda: questions.onchange({"lead_id": lead.id, "campaign_id": campaign.id}, ["lead_id"], spec),
        )

    def test_no_form_shows_the_name_of_a_record_that_its_author_may_not_read(self):
        env = self.env_of("other_manager")
        batch = self.records["lead.distribution.assignment"][0]
        self.leads.company_id = self.campaign.company_id
        self.assert_refused(
            lambda: env["crm.lead.distribute"].create({"campaign_id": self.campaign.id}),
            lambda: env["lead.distribution.compare"].create({"campaign_id": self.campaign.id}),
            lambda: env["lead.distribution.verification"].create({"campaign_id": self.campaign.id}),
            lambda: env["lead.distribution.config.text"].create({"campaign_id": self.campaign.id}),
            lambda: env["lead.distribution.line.up"].create({"assignment_id": batch.id}),
            lambda: env["lead.distribution.report.request"].create({"campaign_id": self.campaign.id}),
        )

    def test_every_form_asks_for_the_rights_to_what_it_is_about(self):
        prefixes = ("lead.", "crm.lead.")
        forms = {name for name in self.env if self.env[name]._transient and name.startswith(prefixes)}
        forms = {name for name in forms if any(map(is_ours, self.env.registry[name].__mro__))}
        lines = {name for name in forms if name.endswith((".line", ".agent", ".refusal", ".campaign"))}
        self.assertIn("lead.distribution.compare", forms)
        self.assertEqual([name for name in forms - lines if not hasattr(self.env[name], "_check_references")], [])
        run = self.records["lead.distribution.run"][0]
        env = self.env_of("other_manager")
        self.assert_refused(
            lambda: env["lead.distribution.compare"].create({"campaign_id": self.campaign.id}),
            lambda: env["lead.distribution.report.request"].create({"kind": "run", "run_id": run.id}),
            lambda: env["lead.distribution.line.up"].create({"distribution_id": self.campaign.id}),
        )

    def test_a_form_of_another_manager_is_neither_found_nor_named(self):
        typed = self.make_form("lead.distribution.config.load", self.manager)
        other = self.make_user("max", "base.group_user,sales_team.group_sale_manager")
        forms = self.get_env(other)["lead.distribution.config.load"]
        self.assertFalse(forms.search([("config_text", "ilike", "Typed")]))
        self.assertNotIn(typed.id, [pair[0] for pair in forms.name_search("")])
        self.assertEqual(self.try_to(lambda: forms.browse(typed.id).read(["config_text"])), "no")

    def test_a_filter_names_no_users_partners_campaigns_or_imports_of_another_company(self):
        env = self.env_of("other_manager")
        secret = self.env["res.partner"].create({"name": "Secret Partner", "company_id": self.campaign.company_id.id})
        self.leads.write({"partner_id": secret.id, "company_id": self.campaign.company_id.id, "city": "Secret City"})
        campaign = self.make_campaign("There", company_id=self.elsewhere.id).with_env(env)
        mine = self.make_leads(company_id=self.elsewhere.id, city="Open City")
        # who works inside is known to all, by Odoo's own rules; portal users are not
        hidden = {"user_id": self.people["portal"].name, "partner_id": secret.name, "city": "Secret City",
                  "distribution_campaign_id": "Voice", "import_batch_id": "Import"}  # fmt: skip
        for name, text in hidden.items():
            values = {"field_id": self.env["ir.model.fields"]._get("crm.lead", name).id, "mode": "wildcard",
                      "values_text": "*"}  # fmt: skip
            for row in (env["lead.distribution.filter"].new({**values, "campaign_id": campaign.id}),
                        env["lead.distribution.filter"].create({**values, "campaign_id": campaign.id})):  # fmt: skip
                self.assertNotIn(text, row.matching_values)
            if name == "city":
                self.assertEqual((row.matching_values, row.matching_leads), (mine.city, 1))

    def test_a_value_that_the_user_may_not_read_cannot_be_picked_either(self):
        secret = self.env["res.partner"].create({"name": "Secret Partner", "company_id": self.campaign.company_id.id})
        rows = self.env_of("other_manager")["lead.distribution.filter"]
        self.assert_refused(lambda: rows.new({"pick": f"res.partner,{secret.id}"})._onchange_pick())

    def test_the_workload_of_a_caller_of_another_company_is_not_told(self):
        batch = self.env_of("other_manager")["lead.import.batch"].create({})
        caller = self.env_of("other_manager")["lead.import.caller"].create(
            {"batch_id": batch.id, "user_id": self.bob.id}
        )
        self.assertEqual(caller.current_leads, 0)

    def test_the_look_up_of_classes_returns_every_hit(self):
        self.make_leads(1010, contact_name="Many Hits")
        found = self.env_of("manager")["crm.lead"].lookup_classification("many hits")
        self.assertEqual(len(found), 1010)


@tagged("post_install", "-at_install")
class TestImportsOfOthers(RightsCase):
    """An import is what was done: nobody makes one up, or undoes that of another company."""

    def test_nobody_gives_an_import_what_only_importing_says(self):
        batches = self.get_env(self.manager)["lead.import.batch"]
        draft = batches.create({})
        run = self.records["lead.distribution.run"][0]
        values = {"state": "done", "step": "result", "run_id": run.id, "answer": {"a": 1}, "seed": 7,
                  "counts": {"done": 1}, "figures": {}, "started_on": "2020-01-01 00:00:00", "is_masked": True,
                  "user_id": self.ann.id,
                  "channel": "api", "idempotency_key": "x", "rows_to_do": 5,
                  "company_id": self.elsewhere.id, "lead_ids": [Command.link(self.leads[0].id)]}  # fmt: skip
        for name, value in values.items():
            for call in (lambda n=name, v=value: draft.write({n: v}), lambda n=name, v=value: batches.create({n: v}),
                         lambda n=name, v=value: batches.with_context(**{f"default_{n}": v}).create({})):  # fmt: skip
                self.assertEqual(self.try_to(call), "no", name)

    def test_undoing_never_touches_a_run_of_another_import_or_company(self):
        run = self.records["lead.distribution.run"][0]
        there = self.get_env(self.people["other_manager"])
        batch = there["lead.import.batch"].create({})
        batch.sudo().write(
            {
                "state": "done",
                "run_id": run.id,
                "started_on": self.env.cr.now(),
                "counts": {"done": 1},
                "step": "result",
            }
        )
        with self.assertRaises(UserError):
            batch.action_undo()
        self.assertEqual(run.state, "done")
        self.assertTrue(all(row.state == "done" for row in run.assignment_ids))

    def test_undoing_leaves_leads_that_are_not_of_the_import_or_moved_to_another_company(self):
        [batch], manager = self.records["lead.import.batch"], self.get_env(self.manager)
        batch = batch.with_env(manager)
        batch.sudo().write({"state": "done", "started_on": self.env.cr.now(), "counts": {"done": 2}, "step": "result"})
        moved = self.make_leads(import_batch_id=batch.id, company_id=self.elsewhere.id)
        foreign = self.leads[0]
        rows = self.env["lead.import.row"].create(
            [{"batch_id": batch.id, "number": n, "state": "done", "lead_id": lead.id, "done_on": self.env.cr.now()}
             for n, lead in enumerate(moved + foreign, 2)]
        )  # fmt: skip
        batch.action_undo()
        self.assertEqual(set(rows.mapped("state")), {"kept"})
        self.assertTrue((moved + foreign).exists() == moved + foreign)


@tagged("post_install", "-at_install")
class TestHistoryStays(RightsCase):
    """What moved leads stays in the history."""

    def test_a_cancelled_run_that_dropped_leads_back_cannot_be_deleted(self):
        run = self.campaign.with_env(self.get_env(self.manager)).simulate()
        row = {"run_id": run.id, "kind": "dropback", "lead_id": self.leads[0].id, "user_id": self.cem.id}
        self.env["lead.distribution.assignment"].create({**row, "state": "done"})
        run.action_cancel()
        for user in (self.manager, self.env.user):
            with self.assertRaises(UserError):
                run.with_user(user).unlink()

    def test_a_plan_and_a_run_that_was_cancelled_before_anything_moved_may_be_deleted(self):
        self.make_leads(3)
        campaign = self.campaign.with_env(self.get_env(self.manager))
        plan, cancelled = campaign.simulate(), campaign.simulate()
        cancelled.action_cancel()
        (plan + cancelled).unlink()
        self.assertFalse((plan + cancelled).exists())


@tagged("post_install", "-at_install")
class TestPagesOfOthers(RightsCase, HttpCase):
    """Pages and calls of Odoo itself, by address."""

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb", "odoo.addons.web.controllers.report")
    def test_a_salesperson_gets_no_report_of_a_run_or_of_somebody_else_by_its_address(self):
        run = self.records["lead.distribution.run"][0]
        form = self.make_form("lead.distribution.report.request", self.manager)
        names = {
            report.report_name: report.model
            for report in self.env["ir.actions.report"].search([("model", "=like", "lead.distribution.%")])
        }
        self.assertTrue(names)
        self.env.flush_all()
        self.authenticate(self.ann.login, self.ann.login)
        for name, model in names.items():
            record = run if model == run._name else form
            answer = self.url_open(f"/report/html/{name}/{record.id}")
            self.assertNotIn("Bob", answer.text, name)
            self.assertNotIn("Mia", answer.text, name)

    @mute_logger("odoo.http")
    def test_private_helpers_cannot_be_called_over_json(self):
        key = self.env["res.users.apikeys"].with_user(self.manager).sudo()._generate("rpc", "test", None)
        run = self.records["lead.distribution.run"][0]
        self.env.flush_all()
        for method, expected in (("get_report_body", 404), ("get_report_data", 200), ("_get_figures", 404)):
            answer = self.url_open(
                f"/json/2/lead.distribution.run/{method}",
                json={"ids": run.ids},
                headers={"Authorization": f"Bearer {key}"},
            )
            self.assertIn(answer.status_code, (expected, 403) if expected == 404 else (200,), method)
