from __future__ import annotations

import csv
import io
import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.analysis.evaluate import Scored, Skipped, predict_items, prediction_rows, report
from engine.config import EMOTIONS, Fusion
from engine.corpora.item import find_faces, read_face_images, read_voice, spread_words
from engine.corpora.manifest import Item
from engine.errors import DataError, SourceError
from engine.types import Outcome, UtteranceWindow
from tests.analysis.doubles import Believer, Doubles, WholePictureTracker

TRACK_HZ = 6.0


def item(row: int, label: str = "happy", **parts: Any) -> Item:
    return Item(row=row, id=f"item{row}", label=EMOTIONS.index(label), **parts)


def run(*items: Item, batch: int = 64) -> tuple[list[Scored | Skipped], Doubles]:
    doubles = Doubles()
    return list(predict_items(items, doubles, TRACK_HZ, batch)), doubles  # type: ignore[arg-type]


def picture(path: Path, value: int) -> Path:
    Image.new("RGB", (8, 6), (value, value, value)).save(path)
    return path


def sound(path: Path, seconds: float, rate_hz: int = 16_000) -> Path:
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    samples = (8000 * np.sin(2 * np.pi * 220 * time_s)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return path


def test_words_are_scored() -> None:
    results, _ = run(item(2, "happy", text="happy"), item(3, "sad", text="happy"), item(4, "sad", text="oh sad"))
    figures = report(results)
    assert (figures["n"], figures["accuracy"], figures["balanced_accuracy"]) == (3, 2 / 3, 0.75)
    assert figures["labels"] == list(EMOTIONS) and figures["fusion"] == "both" and figures["skipped"] == []
    recall, confusion = figures["recall"], figures["confusion"]
    assert isinstance(recall, dict) and recall["happy"] == 1.0 and recall["sad"] == 0.5 and recall["fear"] is None
    assert isinstance(confusion, list) and confusion[EMOTIONS.index("sad")][EMOTIONS.index("happy")] == 1
    by_fusion = figures["by_fusion"]
    assert isinstance(by_fusion, dict) and set(by_fusion) == {"self", "cross"}
    assert by_fusion["self"]["accuracy"] == 2 / 3 and by_fusion["self"]["ece"] != by_fusion["cross"]["ece"]
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


def test_the_figures_of_two_models_are_those_of_the_mean() -> None:
    (one,), _ = run(item(2, text="fear"))
    assert isinstance(one, Scored)
    np.testing.assert_allclose(one.mean, (one.probabilities["self"] + one.probabilities["cross"]) / 2, atol=1e-7)


def test_faces_of_many_items_are_encoded_together(tmp_path: Path) -> None:
    items = [item(k, faces=picture(tmp_path / f"{k}.png", 10 * k)) for k in range(1, 8)]
    results, doubles = run(*items, batch=4)
    assert all(isinstance(one, Scored) for one in results)
    assert doubles.face_encoder.batches == [4, 3]
    assert [float(one.video[0, 0]) for one in doubles.predictor.windows] == [10.0 * k for k in range(1, 8)]


def test_a_folder_of_faces_is_in_time_order_at_3_hz(tmp_path: Path) -> None:
    for k in (10, 2, 1):
        picture(tmp_path / f"face_{k}.png", k)
    (tmp_path / "notes.txt").touch()
    faces = read_face_images(tmp_path)
    assert [int(crop[0, 0, 0]) for _, crop in faces] == [1, 2, 10]
    assert [time_s for time_s, _ in faces] == pytest.approx([0.0, 1 / 3, 2 / 3])


def test_voice_is_mfcc_frames_of_at_most_ten_seconds(tmp_path: Path) -> None:
    short, long = read_voice(sound(tmp_path / "a.wav", 1.0)), read_voice(sound(tmp_path / "b.wav", 11.0, 8000))
    assert short.values.shape[1] == 120 and 90 <= len(short.times_s) <= 100
    assert long.values.shape == (1000, 120)


def test_words_are_spread_over_the_sound(tmp_path: Path) -> None:
    results, doubles = run(item(2, audio=sound(tmp_path / "a.wav", 2.0), text="happy sad"))
    assert isinstance(results[0], Scored)
    (window,) = doubles.predictor.windows
    assert window.present == ("audio", "text")
    assert window.text_times_s == pytest.approx([0.5, 1.5], abs=0.05)
    assert [one.start_s for one in spread_words("a b c")] == pytest.approx([0.0, 0.4, 0.8])


def test_what_cannot_be_read_is_skipped_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"this is no sound")
    (tmp_path / "no.png").write_bytes(b"this is no picture")
    (tmp_path / "empty").mkdir()
    results, _ = run(
        item(2, text="happy"),
        item(3, audio=tmp_path / "no.wav"),
        item(4, faces=tmp_path / "no.png"),
        item(5, faces=tmp_path / "empty"),
        item(6),
        item(7, text="gibberish"),
        item(8, video=sound(tmp_path / "a.wav", 0.5)),
    )
    skipped = [one for one in results if isinstance(one, Skipped)]
    assert [one.row for one in skipped] == [3, 4, 5, 6, 7, 8]
    for one, part in zip(
        skipped, ("no.wav", "no.png", "no picture", "no voice", "word vector", "no face"), strict=True
    ):
        assert part in one.reason
    figures = report(results)
    assert figures["n"] == 1 and len(figures["skipped"]) == 6  # type: ignore[arg-type]
    with pytest.raises(DataError, match="none of the 6 items could be scored"):
        report(skipped)


