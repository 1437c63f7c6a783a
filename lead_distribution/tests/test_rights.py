import inspect

from odoo.http import Controller
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .rights_common import KINDS, OPERATIONS, OURS, RightsCase, get_public_methods, is_ours

# what a method is called with, where it needs something
ARGUMENTS = {
    "count": (False, {}),
    "lookup_classification": ("lead",),
    "check_config": ("campaign: {name: Typed}",),
    "load_config": ("campaign: {name: Typed}",),
    "action_adopt": (0,),
    "message_subscribe": ([1],),
    "action_view_left_over": ("no_eligible",),
    "action_view_step": ("dnc",),
    "action_decline": ("No budget",),
}
EVERYBODYS = {*LOG_ACCESS_COLUMNS, "id", "display_name"}
DENIED = (401, 403, 404)


@tagged("post_install", "-at_install")
class TestRights(RightsCase):
    """What is in ``security/rights.csv`` is what everybody may, and nothing is missing there."""

    def get_models(self):
        """Return the models that our addons define, in order."""
        return [name for name in sorted(self.env.registry.models)
                if is_ours(self._get_first_class(name)) and name not in ("base",)]  # fmt: skip

    def _get_first_class(self, name):
        return [cls for cls in self.env.registry[name].__mro__ if getattr(cls, "_name", None) == name
                and getattr(cls, "__module__", "").startswith("odoo.addons.")][-1]  # fmt: skip

    def test_records_are_for_those_the_table_names(self):
        found = {}
        for name in self.get_models():
            if not self.env[name]._abstract:
                found["records", name, ""] = {kind: self._get_rights(name, self.people[kind]) for kind in KINDS}
        self.compare(found)

    def _get_rights(self, name, user):
        """Return the letters of what a user may do with all records, then with those of his or her own."""
        records = self.get_records(name, user)
        self.assertTrue(records, f"make a record of {name} in rights_common")
        everything = own = ""
        for operation, letter in OPERATIONS.items():
            allowed = [record.has_access(operation) for record in records]
            if all(allowed):
                everything += letter
            elif allowed[0]:
                own += letter
        return " ".join(filter(None, (everything, own and f"own:{own}"))) or "-"

    def test_who_works_for_two_companies_sees_only_the_one_that_is_active(self):
        for name in self.get_models():
            if not self.env[name]._abstract and not self.env[name]._transient:
                rights = self._get_rights(name, self.switched)
                self.assertEqual(rights, self.table["records", name, ""]["other_manager"], name)

    def test_fields_are_for_those_the_table_names(self):
        found = {}
        for name, fields in self._get_guarded_fields().items():
            for field in fields:
                found["field", name, field.name] = {
                    kind: self._get_field_rights(self.get_env(self.people[kind])[name], field) for kind in KINDS
                }
        self.compare(found)

    def _get_guarded_fields(self):
        """Return {model: fields}: of ours on models of others, and of models that more than managers may read."""
        guarded = {}
        for name in sorted(self.env.registry.models):
            model = self.env[name]
            fields = [f for f in model._fields.values() if any(m.startswith("lead_distribution") for m in f._modules)]
            row = self.table.get(("records", name, ""), {})
            is_open = any(row.get(kind, "-") != "-" for kind in ("internal", "salesperson", "member"))
            if model._abstract or not fields or (row and not is_open):
                continue
            guarded[name] = [field for field in fields if field.name not in EVERYBODYS]
        return guarded

    def test_whoever_may_read_a_field_can_read_its_value(self):
        guarded = self._get_guarded_fields()
        for name in guarded.keys() & {*self.records, "lead.distribution.report.request"}:
            for kind in ("member", "manager"):
                record = self.get_first_record(name, self.people[kind])
                record.env.invalidate_all()
                names = [f.name for f in guarded[name] if record._has_field_access(f, "read")]
                self.assertTrue(not names or record.read(names))

    def _get_field_rights(self, model, field):
        letters = [OPERATIONS[op] for op in ("read", "write")
                   if model.has_access(op) and model._has_field_access(field, op)]  # fmt: skip
        return "".join(letters) or "-"

    def test_methods_are_for_those_the_table_names(self):
        found = {}
        for name in sorted(self.env.registry.models):
            for method in get_public_methods(self.env[name]):
                found["method", name, method] = {
                    kind: self._try_method(name, method, self.people[kind]) for kind in KINDS
                }
        self.compare(found)

    def _try_method(self, name, method, user):
        call, arguments = getattr(self.get_first_record(name, user), method), self._get_arguments(name, method)
        try:
            inspect.signature(call).bind(*arguments)
        except TypeError as error:
            self.fail(f"Say in ARGUMENTS of test_rights what {name}.{method} is called with: {error}")
        return self.try_to(lambda: call(*arguments))

    def _get_arguments(self, name, method):
        if method == "import_payload":
            campaign = self.records["lead.distribution.campaign"][0]
            return ({"campaign": campaign.id, "callers": [self.ann.id], "leads": [{"email": "x@example.com"}]},)
        if name == "lead.distribution.obstacle":
            return (self.records["lead.distribution.campaign"][0].id, *(["any_age"] if method == "mend" else []))
        if method == "get_next":
            return (self.records["lead.distribution.campaign"][0].id,)
        return ARGUMENTS.get(method, ())

    def test_files_are_for_those_the_table_names(self):
        found = {}
        for name in self.get_models():
            if self.env[name]._abstract:
                continue
            found["file", name, ""] = {kind: self._get_file_rights(name, self.people[kind]) for kind in KINDS}
        self.compare(found)

    def _get_file_rights(self, name, user):
        record = self.get_first_record(name, user)
        file = self.env["ir.attachment"].create(
            {"name": "secret.csv", "raw": b"x", "res_model": name, "res_id": record.id}
        )
        file = file.with_env(self.get_env(user))
        searched = file.has_access("read") and file.search_count([("id", "=", file.id)])
        listed = file.search([("res_model", "=", name), ("res_id", "=", record.id)]) if searched else file.browse()
        letters = "r" if file in listed else ""
        return letters + ("w" if letters and file.has_access("write") else "") or "-"


