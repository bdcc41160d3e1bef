"""What recording costs: processor time of a live session with and without it, in turns, and room on the disk.

``python -m benchmarks.bench_recording`` plays the sample as a camera of 640x480 with 30 pictures a second. Ends with
one line: seconds of processor time for a second of session, without and with, their ratio, and MB a minute.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import av
from av.video.reformatter import Interpolation, VideoReformatter

from engine.assets import assets_folder
from engine.components import load_components
from engine.config import SessionConfig
from engine.live_run import LiveRun
from engine.sinks.media_writer import MediaWriter
from engine.sources.live import open_live
from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame

TURNS, TURN_S = 8, 8.0
WIDTH, HEIGHT, RATE_HZ = 640, 480, 30


def camera_clip(path: Path) -> None:
    """The sample as such a camera would show it."""
    scaler = VideoReformatter()
    with MediaFile(assets_folder() / "sample.mp4") as sample:
        rate_hz = sample.info.audio_rate_hz
        with MediaWriter(path, width=WIDTH, height=HEIGHT, audio_rate_hz=rate_hz) as writer:
            count = 0
            for item in sample:
                if isinstance(item, AudioBlock):
                    writer.sound(item)
                    continue
                while count / RATE_HZ <= item.pts_s:
                    writer.picture(scaled(scaler, item), count / RATE_HZ)
                    count += 1


def scaled(scaler: VideoReformatter, frame: VideoFrame) -> Any:
    """The picture, filling the frame of the camera."""
    picture = av.VideoFrame.from_ndarray(frame.rgb, format="rgb24")
    return scaler.reformat(picture, width=WIDTH, height=HEIGHT, interpolation=Interpolation.BICUBIC).to_ndarray()


def main() -> None:
    """Measure."""
    config = SessionConfig(asr="none").for_live()
    never = threading.Event()
    with tempfile.TemporaryDirectory() as place:
        clip = Path(place) / "clip.mkv"
        camera_clip(clip)
        components = load_components(config)
        spent: dict[bool, list[float]] = {False: [], True: []}
        sizes: list[float] = []
        dropped = 0
        source = open_live(f"loop:{clip}", f"loop:{clip}", frame_hz=config.track_hz)
        with LiveRun(source, components, config) as run:
            never.wait(2.0)
            for turn in range(TURNS):
                recording = bool(turn % 2)
                if recording:
                    run.start_recording(Path(place) / str(turn))
                began_s, began_cpu_s = time.monotonic(), time.process_time()
                never.wait(TURN_S)
                seconds = time.monotonic() - began_s
                spent[recording].append((time.process_time() - began_cpu_s) / seconds)
                if recording:
                    state = run.stop_recording()
                    assert state is not None and not state.problem, state
                    dropped += state.dropped
                    sizes.append(state.bytes_written / state.seconds * 60 / 1e6)
        without, with_it = (statistics.median(spent[key]) for key in (False, True))
        print(
            f"{without:.3f} {with_it:.3f} s of processor time a second, {with_it / without:.2f} times; "
            f"{with_it - without:.3f} for the recording; {statistics.median(sizes):.0f} MB a minute; "
            f"{dropped} pictures left out"
        )


if __name__ == "__main__":
    main()
