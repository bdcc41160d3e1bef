"""Where recordings end: drives that are unplugged, and files that do not say how long they are."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from engine.errors import SourceError
from engine.playback.ending import EndSearch, require_real_end, require_still_there
from engine.playback.transport import Transport
from engine.sources.probe import probe
from engine.sources.streams import SoundStream
from tests.playback.fakes import HandClock, Speakers, wait_until, write_numbered
from tests.sources.media import Writer, tone

AT_MS = [40 * k for k in range(500)]


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, round(16000 * seconds)).clip(-1, 1).astype(np.float32)


def unplug(path: Path) -> None:
    """What is open cannot be read on, and nothing can be opened any more."""
    os.truncate(path, path.stat().st_size // 3)
    path.unlink()


@pytest.mark.parametrize("at_ms", [AT_MS, []], ids=["pictures and sound", "sound"])
def test_a_drive_that_is_unplugged_does_not_shorten_the_recording(tmp_path: Path, at_ms: list[int]) -> None:
    path = write_numbered(tmp_path / "a.mkv", at_ms, sound=noise(20.0))
    clock = HandClock()
    with Transport(path, clock=clock, opener=Speakers()) as transport:
        declared_s = transport.duration_s
        wait_until(lambda: not at_ms or not transport.seeking)
        unplug(path)
        transport.play()

        def told() -> bool:
            clock.advance(0.1 if transport.playing else 0.0)
            return transport.message != ""

        wait_until(told)
        assert transport.message.startswith(f"{path} cannot be read any more (")
        assert transport.message.endswith("check that its drive is still there.")
        assert transport.duration_s == declared_s and not transport.playing


def test_a_file_that_has_gone_before_the_sound_began_is_told(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.mkv", [], sound=noise(2.0))
    speakers = Speakers()
    with Transport(path, clock=HandClock(), opener=speakers) as transport:
        wait_until(lambda: bool(speakers.opened))
        path.unlink()
        transport.play()
        wait_until(lambda: transport.message != "")
        assert "cannot be read any more" in transport.message


def test_only_an_early_end_is_looked_into(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "a.mkv", [], sound=noise(2.0))
    known = probe(path)
    require_still_there(path)
    require_real_end(path, known, 0.5)
    path.unlink()
    require_real_end(path, known, 1.9)
    with pytest.raises(SourceError, match="cannot be read any more"):
        require_real_end(path, known, 0.5)


def write_unsaid(path: Path, codec: str, seconds: float) -> Path:
    """A recording that was streamed: it does not say how long it is."""
    with Writer(path, options={"live": "1"}) as writer:
        writer.mux(writer.add_audio(codec, tone(seconds, 48000), rate_hz=48000))
    return path


@pytest.mark.parametrize("codec", ["libopus", "flac"])
def test_the_end_is_found_from_packets(tmp_path: Path, codec: str) -> None:
    path = write_unsaid(tmp_path / "a.mkv", codec, 3.0)
    known = probe(path)
    assert known.info.duration_s is None
    with SoundStream(path) as stream:
        assert sum(1 for _ in stream.placed())
        end_s = stream.times.end_s - known.origin_s
    search = EndSearch(path, known)
    while search.go_on(0.0):
        assert search.end_s is None
    search.close()
    search.close()
    assert search.end_s == pytest.approx(end_s, abs=0.03)


def test_sound_begins_before_the_end_has_been_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_unsaid(tmp_path / "a.webm", "libopus", 3.0)
    go_on, search = EndSearch.go_on, threading.Event()
    monkeypatch.setattr(EndSearch, "go_on", lambda self, for_s: go_on(self, for_s) if search.is_set() else True)
    speakers = Speakers()
    with Transport(path, clock=HandClock(), opener=speakers) as transport:
        transport.play()
        wait_until(lambda: bool(speakers.opened) and len(speakers.opened[0].played) > 3)
        assert transport.duration_s is None
        search.set()
        wait_until(lambda: transport.position_s >= 0 and transport.duration_s is not None)
        assert transport.duration_s == pytest.approx(3.0, abs=0.03)
