# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Words for the codes that a run keeps: why a lead was left over, what is advised, the settings of its strategy.

What the steps of finding and the rules of planning are called stands with them.
"""

from typing import NamedTuple

from odoo.tools.misc import formatLang

from ..engine import get_strategy_class
from ..engine.figures import BALANCED_SPREAD
from ..names import MOVED
from ..tools.labels import get_labels

FAIR = 0.9  # Jain's index: nine in ten share equally


def describe_left_over(env, reason):
    """Return why leads were found, and handed to nobody."""
    _ = env._
    return {
        "no_salespeople": _("Nobody can receive leads"),
        "no_eligible": _("Nobody may take them"),
        "other_company": _("Nobody works for the company of the lead"),
        "had_before": _("Everybody has had them"),
        "only_holder": _("Only who has them already could take them"),
        "everybody_full": _("Everybody is full"),
        "max_leads": _("Limit of the run reached"),
        "strategy_failed": _("The strategy failed"),
        "skipped": _("Changed since the plan, or stopped"),
        "failed": _("Could not be written"),
        "nobody_there": _("Nobody is there"),
        "locked": _("Somebody was changing them"),
        "elsewhere": _("Somebody got them in another way"),
        "planned": _("Not reached: the run was given up"),
        # of leads that others took over for a time
        "worked_on": _("Somebody has worked on them"),
        "talked_about": _("There are new messages or activities"),
        "handed_on": _("Somebody else got them since"),
        "closed": _("Closed, or made an opportunity"),
        "deleted": _("Deleted"),
        "do_not_call": _("Must not be called"),
    }.get(reason, reason)


def describe_origin(run):
    """Return what kind of run it was where it is none of the campaign's own, as part of its name; else nothing."""
    _, name = run.env._, run.leaver_id.name
    if run.leaver_id and run.origin in MOVED:
        return {
            "cover": _("cover of %s", name),
            "cover_return": _("back to %s", name),
            "handover": _("handover of %s", name),
        }[run.origin]
    return {
        "live": _("as they come"),
        "take_back": _("taken back"),
        "decline": _("declined"),
        "pull": _("pulled"),
        "cover": _("cover"),
        "cover_return": _("back from cover"),
        "handover": _("handover"),
    }.get(run.origin)


class Judgement(NamedTuple):
    """A figure that somebody has to know a lot to read, and what it means."""

    label: str
    word: str
    detail: str  # the figure itself

    @property
    def text(self):
        return f"{self.word}: {self.detail}"


def describe_fairness(env, index, apart=None):
    """Return whether people received equal shares, as a ``Judgement``; None where nobody knows.

    :param index: Jain's, see ``engine.figures.jain_index``
    :param apart: how many leads lie between who received most and fewest, where they are of one run; with fewer leads
        than people the index is low although nothing could be shared more equally
    """
    if index is None:
        return None
    _ = env._
    if index < FAIR and apart == 1:
        return Judgement(_("Shares received"), _judge_evenness(_, True), _("at most 1 lead apart"))
    return Judgement(_("Shares received"), _judge_evenness(_, index >= FAIR), _("%s of 1", _decimal(env, index, 2)))


def describe_spread(env, points):
    """Return whether people have equal loads for their targets, as a ``Judgement``; None where nobody knows.

    :param points: standard deviation of the utilization in percent
    """
    if points is None:
        return None
    _ = env._
    shown = _decimal(env, points, 0 if round(points, 1) == round(points) else 1)
    detail = _("1 point") if shown == "1" else _("%s points", shown)
    return Judgement(_("Load against target"), _judge_evenness(_, points <= BALANCED_SPREAD), detail)


def _judge_evenness(_, is_even):
    return _("even") if is_even else _("uneven")


def _decimal(env, value, digits):
    return formatLang(env, value, digits=digits)


def describe_advice(env, code):
    """Return a recommendation; codes are those of ``engine.figures.recommend``."""
    _ = env._
    return {
        "no_salespeople": _("Nobody can receive leads: see why beside each person, or add members."),
        "no_leads": _("No leads were found: the funnel says where they stayed."),
        "low_distribution": _("Few of the leads found could be handed out: see what is left over."),
        "low_utilization": _("Low utilization overall: bring in more leads, or lower the targets."),
        "high_utilization": _("The team holds more than its target: add people, raise targets, or close old leads."),
        "imbalance": _("The load is uneven: people differ by more than 10 points of utilization."),
        "off_promise": _(
            "Some people received more or less than the strategy alone would give them: rules, limits or "
            "leads they held already are the cause. Compare the columns Received and Promised."
        ),
        "high_dropback": _("Many leads drop back: look at the age limit or at the sources."),
    }.get(code, code)


def describe_settings(run):
    """Return the settings of a run's strategy as [name, value] pairs."""
    campaign, _ = run.campaign_id, run.env._
    orders = get_labels(campaign, "distribution_order")
    limit = (run.options or {}).get("max_leads", campaign.max_leads or None)
    status, team = campaign.status_reset_id.name, campaign.team_id.name
    if run.origin in MOVED:  # these leads go on as they are, all of them
        limit = status = team = None
    return [
        *(_describe_levels(campaign) if "fill_strategy" in get_strategy_class(run.strategy).options else ()),
        [_("Who is first"), orders.get(run.distribution_order, run.distribution_order or "")],
        [_("Order of leads"), get_labels(campaign, "lead_order")[campaign.lead_order]],
        [_("Leads a run at most"), _("no limit") if limit is None else str(limit)],
        [_("Status becomes"), status or _("as before")],
        [_("Team becomes"), team or _("as before")],
        [_("Seed"), str(run.seed)],
    ]


def _describe_levels(campaign):
    """Return the settings of filling by level: priorities, targets, overflow."""
    _ = campaign.env._
    for level in campaign.member_ids.level_id.sorted("priority"):
        target = _("%(name)s, target %(target)s", name=level.name, target=level.target_leads)
        yield [_("Level %s", level.priority), target]
    over = _("up to %s%% above the target", campaign.overflow_limit) if campaign.allow_overflow else _("no")
    yield [_("Within a level"), get_labels(campaign, "fill_strategy")[campaign.fill_strategy]]
    yield [_("Overflow"), over]
