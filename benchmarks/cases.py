"""What is timed: each case hands out all leads of the database and commits."""

from itertools import cycle

from odoo.tools import SQL, split_every


def native(env):
    """Odoo's own rule-based assignment: to teams, then to members, as its scheduled action does."""
    teams = env["crm.team"].search([])
    teams._action_assign_leads(force_quota=True, creation_delta_days=7)


def ours(env, chatter="none"):
    """A whole run: find, plan, apply, history written, salesperson following the lead."""
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    campaign.chatter = chatter
    run = campaign.distribute()
    if run.state != "done" or run.leads_not_distributed:
        raise AssertionError(f"the run handed out {run.leads_distributed} of {run.leads_found}")


def ours_with_tracking(env):
    ours(env, "full")


def bare_writes(env):
    """The same assignment with nothing around it: one ORM write a person and chunk."""
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    ids = env["crm.lead"].search([("user_id", "=", False), ("type", "=", "lead")], order="id").ids
    leads = env["crm.lead"].with_context(mail_notrack=True, mail_auto_subscribe_no_notify=True)
    for chunk in split_every(1000, ids):
        batch = leads.browse(chunk)
        shares = {}
        for lead_id, user in zip(chunk, cycle(campaign.member_ids.user_id)):
            shares.setdefault(user, []).append(lead_id)
        for user, lead_ids in shares.items():
            batch.browse(lead_ids).with_prefetch(batch._prefetch_ids).write(
                {"user_id": user.id, "team_id": campaign.team_id.id}
            )
        leads.env.flush_all()
        env.cr.commit()
        env.invalidate_all()


def one_update(env):
    """One SQL statement: no rights, no computed fields, no followers, no history."""
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    users = campaign.member_ids.user_id.ids
    env.cr.execute(
        SQL(
            "UPDATE crm_lead SET user_id = (%s::int[])[1 + turn %% %s], team_id = %s, date_open = now() "
            "FROM (SELECT id AS lead_id, row_number() OVER (ORDER BY id) AS turn FROM crm_lead "
            "WHERE user_id IS NULL) AS turns WHERE id = lead_id",
            users,
            len(users),
            campaign.team_id.id,
        )
    )
    env.cr.commit()


CASES = {
    "our run": ours,
    "our run, with tracked changes in the chatter": ours_with_tracking,
    "bare grouped ORM writes": bare_writes,
    "one SQL UPDATE": one_update,
    "Odoo's own rule-based assignment": native,
}
