"""A campaign has one run that is being applied: of several the oldest goes on, the others wait for somebody."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        "UPDATE lead_distribution_run r SET state = 'failed', error = 'Stopped: another run of this campaign was "
        "being applied, too. Press “Go on” when that one has ended.' WHERE state = 'applying' AND origin <> 'import' "
        "AND EXISTS (SELECT FROM lead_distribution_run o WHERE o.campaign_id = r.campaign_id "
        "AND o.state = 'applying' AND o.origin <> 'import' AND o.id < r.id)"
    )
