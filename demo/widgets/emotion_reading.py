"""What the distribution says, in words: the one sentence that a person may take from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from demo.names import name_of
from demo.shown import Emotion, Shown
from demo.widgets.figures import percent, seconds_text
from engine.config import EMOTIONS, Fusion, Modality
from engine.types import FloatArray

Choice = Literal["mean", "self", "cross", "cross+self"]
Presence = Literal["present", "missing", "muted", "unused"]

translate = QCoreApplication.translate

_ORDER: tuple[Modality, ...] = ("video", "audio", "text")
_MISSING = {
    "video": QT_TRANSLATE_NOOP("EmotionView", "no face"),
    "audio": QT_TRANSLATE_NOOP("EmotionView", "no voice"),
    "text": QT_TRANSLATE_NOOP("EmotionView", "no words"),
}
_UNUSED = {
    "video": QT_TRANSLATE_NOOP("EmotionView", "face not used"),
    "audio": QT_TRANSLATE_NOOP("EmotionView", "voice not used"),
    "text": QT_TRANSLATE_NOOP("EmotionView", "words not used"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One modality and whether the models had it; "unused" where none of them was trained with it."""

    modality: Modality
    presence: Presence
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is shown of a distribution.

    Attributes
    ----------
    current : whether it holds now; else everything is grey, and ``headline`` says why.
    headline : the top emotion, "unsure", or the reason why there is none.
    figure : probability of the top emotion; empty without one.
    detail : a second line; may be empty.
    top : the emotion in the headline, None where unsure or not current.
    labels : the k classes.
    probabilities : [k]; zeros where there are none.
    unsure_below : the threshold, None where unknown.
    chips : in the order face, voice, words; empty before anything is known.
    """

    current: bool
    headline: str
    figure: str = ""
    detail: str = ""
    top: str | None = None
    labels: tuple[str, ...] = EMOTIONS
    probabilities: tuple[float, ...] = (0.0,) * len(EMOTIONS)
    unsure_below: float | None = None
    chips: tuple[Chip, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it for a screen reader."""
        parts = [" ".join(one for one in (self.headline, self.figure) if one), self.detail]
        if any(self.probabilities):
            parts += [
                f"{name_of(name)} {percent(share)}" for name, share in zip(self.labels, self.probabilities, strict=True)
            ]
        parts += [one.text for one in self.chips]
        return ", ".join(one for one in parts if one)


def read(shown: Shown, choice: Choice) -> Reading:
    """What to show of a moment for one model, or for the mean of those that run."""
    emotion = shown.emotion
    shares, threshold = _chosen(emotion, choice)
    chips = _chips(emotion)
    if emotion.certainty != "current":
        return Reading(
            current=False,
            headline=_why_not(shown),
            labels=emotion.labels,
            probabilities=_tuple(shares, emotion),
            unsure_below=threshold,
            chips=chips if emotion.certainty != "waiting" or emotion.muted else (),
        )
    if shares is None:
        text = translate("EmotionView", "{0} does not run").format(name_of(choice))
        none = _tuple(None, emotion)
        return Reading(current=False, headline=text, labels=emotion.labels, probabilities=none, chips=chips)
    top = emotion.labels[int(shares.argmax())]
    figure = percent(float(shares.max()))
    known = Reading(
        current=True,
        headline="",
        labels=emotion.labels,
        probabilities=_tuple(shares, emotion),
        unsure_below=threshold,
        chips=chips,
    )
    if threshold is not None and shares.max() < threshold:
        most = translate("EmotionView", "at most {0} ({1})").format(figure, name_of(top))
        return replace(known, headline=translate("EmotionView", "unsure"), detail=most)
    return replace(known, headline=name_of(top), figure=figure, detail=_source(emotion, choice), top=top)


def every_headline(labels: tuple[str, ...] = EMOTIONS) -> tuple[str, ...]:
    """All words that can stand large, so that their size can be the same for all of them."""
    return (*(name_of(one) for one in labels), translate("EmotionView", "unsure"))


def bar_text(emotion: Emotion, name: str) -> str:
    """An emotion, its probability, and that of each model where there are several."""
    at = emotion.labels.index(name)
    shares, _ = _chosen(emotion, "mean")
    if shares is None:
        return name_of(name)
    lines = [translate("EmotionView", "{0}: {1}").format(name_of(name), percent(float(shares[at])))]
    if len(emotion.probabilities) > 1:
        lines += [
            translate("EmotionView", "{0}: {1}").format(name_of(fusion), percent(float(one[at])))
            for fusion, one in emotion.probabilities.items()
        ]
    return "\n".join(lines)


def _chosen(emotion: Emotion, choice: Choice) -> tuple[FloatArray | None, float | None]:
    """Probabilities [k] and threshold of a model, or the means over those that run."""
    fusions: list[Fusion] = [one for one in emotion.probabilities if choice in ("mean", one)]
    limits = [emotion.unsure_below[one] for one in fusions if one in emotion.unsure_below]
    shares = np.mean([emotion.probabilities[one] for one in fusions], axis=0) if fusions else None
    return shares, sum(limits) / len(limits) if limits else None


def _source(emotion: Emotion, choice: Choice) -> str:
    """Whose answer it is."""
    if choice != "mean":
        return name_of(choice)
    if len(emotion.probabilities) == 1:
        return name_of(next(iter(emotion.probabilities)))
    if len(emotion.probabilities) == 2:
        return translate("EmotionView", "mean of both models")
    return translate("EmotionView", "mean of all models")


def _why_not(shown: Shown) -> str:
    """Why there is no distribution that holds now."""
    certainty = shown.emotion.certainty
    if shown.kind == "empty":
        return translate("EmotionView", "Open a recording or go live")
    if certainty == "waiting" and not shown.ready:
        return translate("EmotionView", "The models are being loaded")
    if certainty == "waiting":
        return translate("EmotionView", "Waiting for the first prediction")
    if certainty == "nothing" and len(shown.emotion.used) < len(_ORDER):
        lacking = ", ".join(translate("EmotionView", str(_MISSING[one])) for one in _ORDER if one in shown.emotion.used)
        return translate("EmotionView", "Nothing to go by: {0}").format(lacking)
    if certainty == "nothing":
        return translate("EmotionView", "Nothing to see or hear")
    if certainty == "stale":
        return translate("EmotionView", "The input has stopped; this is the last answer")
    if shown.emotion.waiting_s > 0:
        seconds = seconds_text(max(1.0, shown.emotion.waiting_s), 0)
        return translate("EmotionView", "Computing is catching up, about {0}").format(seconds)
    return translate("EmotionView", "Computing is catching up")


def _chips(emotion: Emotion) -> tuple[Chip, ...]:
    return tuple(_chip(emotion, one) for one in _ORDER)


def _chip(emotion: Emotion, modality: Modality) -> Chip:
    if modality not in emotion.used:
        return Chip(modality, "unused", translate("EmotionView", str(_UNUSED[modality])))
    if modality in emotion.muted:
        return Chip(modality, "muted", translate("EmotionView", "{0} muted").format(name_of(modality)))
    if modality in emotion.present:
        return Chip(modality, "present", name_of(modality))
    return Chip(modality, "missing", translate("EmotionView", str(_MISSING[modality])))


def _tuple(shares: FloatArray | None, emotion: Emotion) -> tuple[float, ...]:
    return (0.0,) * len(emotion.labels) if shares is None else tuple(float(one) for one in shares)
