"""A session in which a stage fails or hangs: it goes on with what is left, and says so."""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine import wiring
from engine.asr.remote import RemoteRecognizer
from engine.assets import sample_path
from engine.config import SessionConfig
from engine.errors import AssetError, StageError
from engine.faults import Fault
from engine.session import Session
from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame
from tests.fakes import (
    FakeEncoder,
    FakeHearing,
    FakePredictor,
    FakeRecognizer,
    FakeSource,
    FakeTracker,
    fake_components,
    recording,
    sound,
)
from tests.sources.device_fakes import wait_until
from tests.test_session import assert_same_results

TALK = sound(12.0, [(1.0, 2.6), (4.0, 6.1), (8.0, 9.5)])
FACES = [0.2 + (k % 7) / 10 for k in range(72)]
ITEMS = recording(TALK, FACES)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    wait_until(lambda: set(threading.enumerate()) <= before, "the end of all threads")


def queued(running: Session) -> list[int]:
    return [running.snapshot().queued[name][0] for name in ("face", "hearing")]


class Failing(FakeHearing):
    """Fails with the sound at some times."""

    def __init__(self, *at_s: float) -> None:
        super().__init__()
        self.at_s = at_s

    def feed(self, block: AudioBlock) -> list[Any]:
        if any(block.pts_s <= one < block.end_s for one in self.at_s):
            raise FloatingPointError("not a number")
        return super().feed(block)


def session(
    live: bool = False,
    hearing: FakeHearing | None = None,
    told: Callable[[Fault], None] = lambda fault: None,
    **parts: Any,
) -> Session:
    def unhurried(item: object) -> None:
        """Nothing is dropped, as if it came in real time."""
        if live:
            wait_until(lambda: all(count < 4 for count in queued(made)), "room for more")

    source = FakeSource(ITEMS, live=live, before=unhurried)
    listener = hearing or FakeHearing()
    made = Session(source, fake_components(**parts), SessionConfig(), hearing=listener, faulted=told)
    return made


def run(running: Session, inline: bool) -> Session:
    with running:
        if inline:
            list(running.run_inline())
        else:
            running.start()
            assert running.wait(60)
        assert running.snapshot().finished and running.snapshot().error is None
    assert running.snapshot().faults == running.faults
    return running


def from_s(at_s: float, error: Exception) -> Callable[[VideoFrame], None]:
    def fail(frame: VideoFrame) -> None:
        if frame.pts_s >= at_s:
            raise error

    return fail


def present_after(running: Session, at_s: float) -> set[str]:
    return {name for one in running.timeline.predictions if one.pts_s > at_s for name in one.present}


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("live", [True, False])
def test_without_the_face_voice_and_words_go_on(inline: bool, live: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "engine.rescue")
    told: list[Fault] = []
    running = session(live, told=told.append, face_tracker=FakeTracker(from_s(5.0, ZeroDivisionError("oh"))))
    run(running, inline)
    left_out, out = running.faults
    assert (left_out.part, left_out.lasting, out.part, out.lasting) == ("face", False, "face", True)
    assert out.pts_s == pytest.approx(5.0 + 2 / 6, abs=0.01)
    assert "no longer looked at; the rest goes on: the face stage failed with ZeroDivisionError: oh" in out.text
    assert told == list(running.faults)
    assert "ZeroDivisionError: oh" in caplog.text and "Traceback" in caplog.text
    assert running.timeline.newest()[0] == 12.0
    assert present_after(running, 7.0) == {"audio", "text"}
    assert "video" in present_after(running, 4.0)
    assert running.snapshot().face is None


@pytest.mark.parametrize("inline", [True, False])
def test_bad_pictures_do_not_cost_the_face(inline: bool) -> None:
    bad_s = {k / 6 for k in (9, 14)}

    def fail(frame: VideoFrame) -> None:
        if frame.pts_s in bad_s:
            raise ValueError("torn")

    running = run(session(face_tracker=FakeTracker(fail)), inline)
    (fault,) = running.faults
    assert not fault.lasting and fault.part == "face"
    assert fault.text == "A picture was left out, since the face stage failed with ValueError: torn."
    assert "video" in present_after(running, 11.0)


