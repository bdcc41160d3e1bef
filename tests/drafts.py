"""What a process leaves behind that is killed while it writes a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_WRITE = """
import os, signal, sys
from pathlib import Path
from engine.files import write_atomically

def half(draft):
    draft.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

write_atomically(Path(sys.argv[1]), half)
"""


def leave_draft(path: Path) -> None:
    """Kill a process in the middle of writing a file."""
    subprocess.run([sys.executable, "-c", _WRITE, str(path)], cwd=Path(__file__).parents[1], timeout=60, check=False)
