from odoo.exceptions import UserError
from odoo.tests import tagged

from .rights_common import OURS, RightsCase


@tagged("post_install", "-at_install")
class TestPartsOfStartedImports(RightsCase):
    """An import that was started is what was done, with its columns, values, sheets, callers, and its file."""

    def setUp(self):
        super().setUp()
        [self.batch] = self.records["lead.import.batch"]
        self.manager_env = self.get_env(self.manager)

    def start(self):
        values = {"state": "done", "started_on": self.env.cr.now(), "counts": {"done": 1}, "step": "result"}
        self.batch.sudo().write(values)

    def each_change(self):
        """Yield the ways in which a manager may try to change a part: (words, call)."""
        part = {"batch_id": self.batch.id}
        changes = {
            "lead.import.column": ({"target": "email"}, {**part, "name": "Made up"}),
            "lead.import.value": ({"left_out": True}, {**part, "target": "status", "key": "made up"}),
            "lead.import.sheet": ({"name": "Another"}, {**part, "name": "Made up"}),
            "lead.import.caller": ({"ticked": False}, {**part, "user_id": self.bob.id}),
        }
        for name, (vals, new) in changes.items():
            records = self.records[name][0].with_env(self.manager_env)
            yield f"write {name}", lambda r=records, v=vals: r.write(v)
            yield f"create {name}", lambda r=records, v=new: r.create(v)
            yield f"unlink {name}", records.unlink

    def test_parts_of_an_import_are_changed_until_it_is_started(self):
        for expected in ("yes", "no"):
            for words, change in self.each_change():
                self.assertEqual(self.try_to(change), expected, words)
            self.start()

    def test_no_part_moves_into_a_started_import(self):
        draft = self.manager_env["lead.import.batch"].create({})
        column = self.manager_env["lead.import.column"].create({"batch_id": draft.id, "name": "Mine"})
        self.start()
        self.assertEqual(self.try_to(lambda: column.write({"batch_id": self.batch.id})), "no")

    def test_the_file_of_a_started_import_stays(self):
        values = {"name": "file", "res_model": self.batch._name, "res_field": "file", "res_id": self.batch.id}
        file = self.env["ir.attachment"].create({**values, "raw": b"a"}).with_env(self.manager_env)
        changes = (
            lambda: file.write({"raw": b"b"}), file.unlink, lambda: file.create({**values, "raw": b"c"}),
        )  # fmt: skip
        for expected in ("yes", "no"):
            self.assertEqual([self.try_to(change) for change in changes], [expected] * 3)
            self.start()
        self.assertEqual(file.raw, b"a")


