import { registry } from "@web/core/registry";

/** Somebody fills in the form of the website; the salesperson, who has Odoo open, hears of it and opens the lead. */
registry.category("web_tour.tours").add("lead_distribution_website_form", {
    steps: () => [
        {
            content: "the form of the website is sent",
            trigger: ".o_web_client .o_main_navbar",
            run: async () => {
                const form = new FormData();
                const values = {
                    csrf_token: odoo.csrf_token,
                    contact_name: "Vera Visitor",
                    email_from: "vera@example.com",
                    phone: "+32 2 290 34 90",
                    name: "Solar roof",
                };
                Object.entries(values).forEach(([name, value]) => form.append(name, value));
                const answer = await fetch("/website/form/crm.lead", { method: "POST", body: form });
                if (!(await answer.json()).id) {
                    throw new Error("The website did not take the form");
                }
            },
        },
        {
            content: "seconds later it is on the screen",
            trigger: ".o_notification:contains(New lead):contains(Vera Visitor):contains(+32 2 290 34 90)",
            timeout: 60000, // the machine of the tests may be busy
        },
        {
            trigger: ".o_notification:contains(New lead) button:contains(Show)",
            run: "click",
        },
        {
            content: "it opens the lead",
            trigger: ".o_form_view .o_field_widget[name=name]:contains(Solar roof), .o_form_view .o_field_widget[name=name] :value(Solar roof)",
        },
        {
            content: "which is theirs",
            trigger: ".o_form_view .o_field_widget[name=user_id]:contains(Walker), .o_form_view .o_field_widget[name=user_id] input:value(Walker)",
        },
    ],
});
