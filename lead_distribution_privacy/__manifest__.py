{
    "name": "Lead Distribution: Privacy",
    "summary": "Odoo's privacy lookup finds and cleans imports, the history and reports of lead distribution, too",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Lead Distribution",
    "license": "LGPL-3",
    "development_status": "Beta",
    "installable": True,
    "depends": ["lead_distribution", "privacy_lookup"],
    "data": ["data/ir_actions_server_data.xml"],
    # no data: what the tests hold the rights of everybody against
    "oca_data_manual": ["security/rights.csv"],
    "auto_install": True,
}
