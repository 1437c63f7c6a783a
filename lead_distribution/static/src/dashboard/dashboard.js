import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { cookie } from "@web/core/browser/cookie";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardAfterwards } from "./dashboard_afterwards";
import { DashboardBars } from "./dashboard_bars";
import { DashboardChart } from "./dashboard_chart";
import { DashboardNext } from "./dashboard_next";
import { GiveMeLeads } from "../pull/give_me_leads";

const LEADS = "lead_distribution.crm_lead_list_action"; // a list made for leads, without a pipeline
const THEME = "lead_distribution.dashboard_theme"; // in the browser: Odoo Community has no dark mode of its own

/**
 * The morning page: did it run, was it fair, who is full, what is left over and why.
 * All numbers come from one call; salespeople get their own version of it.
 */
export class LeadDistributionDashboard extends Component {
    static template = "lead_distribution.Dashboard";
    static components = {
        DashboardAfterwards,
        DashboardBars,
        DashboardChart,
        DashboardNext,
        GiveMeLeads,
        Layout,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        const saved = { ...this.props.globalState, ...this.props.state };
        this.state = useState({
            campaignId: saved.campaignId || false,
            days: saved.days || 30,
            theme: browser.localStorage.getItem(THEME) || cookie.get("color_scheme") || "light",
            data: null,
            isTrying: false,
        });
        const getChoices = () => ({ campaignId: this.state.campaignId, days: this.state.days });
        // the one for the breadcrumb, the other for the browser's own back button
        useSetupAction({ getLocalState: getChoices, getGlobalState: getChoices });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("lead.distribution.dashboard", "get_data", [], {
                campaign_id: this.state.campaignId || null,
                days: this.state.days,
            })
        );
    }

    get data() {
        return this.state.data;
    }

    get isManager() {
        return this.data.kind === "manager";
    }

    get dayLabels() {
        return this.data.per_day.map((day) => formatDate(deserializeDate(day.date), { format: "d MMM" }));
    }

    get dayDatasets() {
        const handedOut = {
            label: this.isManager ? _t("Handed out") : _t("Received"),
            data: this.data.per_day.map((day) => day.distributed),
            color: "main",
        };
        if (!this.isManager) {
            return [handedOut];
        }
        return [
            handedOut,
            { label: _t("Left over"), data: this.data.per_day.map((day) => day.left), color: "warm" },
        ];
    }

    tellPeriod(days) {
        return _t("Last %s days", days);
    }

    get shareDatasets() {
        return [
            { label: _t("Received"), data: this.data.shares.map((row) => row.received), color: "main" },
            { label: _t("Promised"), data: this.data.shares.map((row) => row.promised), color: "soft" },
        ];
    }

    get agingDatasets() {
        const held = { label: _t("Held"), data: this.data.aging.map((row) => row.held), color: "main" };
        const nobody = { label: _t("Nobody's"), data: this.data.aging.map((row) => row.nobody), color: "warm" };
        return this.isManager ? [held, nobody] : [held];
    }

    get peopleBars() {
        return this.data.utilization.map((person) => ({
            name: person.name,
            value: person.leads,
            target: person.target,
            note: this.describeLoad(person),
            open: person.open,
        }));
    }

    /** Of several campaigns the targets add up, and that is said. */
    describeLoad(person) {
        const values = {
            target: formatInteger(person.target),
            percent: this.percent(person.utilization),
            campaigns: person.campaigns,
        };
        return person.campaigns > 1
            ? _t("of %(target)s (sum of %(campaigns)s campaigns), %(percent)s", values)
            : _t("of %(target)s, %(percent)s", values);
    }

    get loadBars() {
        return this.data.load.map((row) => ({
            name: row.name,
            value: row.leads,
            target: row.target,
            note: _t("of %s", formatInteger(row.target)),
            open: row.open,
        }));
    }

    get sourceBars() {
        return this.data.sources.map((source) => ({ ...source, value: source.count }));
    }

    get waitingBars() {
        return this.data.waiting.reasons.map((reason) => ({ ...reason, value: reason.count }));
    }

    get funnelBars() {
        const run = this.data.last_run;
        return this.data.funnel.map((step) => ({
            name: step.name,
            value: step.count,
            note: step.refused ? `−${formatInteger(step.refused)}` : "",
            open: step.code ? { method: "action_view_step", run_id: run.id, arguments: [step.code] } : run.open,
        }));
    }

    /** As many tiles a line as leave no gap. */
    get columns() {
        return [5, 6, 4].find((columns) => this.data.figures.length % columns === 0) || 5;
    }

    integer(value) {
        return formatInteger(value);
    }

    percent(value) {
        return _t("%s%%", formatFloat(value, { digits: [16, 1] }));
    }

    formatFigure(figure) {
        if (figure.value === null || figure.value === false) {
            return "–";
        }
        if (figure.word) {
            return figure.word;
        }
        switch (figure.format) {
            case "percent":
                return this.percent(figure.value);
            case "hours":
                return _t("%s h", formatFloat(figure.value, { digits: [16, 1] }));
            case "decimal":
                return formatFloat(figure.value, { digits: [16, 2] });
        }
        return formatInteger(figure.value);
    }

    /** The change against the period before: an arrow, and green only where more is better. */
    getChange(figure) {
        if (figure.change === null || figure.change === undefined) {
            return null;
        }
        const direction = figure.change > 0 ? "up" : figure.change < 0 ? "down" : "same";
        const isGood = figure.better && direction !== "same" && direction === figure.better;
        const isBad = figure.better && direction !== "same" && !isGood;
        return {
            text: this.percent(Math.abs(figure.change)),
            icon: { up: "fa-arrow-up", down: "fa-arrow-down", same: "fa-minus" }[direction],
            direction: { up: _t("up"), down: _t("down"), same: _t("unchanged") }[direction],
            class: isGood ? "o_ld_good" : isBad ? "o_ld_bad" : "",
        };
    }

    selectCampaign(event) {
        this.state.campaignId = parseInt(event.target.value) || false;
        return this.load();
    }

    selectDays(event) {
        this.state.days = parseInt(event.target.value);
        return this.load();
    }

    switchTheme() {
        this.state.theme = this.state.theme === "dark" ? "light" : "dark";
        browser.localStorage.setItem(THEME, this.state.theme);
    }

    /** Look for somebody for all that waits, say what came of it, and show it. */
    async tryNow() {
        this.state.isTrying = true;
        try {
            const { params } = await this.orm.call("lead.distribution.waiting", "action_try_now", [[]]);
            this.notification.add(params.message, { type: params.type });
            await this.load();
        } finally {
            this.state.isTrying = false;
        }
    }

    async open(target) {
        if (target.method) {
            const ids = [target.run_id];
            const action = await this.orm.call("lead.distribution.run", target.method, [ids, ...target.arguments]);
            return this.action.doAction(action);
        }
        const records = {
            type: "ir.actions.act_window",
            res_model: target.model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            target: "current",
        };
        const action = target.model === "crm.lead" ? await this.action.loadAction(LEADS) : records;
        return this.action.doAction({ ...action, name: target.name, display_name: target.name, domain: target.domain });
    }

    openLead(lead) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: lead.id,
            views: [[false, "form"]],
            target: "current",
        });
    }
}

registry.category("actions").add("lead_distribution.dashboard", LeadDistributionDashboard);
