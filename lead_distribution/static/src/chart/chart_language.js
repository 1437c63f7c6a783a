import { localization } from "@web/core/l10n/localization";
import { user } from "@web/core/user";

/** What a chart needs to be read in the user's language: its numbers, and where it begins. */
export function getChartLanguage() {
    const rtl = localization.direction === "rtl";
    return {
        locale: user.lang,
        legend: { rtl },
        tooltip: { rtl },
        x: { reverse: rtl },
        y: { position: rtl ? "right" : "left" },
    };
}
