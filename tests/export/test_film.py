"""The mp4, decoded again."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
import pytest

from engine.config import EMOTIONS, MODALITIES
from engine.errors import OutputError, SourceError
from engine.export.film import write_film
from engine.export.formats import chosen_formats
from engine.export.overlay import Overlay, readable_size
from engine.export.scene import Caption, Scene, Scenes
from engine.export.write import write_export
from engine.sinks.media_writer import RECORDING, MediaWriter
from engine.stages import Seen
from engine.types import AudioBlock
from tests.export.made import everything, findings, prediction, utterance, word

TIMES_S = (0.0, 0.04, 0.11, 0.5, 0.52, 1.0, 1.9, 2.6)
"""A camera that takes its time."""


def media(path: Path, *, pictures: bool = True, sound: bool = True, size: tuple[int, int] = (96, 72)) -> Path:
    width, height = size if pictures else (None, None)
    with MediaWriter(
        path, width=width, height=height, audio_rate_hz=16000 if sound else None, encoding=RECORDING
    ) as writer:
        if sound:
            tone = (0.3 * np.sin(np.arange(48000) * 0.2)).astype(np.float32)
            writer.sound(AudioBlock(seq=0, pts_s=0.0, captured_s=0.0, rate_hz=16000, samples=tone))
        for time_s in TIMES_S if pictures else ():
            writer.picture(np.full((size[1], size[0], 3), 200, np.uint8), time_s)
    return path


def decoded(path: Path) -> tuple[list[float], list[np.ndarray], float, dict[str, str]]:
    """Times and pictures, seconds of sound, and the codecs."""
    with av.open(str(path)) as container:
        codecs = {one.type: one.codec_context.name for one in container.streams}
        times, pictures, sound_s = [], [], 0.0
        for frame in container.decode():
            if isinstance(frame, av.VideoFrame):
                times.append(float(frame.pts * frame.time_base))
                pictures.append(frame.to_ndarray(format="rgb24"))
            else:
                sound_s += frame.samples / frame.sample_rate
    return times, pictures, sound_s, codecs


def test_pictures_keep_their_times_and_the_sound_is_there(tmp_path: Path) -> None:
    shares: list[float] = []
    found = findings(media=media(tmp_path / "talk.mkv"))
    write_film(tmp_path / "x.mp4", found, shares.append)
    times, pictures, sound_s, codecs = decoded(tmp_path / "x.mp4")
    assert codecs == {"video": "h264", "audio": "aac"}
    assert times == pytest.approx(TIMES_S, abs=1e-3) and sound_s == pytest.approx(3.0, abs=0.15)
    assert pictures[0].shape[:2] == readable_size(96, 72)[::-1]
    assert shares == sorted(shares) and all(0 <= one <= 1 for one in shares)
    corner = pictures[-1][20:30, -30:-20].mean()
    assert corner == pytest.approx(200, abs=4)  # nothing is drawn there


@pytest.mark.parametrize(("pictures", "sound"), [(False, True), (True, False)])
def test_recordings_of_one_stream(pictures: bool, sound: bool, tmp_path: Path) -> None:
    found = findings(media=media(tmp_path / "talk.mkv", pictures=pictures, sound=sound), duration_s=3.0)
    write_film(tmp_path / "x.mp4", found)
    times, _, _, codecs = decoded(tmp_path / "x.mp4")
    assert ("audio" in codecs) == sound and len(times) == (len(TIMES_S) if pictures else 30)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pictures", [True, False])
def test_a_forged_time_stamp_does_not_fill_the_disk(pictures: bool, tmp_path: Path) -> None:
    path = media(tmp_path / "talk.mkv", pictures=pictures)
    with av.open(str(path)) as given, av.open(str(tmp_path / "far.mkv"), "w") as forged:
        streams = {one.index: forged.add_stream_from_template(one) for one in given.streams}
        for packet in given.demux():
            if packet.dts is not None:
                if packet.stream.type == "audio" and packet.pts * packet.time_base > 1:
                    packet.pts = packet.dts = int(packet.pts or 0) + round(25 * 3600 / packet.time_base)
                packet.stream = streams[packet.stream.index]
                forged.mux(packet)
    with pytest.raises(OutputError, match="a gap of 25 hours"):
        write_film(tmp_path / "x.mp4", findings(media=tmp_path / "far.mkv"))
    assert (tmp_path / "x.mp4").stat().st_size < 1 << 20


def test_scenes_hold_as_the_program_shows_them() -> None:
    scenes = Scenes(findings())
    assert scenes.at(0.4).prediction is None  # before the first
    one = scenes.at(0.99).prediction
    assert one is not None and (one.pts_s, one.top) == (0.5, "happy")
    assert scenes.at(2.6).prediction is None  # nothing was there
    assert scenes.at(4.7).prediction is not None and scenes.at(4.8).prediction is None
    assert scenes.at(0.7).caption == Caption(words=("hello", "there"), spoken=1)
    assert scenes.at(0.3).caption is None and scenes.at(1.5).caption is None
    assert scenes.at(0.3).seen is not None and scenes.at(0.4).seen is None


def test_bars_are_as_long_as_probabilities_and_missing_without_them() -> None:
    ground = np.full((480, 640, 3), 128, np.uint8)
    painter = Overlay(640, 480, EMOTIONS, MODALITIES)

    def happy_pixels(scene: Scene) -> int:
        drawn = painter.draw(ground, scene).astype(int)
        return int((np.abs(drawn - (0xE8, 0xC4, 0x1C)).sum(axis=2) < 12).sum())

    assert happy_pixels(Scene()) == 0
    one, two = (happy_pixels(Scene(prediction=prediction(1.0, 3, certainty))) for certainty in (0.45, 0.9))
    assert one > 100 and 1.6 < two / one < 2.1  # the mark of the title is always the same
    assert (ground == 128).all()


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (360, 640), (430, 400)])
def test_everything_is_inside_the_picture(size: tuple[int, int]) -> None:
    seen = Seen(pts_s=0.0, box=(-5.0, -1e300, 1e300, 20.0), others=((9.0, 9.0, 3.0, 3.0),))
    caption = Caption(words=("supercalifragilistic" * 9, "سلام", "世界", "😀", *["word"] * 60), spoken=3)
    scene = Scene(prediction=prediction(1.0, 3), caption=caption, seen=seen)
    drawn = Overlay(*size, EMOTIONS, MODALITIES).draw(np.zeros((size[1], size[0], 3), np.uint8), scene)
    assert drawn.shape == (size[1], size[0], 3) and drawn.any()


def test_many_classes_show_the_most_probable_ones(tmp_path: Path) -> None:
    from engine.export.film import _most_probable
    from tests.export.made import outcome

    labels = tuple(f"class {k}" for k in range(14))
    one = prediction(0.5, 0, outcomes={"self": outcome(13, 0.5, labels)})
    shown = _most_probable(findings(moments=((0.5, one),), labels=labels, fusions=("self",)))
    assert len(shown) == 10 and shown[-1] == "class 13" and list(shown) == [one for one in labels if one in shown]


def test_a_full_disk_leaves_no_film(small_disk: Path, tmp_path: Path) -> None:
    noisy = media(tmp_path / "talk.mkv", size=(640, 480))
    said = tuple(utterance(k, [word(f"{k}", k / 2, k / 2 + 0.4)], k / 2, k / 2 + 0.4) for k in range(6))
    (small_disk / "full").write_bytes(b"x" * 48_000)
    before = everything(small_disk)
    with pytest.raises(OutputError, match=r"cannot write .*/out/talk-overlay\.mp4: No space left on device"):
        write_export(findings(media=noisy, utterances=said), chosen_formats(["mp4"]), small_disk / "out", "talk")
    assert everything(small_disk) == before and not (small_disk / "out").exists()


def test_a_film_of_a_recording_that_was_cut_off_says_so(tmp_path: Path) -> None:
    path = media(tmp_path / "talk.mkv", pictures=False)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    notes: list[str] = []
    found = findings(media=path, private=True)
    write_export(found, chosen_formats(["csv", "mp4"]), tmp_path / "out", "talk", note=notes.append)
    assert any("cut off" in one for one in notes)
    assert re.fullmatch(r"The film ends at [123]\.\d s, the session at 4\.0 s\.", notes[-1])


def test_a_recording_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        write_export(findings(media=tmp_path / "gone.mkv"), chosen_formats(["csv", "mp4"]), tmp_path / "out", "talk")
    assert not (tmp_path / "out").exists()
