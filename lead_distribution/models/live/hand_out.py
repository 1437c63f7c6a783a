"""Hands the hooks of campaigns to the room ``live``, which hands out leads as they come."""

from ...live.ways import Ways
from ...live.worker import work_off


def hand_out(env):
    """Hand out what waits and may be tried; return what became of it, see ``live.worked.Worked``. Commits.

    :param env: with full rights
    """
    return work_off(env, _get_ways)


def _get_ways(campaign):
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
