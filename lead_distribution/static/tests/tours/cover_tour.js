import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_cover", {
    steps: () => [
        {
            content: "How many leads Ann has, and that nobody takes them over so far",
            trigger: ".o_form_view div[name=open_leads]:contains(4)",
        },
        {
            trigger: ".o_form_view .text-muted:contains(Those already held stay)",
        },
        {
            trigger: ".o_form_view div[name=cover] input[data-value=user]",
            run: "click",
        },
        {
            trigger: ".o_form_view .text-muted:contains(come back as they were)",
        },
        {
            trigger: ".o_form_view div[name=cover_user_id] input",
            run: "edit Bob",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Bob)",
            run: "click",
        },
        {
            content: "The plan is saved with the absence, and opens",
            trigger: "button[name=action_plan_cover]:contains(Look at the plan)",
            run: "click",
        },
        {
            trigger: ".o_form_view .oe_title:contains(cover of Ann)",
        },
        {
            content: "Nothing has happened yet",
            trigger: ".o_form_view .alert:contains(dry run)",
        },
        {
            trigger: ".o_data_row:contains(Bob)",
        },
        {
            trigger: ".breadcrumb-item a:contains(Ann), .o_back_button",
            run: "click",
        },
        {
            content: "The absence waits for its first day",
            trigger: ".o_form_view .o_statusbar_status button[data-value=waiting].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_cover_back", {
    steps: () => [
        {
            trigger: ".o_form_view .o_statusbar_status button[data-value=covered].o_arrow_button_current",
        },
        {
            trigger: "button[name=action_plan_cover]:contains(What would come back)",
            run: "click",
        },
        {
            content: "Bob has worked on one of them",
            trigger: ".o_form_view .oe_title:contains(back to Ann)",
        },
        {
            trigger: ".o_form_view:contains(Somebody has worked on them)",
        },
    ],
});
