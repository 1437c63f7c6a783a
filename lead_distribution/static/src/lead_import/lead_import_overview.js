import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useRefreshWhile } from "../refresh/refresh";

const IDLE = 120; // seconds without a step after which the page says so

/**
 * An import at a glance: how far it is, what is new and what is not, what was cleaned,
 * who gets how many.
 */
export class LeadImportOverview extends Component {
    static template = "lead_distribution.LeadImportOverview";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        useRefreshWhile(() => this.isRunning);
    }

    get figures() {
        return this.props.record.data[this.props.name] || {};
    }

    get isRunning() {
        return ["checking", "importing"].includes(this.figures.state);
    }

    get isResult() {
        return ["done", "cancelled", "failed", "undone"].includes(this.figures.state);
    }

    /** Whether nobody seems to work on it: chunks take seconds. */
    get isIdle() {
        return this.isRunning && this.figures.idle > IDLE;
    }

    get idleMinutes() {
        return Math.floor(this.figures.idle / 60);
    }

    get isPeople() {
        return this.figures.kind === "people";
    }

    count(...states) {
        return states.reduce((sum, state) => sum + ((this.figures.counts || {})[state] || 0), 0);
    }

    get progress() {
        const { rows_done: done, rows_to_do: total } = this.figures;
        return total ? Math.round((done / total) * 100) : 0;
    }

    /** How fast, and how long still, in words. */
    get pace() {
        const { rows_done: done, rows_to_do: total, seconds } = this.figures;
        if (!done || !seconds) {
            return "";
        }
        const rate = done / seconds;
        const left = Math.max(0, (total - done) / rate);
        const time = left < 90 ? _t("%s seconds", Math.ceil(left)) : _t("%s minutes", Math.ceil(left / 60));
        return _t("%(rate)s rows a second, about %(time)s left", { rate: this.number(Math.max(1, Math.round(rate))), time });
    }

    get bars() {
        const people = this.figures.shares || [];
        const most = Math.max(1, ...people.map((p) => p.before + p.gets));
        return people.map((person) => {
            // a full track is the person's own target, or what there is beyond it
            const whole = Math.max(person.target || most, person.before + person.gets);
            return { ...person, kept: (person.before / whole) * 100, gained: (person.gets / whole) * 100 };
        });
    }

    get leftOut() {
        return Object.entries(this.figures.left_out || {}).map(([name, why]) => ({ name, why }));
    }

    number(value) {
        return formatInteger(value || 0);
    }

    /** What stands in a column of the file, between the quotation marks of the reader's language. */
    quote({ column, value }) {
        return _t("%(column)s “%(value)s”", { column, value });
    }

    rowCount(value) {
        return value === 1 ? _t("1 row") : _t("%s rows", formatInteger(value || 0));
    }

    async openRows(state) {
        const ids = [this.props.record.resId];
        this.action.doAction(await this.orm.call("lead.import.batch", "action_view_rows", [ids, state]));
    }
}

registry.category("fields").add("lead_import_overview", {
    component: LeadImportOverview,
    displayName: _t("Overview of an import"),
    supportedTypes: ["json"],
});
