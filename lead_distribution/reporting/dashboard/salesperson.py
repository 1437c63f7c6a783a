# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a salesperson sees on the dashboard: my new leads, my load, my numbers; nobody else's."""

from odoo.fields import Domain

from ..afterwards import get_own_afterwards
from ..deadlines import get_due_domain
from ..first_touch import get_waiting_times
from ..my_leads import get_waiting_domain
from ..periods import get_company_domain, get_domain
from ..salesperson import RECEIVED
from .afterwards import show_own_deadlines
from .attention import list_own_attention
from .load import get_own_load
from .opening import open_assignments, open_records
from .parts import PERIODS, fill_days, show_figure

ROWS = "lead.distribution.assignment"
LISTED = 10
NEW = Domain("waits_for_me", "=", True)  # of leads


def get_own_dashboard(user, period):
    """Return the dashboard of a person and a period.

    :param user: with full rights (own targets hang on levels of the campaign): every domain below names the user
    """
    env = user.env
    mine = Domain("user_id", "=", user.id)
    received, received_before = (get_domain(env, days) & mine & RECEIVED for days in (period, period.before))
    load, own = get_own_load(user), get_domain(env, period)
    times = get_waiting_times(env, received)
    after = get_own_afterwards(user, own, times)
    return {
        "kind": "salesperson",
        "campaigns": [],
        "campaign_id": False,
        "days": period.days,
        "periods": list(PERIODS),
        "date_range": period.texts,
        "figures": [
            *_show_figures(env, times, received, received_before, load),
            *show_own_deadlines(env, own & mine, after, get_due_domain(env, user=user)),
        ],
        "per_day": fill_days(_get_days(env, received), period, ROWS, received),
        "new_leads": _list_new_leads(user),
        "load": load["campaigns"],
        "aging": load["aging"],
        "attention": list_own_attention(user, after),
    }


def _show_figures(env, times, received, received_before, load):
    _, before = env._, get_waiting_times(env, received_before)
    all_rows = open_assignments(received, _("My new leads"))
    new = NEW & get_company_domain(env)
    waiting = open_records("crm.lead", new, _("Not touched yet"))
    touched = open_assignments(received & Domain("first_action_on", "!=", False), _("Touched leads"))
    hours = {"better": "down", "format_name": "hours"}
    return [
        show_figure("load", _("My open leads"), load["open"], load["opened"]),
        show_figure("received", _("Received"), times["count"], all_rows, before=before["count"]),
        show_figure("waiting", _("Not touched yet"), env["crm.lead"].search_count(new), waiting, better="down"),
        show_figure(
            "median", _("Hours to first action, median"), times["median_hours"], touched,
            before=before["median_hours"], **hours,
        ),
        show_figure(
            "median_working", _("Working hours to first action"), times["median_working_hours"], touched,
            before=before["median_working_hours"], **hours,
        ),
    ]  # fmt: skip


def _get_days(env, received):
    groups = env[ROWS]._read_group(received, ["distribution_date:day"], ["__count"], order="distribution_date:day")
    return [{"date": day.isoformat(), "distributed": count, "not_distributed": 0} for day, count in groups]


def _list_new_leads(user):
    """Return the newest leads that wait for a first touch, each once, however often it was handed to the person."""
    rows = user.env[ROWS]
    listed = get_waiting_domain(user) & Domain("lead_id", "any", get_company_domain(user.env))
    groups = rows._read_group(listed, ["lead_id"], ["id:max"], order="id:max DESC", limit=LISTED)
    rows = rows.browse(last for _lead, last in groups)
    rows.fetch(["lead_id", "lead_name", "campaign_id", "source_id", "distribution_date"])
    return [
        {
            "id": row.lead_id.id,
            "name": row.lead_name or f"#{row.lead_id.id}",
            "campaign": row.campaign_id.name,
            "source": row.source_id.name or "",
            "date": row.distribution_date and row.distribution_date.isoformat(),
        }
        for row in rows
    ]
