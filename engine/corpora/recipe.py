"""What is extracted from media files, and what names it in the cache.

A sequence is named by the content of its files and by everything that decides what comes out: so the same recording
under another name is found, and a changed one or other settings are not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.config import AUDIO_DIM, FACE_RATE_HZ, MAX_AUDIO_FRAMES, MAX_FACES, SessionConfig
from engine.corpora.contents import read_content
from engine.corpora.item import face_files
from engine.corpora.manifest import WHOLE, Item, Part

if TYPE_CHECKING:
    from engine.features.face_encoder import FaceEncoder

CODE_VERSION = 1
"""Raise it when the same files and settings give other features: what is in the caches is then made anew."""

Kind = Literal["voice", "pictures", "face"]
"""Voice of a recording, pictures of cropped faces, face in a recording."""

DEFAULT_TRACK_HZ = SessionConfig().track_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceRecipe:
    """How faces become vectors.

    Attributes
    ----------
    encoder : "bundled", "resnet101" or the path of an ONNX file.
    name, dim : of the encoder.
    weights : checksum of its weights, empty where they are downloaded and checked.
    track_hz : media rate at which the face of a video is followed.
    """

    encoder: str
    name: str
    dim: int
    weights: str = ""
    track_hz: float = DEFAULT_TRACK_HZ


def face_recipe(encoder: str = "bundled", track_hz: float = DEFAULT_TRACK_HZ) -> FaceRecipe:
    """Look up a face encoder.

    Raises
    ------
    AssetError
        When it is missing or damaged.
    """
    from engine.features.face_resnet import ResNet101Encoder

    if encoder == "resnet101":
        name, dim = ResNet101Encoder.name, ResNet101Encoder.dim
        return FaceRecipe(encoder=encoder, name=name, dim=dim, track_hz=track_hz)
    opened = open_face_encoder(encoder)
    weights = Path(str(files("assets") / "face_encoder.onnx")) if encoder == "bundled" else Path(encoder)
    checksum = read_content(weights).sha256
    return FaceRecipe(encoder=encoder, name=opened.name, dim=opened.dim, weights=checksum, track_hz=track_hz)


def open_face_encoder(encoder: str) -> FaceEncoder:
    """Open "bundled", "resnet101" or an ONNX file.

    Raises
    ------
    AssetError
        When it is missing or damaged.
    """
    from engine.features.face_encoder import OnnxFaceEncoder, load_face_encoder

    if encoder in ("bundled", "resnet101"):
        return load_face_encoder(encoder)  # type: ignore[arg-type]
    return OnnxFaceEncoder(Path(encoder))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Features that an item needs.

    Attributes
    ----------
    kind : what is to be extracted.
    path : recording, picture, or folder of pictures.
    part : part of the recording.
    """

    kind: Kind
    path: Path
    part: Part = WHOLE

    def files(self) -> Sequence[Path]:
        """The files whose content decides what comes out.

        Raises
        ------
        DataError
            When a folder holds no picture.
        """
        return face_files(self.path) if self.kind == "pictures" else [self.path]


def requests_of(item: Item) -> dict[str, Request]:
    """What is to be extracted for an item, by modality."""
    out = {}
    if item.audio is not None:
        out["audio"] = Request(kind="voice", path=item.audio, part=item.heard)
    if item.faces is not None:
        out["video"] = Request(kind="pictures", path=item.faces)
    elif item.video is not None:
        out["video"] = Request(kind="face", path=item.video, part=item.part)
    return out


class Settings:
    """What decides, besides the files, which features come out.

    Parameters
    ----------
    mfcc : settings of the audio features.
    face : how faces become vectors; None where no face is used.
    """

    def __init__(self, mfcc: Mapping[str, object], face: FaceRecipe | None) -> None:
        self.face = face
        shared: dict[str, object] = {"code": CODE_VERSION}
        self._texts: dict[Kind, str] = {"voice": _text(shared | {"mfcc": dict(mfcc), "frames": MAX_AUDIO_FRAMES})}
        if face is not None:
            encoder = {"encoder": face.name, "dim": face.dim, "weights": face.weights}
            faces = shared | encoder | {"rate_hz": FACE_RATE_HZ, "faces": MAX_FACES}
            self._texts |= {"pictures": _text(faces), "face": _text(faces | {"track_hz": face.track_hz})}

    def dim(self, kind: Kind) -> int:
        """Features per frame."""
        if kind == "voice":
            return AUDIO_DIM
        assert self.face is not None
        return self.face.dim

    def key(self, request: Request, checksums: Sequence[str]) -> str:
        """What names the features of a request whose files have these checksums."""
        facts = [request.kind, self._texts[request.kind], asdict(request.part), list(checksums)]
        return hashlib.sha256(_text(facts).encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
