import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What the steps of a run cost: seconds, SQL statements, memory. */
export class RunSteps extends Component {
    static template = "lead_distribution.RunSteps";
    static props = { ...standardFieldProps };

    get steps() {
        const names = {
            find: _t("Find the leads"),
            plan: _t("Decide"),
            store: _t("Store the plan"),
            apply: _t("Write the leads"),
            close: _t("Close and tell"),
        };
        const steps = this.props.record.data[this.props.name] || {};
        return Object.keys(names)
            .filter((code) => steps[code])
            .map((code) => ({
                code,
                name: names[code],
                seconds: formatFloat(steps[code].seconds, { digits: [16, 2] }),
                queries: formatInteger(steps[code].queries),
                memory: formatFloat(steps[code].memory, { digits: [16, 1] }),
            }));
    }
}

registry.category("fields").add("lead_distribution_steps", {
    component: RunSteps,
    displayName: _t("Steps of a distribution run"),
    supportedTypes: ["json"],
});
