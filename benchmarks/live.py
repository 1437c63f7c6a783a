"""Leads as they come: what creating one costs, how fast many at once have an owner, and what one lead alone costs."""

from contextlib import contextmanager
from itertools import count
from statistics import mean, median

import cases
import data
import table
from budgets import LIVE, Verdicts
from meter import Measured

from odoo.addons.lead_distribution.live.queue import put_in

BURST, SINGLES, ROUNDS, TURNS = 10_000, 20, 15, 3
ALIVE, IDLE, BARE = "with a live campaign", "without a live campaign", "the same, nobody asks for one"
RUN, LIVE_BURST, ALONE = "a run of the same leads", "as they come", "one lead alone"
NUMBERS = count()


def measure(env, meter, shrink=1):
    """Return (creation, bursts): {case: [Measured]} and (number of leads, {case: [Measured]})."""
    size = BURST // shrink
    data.make_leads(env, size)
    data.reset(env)
    creation = _measure_creation(env, meter, 2 if shrink > 1 else ROUNDS)
    _forget_singles(env)
    return creation, (size, _measure_bursts(env, meter, 1 if shrink > 1 else TURNS))


def _measure_creation(env, meter, rounds):
    """Create leads one by one, each committed; the cases take turns in rounds."""
    results = {name: [] for name in (BARE, IDLE, ALIVE)}
    for turn in range(rounds + 1):
        for name, measured in results.items():
            with _as(env, name):
                _create(env)  # what is cached is read again after a campaign was changed
                singles = [_measure_single(env, meter) for _number in range(SINGLES)]
            if turn:  # the first round warms up
                measured += singles
    return results


def _measure_single(env, meter):
    """Return what creating one lead costs; its statements are those of its transaction, commit included."""
    before = env.cr.sql_log_count
    measured = meter.measure(_create, env)
    return measured._replace(statements=env.cr.sql_log_count - before)


@contextmanager
def _as(env, name):
    """Have a live campaign, none, or nobody who asks for one."""
    env["lead.distribution.campaign"].search([("name", "=", "Bench")]).is_live = name == ALIVE
    env.cr.commit()
    waiting = env.registry["lead.distribution.waiting"]
    if name == BARE:
        waiting.get_live = lambda _self: None
    try:
        yield
    finally:
        if name == BARE:
            del waiting.get_live
        env.cr.commit()


def _create(env):
    number = next(NUMBERS)
    env["crm.lead"].create(
        {
            "name": f"Single {number}", "type": "lead", "user_id": False, "contact_name": f"Visitor {number}",
            "email_from": f"single{number}@example{number % 97}.com", "phone": f"+1 212 777 {number % 10_000:04}",
        }
    )  # fmt: skip
    env.cr.commit()


def _forget_singles(env):
    env.cr.execute("DELETE FROM crm_lead WHERE name LIKE 'Single %'")
    data.reset(env)


def _measure_bursts(env, meter, turns):
    """Hand out all leads of the database, by a run and as they come, in turns; then one lead alone, many times."""
    results = {RUN: [], LIVE_BURST: [], ALONE: []}
    for _turn in range(turns):
        results[RUN].append(_measure_run(env, meter))
        results[LIVE_BURST].append(_measure_burst(env, meter))
    leads = env["crm.lead"].search([], limit=SINGLES + 1, order="id")
    with _as(env, ALIVE):
        data.reset(env)
        results[ALONE] = [_hand_out(env, meter, lead) for lead in leads][1:]
    data.reset(env)
    with _as(env, IDLE):
        return results


def _measure_run(env, meter):
    with _as(env, IDLE):
        data.reset(env)
        return meter.measure(cases.ours, env)


def _measure_burst(env, meter):
    with _as(env, ALIVE):
        data.reset(env)
        return _hand_out(env, meter, env["crm.lead"].search([("user_id", "=", False)]))


def _hand_out(env, meter, leads) -> Measured:
    """Put leads into the list, and measure until all have an owner."""
    env["lead.distribution.campaign"].search([("name", "=", "Bench")]).chatter = "none"
    put_in(leads)
    env.cr.commit()
    worked = {}
    measured = meter.measure(lambda: worked.update(env["lead.distribution.campaign"].hand_out_waiting()))
    if worked["handed_out"] != len(leads):
        raise AssertionError(f"of {len(leads)} leads that came: {worked}")
    return measured


def render(results):
    """Return (the text, the verdicts)."""
    creation, (size, bursts) = results
    verdicts = Verdicts()
    milliseconds = {name: _get_milliseconds(runs) for name, runs in creation.items()}
    statements = {name: median(run.statements for run in runs) for name, runs in creation.items()}
    verdicts.judge(LIVE["creation"], max(0, milliseconds[ALIVE] - milliseconds[IDLE]))
    verdicts.judge(LIVE["statements"], statements[ALIVE] - statements[IDLE])
    verdicts.judge(LIVE["idle"], statements[IDLE] - statements[BARE])
    seconds = {name: [run.seconds for run in runs] for name, runs in bursts.items()}
    verdicts.judge(LIVE["burst"], table.ratio(seconds[RUN], seconds[LIVE_BURST]), f"{size:,} leads")
    text = [
        f"Creating a lead, by the ORM and with its commit, {len(creation[ALIVE])} times each. Medians; in brackets the "
        "extremes. Of the processor it is the mean, which other work disturbs less: the budget is about it. Statements "
        "are those of its transaction; with a live campaign PostgreSQL is told after it to wake "
        "Odoo's scheduler, on another connection.",
        "",
        table.render(
            ["creating one lead", "milliseconds", "processor, milliseconds", "SQL statements"], _list_creation(creation)
        ),
        "",
        f"All {size:,} leads are in the list; until each has an owner.",
        "",
        table.render(
            ["handing out", "leads", "seconds", "processor", "leads/s", "SQL a lead"], _list_bursts(bursts, size)
        ),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts


def _get_milliseconds(runs):
    """Return the mean of the processor's, or of the clock's where PostgreSQL runs on another machine."""
    return mean(run.seconds if run.processor is None else run.processor for run in runs) * 1000


def _list_creation(creation):
    return [
        [name, table.spread([run.seconds * 1000 for run in runs], 1), f"{_get_milliseconds(runs):.1f}",
         f"{median(run.statements for run in runs):g}"]
        for name, runs in creation.items()
    ]  # fmt: skip


def _list_bursts(bursts, size):
    rows = []
    for name, runs in bursts.items():
        leads, seconds = 1 if name == ALONE else size, [run.seconds for run in runs]
        rows.append(
            [name, f"{leads:,}", table.spread(seconds, 3), table.spread([run.processor for run in runs], 3),
             f"{leads / median(seconds):,.0f}", f"{median(run.statements for run in runs) / leads:.3f}"]
        )  # fmt: skip
    return rows
