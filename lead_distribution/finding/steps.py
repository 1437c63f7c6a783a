# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The way of a lead through a campaign: one table of steps, each with its key, words, fields and domain.

A lead that is not taken has one reason: the first step that refuses it. A new step is an entry here,
with the function that makes its domain; its key becomes a reason in the run's exclusions.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from odoo.fields import Domain

from ..names import DROPPED, NOT_DROPPED
from .activities import get_activity_domain
from .do_not_call import get_callable_domain
from .dropback import get_dropped_domain, get_threshold_domain
from .filter_rows import get_field_domain, group_rows
from .guarded_matching import start_budget
from .holders import get_holder_domain, get_inactive_holder_domain, get_pool_domain
from .lead_fields import get_priority_range, get_required_domain
from .own_filter import make_own_filter
from .sales import get_customers
from .scope import get_today, get_type_domain
from .statuses import get_open_domain
from .window import get_base_domain, get_date_field

# fields whose rows are a step with a name of its own; the steps of others are named after the field
NAMED = ("source_id", "campaign_id", "lead_status_id", "tag_ids")


@dataclass(frozen=True)
class Step:
    """A step that leads must pass.

    ``key`` stands in a run's exclusions, ``words`` tell people why a lead is left out, ``fields`` are the
    lead's that the step looks at. ``domain`` is of the leads that pass, or a function without arguments
    that returns it, which is called when leads are looked for; None: the step is off.
    """

    key: str
    words: str
    fields: tuple = ()
    domain: Domain | Callable | None = None


def list_base_steps(campaign, request):
    """Return what is looked at, as steps; a run does not count the leads outside of them."""
    _ = campaign.env._
    return [
        Step("type", _("Not a lead"), ("type", "active", "company_id"), get_type_domain(campaign)),
        Step("date", _("Outside the window"), (get_date_field(campaign).name,), get_base_domain(campaign, request)),
    ]


def list_steps(campaign, filterable):
    """Return the steps after the window, in their order, those that are off included.

    Of the two dropback steps, the first takes out the leads that are dropped back, the second the
    old ones that are left alone.

    :param filterable: {model: names of fields} that the own filter may ask for besides the usual ones
    """
    _ = campaign.env._
    too_old = get_threshold_domain(campaign)
    rows = group_rows(campaign.filter_ids)
    protected, required = campaign.protected_user_ids, campaign.required_field_ids

    def by_rows(name):
        return (lambda: get_field_domain(rows[name])) if name in rows else None

    def when(setting, get_domain):
        return get_domain if setting else None

    return [
        Step("dnc", _("Do not call"), ("lead_status_id", "tag_ids", "email_normalized", "phone_sanitized"),
             lambda: get_callable_domain(campaign)),
        Step("sales", _("Customer with an opportunity"), ("partner_id", "email_from", "phone"),
             when(campaign.use_sales_filter, lambda: get_customers(campaign).get_domain())),
        Step(DROPPED, _("Too old, dropped back"), ("source_date",),
             when(too_old is not None, lambda: ~get_dropped_domain(campaign, too_old))),
        Step("dropback", _("Too old, left alone"), ("source_date", "holder_id", "lead_status_id"),
             when(too_old is not None, lambda: ~too_old)),
        Step("web_source", _("Web source not matched"), ("source_id",), by_rows("source_id")),
        Step("campaign", _("Marketing campaign not matched"), ("campaign_id",), by_rows("campaign_id")),
        Step("excluded_user", _("Held by protected people"), ("holder_id",),
             when(protected, lambda: Domain("holder_id", "not in", protected.ids))),
        Step("no_holder", _("Holder in no pool"), ("holder_id",),
             when(campaign.pool_mode == "pools", lambda: get_holder_domain(campaign.pool_ids))),
        Step("holder_status", _("Status or age not in the holder's pool"),
             ("holder_id", "lead_status_id", "source_date"),
             when(campaign.pool_mode == "pools", lambda: get_pool_domain(campaign.pool_ids, get_today(campaign)))),
        Step("closed", _("Closed"), ("lead_status_id",),
             when(campaign.exclude_closed, lambda: get_open_domain(campaign.env))),
        Step("status", _("Status not matched"), ("lead_status_id",), by_rows("lead_status_id")),
        Step("tags", _("Tags"), ("tag_ids",), by_rows("tag_ids")),
        *(Step(name, _describe_rows(name, campaign.env), (name,), by_rows(name)) for name in rows if name not in NAMED),
        Step("required_fields", _("Missing required fields"), tuple(required.mapped("name")),
             when(required, lambda: get_required_domain(required))),
        Step("priority", _("Priority outside the range"), ("priority",),
             when(campaign.use_priority, lambda: get_priority_range(campaign.priority_min, campaign.priority_max))),
        Step("assigned", _("Already assigned"), ("holder_id",),
             when(campaign.exclude_assigned, lambda: Domain("holder_id", "=", False))),
        Step("inactive_user", _("Held by inactive people"), ("holder_id",),
             when(campaign.exclude_inactive_users, lambda: get_inactive_holder_domain(campaign))),
        Step("activity", _("Activity planned or recent"), ("activity_date_deadline",),
             when(campaign.protect_activities, lambda: get_activity_domain(campaign))),
        Step("domain", _("Own filter"), (),
             lambda: make_own_filter(campaign, filterable).look(campaign.company_id).domain),
    ]  # fmt: skip


def work_out(steps, cr):
    """Return the steps that are on and refuse anything, each with its domain."""
    start_budget(cr)
    domains = [(step, step.domain() if callable(step.domain) else step.domain) for step in steps]
    return [replace(step, domain=domain) for step, domain in domains if domain is not None and not domain.is_true()]


def name_steps(steps, env, keys=()):
    """Return {key: words} of steps in their order, and of what else a run can have as a reason.

    :param keys: reasons of a run; those of no step any more are fields of filter rows that are gone
    """
    names = {}
    for step in steps:
        names[step.key] = step.words
        if step.key == DROPPED:
            names[NOT_DROPPED] = env._("Too old, could not be dropped back")
    gone = [key for key in keys if key not in names and key in env["crm.lead"]._fields]
    return {**names, **{name: _describe_rows(name, env) for name in gone}}


def _describe_rows(name, env):
    return env._("%s not matched", env["crm.lead"]._fields[name]._description_string(env))
