from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.analysis.recording import Analysis
from engine.analysis.results import RESULTS, render, write_results
from engine.analysis.summary import shares
from engine.config import EMOTIONS, Modality, SessionConfig
from engine.errors import OutputError
from engine.sources.base import SourceInfo
from engine.timeline import Timeline
from engine.types import Outcome, Prediction, Word

FILES = set(RESULTS)


def predict(pts_s: float, top: str, present: tuple[Modality, ...], utterance: int | None) -> Prediction:
    def outcome(probability: float) -> Outcome:
        values = np.full(len(EMOTIONS), (1 - probability) / (len(EMOTIONS) - 1), np.float32)
        values[EMOTIONS.index(top)] = probability
        return Outcome(probabilities=values)

    outcomes = {"self": outcome(0.8), "cross": outcome(0.6)}
    return Prediction(pts_s=pts_s, window_start_s=0.0, outcomes=outcomes, present=present, utterance=utterance)  # type: ignore[arg-type]


def analysis(*, empty: bool = False) -> Analysis:
    predictions = [
        predict(0.5, "neutral", ("video",), None),
        predict(1.0, "happy", ("audio", "video", "text"), 0),
        predict(1.5, "happy", ("audio", "text"), 0),
        predict(2.0, "sad", ("video",), None),
    ]
    words = (
        Word(text="so, good", start_s=0.8, end_s=1.1, confidence=0.75, final=True),
        Word(text="좋아", start_s=1.1, end_s=1.4, confidence=1.0, final=True),
    )
    timeline = Timeline()
    if not empty:
        timeline.start_utterance(0, 0.7)
        timeline.start_utterance(1, 1.7)
        for one in predictions:
            timeline.add(one.pts_s, one)
        timeline.add(2.5, None)
        timeline.set_words(0, words, final=True)
        timeline.end_utterance(0, 1.6)
        timeline.end_utterance(1, 1.8)
    info = SourceInfo(
        name="talk.mp4",
        duration_s=2.2,
        has_audio=True,
        has_video=True,
        width=640,
        height=480,
        frame_rate_hz=30.0,
        audio_rate_hz=48_000,
    )
    return Analysis(
        info=info,
        notes=("the file ends early",),
        timeline=timeline,
        recognizer=("whisper tiny.en", "because no English Vosk model is on this machine"),
        models={"predictor": {"backend": "onnx"}},
        fusions=("self", "cross"),
        labels=EMOTIONS,
        modalities=("audio", "video", "text"),
        config=SessionConfig(),
        elapsed_s=0.55,
    )


def write_analysis(analysis: Analysis, folder: Path) -> None:
    write_results(render(analysis), folder)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_predictions_table(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path / "talk")
    rows = table(tmp_path / "talk" / "predictions.csv")
    classes = [f"{fusion}_{name}" for fusion in ("self", "cross") for name in EMOTIONS]
    assert list(rows[0]) == ["time", *classes, "top", "top_probability", "face", "voice", "words", "utterance"]
    assert (rows[1]["time"], rows[1]["self_happy"], rows[1]["cross_happy"]) == ("1.000", "0.800000", "0.600000")
    assert (rows[1]["top"], rows[1]["top_probability"]) == ("happy", "0.700000")
    assert [(one["face"], one["voice"], one["words"], one["utterance"]) for one in rows] == [
        ("1", "0", "0", ""),
        ("1", "1", "1", "0"),
        ("0", "1", "1", "0"),
        ("1", "0", "0", ""),
    ]


def test_words_and_utterances_tables(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path)
    words = table(tmp_path / "words.csv")
    assert words[0] == {
        "word": "so, good",
        "start": "0.800",
        "end": "1.100",
        "confidence": "0.7500",
        "source": "whisper tiny.en",
    }
    first, second = table(tmp_path / "utterances.csv")
    assert (first["start"], first["end"], first["text"], first["top"]) == (
        "0.700",
        "1.600",
        "so, good 좋아",
        "happy",
    )
    assert float(first["happy"]) == pytest.approx(0.7, abs=1e-6)
    assert second["text"] == "" and second["top"] == "" and second["anger"] == ""


