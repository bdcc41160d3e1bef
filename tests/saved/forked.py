"""Begins recordings in processes of their own, quickly: everything is imported once, and each one is a fork of that.

Reads lines "FOLDER CLIP PROGRESS" from standard input, and answers each with the number of the process. That process
records CLIP, repeated for ever, until it is killed, and keeps in the file PROGRESS up to what media time it has
handed pictures to the encoder; and up to what it had handed pictures, and predictions, a second before.
"""

from __future__ import annotations

import importlib
import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from engine.config import SessionConfig
from engine.features.onnx_session import import_onnxruntime
from engine.live_run import LiveRun
from engine.sources.live import open_live
from tests.fakes import fake_components

PROGRESS = struct.Struct("ddd")
AGO_S = 1.0


def record(folder: Path, clip: str, progress: Path) -> None:
    """Record until this process is killed."""
    config = replace(SessionConfig(), live_step_s=0.1, track_hz=10.0).for_live()
    with progress.open("r+b") as file, mmap.mmap(file.fileno(), PROGRESS.size) as shared:
        source = open_live(f"loop:{clip}", f"loop:{clip}", frame_hz=config.track_hz)
        with LiveRun(source, fake_components(), config, record=folder) as run:
            never = threading.Event()
            before: deque[tuple[float, float, float]] = deque([(0.0, 0.0, 0.0)])
            while True:
                never.wait(0.005)
                state = run.recording
                assert state is not None and not state.problem, state
                moment_s, _ = run.timeline.newest()
                now_s = time.monotonic()
                before.append((now_s, state.seconds, moment_s or 0.0))
                while before[1][0] < now_s - AGO_S:
                    before.popleft()
                shared[:] = PROGRESS.pack(state.seconds, *before[0][1:])


def main() -> None:
    """Fork for every line."""
    import_onnxruntime()
    for name in ("engine.features.speech", "engine.saved.recorder", "engine.saved.describe", "engine.sources.virtual"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        folder, clip, progress = line.rstrip("\n").split("\t")
        number = os.fork()
        if number == 0:
            try:
                record(Path(folder), clip, Path(progress))
            finally:
                os._exit(1)
        print(number, flush=True)


if __name__ == "__main__":
    main()
