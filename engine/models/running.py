"""One fusion model on utterance windows: calibrated probabilities, and attention maps on media time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.config import MODALITIES, Modality
from engine.models.backend import Backend
from engine.models.card import CheckpointCard
from engine.models.fusion import FusionConfig, block_name
from engine.models.onnx import MAX_FRAMES
from engine.models.positions import back_project, frame_shares, group_times, position_times
from engine.types import AttentionMap, FloatArray, Outcome, UtteranceWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningModel:
    """One fusion model with what is needed to read its results.

    Attributes
    ----------
    config, card : of its checkpoint.
    checksum : of its weights.
    backend : what runs it.
    conv_weights : [positions, maximum frames] of the convolutions of the paper preset.
    labels : the classes in the order in which probabilities come out; some order of ``card.labels``.
    """

    config: FusionConfig
    card: CheckpointCard
    checksum: str
    backend: Backend
    conv_weights: Mapping[str, FloatArray]
    labels: tuple[str, ...]

    def here(self, window: UtteranceWindow) -> tuple[Modality, ...]:
        """The modalities of the model that a window has."""
        return tuple(name for name in self.config.modalities if len(window.stream(name)))

    def predict(self, window: UtteranceWindow) -> Outcome:
        """Probabilities in the order of ``labels``, and the maps between modalities that are present."""
        inputs: dict[str, FloatArray] = {
            name: self._input(name, window.stream(name)) for name in self.config.modalities
        }
        here = self.here(window)
        present = np.array([[name in here for name in self.config.modalities]])
        logits, maps = self.backend.run(inputs, present)
        attention = tuple(
            self._map(target, source, maps[block_name(target, source)][0], window)
            for target, source in self.config.blocks
            if target in here and source in here
        )
        probabilities = self._calibrated(logits[0], here)
        return Outcome(probabilities=probabilities, attention=attention, labels=self.labels)

    def subsets(self, window: UtteranceWindow) -> FloatArray:
        """Probabilities [8, k] with every subset of the modalities, in one call.

        Row m has the modalities whose bits are set in m (bit k for MODALITIES[k]), as far as the window has them and
        the model uses them.
        """
        here = self.here(window)
        chosen = [tuple(name for name in here if m >> MODALITIES.index(name) & 1) for m in range(1 << len(MODALITIES))]
        distinct = sorted(set(chosen))
        present = np.array([[name in one for name in self.config.modalities] for one in distinct])
        inputs: dict[str, FloatArray] = {}
        for at, name in enumerate(self.config.modalities):
            inputs[name] = np.repeat(self._input(name, window.stream(name)), len(distinct), axis=0)
            if self.config.preset == "paper":
                inputs[name][~present[:, at]] = 0
        logits, _ = self.backend.run(inputs, present)
        return np.stack([self._calibrated(logits[distinct.index(one)], one) for one in chosen])

    def _calibrated(self, logits: FloatArray, here: tuple[Modality, ...]) -> FloatArray:
        """Probabilities from the logits of one item, [k] -> [k], at the temperature of what was there."""
        order = [self.card.labels.index(name) for name in self.labels]
        return _softmax(logits[order] / self.card.temperature_of(here))

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


def _softmax(logits: FloatArray) -> FloatArray:
    """Softmax computed in f64, as f32. [k] -> [k]."""
    x = np.exp(logits.astype(np.float64) - logits.max())
    probabilities: FloatArray = (x / x.sum()).astype(np.float32)
    return probabilities
