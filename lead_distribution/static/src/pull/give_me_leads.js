import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** “Give me leads”: only for people who are in a campaign that lets them take some. */
export class GiveMeLeads extends Component {
    static template = "lead_distribution.GiveMeLeads";
    static props = { class: { type: String, optional: true } };
    static defaultProps = { class: "btn-primary" };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ isShown: false, isBusy: false });
        const session = useService("lazy_session");
        onWillStart(() => {
            // not waited for, so that nothing else is delayed
            session.getValue("lead_distribution_pull", (canPull) => (this.state.isShown = Boolean(canPull)));
        });
    }

    async ask() {
        this.state.isBusy = true;
        try {
            await this.action.doAction(await this.orm.call("lead.distribution.pull", "action_ask", []));
        } finally {
            this.state.isBusy = false;
        }
    }
}
