from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import LIVE_OFFSET_S, LIVE_STEP_S, SessionConfig, WindowMode
from engine.errors import SourceError, StageError
from engine.features.window import WindowBuilder
from engine.recall import Recall
from engine.runtime.trace import FileTrace
from engine.session import Session
from engine.sources.base import Item
from engine.timeline import Timeline
from engine.types import Prediction
from tests.fakes import (
    FakeHearing,
    FakePredictor,
    FakeRecognizer,
    FakeSource,
    FakeTracker,
    FakeVectors,
    fake_components,
    recording,
    sound,
)
from tests.sources.device_fakes import wait_until

TALK = sound(8.0, [(1.0, 2.6), (4.0, 6.1)])
FACES = [0.2 + (k % 7) / 10 if not 20 <= k < 30 else 0.0 for k in range(48)]


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def wait_for(event: threading.Event) -> None:
    event.wait(20)


def session(items: list[Item], config: SessionConfig | None = None, **options: Any) -> Session:
    parts = {name: options.pop(name) for name in ("recognizer", "predictor", "face_tracker") if name in options}
    source = FakeSource(items, **options)
    return Session(source, fake_components(**parts), config or SessionConfig(), hearing=FakeHearing())


def same(one: Prediction, other: Prediction) -> bool:
    assert one.outcomes.keys() == other.outcomes.keys()
    return (one.pts_s, one.window_start_s, one.present, one.utterance) == (
        other.pts_s,
        other.window_start_s,
        other.present,
        other.utterance,
    ) and all(
        np.array_equal(outcome.probabilities, other.outcomes[name].probabilities)
        for name, outcome in one.outcomes.items()
    )


def assert_same_results(one: Timeline, other: Timeline) -> None:
    assert len(one.moments) == len(other.moments)
    for (t, a), (u, b) in zip(one.moments, other.moments, strict=True):
        assert t == u
        assert (a is None) == (b is None)
        assert a is None or b is None or same(a, b), (a, b)
    assert one.words == other.words
    assert [(u.start_s, u.end_s, u.text, u.open, u.final, u.top) for u in one.utterances] == [
        (u.start_s, u.end_s, u.text, u.open, u.final, u.top) for u in other.utterances
    ]


def run_threaded(items: list[Item], config: SessionConfig, **options: Any) -> Timeline:
    with session(items, config, **options) as running:
        running.start()
        assert running.wait(60)
        assert running.snapshot().finished
    return running.timeline


def run_inline(items: list[Item], config: SessionConfig | None = None, **options: Any) -> Timeline:
    with session(items, config, **options) as running:
        predictions = list(running.run_inline())
        assert running.snapshot().finished
    assert [one.pts_s for one in predictions] == [one.pts_s for one in running.timeline.predictions]
    return running.timeline


@pytest.mark.parametrize("mode", ["utterance", "sliding"])
def test_threads_and_chunks_change_nothing(mode: WindowMode) -> None:
    config = SessionConfig(window=mode, step_s=0.3)
    samples, faces = TALK[: 16000 * 6], FACES[:36]
    reference = run_inline(recording(samples, faces), config)
    assert len(reference.moments) == 20

    @settings(max_examples=4, deadline=None)
    @given(
        sizes=st.lists(st.integers(1, 4000), min_size=0, max_size=5),
        slow=st.sampled_from(["none", "face", "words", "model"]),
    )
    def check(sizes: list[int], slow: str) -> None:
        items = recording(samples, faces, sizes=[1000, *sizes])
        assert_same_results(run_inline(items, config), reference)
        assert_same_results(run_threaded(items, config, **slowed(slow)), reference)

    check()


def slowed(stage: str) -> dict[str, Any]:
    """Components one of which takes its time."""

    def busy(*_: object) -> None:
        np.sort(np.random.default_rng(0).random(20_000))

    return {
        "none": {},
        "face": {"face_tracker": FakeTracker(busy)},
        "words": {"recognizer": FakeRecognizer(busy)},
        "model": {"predictor": FakePredictor(busy)},
    }[stage]


