"""A window that tells when it has been painted and when it shows its first prediction of the sample."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.session_bridge import SessionBridge
from engine.config import SessionConfig


class TellingBridge(SessionBridge):
    """Prints a line when the window is there, and one for each prediction on the screen."""

    def load(self) -> None:
        """Called when the window has been painted for the first time."""
        print("painted", flush=True)
        super().load()

    def answered(self, moment_s: float) -> None:
        """A prediction is on the screen."""
        super().answered(moment_s)
        print("answered", moment_s, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Play the sample in a window on a device, with settings of its own."""
    from demo.app import Start, run_window

    config = SessionConfig(device=arguments[0])
    with TemporaryDirectory(prefix="attune-bench-") as folder:
        return run_window(lambda: TellingBridge(config), Start(sample=True), settings_file=Path(folder) / "window.ini")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
