import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, mockDate } from "@odoo/hoot-mock";
import { allowTranslations, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describeTimeLeft, judgeTimeLeft } from "@lead_distribution/following/time_left";

describe.current.tags("desktop");
defineMailModels();

const { DateTime } = luxon;
const NOW = DateTime.fromISO("2026-11-20T10:00:00");

class Task extends models.Model {
    _name = "task";
    name = fields.Char();
    due_on = fields.Datetime();
    distributed_on = fields.Datetime();
    _records = [
        { id: 1, name: "late", due_on: "2026-11-20 09:00:00", distributed_on: "2026-11-20 05:00:00" },
        { id: 2, name: "soon", due_on: "2026-11-20 10:20:30", distributed_on: "2026-11-20 06:00:00" },
        { id: 3, name: "free", due_on: "2026-11-20 15:00:30", distributed_on: "2026-11-20 09:00:00" },
        { id: 4, name: "none", due_on: false, distributed_on: false },
    ];
}
defineModels([Task]);

test("time left is said in minutes, hours, days; what is late, too", () => {
    allowTranslations();
    for (const [minutes, text] of [
        [0, "0 min left"], [59, "59 min left"], [60, "1 h left"], [179, "2 h left"], [47 * 60, "47 h left"], [49 * 60, "2 days left"],
        [-1, "late 1 min"], [-60, "late 1 h"], [-50 * 60, "late 2 days"],
    ]) {
        expect(describeTimeLeft(NOW.plus({ minutes }), NOW).toString()).toBe(text);
    }
});

test("what is late stands out, and what has only a quarter of its time left", () => {
    const start = NOW.minus({ hours: 8 });
    expect(judgeTimeLeft(NOW.minus({ minutes: 1 }), start, NOW)).toBe("late");
    expect(judgeTimeLeft(NOW.plus({ hours: 2 }), start, NOW)).toBe("short");
    expect(judgeTimeLeft(NOW.plus({ hours: 3 }), start, NOW)).toBe("enough");
    expect(judgeTimeLeft(NOW.plus({ minutes: 1 }), false, NOW)).toBe("enough");
});

test("in a list: red when late, by itself as time goes on, nothing without a deadline", async () => {
    mockDate("2026-11-20 10:00:00", 0);
    await mountView({
        type: "list",
        resModel: "task",
        arch: `<list><field name="name"/><field name="due_on" widget="lead_distribution_time_left"/></list>`,
    });
    const cells = () => [...document.querySelectorAll(".o_data_cell[name=due_on]")].map((cell) => cell.textContent.trim());
    expect(cells()).toEqual(["late 1 h", "20 min left", "5 h left", ""]);
    expect(".o_data_row:eq(0) .text-danger").toHaveCount(1);
    expect(".o_data_row:eq(1) .text-warning").toHaveCount(1);
    expect(".o_data_row:eq(2) [name=due_on] span").not.toHaveClass("text-warning");
    await advanceTime(22 * 60 * 1000);
    expect(cells()[1]).toBe("late 1 min");
    expect(".o_data_row:eq(1) .text-danger").toHaveCount(1);
});
