{
    "name": "Lead Distribution: test beside addons of Odoo",
    "summary": "Leads from website forms, and approved time off, with Odoo's own addons for them",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Lead Distribution",
    "license": "LGPL-3",
    "depends": ["lead_distribution", "website_crm", "hr_holidays"],
    "assets": {"web.assets_tests": ["test_lead_distribution_live/static/tests/tours/**/*"]},
    "installable": True,
}
