"""The checks at the end of a day (``tests/support/promises.py``) find what is wrong: the data is broken in each way."""

from contextlib import closing

import pytest
from promises import END, MARK, NOTES, PROMISES, SPREAD, find_broken

WORLD = """
import base64, json
from odoo.fields import Command
number = env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
group = env.ref("sales_team.group_sale_salesman")
people = env["res.users"].with_context(no_reset_password=True).create([
    {"name": f"Day {n}", "login": f"promise{number}.{n}@test", "group_ids": [Command.link(group.id)]}
    for n in range(3)])
sources = env["utm.source"].create([{"name": f"promise {number}.{n}"} for n in range(2)])
field = env["ir.model.fields"]._get("crm.lead", "source_id")
live, plain = env["lead.distribution.campaign"].create([{
    "name": f"Promise {number}.{n}", "tz": "UTC", "lead_type": "lead", "use_window": False, "user_id": env.user.id,
    "filter_ids": [Command.create({"field_id": field.id, "mode": "exact", "values_text": source.name})],
    "member_ids": [Command.create({"user_id": user.id}) for user in people],
} for n, source in enumerate(sources)])
live.write({"is_live": True, "decline_mode": "next"})
plain.max_daily = 3
env.cr.commit()

def come(count, source):
    leads = env["crm.lead"].create([{
        "name": f"Promise {n}", "type": "lead", "user_id": False, "source_id": source.id,
        "email_from": f"promise{source.id}.{n}@example.com"} for n in range(count)])
    env.cr.commit()
    return leads

run = plain.distribute(lead_ids=come(12, sources[1]).ids)
leads = come(12, sources[0])
env["lead.distribution.campaign"].hand_out_waiting()
leads[0].with_user(leads[0].user_id).action_decline("Not mine")
file = f"Name,E-mail\\nPia,pia@{number}.com\\nPaul,paul@{number}.com"
batch = env["lead.import.batch"].create({"file": base64.b64encode(file.encode()), "file_name": "people.csv"})
for _step in range(3):
    batch.action_next()
batch.write({"campaign_id": live.id, "caller_ids": [Command.create({"user_id": people[0].id})]})
batch.action_next()
batch.action_start()
people.action_pause_leads()
waits = come(1, sources[0])
env["lead.distribution.campaign"].hand_out_waiting()
env.cr.commit()
print("RESULT " + json.dumps({
    "leads": leads.ids, "waits": waits.id, "run": run.id, "people": people.ids, "live": live.id, "plain": plain.id}))
"""
QUIET = """
env["lead.distribution.campaign"].search([]).is_live = False
env["lead.distribution.waiting"].search([]).unlink()
env["res.users"].browse(people).action_resume_leads()
env.cr.commit()
"""
ROW = "(SELECT max(id) FROM lead_distribution_assignment WHERE lead_id = %(lead)s)"
COPY = """
INSERT INTO lead_distribution_assignment (
    run_id, campaign_id, kind, state, lead_id, previous_user_id, user_id, applied_on, distribution_date)
SELECT run_id, campaign_id, {kind}, 'done', lead_id, {before}, {user}, applied_on + interval '1 s', distribution_date
FROM lead_distribution_assignment WHERE id = {row}
"""
MESSAGE = """
INSERT INTO mail_message (message_type, model, res_id, body, create_date)
SELECT 'notification', {}, '<a href="/odoo/' || %(run)s || '/my-new-leads">x</a>', now() RETURNING id
"""
NEWS = MESSAGE.format("'lead.distribution.campaign', %(plain)s")
# name of the promise → what breaks it
BREAK = {
    "a lead that was there before is there": "INSERT INTO day_before VALUES (2000000000)",
    "a lead that was accepted is there": "INSERT INTO day_accepted VALUES (2000000000)",
    "each hand-out begins with whom the one before ended": (
        f"UPDATE lead_distribution_assignment SET previous_user_id = %(other)s WHERE id = {ROW}"
    ),
    "the last hand-out of a lead is true of the lead": "UPDATE crm_lead SET user_id = %(admin)s WHERE id = %(lead)s",
    "nobody has another lead than before without a line of history": (
        "DELETE FROM lead_distribution_assignment WHERE lead_id = %(lead)s"
    ),
    "no run hands out a lead twice": COPY.format(kind="kind", before="user_id", user="user_id", row=ROW),
    "a lead that came has somebody, waits with a reason, or is nobody's by the rules": (
        "DELETE FROM lead_distribution_waiting WHERE lead_id = %(waits)s"
    ),
    "a lead is in one of the three lists only": "UPDATE crm_lead SET user_id = %(admin)s WHERE id = %(waits)s",
    "what waits is tried again in time": (
        "UPDATE lead_distribution_waiting SET next_try = next_try - interval '40 days' WHERE lead_id = %(waits)s"
    ),
    "nobody receives more in a day than a campaign allows": (
        "UPDATE lead_distribution_campaign SET max_daily = 2 WHERE id = %(plain)s"
    ),
    "nobody receives more in a day or a week than the limits of a person or a campaign allow": (
        "INSERT INTO lead_distribution_cap (user_id, measure, maximum) VALUES (%(holder)s, 'day', 2)"
    ),
    "nobody receives anything while away": "INSERT INTO day_away VALUES (%(holder)s, '2000-01-01', '2100-01-01')",
    "a lead that is taken back or declined goes to nobody who has had it": COPY.format(
        kind="'take_back'", before="user_id", user="previous_user_id", row=ROW.replace("%(lead)s", "%(declined)s")
    ),
    "what is late is seen, and not before it is late": (
        "UPDATE lead_distribution_assignment SET deadline_state = 'open', checkpoint = 'action', due_on = '2020-01-01' "
        f"WHERE id = {ROW}"
    ),
    "a missed lead is taken back once": COPY.format(
        kind="'take_back'", before="user_id", user="%(other)s", row=ROW.replace("%(lead)s", "%(declined)s")
    ),
    "no lead is taken back that was worked on, or is not late": (
        "UPDATE lead_distribution_assignment SET kind = 'take_back' WHERE kind = 'decline' AND lead_id = %(declined)s"
    ),
    "what a run found is what it handed out and what it left, each with a reason": (
        "UPDATE lead_distribution_run SET left_over = '{{}}' WHERE id = %(run)s"
    ),
    "a run that has ended left nothing undone, and none has failed": (
        "UPDATE lead_distribution_run SET state = 'failed' WHERE id = %(run)s"
    ),
    "no lead of a run has failed": f"UPDATE lead_distribution_assignment SET state = 'failed' WHERE id = {ROW}",
    "a lead that was skipped has a reason": (
        f"UPDATE lead_distribution_assignment SET state = 'skipped', note = NULL WHERE id = {ROW}"
    ),
    "the numbers of a run are those of its history": (
        "UPDATE lead_distribution_run SET leads_done = leads_done + 1 WHERE id = %(run)s"
    ),
    "the numbers of a person in a run are those of the history": (
        "UPDATE lead_distribution_run_member SET leads_received = leads_received + 1 WHERE run_id = %(run)s"
    ),
    "nobody gets a lead that must not be called": (
        "INSERT INTO mail_blacklist (email, active) SELECT email_normalized, true FROM crm_lead WHERE id = %(lead)s"
    ),
    "leads stay within their company": (
        "UPDATE crm_lead SET company_id = (SELECT min(id) FROM res_company) WHERE id = %(lead)s;"
        "DELETE FROM res_company_users_rel WHERE user_id = %(holder)s"
    ),
    "who gets leads hears once of a run": f"""
        WITH one AS ({NEWS}), two AS ({NEWS})
        INSERT INTO mail_notification (mail_message_id, res_partner_id, notification_type)
        SELECT m.id, u.partner_id, 'inbox' FROM (SELECT id FROM one UNION ALL SELECT id FROM two) AS m, res_users u
        WHERE u.id = %(holder)s""",
    "who gets leads hears of it": (
        "DELETE FROM mail_notification WHERE mail_message_id IN (SELECT id FROM mail_message "
        "WHERE model = 'lead.distribution.campaign' AND res_id = %(plain)s)"
    ),
    "nobody hears of leads one by one more than once a minute": f"""
        WITH one AS ({MESSAGE.format("'crm.lead', %(lead)s")}), two AS ({MESSAGE.format("'crm.lead', %(waits)s")})
        INSERT INTO mail_notification (mail_message_id, res_partner_id, notification_type)
        SELECT m.id, u.partner_id, 'inbox' FROM (SELECT id FROM one UNION ALL SELECT id FROM two) AS m, res_users u
        WHERE u.id = %(holder)s""",
    "nobody gets an e-mail of a lead that is not counted as hearing of it": f"""
        WITH one AS ({MESSAGE.format("'crm.lead', %(lead)s")})
        INSERT INTO mail_mail (mail_message_id, state) SELECT id, 'outgoing' FROM one""",
    "each row of an import has its lead, and each lead its row": (
        "UPDATE lead_import_row SET lead_id = NULL WHERE lead_id > (SELECT lead_id FROM day_mark)"
    ),
}


