"""When campaigns run by themselves, and which of them are due."""

from odoo import fields

from ..engine.schedule import next_run
from ..engine.zones import pick_zone
from .rows import find_unfinished


def get_own_zone(env):
    """Return the user's time zone, else that of the company's working hours."""
    return env.context.get("tz") or env.user.tz or env.company.resource_calendar_id.tz or "UTC"


def get_next_run(campaign, after):
    """Return the first scheduled moment of a campaign after another one, False if it has no schedule."""
    if campaign.frequency == "manual" or not campaign.active:
        return False
    return next_run(
        after,
        campaign.frequency,
        hour=campaign.run_hour,
        weekday=int(campaign.run_weekday or 0),
        day=campaign.run_day,
        tz=pick_zone(campaign.tz),
    )


def find_due(env):
    """Return the campaigns whose run is due; what is still being applied comes first, and the campaign stays due."""
    due = env["lead.distribution.campaign"].search(
        [("frequency", "!=", "manual"), ("next_run", "<=", fields.Datetime.now())], order="next_run, sequence, id"
    )
    return due - find_unfinished(due).campaign_id


def wake_in_time(campaigns):
    """Have the scheduled action start at the minute of the next run, not some time later."""
    moments = [campaign.next_run for campaign in campaigns if campaign.next_run]
    cron = campaigns.env.ref("lead_distribution.ir_cron_distribute", raise_if_not_found=False)
    if moments and cron:
        cron.sudo()._trigger(at=moments)  # who may change a campaign's schedule need not be who may run actions
