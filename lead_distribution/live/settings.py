"""Settings that change: who waits for them is tried again; and campaigns that go live, or stop."""

from odoo import fields

from .changes import PEOPLE, RULES, leave
from .queue import try_again, wake

CAMPAIGN = "lead.distribution.campaign"
# which leads are taken
RULE_MODELS = {
    CAMPAIGN, "lead.distribution.filter", "lead.distribution.pool", "lead.distribution.dropback.rule",
    "lead.distribution.dropback.threshold", "crm.lead.status",
}  # fmt: skip
# who receives them
PEOPLE_MODELS = {
    "lead.distribution.member", "lead.distribution.cap", "lead.distribution.level", "lead.distribution.skill",
}  # fmt: skip
SWITCHES = {"is_live", "active", "company_id"}  # of a campaign: whether, and about whose leads, it is live
BY_CODE = {"next_run", "config_report"}  # of a campaign: could be written by hand, and are not


def note_settings(records, names):
    """Have leads tried again that wait for a campaign, or were not taken by it, when its settings change.

    :param records: of any model that people fill in
    :param names: of the fields that were written
    """
    if records._name not in RULE_MODELS | PEOPLE_MODELS:
        return
    names = {name for name in names if _is_setting(records._fields[name])}
    if not names:
        return
    if records._name == CAMPAIGN and SWITCHES & names:
        _note_switches(records)
    if not records.env["lead.distribution.waiting"].get_live():
        return
    campaigns = _find_campaigns(records)
    if campaigns is not None:
        campaigns = campaigns.filtered(lambda campaign: campaign.live_since)
        if not campaigns:
            return
    is_rule = records._name in RULE_MODELS
    if is_rule:
        forget_live(records.env)  # other fields of leads may matter
    try_again(records.env, campaigns, RULES if is_rule else PEOPLE)


def forget_live(env):
    """Have it worked out anew what is live; also for whoever worked it out while this was not committed."""
    registry = env.registry
    registry.clear_cache()

    def forget_once_more():
        registry.clear_cache()
        if registry.ready:
            registry.signal_changes()  # a shell does not

    env.cr.postcommit.add(forget_once_more)


def _is_setting(field):
    chatter = ("message_", "activity_", "website_message_")
    return field.store and not field.readonly and field.name not in BY_CODE and not field.name.startswith(chatter)


def _find_campaigns(records):
    """Return whose settings they are, with full rights; None: of all. What way B has are settings of its campaign."""
    records = records.sudo()
    if records._name == CAMPAIGN:
        campaigns = records
    elif "campaign_id" in records._fields and records and all(record.campaign_id for record in records):
        campaigns = records.campaign_id
    else:
        return None
    ways_b = campaigns.filtered("variant_of_id")
    return (campaigns - ways_b) | ways_b.variant_of_id


def _note_switches(campaigns):
    """Note since when campaigns are live; others may take what waits for one that is not any more."""
    campaigns = campaigns.sudo()
    switched = campaigns.filtered(lambda campaign: campaign.is_live or campaign.live_since)
    if not switched:
        return
    for campaign in switched:
        is_on = campaign.is_live and campaign.active
        if is_on != bool(campaign.live_since):
            campaign.live_since = fields.Datetime.now() if is_on else False
    if not all(switched.mapped("live_since")):
        leave(campaigns.env, PEOPLE)  # of all: who deletes a campaign deletes with it the lines about it
        wake(campaigns.env)  # also if it was the last one: then the worker empties the lists
    forget_live(campaigns.env)
