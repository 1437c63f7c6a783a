"""Fixtures: a database with the addon, real Odoo processes that work on it, and a planned run."""

import os

import pytest
from odoo_shell import Odoo

DATABASE = os.environ.get("LEAD_DISTRIBUTION_DATABASE", "")


@pytest.fixture(scope="session")
def odoo():
    if not DATABASE:
        pytest.skip("needs a database: run them with make test")
    return Odoo(DATABASE)


@pytest.fixture
def plan(odoo):
    """A planned run of 600 leads for three people; (run id, campaign id)."""
    return make_plan(odoo)


def make_plan(odoo, count=600, people=3):
    """Plan a run of new leads for new people; return [run id, campaign id]."""
    return odoo.run(
        """
        import json
        users = env["res.users"].with_context(no_reset_password=True)
        group = env.ref("sales_team.group_sale_salesman")
        number = env["lead.distribution.campaign"].search_count([])
        people = users.create([
            {"name": f"P{n}", "login": f"p{n}-{number}@test", "group_ids": [(4, group.id)]}
            for n in range(many)
        ])
        source = env["utm.source"].create({"name": f"source {number}"})
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Campaign {number}", "tz": "UTC", "use_window": False,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
        })
        stage = env["crm.stage"].search([], limit=1)
        env.cr.execute(
            "INSERT INTO crm_lead (name, type, active, stage_id, priority, source_id, source_date, won_status) "
            "SELECT 'Lead ' || n, 'lead', true, %s, '0', %s, current_date, 'pending' "
            "FROM generate_series(1, %s) n RETURNING id", (stage.id, source.id, count))
        lead_ids = [row[0] for row in env.cr.fetchall()]
        run = campaign.simulate(lead_ids=lead_ids)
        env.cr.commit()
        print("RESULT " + json.dumps([run.id, campaign.id]))
        """,
        count=count, many=people,
    )  # fmt: skip
