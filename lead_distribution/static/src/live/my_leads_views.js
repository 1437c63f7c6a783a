import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { GiveMeLeads } from "../pull/give_me_leads";
import { useRefreshOn } from "../refresh/refresh";
import { NEW_LEADS } from "./new_leads_service";

/** The pages of one's own leads, which show a new one as it comes. */
class MyLeadsListController extends ListController {
    static template = "lead_distribution.MyLeadsList";
    static components = { ...ListController.components, GiveMeLeads };

    setup() {
        super.setup();
        useRefreshOn(NEW_LEADS, () => {
            const { editedRecord, selection } = this.model.root;
            if (!editedRecord && !selection.length) {
                return this.model.load();
            }
        });
    }
}

class MyLeadsKanbanController extends KanbanController {
    static template = "lead_distribution.MyLeadsKanban";
    static components = { ...KanbanController.components, GiveMeLeads };

    setup() {
        super.setup();
        useRefreshOn(NEW_LEADS, () => this.model.load());
    }
}

const views = registry.category("views");
views.add("lead_distribution_my_leads_list", { ...listView, Controller: MyLeadsListController });
views.add("lead_distribution_my_leads_kanban", { ...kanbanView, Controller: MyLeadsKanbanController });
