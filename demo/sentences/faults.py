"""What can go wrong in a session that goes on."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("messages", "The face is no longer looked at; the rest goes on: {why}."),
    QT_TRANSLATE_NOOP("messages", "The voice is no longer heard and no words are recognised; the rest goes on: {why}."),
    QT_TRANSLATE_NOOP("messages", "Words are no longer recognised; the rest goes on: {why}."),
    QT_TRANSLATE_NOOP("messages", "A picture was left out, since the face stage failed with {0}: {1}."),
    QT_TRANSLATE_NOOP("messages", "A piece of the sound was left out, since the hearing stage failed with {0}: {1}."),
    QT_TRANSLATE_NOOP(
        "messages",
        "The words of an utterance are missing, since the transcription stage failed with {0}: {1}.",
    ),
    QT_TRANSLATE_NOOP(
        "messages", "the {stage} stage has not come back for {0} s: close other programs, and start again"
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "Speech recognition stopped and was started again; the words of {0} s and of the rest of the utterance are "
        "missing.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "This machine slept, or this program stood still, for {0} s; what happened then is missing.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "Older faults are left out of this list, since there were too many. The recording of a session has them all.",
    ),
    QT_TRANSLATE_NOOP("messages", "The session goes on on the processor, which takes longer: {why}."),
    QT_TRANSLATE_NOOP("messages", "{device} is back after {0} s."),
    QT_TRANSLATE_NOOP("messages", "{device} stopped and came back."),
    QT_TRANSLATE_NOOP("messages", "{device} goes on at {0} Hz instead of {1} Hz."),
    QT_TRANSLATE_NOOP("messages", "The {kind} was away from {0} s to the end. {why}"),
)
