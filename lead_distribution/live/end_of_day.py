"""A live run when its day is over: its figures are final, and the responsible gets the digest of the day."""

from ..finding.scope import get_today
from ..planning.track import update_lines
from ..reporting.lists import keep_dropback_list
from ..reporting.mails import report
from ..reporting.notify import settle_what_went_well, tell_responsible, try_telling
from ..reporting.run_log import log_end
from ..reporting.summary import summarize
from .left import count_left


def find_over(env):
    """Return the live runs of days that are over where their campaigns are; one statement where none grows."""
    growing = env["lead.distribution.run"].search([("is_growing", "=", True)])
    return growing.filtered(lambda run: get_today(run.campaign_id) > run.distribution_date)


def end_days(env):
    """Close the live runs of days that are over."""
    for run in find_over(env):  # in the language of who reads what they keep, as during the day
        _end_day(run.with_context(lang=run.campaign_id.user_id.lang or env.lang))


def _end_day(run):
    """All that happens then, in its order. What was reverted has been told of."""
    run.is_growing = False
    if run.state != "done" or run.reverting_since:
        return
    count_left(run)
    update_lines(run)
    run.write(summarize(run))
    try_telling(run, keep_dropback_list)
    try_telling(run, tell_responsible)
    try_telling(run, report)
    try_telling(run, settle_what_went_well)
    log_end(run)
