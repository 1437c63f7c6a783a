"""Words that several rooms share: groups, states, steps, the columns a history row keeps.

Nothing is worked out here, and nothing of Odoo is imported.
"""

MANAGERS = "sales_team.group_sale_manager"  # who may what: security/rights.csv
SALESPEOPLE = "sales_team.group_sale_salesman"  # who may have leads

# steps of finding whose leads go another way, or stay
DROPPED = "dropped_back"  # the step of leads that go another way; no reason of exclusion
NOT_DROPPED = "dropback_failed"  # those of them that could not be written

# what comes before all other steps: leads that these keep out are no exclusions, but outside of what a run looks at
BASE_STEPS = ("type", "date")

# steps that nobody can leave aside: who must not be called, and what is no lead of the campaign at all
FIRM_STEPS = ("type", "dnc")

OPEN_IMPORTS = ("draft", "checking")  # states of an import that was not started

RUN_STATES = [
    ("planned", "Planned"),
    ("applying", "Applying"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("reverted", "Reverted"),
]

# state of a run → states of its rows that count: of a plan what is planned, later what was done
COUNTED_STATES = {
    "planned": ("planned", "done"),
    "applying": ("planned", "done"),
    "done": ("done",),
    "failed": ("done",),
    "cancelled": ("done",),
    "reverted": ("done", "reverted"),
}

# in counts that are kept, whatever the language: leads without a source, a status, a marketing campaign
NOTHING = "None"

USUAL_TARGET = 150  # leads: of a level, or of a person without one, that says nothing

LEAD_CLASSES = [("fresh", "Fresh"), ("urgent", "Urgent"), ("stale", "Stale")]
CAP_PERIODS = ("day", "week", "month")

# codes and tags (without case and underscores) of leads that nobody may call
DNC_STATUSES = ("dnc", "do_not_call", "dont_call", "no_call", "blocked", "opt_out")
DNC_TAGS = ("do_not_call", "dnc", "blocked", "opt_out")

# names of windows of the specification: days of the new and the old edge
PRESETS = {"current_30_day": (0, 30), "extended_60_day": (0, 60), "stale_lead_recovery": (60, 180)}
# windows to choose from: whether the leads of today are in, days of the new and the old edge
WINDOWS = {
    "from_today": (True, 0, 30),
    "from_today_60": (True, 0, 60),
    **{name: (False, *days) for name, days in PRESETS.items()},
}

# the lead's columns that a history row keeps as they were, and those that it has given a lead
PEOPLE_COLUMNS = ("user_id", "open_user_id", "closer_id")
AS_LEFT = (*PEOPLE_COLUMNS, "lead_status_id")
SNAPSHOT_FIELDS = (*PEOPLE_COLUMNS, "team_id", "lead_status_id")

# kinds of rows: what the strategy decided, so that it counts as a turn
BY_TURN = ("distribution", "take_back", "decline", "pull")
# what goes from one person to another by a plan of its own, as do the leads of who leaves or is away
MOVED = ("cover", "cover_return", "handover")
HANDED_OUT = (
    *BY_TURN,
    "fallback",
    "cover",
    "handover",
)  # what counts as handed out; not what drops back
CHANGED_HANDS = (*BY_TURN, "fallback", "handover")  # for good; what is covered comes back
OFTEN = 3  # changes of hands: more than twice
TIMED = (*BY_TURN, "cover", "handover")  # how long the first action took counts
GIVEN = (*HANDED_OUT, "cover_return")  # what a run gives to people by plan
# kinds, and origins of runs, of what comes after the hand-out: no run of the campaign's own rules
AFTERWARDS = (*BY_TURN[1:], *MOVED)
NAMED = "responsible"  # reason of rows of leads that went to who decides what becomes of them
# origins of runs that grow through the day, and of runs that stand beside the campaign's own
GROWING = ("live", "take_back", "decline", "pull")
ASIDE = ("import", *GROWING, *MOVED)
# what may be due of a lead that was handed out, in this order
CHECKPOINTS = [("action", "First action"), ("status", "Another status"), ("opportunity", "Opportunity")]

# experiments: what becomes of them, the two ways, and what can be looked at
EXPERIMENT_STATES = [("draft", "Being planned"), ("running", "Running"), ("waiting", "Waits for outcomes"),
                     ("done", "Ended")]  # fmt: skip
OPEN_EXPERIMENTS = ("running", "waiting")  # states of those that go on
FIRST_KINDS = ("distribution", "fallback")  # of rows by which a lead that was dealt is handed out for the first time
ARMS = [("a", "A"), ("b", "B")]
MEASURES = [("won", "Won"), ("opportunity", "Became an opportunity"), ("action", "First action in time"),
            ("revenue", "Revenue")]  # fmt: skip

ROWS_AT_ONCE = 1000  # history rows created by one call
NOT_DONE = ("skipped", "failed", "planned")  # states of rows whose leads were not handed out; planned: given up
MASKED = "•••"  # stands for personal data that was removed
