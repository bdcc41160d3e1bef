"""Finds the sentences in the sources of the engine that can reach the window."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

ALL_TEXTS = (
    "engine/sources/*.py",
    "engine/playback/*.py",
    "engine/runtime/*.py",
    "engine/asr/*.py",
    "engine/review.py",
    "engine/live_run.py",
    "engine/session.py",
    "engine/stages.py",
    "engine/fusion_stage.py",
    "engine/hearing_stage.py",
    "engine/transcription_stage.py",
    "engine/rescue.py",
    "engine/faults.py",
    "engine/device_faults.py",
    "engine/device_watch.py",
    "engine/components.py",
    "engine/features/face_encoder.py",
    "engine/features/vad.py",
    "engine/features/vector_files.py",
    "engine/features/word_vectors.py",
    "engine/models/card.py",
    "engine/models/onnx.py",
    "engine/models/predictor.py",
    "engine/models/chosen.py",
    "engine/models/running.py",
    "engine/saved/place.py",
    "engine/saved/recorder.py",
    "engine/saved/session.py",
    "engine/saved/notes.py",
    "engine/saved/muting.py",
    "demo/problems.py",
    "demo/session_bridge.py",
    "demo/session_show.py",
    "demo/session_list.py",
    "demo/marks.py",
    "demo/model_loader.py",
    "demo/device_watch.py",
    "demo/file_show.py",
    "demo/live_show.py",
)
"""Every text counts: messages are also put together before they are raised."""

RAISED_TEXTS = (
    "engine/annotations.py",
    "engine/files.py",
    "engine/saved/*.py",
    "engine/sinks/*.py",
    "engine/device.py",
    "engine/assets.py",
    "engine/features/*.py",
    "engine/models/checkpoint.py",
    "engine/models/onnx_export.py",
    "engine/models/stored.py",
    "engine/models/torch_runner.py",
    "engine/tracing.py",
)
"""Only what is raised as an error for the user: the others are details of files, and mistakes of programs."""

FOR_USERS = {
    "AttuneError",
    "SourceError",
    "AssetError",
    "CheckpointError",
    "DataError",
    "OutputError",
    "StageError",
    "DeviceFailure",
    "DeviceError",
}

UNTRANSLATED = {
    # Listings of the command line.
    "1 channel",
    "{} channels",
    "{}, {}, {} Hz",
    # Fragments of PortAudio's own errors, to tell them apart.
    "access denied",
    "not permitted",
    "no such device",
    "invalid device",
    "querying device",
    "in use",
    # What a child process of Python begins with.
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from engine.asr.child import serve; serve()",
    # Only `attune bench` imitates devices.
    "cannot write {}: {}. Choose a place with room for it",
    # Phases in the file of a trace.
    "waits for the face",
    "waits for the models",
    "waits for its moment",
    # Of a channel, to the stages beside it.
    "is full",
    "is empty",
    # Only training and commands read images of faces and save checkpoints.
    "the face image {} does not exist: check the path in the manifest",
    "{} cannot be read as an image ({}): use a whole PNG or JPEG file of one cropped face",
    "the card of checkpoint {} cannot be saved: {}",
    "a checkpoint's name is a plain file name without a folder, not {}",
    # Between the program and the process that recognises.
    "nothing is called {}",
    "a message of {} bytes",
    "not what was heard: {}",
    "no answer: {}",
    # The name of word vectors, with their size.
    "{} ({}-d)",
    # Names of recognisers, in files of results.
    "vosk {}",
    "whisper {}",
    # Why session.json or the journal is damaged, in brackets behind the sentence.
    "it has no {}",
    "{} is {}",
    "picture_size is no width and height",
    "it lasts from {} s to {} s",
    "the settings of the session are damaged: {} is {}",
    "a record of the journal is damaged: {}",
    "a prediction of no model",
    # Only `attune replay` and `attune verify` need what these are about; the encoder's own words.
    "{} holds neither pictures nor sound: only its features can be replayed",
    "the settings in {} are damaged, or are none",
    "{} is damaged: {}",
    "cannot encode {}: {}",
}
"""No user of the window reads these."""

SPELLED_OUT: dict[str, tuple[str, ...]] = {
    "The file is cut off: its {} {} {} s instead of {} s.": (
        "The file is cut off: its pictures last 3.0 s instead of 4.0 s.",
        "The file is cut off: its sound lasts 3.0 s instead of 4.0 s.",
    ),
    "{} {} of {} were lost.": ("3 pictures of C920 were lost.", "3 blocks of sound of C920 were lost."),
    "blocks of sound": (),
    'The {} "{}"': (
        'The camera "A" was unplugged: plug it in again, and it goes on by itself.',
        'The microphone "B" is gone: plug it in again, and it goes on by itself.',
        'The speaker "C" does not answer. It is let go when its driver does; if the light stays on, unplug it or '
        "restart Attune.",
    ),
    "default {}": ("default camera", "default microphone", "default camera and default microphone"),
    "{} holds a {} model: take --asr {} with it": (
        "/a holds a Vosk model: take --asr vosk with it",
        "/a holds a Whisper model: take --asr whisper with it",
    ),
    "a Vosk model (it has am/final.mdl and graph/)": (),
    "a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json)": (),
    "{} is not {}: {}": (
        "/a is not a Vosk model (it has am/final.mdl and graph/): name the folder that was inside the archive",
        "/a is not a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json): "
        "do you mean /a/b?",
    ),
    "{} is neither {}: {}": (
        "/a is neither a Vosk model (it has am/final.mdl and graph/) nor a Whisper model for CTranslate2 "
        "(it has model.bin, config.json and tokenizer.json): name the folder that was inside the archive",
    ),
    "{} {}. Copy the checkpoint's two files again, or train it anew.": (
        "/a b/self.json is missing. Copy the checkpoint's two files again, or train it anew.",
        "/a b/self.json cannot be used: bad. Copy the checkpoint's two files again, or train it anew.",
    ),
    "{} cannot be read from byte {} on{}: what comes before is used.": (
        "journal.msgpack cannot be read from byte 7 on: what comes before is used.",
        "journal.msgpack cannot be read from byte 7 on, where the recording was cut off: what comes before is used.",
    ),
    ", where the recording was cut off": (),
    ". Its pictures and sound can still be played: attune play {}": (
        "/a/session.json does not describe a session of Attune. Its pictures and sound can still be played: "
        "attune play /a/media.mkv",
    ),
    "The recording has ended: {}": (
        "The recording has ended: Cannot write /a: No space left on device. Choose a place that you can write to and "
        "that has room.",
    ),
}
"""Sentences that are put together of words: their templates stand in the tables in every form."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with {} where something is filled in, and where it stands."""

    text: str
    module: str

    def __str__(self) -> str:
        return f"{self.module}: {self.text}"


