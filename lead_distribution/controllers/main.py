from odoo.exceptions import AccessError, ValidationError
from odoo.http import Controller, request, route


class LeadDistributionController(Controller):
    """Plain HTTP for programs; with a session, or an API key as bearer token."""

    @route("/leads/classification", type="http", auth="bearer", methods=["GET"], readonly=True, save_session=False)
    def classification(self, name="", **_parameters):
        """Answer ``?name=…`` with the leads of that name and their class, as JSON.

        400 without a name, 401 without a login, 403 without the right to read leads; 400 and
        403 say why under ``error``.
        """
        try:
            return request.make_json_response(request.env["crm.lead"].lookup_classification(name))
        except ValidationError as error:
            return request.make_json_response({"error": str(error)}, status=400)
        except AccessError as error:
            return request.make_json_response({"error": str(error)}, status=403)
