"""The tables of ``attune bench``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from engine.bench.bench import Stage
    from engine.bench.record import BenchRecord, StageResult
    from engine.bench.rows import Bar, Row

_LOG_WIDTH = 150
_STATISTICS: dict[str, str] = {"p50": "", "mean": "; ratio of the means, and the baseline's mean"}
_NUMBERS = ("p50", "p95", "p99", "processor", "baseline", "ratio", "by processor")


def print_list(stages: Sequence[Stage], console: Console) -> None:
    """Name and content of every stage."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for one in stages:
        table.add_row(Text(one.name, style="bold"), Text(one.about))
    console.print(table)


def print_stage(result: StageResult, console: Console) -> None:
    """What was measured of one stage, and what a reader must know."""
    _widen(console)
    if result.rows:
        console.print(_table(result))
    notes = [f"against {one.against}{_STATISTICS[one.ratio_of]}" for one in result.rows if one.against]
    notes += [note for one in result.rows for note in one.notes]
    for note in dict.fromkeys(notes):
        console.print(Text(f"  {note}", style="dim"), soft_wrap=True)
    if result.rows and result.disturbed:
        share = f"{result.others:.0%} of the processor time"
        text = f"  other processes had {share} meanwhile: trust only the ratios by processor time, or measure again"
        console.print(Text(text, style="yellow"), soft_wrap=True)
    console.print()


def print_summary(record: BenchRecord, console: Console) -> None:
    """The machine, and how many bars were met."""
    console.print(Text(record.machine.title, style="bold"), soft_wrap=True)
    load = ", ".join(f"{one:.2f}" for one in record.load_after)
    console.print(Text(f"load average {load}" if load else "load average not known"), soft_wrap=True)
    met = [row.met for stage in record.stages for row in stage.rows if row.met is not None]
    if met:
        console.print(Text(f"{sum(met)} of {len(met)} bars met"), soft_wrap=True)


def _table(result: StageResult) -> Table:
    title = Text.assemble((result.name, "bold"), f"  {result.about}")
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("what is measured", ratio=1)
    for name in _NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("bar", no_wrap=True)
    for row in result.rows:
        table.add_row(Text(row.what), *(Text(one) for one in _figures(row)), _verdict(row))
    return table


def _figures(row: Row) -> list[str]:
    if row.ours is None:
        return [figure(row.value or 0.0, row.unit), "", "", "", "", "", ""]
    ours, processor, baseline = row.ours, row.ours.processor_mean_s, row.baseline
    return [
        duration(ours.p50_s),
        duration(ours.p95_s) if ours.count > 1 else "",
        duration(ours.p99_s) if ours.count > 1 else "",
        "" if processor is None else duration(processor),
        "" if baseline is None else duration(baseline.of(row.ratio_of)),
        "" if row.ratio is None else f"{row.ratio:.1f}x",
        "" if row.processor_ratio is None else f"{row.processor_ratio:.1f}x",
    ]


def _verdict(row: Row) -> Text:
    if row.bar is None:
        return Text("")
    met = Text(" met", style="green") if row.met else Text(" not met", style="bold red")
    return Text(bar_text(row.bar, row.unit)) + met


def bar_text(bar: Bar, unit: str) -> str:
    """A bar in words.

    >>> from engine.bench.rows import Bar
    >>> bar_text(Bar(of="ratio", at_least=3), "ms"), bar_text(Bar(of="p95", at_most=0.15), "ms")
    ('>= 3x', 'p95 <= 150 ms')
    """
    sign, limit = ("<=", bar.at_most) if bar.at_least is None else (">=", bar.at_least)
    assert limit is not None
    if bar.of == "ratio":
        return f"{sign} {limit:g}x"
    if bar.of == "value":
        return f"{sign} {limit:g} {unit}".strip()
    return f"{bar.of} {sign} {duration(limit)}"


def duration(seconds: float) -> str:
    """Seconds with three figures, in the unit that suits.

    >>> duration(0.00123), duration(0.15), duration(12.345), duration(0.0000456)
    ('1.23 ms', '150 ms', '12.3 s', '0.0456 ms')
    """
    return f"{1000 * seconds:.3g} ms" if seconds < 0.9995 else f"{seconds:.3g} s"


def figure(value: float, unit: str) -> str:
    """A single value with its unit.

    >>> figure(97.25, "%"), figure(0.4321, "cores"), figure(0.0, "")
    ('97.2 %', '0.43 cores', '0')
    """
    text = f"{value:.0f}" if unit == "" else f"{value:.2f}" if unit in ("cores", "x real time") else f"{value:.1f}"
    return f"{text} {unit}".strip()


def _widen(console: Console) -> None:
    """A log or pipe has room for whole lines."""
    if not console.is_terminal:
        console.width = max(console.width, _LOG_WIDTH)
