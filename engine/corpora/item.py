"""From the files of a labelled item to the window that the model sees: one window over the whole item.

The features come from the same streaming extractors as those of a session.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.config import AUDIO_DIM, AUDIO_HOP_S, FACE_RATE_HZ, MAX_AUDIO_FRAMES, MAX_FACES
from engine.corpora.manifest import WHOLE, Item, Part
from engine.errors import DataError, SourceError
from engine.features.speech import Hearing, SpeechEvent
from engine.types import AudioBlock, FeatureBlock, FloatArray, TimeArray, UtteranceWindow, VideoFrame, Word

if TYPE_CHECKING:
    from engine.features.face import FaceTracker
    from engine.features.word_vectors import WordVectors

_IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".ppm"}
_SLACK_S, _SAMPLE_SLACK = 1e-6, 1e-3
"""How much rounded times may be off, in seconds and in samples."""

_WORD_S = 0.4
"""Spacing of the words of a text that nobody has spoken."""

Crop = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the files of an item hold, faces not yet encoded.

    Attributes
    ----------
    audio : [t, 120] f32, at most 1000 frames; audio_times_s : [t]
    crops : at most 32 faces, each [h, w, 3] u8; crop_times_s : [len(crops)]
    words : words with times spread over the item
    """

    audio: FloatArray = field(default_factory=lambda: np.zeros((0, AUDIO_DIM), np.float32))
    audio_times_s: TimeArray = field(default_factory=lambda: np.zeros(0))
    crops: tuple[Crop, ...] = ()
    crop_times_s: TimeArray = field(default_factory=lambda: np.zeros(0))
    words: tuple[Word, ...] = ()


def read_item(item: Item, tracker: FaceTracker | None, track_hz: float) -> Material:
    """Read and extract what an item holds.

    Raises
    ------
    SourceError
        When one of its files cannot be decoded.
    DataError
        When it holds no modality, or a file of faces or video holds no face.
    """
    if item.empty:
        raise DataError("no voice, no face and no words in the modalities that are used")
    audio = read_voice(item.audio, item.heard) if item.audio else None
    faces: list[tuple[float, Crop]] = []
    if item.faces:
        faces = read_face_images(item.faces)
    elif item.video:
        if tracker is None:
            raise ValueError("these components were loaded without video, and an item has one")
        faces = find_faces(item.video, tracker, track_hz, item.part)
    spoken_s = len(audio.times_s) * AUDIO_HOP_S if audio else 0.0
    empty = Material()
    return Material(
        audio=audio.values if audio else empty.audio,
        audio_times_s=audio.times_s if audio else empty.audio_times_s,
        crops=tuple(crop for _, crop in faces),
        crop_times_s=np.array([time_s for time_s, _ in faces], dtype=np.float64),
        words=spread_words(item.text or "", spoken_s),
    )


def read_voice(path: Path, part: Part = WHOLE) -> FeatureBlock:
    """MFCC frames of an audio or media file: all of it, or 10 s from where speech begins.

    Of a part, the frames are those of a file with these samples alone; times are less its start.

    Raises
    ------
    SourceError
        When it cannot be decoded, or there are less than 25 ms of sound.
    """
    from engine.sources.media_file import MediaFile

    hearing = Hearing()
    heard = []
    start_s = part.start_s or 0.0
    with MediaFile(path, start_s=start_s, pictures=False) as source:
        for one in source:
            if part.end_s is not None and one.pts_s >= part.end_s - _SLACK_S:
                break
            if isinstance(one, AudioBlock):
                heard += hearing.feed(_before(one, part.end_s))
        heard += hearing.flush()
    blocks = [block for one in heard for block in one.features]
    if not blocks or not sum(len(block.times_s) for block in blocks):
        raise SourceError(f"{path} holds no sound, or less than 25 ms of it{where(part)}")
    times_s = np.concatenate([block.times_s for block in blocks])
    values = np.concatenate([block.values for block in blocks])
    first = _first_frame(times_s, [event for one in heard for event in one.events])
    chosen = slice(first, first + MAX_AUDIO_FRAMES)
    return FeatureBlock(stream="audio", times_s=times_s[chosen] - start_s, values=values[chosen])


def _before(block: AudioBlock, end_s: float | None) -> AudioBlock:
    """The samples of a block that are heard before an instant."""
    count = len(block.samples) if end_s is None else math.ceil((end_s - block.pts_s) * block.rate_hz - _SAMPLE_SLACK)
    return block if count >= len(block.samples) else replace(block, samples=block.samples[:count])


def where(part: Part) -> str:
    """Of which part of a file something is said.

    >>> where(Part(start_s=2.0, end_s=3.5)), where(WHOLE)
    (', from 2 s to 3.5 s', '')
    """
    ends = [
        f"{word} {time_s:g} s" for word, time_s in (("from", part.start_s), ("to", part.end_s)) if time_s is not None
    ]
    return f", {' '.join(ends)}" if ends else ""


