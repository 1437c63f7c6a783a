import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { reactive } from "@odoo/owl";
import { makeServerError, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { CampaignFunnel, DELAY } from "@lead_distribution/campaign_form/campaign_funnel";
import { LeadImportOverview } from "@lead_distribution/lead_import/lead_import_overview";
import { RunOverview } from "@lead_distribution/run_overview/run_overview";

describe.current.tags("desktop");
defineMailModels();

const mount = (component, figures) =>
    mountWithCleanup(component, { props: { name: "figures", record: { resId: 7, data: { figures } } } });

test("the rows of an import that were skipped, or are wrong, are opened with the keyboard, too", async () => {
    mockService("action", { doAction: (action) => expect.step(action) });
    onRpc("lead.import.batch", "action_view_rows", ({ args }) => args[1]);
    await mount(LeadImportOverview, {
        state: "done", rows_read: 5, counts: { done: 2, skipped: 2, error: 1 }, people: {}, shares: [], left: [],
        matches: [], changes: [], values: [],
    });
    for (const name of ["skipped", "errors"]) {
        queryFirst(`button:has(.o_ld_${name})`).focus();
        await press("Enter");
        await animationFrame();
    }
    expect.verifySteps(["skipped", "error"]);
});

test("a dropback rule whose leads went to two people stands there twice", async () => {
    await mount(RunOverview, {
        state: "done", salespeople: [], evenness: [], warnings: [], funnel: [], strategy_settings: [],
        recommendations: [],
        dropback_summary: [
            { rule: "Old", user: "Ann", count: 2 },
            { rule: "Old", user: "Bob", count: 1 },
        ],
    });
    expect(queryAllTexts("section:last div")).toEqual(["Old: 2 leads to Ann", "Old: 1 lead to Bob"]);
});

test("a count of leads that fails does not seem to go on", async () => {
    onRpc("lead.distribution.funnel", "count", () => {
        expect.step("count");
        throw makeServerError({ message: "The server is busy." });
    });
    expect.errors(1);
    const record = reactive({ resId: 3, activeFields: {}, fields: {}, data: { name: "Voice" }, _getChanges: () => ({}) });
    await mountWithCleanup(CampaignFunnel, { props: { record } });
    expect(".o_ld_live_funnel").toHaveText(/Counting/);
    await advanceTime(DELAY);
    await animationFrame();
    expect.verifySteps(["count"]);
    expect.verifyErrors([/The server is busy/]);
    expect(".o_ld_live_funnel").not.toHaveText(/Counting/);
    expect(".o_ld_live_funnel").toHaveAttribute("aria-busy", "false");
});
