from __future__ import annotations

import numpy as np
import pytest

from engine.config import EMOTIONS
from engine.timeline import Timeline
from engine.types import AttentionMap, Outcome, Prediction, Word


def predict(pts_s: float, top: int = 3, utterance: int | None = None) -> Prediction:
    values = np.full(len(EMOTIONS), 0.05, np.float32)
    values[top] = 0.7
    times = np.zeros(2)
    looked = AttentionMap(
        target="audio",
        source="audio",
        weights=np.full((6, 2, 2), 0.5, np.float32),
        target_times_s=times,
        source_times_s=times,
    )
    return Prediction(
        pts_s=pts_s,
        window_start_s=0.0,
        outcomes={"self": Outcome(probabilities=values, attention=(looked,))},
        present=("audio",),
        utterance=utterance,
    )


def word(text: str, final: bool = False) -> Word:
    return Word(text=text, start_s=1.0, end_s=1.5, confidence=1.0, final=final)


def test_final_words_replace_earlier_ones_and_stay() -> None:
    timeline = Timeline()
    timeline.start_utterance(0, 1.0)
    timeline.set_words(0, (word("hell"),), final=False)
    assert (timeline.utterances[0].text, timeline.words) == ("hell", ())
    timeline.end_utterance(0, 2.0)
    timeline.set_words(0, (word("hello", True),), final=True)
    timeline.set_words(0, (word("hell"),), final=False)
    assert timeline.words == (word("hello", True),)
    said = timeline.utterances[0]
    assert (said.start_s, said.end_s, said.open, said.final) == (1.0, 2.0, False, True)


def test_an_open_utterance_reaches_as_far_as_it_has_come() -> None:
    timeline = Timeline()
    timeline.start_utterance(0, 1.0)
    before = timeline.utterances
    timeline.extend_utterance(0, 3.0)
    timeline.extend_utterance(0, 2.0)
    assert (before[0].end_s, timeline.utterances[0].end_s) == (1.0, 3.0)
    timeline.end_utterance(0, 2.5)
    timeline.extend_utterance(0, 4.0)
    assert timeline.utterances[0].end_s == 2.5


def test_an_utterance_has_the_mean_of_its_predictions() -> None:
    timeline = Timeline()
    timeline.start_utterance(0, 1.0)
    assert timeline.utterances[0].top is None
    timeline.add(0.5, predict(0.5, top=1))
    for pts_s, top in ((1.0, 3), (1.5, 3), (2.0, 5)):
        timeline.add(pts_s, predict(pts_s, top, utterance=0))
    said = timeline.utterances[0]
    assert said.top == "happy"
    np.testing.assert_allclose(said.probabilities["self"][[1, 3, 5]], [0.05, (0.7 * 2 + 0.05) / 3, 0.8 / 3], rtol=1e-6)


def test_moments_say_where_nothing_was() -> None:
    timeline = Timeline()
    assert timeline.newest() == (None, None)
    first = predict(0.5)
    timeline.add(0.5, first)
    timeline.add(1.0, None)
    assert [(t, one is None) for t, one in timeline.moments] == [(0.5, False), (1.0, True)]
    assert timeline.newest() == (1.0, first)
    assert timeline.newest(0.4) == (None, None)
    assert timeline.share_present == {"audio": 0.5, "video": 0.0, "text": 0.0}


@pytest.mark.parametrize("kept", [1, 3])
def test_only_the_newest_keep_their_maps(kept: int) -> None:
    timeline = Timeline(kept)
    for k in range(1, 8):
        timeline.add(k / 2, predict(k / 2))
    assert [len(one.outcomes["self"].attention) for one in timeline.predictions] == [0] * (7 - kept) + [1] * kept
    assert timeline.predictions[0].top == "happy"


def test_a_replaced_prediction_counts_in_place_of_the_old_one() -> None:
    timeline = Timeline()
    timeline.start_utterance(0, 0.0)
    for k in (1, 2, 3):
        timeline.add(k / 2, predict(k / 2, top=3, utterance=0))
    timeline.replace(1.0, predict(1.0, top=5, utterance=0))
    np.testing.assert_allclose(timeline.utterances[0].probabilities["self"][[3, 5]], [1.45 / 3, 0.8 / 3], rtol=1e-6)
    timeline.replace(1.5, None)
    timeline.replace(1.0, None)
    first = timeline.predictions[0]
    assert timeline.newest() == (1.5, first) and timeline.newest(1.2) == (1.0, first)
    assert timeline.share_present["audio"] == pytest.approx(1 / 3)
    again = predict(1.0, top=3, utterance=0)
    timeline.replace(1.0, again)
    assert timeline.newest()[1].pts_s == again.pts_s
    timeline.replace(0.5, None)
    timeline.replace(1.0, None)
    assert timeline.newest() == (1.5, None) and timeline.utterances[0].top is None
    with pytest.raises(KeyError, match=r"0\.7"):
        timeline.replace(0.7, None)