@cache
def sentences_of_the_engine() -> tuple[Sentence, ...]:
    """All of them, each once per module."""
    found = [
        Sentence(text, path.relative_to(ROOT).as_posix())
        for patterns, every in ((ALL_TEXTS, True), (RAISED_TEXTS, False))
        for pattern in patterns
        for path in sorted(ROOT.glob(pattern))
        for text in _texts(ast.parse(path.read_text(encoding="utf-8")), wanted=every)
        if _is_sentence(text)
    ]
    return tuple(dict.fromkeys(found))


def _texts(node: ast.AST, *, wanted: bool) -> Iterator[str]:
    """Texts below a node, but for docstrings, logs and what is raised as a mistake of the program."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call):
        if getattr(getattr(node.func, "value", None), "id", "") in {"_log", "logger"}:
            return
        wanted = wanted or _name(node.func) in FOR_USERS
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        name = _name(node.exc.func)
        if name.endswith("Error") and name not in FOR_USERS:
            return
    if isinstance(node, ast.JoinedStr):
        if wanted:
            yield "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
        inner = [one.value for one in node.values if isinstance(one, ast.FormattedValue)]
    else:
        if wanted and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        inner = list(ast.iter_child_nodes(node))
    for child in inner:
        yield from _texts(child, wanted=wanted)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_sentence(text: str) -> bool:
    """More than one word, or one with something filled in beside it."""
    return re.search(r"[a-z]", text) is not None and re.search(r"[\w}]\)? [\w({]", text) is not None
