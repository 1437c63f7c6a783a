import { Component, toRaw, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const IMPORT = "lead_distribution.lead_import_new_action";

const TICKS = ["take_unassigned", "take_former", "take_everybody"]; // mends that are questions of the guided start

/** What is in the way, in words, each with the buttons that mend it. */
export class ObstacleList extends Component {
    static template = "lead_distribution.ObstacleList";
    static props = { obstacles: Array, mend: Function };

    getWords(mend) {
        if (!mend.finds) {
            return mend.words;
        }
        const count = formatInteger(mend.finds);
        return mend.finds === 1
            ? _t("%s: finds 1 lead", mend.words)
            : _t("%(mend)s: finds %(count)s leads", { mend: mend.words, count });
    }
}

/** On the guided start: a mend is an answer like any other, kept with the rest. */
export class StartObstacles extends Component {
    static template = "lead_distribution.StartObstacles";
    static components = { ObstacleList };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get obstacles() {
        return this.props.record.data[this.props.name] || [];
    }

    mend(key) {
        const { record } = this.props;
        if (key === "import_leads") {
            return this.action.doAction(IMPORT);
        }
        if (TICKS.includes(key)) {
            return record.update({ [key]: true });
        }
        return record.update(
            key === "add_people" ? { step: "people" } : { mends: [...(record.data.mends || []), key] }
        );
    }
}

registry.category("fields").add("lead_distribution_start_obstacles", {
    component: StartObstacles,
    displayName: _t("What is in the way of a new campaign"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "mends", type: "json" },
        ...TICKS.map((name) => ({ name, type: "boolean" })),
        { name: "step", type: "selection" },
    ],
});

/** On a campaign, and on a plan that found nothing: a mend changes the campaign at once. */
export class CampaignObstacles extends Component {
    static template = "lead_distribution.CampaignObstacles";
    static components = { ObstacleList };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ obstacles: [] });
        this.asked = 0;
        let loaded;
        useRecordObserver((record) => {
            // saving and loading give a record new data; what is being typed counts once it is saved
            const data = toRaw(record.data);
            if (!record.dirty && data !== loaded) {
                loaded = data;
                return this.load(record);
            }
        });
    }

    get isRun() {
        return this.props.record.resModel === "lead.distribution.run";
    }

    getCampaignId(record) {
        return this.isRun ? record.data.campaign_id?.id : record.resId;
    }

    async load(record) {
        const campaignId = this.getCampaignId(record);
        const args = [campaignId, ...(this.isRun ? [record.resId] : [])];
        const turn = ++this.asked;
        const obstacles = campaignId
            ? await this.orm.call("lead.distribution.obstacle", "list_for", args)
            : [];
        if (turn === this.asked) { // an answer may come late
            this.state.obstacles = obstacles;
        }
    }

    async mend(key) {
        const { record } = this.props;
        if (key === "import_leads") {
            return this.action.doAction(IMPORT);
        }
        if (!this.isRun && !(await record.save())) {
            return;
        }
        const campaignId = this.getCampaignId(record);
        const shown = await this.orm.call("lead.distribution.obstacle", "mend", [campaignId, key]);
        if (shown) {
            return this.action.doAction(shown);
        }
        if (this.isRun) {
            const plan = await this.orm.call("lead.distribution.campaign", "action_simulate", [[campaignId]]);
            return this.action.doAction(plan, { stackPosition: "replaceCurrentAction" });
        }
        await record.load();
    }
}

registry.category("view_widgets").add("lead_distribution_obstacles", {
    component: CampaignObstacles,
    fieldDependencies: [],
});
