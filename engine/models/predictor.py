"""From an utterance window to calibrated probabilities and attention maps, for every running fusion model."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Literal

from engine.config import MODALITIES, Fusion, Modality, SessionConfig
from engine.device import CPU, Device, DeviceError, WithSpare
from engine.models.card import check_features
from engine.models.chosen import load_chosen, shared_labels
from engine.models.onnx import OnnxBackend, open_onnx
from engine.models.runner import BackendName, Batch, OnnxRunner, Result, Runner
from engine.models.running import RunningModel
from engine.models.stored import Stored
from engine.models.weights import convolutions
from engine.types import FloatArray, Outcome, UtteranceWindow

logger = logging.getLogger(__name__)


class Predictor:
    """Runs every chosen fusion model over utterance windows. The same window always gives the same outcome.

    Parameters
    ----------
    models : what runs.
    runner : what runs them.
    make_spare : makes what runs them from then on when the device of ``runner`` has failed.

    Attributes
    ----------
    models : what runs, in its order.
    fusions : the kinds of these models.
    labels : the classes, in the order of all probabilities.
    uses : per model the modalities that it was trained with.
    modalities : those that any of the models uses.
    """

    def __init__(
        self, models: Mapping[Fusion, RunningModel], runner: Runner, make_spare: Callable[[], Runner] | None = None
    ) -> None:
        self.models = dict(models)
        self.fusions: tuple[Fusion, ...] = tuple(self.models)
        self.labels = next(iter(self.models.values())).labels
        self.uses: Mapping[Fusion, tuple[Modality, ...]] = {
            fusion: model.config.modalities for fusion, model in self.models.items()
        }
        every = {name for used in self.uses.values() for name in used}
        self.modalities: tuple[Modality, ...] = tuple(name for name in MODALITIES if name in every)
        self._runner = WithSpare(runner, make_spare)
        self._described = {fusion: _describe(model) for fusion, model in self.models.items()}

    @property
    def runner(self) -> Runner:
        """What runs them now."""
        return self._runner.now

    @property
    def failure(self) -> DeviceError | None:
        """What their device has failed with, so that they run on the processor; None while it works."""
        return self._runner.failure

    @property
    def backend(self) -> BackendName:
        """What they run in: "onnx" or "torch"."""
        return self.runner.info.backend

    @property
    def info(self) -> Mapping[str, object]:
        """What a summary should say about the models and where they run; only values that JSON can hold."""
        return {**asdict(self.runner.info), "models": self._described}

    def predict(self, window: UtteranceWindow, *, maps: bool = True) -> dict[Fusion, Outcome]:
        """The outcome of each model; of those that find none of their modalities in the window, nothing.

        A modality without frames is absent: the temporal preset has learned what that means, the paper preset
        sees zeros. Attention maps that would need it are left out, and without ``maps`` all are; the probabilities
        are the same bits.

        Raises
        ------
        DeviceError
            When the device has failed or has no memory left, and nothing can take its place.
        """
        models = self._seeing(window)
        results = self._run({fusion: model.batch(window) for fusion, model in models.items()}, maps=maps)
        return {fusion: model.outcome(window, results[fusion]) for fusion, model in models.items()}

    def subsets(self, window: UtteranceWindow) -> dict[Fusion, FloatArray]:
        """Per model the probabilities [8, k] with every subset of the modalities, all in one call.

        See `RunningModel.subset_probabilities` for their order.

        Raises
        ------
        DeviceError
            When the device has failed or has no memory left, and nothing can take its place.
        """
        models = self._seeing(window)
        results = self._run({fusion: model.subset_batch(window) for fusion, model in models.items()}, maps=False)
        return {fusion: model.subset_probabilities(window, results[fusion]) for fusion, model in models.items()}

    def _run(self, batches: Mapping[Fusion, Batch], *, maps: bool) -> dict[Fusion, Result]:
        return self._runner.do(lambda runner: runner.run(batches, maps=maps))

    def _seeing(self, window: UtteranceWindow) -> dict[Fusion, RunningModel]:
        """The models that find any of their modalities in a window."""
        return {fusion: model for fusion, model in self.models.items() if model.here(window)}


def load_predictor(
    config: SessionConfig,
    *,
    face_encoder: str,
    face_dim: int,
    vectors: str,
    text_dim: int,
    device: Device = CPU,
    backend: Literal["auto", "onnx", "torch"] = "auto",
) -> Predictor:
    """Load the checkpoints that ``config`` asks for; see `load_chosen`.

    Parameters
    ----------
    config : ``models``, ``model_dir`` and ``fusions`` say which.
    face_encoder, face_dim, vectors, text_dim : the features that run; the checkpoints must have been trained on them.
    device, backend : as for `make_predictor`.

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
    return make_predictor(chosen, device, backend)


def make_predictor(
    chosen: Mapping[Fusion, Stored], device: Device = CPU, backend: Literal["auto", "onnx", "torch"] = "auto"
) -> Predictor:
    """Make loaded checkpoints run.

    Parameters
    ----------
    chosen : what runs; their classes must be the same.
    device : where.
    backend : "onnx" runs NAME.onnx, and where there is none, one that is traced now; "torch" the weights themselves.
        "auto" takes onnx on the processor, where PyTorch is then imported for tracing only, and torch elsewhere.

    Raises
    ------
    AssetError
        When tracing is needed and the package onnx is missing.
    CheckpointError
        When the models know different classes, or an ONNX file is damaged or was made from other weights.
    StageError
        When the device fails or has not enough memory.
    """
    labels = shared_labels(chosen)
    models = {
        fusion: RunningModel(
            config=one.config,
            card=one.card,
            checksum=one.checksum,
            conv_weights=convolutions(one.weights, one.config),
            labels=labels,
        )
        for fusion, one in chosen.items()
    }
    spare = None if device == CPU else lambda: _on_processor(chosen)
    return Predictor(models, _make_runner(chosen, device, backend), spare)


def _make_runner(chosen: Mapping[Fusion, Stored], device: Device, backend: str) -> Runner:
    if backend not in ("auto", "onnx", "torch"):
        raise ValueError(f"the backend is auto, onnx or torch, not {backend!r}")
    if backend == "onnx" or (backend == "auto" and device == CPU):
        return _on_processor(chosen)
    from engine.models.checkpoint import build_model
    from engine.models.torch_runner import TorchRunner

    return TorchRunner({fusion: build_model(one) for fusion, one in chosen.items()}, device)


def _on_processor(chosen: Mapping[Fusion, Stored]) -> Runner:
    return OnnxRunner({fusion: _graph(one) for fusion, one in chosen.items()})


def _graph(one: Stored) -> OnnxBackend:
    """The ONNX file of a checkpoint, or a graph that is traced now."""
    path = one.path.with_suffix(".onnx")
    if path.is_file():
        return open_onnx(path, one.config, one.checksum)
    logger.info("%s has no %s: it is traced now", one.path.parent, path.name)
    from engine.models.checkpoint import build_model
    from engine.models.onnx_export import traced_onnx

    return traced_onnx(build_model(one))


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