def test_a_recording_gives_utterances_words_and_a_prediction_at_each_step() -> None:
    timeline = run_inline(recording(TALK, FACES))
    assert [t for t, _ in timeline.moments] == [0.5 * k for k in range(1, 17)]
    assert len(timeline.utterances) == 2
    first = timeline.utterances[0]
    assert (first.start_s, first.end_s) == (pytest.approx(0.7, abs=0.04), pytest.approx(2.8, abs=0.04))
    assert first.text == "WORD0 WORD1 WORD2 WORD3"
    assert all(word.final for word in timeline.words)
    inside = [one for one in timeline.predictions if one.utterance == 0]
    means = np.mean([one.outcomes["self"].probabilities for one in inside], axis=0)
    np.testing.assert_allclose(first.probabilities["self"], means, rtol=1e-6)
    assert first.top is not None
    assert {one.pts_s for one in inside} == {1.5, 2.0, 2.5, 3.0}
    assert "text" in inside[-1].present
    assert 0 < timeline.share_present["video"] < 1
    assert {"face", "hearing", "transcription", "model", "total"} <= inside[-1].latency_s.keys()


def test_each_half_second_has_its_moment_also_when_nothing_is_there() -> None:
    timeline = run_inline(recording(sound(4.0)), has_video=False)
    assert timeline.moments == tuple((0.5 * k, None) for k in range(1, 9))
    assert timeline.newest() == (4.0, None)


@pytest.mark.parametrize(
    ("items", "options", "last_s", "present"),
    [
        (recording(TALK), {"has_video": False}, 8.0, {"audio", "text"}),
        (recording(TALK), {}, 8.0, {"audio", "text"}),  # pictures are promised, none comes
        (recording(None, FACES), {"has_audio": False}, 7.5, {"video"}),
        (recording(None, FACES), {}, 7.5, {"video"}),
        (recording(TALK, FACES[:9]), {}, 8.0, {"audio", "video", "text"}),  # pictures end early
        (recording(TALK, FACES, start_s=2.2), {}, 10.0, {"audio", "video", "text"}),  # sound starts late
        (recording(TALK[: 16000 * 3], FACES), {}, 7.5, {"audio", "video", "text"}),
        (recording(TALK, FACES), {"recognizer": None}, 8.0, {"audio", "video"}),
        ([], {}, 0.0, set()),
    ],
)
@pytest.mark.parametrize("run", [run_inline, run_threaded])
def test_a_stream_that_is_missing_holds_nothing_up(
    run: Callable[..., Timeline], items: list[Item], options: dict[str, Any], last_s: float, present: set[str]
) -> None:
    timeline = run(items, SessionConfig(), **options)
    assert timeline.newest()[0] == (last_s or None)
    assert {name for one in timeline.predictions for name in one.present} == present


def test_predictions_come_before_the_source_has_ended() -> None:
    """A silent stream learns the time from the other one: nothing waits for the end."""
    reached: list[float] = []
    for items in (recording(TALK), recording(None, FACES)):
        running = session(items, before=lambda item: reached.append(item.pts_s))
        with running:
            first = next(running.run_inline(), None)
        assert first is not None
        assert reached[-1] <= first.pts_s + 0.3
        assert all(until >= first.pts_s for until in running.snapshot().watermarks_s.values())


def test_the_parts_are_reset_and_serve_again() -> None:
    tracker, recognizer = FakeTracker(), FakeRecognizer()
    parts = {"face_tracker": tracker, "recognizer": recognizer}
    items = recording(TALK, FACES)
    with session(items, **parts) as left_early:
        next(left_early.run_inline())
    assert_same_results(run_threaded(items, SessionConfig(), **parts), run_inline(items))
    assert tracker.resets == 2
    assert recognizer.resets == 3  # at the start of both, and at the end of the one that was heard out


def fail(*_: object) -> None:
    raise ZeroDivisionError("oh")


BROKEN: dict[str, dict[str, Any]] = {
    "source": {"before": fail},
    "face": {"face_tracker": FakeTracker(fail), "has_audio": False},
    "model": {"predictor": FakePredictor(fail)},
}