def test_summary(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path)
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["durations"] == {"recording_s": 2.2, "speech_s": 1.0, "analysis_s": 0.55}
    assert summary["real_time_factor"] == 0.25
    assert summary["share_of_time"]["happy"] == 0.5 and sum(summary["share_of_time"].values()) == pytest.approx(1.0)
    assert summary["share_present"] == {"face": 0.6, "voice": 0.4, "words": 0.4}
    assert summary["models"]["recognizer"]["name"] == "whisper tiny.en"
    assert summary["settings"]["fusions"] == ["self", "cross"] and summary["recording"]["notes"] == [
        "the file ends early"
    ]
    assert summary["share_predicted"] == 0.8 and summary["counts"]["moments"] == 5
    assert "torch" in summary["versions"] and "python" in summary["versions"]


def test_the_picture_can_be_opened(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path)
    with Image.open(tmp_path / "timeline.png") as picture:
        assert picture.width >= 1000 and picture.height >= 600


def test_equal_predictions_give_equal_bytes_and_replace_what_was_there(tmp_path: Path) -> None:
    write_analysis(analysis(), tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "predictions.csv").write_text("older and longer than what comes now\n" * 100)
    write_analysis(replace(analysis(), elapsed_s=9.0), tmp_path / "b")
    for name in ("predictions.csv", "words.csv", "utterances.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert {one.name for one in (tmp_path / "b").iterdir()} == FILES


def test_a_recording_without_anything_still_has_all_files(tmp_path: Path) -> None:
    write_analysis(replace(analysis(empty=True), recognizer=None), tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == FILES
    assert table(tmp_path / "predictions.csv") == []
    assert set(shares([], EMOTIONS).values()) == {0.0}


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "talk").touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write_analysis(analysis(), tmp_path / "talk")


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    done = analysis()
    write_analysis(replace(done, info=replace(done.info, name="caf\udce9.mp4")), tmp_path)
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["recording"]["name"] == "caf?.mp4"


def test_other_classes_and_a_model_that_sometimes_has_no_answer(tmp_path: Path) -> None:
    labels = ("angry", "$excited$", "zest")

    def outcome(*values: float) -> Outcome:
        return Outcome(probabilities=np.array(values, np.float32), labels=labels)

    timeline = Timeline()
    timeline.start_utterance(0, 0.2)
    first, both = {"cross": outcome(0.2, 0.7, 0.1)}, {"self": outcome(0.5, 0.3, 0.2), "cross": outcome(0.1, 0.8, 0.1)}
    for k, outcomes in enumerate((first, both), start=1):
        timeline.add(
            k / 2,
            Prediction(pts_s=k / 2, window_start_s=0.0, outcomes=outcomes, present=("audio",), utterance=0),  # type: ignore[arg-type]
        )
    timeline.end_utterance(0, 1.0)
    done = replace(analysis(), timeline=timeline, labels=labels, modalities=("audio", "text"))
    write_analysis(done, tmp_path)
    rows = table(tmp_path / "predictions.csv")
    assert [one["self_angry"] for one in rows] == ["", "0.500000"]
    assert [one["cross_$excited$"] for one in rows] == ["0.700000", "0.800000"]
    assert [(one["top"], one["face"], one["voice"]) for one in rows] == [("$excited$", "", "1")] * 2
    said = table(tmp_path / "utterances.csv")[0]
    assert said["top"] == "$excited$" and float(said["angry"]) == pytest.approx((0.5 + 0.15) / 2)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["labels"] == list(labels) and summary["share_of_time"]["$excited$"] == 1.0
    assert summary["share_present"] == {"face": None, "voice": 1.0, "words": 0.0}
