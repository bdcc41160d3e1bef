"""Turn face crops into embeddings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from engine.errors import AssetError
from engine.features.face_crop import Picture, grey_face, resize, square
from engine.types import FloatArray

_REINSTALL = "install Attune again, or train a face encoder with `attune train face`"
_IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_IMAGENET_STD = np.array([0.229, 0.224, 0.225], np.float32)


class FaceEncoder(Protocol):
    """What turns faces into vectors.

    Attributes
    ----------
    name : names the encoder in checkpoints.
    dim : length of an embedding.
    """

    @property
    def name(self) -> str:
        """Name of the encoder."""

    @property
    def dim(self) -> int:
        """Length of an embedding."""

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32."""


def load_face_encoder(choice: Literal["bundled", "resnet101"] = "bundled") -> FaceEncoder:
    """Open a face encoder.

    Parameters
    ----------
    choice : "bundled", the compact network that ships with Attune; or "resnet101", torchvision's
        ImageNet network, whose weights torchvision downloads once.

    Raises
    ------
    AssetError : the weights are missing or damaged, or cannot be downloaded.
    ValueError : there is no such encoder.
    """
    if choice == "bundled":
        return OnnxFaceEncoder(Path(str(files("assets") / "face_encoder.onnx")))
    if choice == "resnet101":
        return ResNet101Encoder()
    raise ValueError(f"there is no face encoder {choice!r}: choose bundled or resnet101")


def find_face_encoder(name: str, beside: Path) -> FaceEncoder:
    """Open the face encoder that a checkpoint was trained with.

    Parameters
    ----------
    name : its name in the checkpoint.
    beside : folder of the checkpoint, where face_encoder.onnx and face_encoder.json may lie.

    Raises
    ------
    AssetError : it is neither there nor one that `load_face_encoder` knows, or it is damaged.
    """
    card = beside / "face_encoder.json"
    if card.is_file() and _read_card(card)[0] == name:
        return OnnxFaceEncoder(card.with_suffix(".onnx"))
    if name == ResNet101Encoder.name:
        return load_face_encoder("resnet101")
    bundled = load_face_encoder()
    if bundled.name == name:
        return bundled
    raise AssetError(
        f"the models were trained with the face encoder {name}, which is not here: put its face_encoder.onnx and "
        f"face_encoder.json into {beside}"
    )


class OnnxFaceEncoder:
    """A network over one grey face in ONNX format, run by ONNX Runtime on one thread.

    Parameters
    ----------
    model : ONNX file with input ``faces`` [n, 1, size, size] in 0..1 and output ``embedding`` [n, dim].
        A JSON file of the same name beside it holds ``name``, ``embedding_dim`` and ``input_size``.

    Raises
    ------
    AssetError : one of the two files is missing, damaged, or does not fit the other.
    """

    def __init__(self, model: Path) -> None:
        import onnxruntime

        self.name, self.dim, self._size = _read_card(model.with_suffix(".json"))
        if not model.is_file():
            raise AssetError(f"the face encoder {model} is missing: {_REINSTALL}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            found = (self._session.get_inputs()[0].shape[1:], self._session.get_outputs()[0].shape[1:])
        except Exception as error:  # onnxruntime's errors have no base of their own
            raise AssetError(f"the face encoder {model} is damaged ({error}): {_REINSTALL}") from error
        if found != ([1, self._size, self._size], [self.dim]):
            raise AssetError(f"the face encoder {model} and its JSON file differ in their sizes: {_REINSTALL}")

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, dim] f32."""
        if not crops:
            return np.zeros((0, self.dim), np.float32)
        faces = np.stack([grey_face(crop, self._size) for crop in crops])[:, None].astype(np.float32) / 255
        (embedding,) = self._session.run(["embedding"], {"faces": faces})
        return np.asarray(embedding, np.float32)


def _read_card(path: Path) -> tuple[str, int, int]:
    """Name, length of the embedding and input size that the JSON file of an encoder states."""
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        return str(card["name"]), int(card["embedding_dim"]), int(card["input_size"])
    except FileNotFoundError:
        raise AssetError(f"the description {path} of the face encoder is missing: {_REINSTALL}") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetError(f"the description {path} of the face encoder is damaged ({error!r}): {_REINSTALL}") from error


class ResNet101Encoder:
    """Pooled features of torchvision's ResNet-101 on ImageNet, as in the paper: 2048 numbers.

    Parameters
    ----------
    weights : "imagenet" for torchvision's default weights, which it downloads once and keeps; None
        for random ones, to try the architecture.

    Raises
    ------
    AssetError : the weights cannot be downloaded.
    """

    name = "resnet101"
    dim = 2048
    size = 224

    def __init__(self, weights: Literal["imagenet"] | None = "imagenet") -> None:
        import torch
        from torchvision.models import ResNet101_Weights, resnet101

        self._torch = torch
        network = resnet101(weights=None)
        if weights is not None:
            try:
                network.load_state_dict(ResNet101_Weights.DEFAULT.get_state_dict(progress=False, check_hash=True))
            except (OSError, RuntimeError) as error:
                raise AssetError(
                    f"the weights of ResNet-101 cannot be downloaded ({error}): connect to the internet once, "
                    f"put {ResNet101_Weights.DEFAULT.url} into {torch.hub.get_dir()}/checkpoints, "
                    "or use the bundled face encoder"
                ) from error
        network.fc = torch.nn.Identity()
        self._network = network.eval()

    def encode(self, crops: Sequence[Picture]) -> FloatArray:
        """Embed n crops, each [h, w, 3] u8. Returns [n, 2048] f32."""
        if not crops:
            return np.zeros((0, self.dim), np.float32)
        pictures = np.stack([resize(square(crop), self.size) for crop in crops]).astype(np.float32) / 255
        batch = ((pictures - _IMAGENET_MEAN) / _IMAGENET_STD).transpose(0, 3, 1, 2).copy()
        with self._torch.inference_mode():
            return np.asarray(self._network(self._torch.from_numpy(batch)).numpy(), np.float32)
