"""What one line of the table says: figures, what they are compared with, and the bar that they must take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.bench.spread import Spread, Statistic

Unit = Literal["ms", "s", "%", "x real time", "cores", "MB", "/s", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a figure is meant to reach. One of the two limits is given.

    Attributes
    ----------
    of : "ratio" to the baseline; "p50", "p95", "p99" or "mean" of our calls, in seconds; or the "value" of the row.
    at_least, at_most : the limit.
    """

    of: Literal["ratio", "value"] | Statistic
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a bar has a lower or an upper limit")

    def taken_by(self, figure: float) -> bool:
        """Whether a figure reaches it.

        Examples
        --------
        >>> Bar(of="ratio", at_least=3).taken_by(3.0), Bar(of="p50", at_most=0.002).taken_by(0.0021)
        (True, False)
        """
        return figure >= self.at_least if self.at_least is not None else figure <= (self.at_most or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was measured: durations, or a single value.

    Attributes
    ----------
    what : what was measured.
    unit : of the value; durations are kept in seconds and shown in ms or s.
    ours, baseline : durations of calls that took turns; None where there are none.
    against : what the baseline is; "" without one.
    ratio_of : which figure of both the ratio is of.
    value : where it is a single value.
    bar : what it is meant to reach; None where nothing was promised.
    notes : what a reader must know.
    """

    what: str
    unit: Unit = "ms"
    ours: Spread | None = None
    baseline: Spread | None = None
    against: str = ""
    ratio_of: Statistic = "p50"
    value: float | None = None
    bar: Bar | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.ours is None) == (self.value is None):
            raise ValueError("a row has durations or a value")

    @property
    def ratio(self) -> float | None:
        """How many times as long the baseline takes; None without one."""
        if self.ours is None or self.baseline is None:
            return None
        return self.baseline.of(self.ratio_of) / self.ours.of(self.ratio_of)

    @property
    def processor_ratio(self) -> float | None:
        """The same of the processor time, which other programs hardly change; None where it was not taken."""
        if self.ours is None or self.baseline is None:
            return None
        own, other = self.ours.processor_mean_s, self.baseline.processor_mean_s
        return other / own if own and other is not None else None

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        figure = self._figure()
        return None if self.bar is None or figure is None else self.bar.taken_by(figure)

    def _figure(self) -> float | None:
        if self.bar is None or self.bar.of == "value":
            return self.value
        if self.bar.of == "ratio":
            return self.ratio
        return None if self.ours is None else self.ours.of(self.bar.of)
