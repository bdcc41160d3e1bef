"""How figures and lists are put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from engine.experiment.report.results import RunId
from engine.experiment.report.svg import MINUS
from engine.experiment.statistics import HypothesisTest, Interval, Summary

NONE = DASH = "\u2013"
"""Stands where there is no figure."""


def decimal(value: float | None, places: int = 1) -> str:
    """A figure, or a dash; never "-0.0".

    Examples
    --------
    >>> decimal(58.66), decimal(None), decimal(-0.01), decimal(-1.25)
    ('58.7', '–', '0.0', '−1.2')
    """  # noqa: RUF002
    if value is None:
        return NONE
    text = f"{abs(value):.{places}f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def signed(value: float | None, places: int = 1) -> str:
    """A difference with its sign.

    Examples
    --------
    >>> signed(0.31), signed(-2.0), signed(0.04)
    ('+0.3', '−2.0', '0.0')
    """  # noqa: RUF002
    text = decimal(value, places)
    return f"+{text}" if value is not None and value > 0 and float(text) else text


def mean_and_std(summary: Summary) -> str:
    """Mean with the standard deviation in brackets.

    Examples
    --------
    >>> mean_and_std(Summary(n=3, mean=58.66, std=1.04)), mean_and_std(Summary(n=1, mean=58.0, std=None))
    ('58.7 (1.0)', '58.0 (–)')
    """  # noqa: RUF002
    return NONE if summary.mean is None else f"{decimal(summary.mean)} ({decimal(summary.std)})"


def interval_text(interval: Interval | None, places: int = 1) -> str:
    """Both ends of an interval.

    Examples
    --------
    >>> interval_text(Interval(n=5, mean=0.5, low=-0.2, high=1.2))
    '−0.2 to +1.2'
    """  # noqa: RUF002
    if interval is None:
        return NONE
    return f"{signed(interval.low, places)} to {signed(interval.high, places)}"


def p_text(p: float | None) -> str:
    """A p-value with the digits that matter.

    Examples
    --------
    >>> p_text(0.6123), p_text(0.00312), p_text(1e-9), p_text(1.0), p_text(None)
    ('0.61', '0.0031', '<0.0001', '1.00', 'not defined')
    """
    if p is None:
        return "not defined"
    if p < 0.0001:
        return "<0.0001"
    return f"{p:.4f}" if p < 0.01 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def p_phrase(test: HypothesisTest) -> str:
    """The p-value in a sentence, or why there is none.

    Examples
    --------
    >>> p_phrase(HypothesisTest(n=9, statistic=1.0, p=0.35)), p_phrase(HypothesisTest(n=0, why="no pair differs"))
    ('p = 0.35', 'not defined: no pair differs')
    """
    if test.p is None:
        return f"not defined: {test.why}"
    text = p_text(test.p)
    return f"p < {text[1:]}" if text.startswith("<") else f"p = {text}"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "run"), count(1200, "run")
    ('1 run', '1,200 runs')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return f" {last} ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def ranges(numbers: Iterable[int]) -> str:
    """Whole numbers, neighbours joined.

    Examples
    --------
    >>> ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """  # noqa: RUF002
    ordered = sorted(numbers)
    groups = [[n for _, n in part] for _, part in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{one[0]}{DASH}{one[-1]}" if len(one) > 1 else str(one[0]) for one in groups)


def missing_text(missing: Sequence[RunId], expected: Sequence[RunId]) -> str:
    """Which runs are missing, briefly; folds that lack the same are named together.

    Examples
    --------
    >>> all_runs = [(fold, seed) for fold in ("a", "b", "c") for seed in (1, 2, 3)]
    >>> missing_text([("a", 2), *all_runs[3:]], all_runs)
    'a seed 2; b and c all seeds'
    >>> missing_text(all_runs, all_runs)
    'every run'
    """
    if len(missing) == len(expected):
        return "every run"
    by_seeds: dict[tuple[int, ...], list[str]] = {}
    for fold in dict.fromkeys(name for name, _ in missing):
        by_seeds.setdefault(tuple(seed for name, seed in missing if name == fold), []).append(fold)
    every = {seed for _, seed in expected}
    parts = []
    for seeds, folds in by_seeds.items():
        which = "all seeds" if set(seeds) == every else f"seed{'s' * (len(seeds) > 1)} {ranges(seeds)}"
        parts.append(f"{listing(folds)} {which}")
    return "; ".join(parts)


def duration(seconds: float) -> str:
    """A length of time, roughly.

    Examples
    --------
    >>> duration(0.42), duration(48), duration(200), duration(112_000), duration(400_000)
    ('0.42 s', '48 s', '3.3 minutes', '31 hours', '4.6 days')
    """
    for unit, size, from_s in (("days", 86400, 2.5 * 86400), ("hours", 3600, 5400), ("minutes", 60, 100)):
        if seconds >= from_s:
            value = seconds / size
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def points(interval: Interval) -> str:
    """Ends of an interval of shares, in points.

    Examples
    --------
    >>> points(Interval(n=5, mean=0.02, low=0.013, high=0.027))
    '+1.3 to +2.7'
    """
    return f"{signed(100 * interval.low)} to {signed(100 * interval.high)}"
