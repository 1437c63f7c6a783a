# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who got leads as they came hears of it: of the first at once, of what follows within a minute in one message.

The rows of the history say themselves that nobody was told (``is_untold``), and lose the mark in the transaction that
makes the message: what a process that died did not tell, the next one tells, and nobody hears twice.
"""

import logging
from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..work.system import as_system
from .messages import Letter, send

_logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=60)  # between two messages to the same person
LISTED = 10  # leads of a message that are named
LONGEST = 60  # characters of a name in a subject
TOAST = "lead_distribution/new_leads"


class Untold(NamedTuple):
    """A row of the history that the person has not heard of.

    ``is_news``: the lead is with the person still, who can log in, and the campaign wants people to be told.
    """

    id: int
    user_id: int
    lead_id: int
    run_id: int
    is_fallback: bool
    by_mail: bool
    is_news: bool


def tell_new_leads(env, now=None):
    """Tell people of the leads they got as they came; a fixed number of statements, whatever the number of people.

    Meant to be called after the leads were committed, and committed by the caller. An error is logged, and
    the telling is tried again later.

    :param env: with full rights
    :param now: the moment (UTC); None: as it is
    :return: when somebody is to be told next (UTC), or None
    :raise: where another transaction is in the way: the caller does it once more
    """
    now = now or fields.Datetime.now()
    try:
        with env.cr.savepoint():
            rows = _lock_due(env, now - PAUSE)
            if rows:
                _tell(env, rows, now)
            return _find_next(env)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Lead distribution: telling people of new leads failed")
        return now + PAUSE


def is_anybody_untold(env):
    """Say whether somebody got leads and has not heard of them yet."""
    return bool(env["lead.distribution.assignment"].search_count([("is_untold", "=", True)], limit=1))


def _lock_due(env, heard_before):
    """Return the rows of everybody who has heard nothing for a while; what somebody else has in hand is passed over."""
    for name in ("lead.distribution.assignment", "lead.distribution.presence", "crm.lead", "res.users"):
        env[name].flush_model()
    rows = env.execute_query(
        SQL(
            "SELECT a.id, a.user_id, a.lead_id, a.run_id, a.kind = 'fallback', c.notify_salespeople <> 'inbox', "
            "coalesce(a.state = 'done' AND l.active AND l.holder_id = a.user_id AND u.active "
            "AND c.notify_salespeople <> 'none', FALSE) "
            "FROM lead_distribution_assignment a "
            "LEFT JOIN lead_distribution_presence p ON p.user_id = a.user_id "
            "LEFT JOIN lead_distribution_campaign c ON c.id = a.campaign_id "
            "LEFT JOIN crm_lead l ON l.id = a.lead_id LEFT JOIN res_users u ON u.id = a.user_id "
            "WHERE a.is_untold AND (p.news_on IS NULL OR p.news_on <= %s) "
            "ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED",
            heard_before,
        )
    )
    return [Untold(*row) for row in rows]


def _tell(env, rows, now):
    """Take the marks away, and write the messages."""
    env.cr.execute(
        SQL("UPDATE lead_distribution_assignment SET is_untold = FALSE WHERE id = ANY(%s)", [row.id for row in rows])
    )
    env["lead.distribution.assignment"].invalidate_model(["is_untold"], flush=False)
    news = defaultdict(list)
    for row in rows:
        if row.is_news:
            news[row.user_id].append(row)
    if not news:
        return
    _note_news(env, list(news), now)
    for by_mail in (False, True):
        chosen = {user: found for user, found in news.items() if any(row.by_mail for row in found) == by_mail}
        if chosen:
            _send(env, chosen, by_mail=by_mail)


def _note_news(env, user_ids, now):
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_presence (user_id, news_on) SELECT unnest(%s::int[]), %s "
            "ON CONFLICT (user_id) DO UPDATE SET news_on = excluded.news_on",
            sorted(user_ids),
            now,
        )
    )
    env["lead.distribution.presence"].invalidate_model(["news_on"], flush=False)


def _find_next(env):
    """Return when the first of those is told who have heard of a lead a moment ago."""
    [[heard_on]] = env.execute_query(
        SQL(
            "SELECT min(p.news_on) FROM lead_distribution_assignment a "
            "JOIN lead_distribution_presence p ON p.user_id = a.user_id WHERE a.is_untold"
        )
    )
    return heard_on and heard_on + PAUSE


def _send(env, news, *, by_mail):
    """Send everybody the own letter.

    :param news: {user id: rows}
    """
    runs = as_system(env["lead.distribution.run"]).browse(rows[-1].run_id for rows in news.values())
    leads = as_system(env["crm.lead"]).browse(row.lead_id for rows in news.values() for row in rows)
    letters = {}
    for user in as_system(env["res.users"]).browse(news):
        rows = news[user.id]
        mine = [leads.browse(row.lead_id).with_prefetch(leads.ids) for row in rows]
        own = runs.browse(dict.fromkeys(row.run_id for row in rows)).with_prefetch(runs.ids)
        letters[user] = write_news(mine, own.with_context(lang=user.lang), is_fallback=rows[0].is_fallback)
    send(runs[:1].campaign_id, letters, by_mail=by_mail)


def write_news(leads, runs, is_fallback=False):
    """Return the letter about somebody's new leads, in the language of the runs' environment.

    :param leads: list of records, in the order in which they came
    :param runs: those that have handed them out
    :param is_fallback: whether nobody else could take the first lead
    """
    return _write_about_one(leads[0], runs, is_fallback) if len(leads) == 1 else _write_about_several(leads, runs)


def _write_about_one(lead, run, is_fallback):
    _ = run.env._
    subject = _("New lead: %s", describe_lead(lead))
    texts = [subject, _("Nobody of %s could take it.", run.campaign_id.name)] if is_fallback else [subject]
    link = Markup("<a href='%s/odoo/crm.lead/%s'>%s</a>") % (run.get_base_url(), lead.id, _("Open the lead"))
    body = Markup("<p>%s</p>") % Markup("<br/>").join([*texts, link])
    return Letter(subject, body, about=lead, toast=_toast(subject, lead))


def _write_about_several(leads, runs):
    _, count, campaigns = runs.env._, len(leads), runs.campaign_id
    if len(campaigns) == 1:
        subject = _("%(count)s new leads from %(campaign)s", count=count, campaign=campaigns.name)
    else:
        subject = _("%s new leads", count)
    items = [describe_lead(lead) for lead in leads[:LISTED]]
    if count > LISTED:
        items.append(_("and %s more", count - LISTED))
    shown = Markup("").join(Markup("<li>%s</li>") % item for item in items)
    link = Markup("<a href='%s/odoo/my-leads'>%s</a>") % (runs[-1:].get_base_url(), _("Show my new leads"))
    body = Markup("<p>%s</p><ul>%s</ul><p>%s</p>") % (subject, shown, link)
    return Letter(subject, body, about=runs[-1:], toast=_toast(subject))


def _toast(subject, lead=None):
    return TOAST, {"text": subject, "lead_id": lead.id if lead else False}


def describe_lead(lead):
    """Return who a lead is, in a line: the person, the company and the phone, as far as they are known."""
    names = [_shorten(name) for name in (lead.contact_name, lead.partner_name) if name and name.strip()]
    names = list(dict.fromkeys(names)) or [_shorten(lead.name or "")]
    phone = (lead.phone or "").strip()
    return ", ".join([*names, _shorten(phone)] if phone else names)


def _shorten(text):
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
