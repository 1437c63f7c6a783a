import { describe, expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, mockService, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { place } from "@lead_distribution/experiment/experiment_result";

describe.current.tags("desktop");
defineMailModels();

const side = (leads, conversions, rate, low, high) => ({
    leads, conversions, rate, low, high,
    text: { leads: `${leads}`, conversions: `${conversions}`, rate: `${rate * 100}%`, interval: `${low * 100} to ${high * 100}` },
});
const measure = (key, name, extra = {}) => ({
    key, name, unit: "share", difference: 0.1, low: 0.02, high: 0.18,
    a: side(200, 20, 0.1, 0.07, 0.15), b: side(200, 40, 0.2, 0.15, 0.26),
    text: { difference: "+10.0 points", interval: "2.0 to 18.0" }, ...extra,
});
const empty = { ...side(0, 0, 0, null, null), text: { leads: "0", conversions: "0", rate: "0.0%", interval: "" } };

const DONE = {
    state: "done", kind: "b_better", winner: "b", verdict: "B won 10.0 points more (2.0 to 18.0).", measure: "won", leads_planned: 400,
    ...measure("won"), measures: [measure("won", "Won"), measure("revenue", "Revenue", { unit: "money" })],
    notes: ["3 leads dealt to A are with others by now; they count for A."],
    changed_settings: ["Way A was changed since the start: Strategy."],
    balance: {
        is_alike: true, words: "Both ways got the same kinds of leads.",
        rows: [
            { group: "Source", name: "Web", a: 0.5, b: 0.49, text: { a: "50%", b: "49%" } },
            { group: "Priority", name: "High", a: 0.1, b: 0.1, text: { a: "10%", b: "10%" } },
        ],
    },
};
const RUNNING = { ...DONE, state: "running", kind: "running", winner: null, verdict: "Not yet: 400 of 3,000 leads.", leads_planned: 3000 };
const NOTHING = {
    ...RUNNING, a: empty, b: empty, notes: [], changed_settings: [], balance: { rows: [] },
    measures: [{ ...measure("won", "Won"), a: empty, b: empty, difference: 0, low: null, high: null }],
};

class Experiment extends models.Model {
    _name = "experiment";
    strategy_a = fields.Selection({ selection: [["round_robin", "Round robin"], ["random", "Random"]] });
    strategy_b = fields.Selection({ selection: [["round_robin", "Round robin"], ["random", "Random"]] });
    result = fields.Json();
    _records = [DONE, RUNNING, NOTHING, false].map((result, index) => ({
        id: index + 1, strategy_a: "round_robin", strategy_b: "random", result,
    }));
}
defineModels([Experiment]);

const mount = (resId) =>
    mountView({
        type: "form", resModel: "experiment", resId,
        arch: `<form><field name="result" widget="lead_distribution_experiment_result" readonly="1"/></form>`,
    });

test("an interval stands on its scale, whatever it reaches beyond; without one nothing is drawn", () => {
    expect(place(0.1, 0.15, 0.3, 0, 0.5)).toEqual({ left: 20, width: 40, middle: 30 });
    expect(place(-1, 0, 1, -0.5, 0.5)).toEqual({ left: 0, width: 100, middle: 50 });
    expect(place(null, 0, null, 0, 1)).toBe(null);
    expect(place(0, 0, 0, 0, 0)).toBe(null);
});

test("after the end: the verdict, who is better, and each figure in words beside its bar", async () => {
    await mount(1);
    expect(".o_ld_verdict").toHaveText("B won 10.0 points more (2.0 to 18.0).");
    expect(".o_ld_verdict.alert-success").toHaveCount(1);
    expect("[data-way=b] .fa-trophy").toHaveCount(1);
    expect("[data-way=a] .fa-trophy").toHaveCount(0);
    expect("[data-way=a] .o_ld_side_name").toHaveText(/Way A\s+Round robin/);
    expect("[data-way=b] .o_ld_side_figures").toHaveText(/20%\s*15 to 26\s*40 \/ 200 leads/);
    expect("[data-way=difference] .o_ld_side_figures").toHaveText(/\+10.0 points\s*2.0 to 18.0/);
    expect(".o_ld_measures tr[data-measure=revenue]").toHaveCount(1);
    expect(".o_ld_measures tr[data-measure=won]").toHaveCount(0);
    expect(".o_ld_notes li").toHaveCount(2);
    expect(".o_ld_balance table").toHaveCount(2);
    expect(".progress").toHaveCount(0);
});

test("a difference stands right of the line in the middle when B is ahead for certain", async () => {
    await mount(1);
    const zero = document.querySelector("[data-way=difference] .o_ld_zero").getBoundingClientRect().left;
    expect(document.querySelector("[data-way=difference] .o_ld_range").getBoundingClientRect().left).toBeGreaterThan(zero);
});

test("while it runs: how far it is, and nobody is called better", async () => {
    await mount(2);
    expect(".progress").toHaveAttribute("aria-valuenow", "13");
    expect(".o_ld_dealt").toHaveText("400 / 3,000 leads");
    expect(".o_ld_verdict.alert-secondary").toHaveCount(1);
    expect(".fa-trophy").toHaveCount(0);
});

test("before the first lead there are zeros and no bars; before the start nothing", async () => {
    await mount(3);
    expect(".o_ld_dealt").toHaveText("0 / 3,000 leads");
    expect("[data-way=a] .o_ld_side_figures").toHaveText(/0.0%\s*0 \/ 0 leads/);
    expect(".o_ld_range").toHaveCount(0);
    expect("[data-way=difference], .o_ld_balance, .o_ld_notes").toHaveCount(0);
    await mount(4);
    expect(".o_ld_verdict:visible").toHaveCount(1);
});

test("the leads of a way open with a click", async () => {
    mockService("action", { doAction: (action, options) => expect.step([action, options.additionalContext.search_default_way_b]) });
    await mount(1);
    await click("[data-way=b] button");
    await animationFrame();
    expect.verifySteps([["lead_distribution.lead_distribution_assignment_action", 1]]);
});
