from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from engine.annotations import Annotation
from engine.asr.base import TranscriptUpdate
from engine.config import SessionConfig
from engine.faults import Fault
from engine.features.endpoint import SpeechEvent
from engine.output.feed import LiveFeed
from engine.output.message import Message
from engine.output.outputs import Outputs
from engine.output.play_feed import Heard, PlayFeed
from engine.recall import Recall
from engine.session import Session
from engine.sources.device import DeviceState, DeviceStatus
from engine.timeline import Timeline
from tests.fakes import FakeHearing, FakeSource, FakeVectors, fake_components, recording, sound
from tests.output.messages import ABOUT, predict, valid
from tests.sources.device_fakes import HandClock


class Collecting:
    """An output that keeps every message."""

    where, problem = "here", None

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def offer(self, message: Message) -> None:
        self.messages.append(message)

    def close(self, timeout_s: float) -> None: ...

    def take(self) -> list[dict[str, Any]]:
        taken = [valid(one.line) for one in self.messages]
        self.messages.clear()
        return taken


@pytest.fixture
def output() -> Collecting:
    return Collecting()


def test_a_live_session_tells_all_that_it_finds(output: Collecting) -> None:
    items = recording(sound(8.0, [(1.0, 2.6), (4.0, 6.1)]), [0.5] * 48)
    feed = LiveFeed(Outputs([output]), ABOUT, lambda: 8.0)
    with Session(
        FakeSource(items),
        fake_components(),
        SessionConfig(),
        hearing=FakeHearing(),
        record=feed.record,
        predicted=feed.predicted,
        faulted=feed.faulted,
    ) as session:
        made = list(session.run_inline())
        session.add_fault(Fault(pts_s=8.0, part="camera", text="It has gone."))
    feed.end(8.0)
    told = output.take()
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))
    assert told[0]["type"] == "hello" and told[-2]["type"] == "fault" and told[-1]["type"] == "end"
    predictions = [one for one in told if one["type"] == "prediction"]
    assert [one["t_s"] for one in predictions] == [one.pts_s for one in made]
    for one, prediction in zip(predictions, made, strict=True):
        assert one["top"] == prediction.top
        assert list(one["probabilities"].values()) == pytest.approx(prediction.probabilities.tolist(), abs=1e-6)
    said = {one["utterance"]: one for one in told if one["type"] == "words"}
    for utterance in session.timeline.utterances:
        assert [word["text"] for word in said[utterance.index]["words"]] == [word.text for word in utterance.words]
        assert said[utterance.index]["final"]
    starts = [one["at_s"] for one in told if one["type"] == "utterance_start"]
    assert starts == pytest.approx([one.start_s for one in session.timeline.utterances], abs=1e-4)
    assert all(one["t_s"] >= one["at_s"] for one in told if one["type"].startswith("utterance"))


def test_times_are_those_of_the_capture(output: Collecting) -> None:
    began_s = time.monotonic() - 100.0
    feed = LiveFeed(Outputs([output]), ABOUT, lambda: time.monotonic() - began_s)
    feed.predicted(99.0, predict(99.0))
    hello, message = output.messages
    assert message.instant_s == pytest.approx(began_s + 99.0, abs=0.05)
    assert message.instant_of(90.0) == pytest.approx(began_s + 90.0, abs=0.05)
    now_s = time.time()
    assert message.data["wall_s"] == pytest.approx(now_s - 1.0, abs=1.0)
    assert hello.data["zero_unix_s"] == pytest.approx(now_s - 100.0, abs=1.0)


def test_devices_are_told_when_they_change(output: Collecting) -> None:
    feed = LiveFeed(Outputs([output]), ABOUT, lambda: 0.0)
    camera = DeviceState(kind="camera", name="cam", status=DeviceStatus.RUNNING, rate_hz=30.0)
    lost = replace(camera, status=DeviceStatus.LOST, message="It was unplugged.")
    for state in (camera, replace(camera, rate_hz=29.0), lost, lost, camera):
        feed.devices([state], 1.0)
    assert [one["status"] for one in output.take()[1:]] == ["running", "lost", "running"]


def test_marks_and_an_end_that_comes_once(output: Collecting) -> None:
    feed = LiveFeed(Outputs([output]), ABOUT, lambda: 0.0)
    feed.end()
    assert not output.take()  # nothing had begun
    feed.annotate(Annotation.new(1.0, 2.0, text="laughs", label="happy"))
    feed.end()
    feed.end()
    feed.predicted(3.0, None)
    assert [one["type"] for one in output.take()] == ["hello", "annotation", "end"]


def test_what_cannot_be_told_does_not_end_a_session(output: Collecting) -> None:
    feed = LiveFeed(Outputs([output]), replace(ABOUT, certainty=lambda made: 1 / 0), lambda: 0.0)  # type: ignore[arg-type, return-value]
    feed.predicted(1.0, predict(1.0))
    feed.predicted(2.0, None)
    assert [one["type"] for one in output.take()] == ["hello", "nothing"]


