import { registry } from "@web/core/registry";

const choose = (field, text) => [
    { content: `Open ${field}`, trigger: `.o_field_widget[name=${field}] input`, run: "click" },
    { trigger: `.o_select_menu_item:contains(${text}), .o-dropdown-item:contains(${text})`, run: "click" },
];

registry.category("web_tour.tours").add("lead_distribution_experiment_plan", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { content: "The campaign", trigger: "div[name=campaign_id] input", run: "edit Voice" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Voice)", run: "click" },
        ...choose("strategy_b", "Random"),
        { content: "How many leads it takes", trigger: "div[name=plan_words]:contains(leads)" },
        { trigger: "div[name=planned_leads] input", run: "edit 1000" },
        { content: "Way B has settings of its own", trigger: "button[name=action_open_way_b]", run: "click" },
        { trigger: ".o_form_view .alert:contains(leads of way B)" },
        { trigger: "div[name=max_daily] input", run: "edit 300" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_button_create, .o_form_status_indicator_buttons.invisible" },
        { trigger: ".breadcrumb-item a:contains(Which way), .o_back_button", run: "click" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Running)" },
        { content: "Nothing yet", trigger: ".o_ld_verdict:contains(Not yet: 0 of 1,000 leads)" },
        { content: "To the campaign", trigger: ".o_field_widget[name=campaign_id] a:contains(Voice)", run: "click" },
        { trigger: ".alert:contains(An experiment deals the leads of this campaign)" },
        { trigger: "button[name=action_distribute]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)" },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_experiment_look", {
    steps: () => [
        { trigger: ".o_data_row:contains(Running) .o_data_cell[name=name]", run: "click" },
        { content: "The numbers are there", trigger: "[data-way=b] .o_ld_side_figures:contains(leads)" },
        { content: "and no verdict", trigger: ".o_ld_verdict.alert-secondary:contains(Not yet)" },
        { trigger: ".o_ld_experiment:not(:has(.o_ld_better))" },
        { content: "Who got the leads of B", trigger: "[data-way=b] .o_ld_side_figures button", run: "click" },
        { trigger: ".o_searchview .o_facet_value:contains(Way B)" },
        { trigger: ".o_data_row" },
    ],
});

registry.category("web_tour.tours").add("lead_distribution_experiment_read", {
    steps: () => [
        { trigger: ".o_data_row:contains(Ended) .o_data_cell[name=name]", run: "click" },
        { content: "The verdict", trigger: ".o_ld_verdict.alert-success:contains(more)" },
        { trigger: "[data-way=b].o_ld_better" },
        { trigger: ".o_ld_measures tr[data-measure=revenue]" },
        { content: "Alike?", trigger: ".o_ld_balance summary", run: "click" },
        { trigger: ".o_ld_balance details[open] td" },
        { content: "Print", trigger: "button[name=action_download]:contains(Print)", run: "click" },
        { content: "Where there is no program for PDF, a page", trigger: ".modal:contains(wkhtmltopdf) button:contains(Close), .modal:contains(wkhtmltopdf) button:contains(Cancel), .modal:contains(wkhtmltopdf) .btn-close", run: "click" },
        { content: "Use way B", trigger: "body:not(:has(.modal)) button[name=action_adopt]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: ".o_form_view .nav-link:contains(Sharing)", run: "click" },
        { content: "The campaign has the way now", trigger: ".o_field_widget[name=strategy] input:value(In proportion to conversions)" },
    ],
});
