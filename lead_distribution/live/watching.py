"""What the list of waiting leads is about: the live campaigns, and which changes of a lead may make it fit one."""

import re
from typing import NamedTuple

from ..finding.steps import list_base_steps
from ..planning.request import PlanRequest

# what decides whether somebody has a lead, and whose it is; besides what the steps look at
ALWAYS = frozenset({"active", "user_id", "open_user_id", "type", "company_id", "lead_status_id"})
WORDS = re.compile(r"""["'](\w+)""")


class Watch(NamedTuple):
    """The live campaigns together.

    ``company_ids``: whose leads they take; None: one of them takes those of all companies.
    ``names``: of the lead's fields whose change may make a lead fit.
    """

    company_ids: frozenset | None
    names: frozenset

    def concerns(self, company_id):
        """Whether a live campaign looks at leads of a company; at those of none every one does."""
        return not company_id or self.company_ids is None or company_id in self.company_ids


def find_live(env):
    """Return the live campaigns in the order in which they are asked, with full rights."""
    # whoever makes a lead has no right to the campaigns
    campaigns = env["lead.distribution.campaign"].sudo().with_context(active_test=True)
    return campaigns.search([("is_live", "=", True)], order="sequence, id")


def watch(asked):
    """Return the ``Watch`` of live campaigns, None without any.

    :param asked: list of (campaign, its steps after the window, names of columns that its rules look at)
    """
    if not asked:
        return None
    companies = frozenset(campaign.company_id.id for campaign, _steps, _columns in asked)
    names = set(ALWAYS).union(*(_list_names(*each) for each in asked))
    return Watch(None if False in companies else companies, frozenset(names))


def _list_names(campaign, steps, columns):
    """Return the names of the lead's fields that decide whether a campaign takes it, and who may have it."""
    leads = campaign.env["crm.lead"]
    steps = [*list_base_steps(campaign, PlanRequest()), *steps]
    names = {name for step in steps for name in step.fields} | set(columns)
    names |= set(WORDS.findall(campaign.own_domain or ""))  # more than its fields, which does no harm
    fields = [leads._fields[name] for name in names if name in leads._fields]
    depends = (leads.pool.field_depends[field] for field in fields if field.compute)
    return {field.name for field in fields} | {path.partition(".")[0] for paths in depends for path in paths}
