"""Lead statuses under the names that people write, and those that close a lead."""

import re

from odoo.fields import Domain
from odoo.tools import SQL

from .languages import index_names

DONE_WITH = ("won", "lost")  # what Odoo itself says of a lead that is nobody's work any more
_OUTCOMES = {"won": ("won",), "lost": ("lost", "cancelled")}  # the same by the categories of lead statuses


def normalize_code(text):
    """Return the normal form of a status code or label: ``Full Pitch `` → ``full_pitch``.

    Underscores stay where they are: ``_new`` is another status than ``new``.
    """
    return re.sub(r"[\s_]+", "_", (text or "").strip().lower())


def normalize_codes(texts):
    """Return {normal form: as it was written} of codes or labels."""
    return {normalize_code(text): text for text in texts}


def find_status(env, text):
    """Return the status named by a code or a label, in its normal form; archived ones too."""
    statuses, wanted = env["crm.lead.status"], normalize_code(text)
    if not wanted.strip("_"):
        return statuses
    statuses = statuses.with_context(active_test=False).search([("code", "!=", False)])
    by_code = statuses.filtered(lambda status: status.code == wanted)
    return by_code[:1] or statuses.browse(index_names(statuses, normalize_code).get(wanted))


def index_statuses(statuses):
    """Return {normal form: id} of the codes of statuses, and of their labels in every language; codes come first."""
    codes = {status.code: status.id for status in statuses}
    return {**codes, **index_names(statuses, normalize_code), **codes}  # the last: no name takes the place of a code


def find_or_create_status(env, text):
    """Return the status named by a text; one that does not exist is created from the text."""
    return find_status(env, text) or env["crm.lead.status"].create({"name": text.strip()})


def get_unclosed_domain(campaign):
    """Return the leads that are not closed, or None where closed ones are taken, too.

    An opportunity is closed by its stage, too, whatever its status says.
    """
    if not campaign.exclude_closed:
        return None
    still_open = get_open_domain(campaign.env)
    return still_open if campaign.lead_type == "lead" else still_open & Domain("won_status", "!=", "won")


def list_status_names(statuses):
    """Return the texts under which each status can be named: code, label in its normal form, and as it is shown."""
    return [(status.code, normalize_code(status.name), status.name) for status in statuses]


def get_work_domain(env):
    """Return the open leads, as every page counts them: those that are still somebody's work.

    Their status neither closes them (won, lost, cancelled) nor says that nobody may call; and Odoo
    has them neither as won nor as lost. Archived leads are another matter: Odoo leaves them out itself.
    """
    statuses = env["crm.lead.status"].with_context(active_test=False)
    done = statuses.sudo().search([("category", "!=", "open")])  # the same for everybody
    return Domain("lead_status_id", "not in", done.ids) & Domain("won_status", "not in", DONE_WITH)


def is_work(lead):
    """Whether a lead is open, see ``get_work_domain``."""
    category = lead.sudo().lead_status_id.category  # the same for everybody
    return category in (False, "open") and lead.won_status not in DONE_WITH


def merge_statuses(leads):
    """Return the status of a lead that others were merged into: do not call, if any says so, else the first one.

    :param leads: all of them, the one that is left first
    """
    statuses = leads.lead_status_id
    return statuses.sudo().filtered(lambda status: status.category == "do_not_call")[:1] or statuses[:1]


def get_done_sql(leads, alias):
    """Return the condition that a lead is not open, as an SQL expression; unknown (NULL) is open."""
    leads.flush_model(["lead_status_id", "won_status"])
    leads.env["crm.lead.status"].flush_model(["category"])
    lead = SQL.identifier(alias)
    return SQL(
        "(%s.won_status IN %s OR %s.lead_status_id IN (SELECT id FROM crm_lead_status WHERE category <> 'open'))",
        lead, DONE_WITH, lead,
    )  # fmt: skip


def get_open_domain(env):
    """Return the leads whose status does not close them: it is neither won, lost nor cancelled.

    A step of finding: do not call is another one. What pages call open is ``get_work_domain``.
    """
    statuses = env["crm.lead.status"].with_context(active_test=False)
    closed = statuses.sudo().search([("is_closed", "=", True)])  # a run finds the same, whoever starts it
    return Domain("lead_status_id", "not in", closed.ids)


def get_outcome_sql(leads, alias, category):
    """Return the condition that a lead is won, or lost, as an SQL expression that is never unknown.

    By Odoo's own state, or by the lead status; a cancelled lead is a lost one.

    :param alias: of the table of leads
    :param category: "won" or "lost"
    """
    leads.flush_model(["lead_status_id", "won_status"])
    leads.env["crm.lead.status"].flush_model(["category"])
    return SQL(
        "((%(lead)s.won_status = %(outcome)s OR %(lead)s.lead_status_id IN "
        "(SELECT id FROM crm_lead_status WHERE category IN %(categories)s)) IS TRUE)",
        lead=SQL.identifier(alias),
        outcome=category,
        categories=_OUTCOMES[category],
    )


def get_won_domain(path=""):
    """Return the leads that are won; the same as ``get_outcome_sql``.

    :param path: of the lead in the records that are looked for: "lead_id."
    """
    return Domain(f"{path}lead_status_id.category", "=", "won") | Domain(f"{path}won_status", "=", "won")


def get_outcome(status):
    """Return what a lead status says became of its leads: "won" or "lost", or None."""
    return next((outcome for outcome, categories in _OUTCOMES.items() if status.category in categories), None)


def get_closing_sql(alias):
    """Return the moment since which a lead is won or lost, as an SQL expression.

    By Odoo's own state or by the lead status, whichever came first. Leads whose status closed them before that moment
    was kept, or whose status became a closing one, were closed when they were worked on last.
    """
    return SQL(
        "coalesce(least(%(lead)s.date_closed, %(lead)s.status_closed_on), "
        "%(lead)s.last_worked_on, %(lead)s.write_date)",
        lead=SQL.identifier(alias),
    )
