"""What live output costs a session: processor time with every output open, against none.

``python -m benchmarks.bench_output [--rounds N]`` runs the sample through the real stages and models in one thread,
with and without output in turns (and without words: their recogniser has a process of its own). With it, every report
and prediction goes into a file, over a WebSocket to three readers in processes of their own, and over LSL where pylsl
is there. Wall time is disturbed by whatever else runs: the ratio of the medians of the processor time of the program
is what counts, its readers left out.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import OutputError

if TYPE_CHECKING:
    from engine.components import Components
    from engine.output.outputs import Outputs

READERS = 3
_TOKEN = "a-token-of-the-benchmark"
_READ = (
    "import sys; from websockets.sync.client import connect\nwith connect(sys.argv[1]) as one:\n    for _ in one: pass"
)


@contextmanager
def _outputs(folder: Path) -> Iterator[Outputs]:
    """Every output, with readers."""
    from engine.output.jsonl import JsonLines
    from engine.output.lsl import LabStreams
    from engine.output.outputs import Output, Outputs
    from engine.output.websocket import WebSocketOutput

    web = WebSocketOutput(_TOKEN, port=0)
    every: list[Output] = [JsonLines(folder / f"{time.monotonic_ns()}.jsonl"), web]
    try:
        every.append(LabStreams("Attune benchmark"))
    except OutputError as error:
        print(f"without LSL: {error}")
    address = f"{web.address}?token={_TOKEN}"
    with ExitStack() as stack:
        readers = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", _READ, address])) for _ in range(READERS)
        ]
        while web.readers < len(readers):
            time.sleep(0.05)
        with Outputs(every) as outputs:
            yield outputs


def _run(components: Components, outputs: Outputs | None) -> tuple[float, float, int]:
    """Processor seconds of the run, of its thread for telling one prediction (median), and predictions."""
    from demo.live_output import about_of
    from engine.assets import sample_path
    from engine.config import SessionConfig
    from engine.output.feed import LiveFeed
    from engine.session import Session
    from engine.sources.media_file import MediaFile
    from engine.types import Prediction

    config = SessionConfig(step_s=1 / 3, asr="none")
    spent: list[float] = []
    with MediaFile(sample_path(), frame_hz=config.track_hz) as source:
        feed = None
        if outputs is not None:
            about = about_of("benchmark", None, live=True, components=components, config=config)
            feed = LiveFeed(outputs, about, lambda: 0.0)

        def predicted(pts_s: float, prediction: Prediction | None) -> None:
            if feed is not None:
                began_s = time.thread_time()
                feed.predicted(pts_s, prediction)
                spent.append(time.thread_time() - began_s)

        record = (lambda report: None) if feed is None else feed.record
        began_s = time.process_time()
        with Session(source, components, config, record=record, predicted=predicted) as session:
            made = sum(1 for _ in session.run_inline())
        if feed is not None:
            feed.end()
        return time.process_time() - began_s, statistics.median(spent) if spent else 0.0, made


def main() -> None:
    """Print what output costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    from engine.components import load_components
    from engine.config import SessionConfig

    components = load_components(SessionConfig(asr="none"))
    _run(components, None)  # warm
    without, with_it, told = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            without.append(_run(components, None)[0])
            with _outputs(Path(folder)) as outputs:
                seconds, median_s, made = _run(components, outputs)
            with_it.append(seconds)
            told.append(median_s)
    off, on = statistics.median(without), statistics.median(with_it)
    print(f"processor time for the sample ({made} predictions), medians of {rounds} rounds in turns")
    print(f"  without output {off:.2f} s, with it {on:.2f} s: {on / off:.3f} times")
    print(f"  telling a prediction takes the session's thread {1e6 * statistics.median(told):.0f} us")


if __name__ == "__main__":
    main()
