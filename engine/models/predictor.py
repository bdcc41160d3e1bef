"""From an utterance window to calibrated probabilities and attention maps, for every running fusion model."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Literal

import torch

from engine.config import MODALITIES, Fusion, Modality, SessionConfig
from engine.models.backend import BackendName, TorchBackend
from engine.models.checkpoint import check_features, weights_sha256
from engine.models.chosen import Chosen, load_chosen, shared_labels
from engine.models.onnx import open_onnx, traced_onnx
from engine.models.running import RunningModel
from engine.types import FloatArray, Outcome, UtteranceWindow

logger = logging.getLogger(__name__)


class Predictor:
    """Runs every chosen fusion model over utterance windows. The same window always gives the same outcome.

    Attributes
    ----------
    models : what runs, in its order.
    fusions : the kinds of these models.
    labels : the classes, in the order of all probabilities.
    uses : per model the modalities that it was trained with.
    modalities : those that any of the models uses.
    backend : "onnx" or "torch".
    info : what a summary should say about the models; only values that JSON can hold.
    """

    def __init__(self, models: Mapping[Fusion, RunningModel], backend: str) -> None:
        self.models = dict(models)
        self.fusions: tuple[Fusion, ...] = tuple(self.models)
        self.labels = next(iter(self.models.values())).labels
        self.uses: Mapping[Fusion, tuple[Modality, ...]] = {
            fusion: model.config.modalities for fusion, model in self.models.items()
        }
        every = {name for used in self.uses.values() for name in used}
        self.modalities: tuple[Modality, ...] = tuple(name for name in MODALITIES if name in every)
        self.backend = backend
        self.info: Mapping[str, object] = {
            "backend": backend,
            "models": {fusion: _describe(model) for fusion, model in self.models.items()},
        }

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        """The outcome of each model; of those that find none of their modalities in the window, nothing.

        A modality without frames is absent: the temporal preset has learned what that means, the paper preset
        sees zeros. Attention maps that would need it are left out.
        """
        return {fusion: model.predict(window) for fusion, model in self.models.items() if model.here(window)}

    def subsets(self, window: UtteranceWindow) -> dict[Fusion, FloatArray]:
        """Per model the probabilities [8, k] with every subset of the modalities; see `RunningModel.subsets`."""
        return {fusion: model.subsets(window) for fusion, model in self.models.items() if model.here(window)}


def load_predictor(
    config: SessionConfig,
    *,
    face_encoder: str,
    face_dim: int,
    vectors: str,
    text_dim: int,
    backend: Literal["auto", "onnx", "torch"] = "auto",
) -> Predictor:
    """Load the checkpoints that ``config`` asks for; see `load_chosen`.

    Parameters
    ----------
    config : ``models``, ``model_dir`` and ``fusions`` say which.
    face_encoder, face_dim, vectors, text_dim : the features that run; the checkpoints must have been trained on them.
    backend : as for `make_predictor`.

    Raises
    ------
    AssetError
        When a checkpoint is missing.
    CheckpointError
        When one is damaged, holds another model than its name says, or does not fit the features or the others.
    """
    chosen = load_chosen(config)
    for one in chosen.values():
        check_features(one.card, face_encoder=face_encoder, face_dim=face_dim, vectors=vectors, text_dim=text_dim)
    return make_predictor(chosen, backend)


def make_predictor(chosen: Mapping[Fusion, Chosen], backend: Literal["auto", "onnx", "torch"] = "auto") -> Predictor:
    """Make loaded checkpoints run.

    Parameters
    ----------
    chosen : what runs; their classes must be the same.
    backend : "onnx" runs NAME.onnx on the CPU, and where there is none, one that is traced now; "torch" the weights
        themselves. "auto" takes torch when CUDA is there, else onnx.

    Raises
    ------
    AssetError
        When tracing is needed and the package onnx is missing.
    CheckpointError
        When the models know different classes, or an ONNX file is damaged or was made from other weights.
    """
    runs = _choose_backend(backend)
    labels = shared_labels(chosen)
    return Predictor({fusion: _prepare(one, labels, runs) for fusion, one in chosen.items()}, runs)


def _choose_backend(backend: str) -> BackendName:
    if backend in ("onnx", "torch"):
        return backend  # type: ignore[return-value]
    if backend != "auto":
        raise ValueError(f"the backend is auto, onnx or torch, not {backend!r}")
    return "torch" if torch.cuda.is_available() else "onnx"


def _prepare(one: Chosen, labels: tuple[str, ...], backend: BackendName) -> RunningModel:
    model, checksum = one.model, weights_sha256(one.model)
    convolutions = {
        name.split(".")[1]: value[:, :, 0].numpy().copy()
        for name, value in model.state_dict().items()
        if model.config.preset == "paper" and name.endswith("conv.weight")
    }
    onnx_path = one.path.with_suffix(".onnx")
    if backend == "onnx" and not onnx_path.is_file():
        logger.info("%s has no %s: it is traced now", one.path.parent, onnx_path.name)
    return RunningModel(
        config=model.config,
        card=one.card,
        checksum=checksum,
        backend=TorchBackend(model)
        if backend == "torch"
        else open_onnx(onnx_path, model.config, checksum)
        if onnx_path.is_file()
        else traced_onnx(model),
        conv_weights=convolutions,
        labels=labels,
    )


def _describe(model: RunningModel) -> dict[str, object]:
    return {
        "preset": model.config.preset,
        "modalities": list(model.config.modalities),
        "labels": list(model.labels),
        "pooling": model.config.pooling,
        "temperature": model.card.temperature,
        "temperatures": dict(model.card.temperatures),
        "unsure_threshold": model.card.unsure_threshold,
        "faithfulness": model.card.figures.get("faithfulness"),
        "weights_sha256": model.checksum,
        "face_encoder": model.card.face_encoder,
        "word_vectors": model.card.vectors,
        "versions": dict(model.card.versions),
    }
