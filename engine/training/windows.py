"""Random utterance windows for training, as live use produces them.

No corpus here has one person's face, voice and words under one label. So a window joins items of the
same class from three corpora, leaves modalities out at random, and is cut at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from engine.config import AUDIO_DIM, EMOTIONS, MAX_AUDIO_FRAMES, MAX_FACES, MODALITIES
from engine.corpora.utterances import pad as stack
from engine.training.face_views import FaceViews
from engine.training.speech_data import SpeechSet
from engine.training.text_data import TextSet

Subset = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRecipe:
    """How windows are drawn.

    Attributes
    ----------
    subsets : which modalities a window has, and how often.
    item_classes : exponent that class frequencies are raised to when one modality stands alone;
        1 keeps the corpus's own frequencies, 0 draws all classes alike.
    cut : probability of seeing only a part of an utterance.
    single_face : probability that the face was seen once only.
    label_smoothing : share of the target spread over all classes when modalities are joined.
    """

    subsets: Mapping[Subset, float] = field(
        default_factory=lambda: {
            ("audio",): 0.22,
            ("video",): 0.16,
            ("text",): 0.2,
            ("audio", "video"): 0.08,
            ("audio", "text"): 0.08,
            ("video", "text"): 0.08,
            ("audio", "video", "text"): 0.18,
        }
    )
    item_classes: Mapping[str, float] = field(default_factory=lambda: {"audio": 0.0, "video": 0.75, "text": 0.85})
    cut: float = 0.5
    single_face: float = 0.5
    label_smoothing: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpora:
    """The labelled items of the three modalities."""

    speech: SpeechSet
    faces: FaceViews
    text: TextSet


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded windows.

    Attributes
    ----------
    inputs : per modality [b, t, d]
    lengths : per modality [b], 0 where absent
    target : [b, 7], each row a distribution
    """

    inputs: dict[str, Tensor]
    lengths: dict[str, Tensor]
    target: Tensor


