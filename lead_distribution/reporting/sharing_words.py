# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""How a campaign shares its leads, in whole sentences: the strategy, limits, what suits whom, who gets nothing."""

from odoo.tools import format_list

from ..tools.clock import format_hour
from ..tools.labels import get_labels

OVERFLOWING = ("level_based", "least_loaded", "optimal")  # strategies that go on above the target
SHOWN_NAMES = 5


def tell_strategy(campaign, count):
    """Return how leads are shared, and among how many people."""
    _ = campaign.env._
    if not count:
        return _("Nobody can receive them: add people.") if not campaign.member_ids else _("Nobody can receive them.")
    if count == 1:
        return _("All go to one person.")
    words = {
        "round_robin": _("Shares them equally among %s people, one each in turn."),
        "random": _("Shares them equally among %s people, in an order drawn by chance."),
        "level_based": _("Shares them among %s people, the best level first, up to the targets."),
        "least_loaded": _("Shares them among %s people: who is furthest below the target comes first."),
        "capacity_based": _("Shares them among %s people, in proportion to what is free up to their targets."),
        "proportional": _("Shares them among %s people, in proportion to their targets."),
        "weighted": _("Shares them among %s people, in proportion to their weights."),
        "performance": _("Shares them among %s people, in proportion to how many leads they convert."),
        "optimal": _("Shares them among %s people so that most are converted, up to the targets."),
    }
    if campaign.strategy in words:
        return words[campaign.strategy] % count
    label = get_labels(campaign, "strategy").get(campaign.strategy, "")  # of another addon
    return _("Shares them among %(count)s people: %(strategy)s.", count=count, strategy=label)


def tell_limits(campaign):
    """Yield how many leads a person and a run may get."""
    _ = campaign.env._
    if campaign.allow_overflow and campaign.strategy in OVERFLOWING:
        yield _("People may get up to %s%% above their targets.", campaign.overflow_limit)
    if campaign.use_override:
        yield from _tell_override(_, campaign.override_lead_count, campaign.override_people_count)
    if campaign.max_daily:
        yield _("At most %s a day each.", campaign.max_daily)
    if campaign.min_daily:
        yield _("At least %s a day each, if there are enough.", campaign.min_daily)
    if campaign.cap_ids:
        yield _("More limits: %s.", "; ".join(campaign.cap_ids.mapped("name")))
    if campaign.max_leads:
        yield _("At most %s a run.", campaign.max_leads)


def _tell_override(_, leads, people):
    """Say when there is so little to share that it is one each in turn; 0 is no number."""
    if leads:
        yield _("With fewer than %s leads: one each in turn.", leads)
    if people:
        yield _("With fewer than %s people: one each in turn.", people)


def tell_suiting(campaign):
    """Yield what decides besides who gets which lead."""
    _ = campaign.env._
    if campaign.use_known_owner:
        yield _("Known customers go to who knows them.")
    if campaign.use_skills:
        yield _("Leads that need a skill go to people who have it.")
    if campaign.use_territory:
        yield _("People with a territory get leads from there only.")
    if campaign.use_calling_hours:
        hours = {name: format_hour(campaign.env, campaign[f"calling_{name}"]) for name in ("from", "to")}
        yield _("Only people who work while it is %(first)s to %(last)s where the lead is.",
                first=hours["from"], last=hours["to"])  # fmt: skip
    yield from _tell_bands(campaign)


def _tell_bands(campaign):
    _ = campaign.env._
    seniors, juniors = [], []
    for name, words in (("high", _("high")), ("medium", _("medium")), ("low", _("low"))):
        rule = campaign[f"band_{name}"]
        if rule != "all_levels":
            (seniors if rule == "senior_only" else juniors).append(words)
    if seniors:
        yield _("Only seniors get leads of this priority: %s.", format_list(campaign.env, seniors))
    if juniors:
        yield _("Juniors come first with leads of this priority: %s.", format_list(campaign.env, juniors))


def tell_people(campaign, left_out):
    """Yield who of the active members receives nothing, and why.

    :param left_out: list of (name, reason)
    """
    _ = campaign.env._
    for name, reason in left_out[:SHOWN_NAMES]:
        yield _("%(name)s receives nothing: %(reason)s.", name=name, reason=reason)
    more = len(left_out) - SHOWN_NAMES
    if more > 0:
        yield _("One more person receives nothing.") if more == 1 else _("%s more people receive nothing.", more)
