import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_waiting", {
    steps: () => [
        { content: "Since when, and why", trigger: ".o_data_row:contains(12 min):contains(Nobody is there):contains(Ann is away until Monday)" },
        { trigger: ".o_data_row:contains(3 h):contains(Everybody is full)" },
        { content: "One lead", trigger: ".o_data_row:contains(12 min) button[name=action_try_now]", run: "click" },
        { content: "What came of it is said", trigger: ".o_notification:contains(Handed out: 1)" },
        { content: "It waits no more", trigger: "body:not(:has(.o_data_row:contains(12 min)))" },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_who_is_there", {
    steps: () => [
        { trigger: ".oe_stat_button:contains(Who is there)", run: "click" },
        { content: "Who is there, and next", trigger: ".o_ld_person_row[data-person=Ann][data-kind=there]" },
        { content: "Who is not, and why", trigger: ".o_ld_person_row[data-person=Bob][data-kind=away]:contains(Dentist)" },
        { trigger: ".o_ld_person_row[data-person=Bob] .o_ld_time_absence" },
        { content: "The campaign it was opened from", trigger: "select[name=campaign]:has(option:checked:contains(Voice))" },
        { trigger: ".o_ld_person_row[data-person=Ann] button", run: "click" },
        { content: "Their row in the campaign", trigger: ".o_list_view .o_data_row:contains(Ann)" },
    ],
});
