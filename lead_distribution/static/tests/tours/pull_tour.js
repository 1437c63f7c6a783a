import { registry } from "@web/core/registry";

const ASK = {
    content: "Give me leads",
    trigger: ".o_control_panel .o_ld_pull",
    run: "click",
};
const TAKE = {
    content: "Take them",
    trigger: ".modal button[name=action_pull]",
    run: "click",
};

registry.category("web_tour.tours").add("lead_distribution_pull", {
    steps: () => [
        { trigger: ".o_view_nocontent:contains(No new lead waits for you)" },
        ASK,
        {
            content: "Two campaigns: this one",
            trigger: ".modal .o_radio_item:contains(Voice) input",
            run: "click",
        },
        {
            content: "So many",
            trigger: ".modal .o_field_widget[name=count] input",
            run: "edit 3",
        },
        TAKE,
        { trigger: ".o_notification:contains(3 leads are yours now)" },
        {
            content: "What came",
            trigger: ".o_breadcrumb:contains(Your new leads)",
        },
        {
            trigger: ".o_list_view:has(.o_data_row:nth-child(3)):not(:has(.o_data_row:nth-child(4)))",
        },
        {
            content: "Once more, from here",
            ...ASK,
        },
        TAKE,
        { trigger: ".o_notification:contains(1 lead is yours now. There are no more for you now.)" },
        {
            content: "The lead itself",
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_pull_phone", {
    steps: () => [
        ASK,
        TAKE,
        { trigger: ".o_notification:contains(4 leads are yours now)" },
        { trigger: ".o_kanban_record:contains(Lead)" },
        {
            content: "Nothing is left",
            ...ASK,
        },
        TAKE,
        { trigger: ".o_notification:contains(There is nothing to take now)" },
    ],
});
