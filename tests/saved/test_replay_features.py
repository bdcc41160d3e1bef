"""From the recorded features every prediction is made again, bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.config import SessionConfig, WindowMode
from engine.recall import Recall
from engine.saved.replay import predict_again
from engine.saved.session import SavedSession
from engine.types import Prediction
from tests.fakes import FakePredictor, FakeSource, fake_components, recording, sound
from tests.saved.saving import save_session


def check_equal(path: Path, made: list[tuple[float, Prediction | None]]) -> SavedSession:
    saved = SavedSession.open(path)
    assert [(t, p is None) for t, p in saved.timeline.moments] == [(t, p is None) for t, p in made]
    again = list(predict_again(saved, fake_components(predictor=FakePredictor())))
    assert [one.pts_s for one in again] == [t for t, _ in made]
    for one, (_, live) in zip(again, made, strict=True):
        assert one.same and one.difference == 0.0 and one.same_top
        assert (one.again is None) == (live is None)
        if one.again is not None and live is not None:
            assert (one.again.present, one.again.utterance, one.again.window_start_s, one.again.muted) == (
                live.present,
                live.utterance,
                live.window_start_s,
                live.muted,
            )
            for fusion, outcome in live.outcomes.items():
                assert one.again.outcomes[fusion].probabilities.tobytes() == outcome.probabilities.tobytes()
    return saved


@pytest.mark.parametrize("mode", ["utterance", "sliding"])
@pytest.mark.parametrize("live", [True, False])
def test_every_prediction_is_made_again(tmp_path: Path, mode: WindowMode, live: bool) -> None:
    config = SessionConfig(window=mode)
    made = save_session(tmp_path / "one", config.for_live() if live else config)
    assert len(made) > 35
    check_equal(tmp_path / "one", made)


def test_muted_modalities_are_left_out_again_also_where_nothing_is_left(tmp_path: Path) -> None:
    mutes = {5.0: frozenset({"video"}), 10.0: frozenset({"audio", "video", "text"}), 14.0: frozenset({"text"})}
    made = save_session(tmp_path / "one", mutes=mutes)  # type: ignore[arg-type]
    assert {one.muted for _, one in made if one is not None} == {frozenset(), mutes[5.0], mutes[14.0]}
    assert sum(one is None for _, one in made) > 10
    check_equal(tmp_path / "one", made)


def test_a_recording_begun_in_the_middle_is_made_again_from_its_first_moment(tmp_path: Path) -> None:
    loud = [(1.0, 4.0), (20.0, 23.0), (45.0, 54.0)]
    source = FakeSource(recording(sound(56, loud), [0.5 + 0.4 * np.sin(k) for k in range(56 * 6)], sizes=(1600,)))
    made = save_session(tmp_path / "one", source=source, from_s=50.0)
    assert made[0][0] >= 50.0
    saved = check_equal(tmp_path / "one", made)
    assert min(one.pts_s for one in saved.events) > 15.0  # what is older than any window was not recorded
    first = saved.timeline.utterances[0]
    assert first.start_s < 50.0 < first.end_s and first.words
    components = fake_components(predictor=FakePredictor())
    recall = saved.recall(components)
    assert recall.window_at(made[0][0])[0].start_s == first.start_s
    with pytest.raises(ValueError, match="not kept"):
        recall.window_at(20.0)


def test_the_recall_of_a_session_gives_the_windows_of_the_live_one(tmp_path: Path) -> None:
    seen = []
    components = fake_components(predictor=FakePredictor(seen.append))
    save_session(tmp_path / "one", components=components)
    saved = SavedSession.open(tmp_path / "one")
    recall: Recall = saved.recall(components)
    for window in (*seen[::7], *seen[::-31]):
        again, _ = recall.window_at(window.end_s)
        assert (again.start_s, again.words, again.skipped_words) == (window.start_s, window.words, window.skipped_words)
        for name in ("audio", "video", "text"):
            assert again.stream(name).tobytes() == window.stream(name).tobytes()
            assert np.array_equal(again.times(name), window.times(name))
    sound = recall.sound(1.0, 3.0)
    assert sound.high.max() > 0.3 and len(sound.mfcc) == pytest.approx(200, abs=2)
    assert recall.crops(0.0, 4.0, 3)[-1][1].shape == (8, 8, 3)
    assert recall.seen_at(2.0) is not None