@pytest.mark.parametrize("stage", BROKEN)
@pytest.mark.parametrize("inline", [True, False])
def test_what_nothing_can_go_on_without_comes_out_with_its_name(stage: str, inline: bool) -> None:
    with pytest.raises(StageError, match=f"the {stage} stage failed with ZeroDivisionError: oh") as caught:
        (run_inline if inline else run_threaded)(recording(TALK, FACES), SessionConfig(), **BROKEN[stage])
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_snapshot_shows_the_error_and_leaving_raises_it() -> None:
    gone = SourceError("the file is gone")

    def vanish(item: Item) -> None:
        if item.pts_s > 2:
            raise gone

    with pytest.raises(SourceError) as caught, session(recording(TALK, FACES), before=vanish) as running:
        running.start()
        with pytest.raises(SourceError):
            running.wait(60)
        assert running.snapshot().error is gone
        assert not running.snapshot().finished
    assert caught.value is gone


def test_an_error_of_the_caller_is_not_replaced() -> None:
    with pytest.raises(KeyboardInterrupt), session(recording(TALK, FACES), before=fail) as running:
        running.start()
        raise KeyboardInterrupt


def blocking(reached: threading.Event, go: threading.Event) -> Callable[..., None]:
    def block(*_: object) -> None:
        reached.set()
        go.wait(60)

    return block


@pytest.mark.parametrize("stage", ["face", "transcription", "model"])
def test_a_stage_that_blocks_is_named_and_ends_when_it_can(stage: str) -> None:
    reached, go = threading.Event(), threading.Event()
    block = blocking(reached, go)
    parts = {
        "face": {"face_tracker": FakeTracker(block)},
        "transcription": {"recognizer": FakeRecognizer(block)},
        "model": {"predictor": FakePredictor(block)},
    }[stage]
    running = session(recording(TALK, FACES), **parts)
    running.start()
    assert reached.wait(60)
    assert not running.wait(0.01)
    with pytest.raises(StageError, match=f"still busy .*: {stage}"):
        running.stop(0.05)
    go.set()
    running.stop()


def test_a_source_that_blocks_is_closed() -> None:
    reached = threading.Event()

    def block(item: Item) -> None:
        reached.set()
        source.closed.wait(60)

    source = FakeSource(recording(TALK, FACES), before=block)
    with Session(source, fake_components(), SessionConfig(), hearing=FakeHearing()) as running:
        running.start()
        assert reached.wait(60)
    assert source.closed.is_set()
    assert source.released.is_set()
    assert not running.snapshot().finished


@settings(max_examples=6, deadline=None)
@given(st.floats(0, 7.9))
def test_it_stops_at_any_time(at_s: float) -> None:
    reached = threading.Event()
    running = session(recording(TALK, FACES), before=lambda item: reached.set() if item.pts_s >= at_s else None)
    running.start()
    assert reached.wait(60)
    running.stop()
    running.stop()
    assert running.snapshot().error is None
    with pytest.raises(RuntimeError, match="once"):
        running.start()


def test_a_snapshot_belongs_to_its_position() -> None:
    with session(recording(TALK, FACES)) as running:
        empty = running.snapshot()
        assert (empty.prediction, empty.face, empty.words, empty.finished) == (None, None, (), False)
        list(running.run_inline())
        now, early = running.snapshot(), running.snapshot(1.6)
    assert now.prediction is running.timeline.predictions[-1]
    assert now.finished
    assert [one.index for one in now.utterances] == [0, 1]
    assert not now.speaking
    assert now.notes == ("a fake",)
    assert now.latency_s.keys() == {"face", "hearing", "transcription", "model"}
    assert now.dropped == {"face": 0, "hearing": 0, "transcription": 0, "model": 0}
    assert early.prediction is not None
    assert early.prediction.pts_s == 1.5
    assert early.prediction.present == early.present
    assert early.speaking
    assert [one.index for one in early.utterances] == [0]
    assert early.face is not None
    assert early.face.pts_s == pytest.approx(1.5, abs=1e-6)
    assert running.snapshot(4.0).face is None  # pictures without a face
    assert running.snapshot(0.2).prediction is None


