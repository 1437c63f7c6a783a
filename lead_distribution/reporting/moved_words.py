# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Words for leads that go from one person to another for a cover or a handover, and come back."""

from odoo import fields

from ..engine.zones import pick_zone
from ..tools.clock import format_until
from ..tools.numbers import format_number
from ..work.system import as_system


def write_subject(run, count, reader):
    """Return what somebody who takes leads over is told, as one line.

    :param run: of a cover or a handover, in the language of the reader
    """
    _, name = run.env._, run.leaver_id.name
    values = {"name": name, "count": format_number(run.env, count), "until": _get_until(run, reader)}
    if values["until"] and count == 1:
        return _("You take over 1 lead of %(name)s until %(until)s", **values)
    if values["until"]:
        return _("You take over %(count)s leads of %(name)s until %(until)s", **values)
    if count == 1:
        return _("1 lead of %s is yours now", name)
    return _("%(count)s leads of %(name)s are yours now", **values)


def write_digest_subject(run):
    """Return what the responsible is told of such a run, as one line."""
    _ = run.env._
    count, found = (format_number(run.env, number) for number in (run.leads_distributed, run.leads_found))
    figures = {"name": run.leaver_id.name, "count": count, "found": found}
    if run.origin == "cover_return":
        return _("Leads of %(name)s: %(count)s of %(found)s came back", **figures)
    return _("Leads of %(name)s: %(count)s of %(found)s went to others", **figures)


def name_leads(run):
    """Return what the leads of a run are called for those who got them: they may know whose these were."""
    run = as_system(run)
    _, name = run.env._, run.leaver_id.name
    if name and run.origin in ("cover", "handover"):
        return _("Leads of %s", name)
    if run.origin == "cover_return":
        return _("Leads that came back to you")
    return _("New leads from %s", run.campaign_id.name)


def _get_until(run, reader):
    """Return until when the reader takes leads over, on the reader's own clock; nothing if nobody knows."""
    until = run.absence_id.date_to if run.origin == "cover" else None
    if not until:
        return None
    return format_until(run.env, until, fields.Datetime.now(), pick_zone(reader.tz, "UTC"))
