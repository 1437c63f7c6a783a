"""The two ways of a running experiment: which campaign decides in each, and which way chance has dealt a lead to.

Way A is the campaign itself, way B (its variant) a copy of it with other settings. Of the variant counts only who
gets a lead; what is found, written and told is always the campaign's.
"""

from operator import itemgetter
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ..engine.experiment import Dealer
from ..names import FIRST_KINDS, HANDED_OUT
from ..work.system import as_system

# what must be known of a lead besides what every candidate has, so that it can be dealt
STRATUM_COLUMNS = ("source_id",)
AT_ONCE = 10_000  # ids in one statement


class Arms(NamedTuple):
    """The running experiment of a campaign.

    ``campaigns``: {"a": the campaign, "b": its variant}; ``strategies``: {"a", "b": name of the way's strategy}.
    """

    experiment: object
    campaigns: dict
    strategies: dict


def find_arms(campaign, request=None):
    """Return the ``Arms`` of a campaign, None if nothing is dealt; without an experiment no statement.

    Who asks for a strategy, or for people, by hand has decided already. Nothing is dealt any more once as many
    leads are handed out as were planned.

    :param campaign: with full rights
    :param request: see ``PlanRequest``
    """
    experiment = campaign.running_experiment_id
    if not experiment or campaign.is_by_hand or _is_decided(request):
        return None
    if count_handed_out(experiment).get(experiment.id, 0) >= experiment.planned_leads > 0:
        return None
    if not experiment.variant_id:
        return None
    campaigns = {"a": campaign, "b": experiment.variant_id}
    return Arms(experiment, campaigns, {"a": experiment.strategy_a, "b": experiment.strategy_b})


def _is_decided(request):
    return bool(request and (request.strategy or request.force_round_robin or request.user_ids is not None))


def count_handed_out(experiments):
    """Return {experiment id: leads handed out so far by both ways}, those put back left out; one query.

    Leads that are deleted by now count.
    """
    experiments.env["lead.distribution.assignment"].flush_model(["experiment_id", "lead_id", "arm", "state", "kind"])
    experiments.env["lead.distribution.experiment.deal"].flush_model()
    # a lead has a row for each time it was handed out, and one deal, also when it is deleted
    query = SQL(
        "SELECT r.experiment_id, count(DISTINCT r.lead_id) + least("
        "count(*) FILTER (WHERE r.lead_id IS NULL AND r.kind = ANY(%s)), "
        "(SELECT count(*) FROM lead_distribution_experiment_deal d "
        "WHERE d.experiment_id = r.experiment_id AND d.lead_id IS NULL)) "
        "FROM lead_distribution_assignment r "
        "WHERE r.experiment_id = ANY(%s) AND r.arm IS NOT NULL AND r.state = 'done' AND r.kind = ANY(%s) "
        "GROUP BY r.experiment_id",
        list(FIRST_KINDS),
        experiments.ids,
        list(HANDED_OUT),
    )
    return dict(experiments.env.execute_query(query))


def get_base(campaign):
    """Return the campaign whose leads and rows count: of a variant the one it belongs to, else itself."""
    return as_system(campaign).variant_of_id.with_env(campaign.env) or campaign


def refuse_way_b(campaign):
    """Have nothing handed out by the settings of way B alone.

    :raise UserError: in words
    """
    base = as_system(campaign).variant_of_id
    if base:
        raise UserError(campaign.env._("These are settings of an experiment: hand out by “%s” instead.", base.name))


def get_deciding(run, arm):
    """Return the campaign whose settings have decided a run, or a row of the history.

    :param run: or a row, with full rights
    :param arm: of the row, or nothing
    """
    return (run.experiment_id.variant_id if arm == "b" else None) or run.campaign_id


def get_stratum(priority, source_id):
    """Return what leads have in common that chance deals in blocks."""
    return (source_id or None, priority or "0")


