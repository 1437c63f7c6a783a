# pylint: disable=prefer-env-translation
"""The request of ``POST /leads/bulk``: leads of another program and who is to call them."""

import hashlib
import json
from dataclasses import dataclass
from math import inf

from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.storable import storable
from ..work.system import as_system
from .limits import get_limit
from .rows import RawRow
from .targets import INDEX, NOTES, normal

KEYS = {"campaign", "leads", "callers"}
TARGETS = {
    "first_name": "first_name", "last_name": "last_name", "email": "email", "phone": "phone",
    "address_line": "street", "city": "city", "state": "state", "country": "country", "zip": "zip",
    "current_status": "status",
}  # fmt: skip
LONGEST_KEY = 255


class PayloadProblem(ValidationError):
    """A request that is refused as a whole; ``status`` is the HTTP status that says so."""

    def __init__(self, message, status=422):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """A request that was read; the campaign is none where it does not exist, and ``problems`` say what is wrong."""

    campaign: object
    users: object
    leads: list
    problems: list
    is_campaign_missing: bool

    def refuse_problems(self):
        """Refuse a request with something wrong; tells everything."""
        if self.problems:
            status = 404 if self.is_campaign_missing and len(self.problems) == 1 else 422
            text = self.campaign.env._("The request is refused: %s.", "; ".join(self.problems))
            raise PayloadProblem(text, status)


def read_request(env, payload):
    """Return the ``Request`` of a payload.

    :raise PayloadProblem: if it is none, or too large
    """
    _ = env._
    if not isinstance(payload, dict):
        raise PayloadProblem(_("The request must be an object with campaign, leads and callers."), 400)
    problems = [_("unknown key “%s”", storable(key)) for key in sorted(map(str, payload.keys() - KEYS))]
    leads = payload.get("leads")
    if not isinstance(leads, list) or not leads:
        problems.append(_("“leads” must be a list with at least one lead"))
    elif len(leads) > (limit := get_limit(env, "max_api_rows")):
        text = _("%(count)s leads are too many for one request; send at most %(limit)s.",
                 count=len(leads), limit=limit)  # fmt: skip
        raise PayloadProblem(text, 413)
    users, problem = _read_callers(env, payload.get("callers"))
    problems += [problem] if problem else []
    campaign, problem = _read_campaign(env, payload.get("campaign"))
    problems += [problem] if problem else []
    return Request(campaign, users, leads, problems, _is_id(payload.get("campaign")) and not campaign)


def _read_campaign(env, value):
    """Return (campaign, what is wrong with it)."""
    campaigns = env["lead.distribution.campaign"]
    if not _is_id(value):
        return campaigns, env._("“campaign” must be the id of a campaign")
    campaign = campaigns.search([("id", "=", value)])
    return campaign, None if campaign else env._("there is no campaign %s", value)


def _read_callers(env, value):
    """Return (users, what is wrong with them)."""
    users = env["res.users"].with_context(active_test=False)
    if not isinstance(value, list) or not value:
        return users, env._("“callers” must name at least one caller")
    wrong = [caller for caller in value if not _is_id(caller)]
    if wrong:
        return users, env._("“callers” must be ids of users, not %s", ", ".join(map(repr, wrong[:5])))
    ids = list(dict.fromkeys(value))
    found = users.search([("id", "in", ids)])  # whom the caller may not see is unknown, too
    known = set(found.ids)
    unknown = [str(caller) for caller in ids if caller not in known]
    problem = env._("unknown callers: %s", ", ".join(unknown)) if unknown else None
    return as_system(found).with_context(active_test=True), problem


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def get_digest(payload):
    """Return the same text for equal payloads."""
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()


def find_earlier(env, key, digest):
    """Return the import of the first request with this key, if there is one.

    A lock that ends with the transaction keeps the same request from running twice at once.

    :raise PayloadProblem: if it runs just now, or was another request
    """
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or key != storable(key):
        raise PayloadProblem(env._("An Idempotency-Key has 1 to 255 characters."), 400)
    query = SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", f"lead_import:{env.uid}:{key}")
    [(is_mine,)] = env.execute_query(query)
    if not is_mine:
        raise PayloadProblem(env._("A request with this Idempotency-Key is being worked on."), 409)
    domain = [("user_id", "=", env.uid), ("idempotency_key", "=", key)]
    earlier = as_system(env["lead.import.batch"]).search(domain, limit=1)
    if earlier and earlier.payload_hash != digest:
        raise PayloadProblem(env._("This Idempotency-Key was used for another request."), 422)
    return earlier


def read_leads(leads):
    """Yield the leads of a request as rows: names we do not know go to the notes."""
    for number, lead in enumerate(leads, 1):
        yield _read_lead(number, lead)


def _read_lead(number, lead):
    if not isinstance(lead, dict):
        return RawRow(number, [str(lead)[:500]], [], (("not_object", {}),))
    cells, problems = [], []
    for key, value in lead.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value in (inf, -inf):
            problems.append(("not_text", {"name": storable(str(key))}))
            continue
        target = TARGETS.get(key) or INDEX["leads"].get(normal(str(key)), NOTES)
        cells.append((target, key, str(value)))
    return RawRow(number, [f"{key}: {text}" for _target, key, text in cells], cells, tuple(problems))
