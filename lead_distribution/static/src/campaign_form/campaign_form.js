import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** A record that says which fields are still to be filled in. */
class NamingRecord extends formView.Model.Record {
    _displayInvalidFieldNotification() {
        const names = [...this._invalidFields].map(
            (name) => this.activeFields[name]?.string || this.fields[name].string
        );
        return this.model.notification.add(_t("Please fill in: %s", names.join(", ")), {
            type: "danger",
        });
    }
}

class CampaignFormModel extends formView.Model {
    static Record = NamingRecord;
}

registry.category("views").add("lead_distribution_campaign_form", {
    ...formView,
    Model: CampaignFormModel,
});
