from datetime import timedelta
from random import Random

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.following.cover import follow_covers
from odoo.addons.lead_distribution.models.base.ways import get_ways

from .common import DistributionCase, often

PLACES = ("user_id", "open_user_id", "closer_id", "team_id", "lead_status_id", "distribution_campaign_id")


class CoverCase(DistributionCase):
    """Ann is away, and others take over."""

    def hold(self, user, count=1, **values):
        return self.make_leads(count, **{"user_id": user.id, "open_user_id": user.id, **values})

    def absent(self, user=None, first=-1, last=24, **values):
        """Enter an absence from and until so many hours from now; Bob takes over unless something else is said."""
        now = fields.Datetime.now()
        dates = {"date_from": now + timedelta(hours=first), "date_to": now + timedelta(hours=last)}
        who = {"cover": "user", "cover_user_id": self.bob.id} if "cover" not in values else {}
        values = {"user_id": (user or self.ann).id, **dates, **who, **values}
        return self.env["lead.distribution.absence"].create(values)

    def follow(self):
        follow_covers(self.env["lead.distribution.campaign"].sudo().env, get_ways)
        self.env.invalidate_all()

    def pass_an_hour(self):
        """Pretend that all was an hour ago: all changes of a test happen in one transaction, so at one moment."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = write_date - interval '1 hour', "
            "distributed_on = distributed_on - interval '1 hour' WHERE active"
        )
        self.env.cr.execute("UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '1 hour'")
        self.env.invalidate_all()

    def end(self, absence):
        """Pretend that the absence is over, and that what was done for it was an hour ago."""
        self.pass_an_hour()
        self.env.cr.execute(
            "UPDATE lead_distribution_absence SET date_from = date_from - interval '30 days', "
            "date_to = (now() AT TIME ZONE 'UTC') - interval '1 minute' WHERE id = %s",
            [absence.id],
        )
        self.env.invalidate_all()
        self.follow()

    def see(self, leads):
        return [tuple(lead[name].id for name in PLACES) for lead in leads]


@tagged("post_install", "-at_install")
class TestCover(CoverCase):
    """Who takes over when an absence begins, and what comes back at its end."""

    def test_the_history_says_that_it_was_a_cover_and_that_it_came_back(self):
        lead = self.hold(self.ann)
        absence = self.absent()
        self.follow()
        self.assertRegex(lead.assignment_ids.explanation, "^Taken over from Ann, who is away; ")
        self.end(absence)
        self.assertRegex(lead.assignment_ids.sorted("id")[-1].explanation, "^Back from Bob after an absence; ")

    def test_one_person_takes_over_and_all_comes_back_exactly_as_it_was(self):
        team = self.env["crm.team"].create({"name": "T"})
        leads = self.hold(self.ann, 2, lead_status_id=self.status["in_progress"].id, team_id=team.id)
        leads += self.hold(self.ann, open_user_id=False, closer_id=self.cem.id)
        leads += self.hold(self.ann, user_id=self.cem.id, type="opportunity")
        # who takes over has a part in them already
        leads += self.hold(self.ann, closer_id=self.bob.id)
        self.campaign.distribute()
        before = self.see(leads)
        absence = self.absent()
        self.assertEqual(absence.cover_state, "waiting")
        self.follow()
        self.assertEqual(absence.cover_state, "covered")
        self.assertEqual((leads.user_id, leads.holder_id), (self.bob, self.bob))
        [run] = absence.cover_run_ids
        self.assertEqual((run.state, run.origin, run.leads_found, run.leads_done), ("done", "cover", 5, 5))
        for row in run.assignment_ids:
            self.assertTrue(row.explanation.endswith("to Bob"), f"named, it was nobody's turn: {row.explanation}")
        self.follow()
        self.assertEqual(len(absence.cover_run_ids), 1, "once")
        self.end(absence)
        self.assertEqual(self.see(leads), before)
        self.assertEqual(absence.cover_state, "returned")
        back = absence.cover_run_ids - run
        self.assertEqual((back.state, back.origin, back.leads_found, back.leads_done), ("done", "cover_return", 5, 5))

    def test_the_words_of_both_runs_are_those_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.status["utr"].with_context(lang="fr_FR").name = "Injoignable"
        self.manager.lang = "fr_FR"
        self.campaign.user_id = self.manager
        self.hold(self.ann, 2, lead_status_id=self.status["utr"].id)
        absence = self.absent(cover="campaign")
        self.follow()
        self.end(absence)
        self.assertEqual(absence.cover_run_ids.mapped("leads_by_status"), [{"Injoignable": 2}] * 2)

    def test_who_touches_what_came_back_has_no_new_lead_any_more(self):
        lead = self.make_leads()
        self.campaign.distribute(lead_ids=lead.ids, user_ids=self.ann.ids)
        absence = self.absent()
        self.follow()
        self.end(absence)
        new = self.env["crm.lead"].with_user(self.ann)
        self.assertEqual(new.search([("waits_for_me", "=", True)]), lead)
        lead.with_user(self.ann).lead_status_id = self.status["in_progress"]
        self.assertFalse(new.search([("waits_for_me", "=", True)]))

    def test_before_it_begins_nothing_happens(self):
        leads = self.hold(self.ann)
        self.absent(first=1)
        self.follow()
        self.assertEqual(leads.user_id, self.ann)

    def test_without_a_cover_the_leads_stay(self):
        leads = self.hold(self.ann)
        absence = self.absent(cover="none")
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (self.ann, False))

    def test_what_somebody_worked_on_stays_and_is_listed(self):
        leads = self.hold(self.ann, 3)
        absence = self.absent()
        self.follow()
        leads[0].with_user(self.bob).lead_status_id = self.status["call_back"]
        leads[1].with_user(self.bob).user_id = self.cem
        self.end(absence)
        self.assertEqual([lead.user_id for lead in leads], [self.bob, self.cem, self.ann])
        back = absence.cover_run_ids.filtered(lambda run: run.origin == "cover_return")
        self.assertEqual((back.leads_found, back.leads_done, back.left_over), (3, 1, {"worked_on": 2}))

    def test_the_campaigns_share_each_their_leads(self):
        apple = self.make_campaign("Apple", self.cem)
        mine = self.hold(self.ann, 2)
        theirs = self.hold(self.ann, 2)
        theirs.sudo().distribution_campaign_id = apple
        absence = self.absent(cover="campaign")
        self.follow()
        self.assertEqual(theirs.user_id, self.cem)
        self.assertEqual(mine.user_id, self.bob + self.cem)
        self.assertEqual(theirs.distribution_campaign_id, apple)
        self.assertEqual(absence.cover_run_ids.campaign_id, self.campaign + apple)
        self.end(absence)
        self.assertEqual((mine + theirs).user_id, self.ann)
        self.assertEqual(mine.distribution_campaign_id.ids, [])

    def test_where_the_named_person_is_away_too_the_campaign_shares(self):
        leads = self.hold(self.ann, 2)
        self.absent(self.bob, cover="none")
        absence = self.absent()
        self.follow()
        self.assertEqual(leads.user_id, self.cem)
        self.assertIn("Bob was to take over", absence.cover_run_ids.warnings[-1])

    def test_why_somebody_else_takes_over_is_told_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "lead_distribution")])._update_translations(["de_DE"])
        self.manager.lang = "de_DE"
        self.campaign.user_id = self.manager
        self.hold(self.ann, 2)
        self.absent(self.bob, cover="none")
        absence = self.absent()
        self.follow()
        self.assertRegex(absence.cover_run_ids.warnings[-1], "^Bob sollte übernehmen: .*abwesend")

    def test_who_takes_over_has_a_deadline_of_their_own_and_who_is_back_has_none(self):
        self.campaign.write({"first_action_hours": 8, "first_action_clock": "clock"})
        leads = self.make_leads(2)
        self.campaign.distribute(user_ids=self.ann.ids)
        first = leads.assignment_ids
        self.assertEqual((set(first.mapped("deadline_state")), leads.user_id), ({"open"}, self.ann))
        absence = self.absent()
        self.follow()
        self.assertEqual(set(first.mapped("deadline_state")), {"over"})
        mine = leads.assignment_ids - first
        self.assertEqual((set(mine.mapped("deadline_state")), mine.user_id), ({"open"}, self.bob))
        self.assertEqual(leads.mapped("due_on"), mine.mapped("due_on"))
        self.assertTrue(all(mine.mapped("due_on")))
        self.end(absence)
        self.assertEqual((leads.user_id, set(leads.mapped("due_on"))), (self.ann, {False}))
        self.assertEqual(set(leads.assignment_ids.mapped("deadline_state")), {"over", False})

    def test_a_cover_costs_the_same_statements_for_many_leads_as_for_few(self):
        counts = []
        for number in (5, 60):
            leads = self.hold(self.ann, number)
            absence = self.absent()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.follow()
            begun = self.env.cr.sql_log_count
            self.end(absence)
            counts.append((begun - before, self.env.cr.sql_log_count - begun))
            self.assertEqual(leads.user_id, self.ann)
            leads.active = False
        for few, many in zip(*counts, strict=True):
            self.assertLessEqual(many, few + 15)

    def test_weeks_of_people_who_come_and_go_end_as_they_began(self):
        """By chance: absences of three people over one another, work in between, looked at at every step."""
        for seed in range(often(1, 30)):
            chance = Random(seed)
            leads = self.hold(self.ann, 3) + self.hold(self.bob, 2) + self.hold(self.cem, 2)
            owners, worked, absences = {lead: lead.user_id for lead in leads}, set(), []
            for _step in range(often(10, 20)):
                self.take_a_step(chance, leads, worked, absences)
                self.follow()
                self.assertTrue(all(leads.mapped("user_id")))
                self.assertFalse([lead for lead in leads if lead.user_id != lead.holder_id])
            for absence in chance.sample(absences, len(absences)):
                self.end(absence)
            stay = {lead: lead.user_id for lead in leads if lead not in worked}
            self.assertEqual(stay, {lead: owners[lead] for lead in stay}, seed)
            self.env["lead.distribution.absence"].search([]).unlink()
            leads.active = False

    def take_a_step(self, chance, leads, worked, absences):
        """Somebody goes, comes back, or works on a lead; and an hour goes by."""
        people = [self.ann, self.bob, self.cem]
        what = chance.choice(("go", "go", "come", "work"))
        if what == "go":
            user, other = chance.sample(people, 2)
            cover = chance.choice(({"cover": "user", "cover_user_id": other.id}, {"cover": "campaign"}))
            absences.append(self.absent(user, **cover))
        elif what == "come" and absences:
            self.end(absences.pop(chance.randrange(len(absences))))
        elif what == "work":
            lead = chance.choice(leads)
            lead.with_user(lead.user_id).lead_status_id = chance.choice([self.status["utr"], self.status["call_back"]])
            worked.add(lead)
        self.pass_an_hour()
