"""The player: what a person does, and what is then seen and heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import SourceError
from engine.playback import sound_feed
from engine.playback.transport import Transport
from engine.types import VideoFrame
from tests.playback.fakes import HandClock, Speakers, level_of, wait_until, write_numbered
from tests.sources.media import tone, write_clip

SECONDS = 4
AT_MS = [40 * k for k in range(25 * SECONDS)]
UNEVEN_MS = [0, 33, 50, 400, 410, 900, 1900, 1940, 1945, 3000]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_numbered(tmp_path_factory.mktemp("clips") / "a.mkv", AT_MS, sound=tone(SECONDS), bf="2", g="25")


class Player:
    """A transport on a clock that the test moves."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.clock = HandClock()
        self.speakers = Speakers()
        self.transport = Transport(path, clock=self.clock, opener=self.speakers, **options)
        self.settle()

    def settle(self) -> None:
        wait_until(lambda: not self.transport.seeking)

    def run(self, seconds: float) -> None:
        """Let time pass in small steps, each when the sound for it is there."""
        transport = self.transport
        for _ in range(round(seconds / 0.05)):
            target_s = transport.position_s + 0.05 * transport.speed - 1e-6
            place = (transport._head.place()[0], target_s)
            self.clock.advance(0.05)
            wait_until(partial(self._has_come_to, place))

    def _has_come_to(self, place: tuple[int, float]) -> bool:
        return not self.transport.playing or self.transport._head.place() >= place

    def play(self) -> None:
        self.transport.play()
        wait_until(lambda: self.transport._head.output.heard() is not None)

    def shows(self, number: int) -> bool:
        return is_number(self.transport.picture(), number)


def shown_s(transport: Transport) -> float:
    frame = transport.picture()
    return -1.0 if frame is None else frame.pts_s


def is_number(frame: VideoFrame | None, number: int) -> bool:
    return frame is not None and abs(float(frame.rgb.mean()) - level_of(number)) < 4


@contextmanager
def playing(path: Path, **options: Any) -> Iterator[Player]:
    before = threading.active_count()
    player = Player(path, **options)
    with player.transport:
        yield player
    assert threading.active_count() == before
    assert all(one.closed for one in player.speakers.opened)


