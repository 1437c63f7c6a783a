# pylint: disable=print-used
"""What the command says beside its result: on the error stream."""

import sys

from .log_level import apply_log_level


class Console:
    """Warnings and remarks; the level ERROR keeps warnings quiet.

    :param env: in whose language it speaks
    :param level: what ``--log-level`` says, or nothing
    """

    def __init__(self, env, level):
        self.env = env
        self.level = level

    def follow(self, campaign):
        """Show what the campaign says (``execution.log_level``), if the command line says nothing."""
        level = ((campaign.config_options or {}).get("execution.log_level") or "").upper()
        if level and not self.level:
            self.level = level
            apply_log_level(level)

    def say(self, text):
        print(text, file=sys.stderr)

    def warn(self, text):
        """Say what is not as somebody expects it."""
        if self.level != "ERROR":
            self.say(f"warning: {text}")

    def tell_ignored(self, names):
        for name in names:
            self.warn(self.env._("%s has no effect here.", name))
