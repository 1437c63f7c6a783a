"""What keeps the list of waiting leads right: finding what was missed, looking again, emptying."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from .fallback import settle_told
from .queue import wake
from .rows import change_rows
from .watching import find_live

MISSED_DAYS = 7  # leads are looked for that came in the last days; less than the list of those not taken is kept
KEPT_DAYS = 30


def sweep(env):
    """Put leads into the list that came without anybody noticing, and empty it where no campaign is live.

    They were made by SQL, or by a process that did not know yet that a campaign is live. What a run has handed out
    once, and was put back, is left alone.

    :param env: with full rights
    :return: number of leads that were put in
    """
    live = find_live(env)
    if not live:
        empty(env)
        return 0
    since = min(moment for moment in (*live.mapped("live_since"), env.cr.now()) if moment)
    companies = SQL("TRUE")
    if all(campaign.company_id for campaign in live):
        companies = SQL("(company_id IS NULL OR company_id = ANY(%s))", live.company_id.ids)
    env["crm.lead"].flush_model(["active", "holder_id", "company_id", "create_date"])
    found = change_rows(
        env,
        SQL(
            # written as they are: whoever gives one of them to somebody at this moment has to begin again
            "WITH missed AS (UPDATE crm_lead SET write_date = write_date WHERE id IN (SELECT id FROM crm_lead AS l "
            "WHERE create_date >= %(since)s AND active AND holder_id IS NULL AND %(companies)s "
            "AND NOT EXISTS (SELECT FROM lead_distribution_waiting WHERE lead_id = l.id) "
            "AND NOT EXISTS (SELECT FROM lead_distribution_not_taken WHERE lead_id = l.id) "
            "AND NOT EXISTS (SELECT FROM lead_distribution_assignment WHERE lead_id = l.id "
            "AND state IN ('done', 'reverted')) FOR NO KEY UPDATE SKIP LOCKED) RETURNING id, company_id, create_date) "
            "INSERT INTO lead_distribution_waiting (lead_id, company_id, reason, since, next_try, tries) "
            "SELECT id, company_id, 'new', create_date, %(now)s, 0 FROM missed ON CONFLICT DO NOTHING",
            since=max(since, env.cr.now() - timedelta(days=MISSED_DAYS)),
            companies=companies,
            now=fields.Datetime.now(),
        ),
    )
    if found:
        wake(env)
    return found


def look_again(env, campaign_ids):
    """Put leads into the list again that one of these campaigns has not taken: its rules have changed.

    :param campaign_ids: None among them: what all campaigns go by has changed
    """
    of_all = None in campaign_ids
    change_rows(
        env,
        SQL(
            "WITH again AS (DELETE FROM lead_distribution_not_taken WHERE id IN (SELECT id "
            "FROM lead_distribution_not_taken WHERE %(which)s FOR UPDATE SKIP LOCKED) "
            "RETURNING lead_id, company_id) "
            "INSERT INTO lead_distribution_waiting (lead_id, company_id, reason, since, next_try, tries) "
            "SELECT lead_id, company_id, 'new', %(now)s, %(now)s, 0 FROM again ON CONFLICT DO NOTHING",
            which=SQL("TRUE") if of_all else SQL("jsonb_exists_any(reasons, %s)", [*map(str, campaign_ids)]),
            now=fields.Datetime.now(),
        ),
    )


def empty(env):
    """Forget what waits, and what was not taken: no campaign is live any more."""
    change_rows(env, SQL("DELETE FROM lead_distribution_not_taken"))
    change_rows(env, SQL("DELETE FROM lead_distribution_waiting"))
    settle_told(env)


def forget_old(env):
    """Forget which leads were not taken long ago; return how many."""
    old = env.cr.now() - timedelta(days=KEPT_DAYS)
    return change_rows(env, SQL("DELETE FROM lead_distribution_not_taken WHERE looked_on < %s", old))
