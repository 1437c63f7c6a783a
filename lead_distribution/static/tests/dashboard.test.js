import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mockService,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { getDefaultConfig } from "@web/views/view";
import { LeadDistributionDashboard } from "@lead_distribution/dashboard/dashboard";

describe.current.tags("desktop");
defineMailModels();
preloadBundle("web.chartjs_lib");

const open = (name) => ({ model: "crm.lead", domain: [["name", "=", name]], name });
const figure = (key, value, more = {}) => ({
    key,
    label: key,
    value,
    format: "integer",
    change: null,
    better: null,
    open: open(key),
    ...more,
});

function managerData() {
    return {
        kind: "manager",
        campaigns: [{ id: 3, name: "Voice" }],
        campaign_id: false,
        days: 30,
        periods: [7, 30],
        date_range: ["2026-01-01", "2026-01-30"],
        figures: [
            figure("found", 1234, { change: 10 }),
            figure("efficiency", 95.5, { format: "percent", change: -2, better: "up" }),
            figure("median", null, { format: "hours", better: "down" }),
            figure("p90", 3.25, { format: "hours", change: -50, better: "down" }),
        ],
        per_day: [
            { date: "2026-01-01", distributed: 4, left: 1, open: open("first day") },
            { date: "2026-01-02", distributed: 6, left: 0, open: open("second day") },
        ],
        utilization: [
            { user_id: 1, name: "Ann", leads: 30, target: 20, utilization: 150, open: open("Ann") },
            { user_id: 2, name: "Bob", leads: 5, target: 20, utilization: 25, open: open("Bob") },
        ],
        sources: [{ name: "facebook", count: 8, open: open("facebook") }],
        aging: [{ name: "Fresh", held: 3, nobody: 2, open: open("Fresh") }],
        last_run: { id: 7, name: "Voice #7", date: "2026-01-02", open: open("run") },
        funnel: [
            { name: "Looked at", count: 20, code: null },
            { name: "Do not call", count: 15, refused: 5, code: "dnc" },
        ],
        shares: [{ name: "Ann", received: 5, promised: 4.5, open: open("share") }],
        attention: [{ level: "warning", text: "Left over: 3", open: open("left") }],
    };
}

function ownData() {
    const { per_day, aging, figures, periods } = managerData();
    return {
        kind: "salesperson",
        campaigns: [],
        campaign_id: false,
        days: 30,
        periods,
        date_range: ["2026-01-01", "2026-01-30"],
        figures,
        per_day,
        aging,
        new_leads: [{ id: 42, name: "New lead", campaign: "Voice", source: "facebook", date: "2026-01-02" }],
        load: [{ name: "Voice", leads: 9, target: 10, utilization: 90 }],
        attention: [],
    };
}

let data;
const asked = [];

beforeEach(() => {
    data = managerData();
    asked.length = 0;
    browser.localStorage.removeItem("lead_distribution.dashboard_theme");
    onRpc("lead.distribution.dashboard", "get_data", ({ kwargs }) => {
        asked.push([kwargs.campaign_id, kwargs.days]);
        return data;
    });
    onRpc("lead.distribution.dashboard", "get_next", () => ({
        campaign: "Voice",
        kinds: { sources: [], statuses: [], priorities: [] },
        people: [{ name: "Ann", why: "the fewest turns" }],
    }));
    mockService("action", {
        doAction(action) {
            expect.step(action.res_id ? `form ${action.res_id}` : action.name);
        },
        loadAction: (xmlid) => ({ xml_id: xmlid, type: "ir.actions.act_window" }),
    });
});

const mount = () =>
    mountWithCleanup(LeadDistributionDashboard, {
        componentEnv: { config: getDefaultConfig() },
        props: { action: {}, actionId: 1 },
    });

test("figures are formatted, and a change is good only where more is better", async () => {
    await mount();
    expect(queryAllTexts(".o_ld_value")).toEqual(["1,234", "95.5%", "–", "3.3 h"]);
    expect(".o_ld_tile[data-key=found] .o_ld_change").not.toHaveClass("o_ld_good");
    expect(".o_ld_tile[data-key=efficiency] .o_ld_change").toHaveClass("o_ld_bad");
    expect(".o_ld_tile[data-key=p90] .o_ld_change").toHaveClass("o_ld_good");
});

test("every number opens its records", async () => {
    await mount();
    await contains(".o_ld_tile[data-key=found]").click();
    await contains(".o_ld_bar_row[data-name=Ann]").click();
    await contains(".o_ld_bar_row[data-name=facebook]").click();
    await contains(".o_ld_item").click();
    expect.verifySteps(["found", "Ann", "facebook", "left"]);
});

test("waiting leads: how many, since when, why; one click tries them again and shows what is left", async () => {
    const reason = { name: "Nobody is there", count: 3, open: open("nobody") };
    data.waiting = { count: 3, since: "10:42", open: open("waiting"), reasons: [reason] };
    onRpc("lead.distribution.waiting", "action_try_now", ({ args }) => {
        expect.step(`try ${args[0].length}`);
        data = { ...managerData(), waiting: { count: 0, since: "", open: open("waiting"), reasons: [] } };
        return { params: { type: "success", message: "Handed out: 3." } };
    });
    await mount();
    expect(".o_ld_waiting").toHaveText(/longest since 10:42/);
    await contains(".o_ld_waiting .o_ld_value").click();
    await contains(".o_ld_waiting .o_ld_bar_row[data-name='Nobody is there']").click();
    await contains(".o_ld_try_now").click();
    expect.verifySteps(["waiting", "nobody", "try 0"]);
    expect(".o_ld_waiting").toHaveText(/No lead waits/);
});

