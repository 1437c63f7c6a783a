import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { reactive } from "@odoo/owl";
import { contains, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { CampaignObstacles } from "@lead_distribution/obstacles/obstacles";

describe.current.tags("desktop");
defineMailModels();

const NOBODY = {
    key: "no_people",
    words: "Nobody is there to receive leads.",
    count: 0,
    mends: [{ key: "add_people", words: "Add people", finds: 0 }],
};
let inTheWay;

beforeEach(() => {
    inTheWay = [NOBODY];
    onRpc("lead.distribution.obstacle", "list_for", ({ args }) => {
        expect.step(`list ${args}`);
        return inTheWay;
    });
});

/** A campaign on the screen, as much of it as is asked for. */
async function mount() {
    const record = reactive({
        resModel: "lead.distribution.campaign",
        resId: 3,
        dirty: false,
        data: { name: "Voice" },
        save: () => true,
        load: () => {
            record.data = { ...record.data };
        },
    });
    await mountWithCleanup(CampaignObstacles, { props: { record } });
    expect.verifySteps(["list 3"]);
    expect(".o_ld_obstacles").toHaveCount(1);
    return record;
}

test("what is in the way is looked at again once the campaign is saved", async () => {
    const record = await mount();
    record.dirty = true;
    record.data.name = "Voice 2";
    await animationFrame();
    expect.verifySteps([]);
    inTheWay = [];
    record.dirty = false;
    record.data = { name: "Voice 2" };
    await animationFrame();
    expect.verifySteps(["list 3"]);
    await animationFrame();
    expect(".o_ld_obstacles").toHaveCount(0);
});

test("a mend changes the campaign, and what is left in the way is shown", async () => {
    onRpc("lead.distribution.obstacle", "mend", ({ args }) => {
        expect.step(`mend ${args}`);
        inTheWay = [];
        return false;
    });
    await mount();
    await contains("[data-mend=add_people]").click();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["mend 3,add_people", "list 3"]);
    expect(".o_ld_obstacles").toHaveCount(0);
});
