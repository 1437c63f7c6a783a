"""The leads of a run as the person sees them who got them: what to call them, and where they have gone."""

from markupsafe import Markup

from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.numbers import format_number
from .moved_words import name_leads


def get_waiting_domain(user):
    """Return the assignments of a person that nobody has touched yet; dashboard and lists ask the same."""
    return Domain("user_id", "=", user.id) & Domain("is_waiting", "=", True)


def describe_leads_of_run(run):
    """Return ``name``, ``domain`` and ``help`` of a list of what the reader got in a run and still has.

    :param run: as the reader may read it
    :return: these, and ``notice``: what to say above the list, or nothing
    """
    env = run.env
    mine = Domain("run_id", "=", run.id) & Domain("user_id", "=", env.uid)
    counts = dict(env["lead.distribution.assignment"]._read_group(mine, ["state"], ["__count"]))
    put_back = counts.get("reverted", 0)
    domain = Domain("assignment_ids", "any", mine & Domain("state", "=", "done")) & Domain("holder_id", "=", env.uid)
    campaign = run.campaign_id.name
    return {
        "name": env._("Still yours, from %s", campaign) if put_back else name_leads(run),
        "domain": list(domain),
        "help": _explain_nothing(run, put_back),
        "notice": _count_put_back(env, put_back) if put_back and counts.get("done") else None,
    }


def _count_put_back(env, count):
    if count == 1:
        return env._("1 of these leads was put back: the run was reverted.")
    return env._("%s of these leads were put back: the run was reverted.", format_number(env, count))


def _explain_nothing(run, put_back):
    """Return what stands there when none of the leads is left, as HTML."""
    env = run.env
    values = {"campaign": run.campaign_id.name, "date": format_date(env, run.distribution_date)}
    values["count"] = format_number(env, put_back)
    if put_back == 1:
        title = env._("This lead was put back")
        text = env._(
            "The run of %(campaign)s on %(date)s was reverted, and the lead went to where it was before. "
            "There is nothing for you to do.", **values,
        )  # fmt: skip
    elif put_back:
        title = env._("These leads were put back")
        text = env._(
            "The run of %(campaign)s on %(date)s was reverted, and the %(count)s leads went to where they were "
            "before. There is nothing for you to do.", **values,
        )  # fmt: skip
    else:
        title = env._("None of these leads is yours any more")
        text = env._("Somebody else has them now. The History shows every lead you were given.")
    return Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>") % (title, text)
