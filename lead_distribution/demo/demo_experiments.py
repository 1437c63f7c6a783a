from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.tools import SQL

from ..experiments.watch import end

FIRST_DEALT = 6_000  # number of its first sample lead
WEEKS, A_WEEK, FIRST_AGE = 6, 70, 140  # six runs, the first one so many days ago
DAYS = 30
SEED = 2026
# of the leads of a way so many became opportunities, and so many of these were won
RATES = {"a": (0.21, 0.35), "b": (0.33, 0.4)}
REVENUES = (1200, 1800, 2400, 3600, 5400)


def _draw_outcomes(rows):
    """Return [(lead, won, converted on, closed on, revenue)]: which leads is drawn, how many of a way is not.

    :param rows: [(lead, way, applied on)]
    """
    rng, outcomes = Random(SEED), []
    for arm, (becomes, wins) in RATES.items():
        of_way = [(lead, applied_on) for lead, way, applied_on in rows if way == arm]
        rng.shuffle(of_way)
        conversions = round(becomes * len(of_way))
        for number, (lead, applied_on) in enumerate(of_way):
            is_won = number < round(wins * conversions)
            converted = applied_on + timedelta(days=rng.randint(1, 14)) if number < conversions else None
            closed = applied_on + timedelta(days=rng.randint(15, 27))
            outcomes.append((lead, is_won, converted, closed, rng.choice(REVENUES) if is_won else 0))
    return outcomes


class LeadDistributionDemo(models.AbstractModel):
    """An experiment that has ended some weeks ago, and one that is being planned. Only ``make demo`` calls it."""

    _inherit = "lead.distribution.demo"

    @api.model
    def _make_experiments(self):
        """Deal some leads of Voice to two ways, as if it had been done in spring; plan another experiment of Apple."""
        experiments = self.env["lead.distribution.experiment"]
        admin = self.env.ref("base.user_admin")
        voice, apple = self._get_campaigns()
        ended = experiments.create(
            {
                "name": "Do the better ones make more of more leads?",
                "campaign_id": voice.id,
                "strategy_b": "performance",
                "measure": "opportunity",
                "days": DAYS,
                "points": 10,
                "planned_leads": WEEKS * A_WEEK,
                "seed": SEED,
                "user_id": admin.id,
            }
        )
        self._run_experiment(ended.with_context(tracking_disable=True), voice)
        self._decide_outcomes(ended)
        self._end_in_the_past(ended)
        planned = experiments.create(
            {
                "name": "Does Apple need equal shares?",
                "campaign_id": apple.id,
                "strategy_b": "least_loaded",
                "seed": SEED,
                "user_id": admin.id,
            }
        )
        return ended + planned

    def _run_experiment(self, experiment, voice):
        """Let the campaign deal the leads of some weeks, each run dated back."""
        voice = voice.with_context(tracking_disable=True)
        told = {"notify_salespeople": voice.notify_salespeople, "notify_responsible": voice.notify_responsible}
        voice.write({"notify_salespeople": "none", "notify_responsible": False})
        experiment.action_start()
        voice.message_ids[:1].sudo().date = fields.Datetime.now() - timedelta(days=FIRST_AGE)  # sample data
        today = self._get_today()
        for week in range(WEEKS):
            leads = self._make_arrivals(voice, FIRST_DEALT + week * A_WEEK, A_WEEK, today)
            run = voice.distribute(lead_ids=leads.ids)
            age = timedelta(days=FIRST_AGE - 7 * week)
            self._move_to_the_past(run, leads, age)
            self.env.cr.execute(
                SQL(
                    "UPDATE lead_distribution_experiment_deal SET dealt_on = dealt_on - %s "
                    "WHERE experiment_id = %s AND lead_id = ANY(%s)",
                    age, experiment.id, leads.ids,
                )
            )  # fmt: skip
        voice.write(told)

    def _decide_outcomes(self, experiment):
        """Let as many leads of each way be won and lost as the seed says; all of them are nobody's work any more."""
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id, arm, applied_on FROM lead_distribution_assignment "
                "WHERE experiment_id = %s AND state = 'done' ORDER BY id",
                experiment.id,
            )
        )
        status = {s.code: s.id for s in self.env["crm.lead.status"].search([])}
        stage = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        outcomes = _draw_outcomes(rows)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead l SET active = w.won, type = CASE WHEN w.converted IS NULL THEN 'lead' "
                "ELSE 'opportunity' END, date_conversion = w.converted, date_closed = w.closed, "
                "expected_revenue = w.revenue, probability = CASE WHEN w.won THEN 100 ELSE 0 END, "
                "won_status = CASE WHEN w.won THEN 'won' ELSE 'lost' END, "
                "stage_id = CASE WHEN w.won THEN %s ELSE l.stage_id END, "
                "lead_status_id = CASE WHEN w.won THEN %s ELSE %s END "
                "FROM unnest(%s::int[], %s::bool[], %s::timestamp[], %s::timestamp[], %s::int[]) "
                "AS w(id, won, converted, closed, revenue) WHERE l.id = w.id",
                stage.id, status["won"], status["lost"], *map(list, zip(*outcomes, strict=True)),
            )
        )  # fmt: skip
        self.env.invalidate_all(flush=False)

    def _end_in_the_past(self, experiment):
        """End the experiment, and date it back: its leads came of before the last of its days."""
        now = fields.Datetime.now()
        last = now - timedelta(days=FIRST_AGE - 7 * (WEEKS - 1))
        experiment.sudo().write({"started_on": now - timedelta(days=FIRST_AGE), "dealt_until": last})  # sample data
        end(experiment)
        experiment.sudo().ended_on = last + timedelta(days=DAYS)  # sample data
