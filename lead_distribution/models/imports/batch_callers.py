from random import SystemRandom

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

from ...engine import LeftOver
from ...finding.candidates import OWN_COLUMNS, Candidate, Found
from ...importing.callers import join_campaign
from ...importing.row_table import update_rows
from ...planning.decide import Task, list_columns
from ...planning.limits import claim_rooms, count_rooms
from ...planning.line_ups import keep_line_ups
from ...planning.request import UNLIMITED, PlanRequest
from ...planning.store import create_run
from ...planning.track import create_lines
from ...reporting.words import describe_left_over

ROWS_AT_ONCE = 5000


class LeadImportBatch(models.Model):
    """Callers and the plan: who may receive, who joins the campaign, who gets which row.

    Only the callers who were named take part. The plan is made by the same engine as the
    daily run, before any lead exists, and kept on the rows.
    """

    _inherit = "lead.import.batch"

    def _plan(self, users):
        """Create the run of this import and decide who gets which row.

        :return: {"added": …, "left_out": …} as it is told in the answer
        """
        self.ensure_one()
        added = join_campaign(self, users)
        campaign = self.campaign_id.sudo().with_context(active_test=False)
        members = campaign.member_ids.filtered(lambda m: m.user_id in users)
        left_out = {m.user_id.name: reason for m in members if (reason := campaign._explain_left_out(m))}
        members = members.filtered(lambda m: m.user_id.name not in left_out)
        if not members:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
            raise ValidationError(self.env._("Nobody can receive the leads: %s.", reasons))
        run = self._create_run(campaign, left_out)
        self._decide(run, members)
        return {"added": added.user_id.ids, "left_out": left_out}

    def _create_run(self, campaign, left_out):
        self.sudo().seed = self.seed or SystemRandom().randrange(1, 2**31)
        run = create_run(campaign, PlanRequest(), self.seed, Found(), left_out, [])
        run.write(
            {
                "origin": "import", "strategy": self.strategy, "date_from": False, "date_to": False,
                "import_batch_id": self.id, "state": "applying", "started_on": fields.Datetime.now(),
                "warnings": [], "options": {"import_batch_id": self.id},
            }
        )  # fmt: skip
        self.sudo().run_id = run
        return run

    def _decide(self, run, members):
        """Let the engine share out the rows that nothing keeps from being called."""
        campaign = run.campaign_id
        request = PlanRequest(max_leads=UNLIMITED)
        columns = list_columns(campaign, campaign._get_rule_fields(), [self.strategy])
        rows, tags = self._read_plan_rows(campaign, columns)
        # rows are new, and their tags are not in the database yet
        known = {"tag_ids": tags, "classification": dict.fromkeys((row.id for row in rows), "fresh")}
        planned = campaign._make_plan(run, Task(rows, columns, members, request, known))
        if planned is None:
            raise ValidationError(run.error)
        if count_rooms(campaign, members.user_id, request):
            claim_rooms(members.user_id)
        create_lines(run, members, planned.promised)
        line_ups = keep_line_ups(run, planned)
        names = {reason.value: describe_left_over(self.env, reason.value) for reason in LeftOver}
        decisions = (self._prepare_decision(decision, line_ups, names) for decision in planned.plan.decisions)
        for part in split_every(ROWS_AT_ONCE, decisions, list):
            update_rows(self.env, part, "user_id", "turn", "line_up", "reason", "code", "message")
        run.write({"leads_planned": sum(planned.plan.received.values()), "leads_found": len(rows)})

    def _prepare_decision(self, decision, line_ups, names):
        if decision.left_over is not None:
            code = decision.left_over.value
            return {"id": -decision.lead_id, "code": code, "message": names[code]}
        kept = line_ups.prepare_values(decision)
        return {"id": -decision.lead_id, "user_id": decision.person_id, "turn": decision.turn, **kept}

    def _read_plan_rows(self, campaign, columns):
        """Return candidates as finding leads would, from the values the leads will have, and their tags.

        Their ids are negative: no lead has such a one.
        """
        names = (*OWN_COLUMNS, *columns)
        read = [SQL("values->%s", name) if name != "id" else SQL("-id") for name in names]
        found = self.env.execute_query(
            SQL(
                "SELECT %s, values->'_tags' FROM lead_import_row WHERE batch_id = %s AND state = 'ready' "
                "AND do_not_call IS NULL ORDER BY number",
                SQL(", ").join(read),
                self.id,
            )
        )
        today = campaign._get_today()
        skills = {tag.name.lower(): tag.id for tag in campaign.skill_ids.tag_id}
        tags = {}
        for number, (row_id, user_id, open_user_id, priority, dated, *facts, tag_names) in enumerate(found):
            if tag_names and skills:
                tags[row_id] = [skills[text.lower()] for text in tag_names if text.lower() in skills]
            day = fields.Date.to_date(dated) if dated else today
            # in place: there may be very many
            found[number] = Candidate(row_id, user_id, open_user_id, priority, day, tuple(facts))
        return found, tags
