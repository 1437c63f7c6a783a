"""Rows of before say how often their lead had changed hands, as new ones do."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE lead_distribution_assignment a SET handed_on = k.number FROM (
            SELECT id, row_number() OVER (PARTITION BY lead_id ORDER BY id) AS number
              FROM lead_distribution_assignment
             WHERE state = 'done' AND kind IN ('distribution', 'fallback')
               AND previous_user_id IS NOT NULL AND lead_id IS NOT NULL
        ) k WHERE k.id = a.id
        """
    )