def heard() -> Any:
    """A recall in which an utterance begins at 1 s and ends at 3 s, both known 0.5 s later, and words come at 2.2 s."""
    from engine.features.speech import Heard as Piece
    from engine.stages import Report

    def event(kind: Any, pts_s: float) -> SpeechEvent:
        return SpeechEvent(kind=kind, utterance=0, pts_s=pts_s, known_s=pts_s + 0.5)

    update = TranscriptUpdate(pts_s=2.2, utterance=0, words=(), final=False)
    events = (event("start", 1.0), event("end", 3.0))
    piece = Piece(until_s=9.0, block=None, features=(), voice=(), events=events)
    return Report(stage="hearing", until_s=9.0, heard=(piece,), updates=(update,))


@pytest.fixture(params=["heard", "recall"])
def found(request: pytest.FixtureRequest) -> Any:
    keeps = Heard() if request.param == "heard" else Recall(SessionConfig(), FakeVectors(), 3)
    (keeps.record if isinstance(keeps, Heard) else keeps.add)(heard())
    timeline = Timeline()
    timeline.start_utterance(0, 1.0)
    for k in range(1, 20):
        timeline.add(k / 2, predict(k / 2) if k != 3 else None)
    return timeline, keeps


def kinds(told: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(one["type"], one["t_s"]) for one in told if one["type"] != "hello"]


def test_a_recording_is_told_when_the_play_head_passes(output: Collecting, found: Any) -> None:
    feed = PlayFeed(Outputs([output]), replace(ABOUT, live=False))
    feed.advance(0.4, 1.0, found)
    assert not output.take()
    feed.advance(1.2, 1.0, found)
    assert kinds(output.take()) == [("prediction", 0.5), ("prediction", 1.0)]
    feed.advance(1.2, 1.0, found)
    feed.advance(1.6, 1.0, found)
    assert kinds(output.take()) == [("utterance_start", 1.5), ("nothing", 1.5)]
    feed.advance(2.4, 1.0, found, until_s=2.1)  # computing lags: what is not known yet is told later
    assert kinds(output.take()) == [("prediction", 2.0)]
    feed.advance(2.4, 1.0, None)
    feed.advance(2.4, 1.0, found)
    assert kinds(output.take()) == [("words", 2.2)]
    feed.end(2.4)
    assert kinds(output.take()) == [("end", 2.4)]


def test_winding_is_told_and_what_is_between_is_not(output: Collecting) -> None:
    clock = HandClock()
    recall = Recall(SessionConfig(), FakeVectors(), 3)
    recall.add(heard())
    timeline = Timeline()
    for k in range(1, 200):
        timeline.add(k / 2, None)
    found = timeline, recall
    feed = PlayFeed(Outputs([output]), replace(ABOUT, live=False), clock.now_s)
    feed.advance(0.6, 1.0, found)
    feed.advance(60.2, 1.0, found)
    feed.advance(60.6, 1.0, found)
    assert kinds(output.take()) == [("nothing", 0.5), ("jump", 60.2), ("nothing", 60.5)]
    feed.advance(1.2, 1.0, found)  # back, where an utterance begins
    feed.advance(1.7, 1.0, found)
    assert kinds(output.take()) == [("jump", 1.2), ("utterance_start", 1.5), ("nothing", 1.5)]
    feed.advance(0.0, 1.0, found)
    clock.advance(0.1)
    feed.advance(1.7, 32.0, (Timeline(), recall))  # another part of the recording: its utterances are others
    assert [one["utterance"] for one in output.take() if "utterance" in one] == [1]


def test_at_a_speed_times_are_those_of_playing(output: Collecting, found: Any) -> None:
    clock = HandClock()
    feed = PlayFeed(Outputs([output]), replace(ABOUT, live=False), clock.now_s)
    clock.advance(0.6)
    feed.advance(1.2, 2.0, found)
    message = output.messages[-1]
    assert message.data["t_s"] == 1.0
    assert message.instant_s == pytest.approx(clock.now_s() - 0.1)
    assert message.instant_of(0.0) == pytest.approx(message.instant_s - 0.5)


def test_the_end_of_a_recording_tells_what_it_makes_known(output: Collecting, found: Any) -> None:
    feed = PlayFeed(Outputs([output]), replace(ABOUT, live=False))
    feed.advance(0.9, 1.0, found)
    feed.advance(1.6, 1.0, found)
    output.take()
    feed.finish(found)
    assert [one["t_s"] for one in output.take()][-1] == 9.5
    feed.finish(found)
    feed.advance(1.6, 1.0, found)
    assert not output.take()
    feed.advance(0.0, 1.0, found)
    assert kinds(output.take()) == [("jump", 0.0)]
