from lxml import etree

from odoo.tests import HttpCase, tagged

from .common import DistributionCase

LINK = "lead_distribution.lead_distribution_run_leads_action"
MY_LEADS = "lead_distribution.lead_distribution_new_leads_action"


@tagged("post_install", "-at_install")
class TestMyLeads(DistributionCase):
    """What waits for a salesperson, and what the message about new leads opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.make_leads(6)
        cls.run_done = cls.campaign.distribute(seed=1)
        cls.mine = cls.leads.filtered(lambda lead: lead.user_id == cls.ann)

    def test_a_salesperson_opens_the_runs_as_a_graph(self):
        runs = self.env["lead.distribution.run"].with_user(self.ann)
        arch = etree.fromstring(runs.get_view(view_type="graph")["arch"])
        groups = [":".join(filter(None, (node.get("name"), node.get("interval")))) for node in arch.iter("field")]
        found = runs.formatted_read_group([], groups, ["__count"])
        self.assertEqual([group["campaign_id"][0] for group in found], self.campaign.ids)

    def search_new(self, user):
        return self.env["crm.lead"].with_user(user).search([("waits_for_me", "=", True)])

    def open_link(self, user, run=None):
        """Return the action, and what is said above it, as the client gets it from the link of a message."""
        action = self.env.ref(LINK).with_user(user).with_context(active_id=run and run.id).run()
        params = action.get("params")
        return (params["next"], params["message"]) if params else (action, None)

    def find(self, user, action):
        return self.env["crm.lead"].with_user(user).with_context(**action["context"]).search(action["domain"])

    def test_new_to_me_are_leads_handed_to_me_that_i_have_not_touched(self):
        self.assertEqual(self.search_new(self.ann), self.mine)
        lead = self.mine[0].with_user(self.ann)
        self.assertTrue(lead.waits_for_me)
        self.assertFalse(lead.with_user(self.manager).waits_for_me)
        lead.lead_status_id = self.status["call_back"]
        self.assertFalse(lead.waits_for_me)
        self.assertEqual(self.search_new(self.ann), self.mine[1:])

    def test_not_new_to_me_is_everything_else(self):
        leads = self.env["crm.lead"].with_user(self.ann)
        others = leads.search([("waits_for_me", "=", False), ("id", "in", self.leads.ids)])
        self.assertFalse(others & self.mine)

    def test_a_lead_that_went_on_to_somebody_else_does_not_wait_for_me(self):
        self.mine[0].user_id = self.bob
        self.assertEqual(self.search_new(self.ann), self.mine[1:])

    def test_the_dashboard_and_the_list_count_the_same(self):
        self.make_leads(3)
        self.campaign.distribute(seed=2)
        data = self.env["lead.distribution.dashboard"].with_user(self.ann).get_data()
        [figure] = [item for item in data["figures"] if item["key"] == "waiting"]
        self.assertEqual(figure["value"], len(self.search_new(self.ann)))

    def test_which_leads_of_a_page_are_new_takes_a_fixed_number_of_queries(self):
        def count(leads):
            leads.invalidate_recordset()
            before = self.env.cr.sql_log_count
            leads.mapped("waits_for_me")
            return self.env.cr.sql_log_count - before

        self.make_leads(60)
        self.campaign.distribute(seed=3)
        mine = self.search_new(self.ann)
        self.assertGreater(len(mine), 20)
        count(mine)
        self.assertLessEqual(count(mine), count(mine[:2]))

    def test_the_link_of_the_message_opens_the_leads_of_its_run(self):
        self.make_leads(3)
        self.campaign.distribute(seed=2)
        action, notice = self.open_link(self.ann, self.run_done)
        self.assertEqual(self.find(self.ann, action), self.mine)
        self.assertEqual((action["path"], action["name"], notice), ("my-new-leads", "New leads from Voice", None))
        self.assertEqual(action["context"]["active_id"], self.run_done.id)

    def test_after_a_revert_the_link_says_that_the_leads_were_put_back(self):
        self.run_done.action_revert()
        action, notice = self.open_link(self.ann, self.run_done)
        self.assertFalse(self.find(self.ann, action))
        self.assertIn("These leads were put back", action["help"])
        self.assertIn("the 2 leads went to where they were", action["help"])
        self.assertIsNone(notice)

    def test_after_a_revert_the_link_shows_what_i_have_still(self):
        self.mine[0].with_user(self.ann).lead_status_id = self.status["call_back"]
        self.run_done.action_revert()
        action, notice = self.open_link(self.ann, self.run_done)
        self.assertEqual(self.find(self.ann, action), self.mine[0])
        self.assertEqual(action["name"], "Still yours, from Voice")
        self.assertEqual(notice, "1 of these leads was put back: the run was reverted.")

    def test_where_nothing_is_left_after_a_notice_the_page_says_so_in_words_not_in_html(self):
        """The client shows the help of an action that follows a notice as it is."""
        self.mine[0].with_user(self.ann).lead_status_id = self.status["call_back"]
        self.run_done.action_revert()
        self.mine[0].user_id = self.bob
        action, notice = self.open_link(self.ann, self.run_done)
        self.assertFalse(self.find(self.ann, action))
        self.assertTrue(notice)
        self.assertRegex(action["help"], r"put back\. The run .* before\. There is nothing for you to do\.$")
        self.assertNotIn("<", action["help"])

    def test_leads_that_went_on_are_not_said_to_be_put_back(self):
        self.mine.user_id = self.bob
        action, _notice = self.open_link(self.ann, self.run_done)
        self.assertFalse(self.find(self.ann, action))
        self.assertIn("None of these leads is yours any more", action["help"])

    def test_without_a_run_or_with_one_i_may_not_see_the_link_opens_all_my_leads(self):
        alone = self.make_campaign("Bob alone", self.bob)
        self.make_leads(2)
        for run in (None, alone.distribute()):
            action, notice = self.open_link(self.ann, run)
            self.assertEqual((action["id"], action["path"], notice), (self.env.ref(MY_LEADS).id, "my-leads", None))

    def test_a_salespersons_menu_begins_with_my_new_leads_a_managers_with_the_dashboard(self):
        top = self.env.ref("lead_distribution.lead_distribution_menu").id
        for user, first in ((self.ann, "My New Leads"), (self.manager, "Dashboard")):
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            names = [menus[child]["name"] for child in menus[top]["children"]]
            self.assertEqual(names[0], first)
            self.assertEqual(names.count("My New Leads"), 1)

    def test_statuses_that_close_a_lead_stand_behind_the_others(self):
        folded = self.env["crm.lead.status"].search([]).filtered("is_folded")
        self.assertNotIn(self.status["call_back"], folded)
        for code in ("won", "lost", "dnc"):
            self.assertIn(self.status[code], folded)


@tagged("post_install", "-at_install")
class TestMyLeadsOnAPhone(DistributionCase, HttpCase):
    """A salesperson's day on a phone, in a real browser."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_salesperson_opens_new_leads_calls_and_sets_a_status_with_one_tap(self):
        leads = self.make_leads(3, phone="+49 30 901820", contact_name="Viktor", partner_name="Iyer")
        self.campaign.distribute(seed=1)
        [lead] = leads.filtered(lambda lead: lead.user_id == self.ann)
        self.start_tour("/odoo/my-leads", "lead_distribution_my_leads_phone", login=self.ann.login)
        self.assertEqual(lead.lead_status_id, self.status["utr"])
        self.assertTrue(lead.assignment_ids.first_action_on)


@tagged("post_install", "-at_install")
class TestMyLeadsOnADesk(DistributionCase, HttpCase):
    """The same with a mouse, and after a revert."""

    def test_a_salesperson_works_through_the_list(self):
        leads = self.make_leads(3, phone="+49 30 901820")
        self.campaign.distribute(seed=1)
        [lead] = leads.filtered(lambda lead: lead.user_id == self.ann)
        self.start_tour("/odoo/my-leads", "lead_distribution_my_leads", login=self.ann.login)
        self.assertEqual(lead.lead_status_id, self.status["in_progress"])

    def test_the_link_of_a_reverted_run_says_so(self):
        self.make_leads(3)
        run = self.campaign.distribute(seed=1)
        run.action_revert()
        self.start_tour(f"/odoo/{run.id}/my-new-leads", "lead_distribution_put_back", login=self.ann.login)
