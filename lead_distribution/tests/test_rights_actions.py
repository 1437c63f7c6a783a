import json

from odoo.exceptions import AccessError
from odoo.http import Controller
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .rights_common import KINDS, OURS, RightsCase, get_public_methods, is_ours

FORBIDDEN = (401, 403, 404)


@tagged("post_install", "-at_install")
class TestRightsOfActions(RightsCase):
    """What Odoo runs for somebody: server actions and scheduled actions are for those whom the table names."""

    def find(self, model):
        """Return {name: record} of what our addons bring of a model."""
        named = self.env["ir.model.data"].search([("module", "in", OURS), ("model", "=", model)], order="name")
        return {data.complete_name: self.env[model].browse(data.res_id) for data in named}

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_server_actions_are_for_those_the_table_names(self):
        found = {}
        for name, action in self.find("ir.actions.server").items():
            if action.usage == "ir_cron":
                continue  # below
            found["action", action._name, name] = {kind: self._try_action(action, kind) for kind in KINDS}
        self.compare(found, "action", "ir.actions.server")

    def _try_action(self, action, kind):
        user = self.people[kind]
        env, model = self.get_env(user), action.model_id.model
        record = self.get_first_record(model, user)
        about = {"active_model": model, "active_id": record.id, "active_ids": record.ids} if record else {}
        return self._try_run(env["ir.actions.server"].browse(action.id).with_context(**about))

    def _try_run(self, action):
        try:
            return self.try_to(action.run)
        except (AssertionError, ValueError) as error:
            self.assertIn("Cannot commit", str(error))  # it has begun its work: nothing has kept the person from it
            self.env.invalidate_all()
            return "yes"

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_scheduled_actions_are_for_those_the_table_names(self):
        found = {}
        for name, cron in self.find("ir.cron").items():
            found["action", cron._name, name] = {kind: self._try_cron(cron, kind) for kind in KINDS}
        self.compare(found, "action", "ir.cron")

    def _try_cron(self, cron, kind):
        """Whether somebody can start it now: by its button, or as the server action that it is besides."""
        env = self.get_env(self.people[kind])
        if env["ir.cron"].browse(cron.id).has_access("write"):
            return "yes"  # may start it, and whatever else is scheduled
        self.assertEqual(self.try_to(env["ir.cron"].browse(cron.id).method_direct_trigger), "no")
        return self._try_run(env["ir.actions.server"].browse(cron.ir_actions_server_id.id))

    def test_nobody_starts_what_works_for_everybody_as_a_server_action(self):
        """Odoo runs one without groups for every login: portal users set off deadlines and hand-outs, once."""
        for name in ("following", "live", "long_pauses"):
            action = self.env.ref(f"lead_distribution.ir_cron_{name}").ir_actions_server_id
            for kind in set(KINDS) - {"administrator", "sales_administrator"}:
                env = self.get_env(self.people[kind])
                with self.assertRaisesRegex(AccessError, "Only the schedule or an administrator"):
                    env["ir.actions.server"].browse(action.id).run()

    def test_what_a_member_may_do_with_own_records_is_refused_with_those_of_others(self):
        """The table tells the two apart by a salesperson who has no records: here it is the member who tries."""
        own = {key for key, row in self.table.items()
               if key[0] == "method" and (row["salesperson"], row["member"]) == ("no", "yes")}  # fmt: skip
        self.assertTrue(own)
        for _what, name, method in sorted(own):
            _mine, his = self.get_records(name, self.ann)[:2]
            arguments = {"action_decline": ("No budget",)}.get(method, ())
            self.assertEqual(self.try_to(lambda: getattr(his, method)(*arguments)), "no", (name, method))  # noqa: B023

    def test_a_manager_of_two_companies_does_nothing_in_the_one_that_is_not_active(self):
        only_here = {key for key, row in self.table.items() if key[0] == "method" and key[1] in self.records
                     and (row["manager"], row["other_manager"]) == ("yes", "no")}  # fmt: skip
        only_here = {key for key in only_here if key[1] in self.env and not self.env[key[1]]._transient}
        self.assertGreater(len(only_here), 50)
        needing = {"action_adopt": (0,), "action_decline": ("No budget",), "check_config": ("campaign: {name: T}",),
                   "load_config": ("campaign: {name: T}",), "message_subscribe": ([1],),
                   "action_view_left_over": ("no_eligible",), "action_view_step": ("dnc",)}  # fmt: skip
        for _what, name, method in sorted(only_here - {("method", "lead.import.batch", "import_payload")}):
            if method in ("check_config", "load_config"):
                continue  # about no record: they make a campaign of the company that is active
            record = self.get_first_record(name, self.switched)
            call = getattr(record, method)
            self.assertEqual(self.try_to(lambda: call(*needing.get(method, ()))), "no", (name, method))  # noqa: B023


