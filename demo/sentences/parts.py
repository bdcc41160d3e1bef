"""What sentences of the other tables are filled with; translated only there."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("messages", "mp4, mov, mkv, webm, avi, wav, flac, mp3 or ogg"),
    QT_TRANSLATE_NOOP("messages", "pictures"),
    QT_TRANSLATE_NOOP("messages", "sound"),
    QT_TRANSLATE_NOOP("messages", "1 damaged part"),
    QT_TRANSLATE_NOOP("messages", "{0} damaged parts"),
    QT_TRANSLATE_NOOP("messages", "its process did not answer for {0} s"),
    QT_TRANSLATE_NOOP("messages", "its process ended with status {0}"),
    QT_TRANSLATE_NOOP("messages", "face"),
    QT_TRANSLATE_NOOP("messages", "hearing"),
    QT_TRANSLATE_NOOP("messages", "transcription"),
    QT_TRANSLATE_NOOP("messages", "model"),
    QT_TRANSLATE_NOOP("messages", "review"),
    QT_TRANSLATE_NOOP("messages", "source"),
    QT_TRANSLATE_NOOP("messages", 'The camera "{name}"'),
    QT_TRANSLATE_NOOP("messages", 'The microphone "{name}"'),
    QT_TRANSLATE_NOOP("messages", 'The speaker "{name}"'),
    QT_TRANSLATE_NOOP("messages", "camera"),
    QT_TRANSLATE_NOOP("messages", "microphone"),
    QT_TRANSLATE_NOOP("messages", "speaker"),
    QT_TRANSLATE_NOOP("messages", "camera {0}"),
    QT_TRANSLATE_NOOP("messages", "microphone {0}"),
    QT_TRANSLATE_NOOP("messages", "connect one; it is found by itself"),
    QT_TRANSLATE_NOOP("messages", "connect one, or start the sound server; it is found by itself"),
    QT_TRANSLATE_NOOP("messages", "connect one, or start the sound server"),
    QT_TRANSLATE_NOOP("messages", "System Settings, Privacy & Security, Camera"),
    QT_TRANSLATE_NOOP("messages", "Settings, Privacy & security, Camera"),
    QT_TRANSLATE_NOOP("messages", "once"),
    QT_TRANSLATE_NOOP("messages", "{0} times"),
    QT_TRANSLATE_NOOP("messages", "because you asked for Whisper"),
    QT_TRANSLATE_NOOP("messages", "because you asked for Vosk"),
    QT_TRANSLATE_NOOP("messages", "because no English Vosk model is on this machine"),
    QT_TRANSLATE_NOOP("messages", "because the package vosk is not installed"),
    QT_TRANSLATE_NOOP("messages", "because an English Vosk model is on this machine"),
    QT_TRANSLATE_NOOP("messages", "because you named this model"),
    QT_TRANSLATE_NOOP("messages", "because you asked for {0}"),
    QT_TRANSLATE_NOOP("messages", "do you mean {0}?"),
    QT_TRANSLATE_NOOP("messages", "name the folder that was inside the archive"),
    QT_TRANSLATE_NOOP("messages", "install Attune again, or train a face encoder with `attune train face`"),
    QT_TRANSLATE_NOOP("messages", "face encoder: trained with {0} ({1}-d), running {2} ({3}-d)"),
    QT_TRANSLATE_NOOP("messages", "word vectors: trained with {0} ({1}-d), running {2} ({3}-d)"),
    QT_TRANSLATE_NOOP("messages", "audio features, {0}: trained with {1}, running {2}"),
    QT_TRANSLATE_NOOP(
        "messages",
        "give --asr-model PATH with an unpacked model from https://alphacephei.com/vosk/models, or --asr-model "
        "download to let Vosk download one, or take --asr whisper, which needs nothing more",
    ),
)
