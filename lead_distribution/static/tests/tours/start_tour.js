import { registry } from "@web/core/registry";

let clicks = 0;

/** A click that counts: from New to an applied run there are at most eight. */
function click() {
    return (helpers) => {
        clicks += 1;
        if (clicks > 8) {
            throw new Error("More than 8 clicks from New to an applied run");
        }
        return helpers.click();
    };
}

const start = () => [
    {
        content: "New",
        trigger: ".o_kanban_view .o-kanban-button-new",
        run: click(),
    },
    {
        content: "The one text",
        trigger: ".modal div[name=name] input",
        run: "edit First",
    },
    { trigger: ".modal .o_ld_next", run: click() },
    {
        content: "People are listed with what they have; those who sell are chosen",
        trigger: ".modal .o_ld_start_people tr[data-person=Ann] input:checked",
    },
    { trigger: ".modal .o_ld_start_people [data-group=Everybody]" },
    { trigger: ".modal .o_ld_next", run: click() },
    {
        content: "Nobody's leads, with their count",
        trigger: ".modal div[name=count_unassigned]:contains(5)",
    },
    { trigger: ".modal div[name=found]:contains(5)" },
    { trigger: ".modal .o_ld_next", run: click() },
    { trigger: ".modal .o_ld_way_chosen[data-way=round_robin]" },
    { trigger: ".modal .o_ld_next", run: click() },
    { content: "By hand", trigger: ".modal div[name=frequency] input:checked" },
    {
        content: "The plan",
        trigger: ".modal button[name=action_plan]",
        run: click(),
    },
    {
        content: "Nothing has changed yet",
        trigger: "body:not(:has(.modal)) .alert:contains(This is a dry run)",
    },
    { trigger: ".o_ld_person[data-user=Ann]:contains(+)" },
    {
        content: "Apply",
        trigger: "button[name=action_start]",
        run: click(),
    },
    {
        trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
    },
];

registry.category("web_tour.tours").add("lead_distribution_first_hour", { steps: start });

registry.category("web_tour.tours").add("lead_distribution_start_back_and_forth", {
    steps: () => [
        { trigger: ".o_kanban_view .o-kanban-button-new", run: "click" },
        { content: "Without a name one stays", trigger: ".modal .o_ld_next", run: "click" },
        { trigger: ".o_notification:contains(Give the campaign a name)" },
        { trigger: ".modal div[name=name] input", run: "edit Second" },
        { trigger: ".modal .o_ld_next", run: "click" },
        { content: "Search", trigger: ".modal .o_ld_start_people input[type=search]", run: "edit bob" },
        { trigger: ".modal .o_ld_start_people:not(:has(tr[data-person=Ann])) tr[data-person=Bob]", run: "click" },
        { trigger: ".modal .o_ld_start_people:contains(2 people chosen)" },
        { trigger: ".modal .o_ld_next", run: "click" },
        { content: "Nothing is found, and why", trigger: ".modal .o_ld_obstacles li[data-obstacle=date]" },
        { trigger: ".modal .o_ld_obstacles button[data-mend=any_age]:contains(finds 4 leads)", run: "click" },
        { trigger: ".modal div[name=found]:contains(4)" },
        { trigger: ".modal:not(:has(.o_ld_obstacles))" },
        { trigger: ".modal .o_ld_next", run: "click" },
        { trigger: ".modal .o_ld_start_ways button:contains(More ways)", run: "click" },
        { trigger: ".modal [data-way=random]", run: "click" },
        { content: "Back, twice", trigger: ".modal .o_ld_back", run: "click" },
        { trigger: ".modal div[name=found]:contains(4)" },
        { trigger: ".modal [data-step=people]", run: "click" },
        { content: "The answers are kept", trigger: ".modal .o_ld_start_people:contains(2 people chosen)" },
        { trigger: ".modal .o_form_button_cancel, .modal button[special=cancel]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_kanban_view" },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_mend_the_plan", {
    steps: () => [
        { content: "The campaign says what is in the way", trigger: ".o_form_view .o_ld_obstacles li[data-obstacle=type]" },
        { trigger: "button[name=action_simulate]", run: "click" },
        { content: "and so does the plan", trigger: ".o_ld_overview, .o_field_widget[name=overview]" },
        { trigger: ".o_ld_obstacles button[data-mend=take_both]:contains(finds 3 leads)", run: "click" },
        { content: "One click later it is a plan", trigger: ".alert:contains(This is a dry run)" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)" },
    ],
});
