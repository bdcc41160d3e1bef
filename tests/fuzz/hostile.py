"""Files that declare far more than they hold: python -m tests.fuzz.hostile prints what becomes of each as JSON."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from dataclasses import replace

from fuzz.campaign import play
from fuzz.formats import Files
from fuzz.target import Target
from fuzz.targets import TARGETS
from tests.sources.declared import large_picture, late_sound, wav

ROOM_BYTES = 300 << 20


def hostile() -> dict[str, tuple[Target, Files]]:
    """Target and files by a name."""
    vectors, media, folds = TARGETS["vectors"], TARGETS["media"], TARGETS["folds"]
    checkpoints, annotations, manifests = TARGETS["checkpoints"], TARGETS["annotations"], TARGETS["manifests"]
    whole = dict(dict(checkpoints.samples)["words"])
    weights, card = whole["model.safetensors"], whole["model.json"]
    fold = dict(dict(folds.samples)["indices"])
    row = b"a " + b"0.5 " * 300 + b"\n"
    return {
        "text vectors, a billion declared": (vectors, {"vectors.txt": b"1000000000 300\n" + row}),
        "binary vectors, a billion declared": (vectors, {"vectors.bin": b"1000000000 300\na " + bytes(1200)}),
        "packed vectors, a billion declared": (vectors, {"vectors.bin.gz": gzip.compress(b"1000000000 300\na \0")}),
        "packed zeros": (vectors, {"vectors.txt.gz": packed(b"\0", 1 << 28)}),
        "packed rows": (vectors, {"vectors.txt.gz": packed(row, 1 << 28)}),
        "one packed line": (vectors, {"vectors.txt.gz": packed(b"a", 1 << 28)}),
        "weights with a header of 2^62 bytes": (
            checkpoints,
            {**whole, "model.safetensors": struct.pack("<Q", 1 << 62) + weights[8:]},
        ),
        "weights of a terabyte": (checkpoints, {**whole, "model.safetensors": large_tensor()}),
        "a card of nested lists": (checkpoints, {**whole, "model.json": b"[" * 1_000_000}),
        "a card with a size of a million": (
            checkpoints,
            {**whole, "model.json": card.replace(b'"hidden": 1', b'"hidden": 999999')},
        ),
        "a graph that names another file": (checkpoints, {**whole, "model.onnx": external(whole["model.onnx"])}),
        "annotations without end": (annotations, {"annotations.json": b'{"a":' * 500_000}),
        "annotations of 20 MB": (annotations, {"annotations.json": b" " * (20 << 20)}),
        "a cell of 10 MB": (manifests, {"manifest.csv": b"id,label,text\na,b," + b"x" * (10 << 20)}),
        "a heading of 60 MB": (manifests, {"manifest.csv": b"id" * (30 << 20)}),
        "an array of 10^18 rows": (folds, {**fold, "fold01/train_label.npy": npy("(1000000000000000000,)", "<i8")}),
        "an array of nothing": (folds, {**fold, "fold01/train_label.npy": npy("(1000000000000000000,)", "|V0")}),
        "an array of objects": (folds, {**fold, "fold01/train_label.npy": npy("(1,)", "|O") + b"\x80\x04K\x01."}),
        "sound of 10^9 Hz": (media, {"a.wav": wav(10**9)}),
        "sound that says it is 4 GB": (media, {"a.wav": wav(8000, said=0xFFFFFFF0)}),
        "a picture of 15000 x 15000": (media, {"a.avi": large_picture(15_000)}),
        "sound with a hole of 11 years": (media, {"a.mkv": late_sound()}),
    }


def packed(piece: bytes, size: int) -> bytes:
    """A gzip file of ``size`` bytes of one piece."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    block = piece * max(1, (1 << 20) // len(piece))
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


def large_tensor() -> bytes:
    header = json.dumps(
        {"classifier.bias": {"dtype": "F32", "shape": [1 << 38], "data_offsets": [0, 1 << 40]}}
    ).encode()
    return struct.pack("<Q", len(header)) + header


def npy(shape: str, dtype: str) -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def external(graph: bytes) -> bytes:
    """The graph with the values of its first weight in /etc/passwd (onnx.proto: data_location 1 is EXTERNAL)."""
    import onnx

    model = onnx.load_from_string(graph)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "../../../../../etc/passwd"), ("offset", "0"), ("length", "64")):
        tensor.external_data.add(key=key, value=value)
    return bytes(model.SerializeToString())


def judged(target: Target, files: Files) -> tuple[str, int, list[str]]:
    """Outcome of a case, the memory that it took, and what is known of a failure."""
    told: list[str] = []
    score = play(target, [("case", files)], tell=lambda _, verdict: told.append(f"{verdict.message} {verdict.where}"))
    return next(iter(score.outcomes)), score.peak_bytes, told


def main() -> None:
    """Print what becomes of each, a line a case."""
    for name, (target, files) in hostile().items():
        outcome, peak_bytes, told = judged(replace(target, room_bytes=ROOM_BYTES), files)
        print(json.dumps({"case": name, "outcome": outcome, "peak_mb": peak_bytes >> 20, "told": told}), flush=True)


if __name__ == "__main__":
    main()
