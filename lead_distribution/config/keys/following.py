"""After the hand-out: ``deadlines``, ``decline``, ``pull``, ``by_hand``; what is missing is as in a new campaign."""

from ..kinds import choice, flag, names, number, text, whole
from .key import Block, Key

DEADLINES = "deadlines"
FIRST = f"{DEADLINES}.first_action"
STATUS = f"{DEADLINES}.status_change"
OPPORTUNITY = f"{DEADLINES}.opportunity"
MISSED = f"{DEADLINES}.on_missed"
DECLINE = "decline"
PULL = "pull"
BY_HAND = "by_hand"
LONGEST = 8760  # hours: a year


def _clocked(path, checkpoint, words):
    """Return the keys of a deadline: its hours, and how they are counted."""
    return (
        Key(f"{path}.hours", number(0, LONGEST), field=f"{checkpoint}_hours", absent=0, silent=0, words=words),
        Key(
            f"{path}.clock",
            choice("working_hours", "clock"),
            field=f"{checkpoint}_clock",
            absent="working_hours",
            words="In the working hours of the person, or by the clock.",
        ),
    )


KEYS = (
    Block(
        DEADLINES,
        only_if=(
            "first_action_hours", "first_action_clock", "status_change_hours", "status_change_clock",
            "status_change_ids", "opportunity_hours", "opportunity_clock", "remind_percent", "on_missed", "missed_tell",
            "missed_status_id", "missed_tag_id", "missed_pause", "take_back_memory",
        ),
        words="By when something must have happened to a lead, and what follows if not; without hours, there is none.",
    ),
    *_clocked(FIRST, "first_action", "So long after the hand-out something was done, such as a status, a message."),
    *_clocked(STATUS, "status_change", "So long after the hand-out the lead has another status."),
    Key(
        f"{STATUS}.other_than",
        names(),
        field="status_change_ids",
        words="Other than these; without them, other than it was handed out with.",
    ),
    *_clocked(OPPORTUNITY, "opportunity", "So long after the hand-out it is an opportunity."),
    Key(
        f"{DEADLINES}.remind_percent",
        whole(0, 99),
        field="remind_percent",
        absent=80,
        words="The person is reminded when so much of the time is over; 0: never.",
    ),
    Key(
        f"{MISSED}.action",
        choice("tell", "take_back"),
        field="on_missed",
        absent="tell",
        words="The lead stays where it is, or somebody else gets it.",
    ),
    Key(f"{MISSED}.tell", flag(), field="missed_tell", absent=True, words="The responsible is told; true."),
    Key(f"{MISSED}.status", text(), field="missed_status_id", words="The status that the lead gets."),
    Key(f"{MISSED}.tag", text(), field="missed_tag_id", words="The tag that the lead gets, too."),
    Key(
        f"{MISSED}.pause",
        flag(),
        field="missed_pause",
        words="The person receives nothing until somebody switches leads on again.",
    ),
    Key(
        f"{MISSED}.memory",
        whole(1, 50),
        field="take_back_memory",
        absent=50,
        words="With take_back: the last so many people who had the lead do not get it again.",
    ),
    Block(
        DECLINE,
        only_if=("decline_mode", "decline_limit", "decline_period", "decline_counts", "decline_reason_ids"),
        words="Whether people may give leads back.",
    ),
    Key(
        f"{DECLINE}.mode",
        choice("off", "next", "manager"),
        field="decline_mode",
        absent="next",
        words="Not at all, the next one gets the lead, or the responsible decides.",
    ),
    Key(f"{DECLINE}.limit", whole(0, 1000), field="decline_limit", absent=0, words="Leads a person at most; 0: any."),
    Key(f"{DECLINE}.period", choice("day", "week"), field="decline_period", absent="day", words="Of the limit."),
    Key(
        f"{DECLINE}.counts",
        flag(),
        field="decline_counts",
        words="What somebody declined counts for the person's limits and turns.",
    ),
    Key(f"{DECLINE}.reasons", names(), field="decline_reason_ids", words="To choose from; without them, any text."),
    Block(PULL, only_if=("pull_at_once",), words="Whether people may take leads themselves."),
    Key(
        f"{PULL}.at_once",
        whole(0, 100),
        field="pull_at_once",
        absent=10,
        words="By “Give me leads”, so many at once at most; 0: none.",
    ),
    Block(
        BY_HAND,
        only_if=("by_hand_limits", "by_hand_turns"),
        words="Leads that somebody gives to somebody else, outside of runs.",
    ),
    Key(f"{BY_HAND}.limits", flag(), field="by_hand_limits", absent=True, words="They count for limits; true."),
    Key(f"{BY_HAND}.turns", flag(), field="by_hand_turns", words="Who was given one has had a turn."),
)  # fmt: skip