class Deals:
    """Which way the leads of one plan go: as they were dealt before, or drawn when it is asked.

    What was drawn is kept only by ``keep``, of what is no lead yet by ``keep_dealt``.

    :param arms: see ``Arms``
    :param lead_ids: of all leads that may be asked for
    """

    def __init__(self, arms, lead_ids):
        self.experiment = arms.experiment
        self.env = arms.experiment.env
        self.env["lead.distribution.experiment.deal"].flush_model()
        self._arms = self._read(lead_ids)
        self._drawn = {}  # lead id → stratum
        self._dealer = None

    def _read(self, lead_ids):
        """Return {lead id: way} of those that were dealt before."""
        known = {}
        for part in split_every(AT_ONCE, lead_ids, list):
            known.update(
                self.env.execute_query(
                    SQL(
                        "SELECT lead_id, arm FROM lead_distribution_experiment_deal "
                        "WHERE experiment_id = %s AND lead_id = ANY(%s)",
                        self.experiment.id,
                        part,
                    )
                )
            )
        return known

    def deal(self, candidate, source_id):
        """Return the way of a lead, "a" or "b"; drawn if it was not dealt yet.

        :param candidate: has ``id`` and ``priority``
        """
        arm = self._arms.get(candidate.id)
        if arm is None:
            stratum = get_stratum(candidate.priority, source_id)
            arm = self._arms[candidate.id] = self._get_dealer().deal(stratum)
            self._drawn[candidate.id] = stratum
        return arm

    def get(self, lead_id):
        """Return the way of a lead that was dealt, else None."""
        return self._arms.get(lead_id)

    def _get_dealer(self):
        if self._dealer is None:
            self._dealer = Dealer(self.experiment.seed, self.experiment.share_b, self._count())
        return self._dealer

    def _count(self):
        """Return {stratum: leads dealt so far}, also of leads that are deleted by now; one statement."""
        rows = self.env.execute_query(
            SQL(
                "SELECT source_id, priority, count(*) FROM lead_distribution_experiment_deal "
                "WHERE experiment_id = %s GROUP BY source_id, priority",
                self.experiment.id,
            )
        )
        return {get_stratum(priority, source_id): count for source_id, priority, count in rows}

    def keep(self, lead_ids=None):
        """Store the deals of these leads that were drawn; two plans at a time cannot deal one lead twice.

        :param lead_ids: None: of all
        """
        kept = list(self._drawn) if lead_ids is None else [i for i in dict.fromkeys(lead_ids) if i in self._drawn]
        dealt = []
        for lead_id in kept:
            source_id, priority = self._drawn.pop(lead_id)
            dealt.append((lead_id, self._arms[lead_id], source_id, priority))
        keep_dealt(self.experiment, dealt)


def keep_dealt(experiment, dealt):
    """Store to which ways leads were dealt; one that was dealt before stays with its way.

    :param dealt: (lead id, way, id of its source or None, priority)
    """
    if dealt:
        _hold(experiment)
    # in the order of the leads: two plans at once wait for each other, and never both
    for part in split_every(10 * AT_ONCE, sorted(dealt, key=itemgetter(0)), list):
        experiment.env.cr.execute(
            SQL(
                "INSERT INTO lead_distribution_experiment_deal "
                "(experiment_id, company_id, lead_id, arm, source_id, priority, dealt_on) "
                "SELECT %s, %s, d.*, %s FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[]) "
                "AS d (lead_id, arm, source_id, priority) ON CONFLICT (experiment_id, lead_id) DO NOTHING",
                experiment.id,
                experiment.company_id.id or None,
                fields.Datetime.now(),
                *map(list, zip(*part, strict=True)),
            )
        )
    experiment.env["lead.distribution.experiment.deal"].invalidate_model(flush=False)


def _hold(experiment):
    """Have an experiment not end while leads are dealt: who ends it waits for the commit.

    One that has ended since this transaction began is a conflict, so the leads are dealt with anew, without it. Where
    somebody is just changing it nobody waits: the leads are dealt before the change.
    """
    experiment.env.cr.execute(
        SQL("SELECT FROM lead_distribution_experiment WHERE id = %s FOR SHARE SKIP LOCKED", experiment.id)
    )


def find_way(arms, lead):
    """Return the way to which a lead was dealt; None where it was not, or there is no experiment.

    :param lead: may be a new one, which is not saved
    """
    return Deals(arms, lead.ids).get(lead.id) if arms and lead.ids else None


def split(arms, candidates, columns):
    """Deal some leads and keep that at once; return {"a": candidates, "b": candidates}.

    :param columns: names of the values in ``Candidate.facts``, with ``STRATUM_COLUMNS``
    """
    place = columns.index("source_id")
    deals = Deals(arms, [candidate.id for candidate in candidates])
    parts = {"a": [], "b": []}
    for candidate in candidates:
        parts[deals.deal(candidate, candidate.facts[place])].append(candidate)
    deals.keep()
    return parts
