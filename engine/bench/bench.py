"""What can be measured: a stage of the program, made of single pieces of work beside their usual way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.bench.rows import Bar, Row
from engine.bench.spread import Statistic
from engine.bench.turns import Effort, take_turns
from engine.device import CPU, Device
from engine.errors import AssetError


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSettings:
    """How to measure.

    Attributes
    ----------
    device : where the networks run, ours and those of the baselines.
    rounds : calls of each way, or runs of what is long; None goes by time.
    seconds : how long calls take turns, or how long a live session lasts; None for what each stage thinks right.
    quick : just enough to see that it works.
    file : a recording to measure on, the sample by default.
    busy : how many other busy processes the live sessions must bear in their last run.
    command : how to call Attune, to measure its start.
    """

    device: Device = CPU
    rounds: int | None = None
    seconds: float | None = None
    quick: bool = False
    file: Path | None = None
    busy: int = 1
    command: tuple[str, ...] = ()

    @property
    def recording(self) -> Path:
        """The recording to measure on."""
        from engine.assets import sample_path

        return self.file or sample_path()

    def effort(self, *, seconds: float, least: int) -> Effort:
        """For how long calls take turns, where a bench thinks these right."""
        if self.quick:
            seconds, least = seconds / 8, min(least, 3)
        return Effort(rounds=self.rounds, seconds=seconds if self.seconds is None else self.seconds, least=least)

    def lasting(self, seconds: float, quick_s: float) -> float:
        """How long a session lasts, where a stage thinks these right."""
        return self.seconds if self.seconds is not None else quick_s if self.quick else seconds

    def runs(self, usual: int) -> int:
        """How often something long is done."""
        return self.rounds if self.rounds is not None else 1 if self.quick else usual


class Stage(Protocol):
    """A part of the program that is measured as one.

    Attributes
    ----------
    name : to choose it by.
    about : what is measured, in one line.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def about(self) -> str: ...  # noqa: D102

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure, and yield each row when it is known.

        Raises
        ------
        AttuneError : something that it needs is missing.
        """
        ...


class Bench(ABC):
    """One piece of work and its usual way.

    Attributes
    ----------
    what : the work.
    against : the usual way; "" where there is none to compare with.
    bar : what is promised.
    ratio_of : which figure of both the ratio is of: the mean where calls differ from each other by design.
    seconds, least : how long it is measured; see `BenchSettings.effort`.
    """

    what: str
    against: str = ""
    bar: Bar | None = None
    ratio_of: Statistic = "p50"
    notes: tuple[str, ...] = ()
    seconds: float = 4.0
    least: int = 10

    @abstractmethod
    def prepare(self) -> None:
        """Load what is needed; called once, before anything else.

        Raises
        ------
        AttuneError : something is missing.
        """

    @abstractmethod
    def ours(self) -> object:
        """Do the work once as Attune does it; return when it is done."""

    def baseline(self) -> object:
        """Do the same work once in the usual way."""
        raise NotImplementedError

    def effort(self, settings: BenchSettings) -> Effort:
        """For how long to measure, known after `prepare`."""
        return settings.effort(seconds=self.seconds, least=self.least)

    def findings(self) -> Sequence[Row]:
        """Rows beside that of the durations, known after the work."""
        return ()

    def measure(self, effort: Effort) -> Iterator[Row]:
        """The durations of both, and the findings."""
        ways: dict[str, Callable[[], object]] = {"ours": self.ours}
        if self.against:
            ways["baseline"] = self.baseline
        spreads = take_turns(ways, effort)
        yield Row(
            what=self.what,
            ours=spreads["ours"],
            baseline=spreads.get("baseline"),
            against=self.against,
            ratio_of=self.ratio_of,
            bar=self.bar,
            notes=self.notes,
        )
        yield from self.findings()


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchStage:
    """A stage that consists of benches.

    Attributes
    ----------
    benches : makes them.
    """

    name: str
    about: str
    benches: Callable[[BenchSettings], Sequence[Bench]] = field(repr=False)

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure one bench after another."""
        for bench in self.benches(settings):
            bench.prepare()
            yield from bench.measure(bench.effort(settings))


def missing_package(package: str, what: str) -> AssetError:
    """What to say where the package of a baseline is not installed."""
    return AssetError(f"{what} is measured against {package}, which is not installed: pip install {package}")
