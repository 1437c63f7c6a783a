# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a revert has done, in words: on the run, on the dashboard, and to those whose leads it took."""

from markupsafe import Markup

from odoo.fields import Domain
from odoo.tools import format_date

from ..planning.kept import count_kept
from .messages import Letter, send
from .notify import get_news_url

NAMED = 5  # reasons


def describe_revert(env, back, kept, reasons=None):
    """Return in one sentence what a revert has done.

    :param back: number of leads that went back
    :param kept: number of leads that stay
    :param reasons: {reason: number} of those that stay, if they are known

    "228 put back, 3 kept, because Eve has worked on the lead since (2); the lead was deleted (1)"
    """
    _ = env._
    if not kept:
        return _("%s put back", back)
    text = _("%(back)s put back, %(kept)s kept", back=back, kept=kept)
    return _("%(text)s, because %(reasons)s", text=text, reasons=list_reasons(env, reasons)) if reasons else text


def list_reasons(env, reasons):
    """Return {reason: number} as a text; with the numbers, if there are several."""
    texts = [(reason.rstrip("."), count) for reason, count in reasons.items() if reason]
    if len(texts) == 1:
        return texts[0][0]
    shown = [f"{text} ({count})" for text, count in texts[:NAMED]]
    rest = sum(count for _text, count in texts[NAMED:])
    return "; ".join([*shown, env._("other reasons (%s)", rest)] if rest else shown)


def describe_reverted(run):
    """Return what reverting a run has done, with the reasons of what stayed; two queries."""
    return describe_revert(run.env, run.leads_put_back, run.leads_kept, count_kept(run) if run.leads_kept else None)


def tell_of_revert(run):
    """Tell everybody from whom this revert has taken leads, but whoever does it; one message a person."""
    campaign = run.campaign_id
    if campaign.notify_salespeople == "none":
        return
    letters = {
        user: _write(run.with_context(lang=user.lang), taken, received)
        for user, taken, received in _count_taken(run)
        if user.active and user != run.env.user
    }
    send(campaign, letters, by_mail=campaign.notify_salespeople != "inbox")


def _count_taken(run):
    """Yield (user, leads this revert has taken, leads the run had handed out) of each person; two queries.

    Leads that came a moment ago, and of which nobody was told yet, go without a word.
    """
    rows = run.env["lead.distribution.assignment"]
    own = Domain("run_id", "=", run.id) & Domain("is_untold", "!=", True)
    put_back = Domain("state", "=", "reverted") & Domain("reverted_on", ">=", run.reverting_since)
    taken = rows._read_group(own & put_back, ["user_id"], ["__count"])
    received = dict(rows._read_group(own & Domain("state", "in", ("done", "reverted")), ["user_id"], ["__count"]))
    for user, count in taken:
        yield user, count, received[user]


def _write(run, taken, received):
    """Return the letter for one person, in the language of the run's environment."""
    _ = run.env._
    campaign, day = run.campaign_id.name, format_date(run.env, run.distribution_date)
    if received == 1:
        subject = _("Your lead from %(campaign)s of %(day)s was put back", campaign=campaign, day=day)
    elif taken == received:
        subject = _("Your %(count)s leads from %(campaign)s of %(day)s were put back", count=taken,
                    campaign=campaign, day=day)  # fmt: skip
    else:
        subject = _("%(taken)s of your %(count)s leads from %(campaign)s of %(day)s were put back", taken=taken,
                    count=received, campaign=campaign, day=day)  # fmt: skip
    text = _("The run was reverted: they are with those who had them before, or with nobody.")
    if received == 1:
        text = _("The run was reverted: it is with whoever had it before, or with nobody.")
    body = Markup("<p>%s<br/>%s</p>") % (subject, text)
    if taken < received:
        body += Markup("<p><a href='%s'>%s</a></p>") % (get_news_url(run), _("Show the leads that stay yours"))
    return Letter(subject, body)
