"""What emotions, streams and models are called in the language of the user."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

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
    "self": QT_TRANSLATE_NOOP("names", "self-attention"),
    "cross": QT_TRANSLATE_NOOP("names", "cross-attention"),
}


def name_of(key: str) -> str:
    """What an emotion, modality or fusion of ``engine.config`` is called before the user."""
    return QCoreApplication.translate("names", str(_NAMES.get(key, key)))


def block_name(target: str, source: str) -> str:
    """What an attention block is called: "voice looks at face", "words look at themselves"."""
    if target == "text":
        if source == target:
            return QCoreApplication.translate("names", "words look at themselves")
        return QCoreApplication.translate("names", "words look at {0}").format(name_of(source))
    if target == source:
        return QCoreApplication.translate("names", "{0} looks at itself").format(name_of(target))
    return QCoreApplication.translate("names", "{0} looks at {1}").format(name_of(target), name_of(source))
