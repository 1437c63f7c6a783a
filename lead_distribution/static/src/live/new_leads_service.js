import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

export const NEW_LEADS = "lead_distribution/new_leads"; // reporting/live_news.py
const MY_LEADS = "lead_distribution.lead_distribution_new_leads_action";
const SHOWN = 20000; // milliseconds; the message itself stays in the inbox
const AT_ONCE = 3; // notifications

/** Whoever gets leads as they come sees it at once, wherever in Odoo, and opens them from there. */
export const newLeadsService = {
    dependencies: ["action", "bus_service", "mail.out_of_focus", "mail.store", "notification"],
    start(env, { action, bus_service: bus, "mail.out_of_focus": outOfFocus, "mail.store": store, notification }) {
        const shown = [];

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

        function show(text, leadId, isAway) {
            const close = notification.add(text, {
                type: "info",
                autocloseDelay: SHOWN,
                sticky: isAway, // until somebody comes back to this tab
                buttons: [
                    {
                        name: _t("Show"),
                        primary: true,
                        onClick: () => {
                            close();
                            open(leadId);
                        },
                    },
                ],
            });
            shown.push(close);
            if (shown.length > AT_ONCE) {
                shown.shift()();
            }
        }

        bus.subscribe(NEW_LEADS, ({ text, lead_id: leadId, in_inbox: inInbox }, { id }) => {
            const isAway = !document.hasFocus();
            show(text, leadId, isAway);
            if (isAway) {
                // the browser shows it over other programs, if it may
                outOfFocus.sendNotification({ title: _t("New leads"), message: text, sound: false });
            }
            if (inInbox && id > store.inbox.counter_bus_id) {
                store.inbox.counter++;
            }
        });
        bus.start();
    },
};

registry.category("services").add("lead_distribution_new_leads", newLeadsService);