@tagged("post_install", "-at_install")
class TestReferencesToOtherCompanies(RightsCase):
    """Whoever writes an id of what is another company's is refused, and so does not read its name."""

    def make_foreign(self):
        """Return {model: a record that the manager may not read}."""
        there = {"company_id": self.elsewhere.id}
        campaign = self.make_campaign("Hidden", **there)
        batch = self.env["lead.import.batch"].with_user(self.people["other_manager"]).sudo().create(there)
        portal = {"company_id": self.elsewhere.id, "company_ids": [(6, 0, self.elsewhere.ids)]}
        of_campaign = {"campaign_id": campaign.id}
        return {
            "res.users": self.make_user("hidden", "base.group_portal", **portal),
            "crm.team": self.env["crm.team"].create({"name": "Hidden", **there}),
            "lead.distribution.campaign": campaign,
            "lead.distribution.level": self.env["lead.distribution.level"].create(
                {"name": "Hidden", "code": "hidden", **of_campaign}
            ),
            "lead.import.batch": batch,
            "lead.import.sheet": self.env["lead.import.sheet"].create({"batch_id": batch.id, "name": "Hidden"}),
            "lead.import.template": self.env["lead.import.template"].create({"name": "Hidden", **there}),
        }

    def each_reference(self, foreign):
        """Yield (record of the manager's company, field, hidden record) for all that the manager may write."""
        env = self.get_env(self.manager)
        for name, (first, *_others) in self.records.items():
            if not (name.startswith(("lead.distribution.", "lead.import.")) and env[name].has_access("write")):
                continue
            closed = {"create_uid", "write_uid", *getattr(env[name], "_written_by_code", ())}
            authors = getattr(env[name], "_authors", {}).values()  # they cannot be chosen
            for field in env[name]._fields.values():
                is_stored = field.store and not field.compute and not field.related
                is_reference = field.type in ("many2one", "many2many") and field.comodel_name in foreign
                if is_stored and is_reference and field.name not in closed and field.name not in authors:
                    yield first.with_env(env), field, foreign[field.comodel_name]

    def test_no_field_takes_what_its_author_may_not_read(self):
        tried = {}
        for record, field, hidden in self.each_reference(self.make_foreign()):
            value = hidden.id if field.type == "many2one" else [(6, 0, hidden.ids)]
            way = self.try_to(lambda r=record, n=field.name, v=value: r.write({n: v}))
            if way != "no":
                way = self.explain(record, field.name, value)
            tried[str(field)] = way
        expected = {
            "lead.distribution.campaign.team_id",
            "lead.distribution.member.team_id",
            "lead.import.batch.template_id",
            "lead.distribution.dropback.rule.team_id",
            "lead.distribution.cap.user_id",
        }
        self.assertLessEqual(expected, set(tried))
        self.assertEqual({name: way for name, way in tried.items() if way not in ("no", "refused")}, {})

    def explain(self, record, name, value):
        """Return “refused” where a rule of ours refuses the value without naming it, else what happened."""
        try:
            with self.env.cr.savepoint():
                record.write({name: value})
        except UserError as refusal:
            return "named" if "hidden" in str(refusal).lower() else "refused"
        return "written"

    def each_form(self, foreign):
        """Yield (user, empty form, field, hidden record) for all that somebody may create, also in dialogs."""
        for user in (self.people["salesperson"], self.manager):
            env = self.get_env(user)
            for name in env:
                model = env[name]
                if model._abstract or model._original_module not in OURS or not model.has_access("create"):
                    continue
                for field in model._fields.values():
                    is_reference = field.type in ("many2one", "many2many") and field.comodel_name in foreign
                    if is_reference and model._has_field_access(field, "read"):
                        yield user, model, field, foreign[field.comodel_name]

    def test_no_form_shows_the_name_of_what_its_user_may_not_read(self):
        tried, shown = set(), []
        for user, model, field, hidden in self.each_form(self.make_foreign()):
            named = {"fields": {"display_name": {}}}
            spec = {"display_name": {}, field.name: named}
            value = hidden.id if field.type == "many2one" else [(6, 0, hidden.ids)]
            tried.add((user.login, str(field)))
            for words, form, values, changed in (
                ("typed", model, {field.name: value}, [field.name]),
                ("first", model, {field.name: value}, []),
                ("by default", model.with_context(**{f"default_{field.name}": value}), {}, []),
            ):
                answer = self.answer(lambda f=form, v=values, c=changed, s=spec: f.onchange(v, c, s))
                if "hidden" in answer.lower():
                    shown.append((user.login, str(field), words))
        self.assertFalse(shown)
        self.assertLessEqual(
            {("sal@test", "lead.distribution.absence.user_id"), ("sal@test", "lead.distribution.absence.cover_user_id"),
             ("mia@test", "lead.distribution.campaign.team_id"), ("mia@test", "lead.distribution.compare.campaign_id")},
            tried,
        )  # fmt: skip

    def answer(self, call):
        """Return what the client is told, also by an error."""
        try:
            with self.env.cr.savepoint():
                return str(call())
        except UserError as refusal:
            return str(refusal)

    def test_nor_do_the_lines_of_a_form(self):
        hidden = self.make_foreign()["res.users"]
        lines = [(0, "virtual_1", {"user_id": hidden.id})]
        campaigns = self.get_env(self.manager)["lead.distribution.campaign"]
        named = {"user_id": {"fields": {"display_name": {}}}, "display_name": {}}
        call = campaigns.onchange
        self.assertEqual(self.try_to(lambda: call({"member_ids": lines}, [], {"member_ids": {"fields": named}})), "no")
        lines[0][2]["user_id"] = self.ann.id
        self.assertEqual(self.try_to(lambda: call({"member_ids": lines}, [], {"member_ids": {"fields": named}})), "yes")

    def test_an_absence_that_names_somebody_else_is_filled_in_as_before(self):
        absences = self.get_env(self.people["salesperson"])["lead.distribution.absence"]
        spec = {"display_name": {}, "user_id": {"fields": {"display_name": {}}}}
        answer = absences.onchange({"user_id": self.bob.id, "reason": "Fair"}, ["user_id"], spec)
        self.assertEqual(answer["value"]["display_name"], "Bob: Fair")

    def test_what_a_record_names_already_does_not_close_its_form(self):
        team = self.make_foreign()["crm.team"]
        rule = self.env["lead.distribution.dropback.rule"].create({"campaign_id": self.campaign.id, "name": "Older"})
        self.env.cr.execute("UPDATE lead_distribution_dropback_rule SET team_id = %s WHERE id = %s", (team.id, rule.id))
        rule.invalidate_recordset()
        mine = rule.sudo(False).with_user(self.manager)
        values = {"name": "New", "team_id": team.id}
        self.assertEqual(self.try_to(lambda: mine.onchange(values, ["name"], {"name": {}})), "yes")

    def test_a_campaign_that_names_what_one_may_not_read_is_not_copied(self):
        campaign = self.campaign.with_env(self.get_env(self.manager))
        self.assertEqual(self.try_to(campaign.copy), "yes")
        member, team = self.campaign.member_ids[0], self.make_foreign()["crm.team"]
        self.env.cr.execute("UPDATE lead_distribution_member SET team_id = %s WHERE id = %s", (team.id, member.id))
        member.invalidate_recordset()
        before = self.env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
        self.assertEqual(self.try_to(campaign.copy), "no")
        after = self.env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
        self.assertEqual(after, before)

    def test_a_default_of_the_context_is_asked_for_as_well(self):
        rules = self.get_env(self.manager)["lead.distribution.dropback.rule"]
        team = self.make_foreign()["crm.team"]
        new = {"campaign_id": self.campaign.id, "name": "By default"}
        self.assertEqual(self.try_to(lambda: rules.with_context(default_team_id=team.id).create(new)), "no")
        self.assertEqual(self.try_to(lambda: rules.create(new)), "yes")
