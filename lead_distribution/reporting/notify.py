# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who hears of a run: one message a person, a digest for the responsible and, of failures, a to-do."""

import logging

from markupsafe import Markup

from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..planning.settled import count_news, keep_told
from ..tools.numbers import format_number
from .messages import Letter, send
from .moved_words import write_digest_subject, write_subject
from .readers import get_responsible
from .todos import DROPBACK, FAILED, NOBODY, PROBLEMS, raise_todo, settle
from .words import describe_left_over

_logger = logging.getLogger(__name__)


def try_telling(run, tell):
    """Tell of a run what ``tell(run)`` does. It never costs the run: an error is logged, and the run stays done."""
    run.env.flush_all()  # what is refused of the run itself is no error of the telling
    try:
        with run.env.cr.savepoint():
            tell(run)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise  # whoever closes the run does it once more
    except Exception:
        _logger.exception("Lead distribution: telling people of run %s failed", run.id)


def tell_people(run):
    """Tell everybody who got leads, and the responsible; who is both hears once."""
    campaign = run.campaign_id
    wanted = campaign.notify_salespeople
    # who is back is told of all that came back at once, see following.cover_news
    letters = {} if wanted == "none" or run.origin == "cover_return" else _write_news(run)
    if campaign.notify_responsible and _is_worth_telling(run):
        reader = get_responsible(campaign)
        if reader:
            letters[reader] = _add_digest(run.with_context(lang=reader.lang), letters.get(reader))
        else:
            warn_of_silence(run)
    send(campaign, letters, by_mail=wanted != "inbox")
    keep_told(run)


def tell_responsible(run):
    """Tell the responsible what a day of leads as they come has brought; everybody else has heard of each lead."""
    campaign = run.campaign_id
    if not campaign.notify_responsible or not _is_worth_telling(run):
        return
    reader = get_responsible(campaign)
    if reader:
        letters = {reader: _add_digest(run.with_context(lang=reader.lang), None)}
        send(campaign, letters, by_mail=campaign.notify_salespeople != "inbox")
    else:
        warn_of_silence(run)


def _write_news(run):
    """Return {user: Letter} for everybody who got leads in the run, in their languages."""
    counts = {user: count for user, count in count_news(run).items() if user.active}
    return {user: write_news(run.with_context(lang=user.lang), count, user) for user, count in counts.items()}


def write_news(run, count, reader=None):
    """Return the letter for one person who got so many leads.

    :param reader: the person, where somebody else's leads are taken over
    """
    _ = run.env._
    campaign = run.campaign_id.name
    if run.leaver_id:
        subject = write_subject(run, count, reader)
    elif count == 1:
        subject = _("1 new lead from %s", campaign)
    else:
        subject = _("%(count)s new leads from %(campaign)s", count=format_number(run.env, count), campaign=campaign)
    url = get_news_url(run)
    return Letter(subject, Markup("<p>%s<br/><a href='%s'>%s</a></p>") % (subject, url, _("Show these leads")))


def get_news_url(run):
    """Return the address of what the reader has got in a run."""
    return f"{run.get_base_url()}/odoo/{run.id}/my-new-leads"


def _is_worth_telling(run):
    """Whether leads moved, or what was left over or warned of differs from the run before.

    A campaign that runs every hour does not tell the same every hour.
    """
    if run.leads_done or run.leads_dropped_back:
        return True
    earlier = Domain("campaign_id", "=", run.campaign_id.id) & Domain("id", "<", run.id)
    before = run.search(earlier & Domain("is_applied", "=", True), limit=1)
    now = (run.left_over or {}, run.warnings or [])
    return any(now) and now != (before.left_over or {}, before.warnings or [])


def _add_digest(run, letter):
    """Return the letter of the responsible: what happened, added to the own news if there are any."""
    _ = run.env._
    count, found = (format_number(run.env, number) for number in (run.leads_distributed, run.leads_found))
    figures = {"campaign": run.campaign_id.name, "count": count, "found": found}
    if run.leaver_id:
        subject = write_digest_subject(run)
    elif run.leads_found == 1:
        subject = _("%(campaign)s: %(count)s of 1 lead handed out", **figures)
    else:
        subject = _("%(campaign)s: %(count)s of %(found)s leads handed out", **figures)
    people, seconds = run.salespeople_received, format_number(run.env, run.execution_seconds, 2)
    received = (
        _("1 person received leads") if people == 1 else _("%s people received leads", format_number(run.env, people))
    )
    summary = _("%(received)s, in %(seconds)s s.", received=received, seconds=seconds)
    items = Markup("").join(Markup("<li>%s</li>") % text for text in _list_what_is_open(run))
    url = f"{run.get_base_url()}/odoo/lead-distribution-runs/{run.id}"
    body = Markup("<p>%s</p><ul>%s</ul><p><a href='%s'>%s</a></p>") % (summary, items, url, run.name)
    return Letter(letter.subject, letter.body + body) if letter else Letter(subject, body)


def _list_what_is_open(run):
    if run.leads_dropped_back:
        yield run.env._("%s dropped back", format_number(run.env, run.leads_dropped_back))
    for reason, count in (run.left_over or {}).items():
        yield f"{format_number(run.env, count)} × {describe_left_over(run.env, reason)}"
    yield from run.warnings or []


def tell_failure(run):
    is_nobody = "no_salespeople" in (run.left_over or {})
    if not raise_todo(run.campaign_id, NOBODY if is_nobody else FAILED, [run.name, run.error or ""]):
        warn_of_silence(run)


def tell_dropback_failure(run):
    raise_todo(run.campaign_id, DROPBACK, [run.name, (run.warnings or [""])[-1]])


def tell_problems(campaign, problems):
    """Tell what verifying has found; nothing any more is an end of what it found before."""
    if problems:
        raise_todo(campaign, PROBLEMS, problems)
    else:
        settle(campaign, PROBLEMS, why=campaign.env._("Verifying found no problem any more."))


def settle_what_went_well(run):
    """Close the to-dos whose causes are gone, as this run shows."""
    if run.state != "done" or run.origin == "import":
        return
    kinds = [FAILED, NOBODY] if run.dropback_failed else [FAILED, NOBODY, DROPBACK]
    settle(run.campaign_id, *kinds, why=run.env._("%s went well.", run.name))


def warn_of_slowness(run):
    """Say on the run, and in the log, that it took longer than its campaign thinks right."""
    if not run.is_slow:
        return
    limit, seconds = run.campaign_id.slow_run_seconds, round(run.execution_seconds)
    _logger.warning("Lead distribution: run %s took %s s, more than %s s", run.id, seconds, limit)
    text = run.env._("Slow: the run took %(seconds)s seconds, more than %(limit)s.", seconds=seconds, limit=limit)
    add_warning(run, text)


def warn_of_silence(run):
    """Say on the run that nobody hears of it."""
    text = run.env._(
        "Nobody hears of this run: the campaign has no responsible who can log in, and its company no sales manager."
    )
    add_warning(run, text)


def add_warning(run, text):
    """Add a text to the warnings of a run, once."""
    if text not in (run.warnings or []):
        run.warnings = [*(run.warnings or []), text]
