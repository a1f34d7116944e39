"""`python3 -m deploy.local <command>`: the commands behind the Makefile.

Nothing in this file may need a newer Python than the one it has to turn away.
"""

import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    sys.exit(
        "Python {}.{} or newer is needed; this is {}.{}. Name another one: make run PYTHON=/path/to/python3.12".format(
            *NEEDED, *sys.version_info[:2]
        )
    )

from deploy.local.commands import main  # noqa: E402 - not before the version is known

sys.exit(main(sys.argv[1:]))
