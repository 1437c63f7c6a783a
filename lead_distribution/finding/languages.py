"""Texts are compared in every language: what a run finds must not depend on the language of who starts it."""


def get_language_envs(env):
    """Return an environment for each installed language, the caller's first, with the source terms (English)."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [
        env(context={**env.context, "lang": code}) for code in dict.fromkeys([env.lang or "en_US", *codes, "en_US"])
    ]


def find_named(env, model, names):
    """Return the ids of the records with one of these names in one of the languages; case does not count.

    :param model: one with a name, and few records
    """
    wanted = {name.strip().casefold() for name in names}
    found = set()
    for one in get_language_envs(env):
        records = one[model].sudo().with_context(active_test=False).search([("name", "!=", False)])
        found.update(record.id for record in records if record.name.strip().casefold() in wanted)
    return sorted(found)
