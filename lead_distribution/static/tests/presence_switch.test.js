import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { contains, getService, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { rpcBus } from "@web/core/network/rpc";
import { PresenceSwitch } from "@lead_distribution/presence/presence_switch";

describe.current.tags("desktop");
defineMailModels();

const HERE = { is_shown: true, is_paused: false, until: false, reason: "", by: "", absence: false };
const subscribers = {};
let answer;

/** Sends what the server would send. */
function receive(type, payload = {}) {
    return Promise.all((subscribers[type] || []).map((callback) => callback(payload)));
}

beforeEach(() => {
    mockDate("2026-11-23 10:00:00", 0);
    for (const type of Object.keys(subscribers)) {
        delete subscribers[type];
    }
    mockService("bus_service", {
        subscribe: (type, callback) => (subscribers[type] = [...(subscribers[type] || []), callback]),
        unsubscribe: () => {},
        addEventListener: () => {},
        addChannel: () => {},
        deleteChannel: () => {},
        forceUpdateChannels: () => {},
        start: () => {},
    });
    mockService("lazy_session", { getValue: (_key, callback) => callback(answer) });
    onRpc("lead.distribution.presence", "get_mine", () => answer);
});

async function mount(presence) {
    answer = presence;
    await mountWithCleanup(PresenceSwitch);
    await animationFrame();
}

test("who is in no campaign has no switch", async () => {
    await mount({ is_shown: false });
    expect(".o_ld_presence_switch").toHaveCount(0);
});

test("it shows that leads come, and pauses with a reason until a moment", async () => {
    onRpc("res.users", "action_pause_leads", ({ args, kwargs }) => {
        expect.step([args[0].length, kwargs.until, kwargs.reason]);
        answer = { ...HERE, is_paused: true, until: kwargs.until, reason: kwargs.reason };
        return true;
    });
    await mount(HERE);
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", "I receive leads");
    expect(".o_ld_presence_switch .fa-toggle-on").toHaveCount(1);
    await contains(".o_ld_presence_switch").click();
    expect(queryAllTexts(".o_ld_pause")).toEqual([
        "30 minutes",
        "1 hour",
        "The rest of the day",
        "Until I switch it on",
    ]);
    await contains("#o_ld_pause_reason").edit("Lunch");
    await contains(".o_ld_pause:contains(1 hour)").click();
    expect.verifySteps([[1, "2026-11-23 11:00:00", "Lunch"]]);
    await animationFrame();
    expect(".o_ld_presence_panel").toHaveCount(0);
    expect(".o_ld_presence_switch .fa-toggle-off").toHaveCount(1);
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", /^Paused until 11:00/);
});

test("the rest of the day ends at midnight, and a pause may have no end", async () => {
    onRpc("res.users", "action_pause_leads", ({ kwargs }) => {
        expect.step(kwargs.until);
        return true;
    });
    await mount(HERE);
    for (const label of ["The rest of the day", "Until I switch it on"]) {
        await contains(".o_ld_presence_switch").click();
        await contains(`.o_ld_pause:contains(${label})`).click();
        await animationFrame();
    }
    expect.verifySteps(["2026-11-24 00:00:00", false]);
});

test("who has paused, or was paused, switches it on again", async () => {
    onRpc("res.users", "action_resume_leads", () => {
        expect.step("resume");
        answer = HERE;
        return true;
    });
    await mount({ ...HERE, is_paused: true, reason: "Training", by: "Mia" });
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", "Paused");
    await contains(".o_ld_presence_switch").click();
    expect(".o_ld_presence_panel").toHaveText(/until you switch it on\.\s*Mia paused you\.\s*Training/);
    expect(".o_ld_pause").toHaveCount(0);
    await contains(".o_ld_resume").click();
    await animationFrame();
    expect.verifySteps(["resume"]);
    expect(".o_ld_presence_switch .fa-toggle-on").toHaveCount(1);
});

test("a manager who pauses somebody is seen at once, and an end comes by itself", async () => {
    await mount(HERE);
    answer = { ...HERE, is_paused: true, until: "2026-11-23 10:30:00" };
    await receive("lead_distribution.presence");
    await animationFrame();
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", /^Paused until/);
    answer = HERE;
    await advanceTime(31 * 60 * 1000);
    await animationFrame();
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", "I receive leads");
});

test("an absence is shown with its end", async () => {
    await mount({ ...HERE, absence: { until: "2026-11-25 08:00:00", reason: "Fair" } });
    expect(".o_ld_presence_switch").toHaveAttribute("aria-label", /^Away until Wed/);
    await contains(".o_ld_presence_switch").click();
    expect(".o_ld_presence_panel").toHaveText(/You are away until Wed.*Fair/s);
});

test("it works with the keyboard", async () => {
    await mount(HERE);
    await contains(".o_ld_presence_switch").focus();
    await press("Enter");
    await animationFrame();
    expect(".o_ld_presence_panel").toHaveCount(1);
    await press("Escape");
    await animationFrame();
    expect(".o_ld_presence_panel").toHaveCount(0);
});

describe("a lead given by hand", () => {
    const told = { title: "Given", message: "Eve is away until Monday", given: [[7, 3]] };

    beforeEach(() => {
        mockService("notification", { add: (message) => expect.step(message) });
    });

    test("is told when it was dragged or changed in a list", async () => {
        await mount(HERE);
        getService("lead_distribution.by_hand");
        await receive("lead_distribution.by_hand", told);
        expect.verifySteps(["Eve is away until Monday"]);
    });

    test("is not told twice: a form has said so when the person was chosen", async () => {
        await mount(HERE);
        const params = { model: "crm.lead", method: "onchange", args: [[7], { user_id: 3 }, ["user_id"], {}] };
        const detail = { data: { params }, settings: {}, result: { value: {}, warning: { message: "Eve …" } } };
        rpcBus.trigger("RPC:RESPONSE", detail);
        await receive("lead_distribution.by_hand", told);
        expect.verifySteps([]);
        await receive("lead_distribution.by_hand", told);
        expect.verifySteps(["Eve is away until Monday"]);
    });
});
