import { registry } from "@web/core/registry";

const STEPS = [
    {
        content: "It says what there is to hand over",
        trigger: ".modal div[name=holds]:contains(3 leads, 1 opportunity, 1 planned activity)",
    },
    {
        content: "To people, not by a campaign",
        trigger: ".modal div[name=way] input[data-value=people]",
        run: "click",
    },
    {
        trigger: ".modal div[name=people_ids] input",
        run: "edit Bob",
    },
    {
        trigger: ".o-autocomplete--dropdown-item a:contains(Bob)",
        run: "click",
    },
    {
        trigger: ".modal div[name=people_ids]:contains(Bob)",
    },
    {
        trigger: ".modal button[name=action_plan]",
        run: "click",
    },
    {
        content: "The plan says who gets how many",
        trigger: ".modal div[name=summary]:contains(4 of 4 leads go to 1 person)",
    },
    {
        trigger: ".modal .o_data_row:contains(Bob) td[name=leads_received]:contains(4)",
    },
    {
        trigger: ".modal button[name=action_apply]",
        run: "click",
    },
    {
        content: "The run is done",
        trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
    },
];

registry.category("web_tour.tours").add("lead_distribution_handover_by_archiving", {
    steps: () => [
        {
            content: "Archive the user",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(/^Archive$/)",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        ...STEPS,
    ],
});

registry.category("web_tour.tours").add("lead_distribution_handover_from_the_user", {
    steps: () => [
        {
            trigger: "button[name=action_hand_over]:contains(4)",
            run: "click",
        },
        ...STEPS,
        {
            content: "Taken back again",
            trigger: "button[name=action_ask_revert]:contains(Revert)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_revert]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Reverted)",
        },
    ],
});
