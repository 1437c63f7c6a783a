import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_by_hand", {
    steps: () => [
        {
            content: "Select all leads",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(/^Distribute$/)",
            run: "click",
        },
        {
            content: "To people, not by a campaign",
            trigger: ".modal div[name=way] input[data-value=people]",
            run: "click",
        },
        {
            trigger: ".modal div[name=people_ids] input",
            run: "edit Ann",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Ann)",
            run: "click",
        },
        {
            content: "One each in turn is chosen",
            trigger: ".modal div[name=people_ids]:contains(Ann)",
        },
        {
            trigger: ".modal button[name=action_plan]",
            run: "click",
        },
        {
            content: "The plan says who gets how many",
            trigger: ".modal div[name=summary]:contains(2 of 3 selected leads go to 1 person)",
        },
        {
            content: "and what speaks against others, with what they have",
            trigger: ".modal .o_data_row:contains(Held lead: with Cem since)",
        },
        {
            content: "Hand out anyway",
            trigger: ".modal .o_data_row:contains(Held lead) td[name=override] input",
            run: "click",
        },
        {
            trigger: ".modal button:contains(Plan again)",
            run: "click",
        },
        {
            content: "The plan counts it now",
            trigger: ".modal div[name=summary]:contains(3 of 3 selected leads go to 1 person)",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The run is done",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
        },
        {
            trigger: "button[name=action_view_assignments]",
            run: "click",
        },
        {
            content: "The history names who did it although what",
            trigger: ".o_list_view .o_data_row:contains(Handed out by Mia anyway, although)",
        },
    ],
});
