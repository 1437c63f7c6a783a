{
    "name": "Lead Distribution: Job Queue",
    "summary": "Runs, imports and leads as they come as jobs of OCA's queue_job: many workers, many machines",
    "version": "19.0.1.1.0",
    "category": "Sales/CRM",
    "author": "Lead Distribution",
    "license": "LGPL-3",
    "development_status": "Beta",
    "installable": True,
    "depends": ["lead_distribution", "queue_job"],
    "data": [
        "data/queue_job_data.xml",
        "data/allow_commit.xml",
        "views/lead_distribution_run_views.xml",
        "views/lead_import_batch_views.xml",
    ],
    # no data: what the tests hold the rights of everybody against
    "oca_data_manual": ["security/rights.csv"],
    "auto_install": True,
}
