"""What emotions, streams and models are called in the language of the user."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.analysis.palette import plain_label

_NAMES = {
    "anger": QT_TRANSLATE_NOOP("names", "anger"),
    "disgust": QT_TRANSLATE_NOOP("names", "disgust"),
    "fear": QT_TRANSLATE_NOOP("names", "fear"),
    "happy": QT_TRANSLATE_NOOP("names", "happy"),
    "neutral": QT_TRANSLATE_NOOP("names", "neutral"),
    "sad": QT_TRANSLATE_NOOP("names", "sad"),
    "surprise": QT_TRANSLATE_NOOP("names", "surprise"),
    "audio": QT_TRANSLATE_NOOP("names", "voice"),
    "video": QT_TRANSLATE_NOOP("names", "face"),
    "text": QT_TRANSLATE_NOOP("names", "words"),
    "angry": QT_TRANSLATE_NOOP("names", "angry"),
    "excited": QT_TRANSLATE_NOOP("names", "excited"),
    "excitement": QT_TRANSLATE_NOOP("names", "excitement"),
    "frustrated": QT_TRANSLATE_NOOP("names", "frustrated"),
    "frustration": QT_TRANSLATE_NOOP("names", "frustration"),
    "happiness": QT_TRANSLATE_NOOP("names", "happiness"),
    "joy": QT_TRANSLATE_NOOP("names", "joy"),
    "sadness": QT_TRANSLATE_NOOP("names", "sadness"),
    "surprised": QT_TRANSLATE_NOOP("names", "surprised"),
    "disgusted": QT_TRANSLATE_NOOP("names", "disgusted"),
    "fearful": QT_TRANSLATE_NOOP("names", "fearful"),
    "afraid": QT_TRANSLATE_NOOP("names", "afraid"),
    "calm": QT_TRANSLATE_NOOP("names", "calm"),
    "contempt": QT_TRANSLATE_NOOP("names", "contempt"),
    "bored": QT_TRANSLATE_NOOP("names", "bored"),
    "boredom": QT_TRANSLATE_NOOP("names", "boredom"),
    "love": QT_TRANSLATE_NOOP("names", "love"),
    "confused": QT_TRANSLATE_NOOP("names", "confused"),
    "tired": QT_TRANSLATE_NOOP("names", "tired"),
    "positive": QT_TRANSLATE_NOOP("names", "positive"),
    "negative": QT_TRANSLATE_NOOP("names", "negative"),
    "other": QT_TRANSLATE_NOOP("names", "other"),
    "self": QT_TRANSLATE_NOOP("names", "self-attention"),
    "cross": QT_TRANSLATE_NOOP("names", "cross-attention"),
    "cross+self": QT_TRANSLATE_NOOP("names", "cross- and self-attention"),
}
_SHORT = {
    "ang": "angry",
    "dis": "disgust",
    "exc": "excited",
    "fea": "fear",
    "fru": "frustrated",
    "hap": "happy",
    "neu": "neutral",
    "sur": "surprise",
}
"""Short forms that corpora use for their labels."""


def name_of(key: str) -> str:
    """What an emotion, modality or fusion is called before the user; a label of another kind as it is written."""
    plain = plain_label(key)
    known = _NAMES.get(_SHORT.get(plain, plain))
    return as_written(key) if known is None else QCoreApplication.translate("names", str(known))


def as_written(label: str) -> str:
    """A label of somebody's own, with a small first letter like all others, unless it is an abbreviation.

    >>> as_written("Deep_thought"), as_written("PTSD")
    ('deep thought', 'PTSD')
    """
    words = " ".join(label.replace("_", " ").split())
    return words if len(words) > 1 and words.isupper() else words[:1].lower() + words[1:]


def block_name(target: str, source: str) -> str:
    """What an attention block is called: "voice looks at face", "words look at themselves"."""
    if target == "text":
        if source == target:
            return QCoreApplication.translate("names", "words look at themselves")
        return QCoreApplication.translate("names", "words look at {0}").format(name_of(source))
    if target == source:
        return QCoreApplication.translate("names", "{0} looks at itself").format(name_of(target))
    return QCoreApplication.translate("names", "{0} looks at {1}").format(name_of(target), name_of(source))
