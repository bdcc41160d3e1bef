"""When results are made again: whenever anything that fixes them is another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.analysis.summary import origin
from engine.components import _speech_model
from engine.config import SessionConfig
from engine.files import sampled_checksum
from tests.analysis.doubles import Doubles


@pytest.mark.parametrize("part", ["face_encoder", "vectors"])
def test_another_encoder_or_other_vectors_of_the_same_name_are_noticed(part: str) -> None:
    components, config = Doubles(), SessionConfig()
    before = origin(components, config, "0")  # type: ignore[arg-type]
    assert origin(Doubles(), config, "0") == before  # type: ignore[arg-type]
    getattr(components, part).checksum = "another"
    assert origin(components, config, "0") != before  # type: ignore[arg-type]


def test_another_speech_model_in_the_same_place_is_noticed(tmp_path: Path) -> None:
    model = tmp_path / "vosk-model"
    (model / "am").mkdir(parents=True)
    (model / "am" / "final.mdl").write_bytes(bytes(100_000))
    config = SessionConfig(asr="vosk", asr_model=str(model))
    before = _speech_model(config)
    assert before is not None and _speech_model(config) == before
    assert _speech_model(replace(config, asr="none")) is None
    assert _speech_model(SessionConfig()) is None
    (model / "am" / "final.mdl").write_bytes(bytes(100_001))
    assert _speech_model(config) != before
    (model / "am" / "final.mdl").rename(model / "am" / "other.mdl")
    assert _speech_model(config) not in (before, None)


def test_a_checksum_of_pieces_tells_files_apart(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(bytes(1000))
    before = sampled_checksum(path)
    path.write_bytes(bytes(999) + b"\1")
    assert sampled_checksum(path) != before
