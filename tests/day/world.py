"""The company of the day: leads by the million, their history, people, campaigns.

Runs in ``odoo shell``: ``env`` is Odoo's.
What the day is about stands beside what was there long before: leads of other people, and runs of three years.
"""

import base64

import data as benchmarks  # benchmarks/data.py
import history  # tests/scale/data.py

from odoo.fields import Command, Datetime
from odoo.tools import SQL

from odoo.addons.lead_distribution.importing import checking

AT_WORK, MANAGERS = 20, 2
MORNING, EVENING = 5_000, 10_000  # leads that nobody has, in a million
BLOCKED = "blocked@day.example.com"
FIRST_ACTION = 0.4  # of the day
FREE_LEADS = """
INSERT INTO crm_lead (name, type, active, company_id, stage_id, priority, source_date, create_date, write_date,
    lead_status_id, source_id, email_from, email_normalized, date_open, won_status)
SELECT %(name)s || ' ' || n, 'lead', true, CASE WHEN n %% 50 = 0 THEN %(other)s ELSE %(company)s END, %(stage)s,
    (n %% 4)::text, current_date - 2, now() - interval '2 days', now() - interval '2 days', %(status)s, %(source)s,
    lower(%(name)s) || n || '@example.com', lower(%(name)s) || n || '@example.com', NULL, 'pending'
FROM generate_series(1, %(count)s) n
"""


def build(env, leads, rows, minutes):
    """Fill the database; return the ids that the day is about.

    :param leads: how many there are in all
    :param rows: of the import
    :param minutes: how long the day is
    """
    benchmarks.fill_mail_tables(env)
    benchmarks.fill_frequencies(env)
    history.OTHERS = min(history.OTHERS, leads)
    history.fill(env, leads, leads)
    env.cr.execute("DELETE FROM lead_distribution_waiting")  # those of the day are to be told from others
    env["lead.distribution.campaign"].search([]).is_live = False
    people, managers = _create_people(env)
    campaigns = _create_campaigns(env, people, managers[0], leads, minutes)
    env["mail.blacklist"].create({"email": BLOCKED})
    batch = _prepare_import(env, rows, campaigns["fair"], people, managers[0])
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False
    return {
        "people": people.ids, "managers": managers.ids, "batch": batch.id,
        "logins": people.mapped("login"), "bosses": managers.mapped("login"),
        "campaigns": {name: campaign.id for name, campaign in campaigns.items()},
        "statuses": {status.code: status.id for status in env["crm.lead.status"].search([])},
    }  # fmt: skip


def _create_people(env):
    users = env["res.users"].with_context(no_reset_password=True)
    group, manager = (env.ref(f"sales_team.group_sale_{name}") for name in ("salesman", "manager"))

    def make(count, name, *groups):
        return users.create([
            {"name": f"{name} {n:02}", "login": f"{name.lower()}{n}@day", "password": f"{name.lower()}{n}@day",
             "email": f"{name.lower()}{n}@day.test", "notification_type": "email" if n % 2 else "inbox", "tz": "UTC",
             "group_ids": [Command.link(each.id) for each in groups]}
            for n in range(count)])  # fmt: skip

    make(1, "Website", manager)
    return make(AT_WORK, "Caller", group), make(MANAGERS, "Manager", manager)


def _create_campaigns(env, people, manager, leads, minutes):
    field = env["ir.model.fields"]._get("crm.lead", "source_id")
    other = env["res.company"].create({"name": "Somebody else"})
    status = env["crm.lead.status"].search([("code", "=", "new")])
    known = {
        "company": env.company.id, "other": other.id, "status": status.id,
        "stage": env["crm.stage"].search([], limit=1).id,
    }  # fmt: skip
    made = {}
    given = MORNING * leads * 4 // 5_000_000 or 1
    for name, count, values in (
        ("Website", 0, {"is_live": True, "decline_mode": "next"}),
        ("Morning", MORNING, {
            "max_leads": given, "pull_at_once": 3, "decline_mode": "next",
            "cap_ids": [Command.create({
                "measure": "day", "only_campaign": True, "maximum": given * 3 // 2 // AT_WORK + 5})],
            "first_action_hours": FIRST_ACTION * minutes / 60, "first_action_clock": "clock",
            "on_missed": "take_back"}),
        ("Evening", EVENING, {
            "strategy": "level_based", "allow_overflow": True, "overflow_limit": 1000,
            "cap_ids": [Command.create({
                "measure": "week", "only_campaign": True,
                "maximum": max(1, EVENING * leads // 1_000_000 // AT_WORK * 4 // 5)})]}),
        ("Fair", 0, {}),
    ):  # fmt: skip
        source = env["utm.source"].create({"name": f"day {name}"})
        rule = {"field_id": field.id, "mode": "exact", "values_text": source.name}
        made[name.lower()] = env["lead.distribution.campaign"].create({
            "name": f"Day {name}", "tz": "UTC", "lead_type": "lead", "use_window": False, "user_id": manager.id,
            "filter_ids": [Command.create(rule)],
            "member_ids": [Command.create({"user_id": user.id}) for user in people], **values,
        })  # fmt: skip
        env.flush_all()
        env.cr.execute(SQL(FREE_LEADS, name=name, source=source.id, count=count * leads // 1_000_000, **known))
    # two who are full soon
    for user in people[:2]:
        env["lead.distribution.cap"].create({"user_id": user.id, "measure": "week", "maximum": max(20, 10 * minutes)})
    return made


def _prepare_import(env, rows, campaign, people, manager):
    """Take a file as far as its preview; who presses the button is one of the people of the day."""
    checking.CHECK_AT_ONCE, checking.CLICK_SECONDS = rows + 1, 3600
    lines = ["Name,E-mail,Phone,City"]
    lines += [f"Person {n},person{n}@fair.example.com,+1 646 55 {n:05d},Town {n % 90}" for n in range(rows)]
    batch = env["lead.import.batch"].with_user(manager).create(
        {"file": base64.b64encode("\n".join(lines).encode()), "file_name": "fair.csv"})  # fmt: skip
    for _step in ("columns", "duplicates", "campaign"):
        batch.action_next()
    batch.write({"campaign_id": campaign.id, "caller_ids": [
        Command.clear(), *(Command.create({"user_id": user.id}) for user in people)]})  # fmt: skip
    batch.action_next()
    return batch.sudo()


def schedule(env, campaign_id, minutes):
    """Have a campaign start by its schedule, so many minutes from now."""
    campaign = env["lead.distribution.campaign"].browse(campaign_id)
    moment = Datetime.add(Datetime.now(), seconds=int(minutes * 60))
    campaign.write({"frequency": "daily"})
    env.flush_all()
    env.cr.execute(SQL("UPDATE lead_distribution_campaign SET next_run = %s WHERE id = %s", moment, campaign.id))
    env.ref("lead_distribution.ir_cron_distribute")._trigger(at=moment)
    env.cr.commit()
