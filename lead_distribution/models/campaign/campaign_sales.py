# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
import logging

from psycopg2 import DatabaseError
from psycopg2.errors import QueryCanceled

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, mute_logger, split_every

from ...engine.matching import read_lines
from ...finding import customers, dates
from ...finding.languages import find_named

_logger = logging.getLogger(__name__)

SALES_PARTNER_DOMAIN = """[('model', '=', 'crm.lead'), ('relation', '=', 'res.partner'), ('ttype', '=', 'many2one'),
    '|', ('store', '=', True), ('name', '=', 'commercial_partner_id')]"""
SALES_TEXT_DOMAIN = "[('model', '=', 'crm.lead'), ('ttype', '=', 'char'), ('store', '=', True)]"
# fields of the campaign → the lead's field where they are empty
SALES_FIELDS = {
    "sales_partner_field_id": "partner_id",
    "sales_opportunity_partner_field_id": "partner_id",
    "sales_email_field_id": "email_from",
    "sales_opportunity_email_field_id": "email_from",
    "sales_phone_field_id": "phone",
    "sales_opportunity_phone_field_id": "phone",
}
ROWS_AT_ONCE = 1000


class LeadDistributionCampaign(models.Model):
    """Sales filter: a lead whose customer already has an opportunity is not handed out.

    Source: specification 3.5; its table ``crm.opp`` is Odoo's leads of type opportunity.
    """

    _inherit = "lead.distribution.campaign"

    use_sales_filter = fields.Boolean(
        string="Leave out customers with an opportunity",
        help="A lead leaves when an opportunity that counts has the same contact.",
    )
    sales_match_email = fields.Boolean(string="Same e-mail, too")
    sales_match_phone = fields.Boolean(string="Same phone, too", help="Only the digits count.")
    sales_exclude_stages = fields.Text(
        string="Stages that do not count", help="Names, one a line; opportunities in them are ignored."
    )
    sales_include_stages = fields.Text(
        string="Only these stages count", help="Names, one a line. Empty: all stages count."
    )
    sales_active_only = fields.Boolean(
        string="Archived ones do not count",
        default=True,
        help="Lost opportunities are archived in Odoo, so they do not count either.",
    )
    sales_days = fields.Integer(
        string="Only opportunities of the last (days)", help="0: opportunities of any age count."
    )
    sales_date_field_id = fields.Many2one(
        "ir.model.fields",
        string="Their age counts from",
        ondelete="cascade",
        domain="[('model', '=', 'crm.lead'), ('ttype', 'in', ('date', 'datetime')), ('store', '=', True)]",
        help="Empty: the day the opportunity was assigned (date_open).",
    )
    sales_partner_field_id = fields.Many2one(
        "ir.model.fields", string="Contact of the lead", ondelete="cascade", domain=SALES_PARTNER_DOMAIN
    )
    sales_opportunity_partner_field_id = fields.Many2one(
        "ir.model.fields", string="Contact of the opportunity", ondelete="cascade", domain=SALES_PARTNER_DOMAIN
    )
    sales_email_field_id = fields.Many2one(
        "ir.model.fields", string="E-mail of the lead", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_opportunity_email_field_id = fields.Many2one(
        "ir.model.fields", string="E-mail of the opportunity", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_phone_field_id = fields.Many2one(
        "ir.model.fields", string="Phone of the lead", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_opportunity_phone_field_id = fields.Many2one(
        "ir.model.fields", string="Phone of the opportunity", ondelete="cascade", domain=SALES_TEXT_DOMAIN
    )
    sales_seconds = fields.Float(
        string="Look-up takes at most (seconds)",
        help="If looking for leads takes longer with the customers' opportunities, the run does without: "
        "all leads are kept, and it warns. 0: no limit.",
    )
    sales_export = fields.Boolean(
        string="List these leads in a file", help="Each run gets a file with the leads that left, for managers."
    )

    _sales_seconds_not_negative = models.Constraint("CHECK (sales_seconds >= 0)", "A time cannot be negative.")

    @api.constrains(*SALES_FIELDS)
    def _check_sales_fields(self):
        lead_fields = self.env["crm.lead"]._fields
        wrong = [
            campaign[name]
            for campaign in self
            for name, usual in SALES_FIELDS.items()
            if campaign[name] and not customers.can_compare(lead_fields[campaign[name].name], usual)
        ]
        if wrong:
            names = ", ".join(field.field_description for field in wrong)
            raise ValidationError(self.env._("Customers cannot be compared by: %s.", names))

    def _get_sales_field_name(self, name):
        return self[name].name or SALES_FIELDS[name]

    def _get_sales_keys(self):
        """Return what must be equal on lead and opportunity, see ``finding.customers``."""
        partner, other_partner, email, other_email, phone, other_phone = map(self._get_sales_field_name, SALES_FIELDS)
        keys = [customers.match_contact(partner, other_partner)]
        if self.sales_match_email and {email, other_email} <= set(customers.EMAIL_FIELDS):
            keys += customers.match_email()
        elif self.sales_match_email:
            keys.append(customers.match_text(email, other_email))
        if self.sales_match_phone:
            keys.append(customers.match_digits(phone, other_phone))
        return keys

    def _get_customers(self):
        names = {"partner_id", "email_normalized", "type", "stage_id", "active", self._get_sales_date_name()}
        names.update(map(self._get_sales_field_name, SALES_FIELDS))
        return customers.Customers(
            self._get_finding_leads(),
            self._get_sales_keys(),
            self._get_opportunity_sql(),
            names,
            may_be_itself=self.lead_type != "lead",
        )

    def _get_sales_domain(self):
        """Return the leads whose customer has no opportunity that counts.

        Each way to match is one NOT EXISTS on equal values, which PostgreSQL turns into a
        hash anti join: one pass over the opportunities, however many leads there are.
        """
        return self._get_customers().get_domain()

    def _get_unmatched_sql(self):
        """Return the condition for leads without a contact; of the table ``crm_lead``."""
        return SQL("crm_lead.partner_id IS NULL")

    def _tell_unmatched(self, count):
        """Return the warnings about leads that could not be compared by their contact."""
        if not count:
            return []
        if self.sales_match_email or self.sales_match_phone:
            return [self.env._("%s leads have no contact: they were compared with opportunities by the rest.", count)]
        return [self.env._("%s leads have no contact: they could not be compared with opportunities.", count)]

    def _get_sales_date_name(self):
        return self.sales_date_field_id.name or "date_open"

    def _get_opportunity_sql(self):
        """Return the condition for the opportunities that count; their table is ``opportunity``."""
        conditions = [SQL("opportunity.type = 'opportunity'")]
        if self.sales_active_only:
            conditions.append(SQL("opportunity.active"))
        stage = SQL("opportunity.stage_id")
        ignored = self._get_stage_ids(self.sales_exclude_stages)
        if ignored:
            conditions.append(SQL("(%s IS NULL OR %s NOT IN %s)", stage, stage, tuple(ignored)))
        if read_lines(self.sales_include_stages):
            counted = self._get_stage_ids(self.sales_include_stages)
            conditions.append(SQL("%s IN %s", stage, tuple(counted or [0])))
        if self.sales_days:
            date_field = self.env["crm.lead"]._fields[self._get_sales_date_name()]
            first = self._get_day(self.sales_days)
            if date_field.type == "datetime":
                first = dates.day_start(first, self.tz)
            date = SQL("opportunity.%s", SQL.identifier(date_field.name))
            conditions.append(SQL("(%s IS NULL OR %s >= %s)", date, date, first))
        return SQL(" AND ").join(conditions)

    def _can_read_opportunities(self):
        """Whether the database can evaluate the conditions; if not, the run goes on without them."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                condition = self._get_opportunity_sql()
                self.env.execute_query(SQL("SELECT 1 FROM crm_lead AS opportunity WHERE %s LIMIT 1", condition))
        except QueryCanceled:
            raise  # it took too long: that is no matter of reading
        except DatabaseError:
            _logger.warning("Lead distribution: campaign %s cannot read the opportunities", self.id, exc_info=True)
            return False
        return True

    def _get_stage_ids(self, text):
        """Return the ids of the stages named in the text, whole names without case, in any language."""
        return find_named(self.env, "crm.stage", read_lines(text))

    def _count_sales_by_stage(self, looked_at):
        """Return {stage name: number of leads that left because of an opportunity in it}.

        :param looked_at: the leads that reach this step
        """
        rows = self._get_customers().count_by_stage(looked_at)
        names = {s.id: s.name for s in self.env["crm.stage"].sudo().browse(id for id in rows if id)}
        return {names.get(stage_id) or self.env._("No stage"): count for stage_id, count in rows.items()}

    def _list_sales(self, looked_at):
        """Return the leads that left because of an opportunity: rows of texts and numbers, each with the newest one.

        :param looked_at: the leads that reach this step
        """
        pairs = self._get_customers().list(looked_at)
        leads = self._get_finding_leads().with_context(active_test=False)
        rows = []
        for part in split_every(ROWS_AT_ONCE, pairs, list):
            mine, others = (leads.browse(ids) for ids in zip(*part, strict=True))
            rows += [
                (lead.id, lead.name, lead.partner_id.name or "", lead.email_from or "", lead.phone or "",
                 lead.holder_id.name or "", other.id, other.name, other.stage_id.name or "")
                for lead, other in zip(mine, others, strict=True)
            ]  # fmt: skip
            leads.invalidate_model()
        return rows

    def _get_sales_header(self):
        _ = self.env._
        return (
            _("Lead number"), _("Lead"), _("Contact"), _("E-mail"), _("Phone"), _("Holder"), _("Opportunity number"),
            _("Opportunity"), _("Stage"),
        )  # fmt: skip
