"""A recording analysed around the play head, on real input with the bundled models."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.assets import sample_path
from engine.components import Components, load_components
from engine.config import SessionConfig
from engine.errors import SourceError
from engine.recall import Recall
from engine.review import LEAD_S, Review
from engine.session import Session
from engine.sources.media_file import MediaFile
from engine.stretch import Stretch, beginning, start_before
from engine.timeline import Timeline
from tests.sources.media import write_clip

CONFIG = SessionConfig()


@pytest.fixture(scope="module")
def components() -> Iterator[Components]:
    with load_components(CONFIG) as loaded:
        yield loaded


def wait_for(condition: Callable[[], object], review: Review, timeout_s: float = 60.0) -> None:
    """Wait until something is the case, at most so long."""
    look = threading.Event()
    for _ in range(round(timeout_s / 0.02)):
        if condition():
            return
        assert review.error is None, review.error
        look.wait(0.02)
    raise AssertionError("it did not happen in time")


@contextmanager
def reviewing(path: Path, components: Components) -> Iterator[Review]:
    review = Review(path, components, CONFIG)
    try:
        yield review
    finally:
        review.close()
    assert review.error is None


def session_from(path: Path, components: Components, start_s: float) -> Timeline:
    with (
        MediaFile(path, frame_hz=CONFIG.track_hz, start_s=start_s) as source,
        Session(source, components, CONFIG, start_s=start_s) as session,
    ):
        for _ in session.run_inline():
            pass
        return session.timeline


def differ(one: Timeline, other: Timeline, from_s: float = 0.0, until_s: float = np.inf) -> float:
    """Largest difference of two runs within a stretch of time; all there is must be in both."""
    first, second = (
        {t: prediction for t, prediction in timeline.moments if from_s <= t < until_s} for timeline in (one, other)
    )
    assert first.keys() == second.keys() and first
    differences = [0.0]
    for t, prediction in first.items():
        again = second[t]
        assert (prediction is None) == (again is None)
        if prediction is not None and again is not None:
            assert prediction.present == again.present
            for fusion, outcome in prediction.outcomes.items():
                differences.append(float(np.abs(outcome.probabilities - again.outcomes[fusion].probabilities).max()))
    return max(differences)


@pytest.fixture(scope="module")
def whole(components: Components) -> Timeline:
    return session_from(sample_path(), components, 0.0)


def test_it_finds_what_an_analysis_of_the_file_finds_also_after_muting_and_back(
    components: Components, whole: Timeline
) -> None:
    with reviewing(sample_path(), components) as review:
        wait_for(lambda: review.complete, review)
        (stretch,) = review.stretches
        assert differ(stretch.timeline, whole) == 0.0
        assert stretch.covers(0.0) and stretch.covers(31.5) and stretch.covers(1e9)
        review.mute({"video"})
        wait_for(lambda: review.complete, review)
        assert {name for one in stretch.timeline.predictions for name in one.present} == {"audio", "text"}
        review.mute({"video", "audio", "text"})
        wait_for(lambda: review.complete, review)
        assert not stretch.timeline.predictions
        review.mute(())
        wait_for(lambda: review.complete, review)
        assert differ(stretch.timeline, whole) == 0.0
        utterances = [one.probabilities["self"] for one in stretch.timeline.utterances]
        assert np.allclose(utterances, [one.probabilities["self"] for one in whole.utterances], atol=1e-6)


def test_far_ahead_it_begins_with_the_utterance_there_and_equals_playing_through_from_its_start(
    components: Components, whole: Timeline
) -> None:
    target_s = 28.0
    said = next(one for one in whole.utterances if one.start_s <= target_s < one.end_s)
    with reviewing(sample_path(), components) as review:
        review.look(target_s, moving=True)
        wait_for(lambda: review.at(target_s), review)
        stretch = review.at(target_s)
        assert isinstance(stretch, Stretch) and stretch.from_s == pytest.approx(said.start_s, abs=0.04)
        review.look(target_s, moving=False)
        wait_for(lambda: review.complete, review)
        assert all(review.at(t) is not None for t in np.arange(0, 31.5, 0.1))
    played = session_from(sample_path(), components, start_before(stretch.from_s))
    assert differ(stretch.timeline, played, stretch.from_s, target_s) == 0.0
    assert differ(stretch.timeline, whole, stretch.from_s, target_s) < 1e-4


def test_between_utterances_it_begins_where_the_play_head_is(components: Components) -> None:
    assert beginning(sample_path(), 0.0) == (0.0, 0.0)
    from_s, start_s = beginning(sample_path(), 19.3)
    assert from_s == 19.3 and start_s == pytest.approx(6.56)


def test_another_face_is_followed_from_the_picture_on(components: Components, whole: Timeline) -> None:
    with reviewing(sample_path(), components) as review:
        wait_for(lambda: review.complete, review)
        review.follow(0.0, 0.0, 25.0)  # nobody is there: all stays as it was
        wait_for(lambda: len(review.stretches) == 2 and review.complete, review)
        first, second = review.stretches
        assert first.until_s == second.from_s < 25.0
        assert differ(second.timeline, whole, second.from_s) < 1e-4


def test_closing_while_it_works_leaves_no_thread(components: Components) -> None:
    before = set(threading.enumerate())
    with reviewing(sample_path(), components):
        pass
    assert set(threading.enumerate()) == before


def test_a_recording_that_goes_away_is_told(components: Components, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "gone.mp4")
    with pytest.raises(SourceError, match="does not exist"):
        Review(tmp_path / "none.mp4", components, CONFIG)
    review = Review(path, components, CONFIG)
    path.unlink()
    review.follow(0, 0, 0.0)
    look = threading.Event()
    for _ in range(500):
        if review.error is not None:
            break
        look.wait(0.02)
    review.close()
    assert isinstance(review.error, SourceError) and "gone.mp4" in str(review.error)


def test_recall_of_a_stretch_equals_its_predictions(components: Components) -> None:
    recall = Recall(CONFIG, components.vectors, components.face_encoder.dim)
    with (
        MediaFile(sample_path(), frame_hz=CONFIG.track_hz) as source,
        Session(source, components, CONFIG, record=recall.add) as session,
    ):
        for prediction in session.run_inline():
            window, utterance = recall.window_at(prediction.pts_s)
            assert utterance == prediction.utterance
            for fusion, outcome in components.predictor.predict(window).items():
                assert np.array_equal(outcome.probabilities, prediction.outcomes[fusion].probabilities)


def test_a_seek_while_playing_shows_something_and_begins_once(components: Components, tmp_path: Path) -> None:
    begun: list[float] = []

    class Counting(Review):
        def _start(self, from_s: float, start_s: float, *rest: object, **more: object) -> None:
            begun.append(from_s)
            super()._start(from_s, start_s, *rest, **more)  # type: ignore[arg-type]

    review = Counting(sample_path(), components, CONFIG)
    began_s = time.monotonic()
    try:
        while (found := review.at(19.5)) is None:
            ran_s = min(2 * (time.monotonic() - began_s), LEAD_S / 2)  # at double speed; not on, where all is slow
            review.look(19.3 + ran_s, moving=True)
            assert time.monotonic() < began_s + 60 and review.error is None
            threading.Event().wait(0.02)
    finally:
        review.close()
    assert found is not None and len(begun) <= 2  # the one at 0, unless the wish came before it


def test_a_seek_behind_the_real_end_does_not_end_the_analysis(components: Components, tmp_path: Path) -> None:
    path = tmp_path / "cut.mkv"
    write_clip(path, seconds=8.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with reviewing(path, components) as review:
        review.look(7.5, moving=False)
        wait_for(lambda: review.at(0.5), review)
        review.look(0.5, moving=False)
        wait_for(lambda: review.complete and review.at(0.5), review)
