"""What the tests of configurations share."""

from odoo.addons.lead_distribution.planning.request import PlanRequest

from .common import DistributionCase

CSV = """salesperson_name,campaign_name,active,team,level,target_leads
Ann,Voice,true,Voice,senior,200
bob@test,Voice,yes,Voice,mid_level,
Cem,Voice,false,Voice,junior,0
Dora,Apple,true,Apple,senior,200
"""


class ConfigCase(DistributionCase):
    """Ann, Bob and Cem exist, and a campaign “Voice” that was made by hand."""

    def load(self, files=None, people=True, name="Text", **sections):
        """Load a configuration of these sections; with Ann, Bob and Cem as its people."""
        config = {"campaign": {"name": name}, **sections}
        if people and "salesperson_selection" not in config:
            config["salesperson_selection"] = {
                "source_type": "list",
                "source_config": {"salespeople_list": ["Ann", "Bob", "Cem"]},
            }
        return self.env["lead.distribution.campaign"].load_config(config, files)

    def find_in(self, campaign, **options):
        """Return the leads a campaign finds, and the exclusions that are not zero."""
        found = campaign._find_leads(PlanRequest.read(options))
        leads = self.env["crm.lead"].browse(candidate.id for candidate in found.candidates)
        return leads, {reason: count for reason, count in found.excluded.items() if count}

    def finding(self, files=None, **sections):
        return self.load(files, lead_finding=sections)

    def refuse(self, *parts, files=None, **sections):
        """Load what must be refused; return the message, which has all the parts."""
        campaigns = self.env["lead.distribution.campaign"].with_context(active_test=False)
        before = campaigns.search_count([])
        with self.assertRaises(Exception) as caught:
            self.load(files, **sections)
        self.assertEqual(type(caught.exception).__name__, "ValidationError")
        for part in parts:
            self.assertIn(part, str(caught.exception))
        self.assertEqual(campaigns.search_count([]), before)
        return str(caught.exception)

    def told(self, campaign, *kinds):
        return [m["path"] + ": " + m["text"] for m in campaign.config_report or [] if m["kind"] in kinds]
