import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { capitalize } from "@web/core/utils/strings";
import { RemainingDaysField, remainingDaysField } from "@web/views/fields/remaining_days/remaining_days_field";

const COUNTED = 99; // days; older than that, the date says more

/** How old something is, in days: “28 days ago” instead of “last month”. */
export class AgeField extends RemainingDaysField {
    static defaultProps = { classes: {} };

    get diffString() {
        const days = this.diffDays;
        if (days === null || Math.abs(days) > COUNTED) {
            return days === null ? "" : this.formattedValue;
        }
        return capitalize(this.props.record.data[this.props.name].toRelativeCalendar({ unit: "days" }));
    }
}

registry.category("fields").add("lead_distribution_age", {
    ...remainingDaysField,
    component: AgeField,
    displayName: _t("Age"),
});
