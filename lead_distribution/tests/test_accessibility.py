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
    %(axe)s
    const known = %(known)s;
    const isKnown = (rule, node) => (known[rule] || []).some(
        (selector) => document.querySelector(node.target.at(-1))?.closest(selector)
    );
    const waitFor = async (selector, page) => {
        const end = Date.now() + 60000;
        while (!document.querySelector(selector)) {
            if (Date.now() > end) {
                throw new Error(`${page}: ${selector} does not appear`);
            }
            await new Promise(requestAnimationFrame);
        }
    };
    // within the client, as a link does that is clicked
    const goTo = (url) => {
        const link = document.createElement("a");
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
    };
    // what is there of the page before does not count for this one
    const waitForNext = async (before, page) => {
        if (before) {
            const end = Date.now() + 60000;
            while (before.isConnected) {
                if (Date.now() > end) {
                    throw new Error(`${page}: the page before stays`);
                }
                await new Promise(requestAnimationFrame);
            }
        }
    };
    const look = async ({ url, ready, content, click }, isFirst) => {
        if (!isFirst) {
            const before = document.querySelector(".o_action_manager > .o_action");
            goTo(url);
            await waitForNext(before, url);
        }
        await waitFor(ready, url);
        if (click) {
            document.querySelector(click).click();
            await waitFor(content, url);
        }
        const options = { resultTypes: ["violations"] };
        const found = await axe.run({ include: [[content]], exclude: %(not_ours)s }, options);
        return found.violations
            .filter((violation) => ["serious", "critical"].includes(violation.impact))
            .flatMap(({ id, nodes }) =>
                nodes
                    .filter((node) => !isKnown(id, node))
                    .map((node) => `${url}: ${id}: ${node.target.join(" ")} ${node.html.slice(0, 200)}`)
            );
    };
    const ours = [];
    for (const [index, page] of %(pages)s.entries()) {
        ours.push(...(await look(page, !index)));
    }
    if (ours.length) {
        console.error(ours.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


ROW, CARD = ".o_data_row", ".o_kanban_record:not(.o_kanban_ghost)"


def page(url, ready, content=".o_content", click=None):
    """Return what is looked at.

    :param ready: a selector: what there has to be before it is looked at
    :param content: a selector: which part of the page
    :param click: a selector: what opens that part
    """
    return {"url": url, "ready": ready, "content": content, "click": click}


@skipUnless(AXE, "axe-core could not be fetched, or the tests were not started by make test")
@tagged("post_install", "-at_install")
class TestAccessibility(DistributionCase, HttpCase):
    """axe-core finds nothing serious in our pages; Odoo's own bars and menus around them are not looked at."""

    def check(self, *pages, login="mia@test"):
        """Open pages, one after the other in one client, and let axe-core look at what we have put into each.

        What it finds is said of all of them, with the page before it.
        """
        code = CHECK % {
            "axe": Path(AXE).read_text(), "known": json.dumps(KNOWN), "not_ours": json.dumps(NOT_OURS),
            "pages": json.dumps(pages),
        }  # fmt: skip
        first = pages[0]
        self.browser_js(
            first["url"],
            code,
            ready=f"Boolean(document.querySelector({json.dumps(first['ready'])}))",
            login=login,
            timeout=60 + 60 * len(pages),
        )

    def distribute(self):
        self.make_leads(5)
        return self.campaign.distribute(max_leads=4)

    def wait(self):
        """Have a lead wait that came, and one that nobody takes."""
        waits, lost = self.make_leads(2)
        self.env["lead.distribution.waiting"].create(
            {"lead_id": waits.id, "campaign_id": self.campaign.id, "reason": "nobody_there", "detail": "Ann is away"}
        )
        self.env["lead.distribution.not.taken"].create(
            {"lead_id": lost.id, "looked_on": fields.Datetime.now(), "reasons": {self.campaign.id: "dnc"}}
        )

    def make_experiment(self, campaign, **values):
        values = {"campaign_id": campaign.id, "strategy_b": "random", "planned_leads": 100, **values}
        return self.env["lead.distribution.experiment"].create(values)

    def test_campaigns_and_what_waits(self):
        self.distribute()
        self.wait()
        self.campaign.availability = "working_hours"
        self.check(
            page("/odoo/lead-distribution", CARD),
            page("/odoo/lead-distribution?view_type=list", ROW),
            page(f"/odoo/lead-distribution/{self.campaign.id}", ".o_form_view .o_data_row"),
            page("/odoo/waiting-leads", ROW),
            page("/odoo/leads-taken-by-nobody", ROW),
            page("/odoo/who-is-there", ".o_ld_person_row[data-person=Ann]"),
            page("/odoo/lead-import", ".o_form_view"),
        )

    def test_runs_planned_done_and_reverted_and_the_dashboard(self):
        reverted, done = self.distribute(), self.distribute()
        reverted.action_revert()
        self.make_leads(5)
        planned = self.campaign.simulate(max_leads=4)
        self.check(
            page("/odoo/lead-distribution-runs", ROW),
            *(page(f"/odoo/lead-distribution-runs/{run.id}", ".o_ld_person") for run in (planned, done, reverted)),
            page("/odoo/lead-distribution-dashboard", ".o_ld_head", ".o_action_manager"),
        )

    def test_an_experiment_being_planned_and_running(self):
        running = self.make_experiment(self.campaign)
        running.action_start()
        self.make_leads(20)
        self.campaign.distribute()
        planned = self.make_experiment(self.make_campaign("Another", self.ann))
        self.check(
            page("/odoo/lead-experiments", ROW),
            page(f"/odoo/lead-experiments/{planned.id}", ".o_form_view button[name=action_start]"),
            page(f"/odoo/lead-experiments/{running.id}", ".o_ld_experiment"),
        )

    def test_absences_pauses_and_members(self):
        values = {"user_id": self.ann.id, "date_from": "2030-01-01 08:00:00", "date_to": "2030-01-02 08:00:00"}
        absence = self.env["lead.distribution.absence"].create(values)
        self.bob.action_pause_leads(reason="Lunch")
        self.check(
            page("/odoo/lead-absences?view_type=list", ROW),
            page(f"/odoo/lead-absences/{absence.id}", ".o_form_view div[name=reason]"),
            page("/odoo/action-lead_distribution.lead_distribution_presence_action", ROW),
            page("/odoo/lead-distribution-members", ROW),
        )

    def test_a_salesperson_who_is_there(self):
        user = self.distribute().assignment_ids.user_id[0]
        self.check(
            page("/odoo/lead-distribution-dashboard", ".o_ld_head", ".o_action_manager"),
            page("/odoo/my-leads", f"{ROW}, {CARD}"),
            *self.switch_pages(),
            login=user.login,
        )

    def test_a_salesperson_who_has_paused(self):
        self.ann.action_pause_leads(reason="Lunch")
        self.check(*self.switch_pages(), login=self.ann.login)

    def switch_pages(self):
        """Return the switch in the top bar, and the panel that it opens."""
        switch = ".o_ld_presence_switch"
        return (
            page("/odoo/my-leads", switch, ".o_ld_presence"),
            page("/odoo/lead-distribution-dashboard", switch, ".o_ld_presence_panel", click=switch),
        )
