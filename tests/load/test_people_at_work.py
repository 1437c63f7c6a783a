"""Salespeople read lists and save leads while a run and an import go on, in Odoo with several workers."""

import os

from at_work import check_people, give_leads, keep_only_our_crons, server_with
from plan_fixtures import make_plan
from run_checks import get_state, wait_until

LEADS = int(os.environ.get("LOAD_LEADS") or 50_000)
ROWS = int(os.environ.get("LOAD_ROWS") or 20_000)
PEOPLE = 8

RUN_STATE = "SELECT state FROM lead_distribution_run WHERE id = %s"


def prepare(odoo):
    """Return (run id, logins): a planned run, and people who have some leads already."""
    run_id, campaign_id = make_plan(odoo, LEADS, PEOPLE)
    keep_only_our_crons(odoo)
    return run_id, give_leads(odoo, campaign_id)


def check_run(odoo, run_id):
    run_state, rows = get_state(odoo, run_id)
    assert (run_state, rows.get("done", 0) + rows.get("skipped", 0)) == ("done", LEADS)


def get_seconds(odoo, table, record_id):
    query = f"SELECT extract(epoch FROM finished_on - started_on) FROM {table} WHERE id = %s"
    return odoo.value(query, record_id)


def test_nobody_sees_an_error_and_nothing_saved_is_lost_while_50000_leads_are_handed_out(odoo):
    run_id, logins = prepare(odoo)
    with server_with(logins, cron_threads=1) as people:
        odoo.run("env['lead.distribution.run'].browse(run_id).action_start()\nenv.cr.commit()", run_id=run_id)
        wait_until(lambda: odoo.value(RUN_STATE, run_id) == "done", 900)
    check_people(odoo, people, f"run of {LEADS:,} leads: {get_seconds(odoo, 'lead_distribution_run', run_id):.0f} s")
    check_run(odoo, run_id)


def prepare_import(odoo):
    """Check a file whose leads nobody here gets, as far as the preview; return the id of the import."""
    return odoo.run(
        """
        import base64, json
        from odoo.addons.lead_distribution.importing import checking as module
        module.CHECK_AT_ONCE = rows + 1
        users = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"L{n}", "login": f"l{n}@test",
             "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]} for n in range(10)])
        campaign = env["lead.distribution.campaign"].create({"name": "Load", "tz": "UTC"})
        lines = ["Name,E-mail,Phone,City"] + [
            f"Person {n},person{n}@load.com,+1 212 555 {n:05d},Town {n % 90}" for n in range(rows)]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv"})
        batch.action_next()
        batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id}) for user in users]})
        batch.action_next()
        env.cr.commit()
        print("RESULT " + json.dumps(batch.id))
        """,
        rows=ROWS,
    )


def test_nobody_sees_an_error_while_50000_leads_are_handed_out_and_20000_imported(odoo):
    run_id, logins = prepare(odoo)
    batch_id = prepare_import(odoo)
    with server_with(logins, cron_threads=2) as people:
        odoo.run(
            """
            env["lead.distribution.run"].browse(run_id).action_start()
            env["lead.import.batch"].browse(batch_id).action_start()
            env.cr.commit()
            """,
            run_id=run_id, batch_id=batch_id,
        )  # fmt: skip
        wait_until(lambda: both(odoo, run_id, batch_id) == ("applying", "importing"))
        wait_until(lambda: both(odoo, run_id, batch_id) == ("done", "done"), 1800)
    run, batch = (get_seconds(odoo, *of) for of in (("lead_distribution_run", run_id), ("lead_import_batch", batch_id)))
    check_people(odoo, people, f"run of {LEADS:,} leads: {run:.0f} s, import of {ROWS:,} rows: {batch:.0f} s")
    check_run(odoo, run_id)
    assert odoo.rows("SELECT state, count(*) FROM lead_import_row WHERE batch_id = %s GROUP BY 1", batch_id) == [
        ("done", ROWS)
    ]
    assert odoo.rows(
        "SELECT count(*), count(DISTINCT email_normalized), count(user_id) FROM crm_lead WHERE import_batch_id = %s",
        batch_id,
    ) == [(ROWS, ROWS, ROWS)]


def both(odoo, run_id, batch_id):
    return odoo.value(RUN_STATE, run_id), odoo.value("SELECT state FROM lead_import_batch WHERE id = %s", batch_id)
