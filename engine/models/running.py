"""One fusion model on utterance windows: what it is given, and what its results mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.config import MODALITIES, Modality
from engine.models.card import CheckpointCard
from engine.models.fusion_config import MAX_FRAMES, FusionConfig, block_name
from engine.models.positions import back_project, frame_shares, group_times, position_times
from engine.models.runner import Batch, Result
from engine.types import AttentionMap, FloatArray, Outcome, UtteranceWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningModel:
    """One fusion model with what is needed to read its results.

    Attributes
    ----------
    config, card : of its checkpoint.
    checksum : of its weights.
    conv_weights : [positions, maximum frames] of the convolutions of the paper preset.
    labels : the classes in the order in which probabilities come out; some order of ``card.labels``.
    """

    config: FusionConfig
    card: CheckpointCard
    checksum: str
    conv_weights: Mapping[str, FloatArray]
    labels: tuple[str, ...]

    def here(self, window: UtteranceWindow) -> tuple[Modality, ...]:
        """The modalities of the model that a window has."""
        return tuple(name for name in self.config.modalities if len(window.stream(name)))

    def batch(self, window: UtteranceWindow) -> Batch:
        """A window as a batch of one."""
        here = self.here(window)
        return Batch(
            {name: self._input(name, window.stream(name)) for name in self.config.modalities},
            np.array([[name in here for name in self.config.modalities]]),
        )

    def outcome(self, window: UtteranceWindow, result: Result) -> Outcome:
        """What the result of `batch` means: probabilities in the order of ``labels``, maps between what is present."""
        here = self.here(window)
        attention = tuple(
            self._map(target, source, result.maps[block_name(target, source)][0], window)
            for target, source in self.config.blocks
            if result.maps and target in here and source in here
        )
        probabilities = self._calibrated(result.logits[0], here)
        return Outcome(probabilities=probabilities, attention=attention, labels=self.labels)

    def subset_batch(self, window: UtteranceWindow) -> Batch:
        """A window with every different subset of the modalities that the window has and the model uses."""
        _, distinct = self._subsets(window)
        present = np.array([[name in one for name in self.config.modalities] for one in distinct])
        inputs: dict[str, FloatArray] = {}
        for at, name in enumerate(self.config.modalities):
            inputs[name] = self._input(name, window.stream(name))
            if self.config.preset == "paper":
                inputs[name] = np.repeat(inputs[name], len(distinct), axis=0)
                inputs[name][~present[:, at]] = 0
        return Batch(inputs, present)

    def subset_probabilities(self, window: UtteranceWindow, result: Result) -> FloatArray:
        """Probabilities [8, k] from the result of `subset_batch`.

        Row m has the modalities whose bits are set in m (bit k for MODALITIES[k]), as far as the window has them and
        the model uses them.
        """
        every, distinct = self._subsets(window)
        return np.stack([self._calibrated(result.logits[distinct.index(one)], one) for one in every])

    def _subsets(self, window: UtteranceWindow) -> tuple[list[tuple[Modality, ...]], list[tuple[Modality, ...]]]:
        """What each of the eight subsets comes to here, and the different ones among them."""
        here = self.here(window)
        every = [tuple(name for name in here if m >> MODALITIES.index(name) & 1) for m in range(1 << len(MODALITIES))]
        return every, sorted(set(every))

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
        statistics = self.card.standardisation.get(name)
        if count and statistics:
            frames = (frames - statistics.mean) / statistics.std
        paper = self.config.preset == "paper"
        if count and not paper:
            return np.asarray(frames, np.float32)[None]  # as it lies in the window
        padded = np.zeros((1, MAX_FRAMES[name] if paper else 1, dim), np.float32)
        if count:
            padded[0, :count] = frames
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
