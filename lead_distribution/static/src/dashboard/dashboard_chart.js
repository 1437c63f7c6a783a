import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { getChartLanguage } from "../chart/chart_language";

/**
 * One chart, drawn by the Chart.js that Odoo ships. A click on a bar calls `onOpen`
 * with its position. What the chart shows is also there as a table, for keyboards
 * and screen readers: see `DashboardPanel`.
 */
export class DashboardChart extends Component {
    static template = "lead_distribution.DashboardChart";
    static props = {
        label: String,
        labels: Array,
        datasets: Array, // [{label, data, color: name of a CSS variable}]
        stacked: { type: Boolean, optional: true },
        theme: String,
        onOpen: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.labels, this.props.datasets, this.props.theme]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    draw() {
        this.chart?.destroy();
        this.chart = new Chart(this.canvas.el, this.config);
    }

    color(name) {
        return getComputedStyle(this.canvas.el).getPropertyValue(`--ld-${name}`).trim();
    }

    get config() {
        const grid = { color: this.color("line") };
        const ticks = { color: this.color("muted"), maxRotation: 0, autoSkipPadding: 12 };
        const stacked = Boolean(this.props.stacked);
        const language = getChartLanguage();
        return {
            type: "bar",
            data: {
                labels: this.props.labels,
                datasets: this.props.datasets.map((dataset) => ({
                    label: dataset.label,
                    data: dataset.data,
                    backgroundColor: this.color(dataset.color),
                    borderRadius: 2,
                    maxBarThickness: 36,
                })),
            },
            options: {
                animation: false,
                locale: language.locale,
                maintainAspectRatio: false,
                responsive: true,
                onClick: (_event, elements) => elements.length && this.props.onOpen(elements[0].index),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "default";
                },
                plugins: {
                    tooltip: language.tooltip,
                    legend: {
                        ...language.legend,
                        display: this.props.datasets.length > 1,
                        labels: { color: this.color("text"), boxWidth: 12 },
                    },
                },
                scales: {
                    x: { ...language.x, stacked, grid: { display: false }, ticks },
                    y: {
                        ...language.y,
                        stacked,
                        beginAtZero: true,
                        grace: "5%",
                        grid,
                        ticks: { ...ticks, precision: 0 },
                    },
                },
            },
        };
    }
}
