# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Which rules of a campaign were on, in words: for the report of a run."""

from ..tools.clock import format_hour
from ..tools.labels import get_labels


def describe_rules(campaign, request, _):
    """Return [name, value] of every rule that is on; what is off is not told.

    :param campaign: the campaign as it is when the run is planned
    :param request: what was asked of the run, see ``PlanRequest``
    :param _: translates a text; terms are filled in by name
    """
    parts = (_strategy_rules, _people_rules, _limits, _matching_rules, _dropback_rules)
    return [[name, value] for part in parts for name, value in part(campaign, request, _) if value]


def describe_rules_of_both(arms, strategies, request, _):
    """Return [name, value] of the rules of a run by both ways of an experiment: those of way A, and how B differs.

    :param arms: see ``planning.arms.Arms``
    :param strategies: {way: name of its strategy}
    """
    own, other = (_join_values(describe_rules(arms.campaigns[arm], request, _)) for arm in ("a", "b"))
    names = list(dict.fromkeys([*own, *other]))
    labels = get_labels(arms.campaigns["a"], "strategy")
    return [
        *own.items(),
        (_("Experiment"), arms.experiment.name),
        (_("Way B: strategy"), labels.get(strategies["b"], strategies["b"])),
        *((_("Way B: %s", name), other.get(name) or _("none")) for name in names if own.get(name) != other.get(name)),
    ]


def _join_values(rules):
    """Return {name: value} of rules; of one name there may be several, such as ages of dropback."""
    joined = {}
    for name, value in rules:
        joined[name] = f"{joined[name]}; {value}" if name in joined else value
    return joined


def _strategy_rules(campaign, request, _):
    if campaign.use_override:
        yield _("Round robin instead"), _(
            "with fewer than %(leads)s leads or fewer than %(people)s people",
            leads=campaign.override_lead_count, people=campaign.override_people_count,
        )  # fmt: skip
    if request.force_round_robin:
        yield _("Round robin instead"), _("asked for this run")
    if campaign.fallback_round_robin:
        yield _("If the strategy fails"), _("round robin")
    if campaign.rotation_reset != "never":
        yield _("Turns start anew"), _get_label(campaign, "rotation_reset")


def _people_rules(campaign, request, _):
    if request.user_ids is not None:
        users = campaign.env["res.users"].with_context(active_test=False).browse(request.user_ids)
        yield _("Only these people"), _join(users.exists().mapped("name"))
    if campaign.use_max_workload:
        yield _("Left out above a utilization of"), f"{campaign.max_workload:g}%"
    if campaign.min_experience:
        yield _("At least this level"), _get_label(campaign, "min_experience")
    yield _("Only members of the team"), campaign.team_filter_id.name or campaign.team_filter_name
    excluded = campaign.with_context(active_test=False).excluded_receiver_ids
    yield _("These receive nothing"), _join(excluded.mapped("name"))
    if campaign.include_inactive:
        yield _("Inactive members"), _("receive, too")


def _limits(campaign, request, _):
    if campaign.max_daily:
        yield _("Leads a person a day at most"), str(campaign.max_daily)
    if campaign.min_daily:
        yield _("Leads a person a day at least"), str(campaign.min_daily)
    yield _("More limits"), _join(campaign.cap_ids.mapped("name"))
    if (campaign.max_daily or campaign.cap_ids) and not campaign.count_weekends:
        yield _("Weekends"), _("use up no limit")


def _matching_rules(campaign, request, _):
    for name, title in (
        ("band_high", _("High priority goes to")),
        ("band_medium", _("Medium priority goes to")),
        ("band_low", _("Low priority goes to")),
    ):
        if campaign[name] != "all_levels":
            yield title, _get_label(campaign, name)
    if campaign.use_known_owner:
        yield _("Known customers"), _("to who knows them")
    if campaign.use_skills and campaign.skill_ids:
        skills = _join(campaign.skill_ids.tag_id.mapped("name"))
        yield _("By skills"), _tell_fallback(skills, campaign, "skill_fallback", _)
    if campaign.use_territory:
        yield _("By territory"), _tell_fallback(_("on"), campaign, "territory_fallback", _)
    if campaign.use_calling_hours:
        yield _("By time zone"), _(
            "leads may be called from %(first)s to %(last)s",
            first=format_hour(campaign.env, campaign.calling_from), last=format_hour(campaign.env, campaign.calling_to),
        )  # fmt: skip
    preferring = campaign.member_ids.filtered("preferred_domain").user_id
    yield _("Preferences of"), _join(preferring.mapped("name"))


def _describe_days(threshold, _):
    if threshold.days == 1:
        return _("1 working day") if threshold.business_days else _("1 day")
    return _("%s working days", threshold.days) if threshold.business_days else _("%s days", threshold.days)


def _dropback_rules(campaign, request, _):
    if not (campaign.use_dropback and campaign.dropback_threshold_ids):
        return
    for threshold in campaign.dropback_threshold_ids:
        days = _describe_days(threshold, _)
        conditions = (threshold.conditions_text or "").split("\n")
        yield _("Dropback after"), _join([days, *(line.strip() for line in conditions if line.strip())])
    for rule in campaign.dropback_rule_ids:
        yield _("Dropback: %s", rule.name), rule.user_id.name or _("the default rule's person")


def _tell_fallback(text, campaign, name, _):
    return _("%(rule)s; if nobody fits, the lead %(fallback)s", rule=text, fallback=_get_label(campaign, name))


def _get_label(record, name):
    return get_labels(record, name)[record[name]]


def _join(texts):
    return ", ".join(text for text in texts if text)
