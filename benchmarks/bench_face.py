"""Compare the face tracker with facenet-pytorch's own detector, picture by picture.

Run ``python -m benchmarks.bench_face VIDEO [--height 480]``. It prints how often each finds a face,
how well their boxes agree, and the time of each, on one thread and in one run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import torch
from facenet_pytorch.models.mtcnn import MTCNN

from engine.errors import AssetError
from engine.features.face import FaceTracker
from engine.features.face_crop import Picture, resize
from engine.features.face_encoder import load_face_encoder
from engine.types import VideoFrame

RATE_HZ = 6.0


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("video", type=Path)
    options.add_argument("--height", type=int, help="shrink or enlarge the pictures to this height")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    tracker, reference = FaceTracker(), MTCNN(keep_all=True)
    times: dict[str, list[float]] = {"tracker": [], "MTCNN defaults": [], "encoder": []}
    agreement, identities, crops = [], set(), []
    for seq, (pts_s, rgb) in enumerate(pictures(chosen.video, chosen.height)):
        frame = VideoFrame(seq=seq, pts_s=pts_s, captured_s=0.0, rgb=rgb)
        began = time.perf_counter()
        face = tracker.track(frame)
        times["tracker"].append(time.perf_counter() - began)
        began = time.perf_counter()
        boxes, _ = reference.detect(rgb)
        times["MTCNN defaults"].append(time.perf_counter() - began)
        if face is not None:
            identities.add(face.identity)
            crops.append(face.crop)
        if boxes is not None:
            largest = np.asarray(boxes[0], np.float64).clip(0, [rgb.shape[1], rgb.shape[0]] * 2)
            agreement.append(0.0 if face is None else overlap(np.array(face.box), largest))
    total, agreed = len(times["tracker"]), np.array(agreement)
    print(f"{total} pictures of {rgb.shape[1]}x{rgb.shape[0]}")
    print(f"found by the tracker {len(crops)}, by MTCNN {len(agreed)}; identities {len(identities)}")
    print(f"boxes with an overlap of at least 0.8: {np.mean(agreed >= 0.8):.1%}, median {np.median(agreed):.3f}")
    times["encoder"] = encode(crops)
    for name, values in times.items():
        if values:
            print(f"{name:15} mean {np.mean(values) * 1e3:6.1f} ms, median {np.median(values) * 1e3:6.1f} ms")
    print(f"the tracker is {np.sum(times['MTCNN defaults']) / np.sum(times['tracker']):.1f} times as fast")


def pictures(path: Path, height: int | None) -> Iterator[tuple[float, Picture]]:
    """The pictures of a video at RATE_HZ, with their times."""
    ticks = 0
    with av.open(str(path)) as video:
        for picture in video.decode(video=0):
            if picture.time is None or picture.time + 1e-6 < ticks / RATE_HZ:
                continue
            ticks = int((picture.time + 1e-6) * RATE_HZ) + 1
            rgb: Picture = picture.to_ndarray(format="rgb24")
            yield picture.time, rgb if height is None else resize(rgb, round(height * rgb.shape[1] / len(rgb)), height)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes [4]."""
    shared = (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).clip(0).prod()
    return float(shared / ((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared))


def encode(crops: list[Picture]) -> list[float]:
    """Seconds that the bundled encoder takes for each crop; none where it is not there."""
    try:
        encoder = load_face_encoder()
    except AssetError as error:
        print(error)
        return []
    seconds = []
    for crop in crops:
        began = time.perf_counter()
        encoder.encode([crop])
        seconds.append(time.perf_counter() - began)
    return seconds


if __name__ == "__main__":
    main()
