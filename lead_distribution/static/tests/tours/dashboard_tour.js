import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_dashboard", {
    steps: () => [
        {
            content: "The figures of the run are there",
            trigger: ".o_ld_tile[data-key=distributed] .o_ld_value:contains(4)",
        },
        {
            content: "What was left over needs attention",
            trigger: ".o_ld_attention .o_ld_item:contains(Limit of the run reached)",
        },
        {
            content: "A shorter period",
            trigger: "select[name=days]",
            run: "select 7",
        },
        {
            content: "One campaign",
            trigger: "select[name=campaign]",
            run: "selectByLabel Voice",
        },
        {
            content: "The funnel ends with what was handed out",
            trigger: ".o_ld_bar_row[data-name='Handed out']:contains(4)",
        },
        {
            content: "Who gets leads of a kind next, and why",
            trigger: ".o_ld_next li:contains(turns)",
        },
        {
            trigger: ".o_ld_next select[name=priority]",
            run: "selectByLabel High",
        },
        {
            trigger: ".o_ld_next li:nth-child(3):contains(turns)",
        },
        {
            content: "Open what is behind a number",
            trigger: ".o_ld_tile[data-key=distributed]",
            run: "click",
        },
        {
            content: "The list has as many rows",
            trigger: ".o_list_view .o_data_row:nth-child(4):contains(Lead)",
        },
        {
            content: "Back, as the browser does it",
            trigger: ".o_list_view",
            run: () => history.back(),
        },
        {
            content: "The period is as it was",
            trigger: "select[name=days]:value(7)",
        },
        {
            content: "And the campaign",
            trigger: "select[name=campaign]:has(option:checked:contains(Voice))",
        },
        {
            content: "Dark colours",
            trigger: ".o_ld_light .o_ld_theme",
            run: "click",
        },
        {
            content: "And light ones again",
            trigger: ".o_ld_dark .o_ld_theme",
            run: "click",
        },
        {
            content: "Open the leads left over",
            trigger: ".o_ld_light .o_ld_attention .o_ld_item:contains(Limit of the run reached)",
            run: "click",
        },
        {
            content: "One lead was left",
            trigger: ".o_list_view .o_data_row:contains(Lead)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_reports", {
    steps: () => [
        {
            content: "The report of the day is on the screen",
            trigger: "[name=preview]:contains(Leads handed out):contains(4)",
        },
        {
            content: "The trend instead",
            trigger: "[name=kind] input, select#kind_0",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o_select_menu_item:contains(Trend), option:contains(Trend)",
            run: "click",
        },
        {
            content: "It is drawn anew",
            trigger: "[name=preview]:contains(Against the period before)",
        },
        {
            content: "Send it to oneself",
            trigger: "button[name=action_mail]",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_notification:contains(The report goes to)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_dashboard_phone", {
    steps: () => [
        {
            content: "What needs attention stands above the figures",
            trigger: ".o_ld_attention .o_ld_item:contains(Limit of the run reached)",
            run() {
                const top = (selector) => document.querySelector(selector).getBoundingClientRect().top;
                if (top(".o_ld_attention") >= top(".o_ld_figures")) {
                    throw new Error("The figures come first");
                }
            },
        },
        {
            content: "Every line of the load can be read whole, and its bar has a length",
            trigger: ".o_ld_bar_row .o_ld_track",
            run() {
                for (const row of document.querySelectorAll(".o_ld_bar_row")) {
                    const isCut = [...row.querySelectorAll(".o_ld_bar_value, .o_ld_bar_value *")].some(
                        (part) => part.getBoundingClientRect().right > window.innerWidth
                    );
                    if (isCut || row.querySelector(".o_ld_track").offsetWidth < 100) {
                        throw new Error(`No room for: ${row.innerText}`);
                    }
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_send_report", {
    steps: () => [
        {
            content: "Send the report",
            trigger: ".o_form_view button:contains(Send report)",
            run: "click",
        },
        {
            content: "It says to whom",
            trigger: ".modal [name=user_ids]:contains(Mia)",
        },
        {
            content: "Do it",
            trigger: ".modal button[name=action_send]",
            run: "click",
        },
        {
            content: "It says that it did",
            trigger: ".o_notification:contains(The report goes to Mia)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_verify", {
    steps: () => [
        {
            content: "Verify",
            trigger: ".o_form_view button[name=action_verify]",
            run: "click",
        },
        {
            content: "One lead has nobody",
            trigger: ".modal .alert-danger:contains(1)",
        },
        {
            content: "Open it",
            trigger: ".modal [name=line_ids] button[name=action_open]",
            run: "click",
        },
        {
            content: "The lead",
            trigger: ".o_list_view .o_data_row:contains(Lead)",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_new_leads", {
    steps: () => [
        {
            content: "Exactly the leads of the message",
            trigger: ".o_list_view .o_data_row:contains(Lead)",
        },
        {
            content: "Open one",
            trigger: ".o_list_view .o_data_row:contains(Lead) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "It is a form",
            trigger: ".o_form_view [name=name]",
        },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_my_dashboard", {
    steps: () => [
        {
            content: "My new leads",
            trigger: ".o_ld_new .o_ld_item:contains(Lead)",
        },
        {
            content: "No campaign to choose, nobody else's numbers",
            trigger: ".o_ld_dashboard:not(:has(select[name=campaign])):contains(My load)",
        },
        {
            content: "Open one",
            trigger: ".o_ld_new .o_ld_item",
            run: "click",
        },
        {
            content: "The lead",
            trigger: ".o_form_view [name=name]",
        },
    ],
});
