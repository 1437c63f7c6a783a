import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, waitFor } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { getService, MockServer, mockService, mountWithCleanup, serverState } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { NEW_LEADS } from "@lead_distribution/live/new_leads_service";

describe.current.tags("desktop");
defineMailModels();

function send(content) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, NEW_LEADS, content);
}

async function press() {
    await waitFor(".o_notification");
    await click(".o_notification button:contains(Show)");
    await animationFrame();
}

function watchActions() {
    mockService("action", {
        doAction(action) {
            expect.step(typeof action === "string" ? action : `${action.res_model} ${action.res_id}`);
        },
    });
}

test("a lead that comes is named, and opens", async () => {
    watchActions();
    await mountWithCleanup(WebClient);
    send({ text: "New lead: Ann Lee, Acme, +32 470", lead_id: 7 });
    await waitFor(".o_notification");
    expect(queryAllTexts(".o_notification_content")).toEqual(["New lead: Ann Lee, Acme, +32 470"]);
    await press();
    expect.verifySteps(["crm.lead 7"]);
    expect(".o_notification").toHaveCount(0);
});

test("several leads open the page of one's own leads", async () => {
    watchActions();
    await mountWithCleanup(WebClient);
    send({ text: "3 new leads from Voice", lead_id: false });
    await press();
    expect.verifySteps(["lead_distribution.lead_distribution_new_leads_action"]);
});

test("the inbox counts it, unless it was an e-mail", async () => {
    await mountWithCleanup(WebClient);
    const store = getService("mail.store");
    await store.isReady;
    const { inbox } = store;
    const before = inbox.counter;
    send({ text: "New lead: Ann Lee", lead_id: 7, in_inbox: true });
    send({ text: "New lead: Bob Roe", lead_id: 8, in_inbox: false });
    await waitFor(".o_notification:contains(Bob Roe)");
    expect(inbox.counter).toBe(before + 1);
});

test("no more than three are shown at once", async () => {
    await mountWithCleanup(WebClient);
    for (let number = 1; number < 6; number++) {
        send({ text: `Lead ${number}`, lead_id: number });
        await waitFor(`.o_notification:contains(Lead ${number})`);
    }
    await animationFrame();
    expect(queryAllTexts(".o_notification_content")).toEqual(["Lead 3", "Lead 4", "Lead 5"]);
});
