"""Any moment of a session can be looked at again, bit for bit as the model saw it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.config import SessionConfig, WindowMode
from engine.recall import PIECE, REACH_S, Recall
from engine.session import Session
from engine.types import UtteranceWindow
from tests.fakes import FakeHearing, FakePredictor, FakeSource, FakeVectors, fake_components, recording, sound

LOUD = [(1.0, 4.0), (6.0, 7.5), (12.0, 40.0), (70.0, 72.0)]
FACES = [0.0 if 30 <= k < 60 else 0.5 + 0.4 * np.sin(k) for k in range(80 * 6)]


def run(config: SessionConfig, keep_s: float | None = None, **settings: Any) -> tuple[Recall, list[UtteranceWindow]]:
    """A session over 80 s, and the windows that its model saw."""
    seen: list[UtteranceWindow] = []
    components = fake_components(predictor=FakePredictor(seen.append))
    recall = Recall(config, FakeVectors(), 3, keep_s=keep_s)
    source = FakeSource(recording(sound(80, LOUD), FACES, sizes=(1600,)))
    with Session(source, components, config, hearing=FakeHearing(), record=recall.add, **settings) as session:
        session.follow(0, 0, from_s=20.0)
        for _ in session.run_inline():
            pass
    return recall, seen


@pytest.mark.parametrize("mode", ["utterance", "sliding"])
def test_every_window_is_as_the_model_saw_it(mode: WindowMode) -> None:
    recall, seen = run(SessionConfig(window=mode))
    check_windows(recall, seen)


def test_live_every_window_is_as_the_model_saw_it_and_its_sound_a_little_older() -> None:
    config = SessionConfig().for_live()
    recall, seen = run(config)
    check_windows(recall, seen)
    assert max(one.audio_times_s[-1] - one.end_s for one in seen if len(one.audio)) <= -0.0525 - config.sound_after_s


def check_windows(recall: Recall, seen: list[UtteranceWindow]) -> None:
    assert len(seen) > 150
    for window in seen:
        again, _ = recall.window_at(window.end_s)
        assert (again.start_s, again.words, again.skipped_words) == (window.start_s, window.words, window.skipped_words)
        for name in ("audio", "video", "text"):
            assert np.array_equal(again.times(name), window.times(name))
            assert np.array_equal(again.stream(name), window.stream(name))


def test_another_person_empties_the_face_stream() -> None:
    _, seen = run(SessionConfig(window="sliding"))
    first = next(one for one in seen if one.end_s >= 20.5)
    assert first.video_times_s[0] >= 20.0 and len(first.video) <= 2


def test_what_is_old_is_forgotten_and_said_so() -> None:
    recall, seen = run(SessionConfig(), keep_s=40.0)
    assert recall.from_s > 30.0
    newest = seen[-1]
    assert np.array_equal(recall.window_at(newest.end_s)[0].video, newest.video)
    with pytest.raises(ValueError, match="not kept"):
        recall.window_at(recall.from_s + REACH_S - 1)
    assert not recall.crops(0.0, 20.0, 5)


def test_sound_and_crops_can_be_drawn() -> None:
    recall, _ = run(SessionConfig())
    picture = recall.sound(1.0, 3.0)
    assert len(picture.times_s) == pytest.approx(2 * 16000 / PIECE, abs=2)
    assert picture.high.max() > 0.3 and picture.low.min() < -0.3
    assert picture.mfcc.shape == (len(picture.mfcc_times_s), 40) and len(picture.mfcc) == pytest.approx(200, abs=2)
    assert picture.activity.max() == 1.0
    crops = recall.crops(0.0, 4.0, 5)
    assert [round(pts_s * 3) for pts_s, _ in crops] == [8, 9, 10, 11, 12]
    assert all(rgb.shape == (8, 8, 3) and rgb.dtype == np.uint8 for _, rgb in crops)


def test_a_face_box_moves_between_pictures_and_ends_with_them() -> None:
    recall, _ = run(SessionConfig())
    seen = recall.seen_at(2.05)
    assert seen is not None and seen.box == (1.0, 1.0, 7.0, 7.0) and seen.others
    gone = recall.seen_at(6.0)
    assert gone is not None and gone.box is None
    assert recall.seen_at(90.0) is None and recall.seen_at(-1.0) is None
