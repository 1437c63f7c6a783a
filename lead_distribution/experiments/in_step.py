"""While an experiment is planned or goes on: what changes in its campaign, and is no part of a way, changes in way B.

Nobody receives by way B what they cannot work: who joins, leaves or is put away in the campaign does so in both ways.
"""

from ..work.system import as_system
from .ways import SETTINGS

CAMPAIGN, MEMBER = "lead.distribution.campaign", "lead.distribution.member"
OF_MEMBERS = {"active", "user_id", "campaign_id"}
# way B has its own, or none; what is kept of runs is nobody's setting
OWN = {
    "id", "name", "active", "variant_of_id", "is_by_hand", "is_live", "live_since", "frequency", "next_run", "sequence",
    "color", "description", "rotation_started", "config_report", "config_loaded_on", "config_options", "strategy",
}  # fmt: skip


def find_experiments(campaigns):
    """Return the experiments of campaigns that have settings of way B, and have not ended."""
    experiments = as_system(campaigns.env["lead.distribution.experiment"])
    return experiments.search(
        [("campaign_id", "in", campaigns.ids), ("variant_id", "!=", False), ("state", "!=", "done")]
    )


def add_people(members):
    """Have new members of campaigns take part in way B, too."""
    if members._name != MEMBER:
        return
    for experiment in find_experiments(members.campaign_id):
        _join(experiment, members.filtered(lambda m, of=experiment.campaign_id: m.campaign_id == of))


def _join(experiment, members):
    variant = experiment.variant_id.with_context(active_test=False)
    known = {member.user_id: member for member in variant.member_ids}
    levels = {level.code: level for level in variant.level_ids}
    new = []
    for member in as_system(members):
        twin = known.get(member.user_id)
        if twin:
            twin.active = member.active
            continue
        level = levels.get(member.level_id.code) if member.level_id.campaign_id else member.level_id
        new.append({**member.copy_data()[0], "campaign_id": variant.id, "level_id": level.id if level else False})
    members.env[MEMBER].sudo().create(new)  # of the same campaign, which the caller may change


def find_twins(members, names):
    """Return {member: the same person in way B} where what is written, or removed, concerns both; else nothing.

    :param names: of the fields that are written
    """
    if members._name != MEMBER or not OF_MEMBERS & set(names):
        return {}
    twins = {}
    for experiment in find_experiments(members.campaign_id):
        people = experiment.variant_id.with_context(active_test=False).member_ids.grouped("user_id")
        for member in members.filtered(lambda m, of=experiment.campaign_id: m.campaign_id == of):
            twins[member] = twins.get(member, members.browse().sudo()) | people.get(member.user_id, members.browse())
    return twins


def write_people(members, twins, vals):
    """Write on who takes part in way B what was written on the campaign's members.

    :param twins: see ``find_twins``, from before
    """
    for member, same in twins.items():
        if "campaign_id" in vals and member.campaign_id != same.campaign_id.variant_of_id:
            same.unlink()
        else:
            same.write({name: vals[name] for name in ("active", "user_id") if name in vals})
    if "campaign_id" in vals:
        add_people(members)


def remove_people(twins):
    """Have those leave way B who left the campaign."""
    for same in twins.values():
        same.unlink()


def write_campaigns(campaigns, names):
    """Write on way B what was written on its campaign, and is a part of no way; and name the strategy of each way.

    :param names: of the fields that were written
    """
    if campaigns._name != CAMPAIGN:
        return
    if "strategy" in names:
        _name_strategies(campaigns)
    if "active" in names:
        _tell_archived(campaigns)
    common = _list_common(campaigns, names)
    for experiment in find_experiments(campaigns) if common else ():
        campaign = as_system(experiment.campaign_id)
        values = {name: campaign._fields[name].convert_to_write(campaign[name], campaign) for name in common}
        experiment.variant_id.write(values)


def _list_common(campaigns, names):
    """Return the names of the settings that count for both ways, and are kept on both campaigns."""
    return [
        name
        for name in set(names) - OWN - set(SETTINGS)
        if (field := campaigns._fields[name]).store
        and field.copy
        and field.type != "one2many"
        and not field.name.startswith(("message_", "activity_", "website_message_"))
    ]


def _tell_archived(campaigns):
    """Say in the chatter of an archived campaign that its experiment gets no more leads."""
    for experiment in find_experiments(campaigns.filtered(lambda campaign: not campaign.active)):
        if experiment.state == "running":
            text = campaigns.env._("“%s” gets no more leads as long as the campaign is archived.", experiment.name)
            experiment.campaign_id.message_post(body=text)


def _name_strategies(campaigns):
    experiments = as_system(campaigns.env["lead.distribution.experiment"])
    planned = experiments.search(
        [("state", "!=", "done"), "|", ("campaign_id", "in", campaigns.ids), ("variant_id", "in", campaigns.ids)]
    )
    for experiment in planned:
        ways = {"strategy_a": experiment.campaign_id, "strategy_b": experiment.variant_id & campaigns.sudo()}
        values = {name: way.strategy for name, way in ways.items() if way in campaigns.sudo() and way}
        values = {name: strategy for name, strategy in values.items() if experiment[name] != strategy}
        if values:
            experiment.write(values)


def write_strategy(experiments):
    """Have way B go by the strategy that its experiment names."""
    for experiment in experiments:
        variant = experiment.variant_id
        if variant and variant.strategy != experiment.strategy_b:
            variant.strategy = experiment.strategy_b
