"""The sample recording that ships, and the truth about it."""

from __future__ import annotations

import importlib.resources
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.config import EMOTIONS


@pytest.fixture(scope="module")
def recording() -> Path:
    return Path(str(importlib.resources.files("assets").joinpath("sample.mp4")))


@pytest.fixture(scope="module")
def truth(recording: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(recording.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


def test_recording_is_small(recording: Path) -> None:
    assert 100_000 < recording.stat().st_size <= 3_500_000


def test_recording_holds_picture_and_sound_for_as_long_as_the_truth_says(
    recording: Path, truth: dict[str, Any]
) -> None:
    import av

    assert 20 <= truth["duration_s"] <= 40
    with av.open(str(recording)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.width, video.codec_context.height) == (640, 360)
        assert video.average_rate == 25
        assert (audio.rate, audio.channels) == (48_000, 1)
        for stream in (video, audio):
            assert stream.duration is not None and stream.time_base is not None
            assert float(stream.duration * stream.time_base) == pytest.approx(truth["duration_s"], abs=0.1)


def test_every_picture_decodes_and_the_sound_is_loud_enough(recording: Path, truth: dict[str, Any]) -> None:
    import av
    import numpy as np

    with av.open(str(recording)) as container:
        assert sum(1 for _ in container.decode(video=0)) == round(truth["duration_s"] * 25)
    with av.open(str(recording)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert 0.05 < np.sqrt(np.mean(np.square(sound))) < 0.12
    assert np.abs(sound).max() < 1


def test_sections_follow_each_other_and_fill_the_recording(truth: dict[str, Any]) -> None:
    sections = truth["sections"]
    assert sections[0]["start_s"] == 0
    assert sections[-1]["end_s"] == truth["duration_s"]
    for before, after in pairwise(sections):
        assert before["end_s"] == after["start_s"]
    for one in sections:
        assert one["start_s"] < one["end_s"]
        assert one["emotion"] in EMOTIONS if one["text"] else one["emotion"] is None


def test_speech_lies_inside_its_section_and_makes_up_the_transcript(truth: dict[str, Any]) -> None:
    spoken = [one for one in truth["sections"] if one["text"]]
    assert 5 <= len(spoken) <= 7
    assert " ".join(one["text"] for one in spoken) == truth["transcript"]
    for one in truth["sections"]:
        assert (one["speech_s"] is None) == (one["text"] == "")
        if one["speech_s"] is not None:
            assert one["start_s"] < one["speech_s"][0] < one["speech_s"][1] < one["end_s"]


def test_story_shows_several_emotions_a_pause_and_a_stretch_without_a_face(truth: dict[str, Any]) -> None:
    sections = truth["sections"]
    assert {one["emotion"] for one in sections} >= {"anger", "happy", "neutral", "sad", "surprise"}
    spoken = [one["speech_s"] for one in sections if one["speech_s"] is not None]
    assert max(after[0] - before[1] for before, after in pairwise(spoken)) >= 2
    (faceless,) = [one for one in sections if one["no_face_s"] is not None]
    start, end = faceless["no_face_s"]
    assert faceless["start_s"] < start < end < faceless["end_s"]
    assert 2 <= end - start <= 4
    assert start < faceless["speech_s"][1] < end  # the voice goes on without the face, then stops
