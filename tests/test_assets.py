from __future__ import annotations

from pathlib import Path

import pytest

from engine import assets
from engine.errors import AssetError


def test_every_bundled_file_is_listed_once() -> None:
    names = [one.name for one in assets.list_assets()]
    assert set(assets.BUNDLED) <= set(names)
    assert len(names) == len(set(names))


def test_parts_of_dependencies_are_found_with_their_size() -> None:
    carried = [one for one in assets.list_assets() if one.status == "from a dependency"]
    assert {one.name for one in carried} == {"MTCNN", "Silero VAD", "Whisper tiny.en", "GloVe 6B 50-d"}
    for one in carried:
        assert one.path is not None and one.path.exists()
        assert one.size_bytes is not None and one.size_bytes > 100_000


def test_every_part_names_its_licence_and_origin() -> None:
    for one in assets.list_assets():
        assert one.licence and one.origin and one.purpose


def test_a_missing_bundled_file_is_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "assets_folder", lambda: tmp_path)
    (tmp_path / "self.onnx").write_bytes(b"12345")
    status = {one.name: (one.status, one.size_bytes) for one in assets.list_assets()}
    assert status["self.onnx"] == ("bundled", 5)
    assert status["cross.onnx"] == ("missing", None)
    with pytest.raises(AssetError, match=r"cross\.onnx is missing"):
        assets.bundled("cross.onnx")
    assert assets.bundled("self.onnx") == tmp_path / "self.onnx"


def test_a_package_that_is_not_installed_is_missing() -> None:
    one = assets._carried("X", "nothing", "no-such", "MIT", "no_such_package_at_all", "data")
    assert one.status == "missing" and one.size_bytes is None


def test_downloads_are_found_where_their_own_tools_put_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "vosk"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim"))
    before = {one.name: one.status for one in assets.list_assets()}
    assert before["ResNet-101"] == "downloadable" and before["glove-wiki-gigaword-300"] == "downloadable"
    weights = tmp_path / "torch" / "hub" / "checkpoints" / "resnet101-cd907fc2.pth"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"123")
    (tmp_path / "vosk" / "vosk-model-small-en-us-0.15").mkdir(parents=True)
    (tmp_path / "gensim" / "glove-wiki-gigaword-300").mkdir(parents=True)
    after = {one.name: one for one in assets.list_assets()}
    assert after["ResNet-101"].path == weights and after["ResNet-101"].size_bytes == 3
    assert after["vosk-model-small-en-us"].status == "downloaded"
    assert after["glove-wiki-gigaword-300"].status == "downloaded"
