"""Count what reverted runs have not put back: their pages offer to try again."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        "UPDATE lead_distribution_run r SET leads_kept = k.number FROM (SELECT run_id, count(*) AS number "
        "FROM lead_distribution_assignment WHERE state = 'done' GROUP BY run_id) k "
        "WHERE k.run_id = r.id AND r.state = 'reverted' AND r.origin <> 'import'"
    )
