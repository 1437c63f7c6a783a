import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

/**
 * Who gets leads of a kind next: the next three people of a campaign, each with the reason.
 */
export class DashboardNext extends Component {
    static template = "lead_distribution.DashboardNext";
    static props = { campaigns: Array, campaignId: { type: [Number, Boolean] } };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ answer: null, kind: { source_id: false, lead_status_id: false, priority: false } });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((next) => {
            if (next.campaignId !== this.props.campaignId) {
                this.load(next); // not waited for: a question that comes first would hold the whole page back
            }
        });
    }

    /** The campaign that is looked at, or, of all, the first one. */
    getCampaignId(props) {
        return props.campaignId || (props.campaigns.length ? props.campaigns[0].id : false);
    }

    get selects() {
        const { sources, statuses, priorities } = this.state.answer.kinds;
        return [
            { name: "source_id", rows: sources },
            { name: "lead_status_id", rows: statuses },
            { name: "priority", rows: priorities },
        ];
    }

    async load(props) {
        const campaignId = this.getCampaignId(props);
        if (campaignId) {
            this.state.answer = await this.keepLast.add(
                this.orm.silent.call("lead.distribution.dashboard", "get_next", [], {
                    campaign_id: campaignId,
                    ...this.state.kind,
                })
            );
        }
    }

    select(name, value) {
        this.state.kind[name] = name === "priority" ? value || false : Number(value) || false;
        return this.load(this.props);
    }
}
