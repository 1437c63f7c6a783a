"""The form of a campaign: it keeps what is typed, shows every setting, and says in words what is set."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..config.settings import NOT_SETTINGS, get_settings
from ..config.table import KEYS
from .common import DistributionCase

# what is set on the list of campaigns, or stands for something that is not set by hand
ELSEWHERE = {"sequence", "color", "run_ids"}


@tagged("post_install", "-at_install")
class TestCampaignForm(DistributionCase):
    def test_do_not_call_rows_of_a_new_campaign_stay_do_not_call_rows(self):
        self.env["utm.source"].create({"name": "web"})
        form = Form(self.env["lead.distribution.campaign"].with_user(self.manager))
        form.name = "Typed in"
        with form.filter_ids.new() as row:
            row.values_text = "web"
        with form.dnc_filter_ids.new() as row:
            row.values_text = "not_me"
        campaign = form.save()
        self.assertEqual(campaign.filter_ids.mapped("values_text"), ["web"])
        self.assertEqual(campaign.filter_ids.mapped("purpose"), ["filter"])
        self.assertEqual(len(campaign.dnc_filter_ids), 3)
        self.assertEqual(set(campaign.dnc_filter_ids.mapped("purpose")), {"dnc"})
        self.assertEqual(set(campaign.dnc_filter_ids.mapped("kind")), {"exclude"})
        self.assertFalse(campaign.warning_text)

    def test_without_people_one_text_says_so_not_two(self):
        """As long as nothing was found, what is in the way is told, with the click that mends it."""
        tree = etree.fromstring(self.env["lead.distribution.campaign"].get_view(view_type="form")["arch"])
        hint = next(node for node in tree.iter("div") if "Add the salespeople" in (node.text or ""))
        obstacles = tree.find(".//widget[@name='lead_distribution_obstacles']")
        for found in (0, 5):
            values = {"id": 1, "member_count": 0, "active": True, "last_found": found}
            hidden = [safe_eval(node.get("invisible"), dict(values)) for node in (hint, obstacles)]
            self.assertEqual(len([one for one in hidden if not one]), 1)

    def test_a_row_is_what_its_list_says_whatever_of_it_is_sent(self):
        """As the form sends it: of a row only what its list shows."""
        row = {"field_id": self.env["ir.model.fields"]._get("crm.lead", "source_id").id, "values_text": "web"}
        lists = {"filter_ids": [Command.create(row)], "dnc_filter_ids": [Command.create(row)]}
        campaign = self.env["lead.distribution.campaign"].with_user(self.manager).create({"name": "Sent", **lists})
        self.assertEqual(campaign.filter_ids.mapped("purpose"), ["filter"])
        self.assertRecordValues(campaign.dnc_filter_ids, [{"purpose": "dnc", "kind": "exclude"}])

    def test_every_setting_that_a_configuration_has_is_on_the_form(self):
        view = self.env["lead.distribution.campaign"].with_user(self.manager).get_view(view_type="form")
        shown = set(etree.fromstring(view["arch"]).xpath("//field/@name"))
        fields = self.env["lead.distribution.campaign"]._fields
        plain = get_settings(self.env["lead.distribution.campaign"], NOT_SETTINGS | ELSEWHERE)
        keys = {key.field for key in KEYS.values() if key.field}
        related = {name for name, field in fields.items() if name.endswith(("_id", "_ids")) and not field.readonly}
        related -= {*self.env["mail.thread"]._fields, *self.env["mail.activity.mixin"]._fields, *ELSEWHERE}
        settings = {name for name in {*plain, *keys, *related} if "lead_distribution" in fields[name]._modules}
        self.assertFalse(settings - shown)

    def count(self, campaign=None, **values):
        funnel = self.env["lead.distribution.funnel"].with_user(self.manager)
        return funnel.count(campaign.id if campaign else False, values)

    def test_what_is_counted_while_editing_is_what_a_run_would_find(self):
        self.make_leads(3, lead_status_id=self.status["won"].id)
        self.make_leads(4)
        self.make_leads(2, source_date=self.days_ago(50))
        self.make_leads(5, user_id=self.bob.id)
        counted = self.count(self.campaign)
        figures = self.campaign.simulate()._get_figures()
        self.assertEqual((counted["looked_at"], counted["found"]), (14, 4))
        self.assertEqual((figures["leads_looked_at"], figures["leads_found"]), (14, 4))
        refused = {step["code"]: step["refused"] for step in counted["steps"]}
        self.assertEqual(refused, {"date": 2, "closed": 3, "no_holder": 5})
        in_run = {step["code"]: step["refused"] for step in figures["funnel"] if step["refused"]}
        self.assertEqual(refused, in_run)

    def test_settings_that_are_not_saved_count_and_are_not_kept(self):
        self.make_leads(4)
        self.make_leads(2, source_date=self.days_ago(50))
        self.assertEqual(self.count(self.campaign, younger_than_days=60)["found"], 6)
        self.assertEqual(self.count(self.campaign, pool_ids=[Command.clear()])["found"], 0)
        self.assertEqual(self.campaign.younger_than_days, 30)
        self.assertEqual(self.count(self.campaign)["found"], 4)

    def test_a_new_campaign_is_counted_and_not_made(self):
        self.make_leads(4)
        before = self.env["lead.distribution.campaign"].search_count([])
        self.assertEqual(self.count(name="Unfinished", lead_type="lead")["found"], 4)
        self.assertEqual(self.env["lead.distribution.campaign"].search_count([]), before)

    def test_settings_that_cannot_be_saved_say_why_they_are_not_counted(self):
        answer = self.count(self.campaign, custom_date_from="2024-02-01", custom_date_to="2024-01-01")
        self.assertIn("ends before it starts", answer["problem"])
        with mute_logger("odoo.sql_db"):
            answer = self.count(self.campaign, filter_ids=[Command.create({"field_id": False})])
        self.assertIn("filled in", answer["problem"])
        self.assertFalse(self.campaign.filter_ids)

    def test_who_may_not_change_campaigns_counts_nothing(self):
        with self.assertRaises(AccessError):
            self.env["lead.distribution.funnel"].with_user(self.ann).count(self.campaign.id, {})

    def test_counting_takes_a_fixed_number_of_statements(self):
        self.make_leads(2)
        self.count(self.campaign)
        with self.assertQueryCount(26):
            self.count(self.campaign)
        self.make_leads(60)
        with self.assertQueryCount(26):
            self.count(self.campaign)

    def test_the_button_members_shows_as_many_as_it_says(self):
        self.campaign.member_ids[0].active = False
        self.bob.active = False
        action = self.campaign.with_user(self.manager).action_view_members()
        view = self.env["lead.distribution.member"].get_view(view_type="search")
        [active] = etree.fromstring(view["arch"]).xpath("//filter[@name='active']/@domain")
        self.assertEqual(action["context"]["search_default_active"], 1)
        domain = [*action["domain"], *safe_eval(active)]
        shown = self.env["lead.distribution.member"].with_context(active_test=False).search_count(domain)
        self.assertEqual(shown, self.campaign.member_count)
        self.assertEqual(shown, 1)

    def test_why_somebody_receives_nothing_is_what_the_run_says(self):
        self.campaign.excluded_receiver_ids = self.cem
        self.campaign.member_ids[0].active = False
        self.bob.active = False
        members = self.campaign.with_context(active_test=False).member_ids
        run = self.campaign.simulate()
        self.assertEqual({m.user_id.name: m.why_nothing for m in members}, run.left_out)

    def test_that_somebody_is_archived_is_said_once(self):
        """It is why the person is not there, and why nothing comes; another reason than that is said besides."""
        self.campaign.excluded_receiver_ids = self.cem
        self.bob.active = False
        self.assertEqual(self.show_reasons(self.bob), ["the user is archived"])
        self.assertEqual(self.show_reasons(self.cem), ["left out by name"])

    def show_reasons(self, user):
        """Return what a manager reads of a member in the list, and that the form says no more."""
        member = self.campaign.with_context(active_test=False).member_ids.filtered(lambda m: m.user_id == user)
        values = member.with_user(self.manager).read()[0]
        shown = []
        for view in ("list", "form"):
            arch = etree.fromstring(member.with_user(self.manager).get_view(view_type=view)["arch"])
            nodes = arch.xpath("//field[@name='unavailable_reason' or @name='why_nothing']")
            conditions = [[one.get("invisible", "") for one in (*node.iterancestors("div"), node)] for node in nodes]
            texts = [
                values[node.get("name")]
                for node, invisible in zip(nodes, conditions, strict=True)
                if not any(safe_eval(one, dict(values)) for one in invisible if one)
            ]
            shown.append(sorted(filter(None, texts)))
        self.assertEqual(shown[0], shown[1])
        return shown[0]

    def test_the_card_tells_the_last_run_in_the_zone_of_the_campaign(self):
        self.make_leads(3)
        self.campaign.write({"tz": "America/New_York", "frequency": "daily", "max_leads": 2})
        run = self.campaign.distribute()
        run.write({"started_on": "2026-11-21 11:00:00", "warnings": ["One", "Two"]})
        self.assertFalse(run.leads_put_back)
        self.campaign.invalidate_recordset()
        self.assertRegex(self.campaign.last_run_words, r"^Sat, Nov 21, 06:00.*\(New York\)$")
        self.assertRegex(self.campaign.next_run_words, r"06:00.*\(New York\)$")
        self.assertEqual((self.campaign.last_distributed, self.campaign.last_left), (2, 1))
        self.assertEqual(self.campaign.last_warning_count, 2)
        run.action_revert()
        self.assertEqual(self.campaign.last_put_back, 2)

    def test_list_says_how_many_leads_wait(self):
        campaigns = self.env["lead.distribution.campaign"].with_user(self.manager)
        tree = etree.fromstring(campaigns.get_view(view_type="list")["arch"])
        self.assertIn("waiting_count", tree.xpath("//field/@name"))


@tagged("post_install", "-at_install")
class TestCampaignFormTour(DistributionCase, HttpCase):
    def test_a_campaign_is_typed_in_and_read_while_it_is_edited(self):
        self.manager.group_ids += self.env.ref("crm.group_use_lead")
        self.make_leads(4)
        self.make_leads(3, user_id=self.bob.id)
        self.start_tour("/odoo/lead-distribution/new", "lead_distribution_campaign_form", login="mia@test")
        campaign = self.env["lead.distribution.campaign"].search([("name", "=", "Typed in")])
        self.assertEqual(campaign.max_daily, 7)
        self.assertEqual(len(campaign.dnc_filter_ids), 3)
        self.assertFalse(campaign.filter_ids)


@tagged("post_install", "-at_install")
class TestRoomForMembers(DistributionCase, HttpCase):
    browser_size = "1440x900"

    def test_members_are_not_cut_beside_the_notes_of_the_campaign(self):
        """Neither the reasons, nor the buttons at the end of the line."""
        self.ann.action_pause_leads(reason="At a trade fair")
        self.campaign.excluded_receiver_ids = self.cem
        code = """
            const list = document.querySelector(".o_field_x2many .o_list_renderer");
            const cut = [...list.querySelectorAll("th, td")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1);
            if (!document.querySelector(".o-mail-Form-chatter.o-aside")) {
                console.error("The notes do not stand beside the form");
            } else if (list.scrollWidth > list.clientWidth) {
                console.error(`The list is wider than its room: ${list.scrollWidth} of ${list.clientWidth}`);
            } else if (cut.length) {
                console.error(`Cut: ${cut.map((cell) => cell.textContent).join(", ")}`);
            } else {
                console.log("test successful");
            }
        """
        ready = "Boolean(document.querySelector('.o_field_x2many .o_data_row button[name=action_resume]'))"
        self.browser_js(f"/odoo/lead-distribution/{self.campaign.id}", code, ready=ready, login="mia@test")
