# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Several plans of the same leads side by side."""

from ..reporting.text_report import draw_table


def compare(plans, words, _):
    """Return a table of plans: what each person would get, and how fair it is.

    :param plans: {name: what ``run.to_dict`` returns}
    :param words: ``Readable``, in the language of the reader
    """
    names = {line["user_id"]: line["name"] for plan in plans.values() for line in plan["salespeople"]}
    received = {
        title: {line["user_id"]: line["received"] for line in plan["salespeople"]} for title, plan in plans.items()
    }
    rows = [[name, *(_tell(received[title].get(i, 0), words) for title in plans)] for i, name in names.items()]
    for label, key in (
        (_("Found"), "leads_found"),
        (_("Handed out"), "leads_distributed"),
        (_("Left over"), "leads_not_distributed"),
        (_("Equal shares (1 is equal)"), "fairness_index"),
        (_("Spread of load (0 is even)"), "spread"),
    ):
        rows.append([label, *(_tell(plan[key], words) for plan in plans.values())])
    return "\n".join(draw_table([_("Salesperson"), *plans], rows, numbers_from=1))


def _tell(value, words):
    if value is None:
        return "–"
    return words.decimal(value, 2) if isinstance(value, float) else words.number(value)
