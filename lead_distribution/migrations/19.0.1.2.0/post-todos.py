"""To-dos know what they are about, so that they are closed when it is over: those that are there already, too."""

TITLES = (
    ("Lead distribution failed", "failed"),
    ("Leads could not be dropped back", "dropback"),
    ("Verification found problems", "problems"),
    ("Import of leads failed", "import"),
)


def migrate(cr, version):
    if not version:
        return
    for title, kind in TITLES:
        cr.execute(
            "UPDATE mail_activity SET lead_distribution_todo = CASE WHEN %(kind)s = 'failed' "
            "AND note LIKE '%%Nobody can receive leads%%' THEN 'nobody' ELSE %(kind)s END "
            "WHERE res_model = 'lead.distribution.campaign' AND summary = %(title)s AND lead_distribution_todo IS NULL",
            {"kind": kind, "title": title},
        )
