"""A picture of a whole recording: emotions over time, what was said, and which streams were there."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.analysis.palette import MODALITY_COLOURS, MODALITY_NAMES, label_colours
from engine.config import EMOTIONS, FUSIONS, MODALITIES, Fusion
from engine.types import Prediction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from engine.timeline import Timeline
    from engine.utterance import Utterance

_INK = "#30343A"
_PALE = "#F2F3F5"
_FONT_PT = 9.0
_DPI = 110
_FUSION_TITLES = {"self": "self-attention", "cross": "cross-attention", "cross+self": "cross- and self-attention"}
_LEGEND_COLUMNS = 8


def draw_timeline(
    timeline: Timeline,
    *,
    title: str,
    duration_s: float,
    step_s: float,
    labels: tuple[str, ...] = EMOTIONS,
    modalities: Sequence[str] = MODALITIES,
) -> bytes:
    """Draw a recording's predictions as stacked areas with utterances and modalities below.

    Parameters
    ----------
    timeline : what the session found
    title : name of the recording
    duration_s : length of the time axis
    step_s : time between two predictions, the width of a mark in the strips
    labels : the classes, in the order of the probabilities
    modalities : what the models use; the others get no strip

    Returns
    -------
    The picture as PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    predictions = timeline.predictions
    fusions: list[Fusion | None] = [one for one in FUSIONS if any(one in each.outcomes for each in predictions)]
    fusions = fusions or [None]
    heights = [2.4] * len(fusions) + [1.0, 0.14 + 0.16 * len(modalities)]
    width_in = float(np.clip(duration_s / 4.0, 11.0, 30.0))
    figure = Figure(figsize=(width_in, sum(heights) + 1.5), dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    rows = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    end_s = max(duration_s, step_s)
    for axes, fusion in zip(rows, fusions, strict=False):
        _draw_probabilities(axes, predictions, fusion, step_s, labels)
    _draw_utterances(rows[-2], timeline.utterances, end_s, width_in)
    _draw_modalities(rows[-1], predictions, step_s, modalities)
    rows[-1].set_xlim(0.0, end_s)
    rows[-1].set_xlabel("seconds", color=_INK)
    figure.suptitle(title, x=0.01, ha="left", color=_INK, fontsize=13, fontweight="bold", parse_math=False)
    _add_legend(figure, labels)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
    return picture.getvalue()


def _add_legend(figure: object, labels: tuple[str, ...]) -> None:
    from matplotlib.patches import Patch

    colours = label_colours(labels)
    handles = [Patch(facecolor=colours[name], label=name.replace("$", r"\$")) for name in labels]
    figure.legend(  # type: ignore[attr-defined]
        handles=handles,
        loc="outside lower center",
        ncols=min(len(labels), _LEGEND_COLUMNS),
        frameon=False,
        fontsize=_FONT_PT,
    )


def _plain(axes: Axes) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_facecolor(_PALE)
    axes.tick_params(colors=_INK, labelsize=_FONT_PT, length=0)


def _draw_probabilities(
    axes: Axes, predictions: Sequence[Prediction], fusion: Fusion | None, step_s: float, labels: tuple[str, ...]
) -> None:
    _plain(axes)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.5, 1.0], ["0", "50 %", "100 %"])
    if fusion is None:
        axes.text(0.5, 0.5, "no prediction: nothing was seen or heard", transform=axes.transAxes, ha="center")
        return
    colours = [label_colours(labels)[name] for name in labels]
    for run in _runs([one for one in predictions if fusion in one.outcomes], step_s):
        times = np.array([run[0].pts_s - step_s, *(one.pts_s for one in run)])  # the first stands for the time up to it
        values = np.array([one.outcomes[fusion].probabilities for one in (run[0], *run)])
        axes.stackplot(times, values.T, colors=colours, edgecolor="white", linewidth=0.4)
    axes.set_title(_FUSION_TITLES[fusion], loc="left", color=_INK, fontsize=_FONT_PT + 1)


def _runs(predictions: Sequence[Prediction], step_s: float) -> list[list[Prediction]]:
    """Predictions without a gap between them; where there was nothing to predict from, nothing is drawn."""
    runs: list[list[Prediction]] = []
    for one in predictions:
        if runs and one.pts_s - runs[-1][-1].pts_s < 1.5 * step_s:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _draw_utterances(axes: Axes, utterances: Sequence[Utterance], end_s: float, width_in: float) -> None:
    _plain(axes)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["said"])
    characters_per_s = (width_in - 1.2) * 72.0 / (_FONT_PT * 0.54) / end_s
    for one in utterances:
        length_s = min(one.end_s, end_s) - one.start_s
        axes.broken_barh([(one.start_s, length_s)], (0.04, 0.92), facecolor="white", edgecolor="#C3C8CE", linewidth=0.8)
        text = _fit(one.text, int(length_s * characters_per_s) - 1)
        middle_s = one.start_s + length_s / 2
        axes.text(
            middle_s, 0.5, text, ha="center", va="center", fontsize=_FONT_PT, color=_INK, clip_on=True, parse_math=False
        )


def _fit(text: str, columns: int, lines: int = 4) -> str:
    """Wrap text to a box, cut with an ellipsis; nothing when not even a short word fits.

    >>> print(_fit("kids are talking by the door", 12))
    kids are
    talking by
    the door
    >>> _fit("kids are talking", 3)
    ''
    """
    if columns < 6:
        return ""
    return "\n".join(textwrap.wrap(text, columns, max_lines=lines, placeholder=" …"))


def _draw_modalities(axes: Axes, predictions: Sequence[Prediction], step_s: float, modalities: Sequence[str]) -> None:
    _plain(axes)
    order = tuple(reversed(modalities))
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_yticks(range(len(order)), [MODALITY_NAMES[name] for name in order])
    for row, name in enumerate(order):
        spans = [(one.pts_s - step_s, step_s) for one in predictions if name in one.present]
        axes.broken_barh(spans, (row - 0.32, 0.64), facecolor=MODALITY_COLOURS[name], linewidth=0)
