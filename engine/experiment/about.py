"""What an experiment's folder says of the data and the software behind its runs."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from engine.corpora.utterances import Dataset, FeatureOrigin
from engine.errors import DataError
from engine.models.json_fields import JsonFields
from engine.version import __version__

ABOUT = "experiment.json"
FORMAT = "attune-experiment"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The data of an experiment.

    Attributes
    ----------
    dataset : its name, for titles.
    classes : label k means ``classes[k]``.
    folds : names of the folds that the plan runs on.
    features : which features they are.
    fingerprint : of the data.
    notes : remarks for the user, such as utterances that were left out.
    trainer_version : of the protocol; results of two versions are not mixed.
    versions : of the software that ran last.
    """

    dataset: str
    classes: tuple[str, ...]
    folds: tuple[str, ...]
    features: FeatureOrigin
    fingerprint: str
    notes: tuple[str, ...]
    trainer_version: int
    versions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset, folds: tuple[str, ...]) -> About:
        """What there is to say of a data set now."""
        import torch

        from engine.training.trainer import TRAINER_VERSION

        return cls(
            dataset=dataset.name,
            classes=dataset.classes,
            folds=folds,
            features=dataset.features,
            fingerprint=dataset.fingerprint,
            notes=dataset.notes,
            trainer_version=TRAINER_VERSION,
            versions={"attune": __version__, "torch": str(torch.__version__), "python": platform.python_version()},
        )

    def check_same(self, now: About, folder: Path) -> None:
        """Refuse to mix these results with those of other data or another trainer.

        Raises
        ------
        DataError
            When they differ.
        """
        if self.trainer_version != now.trainer_version:
            raise DataError(
                f"{folder} holds runs of version {self.trainer_version} of the training, and this Attune has version "
                f"{now.trainer_version}: their results would not be comparable. Choose another folder, or use Attune "
                f"{self.versions.get('attune', 'as it was')}."
            )
        if self.fingerprint != now.fingerprint or self.classes != now.classes:
            what = "classes" if self.classes != now.classes else "content"
            raise DataError(
                f"{folder} holds runs on other data: {self.dataset} there, {now.dataset} now, and their {what} differ. "
                "Choose another folder for these data, or give the data as they were."
            )

    def dump(self) -> str:
        """Text of the file."""
        plain = replace(
            self, features=replace(self.features, mfcc=dict(self.features.mfcc)), versions=dict(self.versions)
        )
        content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(plain)}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_about(folder: Path) -> About:
    """Read experiment.json of an experiment's folder.

    Raises
    ------
    DataError
        When it is missing, damaged or of another version.
    """
    path = folder / ABOUT
    try:
        return _parse(JsonFields(json.loads(path.read_text(encoding="utf-8")), ""))
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror or error}. Give the --out folder of `attune experiment run`"
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is damaged, or of another version of Attune: {error}") from error


def _parse(whole: JsonFields) -> About:
    whole.choice("format", (FORMAT,))
    whole.whole("format_version", FORMAT_VERSION, FORMAT_VERSION)
    features = whole.fields("features")
    return About(
        dataset=whole.text("dataset"),
        classes=whole.texts("classes", 1000),
        folds=whole.texts("folds", 10_000),
        features=FeatureOrigin(
            face_encoder=features.optional_text("face_encoder"),
            face_dim=features.optional_whole("face_dim", 1, 10**6),
            vectors=features.optional_text("vectors"),
            text_dim=features.optional_whole("text_dim", 1, 10**6),
            mfcc=dict(features.fields("mfcc").value),
        ),
        fingerprint=whole.text("fingerprint"),
        notes=whole.texts("notes", 10_000),
        trainer_version=whole.whole("trainer_version", 0, 10**6),
        versions=whole.fields("versions").all_texts(),
    )
