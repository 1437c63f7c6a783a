"""A database with the addon, and real Odoo processes that work on it."""

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
    return odoo.run(
        """
        import json
        users = env["res.users"].with_context(no_reset_password=True)
        group = env.ref("sales_team.group_sale_salesman")
        number = env["lead.distribution.campaign"].search_count([])
        people = users.create([
            {"name": f"P{n}", "login": f"p{n}-{number}@test", "group_ids": [(4, group.id)]}
            for n in range(3)
        ])
        source = env["utm.source"].create({"name": f"source {number}"})
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Campaign {number}", "tz": "UTC", "use_window": False,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
        })
        leads = env["crm.lead"].with_context(tracking_disable=True).create([
            {"name": f"Lead {n}", "type": "lead", "user_id": False, "team_id": False,
             "source_id": source.id}
            for n in range(600)
        ])
        run = campaign.simulate(lead_ids=leads.ids)
        env.cr.commit()
        print("RESULT " + json.dumps([run.id, campaign.id]))
        """
    )