@tagged("post_install", "-at_install")
class TestRightsOverHttp(RightsCase, HttpCase):
    """The same over HTTP: every route of ours, and files by their address."""

    def get_routes(self):
        """Return {path: how it is called} of all our controllers."""
        routes = {}
        for module in OURS:
            for cls in Controller.children_classes.get(module, ()):
                for method in vars(cls).values():
                    routing = getattr(method, "original_routing", None) or {}
                    routes.update((path, routing) for path in routing.get("routes", ()))
        return routes

    def test_routes_are_for_those_the_table_names(self):
        found = {}
        for path in self.get_routes():
            found["route", "", path] = {kind: self._try_route(path, kind) for kind in KINDS}
        self.compare(found)

    @mute_logger("odoo.http")
    def _try_route(self, path, kind):
        user = self.people[kind]
        headers = {}
        if kind == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(user.login, user.login)
            headers = {"Authorization": f"Bearer {self._make_key(user)}"}
        url, body = self._fill_in(path, user)
        answer = self.url_open(url, json=body, headers=headers, allow_redirects=False, timeout=60)
        is_denied = answer.status_code in DENIED or answer.is_redirect
        self.assertLess(answer.status_code, 500, path)
        return "no" if is_denied else "yes"

    def _make_key(self, user):
        return self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "test", None)

    def _fill_in(self, path, user):
        """Return the address and the body (None: GET) of a request that concerns Ann's and Mia's records."""
        campaign, batch = self.records["lead.distribution.campaign"][0], self.records["lead.import.batch"][0]
        form = self.make_form("lead.distribution.report.request", user)
        self.env.flush_all()
        return {
            "/leads/bulk": (
                "/leads/bulk",
                {"campaign": campaign.id, "callers": [self.ann.id], "leads": [{"email": "x@example.com"}]},
            ),
            "/leads/classification": ("/leads/classification?name=lead", None),
            "/lead_distribution/import/<int:batch_id>/errors": (
                f"/lead_distribution/import/{batch.id}/errors", None
            ),
            "/lead_distribution/import/template/<string:kind>": (
                "/lead_distribution/import/template/leads", None
            ),
            "/lead_distribution/report/<int:request_id>/<string:format_name>": (
                f"/lead_distribution/report/{form.id}/csv", None
            ),
        }[path]  # fmt: skip

    @mute_logger("odoo.http")
    def test_a_salesperson_cannot_download_reports_and_archives_by_their_address(self):
        for name in ("campaign", "run"):
            record = self.records[f"lead.distribution.{name}"][0]
            file = self.env["ir.attachment"].create(
                {"name": "secret.csv", "raw": b"everybody", "res_model": record._name, "res_id": record.id}
            )
            self.env.flush_all()
            for kind in ("public", "portal", "internal", "salesperson", "member", "other_manager"):
                user = self.people[kind]
                self.authenticate(*((None, None) if kind == "public" else (user.login, user.login)))
                self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, b"everybody", (name, kind))
            self.authenticate(self.manager.login, self.manager.login)
            self.assertEqual(self.url_open(f"/web/content/{file.id}").content, b"everybody", name)
