import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDateTime, formatDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const { DateTime } = luxon;
const MESSAGE = "lead_distribution.presence";
const LONGEST_WAIT = 2 ** 31 - 1; // milliseconds a timer of the browser can be set to

/** Says a moment as short as it is clear: the hour alone if it is today. */
export function sayMoment(moment) {
    if (moment.hasSame(DateTime.local(), "day")) {
        return moment.toLocaleString(DateTime.TIME_SIMPLE);
    }
    const isNear = moment.diffNow("days").days < 7;
    return isNear
        ? moment.toLocaleString({ weekday: "short", hour: "numeric", minute: "numeric" })
        : formatDateTime(moment, { showSeconds: false });
}

/** How long one pauses, and why. */
export class PresencePanel extends Component {
    static template = "lead_distribution.PresencePanel";
    static components = { DateTimeInput };
    static props = ["presence", "words", "pause", "resume", "openAbsences", "close?"];

    setup() {
        this.state = useState({ reason: "", until: false, isBusy: false });
    }

    get lengths() {
        const now = DateTime.local();
        return [
            { label: _t("30 minutes"), until: () => now.plus({ minutes: 30 }) },
            { label: _t("1 hour"), until: () => now.plus({ hours: 1 }) },
            { label: _t("The rest of the day"), until: () => now.plus({ days: 1 }).startOf("day") },
            { label: _t("Until I switch it on"), until: () => false },
        ];
    }

    get firstUntil() {
        return DateTime.local().plus({ minutes: 1 });
    }

    async act(call) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await call();
            this.props.close();
        } finally {
            this.state.isBusy = false;
        }
    }

    pause(until) {
        return this.act(() => this.props.pause(until, this.state.reason));
    }

    resume() {
        return this.act(() => this.props.resume());
    }

    openAbsences() {
        this.props.close();
        this.props.openAbsences();
    }
}

/** The switch in the top bar: “I receive leads”. Only for people who are in a campaign. */
export class PresenceSwitch extends Component {
    static template = "lead_distribution.PresenceSwitch";
    static props = [];

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.presence = useState({ is_shown: false });
        this.popover = usePopover(PresencePanel, {
            position: "bottom-end",
            popoverClass: "o_ld_presence_panel",
            arrow: false,
        });
        const bus = useService("bus_service");
        const refresh = () => this.refresh();
        const session = useService("lazy_session");
        onWillStart(() => {
            // not waited for, so that nothing else is delayed
            session.getValue("lead_distribution_presence", (presence) => this.show(presence));
            bus.subscribe(MESSAGE, refresh);
        });
        onWillUnmount(() => {
            bus.unsubscribe(MESSAGE, refresh);
            browser.clearTimeout(this.timer);
        });
    }

    show(presence) {
        Object.assign(this.presence, presence || { is_shown: false });
        browser.clearTimeout(this.timer);
        const ends = [this.until, this.absentUntil].filter(Boolean).map((end) => end.diffNow().milliseconds);
        if (ends.length) {
            const wait = Math.min(Math.max(0, Math.min(...ends)) + 1000, LONGEST_WAIT);
            this.timer = browser.setTimeout(() => this.refresh(), wait);
        }
    }

    async refresh() {
        this.show(await this.orm.silent.call("lead.distribution.presence", "get_mine", []));
    }

    get until() {
        return this.presence.until && deserializeDateTime(this.presence.until);
    }

    get absentUntil() {
        return this.presence.absence && deserializeDateTime(this.presence.absence.until);
    }

    get isOn() {
        return !this.presence.is_paused && !this.presence.absence;
    }

    /** What the switch says: to be read, and to be heard. */
    get label() {
        if (this.presence.is_paused) {
            return this.until ? _t("Paused until %s", sayMoment(this.until)) : _t("Paused");
        }
        return this.absentUntil ? _t("Away until %s", sayMoment(this.absentUntil)) : _t("I receive leads");
    }

    get words() {
        const { is_paused, by, absence } = this.presence;
        const words = [];
        if (is_paused) {
            words.push(
                this.until
                    ? _t("You receive no leads until %s.", sayMoment(this.until))
                    : _t("You receive no leads until you switch it on.")
            );
            if (by) {
                words.push(_t("%s paused you.", by));
            }
        }
        if (absence) {
            words.push(_t("You are away until %s, and receive no leads.", sayMoment(this.absentUntil)));
        }
        return words.length ? words : [_t("You receive leads.")];
    }

    toggle(ev) {
        if (this.popover.isOpen) {
            this.popover.close();
            return;
        }
        this.popover.open(ev.currentTarget, {
            presence: this.presence,
            words: this.words,
            pause: (until, reason) => this.pause(until, reason),
            resume: () => this.resume(),
            openAbsences: () => this.action.doAction("lead_distribution.lead_distribution_absence_action"),
        });
    }

    async pause(until, reason) {
        const values = { until: until && serializeDateTime(until), reason };
        await this.orm.call("res.users", "action_pause_leads", [[user.userId]], values);
        await this.refresh();
    }

    async resume() {
        await this.orm.call("res.users", "action_resume_leads", [[user.userId]]);
        await this.refresh();
    }
}

export const presenceSwitch = { Component: PresenceSwitch };

registry.category("systray").add("lead_distribution.presence", presenceSwitch, { sequence: 60 });
