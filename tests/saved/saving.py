"""Sessions recorded in the calling thread with the writers of the recorder, with or without a medium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.components import Components
from engine.config import EMOTIONS, Fusion, Modality, SessionConfig
from engine.keep import keep
from engine.machine import this_machine
from engine.saved.about import SessionAbout
from engine.saved.deck import Deck
from engine.saved.folder import SessionFolder
from engine.saved.journal_writer import JournalWriter
from engine.saved.medium import Expected, Medium
from engine.saved.records import SavedPrediction, to_record
from engine.session import Session
from engine.sources.base import Item, Source
from engine.stages import Report
from engine.types import Outcome, Prediction, UtteranceWindow, VideoFrame
from tests.fakes import FakeHearing, FakePredictor, FakeSource, fake_components, recording, sound

LOUD = [(1.0, 4.0), (6.0, 7.5), (12.0, 19.0)]
FACES = [0.0 if 30 <= k < 60 else 0.5 + 0.4 * np.sin(k) for k in range(20 * 6)]

Made = list[tuple[float, Prediction | None]]


class SmoothPredictor(FakePredictor):
    """Of nearly the same window it says nearly the same."""

    def predict(self, window: UtteranceWindow) -> dict[Fusion, Outcome]:
        self._before(window)
        raw = np.zeros(len(EMOTIONS))
        for k, name in enumerate(("audio", "video", "text")):
            values = window.stream(name)
            if len(values):
                raw[2 * k : 2 * k + 2] = np.tanh(values.mean() / 100), len(values) / 1000
        values = np.exp(raw)
        outcome = Outcome(probabilities=(values / values.sum()).astype(np.float32))
        return dict.fromkeys(self.fusions, outcome)


class Tapped(FakeSource):
    """Lets a medium have every item before the session gets it, as the live source does."""

    def __init__(self, inner: Source, tap: Callable[[Item], None]) -> None:
        self._inner, self._tap = inner, tap
        self.live, self.info, self.notes = inner.live, inner.info, inner.notes

    def __iter__(self) -> Iterator[Item]:
        for item in self._inner:
            self._tap(item)
            yield item

    def close(self) -> None:
        self._inner.close()


def about_of(components: Components, config: SessionConfig, **more: Any) -> SessionAbout:
    """A session.json for a session with these parts."""
    encoder = components.face_encoder
    return SessionAbout(
        began_at="2026-01-01T00:00:00+00:00",
        settings=asdict(config),
        models=dict(components.predictor.info),
        face_encoder=None if encoder is None else encoder.name,
        face_dim=components.face_dim,
        vectors=components.vectors.name,
        vectors_dim=components.vectors.dim,
        machine=asdict(this_machine()),
        **more,
    )


def pictures_of(faces: list[float], size: int = 32, frame_hz: float = 20.0, start_s: float = 0.0123) -> list[Item]:
    """Pictures of a brightness each, at times that no container can hold exactly."""
    items: list[Item] = []
    for k, brightness in enumerate(faces):
        rgb = np.full((size, size, 3), round(255 * brightness), np.uint8)
        rgb[: size // 2] //= 2
        items.append(VideoFrame(seq=k, pts_s=start_s + k / frame_hz + 1e-4 * np.sin(k), captured_s=0.0, rgb=rgb))
    return items


def save_session(
    path: Path,
    config: SessionConfig | None = None,
    *,
    source: Source | None = None,
    components: Components | None = None,
    complete: bool = True,
    from_s: float = 0.0,
    mutes: Mapping[float, frozenset[Modality]] | None = None,
    choices: Sequence[tuple[float, float, float]] = (),
    medium: bool = False,
    hearing: Callable[[], Any] | None = FakeHearing,
) -> Made:
    """Run a session and record it, from its first prediction at or after ``from_s`` on; returns those.

    ``mutes`` says what is muted from the moment after a point of the grid on; ``choices``, time and point of faces to
    follow, one after the other.
    """
    config = SessionConfig().for_live() if config is None else config
    components = fake_components(predictor=FakePredictor()) if components is None else components
    source = FakeSource(recording(sound(20, LOUD), FACES, sizes=(1600,))) if source is None else source
    folder = SessionFolder.create(path)
    about = about_of(components, config, from_s=from_s)
    folder.write_about(about)
    made: Made = []
    deck = Deck(source, components, config, lambda fault: None)  # type: ignore[arg-type]
    with ExitStack() as stack:
        stack.enter_context(folder)
        journal = stack.enter_context(JournalWriter(folder.journal_path))
        if medium:
            info = source.info
            expected = Expected(pictures=info.has_video, sound=info.has_audio)
            written = Medium(folder.media_path, from_s, lambda: expected, lambda one: journal.append(to_record(one)))
            stack.callback(written.close)
            source = Tapped(source, written.put)

        def report(one: Report) -> None:
            deck.reported(one)
            if made:
                journal.append(to_record(keep(one)))

        def predicted(pts_s: float, prediction: Prediction | None) -> None:
            muted = session.newest_muted
            for at_s, names in (mutes or {}).items():
                if pts_s >= at_s:
                    session.mute(names)
            if pts_s < from_s:
                return
            for _, one in deck._reports if not made else ():
                journal.append(to_record(keep(one)))
            made.append((pts_s, prediction))
            journal.append(to_record(SavedPrediction(pts_s=pts_s, prediction=prediction, muted=muted)))

        wishes = list(choices)

        def reported(one: Report) -> None:
            report(one)
            if wishes and one.stage == "face" and one.until_s >= wishes[0][0]:
                session.follow(*wishes.pop(0)[1:])

        heard = None if hearing is None else hearing()
        with Session(source, components, config, hearing=heard, record=reported, predicted=predicted) as session:
            for _ in session.run_inline():
                pass
    if complete:
        with folder:
            folder.write_about(replace(about, complete=True, until_s=made[-1][0] if made else from_s))
    return made
