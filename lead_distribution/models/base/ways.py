"""The hooks of campaigns, for the rooms that hand out small parts of leads."""

from ...day.ways import Ways


def get_ways(campaign):
    """Return the ``day.ways.Ways`` of a campaign, as the person reads them who is responsible for it."""
    if campaign.company_id:
        campaign = campaign.with_company(campaign.company_id)
    campaign = campaign.with_context(lang=campaign.user_id.lang or "en_US")  # who reads why leads wait
    return Ways(
        campaign=campaign,
        get_steps=campaign._get_filter_steps,
        get_rule_fields=campaign._get_rule_fields,
        select=campaign._select_members,
        decide=campaign._decide,
        get_warnings=campaign._get_warnings,
        get_applier=lambda run: run._get_applier(),
    )
