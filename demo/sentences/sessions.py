"""What can be wrong with recordings of sessions, with annotations and with files that are written."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("messages", "This session was recorded with models that know other classes ({0}). {how}"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{differences} Emotions are shown as recorded; attention maps, and what is shown while something is "
        "muted, come from the models that run now. {how}",
    ),
    QT_TRANSLATE_NOOP("messages", "{why} What was found in the session is shown without pictures and sound."),
    QT_TRANSLATE_NOOP("messages", "{0} is still there, since it holds other things, which were left alone: {1}."),
    QT_TRANSLATE_NOOP("messages", "Marks are kept with a recording: begin to record first."),
    QT_TRANSLATE_NOOP("messages", "{0} is too large to hold annotations: move it away to begin anew"),
    QT_TRANSLATE_NOOP("messages", "cannot read {0}: {why}"),
    QT_TRANSLATE_NOOP("messages", "{0} does not hold annotations of Attune: move it away to begin anew"),
    QT_TRANSLATE_NOOP("messages", "{0} was written by a newer Attune: update Attune to read it"),
    QT_TRANSLATE_NOOP(
        "messages", "{0} is damaged: its annotations cannot be read. Move it away to begin anew, or mend it"
    ),
    QT_TRANSLATE_NOOP("messages", "cannot write {0}: {why}. Choose a place that you can write to and that has room"),
    QT_TRANSLATE_NOOP("messages", "{0} is a file, not a folder: choose another place for the results"),
    QT_TRANSLATE_NOOP("messages", "{0} is a folder: give the name of a file for this result"),
    QT_TRANSLATE_NOOP("messages", "another Attune writes into {0}: wait until it has ended, or choose another place"),
    QT_TRANSLATE_NOOP("messages", "the settings of the session are damaged: {0}"),
    QT_TRANSLATE_NOOP("messages", "{0} does not describe a session of Attune"),
    QT_TRANSLATE_NOOP("messages", "{0} is damaged ({1}). What was recorded is beside it"),
    QT_TRANSLATE_NOOP("messages", "this session is recorded already: stop the recording before you begin another one"),
    QT_TRANSLATE_NOOP("messages", "{0} is a file, not a folder: choose another place for the recording"),
    QT_TRANSLATE_NOOP(
        "messages", "{0} is not the folder of a recorded session: name one that `attune live --record` made"
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} holds no recorded session (there is no {1}): name the folder of one, as `attune live --record` made it",
    ),
    QT_TRANSLATE_NOOP(
        "messages", "{0} holds a recorded session already: choose another folder, so that it is not overwritten"
    ),
    QT_TRANSLATE_NOOP(
        "messages", "{0} is not empty ({1} is in it): choose a new folder for the recording, or one of sessions"
    ),
    QT_TRANSLATE_NOOP("messages", "{0} is in use by another Attune: wait until it has ended, or choose another folder"),
    QT_TRANSLATE_NOOP("messages", "{0} is on a file system that cannot lock files: choose a folder elsewhere"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} cannot be made private: it belongs to somebody else, or its disk knows no rights, as with FAT and exFAT. "
        "Choose a folder of your own on another disk",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} does not describe a session: it is no file, or far too large"),
    QT_TRANSLATE_NOOP("messages", "{0} is damaged: it cannot be read. What was recorded is beside it"),
    QT_TRANSLATE_NOOP("messages", "{0} is a link: delete the folder that it points to"),
    QT_TRANSLATE_NOOP("messages", "{0} holds no recorded session: nothing was deleted"),
    QT_TRANSLATE_NOOP("messages", "cannot delete {0}: {why}. Delete the folder by hand"),
    QT_TRANSLATE_NOOP("messages", "{0} is not a journal of Attune, or its beginning is damaged: it cannot be read"),
    QT_TRANSLATE_NOOP("messages", "{0} is no ordinary file: it cannot be read"),
    QT_TRANSLATE_NOOP("messages", "cannot read {0}: {why}. Check that it is there and that you may read it"),
    QT_TRANSLATE_NOOP("messages", "the disk of {0} does not answer. Check it, and record elsewhere"),
    QT_TRANSLATE_NOOP(
        "messages",
        "The disk of {0} does not answer: what was recorded until then is there. Check the disk, and record elsewhere.",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "The disk of {0} is full: the recording was ended, and is whole until then. Make room, and record "
        "into a new folder.",
    ),
    QT_TRANSLATE_NOOP("messages", "The recording has ended: {why}"),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be reached any more ({why}). Record into another folder"),
    QT_TRANSLATE_NOOP("messages", "{0} was deleted or moved while it was recorded into. Record into a new folder"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} was recorded with faces as {1} numbers ({2}) and words as {3} ({4}); these models take {5} and "
        "{6}. Name the models that it was recorded with, with --models or --model",
    ),
    QT_TRANSLATE_NOOP("messages", "{why}. Its pictures and sound can still be played: attune play {0}"),
    QT_TRANSLATE_NOOP("messages", "It is still being recorded: what was there at {0} s is shown."),
    QT_TRANSLATE_NOOP("messages", "The recording was cut off, as by a crash: everything up to {0} s is here."),
    QT_TRANSLATE_NOOP("messages", "{0} cannot be read from byte {1} on: what comes before is used."),
    QT_TRANSLATE_NOOP(
        "messages", "{0} cannot be read from byte {1} on, where the recording was cut off: what comes before is used."
    ),
    QT_TRANSLATE_NOOP("messages", "1 record of {0} is damaged and left out; the others are used."),
    QT_TRANSLATE_NOOP("messages", "{0} records of {1} are damaged and left out; the others are used."),
    QT_TRANSLATE_NOOP(
        "messages", "{0} is missing: there are neither pictures nor sound, but all features and predictions."
    ),
    QT_TRANSLATE_NOOP("messages", "it unpacks to more than any model"),
    QT_TRANSLATE_NOOP("messages", "the speech model {0} cannot be read: {why}"),
    QT_TRANSLATE_NOOP("messages", "there is not enough memory for the word vectors in {0}: take smaller ones"),
    QT_TRANSLATE_NOOP("messages", "{0}, line {1}: it is longer than a word and its numbers. Get the file again"),
    QT_TRANSLATE_NOOP("messages", "{0} unpacks to over {1} times its size, as no word vectors do: get the file again"),
    QT_TRANSLATE_NOOP(
        "messages",
        "the models were trained with the face encoder resnet101, whose weights (179 MB from "
        "download.pytorch.org) are not here: let torchvision download them once with `attune assets get "
        "resnet101`",
    ),
)
