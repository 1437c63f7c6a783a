import { onMounted, onWillUnmount, useComponent } from "@odoo/owl";
import { ConnectionLostError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

export const REFRESH = 1500; // milliseconds between two looks at what is being worked on

/**
 * Does something again and again while the page is shown. Where it fails, that is said once, and it ends; a server
 * that cannot be reached for a while is asked again.
 *
 * @param {() => any} look
 * @param {number} pause in milliseconds
 */
export function useEvery(look, pause) {
    let timer;
    onMounted(() => {
        timer = setInterval(async () => {
            try {
                await look();
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    clearInterval(timer);
                }
                throw error;
            }
        }, pause);
    });
    onWillUnmount(() => clearInterval(timer));
}

/**
 * Keeps a record on the screen up to date while the server works on it. What the user
 * is changing is left alone, and a slow server is not asked again before it has answered.
 *
 * @param {() => boolean} isRunning whether there is anything to wait for
 */
export function useRefreshWhile(isRunning) {
    const component = useComponent();
    let isLoading = false;

    async function refresh() {
        const { record } = component.props;
        if (isLoading || record.dirty || !isRunning()) {
            return;
        }
        isLoading = true;
        try {
            await record.load();
        } finally {
            isLoading = false;
        }
    }

    useEvery(refresh, REFRESH);
}

/**
 * Brings a page up to date when the server says that something has come.
 *
 * @param {string} type of what the server sends
 * @param {() => any} refresh
 */
export function useRefreshOn(type, refresh) {
    const bus = useService("bus_service");
    onMounted(() => bus.subscribe(type, refresh));
    onWillUnmount(() => bus.unsubscribe(type, refresh));
}
