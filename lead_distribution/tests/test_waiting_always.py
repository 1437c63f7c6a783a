"""Whatever happens to leads, in whatever order: none waits that somebody has, and none is overlooked."""

from random import Random

from odoo.tests import tagged

from ..live.sweeping import sweep
from .common import often
from .test_waiting import WaitingCase

SEEDS, STEPS = often(2, 20), often(50, 200)


class Undone(Exception):
    pass


@tagged("post_install", "-at_install")
class TestWaitingAlways(WaitingCase):
    """Random steps; after each of them what holds of the lists is checked against the leads themselves.

    ``excused``: leads that nobody has and that do not wait, as they should: put back by a run that was taken back, or
    there when no campaign was live.
    """

    def setUp(self):
        super().setUp()
        self.users = self.ann + self.bob + self.cem
        self.leads = self.env["crm.lead"]
        self.excused, self.runs = set(), []

    def test_no_lead_is_both_waiting_and_held_and_none_is_overlooked(self):
        for seed in range(SEEDS):
            random = Random(seed)
            for number in range(STEPS):
                step = random.choice([name for name in dir(self) if name.startswith("do_")])
                with self.subTest(seed=seed, number=number, step=step):
                    self.take(step, random)
                    self.check()

    def take(self, step, random):
        """Take a step; now and then one that fails, and is undone."""
        if random.random() < 0.9:
            getattr(self, step)(random)
            return
        excused, runs, leads = set(self.excused), list(self.runs), self.leads
        try:
            with self.env.cr.savepoint():
                getattr(self, step)(random)
                raise Undone
        except Undone:
            self.excused, self.runs, self.leads = excused, runs, leads
            self.env.registry.clear_cache()  # as Odoo does for a call that fails

    def check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.leads = self.leads.exists()
        free = self.leads.filtered(lambda lead: lead.active and not lead.holder_id)
        waiting, refused = self.waiting.search([]).lead_id, self.not_taken.search([]).lead_id
        self.assertFalse((waiting | refused) - free, "in a list, and held or put away")
        self.assertFalse(waiting & refused, "in both lists")
        if self.campaign.is_live:
            self.assertFalse(set((free - waiting - refused).ids) - self.excused, "overlooked")
        else:
            self.assertFalse(waiting | refused, "waits though no campaign is live")

    def some(self, random, most=3):
        ids = self.leads.exists().ids
        return self.leads.browse(random.sample(ids, min(len(ids), random.randint(1, most))))

    def change(self, leads, values):
        """Write on leads; those that nobody has may fit by now."""
        leads.with_user(self.manager).write(values)
        if self.campaign.is_live:
            self.excused -= set(leads.ids)
        else:
            self.excused |= set(leads.ids)

    def do_create(self, random):
        status = self.status[random.choice(["new", "utr", "lost"])].id
        values = random.choice(
            [
                {},
                {},
                {"user_id": self.ann.id},
                {"open_user_id": self.bob.id},
                {"active": False},
                {"type": "opportunity"},
            ]
        )
        leads = self.make_leads(random.randint(1, 4), lead_status_id=status, **values)
        self.leads += leads
        if not self.campaign.is_live:
            self.excused |= set(leads.ids)

    def do_assign(self, random):
        self.change(self.some(random), {"user_id": random.choice(self.users).id})

    def do_take_away(self, random):
        self.change(self.some(random), {"user_id": False, "open_user_id": False})

    def do_open(self, random):
        self.change(self.some(random), {"open_user_id": random.choice([False, *self.users.ids])})

    def do_put_away(self, random):
        self.change(self.some(random), {"active": False})

    def do_bring_back(self, random):
        self.change(self.some(random), {"active": True})

    def do_set_status(self, random):
        self.change(self.some(random), {"lead_status_id": self.status[random.choice(["new", "utr", "lost"])].id})

    def do_merge(self, random):
        leads = self.some(random).filtered("active")
        if len(leads) > 1:
            self.excused -= set(leads.ids) if self.campaign.is_live else set()
            leads.merge_opportunity(user_id=random.choice([False, self.ann.id]))

    def do_delete(self, random):
        self.some(random, 1).unlink()

    def do_hand_out(self, random):
        self.env["lead.distribution.campaign"].hand_out_waiting()
        self.runs += self.campaign.run_ids.filtered(lambda run: run.origin == "live" and run.state == "done").ids

    def do_run(self, random):
        self.runs.append(self.campaign.distribute(max_leads=random.randint(1, 5)).id)

    def do_take_back(self, random):
        run = self.campaign.run_ids.browse(self.runs.pop()).exists() if self.runs else self.campaign.run_ids.browse()
        if run.state != "done" or not run.assignment_ids.lead_id.exists():
            return
        before = {lead.id for lead in self.leads if not lead.holder_id}
        self.make_past(run)
        run.action_revert()
        self.excused |= {lead.id for lead in self.leads.exists() if not lead.holder_id} - before

    def do_switch(self, random):
        self.campaign.is_live = not self.campaign.is_live
        if not self.campaign.is_live:
            self.excused |= set(self.leads.exists().ids)

    def do_sweep(self, random):
        sweep(self.env)
        if self.campaign.is_live:
            held_once = self.leads.exists().filtered(
                lambda lead: {"done", "reverted"} & set(lead.assignment_ids.mapped("state"))
            )
            self.excused &= set(held_once.ids) | {lead.id for lead in self.leads.exists() if lead.holder_id}

    def do_change_people(self, random):
        member = random.choice(self.campaign.with_context(active_test=False).member_ids)
        member.active = not member.active

    def do_change_rules(self, random):
        self.campaign.exclude_closed = not self.campaign.exclude_closed
