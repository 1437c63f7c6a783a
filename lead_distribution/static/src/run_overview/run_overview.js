import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useService } from "@web/core/utils/hooks";
import { useRefreshWhile } from "../refresh/refresh";

/**
 * A run at a glance: how many came in, what was refused and why, who gets how many
 * against their target, what is left over, what to do about it.
 */
export class RunOverview extends Component {
    static template = "lead_distribution.RunOverview";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        useRefreshWhile(() => this.isApplying || this.isReverting);
    }

    get figures() {
        return this.props.record.data[this.props.name] || {};
    }

    get isApplying() {
        return this.props.record.data.state === "applying";
    }

    get isReverting() {
        return Boolean(this.props.record.data.reverting_since);
    }

    get isDone() {
        return this.figures.state === "done";
    }

    get isReverted() {
        return this.figures.state === "reverted";
    }

    get progress() {
        return Math.round(this.props.record.data.progress || 0);
    }

    /** The bars: all people on one scale, so that lengths can be compared. */
    get bars() {
        const people = this.figures.salespeople || [];
        const longest = Math.max(1, ...people.map((p) => Math.max(p.target, p.after)));
        return people.map((person) => ({
            ...person,
            kept: ((person.after - person.received) / longest) * 100,
            gained: (person.received / longest) * 100,
            mark: (person.target / longest) * 100,
        }));
    }

    get funnelTop() {
        return Math.max(1, this.figures.leads_looked_at || 0);
    }

    get leftOver() {
        const { left_over: counts = {}, left_over_names: names = {} } = this.figures;
        return Object.keys(counts).map((code) => ({ code, count: counts[code], name: names[code] }));
    }

    get salesByStage() {
        return Object.entries(this.figures.sales_by_stage || {}).map(([name, count]) => ({ name, count }));
    }

    get leftOut() {
        // a run of leads as they come goes on all day: who had some by then may be away later
        const served = new Set((this.figures.salespeople || []).filter((one) => one.received).map((one) => one.name));
        const leftOut = Object.entries(this.figures.left_out || {});
        return leftOut.map(([name, why]) => ({ name, why, received: served.has(name) }));
    }

    share(count) {
        return (count / this.funnelTop) * 100;
    }

    number(value) {
        return formatInteger(value || 0);
    }

    decimal(value) {
        return formatFloat(value || 0, { digits: [16, 2] });
    }

    percent(value) {
        return _t("%s%%", formatFloat(value || 0, { digits: [16, 1] }));
    }

    countLeads(count) {
        return count === 1 ? _t("1 lead") : _t("%s leads", this.number(count));
    }

    tellStage({ name, count }) {
        return _t("Customers with an opportunity in %(stage)s: %(count)s", { stage: name, count: this.number(count) });
    }

    tellLeftOut({ name, why, received }) {
        return received
            ? _t("%(name)s was left out later: %(why)s", { name, why })
            : _t("%(name)s receives nothing: %(why)s", { name, why });
    }

    tellDropback({ rule, count, user }) {
        return _t("%(rule)s: %(leads)s to %(person)s", { rule, leads: this.countLeads(count), person: user });
    }

    async openLeads(method, code) {
        const ids = [this.props.record.resId];
        this.action.doAction(await this.orm.call("lead.distribution.run", method, [ids, code]));
    }

    openLeftOver(code) {
        return this.openLeads("action_view_left_over", code);
    }

    openStep(code) {
        return this.openLeads("action_view_step", code);
    }

    openAssignments(userId) {
        this.action.doAction("lead_distribution.lead_distribution_assignment_action", {
            additionalContext: {
                search_default_done: 0,
                search_default_recent: 0,
                search_default_run_id: this.props.record.resId,
                search_default_user_id: userId,
            },
        });
    }
}

registry.category("fields").add("lead_distribution_run_overview", {
    component: RunOverview,
    displayName: _t("Overview of a distribution run"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "progress", type: "float" },
        { name: "reverting_since", type: "datetime" },
    ],
});
