import logging

from psycopg2 import DatabaseError

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..engine.matching import read_lines

_logger = logging.getLogger(__name__)


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

    def _get_sales_keys(self):
        """Return what must be equal on lead and opportunity; each is a function of the table alias."""
        keys = [lambda table: SQL("%s.partner_id", table)]
        if self.sales_match_email:
            keys.append(lambda table: SQL("%s.email_normalized", table))
        if self.sales_match_phone:
            keys.append(lambda table: SQL("NULLIF(regexp_replace(%s.phone, '\\D', '', 'g'), '')", table))
        return keys

    def _get_sales_domain(self):
        """Return the leads whose customer has no opportunity that counts.

        Each way to match is one NOT EXISTS on equal values, which PostgreSQL turns into a
        hash anti join: one pass over the opportunities, however many leads there are.
        """
        return Domain.AND(self._has_no_opportunity(key) for key in self._get_sales_keys())

    def _has_no_opportunity(self, key):
        other = SQL.identifier("opportunity")

        def to_sql(model, alias, query):
            model.flush_model(["partner_id", "email_normalized", "phone", "type", "stage_id", "active"])
            mine = SQL.identifier(alias)
            return SQL(
                "NOT EXISTS (SELECT 1 FROM crm_lead AS opportunity WHERE %s AND %s = %s AND opportunity.id <> %s.id)",
                self._get_opportunity_sql(),
                key(other),
                key(mine),
                mine,
            )

        return Domain.custom(to_sql=to_sql)

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
            limit = fields.Date.subtract(self._get_today(), days=self.sales_days)
            day = SQL("opportunity.%s::date", SQL.identifier(self.sales_date_field_id.name or "date_open"))
            conditions.append(SQL("(%s IS NULL OR %s >= %s)", day, day, limit))
        return SQL(" AND ").join(conditions)

    def _can_read_opportunities(self):
        """Whether the database can evaluate the conditions; if not, the run goes on without them."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                condition = self._get_opportunity_sql()
                self.env.execute_query(SQL("SELECT 1 FROM crm_lead AS opportunity WHERE %s LIMIT 1", condition))
        except DatabaseError:
            _logger.warning("Lead distribution: campaign %s cannot read the opportunities", self.id, exc_info=True)
            return False
        return True

    def _get_stage_ids(self, text):
        """Return the ids of the stages named in the text, whole names without case."""
        wanted = {line.lower() for line in read_lines(text)}
        stages = self.env["crm.stage"].sudo().search([("name", "!=", False)])
        english = stages.with_context(lang="en_US")
        fold = lambda name: name.strip().lower()  # noqa: E731
        return [s.id for s, e in zip(stages, english, strict=True) if {fold(s.name), fold(e.name)} & wanted]

    def _count_sales_by_stage(self, looked_at):
        """Return {stage name: number of leads that left because of an opportunity in it}.

        :param looked_at: the leads that reach this step
        """
        leads = self.env["crm.lead"].sudo()
        query = leads._search(looked_at & ~self._get_sales_domain())
        if query.is_empty():
            return {}
        mine, other = SQL.identifier("mine"), SQL.identifier("opportunity")
        equal = SQL(" OR ").join(SQL("%s = %s", key(mine), key(other)) for key in self._get_sales_keys())
        rows = self.env.execute_query(
            SQL(
                # found once: with outdated statistics PostgreSQL would look for them again for each pair
                "WITH found AS MATERIALIZED %s SELECT opportunity.stage_id, count(DISTINCT mine.id) "
                "FROM found JOIN crm_lead AS mine ON mine.id = found.id "
                "JOIN crm_lead AS opportunity ON %s AND opportunity.id <> mine.id AND (%s) "
                "GROUP BY opportunity.stage_id",
                query.subselect(),
                self._get_opportunity_sql(),
                equal,
            )
        )
        names = {s.id: s.name for s in self.env["crm.stage"].sudo().browse(row[0] for row in rows if row[0])}
        return {names.get(stage_id) or self.env._("No stage"): count for stage_id, count in rows}
