import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_pause", {
    steps: () => [
        {
            content: "Leads come",
            trigger: ".o_ld_presence_switch[aria-label='I receive leads'] .fa-toggle-on",
            run: "click",
        },
        {
            trigger: ".o_ld_presence_panel #o_ld_pause_reason",
            run: "edit Lunch",
        },
        {
            trigger: ".o_ld_pause:contains(1 hour)",
            run: "click",
        },
        {
            content: "The switch is off, and says until when",
            trigger: ".o_ld_presence_switch[aria-label^='Paused until'] .fa-toggle-off",
            run: "click",
        },
        {
            trigger: ".o_ld_presence_panel:contains(Lunch)",
        },
        {
            trigger: ".o_ld_resume",
            run: "click",
        },
        {
            trigger: ".o_ld_presence_switch[aria-label='I receive leads']",
            run: "click",
        },
        {
            content: "Without an end",
            trigger: ".o_ld_pause:contains(Until I switch it on)",
            run: "click",
        },
        {
            trigger: ".o_ld_presence_switch[aria-label='Paused']",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_absence", {
    steps: () => [
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view div[name=reason] input",
            run: "edit Fair in Ghent",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Absences)",
            run: "click",
        },
        {
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            content: "The absence stands in the calendar, with the person and the reason",
            trigger: ".o_calendar_view .fc-event:contains(Ann: Fair in Ghent)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_pause_others", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Ann) button:contains(Pause)",
            run: "click",
        },
        {
            trigger: ".modal div[name=how_long] input[data-value=open]",
            run: "click",
        },
        {
            trigger: ".modal div[name=reason] input",
            run: "edit Training",
        },
        {
            trigger: ".modal button[name=action_pause]",
            run: "click",
        },
        {
            content: "The row says so, and offers the way back",
            trigger: ".o_data_row:contains(Ann):contains(paused until further notice) button[name=action_resume]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Ann) button:contains(Pause)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_given", {
    steps: () => [
        {
            content: "Choose somebody who is away, in a form",
            trigger: ".o_field_widget[name=user_id] input",
            run: "edit Ann",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Ann)",
            run: "click",
        },
        {
            content: "It is told before it is saved",
            trigger: ".o_notification:contains(Ann is away until)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "and stops nothing",
            trigger: ".o_form_saved",
        },
    ],
});
