import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";
import { describeAge, describeMoment } from "@lead_distribution/live/since";

describe.current.tags("headless");

const { DateTime } = luxon;
const NOW = DateTime.fromISO("2026-11-20T10:00:00");

test("how long a lead waits is said in minutes, hours, days", () => {
    allowTranslations();
    for (const [minutes, text] of [[0, "0 min"], [-1, "0 min"], [12, "12 min"], [119, "119 min"], [120, "2 h"], [47 * 60, "47 h"], [48 * 60, "2 days"]]) {
        expect(describeAge(NOW.minus({ minutes }), NOW).toString()).toBe(text);
    }
});

test("when it is tried again: now, a time today, a weekday soon, else the date", () => {
    allowTranslations();
    patchWithCleanup(localization, { dateFormat: "MM/dd/yyyy", timeFormat: "HH:mm:ss", dateTimeFormat: "MM/dd/yyyy HH:mm:ss" });
    expect(describeMoment(NOW.minus({ minutes: 1 }), NOW).toString()).toBe("now");
    expect(describeMoment(NOW.plus({ hours: 4 }), NOW).toString()).toBe("14:00");
    expect(describeMoment(NOW.plus({ days: 3 }), NOW).toString()).toBe("Mon 10:00");
    expect(describeMoment(NOW.plus({ days: 30 }), NOW).toString()).toInclude("12/20/2026");
});
