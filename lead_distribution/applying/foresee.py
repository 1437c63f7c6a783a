"""What Odoo is going to compute of new leads, given along with their values.

Odoo inserts leads first and computes then, so each row, and what two dozen indexes hold of it,
was written twice: that was a quarter of an import (docs/developer/performance.md). All of it is still
computed. Where that gives the same, nothing is left to write; where not, Odoo's value wins.
"""

from contextlib import contextmanager

from odoo.addons.iap.tools.iap_tools import mail_prepare_for_domain_search
from odoo.addons.mail.tools import mail_validation

from ..work.defaults import share_defaults
from ..work.inside import Inside, get_inside
from .contacts import leave_contacts_alone
from .faster import for_batch, is_on

PHONES, EMAILS = "lead_import_phones", "lead_import_emails"  # context keys


def for_import(leads, cleaned, domains):
    """Return the model of leads as imports use it: quietly, and with what cleaning knows of phones and e-mails.

    :param leads: crm.lead
    :param cleaned: list of the cleaned values of rows
    :param domains: {domain: whether it is a company's own, so that its people belong together}; is filled
    """
    leads = for_batch(leads.with_context(tracking_disable=True, mail_create_nosubscribe=True))
    leads = leave_contacts_alone(leads)
    if not is_on(leads.env):
        return leads
    phones, emails = _read_phones(cleaned), _read_emails(cleaned, domains)
    return share_defaults(leads.with_context(**{PHONES: Inside(phones), EMAILS: Inside(emails)}))


@contextmanager
def keeping_currencies_at_hand(leads):
    """Keep the environment in which Odoo looks for the currency of each amount: it made a new one six times a lead.

    It is the very one that Odoo asks for, with full rights; nothing else is done with it.
    """
    kept = leads.sudo().with_context(mail_post_autofollow_author_skip=True, prefetch_fields=False)
    yield kept


def _read_phones(cleaned):
    """Return the phones that cleaning has brought into the international form."""
    return {values["phone"]: values["_e164"] for values in cleaned if "_e164" in values}


def _read_emails(cleaned, domains):
    """Return the e-mails that cleaning has brought into their normal form, with what Odoo compares of them."""
    known = {}
    if hasattr(mail_validation, "address"):
        return known  # with the library flanker, Odoo asks servers whether an address exists
    for email in {values.get("email_from") for values in cleaned} - {None}:
        domain = email.rpartition("@")[2]
        if domain not in domains:
            domains[domain] = mail_prepare_for_domain_search(email) == f"@{domain}"
        known[email] = f"@{domain}" if domains[domain] else email
    return known


def get_known_phones(env):
    """Return {phone: its international form} as cleaning knows it: reading each again took a tenth of an import."""
    return get_inside(env, PHONES, {})


def get_known_emails(env):
    """Return {e-mail in its normal form: what Odoo compares to find other leads of the same company}."""
    return get_inside(env, EMAILS, {})


def foresee(leads, vals_list):
    """Complete the values of leads that are about to be created.

    Only the probability is not computed again, as Odoo leaves alone what it is given: it comes
    from Odoo's own method, on leads that are not saved.

    :param leads: crm.lead, see ``for_import``
    :param vals_list: list of values, with team, stage and salesperson; changed in place
    """
    if not is_on(leads.env):
        return
    now, emails, phones = leads.env.cr.now(), get_known_emails(leads.env), get_known_phones(leads.env)
    for vals in vals_list:
        vals.update(_foresee_dates(vals, now))
        vals.update(_foresee_email(vals, emails))
        vals.update(_foresee_phone(vals, phones))
        vals["holder_id"] = vals.get("open_user_id") or vals.get("user_id")
    _foresee_properties(leads.env, vals_list)
    _foresee_probabilities(leads, vals_list)
    for vals in vals_list:
        vals.update(_foresee_revenue(vals))


def _foresee_dates(vals, now):
    values = {"date_last_stage_update": now, "day_open": 0.0, "day_close": 0.0, "won_status": "pending"}
    return {**values, "date_open": now} if vals.get("user_id") else values


def _foresee_email(vals, known):
    email = vals.get("email_from")
    criterion = known.get(email)
    if not criterion:
        return {} if email or vals.get("partner_id") else {"email_state": False}
    return {"email_normalized": email, "email_state": "correct", "email_domain_criterion": criterion}


def _foresee_phone(vals, known):
    phone = vals.get("phone")
    number = known.get(phone)
    if not number:
        return {} if phone or vals.get("partner_id") else {"phone_state": False}
    return {"phone_sanitized": number, "phone_state": "correct"}


def _foresee_properties(env, vals_list):
    """Teams without properties have none to fill with defaults; others are left to Odoo."""
    teams = env["crm.team"].browse({vals["team_id"] for vals in vals_list if vals.get("team_id")})
    filled = set(teams.filtered("lead_properties_definition").ids)
    for vals in vals_list:
        if vals.get("team_id") not in filled:
            vals["lead_properties"] = False


def _foresee_probabilities(leads, vals_list):
    """Leads that are alike in what the probability looks at have the same."""
    names = ["stage_id", "team_id", *leads._pls_get_safe_fields()]
    alike = {}
    for vals in vals_list:
        alike.setdefault(_get_likeness(leads, vals, names), []).append(vals)
    drafts = leads.browse().concat(*(leads.new(group[0]) for group in alike.values()))
    for lead, group in zip(drafts, alike.values(), strict=True):
        if not lead.automated_probability:
            continue  # Odoo tells “none” and 0 apart: it does so itself
        for vals in group:
            vals.update(automated_probability=lead.automated_probability, probability=lead.probability)


def _get_likeness(leads, vals, names):
    """Return what these fields will follow from: their values, or those of what they are computed from."""
    depends, names, values = leads.env.registry.field_depends, list(names), []
    for name in names:  # grows
        if name in vals:
            values.append(f"{name}={vals[name]}")
        elif name in leads._fields:
            found = (path.partition(".")[0] for path in depends[leads._fields[name]])
            names += [source for source in found if source not in names]
    return tuple(values)


def _foresee_revenue(vals):
    expected, probability = vals.get("expected_revenue") or 0.0, vals.get("probability") or 0.0
    values = dict.fromkeys(
        ("recurring_revenue_monthly", "recurring_revenue_monthly_prorated", "recurring_revenue_prorated"), 0.0
    )
    return {**values, "prorated_revenue": round(expected * probability / 100.0, 2)}
