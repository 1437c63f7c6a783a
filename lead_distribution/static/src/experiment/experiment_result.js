import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ROOM = 1.1; // of a scale beyond what is drawn on it
const COLORS = { b_better: "success", a_better: "info", harm: "danger", no_difference: "info", too_few: "warning" };

/** Where an interval and its middle stand on a scale, in percent of its length; nothing where there is none. */
export function place(low, value, high, from, to) {
    if (low === null || low === undefined || high === null || high === undefined || to <= from) {
        return null;
    }
    const at = (number) => Math.min(100, Math.max(0, ((number - from) / (to - from)) * 100));
    return { left: at(low), width: at(high) - at(low), middle: at(value) };
}

/** What came of both ways of an experiment: the sentence, the numbers with their intervals, what else is to be known. */
export class ExperimentResult extends Component {
    static template = "lead_distribution.ExperimentResult";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get result() {
        return this.props.record.data[this.props.name] || {};
    }

    /** Two periods instead of two ways: the same figures, and no verdict. */
    get isInTime() {
        return Boolean(this.result.names);
    }

    get titles() {
        return this.result.names || { a: _t("Way A"), b: _t("Way B") };
    }

    get isOver() {
        return this.result.state === "done";
    }

    get color() {
        return COLORS[this.result.kind] || "secondary";
    }

    get measures() {
        return this.result.measures || [];
    }

    /** The measure that the verdict is about. */
    get main() {
        return this.measures.find((measure) => measure.key === this.result.measure);
    }

    get others() {
        return this.measures.filter((measure) => measure.key !== this.result.measure);
    }

    get leads() {
        return this.result.a.leads + this.result.b.leads;
    }

    get progress() {
        const planned = this.result.leads_planned;
        return planned ? Math.min(100, Math.floor((this.leads / planned) * 100)) : 0;
    }

    /** Both ways on one scale that begins with zero. */
    get ways() {
        const { a, b } = this.main;
        const top = Math.max(a.high || a.rate || 0, b.high || b.rate || 0) * ROOM;
        return ["a", "b"].map((key) => ({
            ...this.main[key],
            key,
            title: this.titles[key],
            strategy: this.getStrategy(key),
            isWinner: this.isOver && this.result.winner === key,
            bar: place(this.main[key].low, this.main[key].rate, this.main[key].high, 0, top),
        }));
    }

    /** The difference on a scale with zero in its middle. */
    get difference() {
        const { low, difference, high } = this.main;
        const end = Math.max(Math.abs(low || 0), Math.abs(high || 0)) * ROOM;
        return place(low, difference, high, -end, end);
    }

    get balance() {
        return this.result.balance || {};
    }

    /** Groups of the balance: the rows of each one under the other. */
    get groups() {
        const groups = new Map();
        for (const row of this.balance.rows || []) {
            groups.set(row.group, [...(groups.get(row.group) || []), row]);
        }
        return [...groups].map(([name, rows]) => ({ name, rows }));
    }

    /** What a reader has to know besides, each a sentence. */
    get notes() {
        return [...(this.result.notes || []), ...(this.result.changed_settings || [])];
    }

    getStrategy(key) {
        const { data, fields } = this.props.record;
        const name = `strategy_${key}`;
        const option = (fields[name]?.selection || []).find(([value]) => value === data[name]);
        return option ? option[1] : "";
    }

    number(value) {
        return formatInteger(value || 0);
    }

    countLeads({ leads }) {
        return leads === 1 ? _t("1 lead") : _t("%s leads", formatInteger(leads || 0));
    }

    openLeads(key) {
        this.action.doAction("lead_distribution.lead_distribution_assignment_action", {
            additionalContext: {
                search_default_recent: 0,
                search_default_experiment_id: this.props.record.resId,
                [`search_default_way_${key}`]: 1,
            },
        });
    }
}

registry.category("fields").add("lead_distribution_experiment_result", {
    component: ExperimentResult,
    displayName: _t("Result of an experiment"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "strategy_a", type: "selection" },
        { name: "strategy_b", type: "selection" },
    ],
});

registry.category("fields").add("lead_distribution_comparison_in_time", {
    component: ExperimentResult,
    displayName: _t("Comparison in time"),
    supportedTypes: ["json"],
});
