"""What is known of one run, a cell on a fold with a seed: how it learned, what it scores, what it cost."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.experiment.measures import SplitScores, or_null, read_faithfulness, read_scores
from engine.metrics import Epoch, Faithfulness
from engine.models.json_fields import JsonFields

__all__ = [
    "Cost",
    "Faithfulness",
    "OtherVersion",
    "RunData",
    "RunRecord",
    "SplitScores",
    "dump_record",
    "load_record",
]

FORMAT = "attune-run"
FORMAT_VERSION = 1


class OtherVersion(ValueError):
    """The record is whole, but another version of Attune wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunData:
    """What it learned on: fingerprint of the data, names of the classes, utterances of each split."""

    fingerprint: str
    classes: tuple[str, ...]
    train: int
    dev: int
    test: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the run took; differs from time to time, so no table of results is made from it."""

    device: str
    device_name: str
    seconds: float
    epoch_seconds: tuple[float, ...]
    peak_memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """All of a run. Everything but ``cost`` and ``versions`` is the same, bit for bit, each time on one machine.

    Attributes
    ----------
    key : checksum of all that fixes the result (`engine.experiment.jobs.job_key`).
    parameters : of the model.
    best_epoch : the epoch whose weights are kept.
    dev, test : scores; ``test`` is None where the data have no test set.
    trials : dev scores with some modalities only, by their names joined with "+"; of joined corpora alone.
    faithfulness : per attention block ("target_from_source").
    """

    key: str
    cell: str
    fold: str
    seed: int
    data: RunData
    parameters: int
    epochs: tuple[Epoch, ...]
    best_epoch: int
    dev: SplitScores
    test: SplitScores | None
    cost: Cost
    trials: Mapping[str, SplitScores] = field(default_factory=dict)
    faithfulness: Mapping[str, Faithfulness] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """What the file holds."""
        head: dict[str, object] = {"format": FORMAT, "format_version": FORMAT_VERSION}
        return head | {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, value: object) -> RunRecord:
        """Read and check what a file holds.

        Raises
        ------
        ValueError
            When an entry is missing, of another kind, or contradicts another.
        """
        whole = JsonFields(value, "")
        whole.choice("format", (FORMAT,))
        if whole.value.get("format_version") != FORMAT_VERSION:
            found = whole.value.get("format_version")
            raise OtherVersion(
                f"the record has format version {found}, and this Attune reads {FORMAT_VERSION}: "
                "use the version of Attune that wrote it, or run the experiment anew in another folder"
            )
        data = _data(whole.fields("data"))
        epochs = tuple(_epoch(one) for one in _objects(whole, "epochs"))
        if [one.epoch for one in epochs] != list(range(1, len(epochs) + 1)):
            raise ValueError("epochs must be numbered 1, 2, ...")
        blocks, trials, k = whole.fields("faithfulness"), whole.fields("trials"), len(data.classes)
        record = cls(
            key=whole.text("key"),
            cell=whole.text("cell"),
            fold=whole.text("fold"),
            seed=whole.whole("seed", 0, 2**31 - 1),
            data=data,
            parameters=whole.whole("parameters", 1, 10**12),
            epochs=epochs,
            best_epoch=whole.whole("best_epoch", 1, len(epochs)),
            dev=read_scores(whole.fields("dev"), k),
            test=or_null(whole, "test", lambda name: read_scores(whole.fields(name), k)),
            trials={name: read_scores(trials.fields(name), k) for name in trials.value},
            cost=_cost(whole.fields("cost")),
            faithfulness={name: read_faithfulness(blocks.fields(name)) for name in blocks.value},
            versions=whole.fields("versions").all_texts(),
        )
        return record

    def repeatable(self) -> dict[str, object]:
        """What is the same each time: everything but cost and versions."""
        return {name: one for name, one in self.to_json().items() if name not in ("cost", "versions")}


def dump_record(record: RunRecord) -> str:
    """Text of the file, the same for the same record."""
    return json.dumps(record.to_json(), indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n"


def load_record(text: str) -> RunRecord:
    """Read the text of the file.

    Raises
    ------
    ValueError
        When it is not JSON, or not a record of this version.
    """
    return RunRecord.from_json(json.loads(text))


def _plain(value: object) -> object:
    """Dataclasses, mappings and tuples as JSON has them; NaN becomes null."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _objects(parent: JsonFields, key: str) -> list[JsonFields]:
    found = parent.value.get(key)
    if not isinstance(found, list) or not found:
        raise ValueError(f"{key} must be a list of objects, found {'nothing' if not found else type(found).__name__}")
    return [JsonFields(one, f"{key}[{index}]") for index, one in enumerate(found)]


def _loss(parent: JsonFields, key: str) -> float:
    found = or_null(parent, key, lambda name: parent.number(name, -1e9, 1e30))
    return math.nan if found is None else found


def _data(part: JsonFields) -> RunData:
    return RunData(
        fingerprint=part.text("fingerprint"),
        classes=part.texts("classes", 1000),
        **{name: part.whole(name, 0, 10**9) for name in ("train", "dev", "test")},
    )


def _epoch(part: JsonFields) -> Epoch:
    return Epoch(
        epoch=part.whole("epoch", 1, 10**6),
        learning_rate=part.number("learning_rate", 0, 1e6),
        train_loss=_loss(part, "train_loss"),
        dev_loss=_loss(part, "dev_loss"),
        dev_accuracy=part.number("dev_accuracy", 0, 1),
        dev_balanced_accuracy=part.number("dev_balanced_accuracy", 0, 1),
    )


def _cost(part: JsonFields) -> Cost:
    return Cost(
        device=part.text("device"),
        device_name=part.text("device_name"),
        seconds=part.number("seconds", 0, 1e9),
        epoch_seconds=part.numbers("epoch_seconds", 0, 1e9),
        peak_memory_bytes=part.whole("peak_memory_bytes", 0, 2**60),
    )
