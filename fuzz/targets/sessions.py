"""Folders of recorded sessions: what they say of themselves, journal, annotations and recording."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from fuzz.formats import mutate_frames, mutate_json
from fuzz.target import Target, importing

_MOMENTS = 40


def _run(folder: Path) -> None:
    from engine.errors import SourceError
    from engine.saved.replay import predict_again
    from engine.saved.session import SavedSession
    from engine.sources.media_file import MediaFile
    from tests.fakes import FakePredictor, fake_components

    session = SavedSession.open(folder)
    for _ in session.records():
        pass
    for moment_s, _ in session.timeline.moments[:_MOMENTS]:
        session.muted_at(moment_s)
    components = fake_components(predictor=FakePredictor())
    recall = session.recall(components)
    for at_s in (session.from_s, (session.from_s + session.until_s) / 2, session.until_s):
        recall.window_at(at_s)
        recall.seen_at(at_s)
    recall.crops(session.from_s, session.until_s, 4)
    recall.sound(session.from_s, session.from_s + 5.0)
    for one in islice(predict_again(session, components), _MOMENTS):
        assert one.difference >= 0
    if session.media is not None:
        try:
            with MediaFile(session.media) as source:
                list(islice(source, 30))
        except SourceError:
            pass  # the rest is of use without


TARGET = Target(
    name="sessions",
    run=_run,
    prepare=importing("av", "engine.saved.replay", "engine.saved.session", "engine.sources.media_file", "tests.fakes"),
    mutate={".json": mutate_json, ".msgpack": mutate_frames},
    cpu_s=30,
)
