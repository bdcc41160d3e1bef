"""Child processes of tests that are sent signals."""

from __future__ import annotations

import signal


def hearing_ctrl_c() -> None:
    """Called in a new child: a run of the tests in the background ignores Ctrl-C, and children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
