import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PhoneField, phoneField } from "@web/views/fields/phone/phone_field";

/** A phone number as a button that calls it. */
export class CallField extends PhoneField {
    static template = "lead_distribution.Call";
}

registry.category("fields").add("lead_distribution_call", {
    ...phoneField,
    component: CallField,
    displayName: _t("Call"),
});
