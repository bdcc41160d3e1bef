from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.config import EMOTIONS
from engine.errors import OutputError
from engine.output import lsl, schema
from engine.output.feed import LiveFeed
from engine.output.lsl import LabStreams
from engine.output.outputs import Outputs
from engine.types import Word
from tests.output.messages import ABOUT, predict

WORD = Word(text="hello", start_s=1.0, end_s=1.25, confidence=0.9, final=True)


class Node:
    """The part of a stream's description that is used."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.children: list[Node] = []

    def desc(self) -> Node:
        return self

    def append_child(self, name: str) -> Node:
        self.children.append(Node())
        return self.children[-1]

    def append_child_value(self, name: str, value: str) -> None:
        self.values[name] = value


class Library:
    """The part of pylsl that is used, with a clock of its own."""

    AHEAD_S = 5000.0

    def __init__(self) -> None:
        self.outlets: list[Any] = []

    def local_clock(self) -> float:
        return time.monotonic() + self.AHEAD_S

    def StreamInfo(self, *given: Any) -> Any:
        info = Node()
        info.given = given  # type: ignore[attr-defined]
        return info

    def StreamOutlet(self, info: Any) -> Any:
        outlet = SimpleNamespace(info=info, pushed=[])
        outlet.push_sample = lambda row, stamp: outlet.pushed.append((list(row), stamp))
        self.outlets.append(outlet)
        return outlet


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setattr(lsl, "_library", lambda: made)
    return made


def test_samples_have_the_time_of_their_capture(library: Library) -> None:
    began_s = time.monotonic()
    with Outputs([LabStreams("Lab")]) as outputs:
        feed = LiveFeed(outputs, ABOUT, lambda: time.monotonic() - began_s)
        feed.predicted(0.5, predict(0.5, "happy", 0.7))
        feed.predicted(1.0, None)
        feed.say(lambda: schema.utterance("start", 0, 0.25), 0.75)
        feed.say(lambda: schema.words(0, [WORD], final=False), 1.5)
        feed.say(lambda: schema.words(0, [WORD], final=True), 2.5)
        feed.end(3.0)
    probabilities, events = library.outlets
    assert probabilities.info.given[:5] == ("Lab", "Emotion", 21, 2.0, "float32")
    channels = probabilities.info.children[0].children
    assert [one.values["label"] for one in channels[:8]] == [*EMOTIONS, "self anger"]
    assert {one.values["unit"] for one in channels} == {"probability"}
    assert probabilities.info.values["schema"] == "attune live output 1"
    (row, stamp), (none, _) = probabilities.pushed
    assert row[EMOTIONS.index("happy")] == pytest.approx(0.7)
    assert stamp == pytest.approx(began_s + 0.5 + Library.AHEAD_S, abs=0.1)
    assert len(none) == 21 and all(math.isnan(one) for one in none)
    told = [(json.loads(text), at - began_s - Library.AHEAD_S) for (text,), at in events.pushed]
    assert [one["type"] for one, _ in told] == ["hello", "utterance_start", "word", "end"]
    assert [at for _, at in told] == pytest.approx([0.0, 0.25, 1.0, 3.0], abs=0.1)


def test_a_session_with_other_models_gets_another_stream(library: Library) -> None:
    from dataclasses import replace

    with Outputs([LabStreams()]) as outputs:
        for about in (ABOUT, ABOUT, replace(ABOUT, fusions=("self",)), replace(ABOUT, live=False)):
            feed = LiveFeed(outputs, about, lambda: 0.0)
            feed.predicted(0.5, predict(0.5))
            feed.end()
    counts = [(one.info.given[1], *one.info.given[2:4], len(one.pushed)) for one in library.outlets]
    assert counts == [
        ("Emotion", 21, 2.0, 2),
        ("Markers", 1, 0.0, 4),
        ("Emotion", 14, 2.0, 1),
        ("Markers", 1, 0.0, 2),
        ("Emotion", 21, 0.0, 1),
        ("Markers", 1, 0.0, 2),
    ]


def test_what_is_missing_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylsl", None)
    with pytest.raises(OutputError, match=r"pip install 'attune\[lsl\]'"):
        LabStreams()

    def no_library(name: str) -> None:
        raise RuntimeError("LSL binary library file was not found")

    monkeypatch.setattr(lsl.importlib, "import_module", no_library)
    with pytest.raises(OutputError, match="does not find the library"):
        LabStreams()


def test_a_stream_that_fails_is_a_problem(library: Library) -> None:
    def fails(*given: Any) -> None:
        raise RuntimeError("no network")

    library.StreamOutlet = fails  # type: ignore[method-assign]
    with Outputs([LabStreams()]) as outputs:
        LiveFeed(outputs, ABOUT, lambda: 0.0).predicted(0.5, predict(0.5))
    assert "no network" in outputs.problems[0]


def test_the_real_library_and_the_example(tmp_path: Path) -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    name = f"attune test {os.getpid()}"
    settings = tmp_path / "lsl_api.cfg"  # nothing of the tests leaves this machine
    settings.write_text("[multicast]\nResolveScope = machine\n[log]\nlevel = -3\n")
    program = f"""
import sys, time
from engine.output.feed import LiveFeed
from engine.output.lsl import LabStreams
from engine.output.outputs import Outputs
from tests.output.messages import ABOUT, predict
began_s = time.monotonic()
with Outputs([LabStreams({name!r})]) as outputs:
    feed = LiveFeed(outputs, ABOUT, lambda: time.monotonic() - began_s)
    made = 0
    while sys.stdin.readline():
        made += 1
        feed.predicted(made / 2, predict(made / 2, "sad", 0.6))
print(outputs.problems, flush=True)
"""
    here = Path(__file__).parents[2]
    shared: dict[str, Any] = {"env": os.environ | {"LSLAPICFG": str(settings)}, "cwd": here, "text": True}
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, **shared) as source:
        example = [sys.executable, "examples/read_lsl.py", name]
        with subprocess.Popen(example, stdout=pipe, stderr=subprocess.STDOUT, **shared) as reader:
            assert source.stdin is not None and reader.stdout is not None
            got: list[str] = []
            try:
                for _ in range(300):  # until the reader has found the stream
                    source.stdin.write("\n")
                    source.stdin.flush()
                    if _readable(reader.stdout):
                        got.append(reader.stdout.readline())
                        break
            finally:
                reader.kill()
        out, _ = source.communicate()
    if not got:
        pytest.skip("streams of the Lab Streaming Layer are not found on this machine: its network allows none")
    assert "sad 60%" in got[0] and "s ago" in got[0]
    assert out.strip() == "()"


def _readable(file: Any) -> bool:
    import select

    return bool(select.select([file], [], [], 0.1)[0])
