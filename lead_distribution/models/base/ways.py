"""The hooks of campaigns, for the rooms that hand out small parts of leads."""

from ...day.ways import Ways


def get_ways(campaign, lang=None):
    """Return the ``day.ways.Ways`` of a campaign.

    :param lang: of whoever reads the texts; None: that of the person who is responsible for the campaign
    """
    if campaign.company_id:
        campaign = campaign.with_company(campaign.company_id)
    campaign = campaign.with_context(lang=lang or campaign.user_id.lang or "en_US")  # who reads why leads wait
    return Ways(
        campaign=campaign,
        get_steps=campaign._get_filter_steps,
        get_rule_fields=campaign._get_rule_fields,
        select=campaign._select_members,
        decide=campaign._decide,
        get_warnings=campaign._get_warnings,
        get_applier=lambda run: run._get_applier(),
        get_ways=get_ways,
    )
