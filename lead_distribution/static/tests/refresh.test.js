import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError } from "@web/core/network/rpc";
import { REFRESH, useEvery, useRefreshWhile } from "@lead_distribution/refresh/refresh";

describe.current.tags("desktop");
defineMailModels();

class Watcher extends Component {
    static template = xml`<div/>`;
    static props = ["record"];

    setup() {
        useRefreshWhile(() => this.props.record.isRunning);
    }
}

/** A record whose answers are given by hand. */
function makeRecord(values = {}) {
    const record = { isRunning: true, dirty: false, ...values };
    record.load = () => {
        expect.step("load");
        return new Promise((resolve) => (record.answer = resolve));
    };
    return record;
}

test("a record is loaded again and again while it is worked on", async () => {
    const record = makeRecord();
    await mountWithCleanup(Watcher, { props: { record } });
    expect.verifySteps([]);
    for (let turn = 0; turn < 2; turn++) {
        await advanceTime(REFRESH);
        expect.verifySteps(["load"]);
        record.answer();
        await Promise.resolve();
    }
    record.isRunning = false;
    await advanceTime(3 * REFRESH);
    expect.verifySteps([]);
});

test("a server that has not answered yet is not asked again", async () => {
    const record = makeRecord();
    await mountWithCleanup(Watcher, { props: { record } });
    await advanceTime(3 * REFRESH);
    expect.verifySteps(["load"]);
});

test("what the user is changing is left alone", async () => {
    const record = makeRecord({ dirty: true });
    await mountWithCleanup(Watcher, { props: { record } });
    await advanceTime(2 * REFRESH);
    expect.verifySteps([]);
});

test("nothing is loaded any more once the page is left", async () => {
    const record = makeRecord();
    const watcher = await mountWithCleanup(Watcher, { props: { record } });
    watcher.__owl__.app.destroy();
    await advanceTime(2 * REFRESH);
    expect.verifySteps([]);
});

class Looker extends Component {
    static template = xml`<div/>`;
    static props = ["look"];

    setup() {
        useEvery(this.props.look, REFRESH);
    }
}

/** Looks three times, as far as it goes on looking. */
async function lookThreeTimes(fail) {
    const look = () => {
        expect.step("look");
        return Promise.reject(fail());
    };
    await mountWithCleanup(Looker, { props: { look } });
    for (let turn = 0; turn < 3; turn++) {
        await advanceTime(REFRESH);
        await animationFrame();
    }
}

test("what fails is said once, and not tried again", async () => {
    expect.errors(1);
    await lookThreeTimes(() => new Error("refused"));
    expect.verifySteps(["look"]);
    expect.verifyErrors(["refused"]);
});

test("a server that cannot be reached for a while is asked again", async () => {
    expect.errors(3);
    await lookThreeTimes(() => new ConnectionLostError("/"));
    expect.verifySteps(["look", "look", "look"]);
    expect.verifyErrors([/Connection/, /Connection/, /Connection/]);
});