@pytest.fixture(scope="module")
def day(odoo):
    """A little of everything, handed out by the addon; what the breaking needs to know of it."""
    execute(odoo, MARK + NOTES)
    known = odoo.run(WORLD)
    execute(odoo, END)
    lead, declined = known["leads"][1], known["leads"][0]
    holder = odoo.value("SELECT user_id FROM crm_lead WHERE id = %s", lead)
    other = next(user_id for user_id in known["people"] if user_id != holder)
    yield {**known, "lead": lead, "declined": declined, "holder": holder, "other": other, "admin": 2}
    odoo.run(QUIET, people=known["people"])
    execute(odoo, "DROP TABLE day_before, day_mark, day_away, day_accepted, day_end")


def execute(odoo, statements):
    with closing(odoo.connect()) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statements)


def ask(cursor, query):
    cursor.execute(query)
    return cursor.fetchall()


def test_what_the_addon_does_breaks_no_promise(odoo, day):
    assert find_broken(lambda query: odoo.rows(query)) == {}
    assert odoo.value(SPREAD, day["people"], day["live"]) <= 1
    assert odoo.value("SELECT count(*) FROM lead_distribution_assignment a, day_mark WHERE a.id > assignment_id") == 24


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_what_breaks_a_promise_is_found(odoo, day, promise):
    with closing(odoo.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(BREAK[promise.name].replace("{{}}", "{}"), day)
        assert promise.name in find_broken(lambda query: ask(cursor, query))


def test_uneven_shares_are_found(odoo, day):
    with closing(odoo.connect()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM lead_distribution_assignment WHERE campaign_id = %(live)s AND user_id = %(other)s", day
        )
        cursor.execute(SPREAD, (day["people"], day["live"]))
        assert cursor.fetchone()[0] > 1
