import { Component, onWillDestroy, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const DELAY = 500; // milliseconds without a change before the leads are counted

/** Returns what somebody has set on a record, as a text: what is worked out does not count. */
function readSettings(record) {
    const values = {};
    for (const name of Object.keys(record.activeFields)) {
        if (!record.fields[name].readonly) {
            const value = record.data[name];
            values[name] = value?.records
                ? [value.resIds, value.records.map((row) => readSettings(row))]
                : value;
        }
    }
    return JSON.stringify(values);
}

/**
 * What the campaign on the screen would find now, saved or not: how many leads are looked at,
 * how many each step refuses, how many remain. Counted by the server, one request at a time.
 */
export class CampaignFunnel extends Component {
    static template = "lead_distribution.CampaignFunnel";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ funnel: null, isCounting: true });
        this.isLoading = false;
        this.count = useDebounced(() => this.load(), DELAY);
        let settings;
        useRecordObserver((record) => {
            const now = `${record.resId} ${readSettings(record)}`;
            if (now !== settings) {
                settings = now;
                this.state.isCounting = true;
                this.count();
            }
        });
        onWillUnmount(() => this.count.cancel());
        onWillDestroy(() => {
            this.isGone = true;
        });
    }

    /** One request at a time: what changes meanwhile is counted when the answer is there. */
    async load() {
        if (this.isGone) {
            return; // a change that was told after the page was left
        }
        if (this.isLoading) {
            this.isLate = true;
            return;
        }
        const { record } = this.props;
        this.isLoading = true;
        this.isLate = false;
        try {
            // what is being typed stays untouched: only what the form knows already is asked for
            const args = [record.resId, record._getChanges()];
            const funnel = await this.orm.silent.call("lead.distribution.funnel", "count", args);
            if (!this.isGone) {
                this.state.funnel = funnel;
            }
        } finally {
            this.isLoading = false;
            if (!this.isGone) {
                this.state.isCounting = this.isLate; // also where it has failed
                if (this.isLate) {
                    this.load();
                }
            }
        }
    }

    get top() {
        return Math.max(1, this.state.funnel.looked_at);
    }

    share(count) {
        return (count / this.top) * 100;
    }

    number(value) {
        return formatInteger(value);
    }
}

registry.category("view_widgets").add("lead_distribution_funnel", { component: CampaignFunnel });
