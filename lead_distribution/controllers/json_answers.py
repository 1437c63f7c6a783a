"""Routes for programs: whatever happens, the answer is JSON of one shape."""

import psycopg2
from werkzeug.exceptions import HTTPException

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import HttpDispatcher, SessionExpiredException


class JsonAnswerDispatcher(HttpDispatcher):
    """``@route(type="lead_distribution_json")``: as ``http``, but errors are told in JSON, too.

    Odoo answers an exception that leaves a controller, and a body that it cannot read, with a web page.
    """

    routing_type = "lead_distribution_json"
    mimetypes = ("application/json",)

    def handle_error(self, exc):
        """Return the answer to an exception; Odoo writes what it does not know to the log."""
        if isinstance(exc, HTTPException) and exc.code is None:
            return exc  # a ready answer
        status, text, headers = describe(exc)
        return refuse(self.request, status, text, headers)


def describe(exc):
    """Return (HTTP status, text, headers) for an exception; nothing of the inside of the server."""
    if isinstance(exc, (SessionExpiredException, AccessDenied)):
        return 401, "Send an API key as bearer token.", [("WWW-Authenticate", "Bearer")]
    if isinstance(exc, HTTPException):
        return exc.code, exc.description or exc.name, None
    if isinstance(exc, AccessError):
        return 403, str(exc), None
    if isinstance(exc, UserError):
        return getattr(exc, "status", 422), str(exc), None
    if isinstance(exc, psycopg2.OperationalError):
        return 503, "The server is busy. Nothing was imported; send the request again.", [("Retry-After", "5")]
    return 500, "The server failed. Nothing was imported; its log says why.", None


def refuse(request, status, text, headers=None):
    """Return the answer to a request that is refused as a whole."""
    answer = {
        "success": False, "inserted_count": 0, "error_count": 1,
        "errors": [{"row": None, "code": "refused", "message": text}],
    }  # fmt: skip
    return request.make_json_response(answer, headers=headers, status=status)
