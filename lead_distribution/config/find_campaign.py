# pylint: disable=prefer-env-translation
"""Which campaign a name means: its own name may be that of several."""


def find_campaigns(env, name, company=None):
    """Return the campaigns a name may mean: none, one, or several that are as good as each other.

    The name as it is written comes before the same name without blanks at its ends, campaigns
    of the own company before others, and active ones before archived ones. What is handed out by
    hand goes through a campaign that no configuration means, whatever it is called.

    :param company: the name of a company, "" for campaigns of all companies, None: not named
    """
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    found = campaigns.browse()
    for text in dict.fromkeys([name or "", (name or "").strip()]):
        if text and not found:
            found = campaigns.search([("name", "=", text), ("is_by_hand", "=", False)], order="id")
    if company is not None:
        found = found.filtered(lambda c: (c.company_id.name or "").strip() == company)
    for is_better in (lambda c: c.company_id == env.company, lambda c: c.active):
        found = found.filtered(is_better) or found
    return found


def explain_several(name, count, _):
    return _("There are %(count)s campaigns “%(name)s”: give all but one another name.", count=count, name=name)
