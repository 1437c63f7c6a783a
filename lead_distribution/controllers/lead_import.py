import json
import re

from psycopg2.errors import UniqueViolation
from werkzeug.exceptions import NotFound, Unauthorized

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route

from ..applying.locks import beside_live
from ..importing.blank_file import make_blank_file
from ..importing.error_file import make_error_file
from ..importing.targets import NAMES_OF
from .json_answers import refuse

MAX_BODY = 32 * 1024 * 1024
KEY_INDEX = "lead_import_batch_idempotency_idx"


class LeadImportController(Controller):
    """Imports over plain HTTP: leads of other programs, and files to mend."""

    # the check of the login is below: a session is as good as an API key here, and JSON keeps
    # forms of other web sites out, as browsers ask before they send it across sites
    @route("/leads/bulk", type="lead_distribution_json", auth="public", csrf=False, save_session=False)
    def bulk(self, **_parameters):
        """Import leads and hand them out to callers. See ``static/openapi.json``.

        400 no JSON, 401 no login, 403 no right, 404 unknown campaign, 405 no POST, 409 the same request is
        being worked on, 413 too much at once, 415 not sent as JSON, 422 refused with reasons, 500 an error
        of the server, 503 too busy.
        """
        if request.httprequest.method != "POST":  # here, as Odoo would answer it with a web page
            return _refuse(405, "Send the leads with POST.", [("Allow", "POST")])
        try:
            self._authenticate()
        except Unauthorized as error:
            return _refuse(401, error.description, [("WWW-Authenticate", "Bearer")])
        if request.httprequest.mimetype != "application/json":
            return _refuse(415, "Send the request as application/json.")
        if (request.httprequest.content_length or 0) > MAX_BODY:
            return _refuse(413, "The request is too large.")
        body = request.httprequest.get_data()
        if len(body) > MAX_BODY:  # sent in chunks, it does not say so before
            return _refuse(413, "The request is too large.")
        try:
            payload = json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return _refuse(400, "The request is not valid JSON.")
        key = request.httprequest.headers.get("Idempotency-Key")
        try:
            with beside_live(request.env), request.env.cr.savepoint():
                answer = request.env["lead.import.batch"].import_payload(payload, idempotency_key=key)
        except UniqueViolation as error:
            if error.diag.constraint_name != KEY_INDEX:
                raise
            # the first one was over after this one had begun: asked again, it gets that one's answer
            return _refuse(409, "A request with this Idempotency-Key is being worked on.", [("Retry-After", "1")])
        except RecursionError:
            return _refuse(400, "The request is nested too deeply.")
        except AccessError as error:
            return _refuse(403, str(error))
        except UserError as error:
            return _refuse(getattr(error, "status", 422), str(error))
        return request.make_json_response(answer)

    def _authenticate(self):
        """Take an API key as bearer token, else the session of a logged-in user."""
        match = re.match(r"^bearer\s+(\S+)$", request.httprequest.headers.get("Authorization", ""), re.IGNORECASE)
        if match:
            uid = request.env["res.users.apikeys"]._check_credentials(scope="rpc", key=match[1])
            if not uid or (request.session.uid or uid) != uid:
                raise Unauthorized("The API key is wrong, or not that of the session.")
            request.update_env(user=uid)
        elif not request.session.uid:
            raise Unauthorized("Send an API key as bearer token.")

    @route("/lead_distribution/import/<int:batch_id>/errors", type="http", auth="user", methods=["GET"], readonly=True)
    def errors(self, batch_id):
        """Download the rows that were not imported, as a workbook to mend and upload again."""
        batch = request.env["lead.import.batch"].browse(batch_id).exists()
        if not batch:
            raise NotFound()
        batch.check_access("read")
        return _send_workbook(*make_error_file(batch))

    @route("/lead_distribution/import/template/<string:kind>", type="http", auth="user", methods=["GET"], readonly=True)
    def template(self, kind):
        """Download a workbook to fill in, of leads or of salespeople."""
        if kind not in NAMES_OF:
            raise NotFound()
        request.env["lead.import.batch"].check_access("read")
        return _send_workbook(*make_blank_file(request.env, kind))


def _send_workbook(name, data):
    headers = [
        ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return request.make_response(data, headers)


def _refuse(status, text, headers=None):
    return refuse(request, status, text, headers)


def _refuse_constant(name):
    raise ValueError(name)
