"""One colour per emotion, told apart by people with any common colour vision.

Derived from Okabe and Ito, "Color Universal Design" (2008): six of its hues, a darker yellow, and grey for neutral.
The further ones lie as far as can be from these and from each other in Oklab, also as people without red or green
cones see them, and stand out on white and on a dark ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

EMOTION_COLOURS: dict[str, str] = {
    "anger": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#E8C41C",
    "neutral": "#9A9A9A",
    "sad": "#0072B2",
    "surprise": "#56B4E9",
}
"""Colour of each emotion of the bundle, as #RRGGBB."""

_BROWN, _MAGENTA, _MINT, _VIOLET = "#7D5B40", "#B53989", "#4FD1A0", "#6A4BD6"
_SLATE, _CORAL, _OLIVE, _LAVENDER = "#4F5D80", "#F5637F", "#7C8A1E", "#B98CFF"

FURTHER_COLOURS = (_LAVENDER, _BROWN, _MAGENTA, _MINT, _VIOLET, _SLATE, _CORAL, _OLIVE)
"""For emotions that have no colour of their own, by order; after them those of the seven that are free."""

_OTHERS = {
    "excited": _MAGENTA,
    "frustrated": _BROWN,
    "calm": _MINT,
    "contempt": _VIOLET,
    "bored": _SLATE,
    "love": _CORAL,
}

_SAME: dict[str, str] = {
    "angry": "anger",
    "ang": "anger",
    "disgusted": "disgust",
    "dis": "disgust",
    "fearful": "fear",
    "afraid": "fear",
    "fea": "fear",
    "happiness": "happy",
    "hap": "happy",
    "joy": "happy",
    "joyful": "happy",
    "neu": "neutral",
    "sadness": "sad",
    "surprised": "surprise",
    "sur": "surprise",
    "excitement": "excited",
    "exc": "excited",
    "frustration": "frustrated",
    "fru": "frustrated",
    "calmness": "calm",
    "contemptuous": "contempt",
    "boredom": "bored",
    "loving": "love",
}
"""Other words for what has a colour."""

MODALITY_NAMES: dict[str, str] = {"audio": "voice", "video": "face", "text": "words"}
"""What the three streams are called where a user reads it."""

MODALITY_COLOURS: dict[str, str] = {"audio": "#4C6E8A", "video": "#8A6D4C", "text": "#5E7F56"}
"""Muted colours of the three streams, apart from those of the emotions."""


@lru_cache(maxsize=32)
def label_colours(labels: tuple[str, ...]) -> Mapping[str, str]:
    """A colour for each class: its own where it is known, and the next free one else; as #RRGGBB.

    Examples
    --------
    >>> colours = label_colours(("angry", "happy", "wistful"))
    >>> colours["angry"] == EMOTION_COLOURS["anger"], colours["wistful"] == FURTHER_COLOURS[0]
    (True, True)
    """
    own = EMOTION_COLOURS | _OTHERS
    found: dict[str, str] = {}
    for exact in (True, False):  # a name itself comes before another word for it
        for name in labels:
            word = plain_label(name)
            colour = own.get(word if exact else _SAME.get(word, word))
            if name not in found and colour is not None and colour not in found.values():
                found[name] = colour
    palette = (*FURTHER_COLOURS, *EMOTION_COLOURS.values())
    for name in labels:
        free = [colour for colour in palette if colour not in found.values()]
        found.setdefault(name, free[0] if free else palette[len(found) % len(palette)])
    return found


def plain_label(name: str) -> str:
    """A class as its word: without case, with spaces.

    >>> plain_label("Very_Angry ")
    'very angry'
    """
    return " ".join(name.replace("_", " ").casefold().split())
