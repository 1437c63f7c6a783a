import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { getChartLanguage } from "../chart/chart_language";

const WIDTH_OF_PERSON = 60; // pixels of the chart, so that many people stay readable

/** Several strategies on the same leads, side by side: a chart, a table, and one click to use one. */
export class Comparison extends Component {
    static template = "lead_distribution.Comparison";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.drawChart(),
            () => [JSON.stringify(this.result)]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get result() {
        return this.props.record.data[this.props.name] || {};
    }

    get columns() {
        return (this.result.columns || []).map((column, index) => ({ ...column, index }));
    }

    get shown() {
        return this.columns.filter((column) => !column.error);
    }

    get people() {
        return this.shown.length ? this.shown[0].people : [];
    }

    get chartWidth() {
        return this.people.length * WIDTH_OF_PERSON + 120;
    }

    /** The rows of the table below the names: label, value of a column, and how good values are marked. */
    get figures() {
        return [
            { key: "distributed", label: _t("Handed out"), format: formatInteger, best: Math.max },
            { key: "left", label: _t("Left over"), format: formatInteger, best: Math.min },
            { key: "fairness_index", label: _t("Equal shares (1 is equal)"), format: this.decimal, best: Math.max },
            { key: "spread", label: _t("Load against target, spread in points (0 is even)"), format: this.decimal, best: Math.min },
            { key: "expected", label: _t("Expected conversions"), format: this.decimal, best: Math.max },
        ].map((figure) => ({
            ...figure,
            top: figure.best(...this.shown.map((column) => column[figure.key])),
        }));
    }

    get isEven() {
        return new Set(this.shown.map((column) => JSON.stringify(column.people))).size < 2;
    }

    decimal(value) {
        return formatFloat(value, { digits: [16, 2] });
    }

    percent(value) {
        return _t("%s%%", formatFloat(value, { digits: [16, 1] }));
    }

    personOf(column, userId) {
        return column.people.find((person) => person.user_id === userId);
    }

    drawChart() {
        this.chart?.destroy();
        if (!this.canvas.el || !this.shown.length) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const text = getComputedStyle(this.canvas.el).color;
        const scale = { ticks: { color: text }, grid: { color: "rgba(128, 128, 128, 0.25)" } };
        const language = getChartLanguage();
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: this.people.map((person) => person.name),
                datasets: this.shown.map((column, index) => ({
                    label: column.name,
                    data: column.people.map((person) => person.received),
                    backgroundColor: getColor(index, scheme, this.shown.length),
                })),
            },
            options: {
                animation: false,
                locale: language.locale,
                maintainAspectRatio: false,
                plugins: {
                    legend: { ...language.legend, position: "bottom", labels: { color: text } },
                    tooltip: language.tooltip,
                },
                scales: {
                    x: { ...scale, ...language.x },
                    y: { ...scale, ...language.y, beginAtZero: true, ticks: { color: text, precision: 0 } },
                },
            },
        });
    }

    async adopt(index) {
        const ids = [this.props.record.resId];
        this.action.doAction(await this.orm.call("lead.distribution.compare", "action_adopt", [ids, index]));
    }
}

registry.category("fields").add("lead_distribution_comparison", {
    component: Comparison,
    displayName: _t("Comparison of strategies"),
    supportedTypes: ["json"],
});
