"""The plan of an import: who gets which row.

Only the callers who were named take part. The plan is made by the same engine as that of the daily
run, before any lead exists, and kept on the rows.
"""

from collections import Counter
from random import SystemRandom

from odoo import fields
from odoo.tools import SQL, split_every

from ..engine import LeftOver
from ..finding.candidates import OWN_COLUMNS, Candidate
from ..finding.languages import fold
from ..finding.scope import get_today
from ..planning.arms import find_arms
from ..planning.decide import Task
from ..planning.limits import claim_rooms, count_rooms
from ..planning.line_ups import keep_line_ups
from ..planning.request import UNLIMITED, PlanRequest
from ..planning.track import create_lines, create_lines_of_both
from ..planning.two_ways import PlannedBoth
from ..reporting.words import describe_left_over
from ..work.system import as_system
from .lookups import read_names
from .row_table import update_rows

ROWS_AT_ONCE = 5000
USUAL = "random"  # strategy of imports, if nobody chooses another one
READ = {"source_id": SQL("coalesce(values->'source_id', values->'_source')")}


def find_ways(batch):
    """Return the ``Arms`` of the experiment that deals the rows of an import, None if none does.

    Who has chosen another strategy for the import than the usual one has decided already.
    """
    campaign = as_system(batch.campaign_id)
    return find_arms(campaign) if batch.strategy in (USUAL, campaign.strategy) else None


def create_run(batch, left_out, both=None):
    """Return the run of an import; its leads are created with their owner, so there is nothing to apply.

    :param left_out: {name: why} of callers who cannot receive leads
    :param both: see ``two_ways.Both``, None without an experiment
    """
    batch = as_system(batch)
    campaign = batch.campaign_id
    return batch.env["lead.distribution.run"].create(
        {
            "campaign_id": campaign.id,
            "company_id": campaign.company_id.id,
            "user_id": batch.env.uid,
            "origin": "import",
            "import_batch_id": batch.id,
            "options": {"import_batch_id": batch.id},
            "strategy": both.strategies["a"] if both else batch.strategy,
            "experiment_id": both.arms.experiment.id if both else False,
            "distribution_order": campaign.distribution_order,
            "seed": batch.seed or SystemRandom().randrange(1, 2**31),
            "distribution_date": get_today(campaign),
            "state": "applying",
            "started_on": fields.Datetime.now(),
            "left_out": left_out,
            "exclusions": {},
            "sales_by_stage": {},
            "warnings": [],
        }
    )


def make_task(run, columns, members, both=None):
    """Return what is to be decided: the rows that nothing keeps from being called, as leads that are found.

    Their ids are those of rows, so nothing can be looked up by them: rows are new, and their tags are
    not in the database yet.

    :param columns: names of the lead's columns that the plan needs to know
    :param members: who may receive
    :param both: see ``create_run``
    """
    names = (*OWN_COLUMNS, *columns)
    read = [READ.get(name if both else None) or SQL("values->%s", name) for name in names]
    read[0] = SQL.identifier("id")
    found = run.env.execute_query(
        SQL(
            "SELECT %s, values->'_tags' FROM lead_import_row WHERE batch_id = %s AND state = 'ready' "
            "AND do_not_call IS NULL ORDER BY number",
            SQL(", ").join(read),
            run.import_batch_id.id,
        )
    )
    today, skills, tags = run.distribution_date, _read_skills(run), {}
    for place, (row_id, user_id, open_user_id, priority, dated, *facts, names_of_tags) in enumerate(found):
        if names_of_tags and skills:
            tags[row_id] = [skills[key] for key in map(fold, names_of_tags) if key in skills]
        day = fields.Date.to_date(dated) if dated else today
        # in place: there may be very many
        found[place] = Candidate(row_id, user_id, open_user_id, priority, day, tuple(facts))
    known = {"tag_ids": tags, "classification": dict.fromkeys((row.id for row in found), "fresh")}
    if both:
        _find_sources(run.env, found, columns.index("source_id"))
    return Task(found, columns, members, PlanRequest(max_leads=UNLIMITED), known, are_leads=False, both=both)


def _read_skills(run):
    """Return {name as it is compared: id} of the tags that are skills of the campaign, as leads get them."""
    wanted = set(run.campaign_id.skill_ids.tag_id.ids)
    return {name: tag_id for name, tag_id in read_names(run.env, "tags").items() if tag_id in wanted} if wanted else {}


def _find_sources(env, candidates, place):
    """Put the sources that there are in the place of their names: leads are dealt in blocks of the same source."""
    known = read_names(env, "source")
    for number, candidate in enumerate(candidates):
        name = candidate.facts[place]
        if isinstance(name, str):
            facts = list(candidate.facts)
            facts[place] = known.get(fold(name), name)
            candidates[number] = candidate._replace(facts=tuple(facts))


def keep_plan(run, task, planned, on_rows=True):
    """Keep who gets which row: on the rows, and with the run; return {way: name of its strategy} of an experiment.

    :param on_rows: False for a preview, which is taken back before anybody reads the rows
    """
    users = task.members.user_id
    deciding = task.both.arms.campaigns.values() if task.both else run.campaign_id
    if any(count_rooms(campaign, users, task.request) for campaign in deciding):
        claim_rooms(users)
    if isinstance(planned, PlannedBoth):
        create_lines_of_both(run, planned.both.members, planned.ways)
        line_ups = {arm: keep_line_ups(run, way, arm) for arm, way in planned.ways.items()}
        taken = planned.plans
    else:
        # an experiment that could not decide was left aside: the campaign has decided alone
        create_lines(run, task.both.members["a"] if task.both else task.members, planned)
        line_ups = {None: keep_line_ups(run, planned)}
        taken = ((None, decision) for decision in planned.plan.decisions)
    if on_rows:
        _keep_on_rows(run.env, taken, line_ups)
    run.write({"leads_planned": count_planned(planned)[0].total(), "leads_found": len(task.candidates)})
    return planned.both.strategies if isinstance(planned, PlannedBoth) else {}


def count_planned(planned):
    """Return (Counter of the rows that each user gets, Counter of the reasons why nobody gets others)."""
    if isinstance(planned, PlannedBoth):
        return planned.received, sum((way.plan.left_over for way in planned.ways.values()), Counter())
    return planned.plan.received, planned.plan.left_over


def _keep_on_rows(env, taken, line_ups):
    """Write on the rows who gets them.

    :param taken: (way, decision) of each row; without an experiment the way is None
    :param line_ups: {way: ``LineUps``}
    """
    words = {reason.value: describe_left_over(env, reason.value) for reason in LeftOver}
    decisions = ({**_prepare_row(decision, line_ups[arm], words), "arm": arm} for arm, decision in taken)
    for part in split_every(ROWS_AT_ONCE, decisions, list):
        update_rows(env, part, "user_id", "turn", "line_up", "reason", "code", "message", "arm")


def _prepare_row(decision, line_ups, words):
    if decision.left_over is not None:
        code = decision.left_over.value
        return {"id": decision.lead_id, "code": code, "message": words[code]}
    kept = line_ups.prepare_values(decision)
    return {"id": decision.lead_id, "user_id": decision.person_id, "turn": decision.turn, **kept}