def test_the_same_faults_give_the_same_predictions_inline_and_in_threads() -> None:
    def parts() -> dict[str, Any]:
        return {"face_tracker": FakeTracker(from_s(5.0, ValueError("torn"))), "hearing": Failing(4.7)}

    assert_same_results(run(session(**parts()), inline=False).timeline, run(session(**parts()), inline=True).timeline)


class BrokenEncoder(FakeEncoder):
    def encode(self, crops: Any) -> Any:
        raise AssetError("the network is gone: install it again")


@pytest.mark.parametrize("inline", [True, False])
def test_an_error_for_the_user_is_not_tried_again(inline: bool) -> None:
    running = run(session(face_encoder=BrokenEncoder()), inline)
    (fault,) = running.faults
    assert fault.lasting and fault.text.endswith("the rest goes on: the network is gone: install it again.")


@pytest.mark.parametrize("inline", [True, False])
def test_sound_that_fails_once_costs_an_utterance_no_more(inline: bool) -> None:
    running = run(session(hearing=Failing(4.7)), inline)
    (fault,) = running.faults
    assert (fault.part, fault.lasting) == ("hearing", False)
    utterances = running.timeline.utterances
    assert [one.index for one in utterances] == list(range(len(utterances)))
    assert all(not one.open and one.final and not one.missing for one in utterances)
    assert all(a.end_s <= b.start_s for a, b in pairwise(utterances))
    assert utterances[1].end_s == pytest.approx(4.7, abs=0.1)
    assert utterances[-1].text.startswith("WORD0")
    assert {"audio", "text"} <= present_after(running, 8.5)


@pytest.mark.parametrize("inline", [True, False])
def test_without_the_voice_the_face_goes_on(inline: bool) -> None:
    class AlwaysFailing(Failing):
        def __init__(self, *_: float) -> None:
            super().__init__(*(k / 1000 for k in range(4700, 12000, 5)))

    running = run(session(hearing=AlwaysFailing()), inline)
    assert [one.lasting for one in running.faults] == [False, True]
    assert running.faults[-1].part == "hearing"
    assert all(not one.open for one in running.timeline.utterances)
    assert present_after(running, 6.0) == {"video"}
    assert running.timeline.newest()[0] == 12.0


def test_without_voice_and_face_nothing_can_go_on() -> None:
    class Untrained(FakeHearing):
        def feed(self, block: AudioBlock) -> list[Any]:
            if block.pts_s > 5.0:
                raise AssetError("the network of voice activity is gone: install silero-vad again")
            return super().feed(block)

    running = session(face_tracker=FakeTracker(from_s(2.0, ZeroDivisionError("oh"))), hearing=Untrained())
    with pytest.raises(AssetError, match="install silero-vad again"), running:
        list(running.run_inline())
    assert running.faults[-1].part == "face"
    assert running.timeline.newest()[0] == pytest.approx(5.0, abs=0.5)


@pytest.mark.parametrize("inline", [True, False])
def test_words_that_failed_are_missing_and_the_next_ones_come(inline: bool) -> None:
    failures = iter([True])

    def fail() -> None:
        if next(failures, False):
            raise ValueError("no such word")

    running = run(session(recognizer=FakeRecognizer(fail)), inline)
    (fault,) = running.faults
    assert (fault.part, fault.lasting) == ("transcription", False)
    assert [one.missing for one in running.timeline.utterances] == [True, False, False]
    assert running.timeline.utterances[1].text


@pytest.mark.parametrize("inline", [True, False])
def test_without_words_face_and_voice_go_on(inline: bool) -> None:
    def fail() -> None:
        raise ValueError("no such word")

    running = run(session(recognizer=FakeRecognizer(fail)), inline)
    assert [one.lasting for one in running.faults] == [False, True]
    assert "Words are no longer recognised" in running.faults[-1].text
    assert all(one.missing and one.final for one in running.timeline.utterances)
    assert present_after(running, 9.0) == {"audio", "video"}


