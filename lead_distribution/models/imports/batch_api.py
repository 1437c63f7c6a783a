# pylint: disable=prefer-env-translation
import hashlib
import json
from math import inf

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...importing.targets import INDEX, NOTES, normal
from ...tools.storable import storable
from .batch_check import CHUNK

KEYS = {"campaign", "leads", "callers"}
TARGETS = {
    "first_name": "first_name", "last_name": "last_name", "email": "email", "phone": "phone",
    "address_line": "street", "city": "city", "state": "state", "country": "country", "zip": "zip",
    "current_status": "status",
}  # fmt: skip


class PayloadProblem(ValidationError):
    """A request that is refused as a whole; ``status`` is the HTTP status that says so."""

    def __init__(self, message, status=422):
        super().__init__(message)
        self.status = status


class LeadImportBatch(models.Model):
    """``POST /leads/bulk``: leads and callers in one request. Source: import-distribution.md."""

    _inherit = "lead.import.batch"

    idempotency_key = fields.Char(readonly=True, copy=False)
    payload_hash = fields.Char(readonly=True, copy=False)

    _idempotency_idx = models.UniqueIndex(
        "(user_id, idempotency_key) WHERE idempotency_key IS NOT NULL",
        "A request with this Idempotency-Key was made already.",
    )

    @api.model
    def import_payload(self, payload, idempotency_key=None):
        """Import leads and hand them out evenly, at random, to the callers.

        One transaction: refused as a whole, nothing is written; otherwise each row that cannot
        be imported is told, and costs the others nothing.

        :param dict payload: ``campaign`` (id), ``leads`` (list of dicts with first_name, last_name,
            email, phone, address_line, city, state, country, zip, current_status), ``callers`` (user ids)
        :param str idempotency_key: the same key and payload again give the first answer again
        :return: dict with success, inserted_count, error_count, errors, assignees_added, assignee_ids,
            lead_assignments, distribution_summary
        :raise ValidationError: for a request that is refused as a whole
        :raise AccessError: for users who are no sales managers
        """
        self._check_importer()
        campaign, users, leads = self._check_payload(payload)
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()
        if idempotency_key:
            answer = self._get_earlier_answer(idempotency_key, digest)
            if answer is not None:
                return answer
        self.check_access("create")
        batch = self.sudo().create(  # company and channel are for code to say
            {
                "channel": "api", "campaign_id": campaign.id, "strategy": "random", "on_contact": "import",
                "company_id": (campaign.company_id or self.env.company).id,
                "idempotency_key": idempotency_key, "payload_hash": digest,
            }
        ).sudo(self.env.su)  # fmt: skip
        batch._check_callers(users)
        check = batch._start_check()
        for start in range(0, len(leads), CHUNK):
            part = leads[start : start + CHUNK]
            batch._check_chunk(check, [batch._read_lead(n, lead) for n, lead in enumerate(part, start + 1)])
        batch = batch.sudo()  # checked above; from here on it is history, which nobody edits
        batch._begin(users)
        batch._import_at_once()
        answer = batch._get_answer()
        batch.answer = answer
        return answer

    def _get_earlier_answer(self, key, digest):
        """Return the answer to the first request with this key, or None.

        A lock that ends with the transaction keeps the same request from running twice at once.
        """
        if not isinstance(key, str) or not 0 < len(key) <= 255 or key != storable(key):
            raise PayloadProblem(self.env._("An Idempotency-Key has 1 to 255 characters."), 400)
        name = f"lead_import:{self.env.uid}:{key}"
        locked = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", name))
        if not locked[0][0]:
            raise PayloadProblem(self.env._("A request with this Idempotency-Key is being worked on."), 409)
        earlier = self.sudo().search([("user_id", "=", self.env.uid), ("idempotency_key", "=", key)], limit=1)
        if earlier and earlier.payload_hash != digest:
            raise PayloadProblem(self.env._("This Idempotency-Key was used for another request."), 422)
        return earlier.answer if earlier else None

    @api.model
    def _check_payload(self, payload):
        """Return (campaign, users, leads) of a request; tells everything that is wrong with it."""
        _ = self.env._
        if not isinstance(payload, dict):
            raise PayloadProblem(_("The request must be an object with campaign, leads and callers."), 400)
        problems = [_("unknown key “%s”", storable(key)) for key in sorted(map(str, payload.keys() - KEYS))]
        leads = payload.get("leads")
        limit = self._get_parameter("max_api_rows", 10_000)
        if not isinstance(leads, list) or not leads:
            problems.append(_("“leads” must be a list with at least one lead"))
        elif len(leads) > limit:
            raise PayloadProblem(
                _("%(count)s leads are too many for one request; send at most %(limit)s.",
                  count=len(leads), limit=limit),
                413,
            )  # fmt: skip
        users = self._check_caller_ids(payload.get("callers"), problems)
        campaign = self._check_campaign_id(payload.get("campaign"), problems)
        if problems:
            missing = _is_id(payload.get("campaign")) and not campaign and len(problems) == 1
            raise PayloadProblem(_("The request is refused: %s.", "; ".join(problems)), 404 if missing else 422)
        return campaign, users, leads

    def _check_campaign_id(self, value, problems):
        campaigns = self.env["lead.distribution.campaign"]
        if not _is_id(value):
            problems.append(self.env._("“campaign” must be the id of a campaign"))
            return campaigns
        campaign = campaigns.search([("id", "=", value)])
        if not campaign:
            problems.append(self.env._("there is no campaign %s", value))
        campaign._check_manager()
        return campaign

    def _check_caller_ids(self, value, problems):
        users = self.env["res.users"].with_context(active_test=False)
        if not isinstance(value, list) or not value:
            problems.append(self.env._("“callers” must name at least one caller"))
            return users
        wrong = [caller for caller in value if not _is_id(caller)]
        if wrong:
            problems.append(self.env._("“callers” must be ids of users, not %s", ", ".join(map(repr, wrong[:5]))))
            return users
        ids = list(dict.fromkeys(value))
        found = users.search([("id", "in", ids)]).sudo()  # whom the caller may not see is unknown, too
        unknown = [str(caller) for caller in ids if caller not in found.ids]
        if unknown:
            problems.append(self.env._("unknown callers: %s", ", ".join(unknown)))
        return found.with_context(active_test=True)

    def _read_lead(self, number, lead):
        """Return one lead of a request as a row: names we do not know go to the notes."""
        if not isinstance(lead, dict):
            return number, [str(lead)[:500]], [], [("not_object", {})]
        cells, problems = [], []
        for key, value in lead.items():
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value in (inf, -inf):
                problems.append(("not_text", {"name": storable(str(key))}))
                continue
            target = TARGETS.get(key) or INDEX["leads"].get(normal(str(key)), NOTES)
            cells.append((target, key, str(value)))
        return number, [f"{key}: {text}" for _target, key, text in cells], cells, problems


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
