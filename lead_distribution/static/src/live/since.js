import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const ANEW = 15000; // milliseconds

/** How long ago a moment was: “12 min”, “3 h”, “2 days”. */
export function describeAge(moment, now) {
    const minutes = Math.max(0, Math.floor(now.diff(moment, "minutes").minutes));
    if (minutes < 120) {
        return _t("%s min", minutes);
    }
    if (minutes < 48 * 60) {
        return _t("%s h", Math.floor(minutes / 60));
    }
    return _t("%s days", Math.floor(minutes / 60 / 24));
}

/** When something comes: “now”, “14:00” today, “Mon 09:00” in the next days, else the date. */
export function describeMoment(moment, now) {
    const days = moment.startOf("day").diff(now.startOf("day"), "days").days;
    const time = moment.toFormat(localization.timeFormat.replace(":ss", ""));
    if (moment <= now) {
        return _t("now");
    }
    if (days < 1) {
        return time;
    }
    return days < 7 ? _t("%(day)s %(time)s", { day: moment.toFormat("ccc"), time }) : formatDateTime(moment, { showSeconds: false });
}

/** A moment as it is seen now; the text changes by itself. */
export class Moment extends Component {
    static template = "lead_distribution.Moment";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: DateTime.now() });
        let timer;
        onMounted(() => {
            timer = setInterval(() => (this.state.now = DateTime.now()), ANEW);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    get moment() {
        return this.props.record.data[this.props.name];
    }

    get title() {
        return this.moment ? formatDateTime(this.moment) : "";
    }
}

export class AgeOfMoment extends Moment {
    get text() {
        return this.moment ? describeAge(this.moment, this.state.now) : "";
    }
}

export class ComingMoment extends Moment {
    get text() {
        return this.moment ? describeMoment(this.moment, this.state.now) : "";
    }
}

registry.category("fields").add("lead_distribution_since", {
    component: AgeOfMoment,
    displayName: _t("How long ago"),
    supportedTypes: ["datetime"],
});
registry.category("fields").add("lead_distribution_coming", {
    component: ComingMoment,
    displayName: _t("When it comes"),
    supportedTypes: ["datetime"],
});
