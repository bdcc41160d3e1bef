"""Which features are loaded for which checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.components import load_components
from engine.config import SessionConfig
from engine.errors import AssetError, CheckpointError, SourceError
from engine.models.card import CheckpointCard
from engine.models.checkpoint import save_checkpoint
from engine.models.fusion import FusionConfig, FusionModel
from engine.session import Session
from tests.fakes import FakeHearing, FakeSource

DIMS = {"audio": 120, "video": 256, "text": 50}


def save(
    folder: Path, *modalities: str, fusion: str = "self", encoder: str = "attune-face-1", vectors: str = "glove-6b-50d"
):
    config = FusionConfig(
        fusion=fusion, modalities=modalities, dims={name: DIMS[name] for name in modalities}, hidden=12
    )
    seen, said = "video" in modalities, "text" in modalities
    card = CheckpointCard(
        face_encoder=encoder if seen else None,
        face_dim=DIMS["video"] if seen else None,
        vectors=vectors if said else None,
        text_dim=DIMS["text"] if said else None,
    )
    return str(save_checkpoint(folder, "model", FusionModel(config).eval(), card))


def load(*models: str, **settings: str):
    return load_components(SessionConfig(models=models, **settings), audio=False)


def test_without_a_model_that_uses_the_face_nothing_looks_for_faces(tmp_path: Path) -> None:
    parts = load(save(tmp_path, "audio"))
    assert parts.face_encoder is None and parts.face_tracker is None and parts.face_dim == 0
    with pytest.raises(SourceError, match="has no sound, and these models do not use the face"):
        Session(FakeSource([], has_audio=False), parts, SessionConfig(), hearing=FakeHearing())
    session = Session(FakeSource([]), parts, SessionConfig(), hearing=FakeHearing())
    assert "face" not in session.snapshot().latency


def test_the_face_encoder_is_the_one_that_a_checkpoint_names(tmp_path: Path) -> None:
    parts = load_components(SessionConfig(models=(save(tmp_path / "a", "video"),)), audio=False, video=False)
    assert parts.face_encoder is not None and parts.face_encoder.name == "attune-face-1"
    assert parts.face_tracker is None
    with pytest.raises(AssetError, match=r"face encoder mine, which is not here: put its face_encoder\.onnx"):
        load(save(tmp_path / "b", "video", encoder="mine"))
    with pytest.raises(CheckpointError, match=r"needs the face encoder attune-face-1, but .* needs mine"):
        load(save(tmp_path / "a", "video"), save(tmp_path / "c", "audio", "video", fusion="cross", encoder="mine"))


@pytest.mark.parametrize("name", ["glove-6b-50d", "glove-wiki-gigaword-50", "GloVe.6B.50d"])
def test_word_vectors_are_known_by_any_of_their_names(tmp_path: Path, name: str) -> None:
    assert load(save(tmp_path, "text", vectors=name)).vectors.name == "glove-6b-50d"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("glove-twitter-50", "give --word-vectors glove-twitter-50, which gensim downloads once"),
        ("my-vectors", r"give the path of their file, such as my-vectors\.txt, with --word-vectors"),
    ],
)
def test_other_word_vectors_are_refused_with_advice(tmp_path: Path, name: str, advice: str) -> None:
    with pytest.raises(CheckpointError, match=f"trained with the word vectors {name} .*{advice}"):
        load(save(tmp_path, "text", vectors=name))


def test_where_the_default_vectors_are_needed_others_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "small.txt"
    file.write_text("a 1 2\nb 3 4\n")
    with pytest.raises(CheckpointError, match="leave --word-vectors out"):
        load(save(tmp_path, "text"), word_vectors=str(file))
