# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What in a campaign does not work as it was probably meant: one list, for its form, its runs, and the terminal.

Each function of ``CHECKS`` takes a campaign and returns texts; add yours to the list. None may
need more than a few queries, however many leads there are: every run asks for all of them.
"""

from ..engine.matching import NOTHING, read_lines, read_values
from ..engine.zones import pick_zone
from ..finding.languages import find_unknown
from ..finding.lead_fields import resolve_field_name
from ..finding.window import is_empty
from ..planning.presence.look import look
from ..tools.clock import format_moment
from ..tools.labels import get_labels
from .following_warnings import check_following
from .live_warnings import check_live

TOLD_NOTES = 20  # of the last configuration
SHOWN_NAMES = 10


def list_warnings(campaign):
    """Return what is to be told of a campaign: list of texts, without repetition."""
    return list(dict.fromkeys(text for check in CHECKS for text in check(campaign)))


def _check_filters(campaign):
    _ = campaign.env._
    for row in campaign.filter_ids.filtered("active"):
        if row.problem:
            yield _("Filter %(filter)s: %(problem)s", filter=row.display_name, problem=row.problem)
        elif not read_values(row.values_text, row.mode) and not read_lines(row.wildcards_text):
            yield _("Filter %s is empty: it lets all leads pass.", row.field_id.field_description)


def _check_do_not_call(campaign):
    _ = campaign.env._
    if not campaign.use_dnc:
        return
    rows = campaign.dnc_filter_ids.filtered("active")
    for row in rows.filtered("problem"):
        yield _("Do not call, %(filter)s: %(problem)s", filter=row.display_name, problem=row.problem)
    if campaign.dnc_by_category or campaign.dnc_email_blacklist or campaign.dnc_phone_blacklist:
        return
    if all(read_lines(row.values_text) + read_lines(row.wildcards_text) in ([], [NOTHING]) for row in rows):
        yield _("Do not call is on, but nothing is named: no lead counts as not to be called.")


def _check_dropback(campaign):
    _ = campaign.env._
    if not campaign.use_dropback:
        return
    rules = campaign.dropback_rule_ids
    if not campaign.dropback_threshold_ids:
        yield _("Dropback is on, but no age is named: no lead is dropped back.")
    if not rules.user_id.filtered("active"):
        yield _("Dropback is on, but it has no working user: old leads are left alone.")
    for rule in rules.filtered(lambda rule: not rule.user_id.active):
        yield _("Dropback %s: no working user, the default rule's user gets these leads.", rule.name)
    fields = [name.strip() for name in (campaign.dropback_source_fields or "").split(",")]
    unknown = [name for name in fields if name and not resolve_field_name(campaign.env, name)]
    if unknown:
        yield _("Dropback: leads have no field %s; it is skipped.", ", ".join(unknown))


def _check_priorities(campaign):
    """Configurations count to 5, Odoo's leads to 4."""
    _ = campaign.env._
    highest = len(get_labels(campaign.env["crm.lead"], "priority"))
    if campaign.use_priority and campaign.priority_min > highest:
        yield _("Only priority 5 is wanted, which no lead has: no lead passes.")
    if campaign.use_dropback and campaign.dropback_priority_min > highest:
        yield _("Dropback takes only priority 5, which no lead has: no lead is dropped back.")


def _check_pools(campaign):
    _ = campaign.env._
    holders = set(campaign.pool_ids.mapped("holder"))
    if campaign.exclude_inactive_users and "inactive_member" in holders:
        yield _("Leads of inactive people are left out, so the pool of inactive members stays empty.")
    if campaign.pool_mode != "pools":
        return
    if not holders:
        yield _("No pool is named: the campaign takes nobody's leads.")
    elif campaign.exclude_assigned and "unassigned" not in holders:
        yield _("The pools take only leads that somebody holds, and assigned leads are left out: none remain.")


def _check_window(campaign):
    own_dates = campaign.custom_date_from or campaign.custom_date_to
    days = (campaign.include_today, campaign.older_than_days, campaign.younger_than_days)
    if campaign.use_window and not own_dates and is_empty(*days):
        yield campaign.env._("The window is empty: no lead can be in it.")


def _check_customers(campaign):
    """Names of stages that do not exist: opportunities count, or are ignored, by name."""
    if not campaign.use_sales_filter:
        return
    wanted = read_lines(campaign.sales_exclude_stages) + read_lines(campaign.sales_include_stages)
    unknown = find_unknown(campaign.env, "crm.stage", wanted) if wanted else []
    if unknown:
        yield campaign.env._("Customers: there are no stages with these names: %s.", _shorten(unknown))


def _check_sharing(campaign):
    _ = campaign.env._
    if campaign.use_override and not (campaign.override_lead_count or campaign.override_people_count):
        yield _("Round robin when there is little to share is on, but no number is named: it never comes.")
    if campaign.use_skills and not campaign.skill_ids:
        yield _("Skills count, but no skill is named: every lead goes to anybody.")
    if campaign.max_daily and campaign.min_daily > campaign.max_daily:
        yield _("The smallest number of leads a day is above the largest.")


def _check_people(campaign):
    """Who hears by email of new leads, and has no address."""
    # as the system: who plans need not see every user
    users = campaign.sudo().member_ids.filtered("active").user_id.filtered("active")
    silent = users.filtered(lambda user: user.notification_type == "email" and not (user.email or "").strip())
    if silent:
        text = campaign.env._("These people have no email address, so nobody can write to them of their leads: %s.")
        yield text % _shorten(silent.mapped("name"))


def _check_hours(campaign):
    """A schedule that begins when nobody is there."""
    if campaign.availability == "ignore" or not campaign.next_run:
        return
    seen = campaign.sudo()  # who looks at the campaign need not see when people work
    users = seen.member_ids.filtered("active").user_id.filtered("active")
    if users and not any(one.can_receive for one in look(seen, users, campaign.next_run).values()):
        moment = format_moment(campaign.env, campaign.next_run, pick_zone(campaign.tz))
        yield campaign.env._(
            "Nobody is there when the next run starts: %s. Choose another hour, or “Who is back first”.", moment
        )


def _check_notes(campaign):
    """What only the text of the last configuration shows: names that do not exist, keys without effect."""
    _ = campaign.env._
    notes = [note for note in campaign.config_report or [] if note.get("lasting", note["kind"] == "person")]
    for note in notes[:TOLD_NOTES]:
        yield f"{note['path']}: {note['text']}" if note["path"] else note["text"]
    if len(notes) > TOLD_NOTES:
        more = len(notes) - TOLD_NOTES
        one = _("The notes of the last configuration have 1 more line.")
        yield one if more == 1 else _("The notes of the last configuration have %s more lines.", more)


def _shorten(names):
    return ", ".join(names[:SHOWN_NAMES]) + (" …" if len(names) > SHOWN_NAMES else "")


CHECKS = [
    _check_filters, _check_do_not_call, _check_dropback, _check_pools, _check_window, _check_customers,
    _check_priorities, _check_sharing, _check_people, _check_hours, check_live, check_following, _check_notes,
]  # fmt: skip
