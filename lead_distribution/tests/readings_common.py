"""What the tests of docs/developer/readings.md share: a configuration as text in, the run as a dict out."""

import json
import textwrap

import yaml

from .common import DistributionCase

HEAD = """
campaign:
  name: Reading
salesperson_selection:
  source_type: list
  source_config:
    salespeople_list: [Ann, Bob, Cem]
"""


class ReadingsCase(DistributionCase):
    """Everything goes through ``load_config``, as a program outside would do it."""

    def load(self, text="", head=HEAD, files=None):
        """Load a configuration: the head's sections, replaced by those of the text."""
        sections = {**yaml.safe_load(head), **(yaml.safe_load(textwrap.dedent(text)) or {})}
        source = yaml.safe_dump(sections, sort_keys=False, allow_unicode=True)
        return self.env["lead.distribution.campaign"].load_config(source, files)

    def table(self, rows, text="", name="Voice"):
        """Load a configuration with a campaign table: CSV rows without the header."""
        head = f"""
        campaign: {{name: {name}}}
        salesperson_selection:
          source_type: campaign_table
          source_config: {{campaign_table: {{file_path: config/people.csv}}}}
        """
        header = "salesperson_name,campaign_name,active,team,level,target_leads\n"
        csv = header + textwrap.dedent(rows).strip() + "\n"
        return self.load(text, textwrap.dedent(head), {"config/people.csv": csv})

    def plan(self, campaign, **options):
        """Simulate, and return what the run tells of itself; JSON can hold it."""
        return json.loads(json.dumps(campaign.simulate(**{"seed": 7, **options}).to_dict()))

    def run_it(self, campaign, **options):
        """Distribute, and return what the run tells of itself."""
        told = json.loads(json.dumps(campaign.distribute(**{"seed": 7, **options}).to_dict()))
        self.env.invalidate_all()
        return told

    def taken(self, text="", leads=None, **options):
        """Return the leads that a configuration of these sections takes."""
        told = self.plan(self.load(text), **options)
        taken = self.env["crm.lead"].browse(row["lead_id"] for row in told["assignments"])
        return taken if leads is None else taken & leads

    def assert_takes(self, expected, text="", **options):
        self.assertEqual(self.taken(text, **options), expected.sorted("id"), text)

    def received(self, told):
        """Return {name: leads received} of a run."""
        return {line["name"]: line["received"] for line in told["salespeople"]}

    def reasons(self, told):
        return {reason: count for reason, count in told["exclusions"].items() if count}

    def refuse(self, text, *parts, head=HEAD, files=None):
        """Load what must be refused; every part is in the one message."""
        with self.assertRaises(Exception) as caught:
            self.load(text, head, files)
        self.assertEqual(type(caught.exception).__name__, "ValidationError")
        for part in parts:
            self.assertIn(part, str(caught.exception))

    def warned(self, campaign):
        return " ".join(f"{m['path']} {m['text']}" for m in campaign.config_report or ())

    def source(self, name):
        return self.env["utm.source"].create({"name": name})

    def tag(self, name):
        return self.env["crm.tag"].create({"name": name})

    def utm_campaign(self, title):
        return self.env["utm.campaign"].create({"title": title})

    def new_status(self, code, name=None):
        return self.env["crm.lead.status"].create({"code": code, "name": name or code.title()})
