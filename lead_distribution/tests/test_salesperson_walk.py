import json

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import DistributionCase

OURS = ("lead.distribution.", "crm.lead")
X2MANY = ("one2many", "many2many")


def make_specification(model, arch, fields):
    """Return what the client asks for to show a view: the fields of its arch, lists in it included."""
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        name = node.get("name")
        field = fields[name]
        specification[name] = {}
        if field["type"] == "many2one":
            specification[name]["fields"] = {"display_name": {}}
        elif field["type"] in X2MANY:
            inner = node.find("list") if node.find("list") is not None else node.find("kanban")
            comodel = model.env[field["relation"]]
            specification[name]["fields"] = (
                {} if inner is None else make_specification(comodel, inner, comodel.fields_get())
            )
    return specification


@tagged("post_install", "-at_install")
class TestSalespersonWalk(DistributionCase):
    """Every page that a salesperson reaches opens: menus, links, what is behind numbers, records that are named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("crm.group_use_lead")
        cls.campaign.required_field_ids = cls.env["ir.model.fields"]._get("crm.lead", "phone")
        cls.make_leads(6, phone="+49 30 901820")
        cls.pool = cls.campaign.pool_ids
        cls.campaign.distribute(seed=1)
        cls.reverted = cls.campaign.distribute(lead_ids=cls.make_leads(3, phone="+49 30 901821").ids)
        cls.reverted.action_revert()
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.me = self.env(user=self.ann, context={"allowed_company_ids": self.ann.company_id.ids})
        self.me.invalidate_all()
        self.seen = set()

    def open(self, action):
        """Open an action as the client does: its views, the first records of each, a form of every record."""
        if action["type"] == "ir.actions.server":
            return self.open(self.me["ir.actions.server"].browse(action["id"]).run())
        if action.get("tag") == "display_notification":
            return self.open(action["params"]["next"])
        if action["type"] != "ir.actions.act_window":
            return self.assertEqual(action["type"], "ir.actions.client")
        model = self.me[action["res_model"]]
        views = model.get_views([*action["views"], (False, "search")])["views"]
        domain, context = action.get("domain") or [], action.get("context") or {}
        if isinstance(domain, str):
            domain = self.evaluate(domain)
        if isinstance(context, str):
            context = self.evaluate(context)
        model = model.with_context(**context)
        key = (model._name, str(action["views"]), str(domain))
        if key in self.seen:
            return None
        self.seen.add(key)
        for kind, view in views.items():
            arch = etree.fromstring(view["arch"])
            if kind in ("list", "kanban"):
                self.show_many(model, domain, arch)
            elif kind == "search":
                self.try_filters(model, arch)
            elif kind == "form":
                for record in model.browse(action["res_id"]) if action.get("res_id") else model.search(domain, limit=3):
                    self.show_form(record)
        return None

    def evaluate(self, text):
        return safe_eval(text, {"uid": self.me.uid, "active_id": self.reverted.id})

    def show_many(self, model, domain, arch):
        model.web_search_read(domain, make_specification(model, arch, model.fields_get()), limit=20)

    def try_filters(self, model, arch):
        for node in arch.iter("filter"):
            if node.get("domain"):
                model.search_count(self.evaluate(node.get("domain")))
            group = self.evaluate(node.get("context") or "{}").get("group_by")
            field = group and model._fields[group.partition(":")[0]]
            if field and field.type != "properties":  # what they are called depends on the team
                is_date = field.type in ("date", "datetime") and ":" not in group
                model.web_read_group([], [f"{group}:month" if is_date else group])

    def show_form(self, record):
        """Read a record as its form does, press the buttons that show something, and follow what it names."""
        key = (record._name, record.id)
        if key in self.seen or not record._name.startswith(OURS):
            return
        self.seen.add(key)
        action = record.get_formview_action()
        arch = etree.fromstring(record.get_views(action["views"])["views"]["form"]["arch"])
        fields = record.fields_get()
        values = record.web_read(make_specification(record, arch, fields))[0]
        for name, value in values.items():
            if fields[name]["type"] == "many2one" and value:
                self.show_form(self.me[fields[name]["relation"]].browse(value["id"]))
            elif fields[name]["type"] in X2MANY:
                for line in record[name][:2]:
                    self.show_form(line)
        for button in arch.iter("button"):
            if button.get("type") == "object" and button.get("name").startswith("action_view"):
                self.open(getattr(record, button.get("name"))())
            elif button.get("type") == "action" and record._name.startswith("lead.distribution."):
                self.open(self.load(button.get("name"), record.id))

    def load(self, action_id, active_id=None):
        base = self.env["ir.actions.actions"].browse(int(action_id))
        action = self.me[base.type].browse(base.id).with_context(active_id=active_id)
        if base.type == "ir.actions.server":
            return action.run()
        return action.sudo()._get_action_dict() if base.type == "ir.actions.act_window" else action.sudo().read()[0]

    def test_every_menu_opens(self):
        menus = self.me["ir.ui.menu"].load_menus(False)
        top = self.env.ref("lead_distribution.lead_distribution_menu").id
        waiting, names = [top], []
        while waiting:
            menu = menus[waiting.pop()]
            waiting += menu["children"]
            if menu.get("action_id"):
                names.append(menu["name"])
                self.open(self.load(menu["action_id"]))
        self.assertIn("My New Leads", names)
        self.assertGreater(len(self.seen), 12)

    def test_everything_behind_the_numbers_of_the_dashboard_opens(self):
        def find(part):
            if isinstance(part, dict):
                if "model" in part and "domain" in part:
                    yield part
                part = list(part.values())
            for item in part if isinstance(part, list) else ():
                yield from find(item)

        targets = list(find(json.loads(json.dumps(self.me["lead.distribution.dashboard"].get_data()))))
        self.assertGreater(len(targets), 5)
        for target in targets:
            views = [(False, "list"), (False, "form")]
            action = {"type": "ir.actions.act_window", "res_model": target["model"], "views": views}
            self.open({**action, "domain": target["domain"]})

    def test_not_touched_yet_opens_leads(self):
        figures = self.me["lead.distribution.dashboard"].get_data()["figures"]
        [waiting] = [figure for figure in figures if figure["key"] == "waiting"]
        self.assertEqual(waiting["open"]["model"], "crm.lead")
        self.assertEqual(self.me["crm.lead"].search_count(waiting["open"]["domain"]), waiting["value"])

    def test_the_link_of_each_message_opens(self):
        messages = self.me["mail.message"].search([("partner_ids", "in", self.ann.partner_id.ids)])
        self.assertTrue(messages)
        for message in messages:
            self.show_form(self.me[message.model].browse(message.res_id))
        for run in self.me["lead.distribution.run"].search([]):
            link = self.me.ref("lead_distribution.lead_distribution_run_leads_action")
            self.open(link.with_context(active_id=run.id).run())

    def test_lists_that_are_for_managers_show_salespeople_their_own_or_names_only(self):
        for xmlid in ("run_action", "campaign_action"):
            self.open(self.load(self.env.ref(f"lead_distribution.lead_distribution_{xmlid}").id))

    def test_a_run_tells_a_salesperson_the_own_sums_only(self):
        run = self.me["lead.distribution.run"].search([("state", "=", "done")])
        self.assertRecordValues(run, [{"own_received": 2, "own_given_up": 0, "own_dropped_back": 0}])
        self.assertEqual(run.assignment_ids.user_id, self.ann)
        back = self.me["lead.distribution.run"].search([("state", "=", "reverted")])
        self.assertRecordValues(back, [{"own_received": 1, "own_put_back": 1}])

    def test_what_went_from_me_to_others_is_counted_as_given_up(self):
        self.env["lead.distribution.pool"].search([("campaign_id", "=", self.campaign.id)]).unlink()
        self.pools(("active_member", [], 0))
        leads = self.make_leads(2, user_id=self.ann.id, phone="+49 30 901822")
        run = self.campaign.distribute(lead_ids=leads.ids)
        mine = run.with_env(self.me)
        gone = run.assignment_ids.filtered(lambda row: row.previous_user_id == self.ann and row.state == "done")
        self.assertTrue(gone)
        self.assertRecordValues(mine, [{"own_received": 0, "own_given_up": len(gone)}])
        self.assertEqual(mine.assignment_ids.previous_user_id, self.ann)

    def test_sums_of_a_whole_run_are_closed_to_salespeople_whatever_the_way(self):
        runs = self.me["lead.distribution.run"]
        run = runs.search([], limit=1)
        self.ann.group_ids += self.env.ref("base.group_allow_export")
        rows = self.me["lead.distribution.assignment"]
        for name in ("leads_found", "leads_distributed", "efficiency", "leads_planned", "leads_dropped_back"):
            for ask in (
                lambda name=name: run.read([name]),
                lambda name=name: runs.search([(name, ">", 0)]),
                lambda name=name: runs.search([], order=name),
                lambda name=name: runs.formatted_read_group([], [], [f"{name}:sum"]),
                lambda name=name: runs.formatted_read_group([], [name], ["__count"]),
                lambda name=name: run.export_data([name]),
                lambda name=name: rows.search([(f"run_id.{name}", ">", 0)]),
            ):
                with self.assertRaises(AccessError):
                    self.me.invalidate_all()
                    ask()

    def test_the_own_sums_of_many_runs_take_two_queries(self):
        runs = self.me["lead.distribution.run"].search([])
        runs.mapped("own_received")
        runs.invalidate_recordset(["own_received", "own_given_up", "own_put_back", "own_dropped_back"])
        with self.assertQueryCount(2):
            runs.mapped("own_received")
