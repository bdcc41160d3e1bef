"""From an utterance window to calibrated probabilities and attention maps, for every running fusion model."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from engine.assets import assets_folder
from engine.config import EMOTIONS, MODALITIES, Fusion, Modality, SessionConfig
from engine.errors import CheckpointError
from engine.models.checkpoint import CheckpointCard, check_features, checkpoint_paths, load_checkpoint, weights_sha256
from engine.models.fusion import FusionConfig, FusionModel, block_name
from engine.models.onnx import MAX_FRAMES, open_onnx
from engine.models.positions import back_project, frame_shares, group_times, position_times
from engine.types import AttentionMap, FloatArray, Outcome, UtteranceWindow

logger = logging.getLogger(__name__)

BackendName = Literal["onnx", "torch"]


class Backend(Protocol):
    """Runs one fusion model on padded arrays."""

    def run(
        self, inputs: Mapping[str, FloatArray], present: NDArray[np.bool_]
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] per block."""
        ...


class TorchBackend:
    """A fusion model that runs in PyTorch, on CUDA when it is there."""

    def __init__(self, model: FusionModel) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._masked = model.config.preset == "temporal"
        self._model = model.to(self._device).eval()

    def run(
        self, inputs: Mapping[str, FloatArray], present: NDArray[np.bool_]
    ) -> tuple[FloatArray, dict[str, FloatArray]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] per block."""
        tensors = {name: torch.tensor(x, device=self._device) for name, x in inputs.items()}
        mask = torch.tensor(present, device=self._device) if self._masked else None
        # TF32 would make a graphics card differ from the CPU by more than 1e-4.
        with torch.inference_mode(), torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
            output = self._model(**tensors, present=mask)
        return output.logits.cpu().numpy(), {name: x.cpu().numpy() for name, x in output.attention.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningModel:
    """One fusion model with what is needed to read its results.

    Attributes
    ----------
    config, card : of its checkpoint.
    checksum : of its weights.
    backend : what runs it.
    conv_weights : [positions, maximum frames] of the convolutions of the paper preset.
    """

    config: FusionConfig
    card: CheckpointCard
    checksum: str
    backend: Backend
    conv_weights: Mapping[str, FloatArray]

    def predict(self, window: UtteranceWindow) -> Outcome:
        """Probabilities in the order of EMOTIONS, and the maps between modalities that are present."""
        inputs: dict[str, FloatArray] = {
            name: self._input(name, window.stream(name)) for name in self.config.modalities
        }
        present = np.array([[len(window.stream(name)) > 0 for name in self.config.modalities]])
        logits, maps = self.backend.run(inputs, present)
        attention = tuple(
            self._map(target, source, maps[block_name(target, source)][0], window)
            for target, source in self.config.blocks
            if target in window.present and source in window.present
        )
        return Outcome(probabilities=_softmax(logits[0, self._order] / self.card.temperature), attention=attention)

    def subsets(self, window: UtteranceWindow) -> FloatArray:
        """Probabilities [8, 7] with every subset of the modalities, in one call.

        Row m has the modalities whose bits are set in m (bit k for MODALITIES[k]), as far as the window has them.
        """
        here = [name for name in self.config.modalities if len(window.stream(name))]
        chosen = [[name for name in here if m >> MODALITIES.index(name) & 1] for m in range(1 << len(MODALITIES))]
        distinct = sorted(set(map(tuple, chosen)))
        present = np.array([[name in one for name in self.config.modalities] for one in distinct])
        inputs: dict[str, FloatArray] = {}
        for at, name in enumerate(self.config.modalities):
            inputs[name] = np.repeat(self._input(name, window.stream(name)), len(distinct), axis=0)
            if self.config.preset == "paper":
                inputs[name][~present[:, at]] = 0
        logits, _ = self.backend.run(inputs, present)
        rows = [logits[distinct.index(tuple(one))] for one in chosen]
        return np.stack([_softmax(row[self._order] / self.card.temperature) for row in rows])

    @property
    def _order(self) -> list[int]:
        """Where each of EMOTIONS is in the output of the model."""
        return [self.card.labels.index(name) for name in EMOTIONS]

    def _input(self, name: Modality, frames: FloatArray) -> FloatArray:
        """A batch of one: padded with zeros for the paper preset, else one zero frame where there is none."""
        dim, count = self.config.dims[name], len(frames)
        if count > MAX_FRAMES[name]:
            raise ValueError(f"a window holds at most {MAX_FRAMES[name]} frames of {name}, got {count}")
        if count and frames.shape[1] != dim:
            raise ValueError(f"the model takes {dim} features of {name}, the window has {frames.shape[1]}")
        paper = self.config.preset == "paper"
        padded = np.zeros((1, MAX_FRAMES[name] if paper else max(count, 1), dim), np.float32)
        if count:
            statistics = self.card.standardisation.get(name)
            padded[0, :count] = (frames - statistics.mean) / statistics.std if statistics else frames
        return padded

    def _map(self, target: Modality, source: Modality, weights: FloatArray, window: UtteranceWindow) -> AttentionMap:
        """One attention block on media time; see ``engine.models.positions`` for what that means."""
        paper = self.config.preset == "paper"
        if paper:
            weights = back_project(
                weights,
                self._shares(target, weights.shape[1], len(window.stream(target))),
                self._shares(source, weights.shape[2], len(window.stream(source))),
            )
        times = group_times if paper else position_times
        return AttentionMap(
            target=target,
            source=source,
            weights=weights,
            target_times_s=times(target, window.times(target)),
            source_times_s=times(source, window.times(source)),
            back_projected=paper,
        )

    def _shares(self, name: str, positions: int, frames: int) -> FloatArray:
        return frame_shares(name, self.conv_weights.get(name), positions, frames)


class Predictor:
    """Runs every chosen fusion model over utterance windows. The same window always gives the same outcome.

    Attributes
    ----------
    fusions : the models that run, in their order.
    backend : "onnx" or "torch".
    info : what a summary should say about the models; only values that JSON can hold.
    """

    def __init__(self, models: Mapping[Fusion, RunningModel], backend: str) -> None:
        self._models = dict(models)
        self.fusions: tuple[Fusion, ...] = tuple(self._models)
        self.backend = backend
        self.info: Mapping[str, object] = {
            "backend": backend,
            "models": {fusion: _describe(model) for fusion, model in self._models.items()},
        }

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        """The outcome of each model.

        A modality without frames is absent: the temporal preset has learned what that means, the paper preset
        sees zeros. Attention maps that would need it are left out.
        """
        return {fusion: model.predict(window) for fusion, model in self._models.items()}

    def subsets(self, window: UtteranceWindow) -> dict[Fusion, FloatArray]:
        """Per model the probabilities [8, 7] with every subset of the modalities; see `RunningModel.subsets`."""
        return {fusion: model.subsets(window) for fusion, model in self._models.items()}


def load_predictor(
    config: SessionConfig,
    *,
    face_encoder: str,
    face_dim: int,
    vectors: str,
    text_dim: int,
    backend: Literal["auto", "onnx", "torch"] = "auto",
) -> Predictor:
    """Load the checkpoints ``self`` and ``cross``, as far as ``config.fusions`` asks for them.

    Parameters
    ----------
    config : ``model_dir`` is the folder of the checkpoints, None stands for the bundle.
    face_encoder, face_dim, vectors, text_dim : the features that run; the checkpoints must have been trained on them.
    backend : "onnx" runs NAME.onnx on the CPU, "torch" the weights themselves. "auto" takes torch when CUDA is there,
        else onnx; a folder without ONNX files, such as one just trained, runs in torch, and ``Predictor.backend``
        and the log say so.

    Raises
    ------
    AssetError
        When a checkpoint, or an ONNX file that was asked for, is missing.
    CheckpointError
        When one is damaged, holds another model than its name says, or does not fit the features.
    """
    folder = assets_folder() if config.model_dir is None else Path(config.model_dir)
    fusions = tuple(dict.fromkeys(config.fusions))
    chosen = _choose_backend(backend, folder, fusions)
    models = {}
    for fusion in fusions:
        model, card = load_checkpoint(folder / fusion)
        if model.config.fusion != fusion or set(card.labels) != set(EMOTIONS):
            raise CheckpointError(
                f"{checkpoint_paths(folder / fusion)[1]} must hold a {fusion}-attention model of the classes "
                f"{', '.join(EMOTIONS)}; it holds {model.config.fusion} of {', '.join(card.labels)}"
            )
        check_features(card, face_encoder=face_encoder, face_dim=face_dim, vectors=vectors, text_dim=text_dim)
        models[fusion] = _prepare(model, card, folder / f"{fusion}.onnx", chosen)
    return Predictor(models, chosen)


def _choose_backend(backend: str, folder: Path, fusions: tuple[Fusion, ...]) -> BackendName:
    if backend in ("onnx", "torch"):
        return backend  # type: ignore[return-value]
    if backend != "auto":
        raise ValueError(f"the backend is auto, onnx or torch, not {backend!r}")
    if torch.cuda.is_available():
        return "torch"
    missing = [fusion for fusion in fusions if not (folder / f"{fusion}.onnx").is_file()]
    if missing:
        logger.info("running in torch: %s has no %s", folder, ", ".join(f"{name}.onnx" for name in missing))
        return "torch"
    return "onnx"


def _prepare(model: FusionModel, card: CheckpointCard, onnx_path: Path, backend: BackendName) -> RunningModel:
    checksum = weights_sha256(model)
    convolutions = {
        name.split(".")[1]: value[:, :, 0].numpy().copy()
        for name, value in model.state_dict().items()
        if model.config.preset == "paper" and name.endswith("conv.weight")
    }
    return RunningModel(
        config=model.config,
        card=card,
        checksum=checksum,
        backend=open_onnx(onnx_path, model.config, checksum) if backend == "onnx" else TorchBackend(model),
        conv_weights=convolutions,
    )


def _describe(model: RunningModel) -> dict[str, object]:
    return {
        "preset": model.config.preset,
        "modalities": list(model.config.modalities),
        "temperature": model.card.temperature,
        "unsure_threshold": model.card.unsure_threshold,
        "weights_sha256": model.checksum,
        "face_encoder": model.card.face_encoder,
        "word_vectors": model.card.vectors,
        "versions": dict(model.card.versions),
    }


def _softmax(logits: FloatArray) -> FloatArray:
    """Softmax computed in f64, as f32. [k] -> [k]."""
    x = np.exp(logits.astype(np.float64) - logits.max())
    probabilities: FloatArray = (x / x.sum()).astype(np.float32)
    return probabilities
