import { registry } from "@web/core/registry";

const DECLINE = {
    content: "Decline",
    trigger: ".modal button[name=action_give_back]",
    run: "click",
};

registry.category("web_tour.tours").add("lead_distribution_decline", {
    steps: () => [
        {
            content: "A lead that came",
            trigger: ".o_data_row:contains(Lead 0) .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_ask_decline]",
            run: "click",
        },
        { trigger: ".modal .modal-title:contains(Decline: Lead 0)" },
        { trigger: ".modal:contains(The next one of “Voice” gets it)" },
        {
            content: "Why",
            trigger: ".modal .o_radio_item:contains(Not my subject) input",
            run: "click",
        },
        DECLINE,
        {
            content: "It is said that it is done",
            trigger: ".o_notification:contains(1 lead declined.)",
        },
        {
            content: "On with the own leads, from the beginning",
            trigger: ".o_list_view:not(:contains(Lead 0)):contains(Lead 1)",
        },
        { trigger: ".o_control_panel:not(:has(.o_back_button, .breadcrumb-item)):contains(My New Leads)" },
        {
            content: "Two at once",
            trigger: ".o_data_row:contains(Lead 1) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Lead 2) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_ask_decline]",
            run: "click",
        },
        { trigger: ".modal .modal-title:contains(Decline: 2 leads)" },
        {
            trigger: ".modal .o_radio_item:contains(Speaks another language) input",
            run: "click",
        },
        DECLINE,
        { trigger: ".o_notification:contains(2 leads declined.)" },
        { trigger: ".o_list_view:not(:contains(Lead 1)):contains(Lead 3)" },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_decline_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Lead 0)",
            run: "click",
        },
        {
            content: "Buttons are folded away here",
            trigger: ".o_form_view .o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            trigger: "button[name=action_ask_decline]",
            run: "click",
        },
        {
            content: "In a few words",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit On holiday from tomorrow",
        },
        DECLINE,
        { trigger: ".o_notification:contains(1 lead declined.)" },
        { trigger: ".o_kanban_view:not(:contains(Lead 0))" },
    ],
});
