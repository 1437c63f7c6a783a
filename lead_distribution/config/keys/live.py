"""Leads as they come, and the people who are there: ``live`` and ``availability``."""

from ..kinds import choice, flag, text, whole
from .key import Block, Key

LIVE = "live"
FALLBACK = f"{LIVE}.fallback"
THERE = "availability"
RAMP_UP = f"{THERE}.ramp_up"
LONGEST = 43200  # minutes: 30 days

KEYS = (
    Block(
        LIVE,
        switch="enabled",
        only_if=("is_live", "live_delay", "live_fallback", "live_fallback_minutes", "live_fallback_user_id"),
        words="Leads are handed out as they come, beside the schedule.",
    ),
    Key(f"{LIVE}.enabled", flag(), field="is_live", words="Without it, only runs hand out leads."),
    Key(
        f"{LIVE}.delay_minutes",
        whole(0, LONGEST),
        field="live_delay",
        absent=0,
        words="So long a lead stays alone after it came.",
    ),
    Key(
        f"{FALLBACK}.action",
        choice("wait", "user"),
        field="live_fallback",
        absent="wait",
        words="A lead that nobody can take: it waits and the responsible is told, or a person gets it.",
    ),
    Key(
        f"{FALLBACK}.after_minutes",
        whole(0, LONGEST),
        field="live_fallback_minutes",
        absent=60,
        words="So long after the lead came; 0: at once.",
    ),
    Key(f"{FALLBACK}.user", text(), words="The person who gets it."),
    Block(
        THERE,
        only_if=("availability", "look_ahead_hours", "shift_end_minutes", "ramp_up_days", "ramp_up_percent"),
        words="Only people who can work a lead receive it. Who is absent or has paused never does.",
    ),
    Key(
        f"{THERE}.mode",
        choice("ignore", "working_hours", "look_ahead"),
        field="availability",
        absent="ignore",
        words="At any hour, in people's working hours, or who is back first.",
    ),
    Key(
        f"{THERE}.look_ahead_hours",
        whole(24, 120),
        field="look_ahead_hours",
        absent=24,
        words="Who is back later than that receives nothing; with look_ahead.",
    ),
    Key(
        f"{THERE}.shift_end_minutes",
        whole(0, 720),
        field="shift_end_minutes",
        absent=0,
        words="In the last minutes of a shift nobody receives leads.",
    ),
    Key(
        f"{RAMP_UP}.days",
        whole(0, 365),
        field="ramp_up_days",
        absent=0,
        words="So long after they joined, people get a smaller share; 0: a whole one from the first day.",
    ),
    Key(f"{RAMP_UP}.percent", whole(1, 100), field="ramp_up_percent", absent=50, words="The smaller share."),
)
