"""What can be wrong with a recording, its playback and its analysis."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} has no sound, and these models do not use the face: choose another recording or device, or other models",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} does not exist: check the spelling and the folder."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be reached: you have no permission to open its folder."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be reached: {1}. Check the name."),
    QT_TRANSLATE_NOOP("messages", "{0} is a folder: name a recording inside it."),
    QT_TRANSLATE_NOOP("messages", "{0} is not a file: save the recording to a file first."),
    QT_TRANSLATE_NOOP("messages", "{0} is empty (0 bytes): record or copy it again."),
    QT_TRANSLATE_NOOP("messages", "{0} may not be read: ask its owner for permission to read it, or copy it."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be read: {1}."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be read any more ({1}): check that its drive is still there."),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} was cut off before the end, where its index is: nothing in it can be played. Copy it again, or "
        "repair it with a recovery program.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is not a recording that Attune can read: give it a media file such as {formats}.",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be played. {why} Give it another recording."),
    QT_TRANSLATE_NOOP("messages", "It holds neither moving pictures nor sound."),
    QT_TRANSLATE_NOOP("messages", "The format of the {stream} cannot be decoded here."),
    QT_TRANSLATE_NOOP("messages", "Nothing of the {stream} could be decoded ({0})."),
    QT_TRANSLATE_NOOP("messages", "{parts} of the {stream} left out."),
    QT_TRANSLATE_NOOP("messages", "The time stamps of the {stream} start anew within the file: the parts are joined."),
    QT_TRANSLATE_NOOP("messages", "The file is cut off: its pictures last {0} s instead of {1} s."),
    QT_TRANSLATE_NOOP("messages", "The file is cut off: its sound lasts {0} s instead of {1} s."),
    QT_TRANSLATE_NOOP("messages", "The file is cut off: it ends at {0} s instead of {1} s."),
    QT_TRANSLATE_NOOP("messages", "The file is cut off: it ends at {0} s, and what followed is missing."),
    QT_TRANSLATE_NOOP("messages", "{0} has neither pictures nor sound: choose another recording or device"),
    QT_TRANSLATE_NOOP("messages", "Playback has stopped: {why}. Open the recording again."),
    QT_TRANSLATE_NOOP("messages", "The sound is not heard: {why}"),
    QT_TRANSLATE_NOOP("messages", "{path} is not there any more: annotations cannot be saved there"),
    QT_TRANSLATE_NOOP("messages", "The speaker {0} has gone: playback goes on without sound."),
    QT_TRANSLATE_NOOP("messages", "there is no sound output. Plug in a speaker or headphones."),
    QT_TRANSLATE_NOOP("messages", "there is no speaker {0}. Plug it in or choose another one."),
    QT_TRANSLATE_NOOP("messages", "the speaker {0} cannot be opened ({1}). Choose another one."),
    QT_TRANSLATE_NOOP(
        "messages",
        "the {stage} stage failed with {0}: {1}. This is a defect of Attune: please report it with the recording "
        "that caused it",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "still busy {0} s after the stop: {1}. It ends by itself when its present step is done; if it does not, "
        "close the program and start it again",
    ),
    QT_TRANSLATE_NOOP("messages", "Unexpected {0}: {1}"),
)
