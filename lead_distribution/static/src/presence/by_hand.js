import { browser } from "@web/core/browser/browser";
import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const MESSAGE = "lead_distribution.by_hand";
const KEPT = 15 * 60 * 1000; // milliseconds in which a form is saved after it has warned

/**
 * Tells whoever gave a lead to somebody who is away or full, in whatever view. A form warns by itself, as
 * soon as the person is chosen: what it has said is not said again when it is saved.
 */
export const byHandService = {
    dependencies: ["bus_service", "notification"],
    start(env, { bus_service, notification }) {
        const told = new Map(); // lead and person → when a form has warned

        rpcBus.addEventListener("RPC:RESPONSE", ({ detail: { data, result } }) => {
            const { model, method, args } = data.params || {};
            if (model === "crm.lead" && method === "onchange" && result?.warning) {
                const [[leadId], values] = args;
                for (const userId of [values.user_id, values.open_user_id]) {
                    told.set(`${leadId}-${userId}`, Date.now());
                }
            }
        });

        bus_service.subscribe(MESSAGE, ({ title, message, given }) => {
            const isNew = given.filter(([leadId, userId]) => {
                const key = `${leadId}-${userId}`;
                const isTold = Date.now() - (told.get(key) || 0) < KEPT;
                told.delete(key);
                return !isTold;
            });
            if (isNew.length && browser.document?.visibilityState !== "hidden") {
                notification.add(message, { title, type: "warning" });
            }
        });
    },
};

registry.category("services").add("lead_distribution.by_hand", byHandService);