def _first_frame(times_s: TimeArray, events: Sequence[SpeechEvent]) -> int:
    """Index of the first frame of the window: 0 when all fits, else where speech begins."""
    spare = len(times_s) - MAX_AUDIO_FRAMES
    if spare <= 0:
        return 0
    onset_s = next((event.pts_s for event in events if event.kind == "start"), 0.0)
    return min(int(np.searchsorted(times_s, onset_s)), spare)


def read_face_images(path: Path) -> list[tuple[float, Crop]]:
    """Cropped faces from an image, or from a folder of images in order of name, at 3 Hz.

    Raises
    ------
    SourceError
        When a picture cannot be decoded.
    DataError
        When a folder holds no picture.
    """
    return [(index / FACE_RATE_HZ, _read_image(one)) for index, one in enumerate(face_files(path))]


def face_files(path: Path) -> list[Path]:
    """An image, or the first 32 images of a folder in order of name.

    Raises
    ------
    SourceError
        When the folder cannot be listed.
    DataError
        When it holds no picture.
    """
    if not path.is_dir():
        return [path]
    try:
        names = [one for one in path.iterdir() if one.suffix.lower() in _IMAGE_SUFFIXES and one.name[0] != "."]
    except OSError as error:
        raise SourceError(f"the folder {path} cannot be listed: {error.strerror or error}") from error
    if not names:
        raise DataError(f"the folder {path} holds no picture")
    return sorted(names, key=_natural)[:MAX_FACES]


def _natural(path: Path) -> tuple[tuple[int, int | str], ...]:
    """Order in which frame_2 comes before frame_10."""
    import re

    parts = re.split(r"([0-9]+)", path.name)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)


def _read_image(path: Path) -> Crop:
    from PIL import ImageOps

    from engine.features.face_crop import open_picture

    try:
        with open_picture(path) as image:
            upright = ImageOps.exif_transpose(image)
            return np.array(upright.convert("RGB"), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        raise SourceError(f"{path} is not a picture that can be decoded: {error}") from error


def find_faces(path: Path, tracker: FaceTracker, track_hz: float, part: Part = WHOLE) -> list[tuple[float, Crop]]:
    """Follow the face of a recording and take it at 3 Hz of media time, at most 32 times.

    Times are those of the recording, less the start of the part where there is one.

    Raises
    ------
    SourceError
        When the recording cannot be decoded.
    DataError
        When no face is found.
    """
    from engine.sources.media_file import MediaFile

    start_s = part.start_s or 0.0
    tracker.reset()
    faces: list[tuple[float, Crop]] = []
    last_tick = -1
    with MediaFile(path, frame_hz=track_hz, start_s=start_s) as source:
        for one in source:
            if part.end_s is not None and one.pts_s >= part.end_s:
                break
            if not isinstance(one, VideoFrame):
                continue
            face = tracker.track(_half(one, part))
            tick = int(one.pts_s * FACE_RATE_HZ + 1e-6)
            if face is not None and tick > last_tick:
                faces.append((face.pts_s - start_s, face.crop))
                last_tick = tick
            if len(faces) == MAX_FACES:
                break
    if not faces:
        raise DataError(f"no face was found in {path}{where(part)}")
    return faces


def _half(frame: VideoFrame, part: Part) -> VideoFrame:
    """The half of a picture that shows the item's face."""
    if part.side is None:
        return frame
    middle = frame.rgb.shape[1] // 2
    half = frame.rgb[:, :middle] if part.side == "left" else frame.rgb[:, middle:]
    return replace(frame, rgb=np.ascontiguousarray(half))


def spread_words(text: str, spoken_s: float = 0.0) -> tuple[Word, ...]:
    """Words of a text with times: evenly over the sound where there is some, else 0.4 s apart."""
    parts = text.split()
    step_s = spoken_s / len(parts) if parts and spoken_s else _WORD_S
    return tuple(
        Word(text=part, start_s=index * step_s, end_s=(index + 1) * step_s, confidence=1.0, final=True)
        for index, part in enumerate(parts)
    )


def build_window(material: Material, embeddings: FloatArray, vectors: WordVectors) -> UtteranceWindow:
    """Join the streams of an item.

    Parameters
    ----------
    material : what the files hold
    embeddings : [len(material.crops), d] f32, the encoded faces
    vectors : the word vectors
    """
    words, text, skipped = vectors.embed(material.words)
    text_times_s = np.array([(one.start_s + one.end_s) / 2 for one in words], dtype=np.float64)
    ends = [float(times[-1]) for times in (material.audio_times_s, material.crop_times_s, text_times_s) if len(times)]
    starts = [float(times[0]) for times in (material.audio_times_s, material.crop_times_s, text_times_s) if len(times)]
    return UtteranceWindow(
        start_s=min(starts, default=0.0),
        end_s=max(ends, default=0.0),
        audio=material.audio,
        audio_times_s=material.audio_times_s,
        video=embeddings,
        video_times_s=material.crop_times_s,
        text=text,
        text_times_s=text_times_s,
        words=words,
        skipped_words=skipped,
    )
