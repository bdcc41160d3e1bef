"""Learning curves: loss and accuracy by epoch, with how many runs are still learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.experiment.report.chart_results import fusion_css
from engine.experiment.report.curves import LearningCurves
from engine.experiment.report.svg import Drawing, Scale, around, number, tick_labels, ticks
from engine.experiment.statistics import Summary

_WIDTH, _HEIGHT = 292.0, 158.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 250.0, 20.0, 138.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ranges that the charts of all cells share, so that they can be compared."""

    epochs: int
    loss: tuple[float, float]
    accuracy: tuple[float, float]


def shared_limits(curves: Sequence[LearningCurves]) -> Limits:
    """Ranges that hold the curves of every cell with their bands."""
    loss = [value for one in curves for part in (one.train_loss, one.dev_loss) for value in _ends(part)]
    accuracy = [value for one in curves for value in _ends(one.dev_accuracy)]
    return Limits(
        epochs=max((len(one.remaining) for one in curves), default=1), loss=around(loss), accuracy=around(accuracy)
    )


def loss_chart(curves: LearningCurves, fusion: str, limits: Limits) -> str:
    """Loss on train and dev."""
    drawing, x, y = _frame("loss by epoch", "loss", limits.epochs, limits.loss)
    _curve(drawing, curves.train_loss, curves.remaining, x, y, "c-train")
    _curve(drawing, curves.dev_loss, curves.remaining, x, y, fusion_css(fusion))
    _labels(drawing, x, y, [("train", curves.train_loss, "c-train"), ("dev", curves.dev_loss, fusion_css(fusion))])
    return drawing.render()


def accuracy_chart(curves: LearningCurves, fusion: str, limits: Limits) -> str:
    """Accuracy on dev, with the median epoch that was kept and how many runs remain."""
    drawing, x, y = _frame("dev accuracy by epoch", "dev accuracy, %", limits.epochs, limits.accuracy)
    drawing.line(x(curves.best_epoch), _TOP, x(curves.best_epoch), _BOTTOM, "kept")
    on_left = x(curves.best_epoch) < (_LEFT + _RIGHT) / 2
    drawing.text(
        x(curves.best_epoch) + (4 if on_left else -4),
        _BOTTOM - 5,
        f"kept: epoch {number(curves.best_epoch)}",
        "hint halo",
        "start" if on_left else "end",
    )
    _curve(drawing, curves.dev_accuracy, curves.remaining, x, y, fusion_css(fusion))
    _labels(drawing, x, y, [("dev", curves.dev_accuracy, fusion_css(fusion))])
    return drawing.render()


def remaining_chart(curves: LearningCurves, limits: Limits) -> str:
    """How many runs are still learning at each epoch."""
    most = max(curves.remaining)
    drawing, x, y = _frame("runs that are still learning, by epoch", "runs still learning", limits.epochs, (0, most))
    width = max(1.0, min(12.0, x(2) - x(1) - 1))  # at most what the axis leaves free on its left
    for epoch, runs in enumerate(curves.remaining, start=1):
        drawing.rect(x(epoch) - width / 2, y(runs), width, _BOTTOM - y(runs), "bar")
    drawing.text(x(len(curves.remaining)) + width / 2 + 5, _BOTTOM - 2, str(curves.remaining[-1]), "tick")
    return drawing.render()


def _frame(what: str, title: str, epochs: int, limits: tuple[float, float]) -> tuple[Drawing, Scale, Scale]:
    """Axes: epochs to the right, ``limits`` upwards."""
    drawing = Drawing(_WIDTH, _HEIGHT, what)
    x = Scale(low=1, high=max(2, epochs), start=_LEFT + 6, end=_RIGHT)
    y = Scale(low=limits[0], high=limits[1], start=_BOTTOM, end=_TOP)
    values = ticks(*limits, 5) if limits[1] - limits[0] != 1 else limits  # one run: no half runs on the axis
    for value, words in zip(values, tick_labels(values), strict=True):
        drawing.line(_LEFT, y(value), _RIGHT, y(value), "grid")
        drawing.text(_LEFT - 5, y(value) + 4, words, "tick", "end")
    for value in sorted({1.0, *ticks(1, max(2, epochs), 5)}):
        if value == int(value) and (value == 1 or x(value) - x(1) > 14):
            drawing.text(x(value), _BOTTOM + 15, str(int(value)), "tick", "middle")
    drawing.text(_RIGHT + 8, _BOTTOM + 15, "epoch", "tick")
    drawing.text(0, 10, title, "title")
    return drawing, x, y


def _curve(
    drawing: Drawing, summaries: Sequence[Summary], remaining: Sequence[int], x: Scale, y: Scale, css: str
) -> None:
    """Mean and band of one standard deviation; faint where fewer than half of the runs are left."""
    rows = [(x(epoch), one) for epoch, one in enumerate(summaries, start=1) if one.mean is not None]
    upper = [(place, y((one.mean or 0.0) + (one.std or 0.0))) for place, one in rows]
    lower = [(place, y((one.mean or 0.0) - (one.std or 0.0))) for place, one in rows]
    means = [(place, y(one.mean or 0.0)) for place, one in rows]
    many = sum(2 * one >= remaining[0] for one in remaining)
    drawing.area(upper, lower, f"band {css}")
    if len(means) == 1:
        drawing.dot(*means[0], 3, f"mean {css}")
    drawing.path(means[:many], f"curve {css}")
    drawing.path(means[max(0, many - 1) :] if len(means) > many else [], f"curve faint {css}")


def _labels(drawing: Drawing, x: Scale, y: Scale, curves: Sequence[tuple[str, Sequence[Summary], str]]) -> None:
    """Names at the ends of the curves, kept apart."""
    found = [
        (y(one[-1].mean or 0.0) + 4, x(len(one)), name, css) for name, one, css in curves if one[-1].mean is not None
    ]
    last = -100.0
    for place, end, name, css in sorted(found):
        last = max(place, last + 13)
        drawing.text(end + 5, last, name, f"label {css}")


def _ends(summaries: Sequence[Summary]) -> list[float]:
    """Both ends of the band at every epoch."""
    return [
        (one.mean or 0.0) + sign * (one.std or 0.0) for one in summaries if one.mean is not None for sign in (-1, 1)
    ]
