"""Lead statuses under the names that people write, and those that close a lead."""

import re

from odoo.fields import Domain


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
    return (by_code or statuses.filtered(lambda status: normalize_code(status.name) == wanted))[:1]


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


def get_open_domain(env):
    """Return the leads whose status does not close them: it is neither won, lost nor cancelled."""
    statuses = env["crm.lead.status"].with_context(active_test=False)
    closed = statuses.sudo().search([("is_closed", "=", True)])  # a run finds the same, whoever starts it
    return Domain("lead_status_id", "not in", closed.ids)
