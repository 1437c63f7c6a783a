import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A new absence is whole as soon as it is opened. Odoo saves a form when its page is closed: whoever only had a look
 * would be away from then on, and receive nothing.
 */
class AbsenceFormController extends FormController {
    async beforeUnload(ev) {
        const { isNew, dirty } = this.model.root;
        if (!isNew || dirty) {
            return super.beforeUnload(ev);
        }
    }
}

registry.category("views").add("lead_distribution_absence_form", {
    ...formView,
    Controller: AbsenceFormController,
});
