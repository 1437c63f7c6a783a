import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useSpecialData } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The status of a lead, set with one tap and saved at once: on cards and on a phone as a strip of buttons,
 * of which those that close a lead stand behind “…”; in lists as a menu.
 */
export class LeadStatus extends Component {
    static template = "lead_distribution.LeadStatus";
    static components = { Dropdown, DropdownItem };
    static props = {
        ...standardFieldProps,
        isDisabled: { type: Boolean, optional: true },
        isMenu: { type: Boolean, optional: true },
    };

    setup() {
        this.statuses = useSpecialData((orm) => orm.searchRead("crm.lead.status", [], ["name", "category", "color"]));
    }

    get current() {
        return this.props.record.data[this.props.name];
    }

    get all() {
        const statuses = Array.isArray(this.statuses.data) ? this.statuses.data : [];
        return statuses.map((status) => ({ ...status, isCurrent: status.id === this.current?.id }));
    }

    get onStrip() {
        return this.all.filter((status) => status.category === "open" || status.isCurrent);
    }

    get others() {
        return this.all.filter((status) => status.category !== "open" && !status.isCurrent);
    }

    get label() {
        return this.current ? this.current.display_name : _t("No status");
    }

    get color() {
        return this.all.find((status) => status.isCurrent)?.color || 0;
    }

    select(status) {
        const value = { id: status.id, display_name: status.name };
        return this.props.record.update({ [this.props.name]: value }, { save: true });
    }
}

const leadStatus = {
    component: LeadStatus,
    displayName: _t("Lead status"),
    supportedTypes: ["many2one"],
    // a list is read-only until one edits a row: this field asks for no such mode
    extractProps: ({ viewType }, dynamicInfo) => ({
        isDisabled: dynamicInfo.readonly,
        isMenu: viewType === "list",
    }),
};

registry.category("fields").add("lead_distribution_status", leadStatus);