test("where no campaign is live there is no tile of waiting leads", async () => {
    await mount();
    expect(".o_ld_waiting").toHaveCount(0);
});

test("what a chart shows is there as a table, too, for keyboards", async () => {
    await mount();
    expect("canvas").toHaveCount(3);
    queryAll("details").forEach((details) => (details.open = true));
    await contains(".o_ld_wide td .o_ld_link:eq(1)").click();
    expect.verifySteps(["second day"]);
    expect(".o_ld_wide tbody tr:first td:eq(1)").toHaveText("4");
});

test("a step of the funnel asks the run for its leads", async () => {
    onRpc("lead.distribution.run", "action_view_step", ({ args }) => {
        expect.step(`step ${args[0][0]} ${args[1]}`);
        return { name: "leads of the step" };
    });
    await mount();
    await contains(".o_ld_bar_row[data-name='Do not call']").click();
    expect.verifySteps(["step 7 dnc", "leads of the step"]);
});

test("campaign and period are asked for when they change", async () => {
    await mount();
    await contains("select[name=campaign]").select("3");
    await contains("select[name=days]").select("7");
    await animationFrame();
    expect(asked).toEqual([
        [null, 30],
        [3, 30],
        [3, 7],
    ]);
});

test("who is asked for next while the page changes does not hold the page back", async () => {
    const answers = [];
    const next = {
        campaign: "Voice",
        kinds: { sources: [], statuses: [], priorities: [{ id: "1", name: "Medium" }] },
        people: [{ name: "Ann", why: "the fewest turns" }],
    };
    let isSlow = false;
    onRpc("lead.distribution.dashboard", "get_next", async () => {
        if (isSlow) {
            await new Promise((resolve) => answers.push(resolve));
        }
        return next;
    });
    await mount();
    isSlow = true;
    data = { ...managerData(), figures: [figure("found", 77)] };
    await contains("select[name=campaign]").select("3");
    await contains("select[name=priority]").select("1");
    next.people = [{ name: "Bob", why: "the fewest turns" }];
    while (answers.length) {
        answers.pop()();
        await animationFrame();
    }
    await animationFrame();
    expect(queryAllTexts(".o_ld_value")).toEqual(["77"]);
    expect(".o_ld_next li").toHaveText("Bob: the fewest turns");
});

test("who is full stands out", async () => {
    await mount();
    expect(".o_ld_bar_row[data-name=Ann] .o_ld_fill").toHaveClass("o_ld_fill_warm");
    expect(".o_ld_bar_row[data-name=Bob] .o_ld_fill").toHaveClass("o_ld_fill_main");
});

test("the dark colours are switched by a button and remembered", async () => {
    await mount();
    expect(".o_ld_dashboard").toHaveClass("o_ld_light");
    await contains(".o_ld_theme").click();
    expect(".o_ld_dashboard").toHaveClass("o_ld_dark");
    expect(".o_ld_theme").toHaveAttribute("aria-pressed", "true");
    expect(browser.localStorage.getItem("lead_distribution.dashboard_theme")).toBe("dark");
});

test("after the hand-out: sums, who is late, why leads were declined; each opens its records", async () => {
    const zeros = { id: 2, name: "Bob", kept_in_time: null, deadlines_missed: 0, late_now: 0, declined: 0, taken_back: 0 };
    data.afterwards = {
        sums: [
            { key: "taken_back", name: "Taken back", count: 3, rate: null, open: open("taken") },
            { key: "declined", name: "Declined", count: 2, rate: 1.5, open: open("declined") },
        ],
        people: [
            {
                ...zeros, id: 1, name: "Ann", kept_in_time: 66.7, deadlines_missed: 2, late_now: 4, open: open("of Ann"),
                opened: { late_now: open("late of Ann"), declined: open("none"), taken_back: open("none") },
            },
            { ...zeros, open: open("of Bob"), opened: {} },
        ],
        reasons: [{ name: "Wrong language", count: 2, open: open("language") }],
    };
    await mount();
    expect(queryAllTexts(".o_ld_afterwards li > .o_ld_link, .o_ld_afterwards li > .o_ld_muted")).toEqual([
        "Taken back 3", "Declined 2", "1.5%",
    ]);
    expect(queryAllTexts(".o_ld_afterwards tbody td")).toEqual(["Ann", "66.7%", "2", "4", "0", "0", "Bob", "–", "0", "0", "0", "0"]);
    await contains(".o_ld_afterwards [data-key=declined]").click();
    await contains(".o_ld_afterwards tbody tr:first td:eq(3) button").click();
    await contains(".o_ld_afterwards tbody tr:eq(1) button").click();
    await contains(".o_ld_afterwards .o_ld_bar_row[data-name='Wrong language']").click();
    expect.verifySteps(["declined", "late of Ann", "of Bob", "language"]);
});

test("the tiles leave no gap in their lines, and without deadlines there is no such card", async () => {
    await mount();
    expect(".o_ld_figures").toHaveClass("o_ld_columns_4");
    expect(".o_ld_afterwards").toHaveCount(0);
});

test("salespeople see their own leads and nobody else's numbers", async () => {
    data = ownData();
    await mount();
    expect("select[name=campaign]").toHaveCount(0);
    expect(".o_ld_new .o_ld_item").toHaveText("New lead Voice facebook");
    expect(".o_ld_attention").toHaveText(/All is well/);
    await contains(".o_ld_new .o_ld_item").click();
    expect.verifySteps(["form 42"]);
    expect(getService("orm")).not.toBe(undefined);
});
