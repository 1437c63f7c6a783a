"""Entry point of the developer's tools: ``python3 dev COMMAND``.

Runs on the plain standard library of Python 3.10 to 3.13; everything else is
fetched into the ignored folder ``.dev``. The Makefile names the commands.
"""

import errno
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from common import ROOT, Problem, say


def main(argv):
    """Run the command ``argv[0]``; return the exit code: 0 done, 1 failed, 2 wrong use."""
    if sys.version_info[:2] not in ((3, 10), (3, 11), (3, 12), (3, 13)):
        raise Problem(
            f"Odoo 19 runs on Python 3.10 to 3.13, this is {sys.version.split()[0]}.",
            "Name another one: make PYTHON=/path/to/python3.12 demo",
        )
    import commands

    name = argv[0] if argv else "help"
    command = commands.COMMANDS.get(name)
    if command is None:
        say(f"Unknown command: {name}. Known: {', '.join(sorted(commands.COMMANDS))}")
        return 2
    return command(argv[1:]) or 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        say(f"\nerror: {problem.what}\n  {problem.remedy}")
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say(f"\nerror: The disk is full.\n  Free some space on the volume of {ROOT}.")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
