"""Who works for which companies."""


def may_cross_companies(env):
    """Whether the user works for every company, so that leads of all of them may be moved."""
    return env["res.company"].sudo().search_count([]) <= len(env.user.company_ids)  # all there are, seen or not
