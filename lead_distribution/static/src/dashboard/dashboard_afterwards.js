import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { DashboardBars } from "./dashboard_bars";

/** What became of leads after they were handed out: sums, who is late or gave leads back, and why. */
export class DashboardAfterwards extends Component {
    static template = "lead_distribution.DashboardAfterwards";
    static components = { DashboardBars };
    static props = { data: Object, percent: Function, onOpen: Function };

    get reasonBars() {
        return this.props.data.reasons.map((reason) => ({ ...reason, value: reason.count }));
    }

    integer(value) {
        return formatInteger(value);
    }

    percent(value) {
        return value === null ? "–" : this.props.percent(value);
    }
}
