import { Component } from "@odoo/owl";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** Bars one under the other, each a button: name, bar with an optional mark, number. */
export class DashboardBars extends Component {
    static template = "lead_distribution.DashboardBars";
    static props = {
        rows: Array, // [{name, value, target?, note?, open}]
        color: { type: String, optional: true },
        onOpen: Function,
    };
    static defaultProps = { color: "main" };

    get bars() {
        const longest = Math.max(1, ...this.props.rows.map((row) => Math.max(row.value, row.target || 0)));
        return this.props.rows.map((row, index) => ({
            ...row,
            key: index,
            length: (row.value / longest) * 100,
            mark: row.target ? (row.target / longest) * 100 : null,
        }));
    }

    number(value) {
        return Number.isInteger(value) ? formatInteger(value) : formatFloat(value, { digits: [16, 1] });
    }
}