@tagged("post_install", "-at_install")
class TestRightsOfRequests(RightsCase, HttpCase):
    """What comes over HTTP: reports, calls of methods, and routes asked in another way than they are meant to."""

    def sign_in(self, kind):
        user = self.people[kind]
        self.authenticate(*((None, None) if kind == "public" else (user.login, user.login)))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb", "odoo.addons.web.controllers.report")
    def test_reports_are_for_those_the_table_names(self):
        found, run = {}, self.records["lead.distribution.run"][0]
        named = self.env["ir.model.data"].search([("module", "in", OURS), ("model", "=", "ir.actions.report")])
        for data in named:
            report, rights = self.env["ir.actions.report"].browse(data.res_id), {}
            for kind in KINDS:
                about = run if report.model == run._name else self.make_form(report.model, self.people[kind])
                self.env.flush_all()
                self.sign_in(kind)
                answer = self.url_open(f"/report/html/{report.report_name}/{about.id}", allow_redirects=False)
                rights[kind] = "yes" if answer.status_code == 200 and "<table" in answer.text else "no"
            found["action", report._name, data.complete_name] = rights
        self.compare(found, "action", "ir.actions.report")

    def call(self, model, method, *arguments):
        """Return the error of a call as the web client makes it, or None."""
        body = {"params": {"model": model, "method": method, "args": list(arguments), "kwargs": {}}}
        answer = self.url_open(f"/web/dataset/call_kw/{model}/{method}", json=body)
        return answer.json().get("error", {}).get("data", {}).get("name")

    @mute_logger("odoo.http", "odoo.service.model")
    def test_no_client_calls_what_is_private(self):
        """Not even a manager: helpers work with rights that their callers have asked for."""
        self.sign_in("manager")
        names = {name: self._list_private(name) for name in ("lead.distribution.campaign", "lead.distribution.run",
                 "lead.import.batch", "lead.distribution.waiting", "crm.lead", "res.users")}  # fmt: skip
        self.assertGreater(sum(map(len, names.values())), 60)
        for model, methods in names.items():
            for method in methods:
                self.assertEqual(self.call(model, method, []), "odoo.exceptions.AccessError", f"{model}.{method}")

    def _list_private(self, name):
        public, found = get_public_methods(self.env[name]), []
        for cls in type(self.env[name]).__mro__:
            found += [key for key, value in vars(cls).items() if is_ours(cls) and callable(value)]
        found = {key for key in found if key not in public and not key.startswith("__")}
        return sorted(key for key in found if key.startswith("_") or self._is_closed(name, key))

    def _is_closed(self, name, key):
        return getattr(getattr(type(self.env[name]), key), "_api_private", False)

    @mute_logger("odoo.http")
    def test_routes_refuse_other_verbs_and_other_types_of_request(self):
        self.sign_in("manager")
        batch = self.records["lead.import.batch"][0]
        for url in (f"/lead_distribution/import/{batch.id}/errors", "/lead_distribution/import/template/leads",
                    "/lead_distribution/report/1/csv"):  # fmt: skip
            for verb in ("POST", "PUT", "DELETE", "PATCH"):
                self.assertEqual(self.opener.request(verb, self.base_url() + url, timeout=60).status_code, 405, url)
        key = self.env["res.users.apikeys"].with_user(self.manager).sudo()._generate("rpc", "test", None)
        self.env.flush_all()
        headers = {"Authorization": f"Bearer {key}"}
        body = json.dumps({"campaign": self.campaign.id, "leads": [{"email": "x@example.com"}]})
        for mimetype in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            answer = self.url_open("/leads/bulk", data=body, headers={**headers, "Content-Type": mimetype})
            self.assertIn(answer.status_code, (400, 415), mimetype)
        for verb in ("GET", "PUT", "DELETE", "PATCH"):
            answer = self.opener.request(verb, self.base_url() + "/leads/bulk", headers=headers, data=body, timeout=60)
            self.assertEqual(answer.status_code, 405, verb)
            answer = self.opener.request(verb, self.base_url() + "/leads/classification", headers=headers, timeout=60)
            self.assertEqual(answer.status_code, 400 if verb == "GET" else 405, verb)

    @mute_logger("odoo.http")
    def test_another_web_site_cannot_have_a_browser_import_leads_with_its_session(self):
        """A form of another site sends the session, and no JSON: browsers ask before they send that across sites."""
        self.sign_in("manager")
        before = self.env["lead.import.batch"].search_count([])
        payload = json.dumps({"campaign": self.campaign.id, "leads": [{"email": "x@example.com"}], "callers": []})
        for mimetype in ("text/plain", "application/x-www-form-urlencoded"):
            headers = {"Origin": "https://other.example.com", "Content-Type": mimetype}
            self.assertEqual(self.url_open("/leads/bulk", data=payload, headers=headers).status_code, 415)
        asked = self.opener.request("OPTIONS", self.base_url() + "/leads/bulk", timeout=60,
                                    headers={"Origin": "https://other.example.com"})  # fmt: skip
        self.assertNotIn("Access-Control-Allow-Origin", asked.headers)
        self.assertEqual(self.env["lead.import.batch"].search_count([]), before)

    def test_no_route_of_ours_is_open_to_other_sites_or_to_everybody(self):
        """Without a login there is one, and it asks for a key itself; forms without a token are nowhere taken."""
        public, unsafe = set(), set()
        for module in OURS:
            for cls in Controller.children_classes.get(module, ()):
                for method in vars(cls).values():
                    routing = getattr(method, "original_routing", None) or {}
                    paths = routing.get("routes", ())
                    public.update(paths if routing.get("auth", "user") in ("public", "none") else ())
                    unsafe.update(paths if routing.get("csrf") is False or routing.get("cors") else ())
        self.assertEqual((public, unsafe), ({"/leads/bulk"}, {"/leads/bulk"}))
