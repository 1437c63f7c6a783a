import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const stepField = (record) => record.fields.step.selection;
const getPlace = (record) => stepField(record).findIndex(([code]) => code === record.data.step);

/** How far one is: the steps that were answered can be gone back to. */
export class StartSteps extends Component {
    static template = "lead_distribution.StartSteps";
    static props = { ...standardFieldProps };

    get steps() {
        const place = getPlace(this.props.record);
        return stepField(this.props.record).map(([code, name], n) => ({
            code,
            name,
            number: n + 1,
            isDone: n < place,
            isCurrent: n === place,
        }));
    }

    get progress() {
        return ((getPlace(this.props.record) + 1) / stepField(this.props.record).length) * 100;
    }

    goTo(code) {
        return this.props.record.update({ step: code });
    }
}

registry.category("fields").add("lead_distribution_start_steps", {
    component: StartSteps,
    displayName: _t("Steps of a new campaign"),
    supportedTypes: ["selection"],
});

/** Back and Next. Nothing is saved: the answers stay in the browser until the plan is asked for. */
export class StartButtons extends Component {
    static template = "lead_distribution.StartButtons";
    static props = { ...standardWidgetProps };

    setup() {
        this.notification = useService("notification");
    }

    get isFirst() {
        return getPlace(this.props.record) === 0;
    }

    get isLast() {
        return getPlace(this.props.record) === stepField(this.props.record).length - 1;
    }

    /** What is missing before the next step, in words. */
    get missing() {
        const { step, name, user_ids: people } = this.props.record.data;
        if (step === "name" && !(name || "").trim()) {
            return _t("Give the campaign a name.");
        }
        if (step === "people" && !people.currentIds.length) {
            return _t("Choose who is to receive leads.");
        }
        return "";
    }

    async move(by) {
        const { record } = this.props;
        await record.model.root.isDirty(); // fields tell what is being typed
        if (by > 0 && this.missing) {
            this.notification.add(this.missing, { type: "warning" });
            return;
        }
        await record.update({ step: stepField(record)[getPlace(record) + by][0] });
    }
}

registry.category("view_widgets").add("lead_distribution_start_buttons", { component: StartButtons });

/** Many people at once: everybody, a team, a group, or one by one, each with what this person has now. */
export class StartPeople extends Component {
    static template = "lead_distribution.StartPeople";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ people: [], groups: [], search: "" });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("lead.distribution.start", "list_people", []));
        });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get chosen() {
        return new Set(this.list.currentIds);
    }

    get shown() {
        const text = this.state.search.trim().toLowerCase();
        return this.state.people.filter((person) => `${person.name} ${person.teams}`.toLowerCase().includes(text));
    }

    get hasTeams() {
        return this.state.people.some((person) => person.teams);
    }

    get summary() {
        const count = this.list.currentIds.length;
        return count === 1 ? _t("1 person chosen") : _t("%s people chosen", formatInteger(count));
    }

    number(value) {
        return formatInteger(value);
    }

    isWhole(group) {
        const chosen = this.chosen;
        return chosen.size === group.ids.length && group.ids.every((id) => chosen.has(id));
    }

    toggle(id) {
        return this.list.addAndRemove(this.chosen.has(id) ? { remove: [id] } : { add: [id] });
    }

    /** Exactly these people. */
    choose(ids) {
        const chosen = this.chosen;
        return this.list.addAndRemove({
            add: ids.filter((id) => !chosen.has(id)),
            remove: [...chosen].filter((id) => !ids.includes(id)),
        });
    }
}

registry.category("fields").add("lead_distribution_start_people", {
    component: StartPeople,
    displayName: _t("People of a new campaign"),
    supportedTypes: ["many2many"],
    isEmpty: () => false,
});

// the heights of four people's bars, as a way shares twelve leads
const WAYS = {
    round_robin: { bars: [6, 6, 6, 6], words: _t("Everybody the same, one lead each in turn") },
    least_loaded: { bars: [3, 9, 5, 7], filled: true, words: _t("First to whoever has the fewest, so that all have alike") },
    proportional: { bars: [12, 8, 5, 3], words: _t("More to those with a higher target") },
    performance: { bars: [4, 11, 7, 3], words: _t("More to those who win more") },
};

/** The ways of sharing that most want, each with a small picture; the others behind “more”. */
export class StartWays extends Component {
    static template = "lead_distribution.StartWays";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ more: !(this.value in WAYS) });
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get choices() {
        return this.props.record.fields[this.props.name].selection;
    }

    get ways() {
        const names = Object.fromEntries(this.choices);
        return Object.entries(WAYS)
            .filter(([code]) => code in names)
            .map(([code, way]) => ({ code, name: names[code], ...way }));
    }

    get others() {
        return this.choices.filter(([code]) => !(code in WAYS)).map(([code, name]) => ({ code, name }));
    }

    /** The rectangles of a picture: what people have already, and what they get. */
    getBars(way) {
        return way.bars.map((height, n) => ({
            x: 4 + n * 13,
            had: way.filled ? 14 - height : 0,
            got: height,
        }));
    }

    choose(code) {
        return this.props.record.update({ [this.props.name]: code });
    }
}

registry.category("fields").add("lead_distribution_start_ways", {
    component: StartWays,
    displayName: _t("Ways of sharing leads"),
    supportedTypes: ["selection"],
});
