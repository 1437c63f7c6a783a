import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useEvery } from "../refresh/refresh";

const CAMPAIGN = "lead.distribution.campaign";
const ANEW = 60000; // milliseconds: the line that is now moves on

/**
 * Who of a campaign is there: a row a person, the hours of today and of the next days as bars, who is next.
 */
export class WhoIsThere extends Component {
    static template = "lead_distribution.WhoIsThere";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        const saved = { ...this.props.globalState, ...this.props.state };
        this.state = useState({ campaignId: saved.campaignId || this.opened, data: null });
        const getChoices = () => ({ campaignId: this.state.campaignId });
        useSetupAction({ getLocalState: getChoices, getGlobalState: getChoices });
        onWillStart(() => this.load());
        useEvery(() => this.load(), ANEW);
    }

    /** The campaign from which the screen was opened. */
    get opened() {
        const { active_id: id, active_model: model } = this.props.action.context;
        return model === CAMPAIGN ? id : false;
    }

    get data() {
        return this.state.data;
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("lead.distribution.who.is.there", "get_data", [], {
                campaign_id: this.state.campaignId || null,
            })
        );
    }

    select(event) {
        this.state.campaignId = parseInt(event.target.value);
        return this.load();
    }

    /** The members of the campaign, where absences and limits are changed. */
    openPerson(person) {
        return this.action.doAction("lead_distribution.lead_distribution_member_action", {
            additionalContext: {
                search_default_user_id: person.id,
                search_default_campaign_id: this.data.campaign_id,
            },
        });
    }
}

registry.category("actions").add("lead_distribution.who_is_there", WhoIsThere);
