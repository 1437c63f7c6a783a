# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The way of a lead through a campaign: one table of steps, each with its key, words, fields and domain.

A lead that is not taken has one reason: the first step that refuses it. A new step is an entry here,
with the function that makes its domain; its key becomes a reason in the run's exclusions.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from odoo.fields import Domain

from ..names import DROPPED, NOT_DROPPED
from .activities import get_activity_domain
from .do_not_call import get_callable_domain
from .dropback import get_staying_domain, get_young_domain, list_age_fields
from .filter_rows import describe_rows, get_field_domain, list_filtered_fields
from .guarded_matching import start_budget
from .holders import (
    get_holder_domain,
    get_pool_domain,
    get_unassigned_domain,
    get_unprotected_domain,
    get_working_holder_domain,
)
from .lead_fields import get_complete_domain, get_wanted_priority_domain
from .own_filter import get_own_domain
from .sales import get_new_customer_domain
from .statuses import get_unclosed_domain
from .window import get_base_domain, get_date_field, get_whole_domain

# fields whose rows are a step with a name of its own; the steps of others are named after the field
NAMED = ("source_id", "campaign_id", "lead_status_id", "tag_ids")


@dataclass(frozen=True)
class Step:
    """A step that leads must pass.

    ``key`` stands in a run's exclusions, ``words`` tell people why a lead is left out, ``fields`` are the
    lead's that the step looks at. ``domain`` is of the leads that pass, or a function of the campaign that
    returns it, and is called when leads are looked for; None: the step is off.
    """

    key: str
    words: str
    fields: tuple = ()
    domain: Domain | Callable | None = None


def list_base_steps(campaign, request):
    """Return what comes before all other steps; a run keeps their numbers apart from its exclusions."""
    words, whole = name_base_steps(campaign.env), replace(request, lead_ids=None)
    return [
        Step("type", words["type"], ("type", "active", "company_id"), get_whole_domain(campaign, whole)),
        Step("date", words["date"], (get_date_field(campaign).name,), get_base_domain(campaign, request)),
    ]


def name_base_steps(env):
    """Return {key: words} of what comes before all other steps."""
    return {
        "type": env._("Another type or company, archived or deleted"),
        "date": env._("Outside the time window"),
    }


def list_steps(campaign, filterable):
    """Return the steps after the window, in their order, those that are off included.

    Of the two dropback steps, the first takes out the leads that are dropped back, the second the
    old ones that are left alone.

    :param filterable: {model: names of fields} that the own filter may ask for besides the usual ones
    """
    _ = campaign.env._
    required, ages = tuple(campaign.required_field_ids.mapped("name")), list_age_fields(campaign)
    others = [name for name in list_filtered_fields(campaign) if name not in NAMED]
    return [
        Step("dnc", _("Do not call"), ("lead_status_id", "tag_ids", "email_normalized", "phone_sanitized"),
             get_callable_domain),
        Step("sales", _("Customer with an opportunity"), ("partner_id", "email_from", "phone"),
             get_new_customer_domain),
        Step(DROPPED, _("Too old, dropped back"), ages, get_staying_domain),
        Step("dropback", _("Too old, left alone"), (*ages, "holder_id", "lead_status_id"), get_young_domain),
        Step("web_source", _("Web source not matched"), ("source_id",), by_rows("source_id")),
        Step("campaign", _("Marketing campaign not matched"), ("campaign_id",), by_rows("campaign_id")),
        Step("excluded_user", _("With protected people"), ("holder_id",), get_unprotected_domain),
        Step("no_holder", _("From people whose leads are not taken"), ("holder_id",), get_holder_domain),
        Step("holder_status", _("Status or age not taken from these people"),
             ("holder_id", "lead_status_id", "source_date"), get_pool_domain),
        Step("closed", _("Closed"), ("lead_status_id",), get_unclosed_domain),
        Step("status", _("Status not matched"), ("lead_status_id",), by_rows("lead_status_id")),
        Step("tags", _("Tags"), ("tag_ids",), by_rows("tag_ids")),
        *(Step(name, describe_rows(name, campaign.env), (name,), by_rows(name)) for name in others),
        Step("required_fields", _("Missing required fields"), required, get_complete_domain),
        Step("priority", _("Priority outside the range"), ("priority",), get_wanted_priority_domain),
        Step("assigned", _("Already assigned"), ("holder_id",), get_unassigned_domain),
        Step("inactive_user", _("With people who left"), ("holder_id",), get_working_holder_domain),
        Step("activity", _("Activity planned or recent"), ("activity_date_deadline",), get_activity_domain),
        Step("domain", _("Own filter"), (), partial(get_own_domain, filterable=filterable)),
    ]  # fmt: skip


def by_rows(name):
    """Return the function that makes the domain of a campaign's rows about a field."""
    return partial(get_field_domain, name=name)


def keep_asked(steps, request):
    """Return the steps that count: without those that are left aside for the leads of a request."""
    return [step for step in steps if step.key not in (request.override or ())]


def work_out(steps, campaign):
    """Return the steps that are on and refuse anything, each with its domain."""
    start_budget(campaign.env.cr)
    domains = [(step, step.domain(campaign) if callable(step.domain) else step.domain) for step in steps]
    return [replace(step, domain=domain) for step, domain in domains if domain is not None and not domain.is_true()]


def name_steps(steps, env, keys=()):
    """Return {key: words} of steps in their order, and of what else a run can have as a reason.

    :param keys: reasons of a run; those of no step any more are fields of filter rows that are gone
    """
    names = name_base_steps(env)
    for step in steps:
        names[step.key] = step.words
        if step.key == DROPPED:
            names[NOT_DROPPED] = env._("Too old, could not be dropped back")
    gone = [key for key in keys if key not in names and key in env["crm.lead"]._fields]
    return {**names, **{name: describe_rows(name, env) for name in gone}}