def test_faces_of_a_video_are_found_at_3_hz(tmp_path: Path) -> None:
    path = tmp_path / "two_seconds.mp4"
    write_video(path, seconds=2.0, rate_hz=10)
    faces = find_faces(path, WholePictureTracker(), TRACK_HZ)  # type: ignore[arg-type]
    assert len(faces) == 6
    times = np.array([time_s for time_s, _ in faces])
    assert np.all(np.abs(times - np.arange(6) / 3) < 0.2)
    with pytest.raises(SourceError):
        find_faces(tmp_path / "missing.mp4", WholePictureTracker(), TRACK_HZ)  # type: ignore[arg-type]


def write_video(path: Path, seconds: float, rate_hz: int) -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate_hz)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(int(seconds * rate_hz)):
            picture_ = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), format="rgb24")
            container.mux(stream.encode(picture_))
        container.mux(stream.encode())


def test_the_predictions_table_has_a_row_for_each_scored_item() -> None:
    results, _ = run(item(2, "sad", text="happy"), item(3), item(4, "fear", text="fear"))
    rows = list(prediction_rows(results))
    assert rows[0][:3] == ["id", "label", "top"] and rows[0][3:10] == list(EMOTIONS) and rows[0][10] == "self_anger"
    assert [row[:3] for row in rows[1:]] == [["item2", "sad", "happy"], ["item4", "fear", "fear"]]
    assert float(rows[1][6]) == pytest.approx(0.742857, abs=1e-6)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    assert len(set(map(len, rows))) == 1


def test_what_no_model_uses_is_not_read_and_classes_are_those_of_the_models(tmp_path: Path) -> None:
    doubles = Doubles()
    doubles.predictor.modalities = ("text",)
    doubles.predictor.labels = tuple(name.upper() for name in EMOTIONS)
    items = [item(2, "sad", text="sad", audio=tmp_path / "gone.wav"), item(3, audio=tmp_path / "gone.wav")]
    scored, skipped = predict_items(items, doubles, TRACK_HZ, 8)  # type: ignore[arg-type]
    assert isinstance(scored, Scored) and isinstance(skipped, Skipped)
    assert skipped.reason == "it has nothing that the models use: words"
    assert report([scored, skipped])["labels"] == [name.upper() for name in EMOTIONS]
    assert next(prediction_rows([scored]))[3] == "ANGER"


def test_an_item_that_one_of_the_models_cannot_judge_is_skipped() -> None:
    class Deaf(Believer):
        def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
            return {"self": super().predict(window)["self"]}

    doubles = Doubles(predictor=Deaf())
    (skipped,) = predict_items([item(2, text="happy")], doubles, TRACK_HZ, 8)  # type: ignore[arg-type]
    assert isinstance(skipped, Skipped) and "nothing in it that the cross model uses" in skipped.reason
