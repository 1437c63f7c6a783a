{
    "name": "Lead Distribution: Privacy",
    "summary": "Odoo's privacy lookup finds and cleans imports, the history and reports of lead distribution, too",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Lead Distribution",
    "license": "LGPL-3",
    "depends": ["lead_distribution", "privacy_lookup"],
    "data": [],
    "auto_install": True,
}
