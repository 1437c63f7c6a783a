import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

export const NEW_LEADS = "lead_distribution/new_leads"; // reporting/live_news.py
const MY_LEADS = "lead_distribution.lead_distribution_new_leads_action";
const SHOWN = 20000; // milliseconds; the message itself stays in the inbox

/** Whoever gets leads as they come sees it at once, wherever in Odoo, and opens them from there. */
export const newLeadsService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service: bus, notification }) {
        function open(leadId) {
            if (!leadId) {
                return action.doAction(MY_LEADS);
            }
            return action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.lead",
                res_id: leadId,
                views: [[false, "form"]],
            });
        }

        bus.subscribe(NEW_LEADS, ({ text, lead_id: leadId }) => {
            const close = notification.add(text, {
                type: "info",
                autocloseDelay: SHOWN,
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            close();
                            open(leadId);
                        },
                    },
                ],
            });
        });
        bus.start();
    },
};

registry.category("services").add("lead_distribution_new_leads", newLeadsService);
