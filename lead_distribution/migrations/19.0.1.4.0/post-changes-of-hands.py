"""Rows of before say how often their lead had changed hands, as new ones do."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE lead_distribution_assignment a SET handed_on = k.number FROM (
            SELECT id, CASE WHEN is_change THEN count(*) FILTER (WHERE is_change)
                       OVER (PARTITION BY lead_id ORDER BY id) ELSE 0 END AS number
              FROM (
                SELECT id, lead_id, kind IN ('distribution', 'fallback')
                       AND previous_user_id IS NOT NULL AND lead_id IS NOT NULL AS is_change
                  FROM lead_distribution_assignment WHERE state = 'done'
              ) d
        ) k WHERE k.id = a.id
        """
    )
