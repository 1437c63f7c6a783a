"""Which options do something together. What has no effect is told: somebody expects it to have one."""

REPORT = {"generate_report", "report_format", "report_location"}
PLAN = {"config", "campaign", "json", "override_date_range", "force_round_robin", "max_leads", "strategy", "seed"}
# by the first of these that is given, the last is a run
USED = {
    "generate_config": {"campaign", "template", "output", "force"},
    "validate": {"config", "json", "dry_run", "offline"},
    "dump_config": {"config", "campaign", "output", "force", "dry_run"},
    "simulate_against": {*PLAN, "dry_run"},
    "dry_run": {*PLAN, *REPORT},
    "run": {*PLAN, *REPORT, "email_notification", "verify", "cancel_unfinished"},
}


def get_mode(args):
    """Return which of the kinds of work is asked for."""
    return next((mode for mode in USED if _is_given(args, mode)), "run")


def find_ignored(args):
    """Return the options that were given and do nothing here, as they are written.

    Options this table does not know are nobody's business here.
    """
    mode = get_mode(args)
    known = set().union(*USED.values(), USED)
    ignored = sorted(name for name in known - USED[mode] - {mode} if _is_given(args, name))
    if args.force_round_robin and args.strategy and "strategy" in USED[mode]:
        ignored.append("strategy")
    return [f"--{name.replace('_', '-')}" for name in ignored]


def _is_given(args, name):
    value = getattr(args, name, None)
    return value is not None and value is not False  # 0 leads are a limit
