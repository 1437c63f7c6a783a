"""An experiment whose rows and outcomes a test makes itself, moment by moment."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.tools import SQL

from .common import DistributionCase

START = datetime(2026, 3, 2, 12, 0, 0)
MANY = 20  # of so many leads that are alike, one is made and handed out, and the others get rows like its rows


class ExperimentCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.experiment = cls.make_experiment()
        cls.past = cls.env["lead.distribution.run"].create(
            {"campaign_id": cls.campaign.id, "state": "done", "strategy": "round_robin"}
        )

    @classmethod
    def make_experiment(cls, campaign=None, **values):
        """Return an experiment that runs, with its way B."""
        campaign = campaign or cls.campaign
        variant = campaign.copy({"active": False, "variant_of_id": campaign.id})
        defaults = {
            "campaign_id": campaign.id, "variant_id": variant.id, "state": "running", "planned_leads": 10_000,
            "started_on": START, "days": 30, "action_hours": 24, "seed": 7, "user_id": cls.manager.id,
        }  # fmt: skip
        return cls.env["lead.distribution.experiment"].create({**defaults, **values})

    @classmethod
    def make_leads(cls, count=1, **values):
        if count < MANY:
            return super().make_leads(count, **values)
        lead = super().make_leads(1, **values)
        return lead + cls._copy_row(lead, "name", [f"Lead {number}" for number in range(1, count)])

    @classmethod
    def _copy_row(cls, record, column, values):
        """Return copies of a record, each with a value of a column, made by one statement."""
        cls.env.flush_all()
        names = [name for name, field in record._fields.items() if field.store and field.column_type]
        others = SQL(", ").join(SQL.identifier(name) for name in names if name not in ("id", column))
        table, column = SQL.identifier(record._table), SQL.identifier(column)
        made = cls.env.execute_query(SQL(
            "INSERT INTO %s (%s, %s) SELECT given, %s FROM %s, unnest(%s) AS given WHERE id = %s RETURNING id",
            table, column, others, others, table, values, record.id,
        ))  # fmt: skip
        return record.browse(row[0] for row in made)

    def hand_out(self, leads, arm, user=None, on=START, experiment=None, **values):
        """Write that leads were handed out by a way; return the rows."""
        experiment, user = experiment or self.experiment, user or self.ann
        if len(leads) < MANY or not self._are_alike(leads) or leads.user_id == user:
            return self._hand_out(leads, arm, user, on, experiment, **values)
        first, others, before = leads[0], leads[1:], self._read_row(leads[0])
        row = self._hand_out(first, arm, user, on, experiment, **values)
        changed = [name for name, value in self._read_row(first).items() if value != before[name]]
        columns = SQL(", ").join(map(SQL.identifier, changed))
        self.env.cr.execute(SQL(
            "UPDATE crm_lead SET (%s) = (SELECT %s FROM crm_lead WHERE id = %s) WHERE id = ANY(%s)",
            columns, columns, first.id, others.ids,
        ))  # fmt: skip
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        if undealt := others - deals.lead_id:
            self._copy_row(deals.filtered(lambda deal: deal.lead_id == first), "lead_id", undealt.ids)
        rows = row + self._copy_row(row, "lead_id", others.ids)
        self.env.invalidate_all()
        return rows

    def _are_alike(self, leads):
        return len({(lead.source_id, lead.priority, lead.user_id, lead.stage_id) for lead in leads}) == 1

    def _read_row(self, lead):
        self.env.flush_all()
        [(row,)] = self.env.execute_query(SQL("SELECT to_jsonb(crm_lead) FROM crm_lead WHERE id = %s", lead.id))
        return row

    def _hand_out(self, leads, arm, user, on, experiment, **values):
        leads.with_context(mail_notrack=True).write({"user_id": user.id})
        deals = self.env["lead.distribution.experiment.deal"]
        known = deals.search([("experiment_id", "=", experiment.id)]).lead_id
        deals.create(
            [{"experiment_id": experiment.id, "lead_id": lead.id, "arm": arm, "dealt_on": on} for lead in leads - known]
        )
        return self.env["lead.distribution.assignment"].create(
            [
                {
                    "run_id": self.past.id, "campaign_id": experiment.campaign_id.id, "lead_id": lead.id,
                    "user_id": user.id, "state": "done", "applied_on": on, "distribution_date": on.date(),
                    "experiment_id": experiment.id, "arm": arm, "source_id": lead.source_id.id,
                    "priority": int(lead.priority or 0), **values,
                }
                for lead in leads
            ]
        )  # fmt: skip

    def win(self, leads, on, revenue=0):
        """Write that leads were won at a moment."""
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        leads.write({"type": "opportunity", "stage_id": won.id, "expected_revenue": revenue})
        self.set_moment(leads, date_closed=on)

    def set_moment(self, leads, **moments):
        """Write moments of leads that nobody sets."""
        self.env.flush_all()
        for name, moment in moments.items():
            self.env.cr.execute(f"UPDATE crm_lead SET {name} = %s WHERE id IN %s", (moment, tuple(leads.ids)))
        self.env.invalidate_all()

    def get_side(self, arm, key=None, experiment=None):
        """Return (leads, conversions) of a way."""
        self.env.flush_all()
        result = (experiment or self.experiment).get_result()
        figures = next(one for one in result["measures"] if key in (None, one["key"]))
        return figures[arm]["leads"], figures[arm]["conversions"]

    @staticmethod
    def later(**span):
        return START + timedelta(**span)

    @staticmethod
    def ago(**span):
        return fields.Datetime.now() - timedelta(**span)
