# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What of deadlines and declining does not work as it was probably meant. Each takes a campaign and yields texts."""

from itertools import pairwise

STEPS = ("first_action", "status_change", "opportunity")


def check_following(campaign):
    """Yield what keeps deadlines from coming in their order, and late or declined leads from going on."""
    yield from _check_order(campaign)
    yield from _check_taking_back(campaign)
    yield from _check_declining(campaign)


def _check_order(campaign):
    """They are looked at in their order, and all clocks start at the hand-out."""
    set_steps = [step for step in STEPS if campaign[f"{step}_hours"]]
    names = {step: campaign._fields[f"{step}_hours"]._description_string(campaign.env) for step in set_steps}
    for first, second in pairwise(set_steps):
        like = campaign[f"{first}_clock"] == campaign[f"{second}_clock"]
        if like and campaign[f"{second}_hours"] <= campaign[f"{first}_hours"]:
            yield campaign.env._(
                "“%(second)s” is not later than “%(first)s”, which comes before it. Both count from the hand-out.",
                first=names[first],
                second=names[second],
            )


def _check_taking_back(campaign):
    has_deadline = any(campaign[f"{step}_hours"] for step in STEPS)
    if has_deadline and campaign.on_missed == "take_back" and len(campaign.member_ids.filtered("active")) == 1:
        yield campaign.env._("There is one member: what is late can go to nobody else.")


def _check_declining(campaign):
    # as the system: who looks at the campaign need not see every user
    if campaign.decline_mode == "manager" and not campaign.sudo().user_id.active:
        yield campaign.env._("Declined leads go to the responsible, and there is none who can log in.")
