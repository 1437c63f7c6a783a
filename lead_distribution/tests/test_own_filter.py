"""Filters that people type: what they may ask, with whose rights, and that nothing in them is computed."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path

from odoo.addons.lead_distribution.finding.scope import get_moment, get_today

from .common import MANAGER, SALESPERSON, DistributionCase

# nothing of this may be worked out, nor reach the database
COMPUTING = (
    "[('id', '=', 9**9**9)]",
    "[('id', 'in', range(10**12))]",
    "[('id', 'in', [n for n in (1, 2)])]",
    "[('name', '=', 'x' * 10**9)]",
    "[('name', '=', f'{uid}')]",
    "[('name', '=', uid.__class__)]",
    "[('id', '=', (lambda: 1)())]",
    "[('id', '=', len('abc'))]",
    "[('source_date', '<', context_today().strftime('%999999999Y'))]",
    "[('source_date', '<', context_today() + relativedelta(years=10**9))]",
    "[('source_date', '<', context_today() - relativedelta(years=9000))]",
    "[('id', '=', 1e999)]",
    "[('id', '=', " + "9" * 30 + ")]",
    "[('id', '=', " + "9" * 5000 + ")]",
    "[" * 5000,
    "-" * 9000 + "1",
    "['&', '|', " * 200 + "('id', '=', 1)" + ", ('id', '=', 1)" * 400 + "]",
    "[('name', '=', '" + "x" * 20_000 + "')]",
    "('name', '=', 'x')",
    "[('name', '=')]",
    "['&', ('name', '=', 'x')]",
    "[('name', '=', '\\x00')]",
    "__import__('os')",
)
# ways out of the world of sales
WAYS_OUT = (
    ("user_id.api_key_ids", "!=", False),
    ("user_id.login", "=like", "a%"),
    ("user_id.partner_id.email", "!=", False),
    ("user_id", "any", [("log_ids", "!=", False)]),
    ("user_id", "not any", [("company_id", "any", [("partner_id", "=", 1)])]),
    ("create_uid.group_ids", "in", [1]),
    ("partner_id.bank_ids", "!=", False),
    ("partner_id.user_ids.login", "=", "admin"),
    ("company_id.email", "=", "x"),
    ("team_id.member_ids.login", "=", "x"),
    ("message_ids.body", "ilike", "x"),
    ("message_ids", "ilike", "x"),
    ("activity_ids.note", "ilike", "x"),
    ("campaign_id.create_uid.login", "=", "x"),
    ("partner_id", "any", [("id", "any", [("signup_type", "!=", False)])]),
    ("partner_id.category_id.partner_ids.email", "!=", False),
    ("user_id", "any!", [("id", "=", 1)]),
    ("id.user_id", "=", 1),
    ("no_such_field", "=", 1),
    ("partner_id.no_such_field", "=", 1),
    ("name", "=", {"a": 1}),
    ("name.x", "=", "1"),
)
# what Odoo's filter editor writes
WRITTEN_BY_ODOO = (
    "[]",
    "[('user_id', '=', uid)]",
    "[('user_id', 'in', [uid, False])]",
    '["&", ("priority", "in", ["2", "3"]), "!", ("name", "ilike", "test")]',
    "[('source_date', '>=', 'today -7d'), ('source_date', '<', 'today')]",
    "[('create_date', '>=', 'today =1d -1m')]",
    "[('source_date', '>=', context_today().strftime('%Y-%m-%d'))]",
    "[('source_date', '>=', (context_today() + relativedelta(day = 1, months = -1)).strftime('%Y-%m-%d'))]",
    "[('create_date', '<', datetime.datetime.combine(context_today() + relativedelta(days = -1), "
    'datetime.time(0, 0, 0)).to_utc().strftime("%Y-%m-%d %H:%M:%S"))]',
    "[('create_date', '<', datetime.datetime.now() - relativedelta(days=1))]",
    "[('source_date.month_number', '=', 3)]",
    "[('tag_ids', 'ilike', 'vip')]",
    "[('partner_id', 'child_of', 1)]",
    "[('partner_id.country_id.code', '=', 'DE')]",
    "[('stage_id.is_won', '=', False)]",
    "[('activity_ids', 'any', [('date_deadline', '<', 'today')])]",
    "[('expected_revenue', '>=', -1.5)]",
    "[(1, '=', 1)]",
)


@tagged("post_install", "-at_install")
class TestOwnFilter(DistributionCase):
    def _refuse(self, text):
        with self.assertRaises(ValidationError) as caught:
            self.campaign.with_user(self.manager).own_domain = text
        message = str(caught.exception)
        self.assertNotRegex(message, "Traceback|psycopg|SELECT|Domain\\(|line 1")
        with self.assertRaises(ValidationError):
            self.campaign.with_user(self.manager).member_ids[0].preferred_domain = text
        return message

    def test_nothing_in_a_filter_is_computed(self):
        for text in COMPUTING:
            with self.subTest(text[:60]):
                self._refuse(text)

    def test_a_filter_asks_nothing_beyond_sales_and_the_message_says_which_part(self):
        for path, operator, value in WAYS_OUT:
            with self.subTest(f"{path} {operator}"):
                message = self._refuse(str([(path, operator, value)]))
                self.assertTrue("may not ask" in message or path in message or "not allowed" in message, message)

    def test_a_value_that_does_not_fit_its_field_is_refused_in_words(self):
        for condition in (("source_date", ">", "soon"), ("color", "=", "red"), ("expected_revenue", "<", "much")):
            with self.subTest(condition):
                self.assertIn("does not fit its field", self._refuse(str([condition])))

    def test_what_the_filter_editor_writes_goes_on_working(self):
        self.make_leads(3, user_id=self.ann.id)
        campaign = self.campaign.with_user(self.manager)
        for text in WRITTEN_BY_ODOO:
            with self.subTest(text):
                campaign.own_domain = text
                campaign.member_ids[0].preferred_domain = text
                run = campaign.simulate()
                self.assertFalse([w for w in run.warnings or [] if "filter" in w or "preference" in w])

    def test_dates_are_counted_in_the_time_zone_of_the_campaign(self):
        self.campaign.write({"pool_mode": "all", "use_window": False})
        yesterday, today = (self.make_leads(source_date=get_today(self.campaign) - timedelta(days=n)) for n in (1, 0))
        self.campaign.own_domain = "[('source_date', '<', context_today().strftime('%Y-%m-%d'))]"
        self.assertEqual(self.find()[0], yesterday)
        self.campaign.own_domain = "[('source_date', '>=', (context_today()).strftime('%Y-%m-%d'))]"
        self.assertEqual(self.find()[0], today)

    def test_uid_is_who_wrote_the_filter_whoever_starts_the_run(self):
        other = self.make_user("otto", MANAGER)
        self.campaign.pool_mode = "all"
        lead = self.make_leads(user_id=self.manager.id)
        self.make_leads(user_id=other.id)
        self.campaign.with_user(self.manager).own_domain = "[('user_id', '=', uid)]"
        for starter in (self.manager, other, self.env.user):
            run = self.campaign.with_user(starter).simulate()
            self.assertEqual(run.leads_found, 1, starter.name)
            self.assertEqual(run.sudo().assignment_ids.lead_id, lead)

    def test_a_time_zone_that_nobody_knows_costs_no_filter_its_dates(self):
        leads = self.make_leads(2)
        self.campaign.own_domain = "[('create_date', '<=', context_today() + relativedelta(days=2))]"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_distribution_campaign SET tz = 'Mars/Olympus' WHERE id = %s", [self.campaign.id]
        )
        self.campaign.invalidate_recordset()
        run = self.campaign.simulate()
        self.assertEqual(run.assignment_ids.lead_id, leads)
        self.assertRegex("".join(run.warnings), "Mars/Olympus")

    def test_the_author_is_who_wrote_the_filter_and_cannot_be_chosen(self):
        campaign = self.campaign.with_user(self.manager)
        campaign.write(
            {"own_domain": "[('priority', '=', '3')]", "own_domain_user_id": self.env.ref("base.user_admin").id}
        )
        self.assertEqual(campaign.own_domain_user_id, self.manager)
        campaign.own_domain_user_id = self.env.ref("base.user_admin")
        self.assertEqual(campaign.own_domain_user_id, self.manager)
        other = self.make_user("otto", MANAGER)
        self.assertEqual(campaign.with_user(other).copy().own_domain_user_id, other)
        campaign.with_user(other).name = "Renamed"
        self.assertEqual(campaign.own_domain_user_id, self.manager)
        with Form(campaign.with_user(other)) as form:
            form.own_domain = "[('priority', '=', '2')]"
            self.assertEqual(form.own_domain_user_id, other)
        self.assertEqual(campaign.own_domain_user_id, other)
        member = campaign.member_ids[0]
        member.preferred_domain = "[('priority', '=', '3')]"
        self.assertEqual(member.preferred_domain_user_id, self.manager)

    def test_who_loads_a_configuration_has_written_its_filter(self):
        config = {"campaign": {"name": "Loaded"}, "odoo": {"settings": {"own_domain": "[('priority', '=', '3')]"}}}
        campaign = self.env["lead.distribution.campaign"].with_user(self.manager).load_config(config)
        self.assertEqual(campaign.own_domain_user_id, self.manager)

    def test_leads_that_the_author_may_not_read_do_not_pass(self):
        self.campaign.pool_mode = "all"
        seen, hidden = self.make_leads(name="Seen"), self.make_leads(name="Hidden")
        self.campaign.with_user(self.manager).own_domain = "[('priority', '!=', False)]"
        self.assertEqual(self.find()[0], seen + hidden)
        self.env["ir.rule"].create(
            {
                "name": "Not the hidden ones",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', '!=', 'Hidden')]",
            }
        )
        self.assertEqual(self.find(), (seen, {"domain": 1}))
        self.campaign.own_domain = "[]"
        self.assertEqual(self.find()[0], seen + hidden)

    def test_a_field_that_the_author_may_not_read_is_refused_and_one_who_may_can_write_it(self):
        # as another addon does that keeps a field for some people
        self.patch(self.env["crm.lead"]._fields["referred"], "groups", "base.group_system")
        lead = self.make_leads(referred="a")
        self.make_leads(referred="b")
        with self.assertRaises(ValidationError):
            self.campaign.with_user(self.manager).own_domain = "[('referred', '=', 'a')]"
        other = self.make_user("otto", f"{MANAGER},base.group_system")
        self.campaign.with_user(other).own_domain = "[('referred', '=', 'a')]"
        run = self.campaign.with_user(self.manager).simulate()
        self.assertEqual(run.sudo().assignment_ids.lead_id, lead)

    def test_when_the_author_has_left_nobodys_leads_pass_and_the_run_says_so(self):
        self.make_leads(2)
        self.campaign.with_user(self.manager).own_domain = "[('name', '!=', 'x')]"
        self.assertEqual(self.campaign.simulate().leads_found, 2)
        self.manager.active = False
        run = self.campaign.simulate()
        self.assertEqual((run.leads_found, run.exclusions), (0, {"domain": 2}))
        self.assertIn("Mia, who wrote it, has left", " ".join(run.warnings))

    def test_when_the_author_has_lost_the_rights_the_run_says_so(self):
        self.make_leads()
        self.campaign.with_user(self.manager).write({"own_domain": "[('name', '!=', 'x')]"})
        member = self.campaign.with_user(self.manager).member_ids[0]
        member.preferred_domain = "[('name', '!=', 'x')]"
        self.manager.group_ids = [Command.set([self.env.ref(name).id for name in SALESPERSON.split(",")])]
        run = self.campaign.simulate()
        self.assertEqual(run.leads_found, 0)
        told = " ".join(run.warnings)
        self.assertIn("No lead passes the own filter: Mia, who wrote it, is no sales manager any more", told)
        self.assertIn("The preference of Ann does not count: Mia, who wrote it, is no sales manager any more", told)

    def test_an_author_without_the_company_of_the_campaign_has_no_eyes_there(self):
        self.make_leads()
        self.campaign.with_user(self.manager).own_domain = "[('name', '!=', 'x')]"
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        run = self.campaign.simulate()
        self.assertEqual(run.leads_found, 0)
        self.assertIn("does not work for the company", " ".join(run.warnings))

    def test_two_members_with_the_same_text_prefer_their_own_leads(self):
        self.campaign.write({"strategy": "least_loaded", "pool_mode": "all", "use_window": False})
        self.campaign.member_ids.preferred_domain = "[('create_uid', '=', uid)]"
        of_ann = self.env["crm.lead"].with_user(self.ann).create({"name": "A", "type": "lead", "user_id": False})
        of_bob = self.env["crm.lead"].with_user(self.bob).create({"name": "B", "type": "lead", "user_id": False})
        assignments = self.campaign.simulate().assignment_ids
        takers = {a.lead_id: a.user_id for a in assignments}
        self.assertEqual(takers, {of_ann.sudo(): self.ann, of_bob.sudo(): self.bob})

    def test_why_not_and_the_line_up_look_with_the_authors_eyes_too(self):
        lead = self.make_leads(name="Hidden")
        self.campaign.with_user(self.manager).own_domain = "[('name', '=', 'Other')]"
        steps = self.campaign.with_user(self.manager)._explain_lead(lead.with_user(self.manager))
        self.assertEqual([s["step"] for s in steps if not s["passes"]], ["domain"])
        member = self.campaign.with_user(self.manager).member_ids[1]
        member.preferred_domain = "[('name', '=', 'Typed'), ('user_id.company_id', '=', False)]"
        typed = self.env["crm.lead"].with_user(self.manager).new({"name": "Typed", "type": "lead"})
        places = self.campaign.with_user(self.manager)._explain_who(typed).places
        self.assertEqual(places[0].person.id, member.user_id.id)

    def test_a_filter_of_before_that_asks_too_much_lets_nobody_pass_and_says_so(self):
        self.make_leads()
        self.env.cr.execute(
            "UPDATE lead_distribution_campaign SET own_domain = %s, own_domain_user_id = %s WHERE id = %s",
            ["[('user_id.login', '!=', 'x')]", self.manager.id, self.campaign.id],
        )
        self.campaign.invalidate_recordset()
        run = self.campaign.simulate()
        self.assertEqual(run.leads_found, 0)
        self.assertIn("may not ask for “login”", " ".join(run.warnings))

    def test_the_own_filter_adds_no_statement_a_lead(self):
        self.campaign.with_user(self.manager).own_domain = "[('partner_id.country_id.code', '!=', 'XX')]"

        def count(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.campaign.simulate(lead_ids=leads.ids)
            return self.cr.sql_log_count - before

        count(self.make_leads(2))
        self.assertLessEqual(count(self.make_leads(50)), count(self.make_leads(5)) + 2)

    def test_today_is_a_date(self):
        self.assertEqual(get_moment(self.campaign).get_today(), fields.Date.today())

    def test_the_author_of_an_old_filter_is_who_made_the_campaign(self):
        campaign = self.env["lead.distribution.campaign"].with_user(self.manager).create(
            {"name": "Old", "own_domain": "[('priority', '=', '3')]"}
        )  # fmt: skip
        self.env.flush_all()
        self.cr.execute("UPDATE lead_distribution_campaign SET own_domain_user_id = NULL")
        path = file_path("lead_distribution/migrations/19.0.1.1.0/post-own-filter-author.py")
        script = load_script(path, "post_own_filter_author")
        script.migrate(self.cr, None)
        campaign.invalidate_recordset()
        self.assertFalse(campaign.own_domain_user_id)
        script.migrate(self.cr, "19.0.1.0.0")
        campaign.invalidate_recordset()
        self.assertEqual(campaign.own_domain_user_id, self.manager)
        self.assertFalse(self.campaign.own_domain_user_id)
