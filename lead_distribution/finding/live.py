"""How many leads would be found, while somebody edits the settings: numbers only, no lead is fetched."""

from ..work.database import compile_nothing
from .funnel import count_refused
from .scope import get_leads
from .steps import list_base_steps, work_out
from .window import get_whole_domain


def count_funnel(campaign, request, steps):
    """Return what a run would look at and find, and where the rest stays.

    :param request: a ``PlanRequest``
    :param steps: list of ``Step``, in their order
    :return: dict with ``looked_at``, ``found``, and ``steps``: those that refuse any, dicts with ``code``,
        ``name``, ``refused`` and ``remaining``
    """
    compile_nothing(campaign.env)
    leads, whole = get_leads(campaign), get_whole_domain(campaign, request)
    window = [step for step in list_base_steps(campaign, request) if step.key == "date"]
    steps = work_out([*window, *steps], campaign)
    counts = {each.key: each.count for each in count_refused(leads, whole, steps)}
    looked_at = sum(counts.values()) if steps else leads.search_count(whole)
    remaining, shown = looked_at, []
    for step in steps:
        refused = counts.get(step.key, 0)
        remaining -= refused
        if refused:
            shown.append({"code": step.key, "name": step.words, "refused": refused, "remaining": remaining})
    return {"looked_at": looked_at, "found": remaining, "steps": shown}