def test_it_begins_paused_with_the_first_picture(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        assert transport.position_s == 0.0 and not transport.playing and not transport.sounding
        assert transport.duration_s == pytest.approx(SECONDS, abs=0.05)
        assert transport.info.has_video and transport.message == "" and player.shows(0)
        player.clock.advance(5.0)
        assert transport.position_s == 0.0


def test_pictures_follow_the_position(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        transport.seek(0.01)
        player.settle()
        player.play()
        assert transport.playing and transport.sounding
        before_s = 0.01
        for _ in range(20):
            player.run(0.1)
            assert transport.position_s == pytest.approx(before_s + 0.1, abs=1e-3)
            before_s = transport.position_s
            wait_until(lambda: player.shows(int(transport.position_s / 0.04 + 1e-3)))


def test_pausing_stands_still_and_going_on_goes_on(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        player.play()
        player.run(0.5)
        transport.toggle()
        at_s = transport.position_s
        assert not transport.playing and not transport.sounding
        player.clock.advance(3.0)
        assert transport.position_s == at_s == pytest.approx(0.5, abs=1e-3)
        transport.toggle()
        wait_until(lambda: transport._head.output.heard() is not None)
        assert transport.position_s == pytest.approx(at_s, abs=1e-6)
        player.run(0.5)
        assert transport.position_s == pytest.approx(at_s + 0.5, abs=1e-3)


@pytest.mark.parametrize("paused", [True, False])
def test_a_seek_is_exact(clip: Path, paused: bool) -> None:
    with playing(clip) as player:
        transport = player.transport
        if not paused:
            player.play()
        for at_s in (2.0, 0.5, 3.333, 0.0, 1.0):
            transport.seek(at_s)
            assert transport.position_s == pytest.approx(at_s, abs=1e-6)
            player.settle()
            wait_until(lambda at_s=at_s: player.shows(int(at_s / 0.04 + 1e-3)))
            assert transport.position_s == pytest.approx(at_s, abs=1e-6)
        transport.seek(-5.0)
        assert transport.position_s == 0.0


def test_the_newest_of_many_seeks_wins(clip: Path) -> None:
    with playing(clip) as player:
        for at_s in np.linspace(0, 3.5, 50):
            player.transport.seek(float(at_s))
        player.transport.seek(1.5)
        player.settle()
        assert player.transport.position_s == 1.5 and player.shows(37)


def test_steps_pause_and_move_by_one_picture(tmp_path: Path) -> None:
    with playing(write_numbered(tmp_path / "a.mkv", UNEVEN_MS, sound=tone(3.1))) as player:
        transport = player.transport
        player.play()
        player.run(0.2)
        transport.step(1)
        assert not transport.playing
        for number in (3, 4, 5, 6, 7, 8, 9, 9):
            player.settle()
            assert player.shows(number) and transport.position_s == pytest.approx(UNEVEN_MS[number] / 1000, abs=1e-3)
            transport.step(1)
        player.settle()
        for number in (8, 7, 6, 5, 4, 3, 2, 1, 0, 0):
            transport.step(-1)
            player.settle()
            assert player.shows(number) and transport.position_s == pytest.approx(UNEVEN_MS[number] / 1000, abs=1e-3)
        transport.step(2)
        transport.step(2)
        player.settle()
        assert player.shows(4)


def test_a_seek_forgets_steps(clip: Path) -> None:
    with playing(clip) as player:
        for _ in range(20):
            player.transport.step(1)
        player.transport.seek(3.0)
        player.settle()
        assert player.transport.position_s == 3.0 and player.shows(75)


@pytest.mark.parametrize("speed", [0.25, 0.5, 2.0, 4.0])
def test_speed(clip: Path, speed: float) -> None:
    with playing(clip) as player:
        transport = player.transport
        player.play()
        player.run(0.2)
        transport.set_speed(speed)
        assert transport.position_s == pytest.approx(0.2, abs=1e-3) and transport.speed == speed
        wait_until(lambda: transport._head.output.heard() is not None)
        at_s = transport.position_s
        player.run(0.5)
        assert transport.position_s == pytest.approx(at_s + 0.5 * speed, abs=2e-3)
        wait_until(lambda: any(np.abs(samples).max() > 0.1 for _, samples in player.speakers.opened[0].played))
        assert transport.sounding


def test_muted_pitch_is_silent_at_other_speeds_only(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        transport.set_pitch("muted")
        player.play()
        player.run(0.2)
        assert transport.sounding and transport.pitch == "muted"
        transport.set_speed(2.0)
        wait_until(lambda: transport._head.output.heard() is not None)
        player.run(0.2)
        assert not transport.sounding
        assert all(not samples.any() for _, samples in player.speakers.opened[0].played)


def test_it_stops_at_the_end_and_begins_again(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        assert transport.duration_s is not None
        transport.seek(transport.duration_s - 0.3)
        player.settle()
        player.play()
        player.run(0.5)
        wait_until(lambda: not transport.playing)
        assert transport.position_s == transport.duration_s
        wait_until(lambda: player.shows(len(AT_MS) - 1))
        player.play()
        assert transport.playing and transport.position_s < 0.1


def test_a_loop_repeats_and_is_cut_without_a_click(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        transport.set_loop((1.0, 1.5))
        assert transport.loop == (1.0, 1.5)
        transport.seek(1.215)
        player.settle()
        player.play()
        seen_s = []
        for _ in range(30):
            player.run(0.05)
            seen_s.append(transport.position_s)
            wait_until(lambda: player.shows(int(transport.position_s / 0.04 + 1e-3)))
        assert min(seen_s) >= 1.0 and max(seen_s) < 1.5
        assert sum(after < before for before, after in pairwise(seen_s)) == 3
        samples = np.concatenate([samples for _, samples in player.speakers.opened[0].played])[:, 0]
        steepest = 2 * np.pi * 440 / 16000 * 0.5
        assert np.abs(np.diff(samples)).max() < 1.05 * steepest
        transport.set_loop(None)
        assert transport.loop is None


def test_playback_behind_the_loop_goes_to_its_start(clip: Path) -> None:
    with playing(clip) as player:
        transport = player.transport
        transport.seek(3.0)
        transport.set_loop((1.0, 1.5))
        assert transport.position_s == 3.0
        transport.play()
        assert transport.position_s == pytest.approx(1.0, abs=0.05)


def test_senseless_wishes_are_refused(clip: Path) -> None:
    with playing(clip) as player:
        for speed in (0.2, 4.1, float("nan")):
            with pytest.raises(ValueError, match="speed"):
                player.transport.set_speed(speed)
        for loop in ((1.0, 1.0), (-1.0, 1.0), (1.0, 99.0), (2.0, 1.0)):
            with pytest.raises(ValueError, match="loop"):
                player.transport.set_loop(loop)
        with pytest.raises(ValueError, match="volume"):
            player.transport.set_volume(1.1)
        with pytest.raises(ValueError, match="pitch"):
            player.transport.set_pitch("high")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="seek"):
            player.transport.seek(float("inf"))


def test_the_volume_holds_for_every_output(clip: Path) -> None:
    with playing(clip) as player:
        wait_until(lambda: len(player.speakers.opened) == 1)
        player.transport.set_volume(0.3)
        player.transport.set_speaker("Other")
        wait_until(lambda: len(player.speakers.opened) == 2)
        wait_until(lambda: player.speakers.opened[1].volumes[:1] == [0.3])
        assert player.speakers.names == [None, "Other"] and player.transport.volume == 0.3
        player.play()
        player.transport.set_volume(0.0)
        assert not player.transport.sounding


def test_a_speaker_that_vanishes_and_comes_back(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_feed, "_RETRY_S", 0.05)
    with playing(clip) as player:
        transport = player.transport
        player.play()
        player.run(0.5)
        player.speakers.plugged = False
        gone = player.speakers.opened[0]
        gone.gone = True
        # Until the other output has begun time stands still, and what the test lets pass then would be lost.
        wait_until(lambda: transport._head.output is not gone and transport._head.output.heard() is not None)
        assert "gone" in transport.message
        assert transport.playing and not transport.sounding
        at_s = transport.position_s
        assert at_s == pytest.approx(0.5, abs=0.06)
        player.run(0.5)
        assert transport.position_s == pytest.approx(at_s + 0.5, abs=1e-3)
        player.speakers.plugged = True
        wait_until(lambda: transport.sounding and transport.message == "")
        wait_until(lambda: transport._head.output.heard() is not None)
        player.run(0.2)
        assert transport.position_s == pytest.approx(at_s + 0.7, abs=0.01)


def test_without_a_speaker(clip: Path) -> None:
    class Nothing(Speakers):
        def __init__(self) -> None:
            super().__init__()
            self.plugged = False

    with Transport(clip, clock=HandClock(), opener=Nothing()) as transport:
        wait_until(lambda: "no fake speaker" in transport.message)
        transport.play()
        assert transport.playing and not transport.sounding


def test_sound_alone(tmp_path: Path) -> None:
    with playing(write_clip(tmp_path / "a.wav", None, "pcm_s16le", seconds=2.0)) as player:
        transport = player.transport
        transport.seek(1.0)
        player.settle()
        player.play()
        player.run(0.3)
        assert transport.position_s == pytest.approx(1.3, abs=1e-3) and transport.picture() is None
        transport.step(1)
        player.settle()
        assert not transport.playing


def test_pictures_alone(tmp_path: Path) -> None:
    with playing(write_numbered(tmp_path / "a.mp4", AT_MS)) as player:
        player.play()
        player.run(0.5)
        assert not player.transport.sounding and player.speakers.opened == [] and player.transport.message == ""
        wait_until(lambda: player.shows(12))


def test_a_file_that_is_cut_off_ends_where_it_ends(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 64000).clip(-1, 1).astype(np.float32)
    path = write_numbered(tmp_path / "a.mkv", AT_MS, sound=noise)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with playing(path) as player:
        transport = player.transport
        player.play()
        for _ in range(60):
            player.run(0.1)
            wait_until(
                lambda: transport._pictures.end_s is not None or shown_s(transport) > transport.position_s - 0.05
            )
            if not transport.playing:
                break
        assert not transport.playing and transport.position_s == transport.duration_s
        assert transport.duration_s is not None and 1.0 < transport.duration_s < 3.0


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        Transport(tmp_path / "none.mp4")


def test_closing_twice_and_while_busy(clip: Path) -> None:
    with playing(clip) as player:
        player.play()
        for at_s in (3.0, 1.0, 2.0):
            player.transport.seek(at_s)
        player.transport.close()
        player.transport.close()
        assert not player.transport.playing
