"""How long a lead waits for its owner when leads come one by one, beside people at work, in Odoo with workers."""

import os
import sys
from pathlib import Path
from statistics import median

import pytest
from at_work import check_people, give_leads, keep_only_our_crons, server_with
from intake import Intake
from processor import read_processor

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from budgets import LIVE, Verdicts

BENCHMARKS = sys.path[0]
RATE = float(os.environ.get("LIVE_RATE") or 20)
SECONDS = int(os.environ.get("LIVE_SECONDS") or 600)
CRON_THREADS = int(os.environ.get("LIVE_CRON_THREADS") or 2)  # as Odoo has it if nobody says otherwise
MEMBERS, AT_WORK, OLD_LEADS = 20, 8, 50_000


@pytest.fixture
def campaign_id(odoo):
    """A live campaign of twenty people in a database that is not empty."""
    keep_only_our_crons(odoo)
    return odoo.run(
        """
        import json, sys
        sys.path.insert(0, benchmarks)
        import data
        data.fill_mail_tables(env)
        data.fill_frequencies(env)
        users = env["res.users"].with_context(no_reset_password=True)
        group, manager = env.ref("sales_team.group_sale_salesman"), env.ref("sales_team.group_sale_manager")
        people = users.create([
            {"name": f"Caller {n:02}", "login": f"caller{n}@test", "group_ids": [(4, group.id)]}
            for n in range(members)])
        users.create({"name": "Website", "login": "intake@test", "password": "intake@test",
                      "group_ids": [(4, manager.id)]})
        campaign = env["lead.distribution.campaign"].create({
            "name": "As they come", "tz": "UTC", "lead_type": "lead", "is_live": True,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people]})
        env.flush_all()
        env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, stage_id, priority, user_id, open_user_id, holder_id, "
            "source_date, won_status, create_date) SELECT 'Old ' || n, 'lead', true, %(stage)s, '0', holder, holder, "
            "holder, current_date - 100, 'pending', now() - interval '100 days' FROM generate_series(1, %(count)s) n, "
            "LATERAL (SELECT (%(users)s::int[])[1 + n %% %(members)s] AS holder) AS held",
            {"stage": env["crm.stage"].search([], limit=1).id, "count": old, "users": people.ids, "members": members})
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        print("RESULT " + json.dumps(campaign.id))
        """,
        benchmarks=BENCHMARKS, members=MEMBERS, old=OLD_LEADS,
    )  # fmt: skip


def get_share(values, share):
    """Return the value that so large a share of the values, in their order, does not exceed."""
    return values[min(len(values) - 1, round(share * len(values)))]


def judge(intake):
    """Return the verdicts on how long leads waited."""
    delays, verdicts = intake.get_delays(), Verdicts()
    verdicts.judge(LIVE["most"], get_share(delays, 0.95))
    verdicts.judge(LIVE["nearly_all"], get_share(delays, 0.999))
    verdicts.judge(LIVE["lost"], len(intake.times) - len(intake.owned))
    return verdicts


def tell(odoo, intake, verdicts):
    delays, creation = intake.get_delays(), intake.get_creation_times()
    sent, answered = zip(*intake.times.values(), strict=True)
    seconds = max(answered) - min(sent)
    rows = odoo.rows(
        "SELECT count(*), count(DISTINCT applied_on) FROM lead_distribution_assignment WHERE state = 'done'"
    )
    print(f"\n{len(sent):,} leads in {seconds:.0f} s, {len(sent) / seconds:.1f} a second; ")
    print(f"creating one over HTTP: median {median(creation):.3f} s, 95 % {get_share(creation, 0.95):.3f} s")
    shares = ", ".join(f"{share:.1%} {get_share(delays, share):.2f} s" for share in (0.5, 0.9, 0.95, 0.99, 0.999))
    print(f"from the answer to an owner: {shares}, longest {delays[-1]:.2f} s")
    print(f"{rows[0][0]:,} assignments in {rows[0][1]:,} batches; load {os.getloadavg()[0]:.1f}")
    print(verdicts.render(), flush=True)


def check_nothing_is_lost(odoo, intake, campaign_id):
    """Each lead has one owner and one line of history, nothing waits, and shares are even."""
    ids = [*intake.times]
    count = "SELECT count(*) FROM {} WHERE lead_id = ANY(%s)"
    assert odoo.value("SELECT count(*) FROM crm_lead WHERE id = ANY(%s) AND user_id IS NOT NULL", ids) == len(ids)
    assert odoo.value(count.format("lead_distribution_waiting"), ids) == 0
    assert odoo.value(count.format("lead_distribution_assignment"), ids) == len(ids)
    assert odoo.rows(
        "SELECT count(*) FILTER (WHERE a.user_id = l.user_id), count(*) FILTER (WHERE a.state = 'done') "
        "FROM lead_distribution_assignment a JOIN crm_lead l ON l.id = a.lead_id WHERE a.lead_id = ANY(%s)",
        ids,
    ) == [(len(ids), len(ids))]
    shares = odoo.rows("SELECT count(*) FROM crm_lead WHERE id = ANY(%s) GROUP BY user_id", ids)
    assert len(shares) == MEMBERS and max(shares)[0] - min(shares)[0] <= 1
    found = odoo.rows(
        "SELECT sum(leads_found), sum(leads_distributed), sum(leads_not_distributed) FROM lead_distribution_run "
        "WHERE campaign_id = %s AND origin = 'live'",
        campaign_id,
    )
    assert found == [(len(ids), len(ids), 0)]


def test_a_lead_has_an_owner_within_seconds_while_people_are_at_work(odoo, campaign_id):
    logins = give_leads(odoo, campaign_id)[:AT_WORK]
    with server_with(logins, cron_threads=CRON_THREADS, log="live.log") as people:
        intake = Intake(odoo, people.address, "intake@test", RATE)
        before = read_processor(odoo, people.server)
        intake.work(SECONDS)
        after = read_processor(odoo, people.server)
    verdicts = judge(intake)
    tell(odoo, intake, verdicts)
    print("processor, seconds: " + ", ".join(f"{who} {after[who] - before[who]:.1f}" for who in after))
    check_people(odoo, people, f"{RATE:g} leads a second for {SECONDS} s")
    assert intake.problems == []
    check_nothing_is_lost(odoo, intake, campaign_id)
    assert verdicts.missed == []
