"""Measure how FER2013 frames its faces relative to the boxes of the face detector.

Run ``python -m tools.measure_face_framing DATA/faces/ferplus_dev.npz``; the medians that it prints
are FRAME_SIZE and FRAME_SHIFT of engine/features/face_crop.py.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from engine.features.face_crop import Picture, face_scale, resize
from engine.features.face_detect import FaceDetector

ENLARGED = 192
"""Side of the enlarged faces."""

MARGIN = 96
"""Added on each side, because the detector needs to see the whole head."""


def main() -> None:
    """Print size and position of FER2013's frame in face sizes."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("faces", type=Path, help="ferplus_dev.npz")
    parser.add_argument("--count", type=int, default=300, help="number of faces (default: 300)")
    options = parser.parse_args()
    images = choose(options.faces, options.count)
    detector = FaceDetector()
    rows = [row for image in images for fill in ("edge", "mean") if (row := measure(detector, image, fill))]
    values = np.array(rows)
    print(f"{len(values)} boxes on {len(images)} faces, each with two kinds of margin")
    for name, column in zip(("size", "shift right", "shift down"), values.T, strict=True):
        quarter, median, three_quarters = np.percentile(column, [25, 50, 75])
        print(f"{name:12} median {median:.3f}, middle half {quarter:.3f} to {three_quarters:.3f}")


def choose(path: Path, count: int) -> Picture:
    """Random FER+ images that the annotators call a face. [count, 48, 48] u8."""
    with np.load(path, allow_pickle=False) as data:
        is_face = data["votes"].argmax(axis=1) != list(data["vote_names"]).index("NF")
        chosen = np.random.default_rng(0).choice(np.flatnonzero(is_face), count, replace=False)
        images: Picture = data["images"][chosen]
    return images


def measure(detector: FaceDetector, image: Picture, fill: str) -> tuple[float, float, float] | None:
    """Side of the frame and position of its centre relative to the centre of the box, in face sizes."""
    enlarged = resize(image, ENLARGED)
    if fill == "edge":
        padded = np.pad(enlarged, MARGIN, mode="edge")
    else:
        padded = np.pad(enlarged, MARGIN, constant_values=round(image.mean()))
    boxes = detector.detect(np.repeat(padded[:, :, None], 3, axis=2), 60, 2 * ENLARGED)
    if not len(boxes) or boxes[0, 4] < 0.95:
        return None
    box, centre = boxes[0], MARGIN + ENLARGED / 2
    scale = face_scale(box)
    return ENLARGED / scale, (centre - (box[0] + box[2]) / 2) / scale, (centre - (box[1] + box[3]) / 2) / scale


if __name__ == "__main__":
    main()