def test_only_the_newest_predictions_keep_their_maps() -> None:
    timeline = run_inline(recording(TALK, FACES), SessionConfig(step_s=0.1))
    kept = [bool(one.outcomes["self"].attention) for one in timeline.predictions]
    assert kept[-6:] == [True] * 6
    assert not any(kept[:-6])


def test_a_long_recording_takes_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    builders: list[WindowBuilder] = []
    original = WindowBuilder.__init__

    def remember(self: WindowBuilder, *args: Any) -> None:
        original(self, *args)
        builders.append(self)

    monkeypatch.setattr(WindowBuilder, "__init__", remember)
    samples = sound(30.0, [(k, k + 1.5) for k in range(0, 30, 4)])
    with session(recording(samples, FACES * 4, sizes=[1600]), SessionConfig(step_s=1.0)) as running:
        for _ in running.run_inline():
            assert len(builders[0]._audio) <= 1100
            assert len(builders[0]._faces) <= 40
            assert len(builders[0]._visible) + len(builders[0]._updates) <= 2


def test_a_slow_live_session_drops_and_counts() -> None:
    """What a live source delivers while a stage is busy is lost, not queued; the rest goes on."""
    delivered = threading.Event()
    items = recording(TALK, FACES)

    def before(item: Item) -> None:
        if item is items[-1]:
            delivered.set()

    tracker = FakeTracker(lambda frame: wait_for(delivered))
    with session(items, face_tracker=tracker, live=True, before=before) as running:
        running.start()
        assert running.wait(60)
        assert running.snapshot().dropped["face"] > 20
        assert running.timeline.newest()[0] == 8.0


def test_a_source_with_nothing_and_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SourceError, match="neither pictures nor sound"):
        session([], has_audio=False, has_video=False)
    with pytest.raises(ValueError, match="without video"):
        Session(FakeSource([]), fake_components(face_tracker=None), SessionConfig(), hearing=FakeHearing())
    assert FakeVectors().dim == 2


def test_live_a_prediction_follows_every_face() -> None:
    config = replace(SessionConfig(window="sliding").for_live(), wait_for_words=True)
    timeline = run_inline(recording(TALK, FACES), config)
    assert [t for t, _ in timeline.moments[:3]] == [LIVE_OFFSET_S + k * LIVE_STEP_S for k in range(3)]
    assert_same_results(run_threaded(recording(TALK, FACES), config), timeline)


def test_it_is_measured_how_long_pictures_take_to_their_first_prediction(tmp_path: Path) -> None:
    with FileTrace(tmp_path / "trace.json") as trace:
        parts = fake_components()
        parts.trace = trace
        with Session(FakeSource(recording(TALK, FACES)), parts, SessionConfig(), hearing=FakeHearing()) as running:
            list(running.run_inline())
            answers = running.snapshot().answers
    found = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    gone = [one for one in found if one["ph"] == "e" and one["name"] == "models"]
    assert answers.count == len(gone) > 10
    steps = {one["name"] for one in found if one["ph"] == "X"}
    assert steps == {"capture", "face", "hearing", "transcription", "model"}
    order = [one["name"] for one in found if one["ph"] == "e" and one["id"] == gone[3]["id"]]
    assert order[:-1] == [
        "capture",
        "waits for the face",
        "face",
        "waits for the models",
        "waits for its moment",
        "models",
    ]


def test_live_predictions_go_on_without_late_words_which_count_from_their_arrival() -> None:
    free = threading.Event()
    parts = fake_components(recognizer=FakeRecognizer(lambda: wait_for(free)))
    config = SessionConfig(window="sliding", wait_for_words=False)
    recall = Recall(config, parts.vectors, 3)
    source = FakeSource(recording(TALK, FACES, sizes=[1600]), live=True)
    with Session(source, parts, config, hearing=FakeHearing(), record=recall.add) as running:
        running.start()
        wait_until(lambda: len(running.timeline.moments) >= 10)  # and no word has been recognised
        free.set()
        assert running.wait(60)
    assert running.timeline.words
    for t, made in running.timeline.moments:
        assert made is not None
        again = parts.predictor.predict(recall.window_at(t)[0])
        assert np.array_equal(made.outcomes["self"].probabilities, again["self"].probabilities)
