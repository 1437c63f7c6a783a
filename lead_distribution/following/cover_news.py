# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Who hears of covers, besides those who take leads over: they hear of it from their run."""

from collections import Counter

from markupsafe import Markup

from ..planning.rows import count_put
from ..reporting.messages import Letter, send
from ..reporting.notify import get_news_url
from ..reporting.readers import find_manager, get_responsible
from ..reporting.words import describe_left_over


def tell_what_came_back(leaver, runs):
    """Tell somebody who is back once which leads came back, and which stay with who took them over.

    :param runs: by which leads came back, done
    """
    runs = runs.filtered(lambda run: run.state == "done").with_context(lang=leaver.lang)
    if runs:
        by_mail = all(run.campaign_id.notify_salespeople == "preference" for run in runs)
        send(runs[0].campaign_id, {leaver: _write_return(runs)}, by_mail=by_mail)


def _write_return(runs):
    """Return the letter of who is back."""
    _, count = runs.env._, sum(runs.mapped("leads_done"))
    if count == 1:
        subject = _("1 lead came back to you")
    elif count:
        subject = _("%s leads came back to you", count)
    else:
        subject = _("No lead came back to you")
    links = [
        Markup("<p><a href='%s'>%s</a></p>") % (get_news_url(run), _("Show these leads"))
        for run in runs.filtered("leads_done")
    ]
    stay = sum((Counter(run.left_over or {}) for run in runs), Counter())
    body = Markup("<p>%s</p>") % subject + Markup("").join(links)
    return Letter(subject, body + _list_rest(runs.env, stay) if stay else body)


def _list_rest(env, stay):
    """Return how many leads stay with others, and why.

    :param stay: {reason: number}
    """
    count = stay.total()
    if count == 1:
        title = env._("1 lead stays with who took it over:")
    else:
        title = env._("%s leads stay with who took them over:", count)
    items = [f"{number} × {describe_left_over(env, reason)}" for reason, number in stay.items()]
    lines = Markup("").join(Markup("<li>%s</li>") % item for item in items)
    return Markup("<p>%s</p><ul>%s</ul>") % (title, lines)


def tell_of_archived(leaver, runs):
    """Tell who is responsible that leads stay with who took them over: who was away has no login any more.

    :param runs: of covers
    """
    counts = Counter()
    for run in runs:
        counts[get_responsible(run.campaign_id)] += count_put(run)
    for reader, count in counts.items():
        if not reader or not count:
            continue
        env = runs.with_context(lang=reader.lang).env
        if count == 1:
            text = env._("%s is archived: 1 lead stays with who took it over.", leaver.name)
        else:
            text = env._(
                "%(name)s is archived: %(count)s leads stay with who took them over.", name=leaver.name, count=count
            )
        send(runs[0].campaign_id, {reader: Letter(text, Markup("<p>%s</p>") % text)}, by_mail=True)


def tell_nobody_takes_over(absence, leads):
    """Tell a sales manager that leads of somebody who is away stay: there is no campaign to share them.

    :param leads: crm.lead, at least one
    """
    company = leads.company_id[:1] or absence.user_id.company_id
    reader = find_manager(absence.env["res.users"], company)
    if not reader:
        return
    env, name, count = absence.with_context(lang=reader.lang).env, absence.user_id.name, len(leads)
    if count == 1:
        text = env._("%s is away, and nobody takes over 1 lead: no campaign could share it.", name)
    else:
        text = env._(
            "%(name)s is away, and nobody takes over %(count)s leads: no campaign could share them.",
            name=name,
            count=count,
        )
    send(leads[0], {reader: Letter(text, Markup("<p>%s</p>") % text, about=absence)}, by_mail=True)
