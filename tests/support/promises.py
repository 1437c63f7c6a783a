"""What must be true of the data after hours of work, whatever happened meanwhile: a statement for each promise.

Each statement returns what breaks the promise: id of a record, and a few values that tell why. Nothing: it is kept.
They look at what was done between two moments. At the first, ``MARK`` keeps who had which lead; at the other, while all
is still at work, ``END`` keeps when it was: looking at a million leads takes minutes, in which nothing is late. Who was
away when, and what was promised to the outside, the caller puts into the tables of ``NOTES``.
"""

from dataclasses import dataclass

# who has which lead before the work begins, and the last records of before
MARK = """
DROP TABLE IF EXISTS day_before, day_mark, day_away, day_accepted, day_end;
CREATE TABLE day_before AS SELECT id, user_id FROM crm_lead;
ALTER TABLE day_before ADD PRIMARY KEY (id);
CREATE TABLE day_mark AS SELECT
    (SELECT coalesce(max(id), 0) FROM lead_distribution_assignment) AS assignment_id,
    (SELECT coalesce(max(id), 0) FROM lead_distribution_run) AS run_id,
    (SELECT coalesce(max(id), 0) FROM crm_lead) AS lead_id,
    (SELECT coalesce(max(id), 0) FROM mail_message) AS message_id,
    (SELECT coalesce(max(id), 0) FROM mail_mail) AS mail_id;
"""
END = "CREATE TABLE day_end AS SELECT now() AT TIME ZONE 'UTC' AS moment;"
# when somebody received nothing, and leads that were accepted from outside
NOTES = """
CREATE TABLE day_away (user_id int, since timestamp, until timestamp);
CREATE TABLE day_accepted (lead_id int);
"""
# the history of the day, each row beside the one before of the same lead
HISTORY = """
WITH mark AS (SELECT * FROM day_mark),
done AS (
    SELECT a.*, r.origin FROM lead_distribution_assignment a JOIN lead_distribution_run r ON r.id = a.run_id
    WHERE a.id > (SELECT assignment_id FROM day_mark) AND a.state = 'done'
),
step AS (
    SELECT *, lag(user_id) OVER w AS holder_before, lag(declined_on) OVER w AS declined_before,
        row_number() OVER w AS place, lead(id) OVER w AS next_id,
        array_agg(user_id) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS had
    FROM done WHERE lead_id IS NOT NULL WINDOW w AS (PARTITION BY lead_id ORDER BY applied_on, id)
)
"""
# who heard of which run: the messages are about its campaign, and their link shows what the reader got in the run
NEWS = """
WITH news AS (
    SELECT substring(x.body FROM '/odoo/(\\d+)/my-new-leads')::int AS run_id, n.res_partner_id
    FROM mail_message x JOIN mail_notification n ON n.mail_message_id = x.id CROSS JOIN day_mark m
    WHERE x.id > m.message_id AND x.model = 'lead.distribution.campaign' AND x.body ~ '/odoo/\\d+/my-new-leads'
)
"""
LIVE = "('live', 'take_back', 'decline', 'pull')"


@dataclass(frozen=True)
class Promise:
    """``name``: what is promised; ``broken``: the statement that finds what breaks it."""

    name: str
    broken: str


