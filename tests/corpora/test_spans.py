"""Items that are a part of a file: exactly that part, however many of them one file holds."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from engine.config import MODALITIES, SessionConfig
from engine.corpora.cached_utterances import CachedUtterances
from engine.corpora.extraction import MediaExtractor
from engine.corpora.item import read_item, read_voice
from engine.corpora.labelled_items import open_items
from engine.corpora.manifest import WHOLE, Item, Part, read_manifest
from engine.corpora.media import open_manifest
from engine.corpora.recipe import requests_of
from engine.corpora.releases.release import Release, Row, write_release
from engine.errors import DataError, SourceError
from engine.features.face import FaceTracker
from engine.models.card import MFCC_SETTINGS
from tests.corpora.media import sound
from tests.corpora.test_extraction import SAMPLE

RATE_HZ = 44_100


def noise(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return np.random.default_rng(0).integers(-9000, 9000, 3 * RATE_HZ)


@pytest.mark.parametrize(("first", "last"), [(0, 40_000), (44_100, 88_200), (12_345, 70_001), (90_000, 3 * RATE_HZ)])
def test_a_part_sounds_like_a_file_of_its_own(first: int, last: int, samples: np.ndarray, tmp_path: Path) -> None:
    whole, alone = noise(tmp_path / "whole.wav", samples), noise(tmp_path / "alone.wav", samples[first:last])
    part = Part(start_s=first / RATE_HZ, end_s=last / RATE_HZ)
    found, expected = read_voice(whole, part), read_voice(alone)
    assert len(found.times_s) == len(expected.times_s)
    np.testing.assert_allclose(found.values, expected.values, atol=1e-4)
    np.testing.assert_allclose(found.times_s, expected.times_s, atol=1e-5)


def test_no_sample_from_beyond_the_ends_is_heard(samples: np.ndarray, tmp_path: Path) -> None:
    other = samples.copy()
    other[: RATE_HZ - 1], other[2 * RATE_HZ :] = 0, 0
    part = Part(start_s=1.0, end_s=2.0)
    one = read_voice(noise(tmp_path / "one.wav", samples), part)
    same = read_voice(noise(tmp_path / "other.wav", other), part)
    np.testing.assert_array_equal(one.values, same.values)
    other[RATE_HZ] += 4000
    changed = read_voice(noise(tmp_path / "changed.wav", other), part)
    assert not np.array_equal(one.values[:3], changed.values[:3])


@pytest.mark.parametrize("part", [Part(start_s=1.0, end_s=1.01), Part(start_s=7.0, end_s=8.0)])
def test_a_part_with_next_to_nothing_in_it(part: Part, samples: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=rf"less than 25 ms of it, from {part.start_s:g} s to"):
        read_voice(noise(tmp_path / "whole.wav", samples), part)


def test_one_pair_of_columns_is_for_sound_and_picture(tmp_path: Path) -> None:
    for name in ("a.mkv", "b.wav"):
        (tmp_path / name).touch()
    path = tmp_path / "m.csv"
    path.write_text(
        "id,label,audio,video,start_s,end_s,video_side\n"
        "one,happy,a.mkv,a.mkv,1.5,2.25,left\ntwo,sad,b.wav,,,3,\nthree,sad,b.wav,,,,\nfour,sad,,a.mkv,2,,\n"
    )
    one, two, three, four = read_manifest(path)
    assert one.heard == Part(start_s=1.5, end_s=2.25) and one.part == Part(start_s=1.5, end_s=2.25, side="left")
    assert two.heard == Part(end_s=3.0) and two.part == WHOLE
    assert three.heard == WHOLE and four.heard == WHOLE and four.part == Part(start_s=2.0)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("-1,,,", "row 2: start_s must be zero or more seconds"),
        ("2,1,,", "row 2: end_s must be later than start_s"),
        ("1,1,,", "row 2: end_s must be later than start_s"),
        (",inf,,", "row 2: end_s must be zero or more seconds"),
        ("1e300,,,", "row 2: start_s must be zero or more seconds, found '1e300'"),
        ("1,2,1,2", "row 2: give start_s and end_s for audio and video, or video_start_s and video_end_s"),
    ],
)
def test_parts_that_make_no_sense(cells: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.mkv").touch()
    path = tmp_path / "m.csv"
    path.write_text(f"id,label,video,start_s,end_s,video_start_s,video_end_s\na,happy,a.mkv,{cells}\n")
    with pytest.raises(DataError, match=message):
        read_manifest(path)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    for name in ("a.mkv", "b.wav"):
        (tmp_path / name).touch()
    a, b, span = tmp_path / "a.mkv", tmp_path / "b.wav", Part(start_s=0.25, end_s=3.5)
    rows = (
        Row(id="both", label="sad", audio=a, heard=span, video=a, part=span),
        Row(id="sound", label="happy", audio=b, heard=span),
        Row(id="film", label="sad", audio=b, video=a, part=Part(start_s=1.0, end_s=2.0, side="right")),
        Row(id="picture", label="sad", video=a, part=span),
    )
    write_release(tmp_path / "m.csv", Release(rows=rows, left_out={}), private=True)
    assert (tmp_path / "m.csv").stat().st_mode & 0o777 == 0o600
    for row, item in zip(rows, read_manifest(tmp_path / "m.csv"), strict=True):
        assert (row.audio, row.heard, row.video, row.part) == (item.audio, item.heard, item.video, item.part)
    apart = Row(id="x", label="sad", audio=a, heard=span, video=a, part=Part(end_s=1.0))
    with pytest.raises(ValueError, match="different parts of sound and picture"):
        write_release(tmp_path / "n.csv", Release(rows=(apart,), left_out={}))


def spans(folder: Path) -> Path:
    """A manifest of overlapping parts of one recording, of which the last is beyond its end."""
    sound(folder / "talk.wav", 10.0)
    rows = ["id,label,audio,start_s,end_s"]
    for k, start_s in enumerate((0, 0.5, 4, 4.5, 8, 8.5)):
        rows.append(f"i{k},{('sad', 'happy')[k % 2]},talk.wav,{start_s},{start_s + 1}")
    (folder / "m.csv").write_text("\n".join([*rows, "late,sad,talk.wav,10.5,11.5"]) + "\n")
    return folder / "m.csv"


def test_several_items_of_one_recording(tmp_path: Path) -> None:
    path = spans(tmp_path)
    dataset = open_manifest(path, cache=tmp_path / "cache", jobs=0, folds=3)
    assert [one.id for one in dataset.left_out] == ["late"] and "from 10.5 s to 11.5 s" in dataset.left_out[0].reason
    assert dataset.notes[0] == "3 folds by stretch of time, since there are fewer than 3 recordings"
    fold = dataset.open("fold01")
    assert (fold.test.labels.tolist(), fold.dev.labels.tolist(), len(fold.train)) == ([1, 0], [1, 0], 2)
    files = sorted((tmp_path / "cache" / "voice").iterdir())
    assert len(files) == 6
    before = [one.stat().st_mtime_ns for one in files]
    open_manifest(path, cache=tmp_path / "cache", jobs=0, folds=3)
    assert [one.stat().st_mtime_ns for one in files] == before


def test_items_for_a_model_that_is_there(tmp_path: Path) -> None:
    path = spans(tmp_path)
    path.write_text(path.read_text().replace("i5,happy", "i5,Surprise"))
    found = open_items(
        path,
        ("sad", "happy", "surprise"),
        use=MODALITIES,
        dims={"audio": 120, "video": 7, "text": 5},
        face_encoder=None,
        vectors=None,
        mfcc=dict(MFCC_SETTINGS),
        cache=tmp_path / "cache",
        jobs=0,
    )
    assert isinstance(found.utterances, CachedUtterances) and found.modalities == ("audio",)
    assert found.utterances.labels.tolist() == [0, 1, 0, 1, 0, 2] and [one.id for one in found.left_out] == ["late"]
    batch = found.utterances.batch(np.array([0, 5]), MODALITIES, full=False)
    assert batch.lengths["video"].tolist() == [0, 0] and batch.inputs["video"].shape == (2, 1, 7)
    assert batch.lengths["audio"].tolist() == [98, 98]
    path.write_text(path.read_text().replace("Surprise", "joy"))
    with pytest.raises(DataError, match="unknown label 'joy'; the labels are sad, happy, surprise"):
        open_items(
            path, ("sad", "happy", "surprise"), use=MODALITIES, dims={}, face_encoder=None, vectors=None, mfcc={}
        )


def test_an_evaluated_span_is_the_one_that_is_learned_from() -> None:
    part = Part(start_s=5.0, end_s=6.5)
    item = Item(row=2, id="span", label=0, audio=SAMPLE, heard=part, video=SAMPLE, part=part)
    material = read_item(item, FaceTracker(), SessionConfig().track_hz)
    np.testing.assert_array_equal(material.audio, MediaExtractor(None).extract(requests_of(item)["audio"]))
    assert 140 <= len(material.audio) <= 150
    assert 0 <= material.audio_times_s[0] < material.audio_times_s[-1] < 1.5
    assert 4 <= len(material.crops) <= 5 and 0 <= material.crop_times_s[0] < material.crop_times_s[-1] < 1.5


def test_folds_of_few_and_of_several_recordings(tmp_path: Path) -> None:
    path = spans(tmp_path)
    path.write_text("\n".join(path.read_text().splitlines()[:5]) + "\n")
    with pytest.raises(DataError, match="has 2 stretches of time that lie apart: it takes three"):
        open_manifest(path, cache=tmp_path / "cache", jobs=0)
    rows = ["id,label,audio,start_s,end_s"]
    for k in range(4):
        sound(tmp_path / f"{k}.wav", 3.0)
        rows += [f"{k}{name},{name},{k}.wav,{at},{at + 1}" for at, name in ((0, "sad"), (0.5, "happy"))]
    path.write_text("\n".join(rows[:3]) + "\n")
    with pytest.raises(DataError, match="has one stretch of time only: it takes three"):
        open_manifest(path, cache=tmp_path / "cache", jobs=0)
    path.write_text("\n".join(rows) + "\n")
    dataset = open_manifest(path, cache=tmp_path / "cache", jobs=0, folds=5)
    assert dataset.notes[0] == "4 folds by recording (4 recordings)" and len(dataset.folds) == 4
