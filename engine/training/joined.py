"""Training on three corpora joined by class: the recipe of the bundled models.

No corpus here has one person's face, voice and words under one label, so there are no folds and no test set: models
learn on random windows (`engine.training.windows`), and are calibrated and compared on the dev items of each corpus.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from torch import nn

from engine.config import EMOTIONS, MODALITIES, Fusion
from engine.corpora.utterances import FeatureOrigin, Fold
from engine.errors import DataError
from engine.metrics import Faithfulness, Scores, score
from engine.models.card import MFCC_SETTINGS
from engine.models.fusion import FusionModel
from engine.training.calibration import SURE_ACCURACY, fit_temperature, unsure_threshold
from engine.training.dev import dev_trials, logits_of, softmax, trial_batches
from engine.training.face_data import load_faces
from engine.training.face_files import FaceEncoderFiles
from engine.training.face_views import embed_faces
from engine.training.faithfulness import measure_faithfulness, spread_rows
from engine.training.fusion import FusionTrainingConfig, Look, train_fusion
from engine.training.limits import check_limits
from engine.training.speech_data import load_speech
from engine.training.teachers import BRANCHES, FaceTeacher, load_teacher
from engine.training.text_data import load_text
from engine.training.windows import Corpora, WindowRecipe

if TYPE_CHECKING:
    from engine.features.word_vectors import WordVectors

SPEECH_VIEWS = 6
FACE_VIEWS = 2
_LIMITS = {
    "steps": (1, 10**7),
    "batch": (1, 10**5),
    "learning_rate": (1e-9, 1e3),
    "weight_decay": (0, 1e3),
    "average_decay": (0, 1),
    "distillation": (0, 1),
    "teachers": (1, 100),
    "voice_classes": (0, 4),
    "face_classes": (0, 4),
    "word_classes": (0, 4),
    "cut": (0, 1),
    "single_face": (0, 1),
    "label_smoothing": (0, 1),
}
_FILES = (
    "faces/ferplus_train.npz",
    "faces/ferplus_dev.npz",
    "faces/colour_labels.csv",
    "speech/labels.csv",
    "text/emotion_text.tsv",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedSettings:
    """What a plan may set; the defaults are those of the bundle.

    Attributes
    ----------
    steps, batch, learning_rate, weight_decay, average_decay, distillation : as in `FusionTrainingConfig`.
    teachers : branch teachers of voice and of words, each with a seed of its own; their answers are averaged.
    voice_classes, face_classes, word_classes : exponent that class frequencies are raised to where the modality stands
        alone; 1 keeps the corpus's own, 0 draws all classes alike.
    cut, single_face, label_smoothing : as in `WindowRecipe`.
    """

    steps: int = 4000
    batch: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    average_decay: float = 0.998
    distillation: float = 0.5
    teachers: int = 2
    voice_classes: float = 0.0
    face_classes: float = 1.0
    word_classes: float = 0.85
    cut: float = 0.5
    single_face: float = 0.5
    label_smoothing: float = 0.05

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)

    def recipe(self, seed: int) -> FusionTrainingConfig:
        """The recipe of one model."""
        names = {one.name for one in fields(FusionTrainingConfig)} & {one.name for one in fields(self)}
        windows = WindowRecipe(
            item_classes={"audio": self.voice_classes, "video": self.face_classes, "text": self.word_classes},
            cut=self.cut,
            single_face=self.single_face,
            label_smoothing=self.label_smoothing,
        )
        return FusionTrainingConfig(**{name: getattr(self, name) for name in names}, seed=seed, windows=windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedData:
    """The three corpora on disk.

    Attributes
    ----------
    folder : holds faces/, speech/ and text/; README.md describes their files.
    cache : folder for extracted features and branch teachers.
    """

    folder: Path
    cache: Path
    name: str = "three corpora joined by class"
    classes: tuple[str, ...] = EMOTIONS
    folds: tuple[str, ...] = ("dev",)
    notes: tuple[str, ...] = (
        "There is no test set: every figure is measured on dev, where models are also calibrated.",
    )

    def check(self) -> None:
        """Refuse a folder that lacks a file.

        Raises
        ------
        DataError
            With the names of the files that are missing.
        """
        missing = [name for name in _FILES if not (self.folder / name).is_file()]
        if missing:
            raise DataError(f"{self.folder} lacks {', '.join(missing)}: README.md describes the files under Training")

    @property
    def features(self) -> FeatureOrigin:
        """Those of the bundled face encoder and of the default word vectors."""
        encoder, vectors = FaceEncoderFiles.find(self.folder), _vectors()
        return FeatureOrigin(
            face_encoder=encoder.name,
            face_dim=encoder.dim,
            vectors=vectors.name,
            text_dim=vectors.dim,
            mfcc=dict(MFCC_SETTINGS),
        )

    @property
    def fingerprint(self) -> str:
        """Checksum over the label files and the weights of the face encoder."""
        self.check()
        digest = hashlib.sha256()
        for path in (*(self.folder / name for name in _FILES), FaceEncoderFiles.find(self.folder).weights):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    def open(self, fold: str) -> Fold:
        """There are no folds to open: `load` gives the items of each corpus."""
        raise DataError(f"{self.name} have no fold {fold}: they are drawn from while training")

    def load(self) -> tuple[Corpora, Corpora]:
        """Training and dev items of all three modalities; their features are computed once."""
        encoder, vectors = FaceEncoderFiles.find(self.folder), _vectors()
        train_faces, dev_faces, _ = load_faces(self.folder / "faces")
        text, network = self.folder / "text" / "emotion_text.tsv", encoder.load()
        speech = self.folder / "speech"
        train = Corpora(
            speech=load_speech(speech, "train", SPEECH_VIEWS, self.cache),
            faces=embed_faces(train_faces, network, FACE_VIEWS, self.cache),
            text=load_text(text, "train", vectors),
        )
        dev = Corpora(
            speech=load_speech(speech, "dev", 0, self.cache),
            faces=embed_faces(dev_faces, network, 0, self.cache),
            text=load_text(text, "dev", vectors),
        )
        return train, dev

    def teachers(self, count: int, train: Corpora, dev: Corpora) -> dict[str, list[nn.Module]]:
        """Branch teachers, from the cache or trained now; for faces, the encoder's own classifier."""
        found: dict[str, list[nn.Module]] = {
            name: [load_teacher(name, seed, train, dev, self.cache) for seed in range(count)] for name in BRANCHES
        }
        return found | {"video": [FaceTeacher(FaceEncoderFiles.find(self.folder).load()).eval()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedRun:
    """A trained model with its calibration and its figures on dev.

    Attributes
    ----------
    looks : dev figures in the course of the training.
    temperature : over all trials; ``temperatures`` of each trial, by name.
    threshold : least top probability that counts as sure.
    scores : of every trial, after calibration.
    faithfulness : of every block, on windows with all modalities.
    """

    model: FusionModel
    looks: tuple[Look, ...]
    temperature: float
    temperatures: Mapping[str, float]
    threshold: float
    scores: Mapping[str, Scores]
    faithfulness: Mapping[str, Faithfulness]


def train_joined(
    fusion: Fusion,
    settings: JoinedSettings,
    seed: int,
    train: Corpora,
    dev: Corpora,
    teachers: Mapping[str, Sequence[nn.Module]],
    on_look: Callable[[Look], None] = lambda look: None,
) -> JoinedRun:
    """Train one model and calibrate it for every set of modalities that may be present."""
    trials = dev_trials(dev, MODALITIES)
    model, looks = train_fusion(settings.recipe(seed), train, trials, fusion=fusion, teachers=teachers, on_look=on_look)
    logits = [logits_of(model, trial) for trial in trials]
    labels = [trial.labels for trial in trials]
    temperatures = {
        trial.name: fit_temperature([one], [trial.labels]) for trial, one in zip(trials, logits, strict=True)
    }
    answers = [softmax(one / temperature) for one, temperature in zip(logits, temperatures.values(), strict=True)]
    together = trials[-1]
    rows = spread_rows(len(together.labels)).tolist()
    return JoinedRun(
        model=model,
        looks=looks,
        temperature=fit_temperature(logits, labels),
        temperatures=temperatures,
        threshold=unsure_threshold(np.concatenate(answers), np.concatenate(labels), SURE_ACCURACY),
        scores={trial.name: score(answer, trial.labels) for trial, answer in zip(trials, answers, strict=True)},
        faithfulness=measure_faithfulness(model, trial_batches(together, model.config.dims, rows, size=25)),
    )


def merit(accuracies: Mapping[str, tuple[float, float, float, float]]) -> float:
    """What the best seed is chosen by: the mean of the figures that matter, less the calibration error.

    Parameters
    ----------
    accuracies : per trial accuracy, balanced accuracy, macro-F1 and calibration error.
    """
    face, voice, words, together = (accuracies[name] for name in ("video", "audio", "text", "+".join(MODALITIES)))
    parts = ((face[0] + face[2]) / 2, voice[1], (words[0] + words[2]) / 2, together[0] - together[3])
    return float(np.mean(parts))


def _vectors() -> WordVectors:
    from engine.features.word_vectors import load_word_vectors

    return load_word_vectors(None)
