"""The whole path on real input with the bundled models: the sample, and a real clip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import jiwer
import numpy as np
import pytest

from engine.assets import sample_path
from engine.components import Components, load_components
from engine.config import EMOTIONS, SessionConfig
from engine.session import Session
from engine.sources.media_file import MediaFile
from engine.sources.paced import Paced
from engine.timeline import Timeline
from tests.conftest import shared_data

CONFIG = SessionConfig()


@pytest.fixture(scope="module")
def components() -> Iterator[Components]:
    with load_components(CONFIG) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads(sample_path().with_suffix(".json").read_text(encoding="utf-8"))


def run_inline(path: Path, components: Components) -> Timeline:
    with MediaFile(path, frame_hz=CONFIG.track_hz) as source, Session(source, components, CONFIG) as session:
        for _ in session.run_inline():
            pass
        return session.timeline


@pytest.fixture(scope="module")
def timeline(components: Components) -> Timeline:
    return run_inline(sample_path(), components)


def spoken(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def test_words_are_as_spoken(timeline: Timeline, truth: dict) -> None:
    heard = spoken(" ".join(word.text for word in timeline.words))
    assert jiwer.wer(spoken(truth["transcript"]), heard) <= 0.15


def test_there_is_no_face_where_there_is_none(timeline: Timeline, truth: dict) -> None:
    (gone,) = [one["no_face_s"] for one in truth["sections"] if one["no_face_s"]]
    for at_s, prediction in timeline.moments:
        if gone[0] + 1.5 <= at_s <= gone[1]:
            assert prediction is None or "video" not in prediction.present, at_s
    seen = [at_s for at_s, one in timeline.moments if one is not None and "video" in one.present]
    assert len(seen) > 0.8 * len(timeline.moments)


def test_emotions_are_those_of_the_story(timeline: Timeline, truth: dict) -> None:
    right = 0
    told = [one for one in truth["sections"] if one["emotion"]]
    for section in told:
        inside = [
            one.probabilities
            for one in timeline.predictions
            if section["speech_s"][0] + 1 <= one.pts_s <= section["end_s"]
        ]
        right += EMOTIONS[int(np.mean(inside, axis=0).argmax())] == section["emotion"]
    assert right >= len(told) / 2


def test_pauses_separate_utterances(timeline: Timeline, truth: dict) -> None:
    (pause,) = [one for one in truth["sections"] if one["speech_s"] is None]
    middle_s = (pause["start_s"] + pause["end_s"]) / 2
    assert not any(one.start_s <= middle_s <= one.end_s for one in timeline.utterances)
    assert len(timeline.utterances) >= 5


def test_playing_gives_the_predictions_of_analysis_bit_for_bit(timeline: Timeline, components: Components) -> None:
    with MediaFile(sample_path(), frame_hz=CONFIG.track_hz) as file:
        source = Paced(file, speed=16, lead_s=2.0)
        with Session(source, components, CONFIG) as session:
            session.start()
            assert session.wait(100)
            played = session.timeline
    assert [at_s for at_s, _ in played.moments] == [at_s for at_s, _ in timeline.moments]
    assert played.words == timeline.words
    for one, two in zip(played.predictions, timeline.predictions, strict=True):
        assert (one.pts_s, one.present, one.utterance) == (two.pts_s, two.present, two.utterance)
        for fusion in CONFIG.fusions:
            assert np.array_equal(one.outcomes[fusion].probabilities, two.outcomes[fusion].probabilities)


def test_a_very_quiet_real_clip_yields_its_words_and_its_face(components: Components) -> None:
    timeline = run_inline(shared_data("clips/ravdess_01-01-01-01-01-01-01.mp4"), components)
    assert spoken(" ".join(word.text for word in timeline.words)) == "kids are talking by the door"
    assert all("video" in one.present for one in timeline.predictions)
    assert any("audio" in one.present and "text" in one.present for one in timeline.predictions)