class WindowSampler:
    """Draws batches of training windows.

    Parameters
    ----------
    corpora : the items to join.
    recipe : how to join and cut them.
    modalities : the streams that the model has; windows of others are not drawn.
    seed : fixes every random choice.
    """

    def __init__(self, corpora: Corpora, recipe: WindowRecipe, modalities: Sequence[str], seed: int) -> None:
        self._corpora = corpora
        self._recipe = recipe
        self._modalities = tuple(modalities)
        self._rng = np.random.default_rng(seed)
        self._subsets = [one for one in recipe.subsets if set(one) <= set(modalities)]
        shares = np.array([recipe.subsets[one] for one in self._subsets])
        self._shares = shares / shares.sum()
        labels = {"audio": corpora.speech.labels, "video": corpora.faces.labels, "text": corpora.text.labels}
        soft = np.eye(len(EMOTIONS), dtype=np.float32)
        self._soft = {"audio": soft[corpora.speech.labels], "video": corpora.faces.soft, "text": corpora.text.soft}
        self._of_class = {
            name: [np.flatnonzero(labels[name] == k) for k in range(len(EMOTIONS))] for name in MODALITIES
        }
        self._cumulative = {name: self._shares_of_items(name).cumsum() for name in MODALITIES}

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows of one subset of modalities each."""
        subset = self._subsets[self._rng.choice(len(self._subsets), p=self._shares)]
        frames: dict[str, list[np.ndarray]] = {name: [] for name in self._modalities}
        targets = []
        for _ in range(size):
            items, target = self._draw(subset)
            targets.append(target)
            for name in self._modalities:
                frames[name].append(self._frames(name, items[name]) if name in items else self._nothing(name))
        padded = {name: pad(frames[name]) for name in self._modalities}
        return Batch(
            {name: x for name, (x, _) in padded.items()},
            {name: lengths for name, (_, lengths) in padded.items()},
            torch.from_numpy(np.stack(targets)),
        )

    def _shares_of_items(self, name: str) -> np.ndarray:
        """Probability of each item when its modality stands alone."""
        soft = self._soft[name]
        frequency = soft.mean(axis=0)
        wanted = frequency ** self._recipe.item_classes[name]
        shares = soft @ (wanted / np.maximum(frequency, 1e-9))
        return np.asarray(shares / shares.sum(), dtype=np.float64)

    def _draw(self, subset: Subset) -> tuple[dict[str, int], np.ndarray]:
        """Items of one window and its target distribution."""
        if len(subset) == 1:
            name = subset[0]
            cumulative = self._cumulative[name]
            index = int(np.searchsorted(cumulative, self._rng.random() * cumulative[-1], side="right"))
            return {name: index}, self._soft[name][index]
        label = int(self._rng.integers(len(EMOTIONS)))
        items = {name: int(self._rng.choice(self._of_class[name][label])) for name in subset}
        smooth = self._recipe.label_smoothing
        target = np.full(len(EMOTIONS), smooth / len(EMOTIONS), np.float32)
        target[label] += 1 - smooth
        return items, target

    def _frames(self, name: str, index: int) -> np.ndarray:
        if name == "audio":
            return self._voice(index)
        return self._face(index) if name == "video" else self._words(index)

    def _nothing(self, name: str) -> np.ndarray:
        dims = {"video": self._corpora.faces.embeddings.shape[-1], "text": self._corpora.text.table.shape[1]}
        return np.zeros((0, dims.get(name, AUDIO_DIM)), np.float32)

    def _voice(self, index: int) -> np.ndarray:
        """A part of a view of a clip, at another level, with short stretches of it masked."""
        views = self._corpora.speech.views[index]
        x = views[self._rng.integers(len(views))].astype(np.float32)
        if self._rng.random() < self._recipe.cut and len(x) > 120:
            length = int(self._rng.uniform(0.4, 1) * len(x))
            start = int(self._rng.integers(len(x) - length + 1))
            x = x[start : start + length]
        x = x[:MAX_AUDIO_FRAMES].copy()
        mean = x.mean(axis=0)
        for _ in range(2):
            if self._rng.random() < 0.6:
                width = int(self._rng.integers(1, 40))
                start = int(self._rng.integers(max(1, len(x) - width)))
                x[start : start + width] = mean
        x[:, 0] += self._rng.normal(0, 20)
        return np.asarray(x)

    def _face(self, index: int) -> np.ndarray:
        """Views of a face, sometimes with those of one or two more faces of its class."""
        embeddings = self._corpora.faces.embeddings
        if self._rng.random() < self._recipe.single_face:
            return np.asarray(embeddings[index, self._rng.integers(embeddings.shape[1])][None], np.float32)
        alike = self._of_class["video"][int(self._corpora.faces.labels[index])]
        pool = np.concatenate([[index], self._rng.choice(alike, int(self._rng.integers(0, 3)))])
        count = int(self._rng.integers(2, MAX_FACES + 1))
        who = np.sort(self._rng.integers(len(pool), size=count))
        view = self._rng.integers(embeddings.shape[1], size=count)
        return np.asarray(embeddings[pool[who], view], np.float32)

    def _words(self, index: int) -> np.ndarray:
        """The beginning of a sentence, sometimes without its punctuation, with words missing."""
        text = self._corpora.text
        rows = text.rows[index]
        if self._rng.random() < 0.3:
            words = np.array([row for row in rows if int(row) not in text.punctuation], dtype=np.int64)
            rows = words if len(words) else rows
        if self._rng.random() < self._recipe.cut / 4:
            rows = rows[: max(1, int(self._rng.uniform(0.5, 1) * len(rows)))]
        x = text.table[rows].copy()
        x[self._rng.random(len(x)) < 0.1] = 0
        return np.asarray(x)


def pad(frames: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Stack sequences of unequal length. n of [t, d] -> [n, max t, d] f32 and lengths [n]."""
    x, lengths = stack(frames, frames[0].shape[1])
    return torch.from_numpy(x), torch.from_numpy(lengths)
