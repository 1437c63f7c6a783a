"""Lead, person and campaign belong together, when a run is planned and when it is applied."""

from contextlib import suppress

from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lead_distribution.planning.request import PlanRequest

from ..reporting.words import describe_left_over
from ..tools.fit import find_unfit, get_has_leads_sql, get_salespeople_domain, get_works_for_sql, works_for
from .common import SALESPERSON, DistributionCase


class Undo(Exception):
    """Ends what is only tried."""


@tagged("post_install", "-at_install")
class TestFitToReceive(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b = cls.env.company, cls.env["res.company"].create({"name": "Beta"})
        cls.bea = cls.make_user("bea", company_id=cls.b.id, company_ids=[Command.set(cls.b.ids)])
        cls.both = cls.make_user("zoe", company_id=cls.a.id, company_ids=[Command.set((cls.a | cls.b).ids)])

    def use_all_companies(self, *users):
        self.campaign.member_ids.unlink()
        self.campaign.write(
            {"company_id": False, "member_ids": [Command.create({"user_id": user.id}) for user in users]}
        )

    def notes(self, run):
        return run.assignment_ids.filtered(lambda row: row.state == "skipped").mapped("note")

    # planning

    def test_a_campaign_of_all_companies_gives_a_lead_only_to_people_of_its_company(self):
        self.use_all_companies(self.ann, self.bea, self.both)
        of_a = self.make_leads(6, company_id=self.a.id)
        of_b = self.make_leads(6, company_id=self.b.id)
        of_none = self.make_leads(6)
        run = self.campaign.distribute(seed=1)
        self.assertEqual(run.leads_distributed, 18)
        self.assertEqual(of_a.user_id, self.ann | self.both)
        self.assertEqual(of_b.user_id, self.bea | self.both)
        self.assertEqual(of_none.user_id, self.ann | self.bea | self.both)
        self.assertEqual((of_a.company_id, of_b.company_id), (self.a, self.b))

    def test_a_lead_of_a_company_for_which_nobody_works_stays_with_this_reason(self):
        self.use_all_companies(self.bea)
        lead = self.make_leads(company_id=self.a.id)
        for strategy in ("round_robin", "level_based"):
            run = self.campaign.distribute(strategy=strategy)
            self.assertEqual((run.leads_distributed, run.left_over), (0, {"other_company": 1}))
        self.assertIn("company", describe_left_over(self.env, "other_company"))
        self.assertFalse(lead.user_id)

    def test_where_everybody_works_for_all_companies_there_is_no_rule(self):
        self.use_all_companies(self.both)
        self.both.company_ids = self.env["res.company"].search([])
        self.assertFalse(self.campaign._get_rules([], self.campaign.member_ids, PlanRequest()))

    def test_a_member_who_lost_the_company_or_the_right_to_sell_is_left_out(self):
        self.campaign.member_ids = [Command.create({"user_id": self.both.id})]
        self.both.write({"company_id": self.b.id, "company_ids": [Command.set(self.b.ids)]})
        self.cem.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        leads = self.make_leads(6)
        run = self.campaign.distribute()
        self.assertEqual(leads.user_id, self.ann | self.bob)
        self.assertIn("does not work for", run.left_out["Zoe"])
        self.assertIn("no access", run.left_out["Cem"])

    def test_leads_of_none_get_the_company_of_the_campaign_whoever_starts_the_run(self):
        self.campaign.member_ids.unlink()
        self.campaign.member_ids = [Command.create({"user_id": self.both.id})]
        self.both.company_id = self.b
        lead = self.make_leads()
        self.campaign.with_context(allowed_company_ids=(self.b | self.a).ids).distribute()
        self.assertEqual((lead.user_id, lead.company_id), (self.both, self.a))

    def test_a_team_that_becomes_one_of_another_company_does_not_take_the_lead_there(self):
        team = self.env["crm.team"].create({"name": "B team", "company_id": False})
        self.use_all_companies(self.both)
        self.campaign.team_id = team
        team.company_id = self.b
        mine, theirs = self.make_leads(company_id=self.a.id), self.make_leads(company_id=self.b.id)
        self.campaign.distribute()
        self.assertRecordValues(mine | theirs, [
            {"user_id": self.both.id, "company_id": self.a.id, "team_id": False},
            {"user_id": self.both.id, "company_id": self.b.id, "team_id": team.id},
        ])  # fmt: skip

    # dropback

    def drop_back_to(self, user, default=None):
        rules = [Command.create({"name": "Web", "user_id": user.id, "sources_text": "Web"})]
        rules += [Command.create({"name": "default", "is_default": True, "user_id": (default or user).id})]
        self.campaign.write({
            "use_dropback": True, "dropback_threshold_ids": [Command.create({"days": 10})],
            "dropback_rule_ids": rules,
        })  # fmt: skip

    def test_dropback_gives_a_lead_to_nobody_of_another_company(self):
        self.use_all_companies(self.both)
        self.drop_back_to(self.bea)
        of_a, of_b = (self.make_leads(company_id=c.id, source_date=self.days_ago(20)) for c in (self.a, self.b))
        run = self.campaign.distribute()
        self.assertEqual((of_a.user_id, of_b.user_id), (self.env["res.users"], self.bea))
        self.assertEqual((run.leads_dropped_back, run.exclusions), (1, {"dropback": 1}))

    def test_dropback_goes_to_the_default_user_where_the_rules_user_is_of_another_company(self):
        self.drop_back_to(self.bea, default=self.cem)
        web = self.env["utm.source"].create({"name": "Web"})
        lead = self.make_leads(source_date=self.days_ago(20), source_id=web.id)
        self.campaign.distribute()
        self.assertEqual(lead.user_id, self.cem)

    def test_a_dropback_user_who_lost_the_company_after_the_plan_gets_nothing(self):
        self.drop_back_to(self.both)
        lead = self.make_leads(source_date=self.days_ago(20))
        run = self.campaign.simulate()
        self.both.write({"company_id": self.b.id, "company_ids": [Command.set(self.b.ids)]})
        run.action_apply()
        self.assertFalse(lead.user_id)
        self.assertIn("does not work for the company", " ".join(self.notes(run)))
        self.assertEqual((run.leads_dropped_back, run.exclusions), (0, {"dropback": 1}))

    # applying

    def test_a_lead_that_moved_to_another_company_after_the_plan_stays(self):
        leads = self.make_leads(3, company_id=self.a.id)
        run = self.campaign.simulate()
        leads[0].company_id = self.b
        run.action_apply()
        self.assertRecordValues(leads[0], [{"user_id": False, "company_id": self.b.id}])
        self.assertEqual((run.leads_distributed, run.left_over), (2, {"skipped": 1}))
        self.assertIn("another company", " ".join(self.notes(run)))

    def test_a_lead_that_moved_after_the_plan_of_all_companies_goes_only_to_who_works_there(self):
        self.use_all_companies(self.ann, self.both)
        leads = self.make_leads(8, company_id=self.a.id)
        run = self.campaign.simulate()
        leads.company_id = self.b
        run.action_apply()
        self.assertEqual(leads.user_id, self.both)
        self.assertEqual(leads.company_id, self.b)

    def test_people_who_lost_what_they_need_after_the_plan_get_nothing(self):
        self.campaign.member_ids = [Command.create({"user_id": user.id}) for user in (self.both, self.manager)]
        gone = self.make_user("gus", SALESPERSON)
        self.campaign.member_ids = [Command.create({"user_id": gone.id})]
        leads = self.make_leads(24)
        run = self.campaign.simulate()
        self.both.write({"company_id": self.b.id, "company_ids": [Command.set(self.b.ids)]})
        self.bob.active = False
        self.cem.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.manager).active = False
        self.campaign.member_ids.filtered(lambda m: m.user_id == gone).unlink()
        run.action_apply()
        self.assertEqual(leads.user_id, self.ann)
        self.assertEqual((run.leads_distributed, run.left_over), (4, {"skipped": 20}))
        told = " ".join(set(self.notes(run)))
        for words in ("does not work", "was archived", "no access", "no active member"):
            self.assertIn(words, told)

    def test_who_must_not_be_called_any_more_is_not_handed_out(self):
        leads = self.make_leads(5, email_from="a@b.example")
        for number, lead in enumerate(leads):
            lead.write({"email_from": f"x{number}@b.example", "phone": f"+3248500000{number}"})
        old = self.make_leads(source_date=self.days_ago(20), email_from="old@b.example")
        self.drop_back_to(self.cem)
        run = self.campaign.simulate()
        self.assertEqual((run.leads_planned, run.leads_dropped_back), (5, 1))
        self.env["mail.blacklist"].create([{"email": "x0@b.example"}, {"email": "old@b.example"}])
        self.env["phone.blacklist"].create({"number": leads[1].phone_sanitized})
        tag = self.env["crm.tag"].search([("name", "=ilike", "do not call")]) or self.env["crm.tag"].create(
            {"name": "do not call"}
        )
        leads[2].tag_ids = tag
        self.campaign.dnc_filter_ids.filtered(lambda row: row.field_id.name == "tag_ids").values_text = "do not call"
        run.action_apply()
        self.assertEqual(leads.filtered("user_id"), leads[3] | leads[4])
        self.assertFalse(old.user_id)
        told = run.assignment_ids.filtered(lambda row: row.state == "skipped").mapped("note")
        self.assertEqual((len(told), set(told)), (4, {"The lead must not be called any more."}))

    # one rule for the plan and for its application

    def try_change(self, change):
        """Plan a lead for one person, change something, and compare.

        :return: (whether a new plan would give the lead to the person, whether the old plan still does)
        """
        fresh = applied = None
        with suppress(Undo), self.env.cr.savepoint():
            self.campaign.write({"company_id": self.a.id, "include_inactive": False})
            self.campaign.member_ids.unlink()
            self.campaign.member_ids = [Command.create({"user_id": self.both.id})]
            lead = self.make_leads()
            run = self.campaign.simulate()
            change(lead, self.campaign.member_ids)
            fresh = self.campaign.simulate(lead_ids=lead.ids).leads_distributed == 1
            run.action_apply()
            applied = run.assignment_ids.state == "done"
            raise Undo
        self.env.registry.clear_cache()  # who has which rights was remembered
        return fresh, applied

    def test_what_is_not_planned_is_not_applied_either(self):
        """The plan finds leads and people by domains and in Python, applying by one statement: they agree."""
        nobody = self.env.ref("base.group_user")
        changes = {
            "nothing": lambda lead, member: None,
            "archived user": lambda lead, member: member.user_id.write({"active": False}),
            "no seller": lambda lead, member: member.user_id.write({"group_ids": [Command.set(nobody.ids)]}),
            "other company": lambda lead, member: member.user_id.write(
                {"company_id": self.b.id, "company_ids": [Command.set(self.b.ids)]}
            ),
            "inactive member": lambda lead, member: member.write({"active": False}),
            "inactive member who still receives": lambda lead, member: (
                member.campaign_id.write({"include_inactive": True}),
                member.write({"active": False}),
            ),
            "archived lead": lambda lead, member: lead.write({"active": False}),
            "opportunity": lambda lead, member: lead.write({"type": "opportunity"}),
            "deleted lead": lambda lead, member: lead.unlink(),
            "do not call": lambda lead, member: lead.write({"lead_status_id": self.status["dnc"].id}),
            "lead of another company": lambda lead, member: lead.write({"company_id": self.b.id}),
            "lead of the company": lambda lead, member: lead.write({"company_id": self.a.id}),
        }
        kept = {"nothing", "inactive member who still receives", "lead of the company"}
        for name, change in changes.items():
            with self.subTest(name):
                self.assertEqual(self.try_change(change), (name in kept, name in kept))

    # the one rule

    def ask_database(self, users, company):
        """Return the users who may have leads of a company, as domain and as SQL."""
        in_domain = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search(get_salespeople_domain(self.env) & Domain("id", "in", users.ids))
        )
        person = SQL("u.id")
        query = SQL(
            "SELECT id FROM res_users u WHERE id = ANY(%s) AND active AND %s AND %s", users.ids,
            get_has_leads_sql(self.env, person), get_works_for_sql(person, SQL("%s::integer", company.id or None)),
        )  # fmt: skip
        self.env.flush_all()
        in_sql = users.browse(user_id for [user_id] in self.env.execute_query(query))
        return in_domain.filtered(lambda user: works_for(user, company)), in_sql

    def test_who_may_have_leads_is_the_same_as_values_domain_and_sql(self):
        gone = self.make_user("gus")
        gone.active = False
        clerk, portal = self.make_user("ina", "base.group_user"), self.make_user("pat", "base.group_portal")
        why = {self.ann: None, self.manager: None, gone: "archived", clerk: "no_leads", portal: "no_leads"}
        users = self.env["res.users"].union(self.bea, self.both, *why)
        for company, missing in ((self.a, self.bea), (self.b, self.ann | self.manager), (self.a.browse(), users[:0])):
            with self.subTest(company=company.name):
                expected = {self.bea: None, self.both: None, **why} | dict.fromkeys(missing, "other_company")
                self.assertEqual({user: find_unfit(user, company) for user in users}, expected)
                fit = users.filtered(lambda user, expected=expected: not expected[user])
                for found in self.ask_database(users, company):
                    self.assertEqual(set(found), set(fit))
