from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.config import SessionConfig
from engine.corpora.extraction import MediaExtractor
from engine.corpora.item import read_item
from engine.corpora.manifest import Item, Part
from engine.corpora.media import open_manifest
from engine.corpora.recipe import Request, face_recipe, requests_of
from engine.errors import AssetError, DataError
from engine.features.face import FaceTracker
from engine.features.face_encoder import load_face_encoder
from tests.corpora.media import picture, sound

SAMPLE = Path(__file__).parents[2] / "assets" / "sample.mp4"


def test_features_are_those_of_an_evaluated_item(tmp_path: Path) -> None:
    voice = sound(tmp_path / "voice.wav", 1.0)
    item = Item(row=2, id="sample", label=0, audio=voice, video=SAMPLE, part=Part(start_s=1.0, end_s=2.5))
    extractor = MediaExtractor(face_recipe())
    found = {name: extractor.extract(request) for name, request in requests_of(item).items()}
    material = read_item(item, FaceTracker(), SessionConfig().track_hz)
    np.testing.assert_array_equal(found["audio"], material.audio)
    assert 3 <= len(material.crops) <= 6 and 0 <= material.crop_times_s[0] < material.crop_times_s[-1] < 1.5
    np.testing.assert_array_equal(found["video"], load_face_encoder().encode(material.crops))


def test_a_half_without_a_face_has_no_frames() -> None:
    request = Request(kind="face", path=SAMPLE, part=Part(end_s=0.5, side="left"))
    assert MediaExtractor(face_recipe()).extract(request).shape == (0, face_recipe().dim)


def test_pictures_in_order_of_name(tmp_path: Path) -> None:
    for k in (10, 9):
        picture(tmp_path / f"face{k}.png", 20 * k)
    recipe = face_recipe()
    values = MediaExtractor(recipe).extract(Request(kind="pictures", path=tmp_path))
    first = MediaExtractor(recipe).extract(Request(kind="pictures", path=tmp_path / "face9.png"))
    assert values.shape == (2, recipe.dim)
    np.testing.assert_allclose(values[:1], first, atol=1e-6)


def test_the_face_encoder_is_named_by_its_weights(tmp_path: Path) -> None:
    bundled = face_recipe()
    assert bundled.name == load_face_encoder().name and len(bundled.weights) == 64
    assets = SAMPLE.parent
    for suffix in ("onnx", "json"):
        (tmp_path / f"own.{suffix}").write_bytes((assets / f"face_encoder.{suffix}").read_bytes())
    assert face_recipe(str(tmp_path / "own.onnx")).weights == bundled.weights
    assert (face_recipe("resnet101").name, face_recipe("resnet101").dim) == ("resnet101", 2048)
    with pytest.raises(AssetError):
        face_recipe(str(tmp_path / "missing.onnx"))


def test_a_manifest_of_sound_and_pictures(tmp_path: Path) -> None:
    rows = ["id,label,audio,faces,text,speaker"]
    for k in range(6):
        sound(tmp_path / f"{k}.wav", 0.2 + 0.02 * k, pitch_hz=100.0 * (k + 1))
        picture(tmp_path / f"{k}.png", 30 * k)
        rows.append(f"i{k},{('sad', 'happy')[k % 2]},{k}.wav,{k}.png,I am here,s{k // 2}")
    (tmp_path / "broken.wav").write_text("no sound")
    rows.append("broken,sad,broken.wav,,,s0")
    path = tmp_path / "corpus.csv"
    path.write_text("\n".join(rows) + "\n")
    dataset = open_manifest(path, cache=tmp_path / "cache", jobs=0)
    assert dataset.classes == ("happy", "sad") and dataset.folds == ("fold01", "fold02", "fold03")
    assert [one.id for one in dataset.left_out] == ["broken"]
    batch = dataset.open("fold01").train.batch(np.array([0, 1]), ("audio", "video", "text"), full=False)
    assert batch.lengths["video"].tolist() == [1, 1] and batch.lengths["text"].tolist() == [3, 3]
    assert all(15 <= one <= 40 for one in batch.lengths["audio"])
    again = open_manifest(path, cache=tmp_path / "cache", jobs=0)
    assert again.fingerprint == dataset.fingerprint
    with pytest.raises(DataError, match=r"start again"):
        for file in (tmp_path / "cache" / "voice").iterdir():
            file.unlink()
        dataset.open("fold01").train.batch(np.array([0]), ("audio",), full=False)


def test_importing_is_cheap() -> None:
    heavy = "{'torch', 'av', 'librosa', 'onnxruntime', 'gensim', 'PIL', 'scipy'}"
    code = f"import sys, engine.corpora.media, engine.corpora.releases; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=SAMPLE.parents[1], check=False).returncode == 0
