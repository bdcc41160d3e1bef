"""Turn face crops into embeddings."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from engine.assets import assets_folder
from engine.device import CPU, Device, DeviceError, WithSpare
from engine.errors import AssetError
from engine.features.face_crop import Picture, grey_face
from engine.features.face_resnet import ResNet101Encoder
from engine.features.onnx_session import open_session
from engine.types import FloatArray

_log = logging.getLogger(__name__)

REINSTALL = "install Attune again, or train a face encoder with `attune train face`"
"""What to do where a file is missing or damaged."""

_MOST_JSON_BYTES, _MOST_DIM, _MOST_SIZE = 1 << 20, 8192, 1024


class FaceEncoder(Protocol):
    """What turns faces into vectors.

    Attributes
    ----------
    name : names the encoder in checkpoints.
    dim : length of an embedding.
    checksum : of its weights, or of the graph that holds them.
    """

    @property
    def name(self) -> str:
        """Name of the encoder."""

    @property
    def dim(self) -> int:
        """Length of an embedding."""

    @property
    def checksum(self) -> str:
        """Tells it from another of its name."""

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32."""


def load_face_encoder(choice: Literal["bundled", "resnet101"] = "bundled", device: Device = CPU) -> FaceEncoder:
    """Open a face encoder.

    Parameters
    ----------
    choice : "bundled", the compact network that ships with Attune; or "resnet101", torchvision's
        ImageNet network, whose weights torchvision downloads once.
    device : where it runs.

    Raises
    ------
    AssetError : the weights are missing or damaged, or cannot be downloaded.
    ValueError : there is no such encoder.
    """
    if choice == "bundled":
        return open_face_encoder(assets_folder() / "face_encoder.onnx", device)
    if choice == "resnet101":
        encoder = ResNet101Encoder(device=device)
        return encoder if device == CPU else SparedFaceEncoder(encoder, ResNet101Encoder)
    raise ValueError(f"there is no face encoder {choice!r}: choose bundled or resnet101")


def find_face_encoder(name: str, beside: Path, device: Device = CPU) -> FaceEncoder:
    """Open the face encoder that a checkpoint was trained with.

    Parameters
    ----------
    name : its name in the checkpoint.
    beside : folder of the checkpoint, where face_encoder.onnx and face_encoder.json may lie.
    device : where it runs.

    Raises
    ------
    AssetError : it is neither there nor one that `load_face_encoder` knows, or it is damaged.
    """
    if name == ResNet101Encoder.name:
        return ResNet101Encoder(device=device, download=False)
    for folder in (beside, assets_folder()):
        card = folder / "face_encoder.json"
        if (card.is_file() or folder != beside) and read_card(card).name == name:
            return open_face_encoder(card.with_suffix(".onnx"), device)
    raise AssetError(
        f"the models were trained with the face encoder {name}, which is not here: put its face_encoder.onnx and "
        f"face_encoder.json into {beside}"
    )


def open_face_encoder(model: Path, device: Device = CPU) -> FaceEncoder:
    """Open an encoder that was made by ``attune train face``.

    Parameters
    ----------
    model : its ONNX file, which runs on the processor, with its JSON file beside it. On another device runs the file
        of its weights, NAME.safetensors; where there is none, the encoder stays on the processor.
    device : where it runs.

    Raises
    ------
    AssetError : one of the files is missing, damaged, or does not fit the other.
    """
    weights = model.with_suffix(".safetensors")
    if device == CPU:
        return OnnxFaceEncoder(model)
    if not weights.is_file():
        _log.warning("%s is missing: the face encoder stays on the processor", weights)
        return OnnxFaceEncoder(model)
    from engine.features.face_resident import ResidentFaceEncoder

    encoder = ResidentFaceEncoder(weights, read_card(model.with_suffix(".json")), device)
    return SparedFaceEncoder(encoder, lambda: OnnxFaceEncoder(model))


class SparedFaceEncoder:
    """An encoder on a device, and the same on the processor once that has failed: see `engine.device.WithSpare`."""

    def __init__(self, first: FaceEncoder, make_spare: Callable[[], FaceEncoder]) -> None:
        self.name, self.dim, self.checksum = first.name, first.dim, first.checksum
        self._encoder = WithSpare(first, make_spare)

    @property
    def failure(self) -> DeviceError | None:
        """What the device has failed with; None while it works."""
        return self._encoder.failure

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32."""
        return self._encoder.do(lambda encoder: encoder.encode(crops))


class OnnxFaceEncoder:
    """A network over one grey face in ONNX format, run by ONNX Runtime on the thread of the caller.

    Parameters
    ----------
    model : ONNX file with input ``faces`` [n, 1, size, size] in 0..1 and output ``embedding`` [n, dim].
        A JSON file of the same name beside it holds ``name``, ``embedding_dim`` and ``input_size``.

    Raises
    ------
    AssetError : one of the two files is missing, damaged, or does not fit the other.
    """

    def __init__(self, model: Path) -> None:
        card = read_card(model.with_suffix(".json"))
        self.name, self.dim, self._size = card.name, card.dim, card.size
        if not model.is_file():
            raise AssetError(f"the face encoder {model} is missing: {REINSTALL}")
        try:
            content = model.read_bytes()
            self._session = open_session(content)
            self.checksum = hashlib.sha256(content).hexdigest()
            found = (self._session.get_inputs()[0].shape[1:], self._session.get_outputs()[0].shape[1:])
        except Exception as error:  # onnxruntime's errors have no base of their own
            raise AssetError(f"the face encoder {model} is damaged ({error}): {REINSTALL}") from error
        if found != ([1, self._size, self._size], [self.dim]):
            raise AssetError(f"the face encoder {model} and its JSON file differ in their sizes: {REINSTALL}")

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32.

        One by one, which takes a tenth longer than all at once: so an embedding is the same bits whatever is beside it.
        """
        embeddings = np.zeros((len(crops), self.dim), np.float32)
        for row, crop in zip(embeddings, crops, strict=True):
            face = grey_face(crop, self._size)[None, None].astype(np.float32) / 255
            row[:] = self._session.run(["embedding"], {"faces": face})[0][0]
        return embeddings


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What the JSON file of an encoder states: its name, length of an embedding, side of its input, and width."""

    name: str
    dim: int
    size: int
    width: int | None


def read_card(path: Path) -> EncoderCard:
    """Read the JSON file of an encoder.

    Raises
    ------
    AssetError : it is missing or damaged.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_JSON_BYTES)
        card = json.loads(data)
        width = card.get("recipe", {}).get("width")
        return EncoderCard(
            str(card["name"]),
            _whole(card["embedding_dim"], _MOST_DIM),
            _whole(card["input_size"], _MOST_SIZE),
            None if width is None else _whole(width, _MOST_DIM),
        )
    except FileNotFoundError:
        raise AssetError(f"the description {path} of the face encoder is missing: {REINSTALL}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AssetError(f"the description {path} of the face encoder is damaged ({error!r}): {REINSTALL}") from error


def _whole(value: object, most: int) -> int:
    """A size that a description states: nothing is allocated by one that no encoder has."""
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError(f"a size must be a whole number from 1 to {most}, found {value!r:.60}")
    return value