def test_a_recogniser_that_dies_again_and_again_is_out() -> None:
    with RemoteRecognizer("whisper") as recognizer, MediaFile(sample_path(), pictures=False) as source:
        recognizer.ready()
        parts = fake_components(recognizer=recognizer)
        with Session(source, parts, SessionConfig(), hearing=FakeHearing()) as running:
            for prediction in running.run_inline():
                if recognizer.process_id is not None and prediction.pts_s > 1.0:
                    psutil.Process(recognizer.process_id).kill()
                if prediction.pts_s > 10.0:
                    break
    *lost, out = running.faults
    assert all(one.part == "transcription" and "started again; the words of" in one.text for one in lost)
    assert out.lasting and "the rest goes on: speech recognition failed 3 times within a minute" in out.text
    assert {"audio"} <= present_after(running, out.pts_s)
    assert all(one.missing for one in running.timeline.utterances if one.final)


class Pipe:
    """Something that blocks in native code until it is let go."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self.reached = threading.Event()

    def __call__(self, *_: object) -> None:
        self.reached.set()
        ctypes.CDLL(None).read(self._read, ctypes.create_string_buffer(1), 1)

    def let_go(self) -> None:
        os.close(self._write)


@pytest.fixture
def stuck() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.let_go()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in wiring.PATIENCE_S:
        monkeypatch.setitem(wiring.PATIENCE_S, name, 1.5)


class Hanging(FakeHearing):
    """Does not come back from the sound at 2 s, in the middle of an utterance."""

    def __init__(self, block: Pipe) -> None:
        super().__init__()
        self._block = block

    def feed(self, block: AudioBlock) -> list[Any]:
        if block.pts_s >= 2.0:
            self._block()
        return super().feed(block)


native = pytest.mark.skipif(os.name == "nt", reason="blocks in a call of the C library of Unix")


@native
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("stage", ["face", "hearing", "transcription"])
def test_a_stage_that_hangs_in_native_code_is_out(stage: str, live: bool, stuck: Pipe) -> None:
    parts: dict[str, dict[str, Any]] = {
        "face": {"face_tracker": FakeTracker(stuck)},
        "hearing": {"hearing": Hanging(stuck)},
        "transcription": {"recognizer": FakeRecognizer(stuck)},
    }
    running = run(session(live, **parts[stage]), inline=False)
    (fault,) = running.faults
    assert (fault.part, fault.lasting) == (stage, True)
    assert "has not come back for 1.5 s" in fault.text
    assert running.timeline.newest()[0] == 12.0
    left = {"face": {"audio", "text"}, "hearing": {"video"}, "transcription": {"audio", "video"}}
    assert left[stage] == present_after(running, 5.0)
    assert all(not one.open for one in running.timeline.utterances)


@native
@pytest.mark.usefixtures("impatient")
def test_a_stage_that_hangs_at_the_end_is_out(stuck: Pipe) -> None:
    class Endless(FakeRecognizer):
        def flush(self) -> list[Any]:
            stuck()
            return []

    running = run(session(recognizer=Endless()), inline=False)
    assert [one.part for one in running.faults] == ["transcription"]
    assert len(running.timeline.words) > 4


@native
@pytest.mark.usefixtures("impatient")
def test_a_model_that_hangs_ends_the_session_with_what_was_found(stuck: Pipe) -> None:
    def block(window: Any) -> None:
        if window.end_s > 4:
            stuck()

    with (
        pytest.raises(StageError, match="the model stage has not come back"),
        session(predictor=FakePredictor(block)) as running,
    ):
        running.start()
        running.wait(60)
    assert running.timeline.predictions[-1].pts_s == 4.0
    assert running.snapshot().error is not None


_HANGING = """
import ctypes, os, sys
from engine import wiring
wiring.PATIENCE_S.update(dict.fromkeys(wiring.PATIENCE_S, 0.5))
from tests.test_session_faults import *
read, _ = os.pipe()
def hang(*_):
    ctypes.CDLL(None).read(read, ctypes.create_string_buffer(1), 1)
with session(face_tracker=FakeTracker(hang)) as running:
    running.start()
    running.wait(30)
print(running.timeline.newest()[0], [one.part for one in running.faults], threading.active_count(), flush=True)
sys.exit(1 if running.faults else 0)
"""


@native
def test_a_program_with_a_thread_that_hangs_for_ever_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HANGING],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (done.stdout, done.returncode) == ("12.0 ['face'] 2\n", 1), done.stderr
