"""Attune's command line: ``attune`` where it is installed, ``python main.py`` in a checkout."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C."""
    from demo.cli.app import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