PROMISES = (
    Promise(
        "a lead that was there before is there",
        "SELECT b.id, b.user_id FROM day_before b LEFT JOIN crm_lead l ON l.id = b.id WHERE l.id IS NULL",
    ),
    Promise(
        "a lead that was accepted is there",
        "SELECT a.lead_id FROM day_accepted a LEFT JOIN crm_lead l ON l.id = a.lead_id WHERE l.id IS NULL",
    ),
    Promise(
        "each hand-out begins with whom the one before ended",
        HISTORY
        + """SELECT s.id, s.lead_id, s.previous_user_id, CASE WHEN place = 1 THEN b.user_id ELSE holder_before END
        FROM step s LEFT JOIN day_before b ON b.id = s.lead_id
        WHERE previous_user_id IS DISTINCT FROM CASE WHEN place = 1 THEN b.user_id ELSE holder_before END
        AND NOT (place > 1 AND previous_user_id IS NULL AND declined_before IS NOT NULL)""",
    ),
    Promise(
        "the last hand-out of a lead is true of the lead",
        HISTORY
        + """SELECT s.id, s.lead_id, s.user_id, l.user_id, l.holder_id FROM step s JOIN crm_lead l ON l.id = s.lead_id
        WHERE s.next_id IS NULL AND NOT (s.declined_on IS NOT NULL AND l.user_id IS NULL)
        AND (l.user_id IS DISTINCT FROM s.user_id OR l.holder_id IS DISTINCT FROM s.user_id
             OR l.distribution_campaign_id IS DISTINCT FROM s.campaign_id)""",
    ),
    Promise(
        "nobody has another lead than before without a line of history",
        HISTORY
        + """SELECT l.id, b.user_id, l.user_id FROM crm_lead l LEFT JOIN day_before b ON b.id = l.id
        WHERE l.user_id IS DISTINCT FROM b.user_id
        AND NOT EXISTS (SELECT FROM done d WHERE d.lead_id = l.id)""",
    ),
    Promise(
        "no run hands out a lead twice",
        HISTORY
        + """SELECT min(id), lead_id, run_id, count(*) FROM done
        WHERE lead_id IS NOT NULL AND declined_on IS NULL AND kind IN ('distribution', 'dropback', 'fallback')
        GROUP BY lead_id, run_id HAVING count(*) > 1""",
    ),
    Promise(
        "a lead that came has somebody, waits with a reason, or is nobody's by the rules",
        """SELECT l.id FROM crm_lead l, day_mark m
        WHERE l.id > m.lead_id AND l.active AND l.user_id IS NULL AND l.import_batch_id IS NULL
        AND NOT EXISTS (SELECT FROM lead_distribution_waiting w WHERE w.lead_id = l.id)
        AND NOT EXISTS (SELECT FROM lead_distribution_not_taken n WHERE n.lead_id = l.id AND n.reasons <> '{}')""",
    ),
    Promise(
        "a lead is in one of the three lists only",
        """SELECT w.lead_id FROM lead_distribution_waiting w JOIN crm_lead l ON l.id = w.lead_id, day_mark m
        WHERE l.id > m.lead_id
        AND (l.user_id IS NOT NULL OR w.lead_id IN (SELECT lead_id FROM lead_distribution_not_taken))""",
    ),
    Promise(
        "what waits is tried again in time",
        """SELECT w.id, w.lead_id, w.reason, w.next_try FROM lead_distribution_waiting w, day_mark m, day_end e
        WHERE w.lead_id > m.lead_id
        AND (w.next_try < e.moment - interval '2 minutes' OR w.reason IN ('new', 'failed'))""",
    ),
    Promise(
        "nobody receives more in a day than a campaign allows",
        HISTORY
        + """SELECT min(d.id), d.campaign_id, d.user_id, count(*), c.max_daily FROM done d
        JOIN lead_distribution_campaign c ON c.id = d.campaign_id
        WHERE c.max_daily > 0 AND d.origin <> 'import' AND d.is_uncounted IS NOT TRUE
        AND d.kind IN ('distribution', 'take_back', 'decline', 'pull', 'fallback')
        GROUP BY d.campaign_id, d.user_id, d.distribution_date, c.max_daily HAVING count(*) > c.max_daily""",
    ),
    Promise(
        "nobody receives more in a day or a week than the limits of a person or a campaign allow",
        HISTORY
        + """SELECT min(a.id), a.user_id, p.campaign_id, count(*), p.maximum FROM lead_distribution_cap p
        JOIN lead_distribution_assignment a ON a.state = 'done' AND a.is_uncounted IS NOT TRUE
        AND (a.user_id = p.user_id OR a.campaign_id = p.campaign_id AND p.only_campaign)
        WHERE p.measure IN ('day', 'week')
        AND a.distribution_date >= (SELECT date_trunc(p.measure, moment)::date FROM day_end)
        AND a.kind IN ('distribution', 'take_back', 'decline', 'pull', 'fallback')
        AND a.user_id IN (SELECT user_id FROM done)
        GROUP BY a.user_id, p.id, p.maximum HAVING count(*) > p.maximum""",
    ),
    Promise(
        "nobody receives anything while away",
        HISTORY
        + """SELECT d.id, d.user_id, d.kind, d.origin, d.applied_on, w.since, w.until FROM done d
        JOIN day_away w ON w.user_id = d.user_id AND d.applied_on > w.since AND d.applied_on < w.until
        WHERE d.kind IN ('distribution', 'take_back', 'decline', 'pull', 'fallback', 'cover')
        AND d.origin <> 'import'""",
    ),
    Promise(
        "a lead that is taken back or declined goes to nobody who has had it",
        HISTORY
        + """SELECT s.id, s.lead_id, s.user_id FROM step s
        WHERE s.kind IN ('take_back', 'decline') AND s.user_id = ANY(s.had)""",
    ),
    Promise(
        "what is late is seen, and not before it is late",
        HISTORY
        + """SELECT d.id, d.due_on, d.missed_on FROM done d CROSS JOIN day_end e
        WHERE d.missed_on < d.due_on OR (d.deadline_state = 'open' AND d.checkpoint IS NOT NULL
              AND d.due_on < e.moment - interval '3 minutes')""",
    ),
    Promise(
        "a missed lead is taken back once",
        HISTORY
        + """SELECT min(s.id), s.lead_id, count(*) FILTER (WHERE s.kind = 'take_back'),
            count(*) FILTER (WHERE s.missed_on IS NOT NULL) FROM step s GROUP BY s.lead_id
        HAVING count(*) FILTER (WHERE s.kind = 'take_back') > count(*) FILTER (WHERE s.missed_on IS NOT NULL)""",
    ),
    Promise(
        "no lead is taken back that was worked on, or is not late",
        HISTORY
        + """SELECT s.id, s.lead_id, p.first_action_on, p.due_on FROM step s
        JOIN step p ON p.lead_id = s.lead_id AND p.next_id = s.id
        WHERE s.kind = 'take_back' AND (p.missed_on IS NULL OR p.user_id <> s.previous_user_id
              OR p.first_action_on < s.applied_on)""",
    ),
    Promise(
        "what a run found is what it handed out and what it left, each with a reason",
        """SELECT r.id, r.origin, r.leads_found, r.leads_distributed, r.leads_not_distributed, r.left_over
        FROM lead_distribution_run r, day_mark m
        WHERE r.id > m.run_id AND r.state = 'done' AND r.leads_found <> r.leads_distributed + r.leads_not_distributed
        OR r.id > m.run_id AND r.state = 'done' AND r.leads_not_distributed > coalesce(
            (SELECT sum(value::int) FROM jsonb_each_text(r.left_over::jsonb)), 0)""",
    ),
    Promise(
        "a run that has ended left nothing undone, and none has failed",
        """SELECT r.id, r.state, r.error, count(a.id) FROM lead_distribution_run r
        CROSS JOIN day_mark m LEFT JOIN lead_distribution_assignment a ON a.run_id = r.id AND a.state = 'planned'
        WHERE r.id > m.run_id AND r.state <> 'planned'
        GROUP BY r.id HAVING r.state NOT IN ('done', 'cancelled') OR count(a.id) > 0""",
    ),
    Promise(
        "no lead of a run has failed",
        """SELECT a.id, a.lead_id, a.note FROM lead_distribution_assignment a, day_mark m
        WHERE a.id > m.assignment_id AND a.state = 'failed'""",
    ),
    Promise(
        "a lead that was skipped has a reason",
        """SELECT a.id, a.lead_id FROM lead_distribution_assignment a, day_mark m
        WHERE a.id > m.assignment_id AND a.state = 'skipped' AND coalesce(a.note, '') = ''""",
    ),
    Promise(
        "the numbers of a run are those of its history",
        HISTORY
        + """SELECT r.id, r.origin, r.leads_done, count(d.id) FROM lead_distribution_run r CROSS JOIN mark
        LEFT JOIN done d ON d.run_id = r.id AND d.kind <> 'dropback'
        WHERE r.id > mark.run_id AND r.state = 'done' GROUP BY r.id HAVING coalesce(r.leads_done, 0) <> count(d.id)""",
    ),
    Promise(
        "the numbers of a person in a run are those of the history",
        HISTORY
        + """SELECT l.id, l.run_id, l.user_id, l.leads_received, count(d.id) FROM lead_distribution_run_member l
        JOIN lead_distribution_run r ON r.id = l.run_id AND r.state = 'done' CROSS JOIN mark
        LEFT JOIN done d ON d.run_id = l.run_id AND d.user_id = l.user_id AND d.kind <> 'dropback'
        WHERE r.id > mark.run_id GROUP BY l.id HAVING coalesce(l.leads_received, 0) <> count(d.id)""",
    ),
    Promise(
        "nobody gets a lead that must not be called",
        HISTORY
        + """SELECT d.id, d.lead_id, l.email_normalized FROM done d JOIN crm_lead l ON l.id = d.lead_id
        JOIN mail_blacklist b ON b.email = l.email_normalized AND b.active
        WHERE d.kind NOT IN ('cover', 'cover_return', 'handover')""",
    ),
    Promise(
        "leads stay within their company",
        HISTORY
        + """SELECT d.id, d.lead_id, d.user_id, l.company_id FROM done d JOIN crm_lead l ON l.id = d.lead_id
        WHERE l.company_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM res_company_users_rel c WHERE c.user_id = d.user_id AND c.cid = l.company_id)""",
    ),
    Promise(
        "who gets leads hears once of a run",
        NEWS + "SELECT run_id, res_partner_id, count(*) FROM news GROUP BY run_id, res_partner_id HAVING count(*) > 1",
    ),
    Promise(
        "who gets leads hears of it",
        HISTORY
        + NEWS.replace("WITH", ",")
        + """SELECT d.run_id, d.user_id, count(*) FROM done d JOIN lead_distribution_run r ON r.id = d.run_id
        JOIN lead_distribution_campaign c ON c.id = d.campaign_id AND c.notify_salespeople <> 'none'
        JOIN res_users u ON u.id = d.user_id CROSS JOIN day_end e
        WHERE CASE WHEN r.origin IN """
        + LIVE
        + """ THEN d.is_untold AND d.applied_on < e.moment - interval '3 minutes'
            ELSE r.state = 'done' AND r.origin NOT IN ('cover', 'cover_return') AND NOT EXISTS (
                SELECT FROM news n WHERE n.run_id = r.id AND n.res_partner_id = u.partner_id) END
        GROUP BY d.run_id, d.user_id""",
    ),
    # when a message was made is when its transaction began, which may be a little before it was decided on
    Promise(
        "nobody hears of leads one by one more than once a minute",
        """SELECT id, res_partner_id, model, res_id, create_date, gap FROM (
            SELECT x.*, n.res_partner_id, x.create_date - lag(x.create_date) OVER (
                PARTITION BY n.res_partner_id ORDER BY x.create_date, x.id) AS gap
            FROM mail_message x JOIN mail_notification n ON n.mail_message_id = x.id CROSS JOIN day_mark m
            LEFT JOIN lead_distribution_run r ON x.model = 'lead.distribution.run' AND r.id = x.res_id
            WHERE x.id > m.message_id AND (x.model = 'crm.lead' OR r.origin IN """
        + LIVE
        + """)) AS heard WHERE gap < interval '50 seconds'""",
    ),
    Promise(
        "nobody gets an e-mail of a lead that is not counted as hearing of it",
        """SELECT k.id, x.res_id FROM mail_mail k JOIN mail_message x ON x.id = k.mail_message_id CROSS JOIN day_mark m
        WHERE k.id > m.mail_id AND x.model = 'crm.lead'
        AND NOT EXISTS (SELECT FROM mail_notification n WHERE n.mail_message_id = x.id)""",
    ),
    Promise(
        "each row of an import has its lead, and each lead its row",
        """SELECT r.id, r.state, r.lead_id FROM lead_import_row r JOIN lead_import_batch b ON b.id = r.batch_id
        WHERE b.state = 'done' AND EXISTS (SELECT FROM day_mark m, lead_distribution_run x
              WHERE x.import_batch_id = b.id AND x.id > m.run_id)
        AND (r.state <> 'done' OR NOT EXISTS (SELECT FROM crm_lead l WHERE l.id = r.lead_id AND l.user_id IS NOT NULL
             AND l.import_batch_id = b.id))
        UNION ALL SELECT min(r.id), count(*)::text, r.lead_id FROM lead_import_row r
        WHERE r.lead_id > (SELECT lead_id FROM day_mark) GROUP BY r.lead_id HAVING count(*) > 1""",
    ),
)
# how evenly leads as they come went to people who were there all the time and without a limit of their own; what was
# declined counts nothing, for which the next lead is theirs: not where none has come since
SPREAD = (
    HISTORY
    + """SELECT coalesce(max(number) - min(number), 0) FROM (
    SELECT u.id, count(d.id) AS number FROM unnest(%s::int[]) AS u (id)
    LEFT JOIN done d ON d.user_id = u.id AND d.campaign_id = %s AND d.kind = 'distribution'
        AND d.origin = 'live' AND (d.is_uncounted IS NOT TRUE OR d.declined_on + interval '1 second' > (
            SELECT max(l.applied_on) FROM done l WHERE l.campaign_id = d.campaign_id AND l.origin = 'live'))
    GROUP BY u.id) AS counted"""
)


def find_broken(rows, most=5, promises=PROMISES):
    """Return {promise: (number, the first of what breaks it)} of the promises that are broken.

    :param rows: statement → its rows
    """
    found = {promise.name: rows(promise.broken) for promise in promises}
    return {name: (len(broken), broken[:most]) for name, broken in found.items() if broken}
