import json
import os
from pathlib import Path
from unittest import skipUnless

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import DistributionCase

AXE = os.environ.get("LEAD_DISTRIBUTION_AXE")  # set by dev/testing.py, which fetches it
# what Odoo's own widgets and colours do within our pages: rule → selectors
KNOWN = {
    "color-contrast": [".text-muted", ".badge"],  # colours of Odoo's palette
    "image-alt": [".o_avatar"],  # the picture beside the name of a person
    "label": [".o_list_record_selector", ".o_field_percentage"],  # the boxes of a list, a number in percent
    "button-name": [".o_optional_columns_dropdown"],  # the columns of a list
    "aria-allowed-attr": [".o_progressbar", ".o_field_selection"],
    "autocomplete-valid": [".o_field_selection"],
    "aria-required-parent": [".o_notebook_headers"],
    "aria-prohibited-attr": [".o_field_daterange"],  # the arrow between two dates
}
NOT_OURS = [[".o-mail-ChatterContainer"], [".o-mail-Form-chatter"]]
CHECK = """
(async () => {
    const opener = %(click)s;
    if (opener) {
        document.querySelector(opener).click();
        while (!document.querySelector(%(content)s)) {
            await new Promise(requestAnimationFrame);
        }
    }
    %(axe)s
    const known = %(known)s;
    const isKnown = (rule, node) => (known[rule] || []).some(
        (selector) => document.querySelector(node.target.at(-1))?.closest(selector)
    );
    const found = await axe.run({ include: [[%(content)s]], exclude: %(not_ours)s }, { resultTypes: ["violations"] });
    const ours = [];
    for (const violation of found.violations) {
        if (["serious", "critical"].includes(violation.impact)) {
            const nodes = violation.nodes.filter((node) => !isKnown(violation.id, node));
            ours.push(...nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.html.slice(0, 200)}`));
        }
    }
    if (ours.length) {
        console.error(ours.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


@skipUnless(AXE, "axe-core could not be fetched, or the tests were not started by make test")
@tagged("post_install", "-at_install")
class TestAccessibility(DistributionCase, HttpCase):
    """axe-core finds nothing serious in our pages; Odoo's own bars and menus around them are not looked at."""

    def check(self, url, ready, content=".o_content", login="mia@test", click=None):
        """Open a page, wait until something is there, and let axe-core look at its content.

        :param click: what opens the content
        """
        code = CHECK % {
            "axe": Path(AXE).read_text(), "known": json.dumps(KNOWN), "content": json.dumps(content),
            "not_ours": json.dumps(NOT_OURS), "click": json.dumps(click),
        }  # fmt: skip
        self.browser_js(
            url, code, ready=f"Boolean(document.querySelector({json.dumps(ready)}))", login=login, timeout=120
        )

    def distribute(self):
        self.make_leads(5)
        return self.campaign.distribute(max_leads=4)

    def test_cards_of_campaigns(self):
        self.distribute()
        self.check("/odoo/lead-distribution", ".o_kanban_record:not(.o_kanban_ghost)")

    def wait(self):
        """Have a lead wait that came, and one that nobody takes."""
        waits, lost = self.make_leads(2)
        self.env["lead.distribution.waiting"].create(
            {"lead_id": waits.id, "campaign_id": self.campaign.id, "reason": "nobody_there", "detail": "Ann is away"}
        )
        self.env["lead.distribution.not.taken"].create(
            {"lead_id": lost.id, "looked_on": fields.Datetime.now(), "reasons": {self.campaign.id: "dnc"}}
        )

    def test_waiting_leads(self):
        self.wait()
        self.check("/odoo/waiting-leads", ".o_data_row")

    def test_leads_taken_by_nobody(self):
        self.wait()
        self.check("/odoo/leads-taken-by-nobody", ".o_data_row")

    def test_who_is_there(self):
        self.campaign.availability = "working_hours"
        self.check("/odoo/who-is-there", ".o_ld_person_row[data-person=Ann]")

    def test_list_of_campaigns(self):
        self.distribute()
        self.check("/odoo/lead-distribution?view_type=list", ".o_data_row")

    def test_form_of_a_campaign(self):
        self.check(f"/odoo/lead-distribution/{self.campaign.id}", ".o_form_view .o_data_row")

    def test_a_plan(self):
        self.make_leads(5)
        run = self.campaign.simulate(max_leads=4)
        self.check(f"/odoo/lead-distribution-runs/{run.id}", ".o_ld_person")

    def test_a_run_and_what_reverting_it_says(self):
        run = self.distribute()
        self.check(f"/odoo/lead-distribution-runs/{run.id}", ".o_ld_person")
        run.action_revert()
        self.check(f"/odoo/lead-distribution-runs/{run.id}", ".o_ld_person")

    def test_an_experiment_being_planned_and_running(self):
        values = {"campaign_id": self.campaign.id, "strategy_b": "random", "planned_leads": 100}
        experiment = self.env["lead.distribution.experiment"].create(values)
        self.check(f"/odoo/lead-experiments/{experiment.id}", ".o_form_view button[name=action_start]")
        experiment.action_start()
        self.make_leads(20)
        self.campaign.distribute()
        self.check(f"/odoo/lead-experiments/{experiment.id}", ".o_ld_experiment")
        self.check("/odoo/lead-experiments", ".o_data_row")

    def test_list_of_runs(self):
        self.distribute()
        self.check("/odoo/lead-distribution-runs", ".o_data_row")

    def test_dashboard_of_a_manager(self):
        self.distribute()
        self.check("/odoo/lead-distribution-dashboard", ".o_ld_head", content=".o_action_manager")

    def test_dashboard_of_a_salesperson(self):
        run = self.distribute()
        login = run.assignment_ids.user_id[0].login
        self.check("/odoo/lead-distribution-dashboard", ".o_ld_head", ".o_action_manager", login)

    def test_import(self):
        self.check("/odoo/lead-import", ".o_form_view")

    def test_my_new_leads(self):
        run = self.distribute()
        user = run.assignment_ids.user_id[0]
        self.check("/odoo/my-leads", ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", login=user.login)

    def test_absences_in_a_list_and_a_form(self):
        values = {"user_id": self.ann.id, "date_from": "2030-01-01 08:00:00", "date_to": "2030-01-02 08:00:00"}
        absence = self.env["lead.distribution.absence"].create(values)
        self.check("/odoo/lead-absences?view_type=list", ".o_data_row")
        self.check(f"/odoo/lead-absences/{absence.id}", ".o_form_view div[name=reason]")

    def test_who_has_paused(self):
        self.ann.action_pause_leads(reason="Lunch")
        self.check("/odoo/action-lead_distribution.lead_distribution_presence_action", ".o_data_row")
        self.check("/odoo/lead-distribution-members", ".o_data_row")

    def test_the_switch_in_the_top_bar(self):
        switch, panel = ".o_ld_presence_switch", ".o_ld_presence_panel"
        for is_paused in (False, True):
            if is_paused:
                self.ann.action_pause_leads(reason="Lunch")
            self.check("/odoo/my-leads", switch, panel, self.ann.login, click=switch)
            self.check("/odoo/my-leads", switch, ".o_ld_presence", self.ann.login)
