"""What handing out leads as they come asks of the database, and what the lists of waiting leads show."""

from odoo.tools import SQL

from odoo.addons.lead_distribution.live.batch import work_batch
from odoo.addons.lead_distribution.live.catching_up import FREED, make_due
from odoo.addons.lead_distribution.live.queue import note_freed, put_in
from odoo.addons.lead_distribution.live.rows import find_next_try, is_anything_due, lock_due
from odoo.addons.lead_distribution.live.sweeping import look_again, sweep
from odoo.addons.lead_distribution.models.base.ways import get_ways
from odoo.addons.lead_distribution.reporting.waiting import count_waiting, sum_up_waiting

PAGE = 80


def prepare(env, known):
    """Return {name: function} of what is looked at."""
    campaigns = env["lead.distribution.campaign"].search([("is_live", "=", True)])
    free = env["crm.lead"].search([("holder_id", "=", False)], order="id desc", limit=2000)

    in_campaign = SQL("campaign_id = ANY(%s)", campaigns[:1].ids)

    def work():
        work_batch(env, get_ways)

    def come():
        free.write({"type": "opportunity"})
        put_in(free)

    return {
        "live: what is due": lambda: (is_anything_due(env), find_next_try(env)),
        "live: picking the next leads": lambda: lock_due(env),
        "live: a batch": work,
        "live: leads that come": come,
        "live: somebody has room again": lambda: note_freed(env),
        "live: those that wait for room are tried": lambda: make_due(env, SQL("reason = 'everybody_full'"), FREED),
        "live: what waits for a campaign is tried again": lambda: make_due(env, in_campaign),
        "live: what a campaign has not taken is looked at again": lambda: look_again(env, campaigns[:1].ids),
        "live: sweeping": lambda: sweep(env),
        **_prepare_pages(env(user=env.ref("base.user_admin").id), campaigns),
    }


def _prepare_pages(env, campaigns):
    waiting, not_taken = env["lead.distribution.waiting"], env["lead.distribution.not.taken"]
    return {
        "waiting leads": lambda: _open(waiting, []),
        "waiting leads of a campaign": lambda: _open(waiting, [("campaign_id", "=", campaigns[0].id)]),
        "waiting leads that are told of": lambda: _open(waiting, [("told_on", "!=", False)]),
        "leads nobody takes": lambda: _open(not_taken, []),
        "figures of waiting leads": lambda: (sum_up_waiting(env(su=True)), count_waiting(campaigns)),
    }


def _open(records, domain):
    records.web_search_read(domain, {"lead_id": {"fields": {"display_name": {}}}}, limit=PAGE, count_limit=10_001)
