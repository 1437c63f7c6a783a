"""The people, statuses and leads that most tests need. No test relies on sample data."""

import os
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.models import ir_cron
from odoo.addons.lead_distribution.finding.scope import get_today
from odoo.addons.lead_distribution.planning.request import PlanRequest

# random tests try few cases, always the same; of many a case tells `make test-long ARGS=random`
THOROUGH = bool(os.environ.get("LEAD_DISTRIBUTION_THOROUGH"))
SALESPERSON = "base.group_user,sales_team.group_sale_salesman"
MANAGER = "base.group_user,sales_team.group_sale_manager"


def often(usual, thorough):
    """Return how many cases a random test tries."""
    return thorough if THOROUGH else usual


class DistributionCase(TransactionCase):
    """A campaign that takes all leads nobody holds, with Ann, Bob and Cem as members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(ir_cron, "MIN_TIME_PER_JOB", 600)  # else what a job has done depends on how busy the machine is
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.env["lead.distribution.campaign"].search([]).action_archive()
        cls.env["crm.lead"].search([("type", "=", "lead")]).active = False
        everybody = {"ann": SALESPERSON, "bob": SALESPERSON, "cem": SALESPERSON, "mia": MANAGER}
        cls.ann, cls.bob, cls.cem, cls.manager = cls._create_users(everybody)
        cls.first_stage = cls.env["crm.lead"]._stage_find(domain=[("fold", "=", False)])
        cls.status = {s.code: s for s in cls.env["crm.lead.status"].search([])}
        cls.level = {s.code: s for s in cls.env["lead.distribution.level"].search([])}
        cls.campaign = cls.make_campaign("Voice", cls.ann, cls.bob, cls.cem)
        cls.today = get_today(cls.campaign)

    @classmethod
    def make_users(cls, *logins, groups=SALESPERSON, **values):
        """Create salespeople at once, each with what ``new_test_user`` gives; many take hardly longer than one."""
        return cls._create_users(dict.fromkeys(logins, groups), **values)

    @classmethod
    def _create_users(cls, groups, **values):
        """Create users, in order: {login: names of groups}."""
        columns, rows = ("login", "name", "email", "password", "group_ids"), []
        for login, names in groups.items():
            command = [Command.set([cls.env.ref(name).id for name in names.split(",")])]
            rows.append((f"{login}@test", login.title(), f"{login}@test", f"{login}@test".ljust(8, "x"), command))
        return cls.env["res.users"].create([{**dict(zip(columns, row, strict=True)), **values} for row in rows])

    @classmethod
    def make_user(cls, login, groups=SALESPERSON, **values):
        return new_test_user(cls.env, login=f"{login}@test", name=login.title(), groups=groups, **values)

    @classmethod
    def make_campaign(cls, name, *users, **values):
        members = [Command.create({"user_id": user.id}) for user in users]
        defaults = {"name": name, "member_ids": members, "tz": "UTC", "lead_type": "lead"}
        return cls.env["lead.distribution.campaign"].create({**defaults, **values})

    @classmethod
    def make_leads(cls, count=1, **values):
        """Create leads of yesterday that nobody holds."""
        defaults = {
            "type": "lead",
            "user_id": False,
            "team_id": False,
            "source_date": cls.days_ago(1),
        }
        if not values.get("team_id"):
            defaults["stage_id"] = cls.first_stage.id  # Odoo would look for it, lead by lead: a quarter of the time
        return cls.env["crm.lead"].create([{**defaults, "name": f"Lead {n}", **values} for n in range(count)])

    @classmethod
    def make_past(cls, run):
        """Pretend a run was an hour ago: all changes of a test happen in one transaction, so at one moment."""
        earlier = fields.Datetime.now() - timedelta(hours=1)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET write_date = %(earlier)s, distributed_on = %(earlier)s WHERE id IN %(ids)s",
            {"earlier": earlier, "ids": tuple(run.assignment_ids.lead_id.ids)},
        )
        run.assignment_ids.applied_on = earlier
        cls.env.invalidate_all()

    @classmethod
    def days_ago(cls, days):
        return fields.Date.today() - timedelta(days=days)

    def pools(self, *pools):
        """Give the campaign exactly these pools: (holder, status codes, days)."""
        commands = [
            Command.create(
                {
                    "holder": holder,
                    "status_ids": [Command.set([self.status[code].id for code in codes])],
                    "max_age_days": days,
                }
            )
            for holder, codes, days in pools
        ]
        self.campaign.pool_ids = [Command.clear(), *commands]

    def find(self, **options):
        """Return the leads the campaign finds, and the exclusions that are not zero."""
        found = self.campaign._find_leads(PlanRequest.read(options))
        leads = self.env["crm.lead"].browse(candidate.id for candidate in found.candidates)
        return leads, {reason: count for reason, count in found.excluded.items() if count}
