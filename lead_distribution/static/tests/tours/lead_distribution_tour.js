import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_daily_run", {
    steps: () => [
        {
            content: "The campaign shows that it has not run yet",
            trigger: ".o_kanban_record:contains(Voice):contains(Not run yet)",
        },
        {
            content: "Open the campaign",
            trigger: ".o_kanban_record:contains(Voice)",
            run: "click",
        },
        {
            content: "Simulate",
            trigger: ".o_form_view button[name=action_simulate]",
            run: "click",
        },
        {
            content: "The plan says that nothing was changed",
            trigger: ".alert:contains(This is a dry run)",
        },
        {
            content: "Everybody's bar is there",
            trigger: ".o_ld_person[data-user=Ann]:contains(+)",
        },
        {
            content: "The funnel ends with what was found",
            trigger: ".o_ld_step:contains(Found):contains(7)",
        },
        {
            content: "Apply",
            trigger: "button[name=action_start]",
            run: "click",
        },
        {
            content: "The run is done",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
        },
        {
            content: "Open its assignments",
            trigger: "button[name=action_view_assignments]",
            run: "click",
        },
        {
            content: "The history says why",
            trigger: ".o_list_view .o_data_row:contains(fewest turns):contains(Lead)",
        },
        {
            content: "Look at it by salesperson",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: ".o_kanban_group:contains(Bob) .o_kanban_record",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_revert", {
    steps: () => [
        {
            content: "Revert",
            trigger: "button[name=action_ask_revert]",
            run: "click",
        },
        {
            content: "It asks with counts and the reason",
            trigger: ".modal:contains(1 lead goes back):contains(1 stays):contains(has worked on the lead since)",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_revert]",
            run: "click",
        },
        {
            content: "It says what came of it",
            trigger: ".o_notification:contains(1 put back, 1 kept, because Mia has worked on the lead since)",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Reverted)",
        },
        {
            content: "The page goes on saying so",
            trigger: ".alert:contains(1 put back, 1 kept, because)",
        },
        {
            content: "No figure stands as if the leads were handed out",
            trigger: ".o_ld_figures:not(:has(.text-success)):contains(put back)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_filters", {
    steps: () => [
        {
            trigger: "a[name=leads]",
            run: "click",
        },
        {
            content: "Add a filter",
            trigger: "div[name=filter_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Type a source that exists",
            trigger: ".modal div[name=values_text] textarea",
            run: "edit tour_source",
        },
        {
            content: "and a pattern that fits nothing",
            trigger: ".modal div[name=wildcards_text] textarea",
            run: "edit nowhere*",
        },
        {
            content: "Leave the field",
            trigger: ".modal div[name=case_sensitive] input",
            run: "click",
        },
        {
            content: "The form says live which values fit",
            trigger: ".modal div[name=matching_values]:contains(tour_source)",
        },
        {
            content: "and which fit nothing",
            trigger: ".modal .alert:contains(nowhere)",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_simulate]",
            run: "click",
        },
        {
            content: "The funnel names the step; open its leads",
            trigger: ".o_ld_step[data-step=web_source] button",
            run: "click",
        },
        {
            content: "Open the lead",
            trigger: ".o_list_view .o_data_row:contains(Other lead) td[name=contact_name]",
            run: "click",
        },
        {
            trigger: "a[name=lead_distribution]",
            run: "click",
        },
        {
            content: "Why not this lead?",
            trigger: "button:contains(Why not this lead)",
            run: "click",
        },
        {
            content: "The answer names the step",
            trigger: ".modal .alert:contains(Web source not matched)",
        },
        {
            trigger: ".modal .o_data_row:contains(Web source not matched)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_line_up_and_comparison", {
    steps: () => [
        {
            content: "Who would get a lead that is typed in?",
            trigger: "button:contains(Who would get a lead)",
            run: "click",
        },
        {
            trigger: ".modal div[name=answer]:contains(One of these would get this lead now)",
        },
        {
            content: "A customer whom somebody knows",
            trigger: ".modal div[name=email_from] input",
            run: "edit known@acme.test && press Tab",
        },
        {
            content: "goes to that person, and the line-up says so",
            trigger: ".modal div[name=answer]:contains(Bob would get this lead now)",
        },
        {
            content: "Who cannot get it is there with the reason",
            trigger: ".modal .o_data_row:contains(Cem):contains(inactive in this campaign)",
        },
        {
            trigger: ".modal button:contains(Close)",
            run: "click",
        },
        {
            content: "Compare strategies",
            trigger: "body:not(:has(.modal)) button:contains(Compare strategies)",
            run: "click",
        },
        {
            trigger: "button[name=action_compare]",
            run: "click",
        },
        {
            content: "A chart",
            trigger: ".o_ld_comparison canvas",
        },
        {
            content: "and a table with everybody's leads",
            trigger: ".o_ld_comparison_table tbody tr:contains(Ann):contains(6)",
        },
        {
            content: "Use the column of the strategy that follows the targets",
            trigger: ".o_ld_comparison_table th:contains(In proportion to targets) .o_ld_adopt",
            run: "click",
        },
        {
            content: "The campaign has it now",
            trigger: ".o_form_view a[name=sharing]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=strategy] input:value('In proportion to targets')",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_run_of_a_salesperson", {
    steps: () => [
        {
            content: "The run shows the own sum",
            trigger: ".o_form_view .o_field_widget[name=own_received]:contains(2)",
        },
        {
            content: "And nobody else's, nor the figures of everybody",
            trigger:
                ".o_form_view:not(:has(.o_lead_distribution_overview)):not(:has(.o_data_row:contains(Bob)))",
        },
        {
            content: "Open the own leads of the run",
            trigger: ".o_statusbar_buttons button:contains(My leads of this run)",
            run: "click",
        },
        {
            content: "They are there",
            trigger: ".o_breadcrumb:contains(New leads from)",
        },
    ],
});
