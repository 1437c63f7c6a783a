import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Moment } from "../live/since";

const HOUR = 60; // minutes
const SHORT = 0.25; // of the time: what is left then is little

/** A span of time: “40 min”, “3 h”, “2 days”. */
function describeSpan(minutes) {
    if (minutes < HOUR) {
        return _t("%s min", minutes);
    }
    return minutes < 48 * HOUR ? _t("%s h", Math.floor(minutes / HOUR)) : _t("%s days", Math.floor(minutes / 24 / HOUR));
}

/** How much time is left until something is due: “2 h left”, “late 1 h”. */
export function describeTimeLeft(due, now) {
    const minutes = due.diff(now, "minutes").minutes;
    return minutes >= 0
        ? _t("%s left", describeSpan(Math.floor(minutes)))
        : _t("late %s", describeSpan(Math.floor(-minutes)));
}

/** Whether something is late, or only a quarter of the time since ``start`` is left. */
export function judgeTimeLeft(due, start, now) {
    if (due < now) {
        return "late";
    }
    return start && due.diff(now) < due.diff(start) * SHORT ? "short" : "enough";
}

const CLASSES = { late: "text-danger fw-bold", short: "text-warning fw-bold", enough: "" };

/** By when something is to be done with a lead; red when it is late. Lists are sorted by the moment itself. */
export class TimeLeft extends Moment {
    static template = "lead_distribution.TimeLeft";
    static props = { ...Moment.props, since: { type: String, optional: true } };

    get text() {
        return this.moment ? describeTimeLeft(this.moment, this.state.now) : "";
    }

    get judged() {
        return judgeTimeLeft(this.moment, this.props.record.data[this.props.since], this.state.now);
    }

    get class() {
        return CLASSES[this.judged];
    }
}

registry.category("fields").add("lead_distribution_time_left", {
    component: TimeLeft,
    displayName: _t("Time left"),
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ since: options.since || "distributed_on" }),
    fieldDependencies: ({ options }) => [{ name: options.since || "distributed_on", type: "datetime", readonly: true }],
});
