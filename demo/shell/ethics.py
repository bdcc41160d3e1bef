"""The sentence that belongs to every emotion recogniser."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def ethics_text() -> str:
    """What emotion recognition is not, in the language of the user."""
    return QCoreApplication.translate(
        "ethics",
        "Emotion recognition infers the emotion that is displayed, not what someone feels. It is often wrong, and it "
        "must not be used to judge people.",
    )


def privacy_text() -> str:
    """Where pictures and sound go: nowhere."""
    return QCoreApplication.translate("ethics", "Everything is computed on this computer. Nothing leaves it.")


def consent_text() -> str:
    """What recording someone means, told before the first one."""
    return QCoreApplication.translate(
        "ethics",
        "It stays on this computer, readable for your account alone, until you delete it. Record other people only if "
        "they know and agree.",
    )
