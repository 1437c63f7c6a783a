import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_my_leads_phone", {
    steps: () => [
        {
            content: "The lead is there, with a button that calls",
            trigger: ".o_kanban_record:contains(Viktor) a.o_ld_call[href='tel:+4930901820']",
        },
        {
            content: "One tap sets the status",
            trigger: ".o_kanban_record .o_ld_status_strip button:contains(Call Back)",
            run: "click",
        },
        {
            content: "It is set, and the lead is not new any more",
            trigger: ".o_kanban_record:not(:has([title='Not touched yet'])) button[aria-pressed=true]:contains(Call Back)",
        },
        {
            content: "Open the lead",
            trigger: ".o_kanban_record:contains(Viktor) .fw-bold",
            run: "click",
        },
        {
            content: "It can be called from here, too",
            trigger: ".o_form_view .o_ld_lead_on_phone a.o_ld_call[href='tel:+4930901820']",
        },
        {
            content: "And has its status here",
            trigger: ".o_form_view .o_ld_lead_on_phone button:contains(UTR)",
            run: "click",
        },
        {
            content: "Saved at once",
            trigger: ".o_form_view.o_form_saved button[aria-pressed=true]:contains(UTR), .o_form_saved button[aria-pressed=true]:contains(UTR)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_my_leads", {
    steps: () => [
        {
            content: "The lead that waits",
            trigger: ".o_data_row:contains(Lead):has(a.o_ld_call) .o_ld_status_menu button",
            run: "click",
        },
        {
            content: "Its new status",
            trigger: ".o-dropdown-item:contains(Call Back)",
            run: "click",
        },
        {
            content: "It is set; open the lead",
            trigger: ".o_data_row:has(.o_ld_status_menu button:contains(Call Back)) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "The status bar",
            trigger: ".o_form_view .o_statusbar_status button:contains(In Progress)",
            run: "click",
        },
        {
            content: "Saved at once",
            trigger: ".o_form_view .o_statusbar_status button[aria-checked=true]:contains(In Progress)",
        },
        {
            content: "Back: nothing is new any more",
            trigger: ".o_back_button, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "The page says what happens next",
            trigger: ".o_view_nocontent:contains(No new lead waits for you)",
        },
        {
            content: "All open ones",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(All my open leads)",
            run: "click",
        },
        {
            content: "The lead is among them",
            trigger: ".o_data_row:has(.o_ld_status_menu button:contains(In Progress))",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_put_back", {
    steps: () => [
        {
            content: "The message came before the revert: its link says what happened since",
            trigger: ".o_view_nocontent:contains(This lead was put back)",
        },
    ],
});
