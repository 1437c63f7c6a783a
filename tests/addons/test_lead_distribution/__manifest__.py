{
    "name": "Lead Distribution: extension test",
    "summary": "A strategy and a rule that another addon adds, without changing Lead Distribution",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Lead Distribution",
    "license": "LGPL-3",
    "depends": ["lead_distribution"],
    "installable": True,
}
