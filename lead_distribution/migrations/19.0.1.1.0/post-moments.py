"""Reverting put back the moments of an earlier run without their microseconds: they are those of its row again."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        UPDATE crm_lead l
           SET distributed_on = a.applied_on,
               received_on = CASE WHEN l.received_on = l.distributed_on THEN a.applied_on ELSE l.received_on END
          FROM lead_distribution_assignment a
         WHERE a.lead_id = l.id AND a.state = 'done' AND a.campaign_id = l.distribution_campaign_id
           AND l.distributed_on = date_trunc('second', a.applied_on) AND l.distributed_on <> a.applied_on
        """
    )
