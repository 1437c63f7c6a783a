import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("lead_distribution_campaign_form", {
    steps: () => [
        {
            content: "A new campaign says already what it would do",
            trigger: ".o_field_widget[name=in_words]:contains(Runs when somebody starts it)",
        },
        {
            content: "Save without a name",
            trigger: ".o_form_view .o_form_button_save:not(:visible), .o_form_button_save",
            run: "click",
        },
        {
            content: "The message names the field",
            trigger: ".o_notification:contains(Please fill in: Name)",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Typed in",
        },
        {
            trigger: "a[name=sharing]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=max_daily] input",
            run: "edit 7 && press Tab",
        },
        {
            content: "The words follow while one edits",
            trigger: ".o_field_widget[name=in_words]:contains(Nobody can receive them)",
        },
        {
            trigger: "a[name=leads]",
            run: "click",
        },
        {
            content: "The leads are counted before anything is saved",
            trigger: ".o_ld_live_funnel[aria-busy=false] .o_ld_found:contains(/^4$/)",
        },
        {
            content: "All leads, whoever has them",
            trigger: ".o_field_widget[name=pool_mode] .o_radio_item:contains(whoever) input",
            run: "click",
        },
        {
            content: "are more",
            trigger: ".o_ld_live_funnel[aria-busy=false] .o_ld_found:contains(/^7$/)",
        },
        {
            content: "Rare options are folded away",
            trigger: "details[name=more_dnc]:not([open]) summary",
            run: "click",
        },
        {
            content: "Add a do-not-call row",
            trigger: "div[name=dnc_filter_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal div[name=values_text] textarea",
            run: "edit not_me",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "Saved: the rows are where they were",
            trigger:
                ".o_form_saved div[name=dnc_filter_ids] .o_data_row:contains(not_me), div[name=dnc_filter_ids] .o_data_row:contains(not_me)",
        },
        {
            trigger: "body:has(button[name=action_simulate]) div[name=dnc_filter_ids]:has(.o_data_row:eq(2))",
        },
        {
            content: "and no do-not-call row became a filter",
            trigger: "div[name=filter_ids]:not(:has(.o_data_row))",
        },
    ],
});
