from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import Controller, content_disposition, request, route

from ..reporting.writers import MIMETYPES


class LeadDistributionReportController(Controller):
    @route("/lead_distribution/report/<int:request_id>/<string:format_name>", type="http", auth="user", methods=["GET"])
    def download(self, request_id, format_name):
        """Answer with the file of a report that the user has asked for; only one's own requests are found."""
        wanted = request.env["lead.distribution.report.request"].browse(request_id)
        try:
            wanted.check_access("read")
            name, content = wanted.render(format_name)
        except (AccessError, MissingError) as error:
            raise request.not_found() from error
        except UserError as error:
            return request.make_response(str(error), [("Content-Type", "text/plain;charset=utf-8")], status=400)
        headers = [
            ("Content-Type", MIMETYPES[format_name]),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers)
