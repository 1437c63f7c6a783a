import { registry } from "@web/core/registry";

const LINES = [
    "Full Name,E-mail,Phone,Country,Shoe size,Status",
    "Tour Person 1,tour1@example.com,+1 212 555 0101,USA,41,neu",
    "Tour Person 2,tour2@example.com,+1 212 555 0102,USA,42,neu",
    "Tour Person 3,tour3@example.com,+1 212 555 0103,USA,43,heiss",
    "Tour Person 4,tour4@example.com,+1 212 555 0104,USA,44,",
    ",,,USA,45,",
    "Twin,TOUR1@example.com,,USA,46,",
];

const at = (step) => `.o_arrow_button_current:contains(${step})`;

const next = (step, following) => [
    { content: `Leave “${step}”`, trigger: "button[name=action_next]", run: "click" },
    { content: `Come to “${following}”`, trigger: at(following) },
];

registry.category("web_tour.tours").add("lead_distribution_import", {
    steps: () => [
        { content: "There is a workbook to fill in", trigger: "a.o_ld_template[href$=leads]" },
        {
            content: "Choose the file",
            trigger: ".o_field_widget[name=file] .o_ld_drop",
            run() {
                const input = this.anchor.querySelector("input[type=file]");
                const transfer = new DataTransfer();
                transfer.items.add(new File([LINES.join("\n")], "tour.csv", { type: "text/csv" }));
                input.files = transfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { content: "It is there", trigger: ".o_field_widget[name=file] input[type=text]:value(tour.csv)" },
        ...next("File", "Columns"),
        {
            content: "Columns are guessed, with samples and how sure the guess is",
            trigger: ".o_data_row:contains(E-mail):contains(tour1@example.com):contains(Sure)",
        },
        { content: "Unused columns go to the notes", trigger: ".o_field_widget[name=keep_unmapped] input", run: "check" },
        ...next("Columns", "Values"),
        {
            content: "A word for new is guessed, and shown with how often it stands there",
            trigger: ".o_data_row:contains(neu):contains(2):contains(New):contains(Please check)",
        },
        { content: "Another is not known", trigger: ".o_data_row:contains(heiss):contains(Not known)" },
        { trigger: ".o_data_row:contains(heiss) td[name=status_id]", run: "click" },
        { trigger: ".o_selected_row [name=status_id] input", run: "edit Call" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Call Back)", run: "click" },
        ...next("Values", "Duplicates"),
        { content: "What became of it", trigger: ".o_ld_value:contains(heiss):contains(Call Back):contains(1 row)" },
        { content: "Four are new", trigger: ".o_ld_ready:contains(4)" },
        { content: "One is a duplicate", trigger: ".o_ld_skipped:contains(1)" },
        { content: "One has an error", trigger: ".o_ld_errors:contains(1)" },
        { content: "The reason is told", trigger: ".o_data_row:contains(There is no name)" },
        ...next("Duplicates", "Campaign & people"),
        { content: "Nobody is chosen yet", trigger: "button[name=action_next]", run: "click" },
        { content: "A campaign is needed", trigger: ".o_field_invalid[name=campaign_id]" },
        { content: "Choose the campaign", trigger: ".o_field_widget[name=campaign_id] input", run: "edit Voice" },
        { trigger: ".ui-autocomplete .dropdown-item:contains(Voice)", run: "click" },
        { content: "Its members are offered", trigger: ".o_data_row:contains(Ann)" },
        { content: "None is ticked", trigger: "button[name=action_next]", run: "click" },
        { content: "That is a clear error", trigger: ".modal:contains(at least one salesperson)" },
        { trigger: ".modal button.btn-primary", run: "click" },
        { content: "Tick all", trigger: "button[name=action_tick_all]", run: "click" },
        { trigger: ".o_data_row:contains(Ann) .o_boolean_toggle input:checked" },
        ...next("Campaign & people", "Preview"),
        { content: "Nothing is written yet", trigger: ".alert:contains(Nothing is written yet)" },
        { content: "The values are told here, too", trigger: ".o_ld_value:contains(neu):contains(New):contains(2 rows)" },
        { content: "Who would get how many", trigger: ".o_ld_share[data-user=Ann]:contains(+)" },
        { content: "Look back", trigger: "button[name=action_back]", run: "click" },
        { trigger: at("Campaign & people") },
        ...next("Campaign & people", "Preview"),
        { content: "Import", trigger: "button[name=action_start]", run: "click" },
        { content: "The result", trigger: ".o_ld_imported:contains(4)" },
        { content: "Each assignment is listed", trigger: ".o_data_row:contains(Tour Person 1):contains(by chance)" },
        { content: "Error rows can be had", trigger: "button[name=action_download_errors]" },
        { content: "Rows with a reason", trigger: ".nav-link:contains(Rows with a reason)", run: "click" },
        { trigger: ".o_data_row:contains(The same email or phone as in row 2)" },
        { content: "Undo", trigger: "button[name=action_undo]", run: "click" },
        { content: "Confirm", trigger: ".modal button.btn-primary", run: "click" },
        { content: "It is undone", trigger: ".alert:contains(that were removed: 4)" },
    ],
});
