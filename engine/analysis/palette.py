"""One colour per emotion, told apart by people with any common colour vision.

Derived from Okabe and Ito, "Color Universal Design" (2008): six of its hues, a darker yellow, and grey for neutral.
"""

from __future__ import annotations

EMOTION_COLOURS: dict[str, str] = {
    "anger": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#E8C41C",
    "neutral": "#9A9A9A",
    "sad": "#0072B2",
    "surprise": "#56B4E9",
}
"""Colour of each emotion, as #RRGGBB."""

MODALITY_NAMES: dict[str, str] = {"audio": "voice", "video": "face", "text": "words"}
"""What the three streams are called where a user reads it."""

MODALITY_COLOURS: dict[str, str] = {"audio": "#4C6E8A", "video": "#8A6D4C", "text": "#5E7F56"}
"""Muted colours of the three streams, apart from those of the emotions."""
