"""Texts are compared in every language: what a run finds must not depend on the language of who starts it."""


def get_language_envs(env):
    """Return an environment for each installed language, the caller's first, with the source terms (English)."""
    codes = [code for code, _name in env["res.lang"].get_installed()]
    return [
        env(context={**env.context, "lang": code}) for code in dict.fromkeys([env.lang or "en_US", *codes, "en_US"])
    ]
