"""Makes the samples that are mutated: ``python -m fuzz.make_corpus [TARGET...]``. The repository has what it made.

A case is found again by its seed and number only as long as the samples are the same bytes; add samples at the end.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

from fuzz.target import CORPUS, write_files


def media(folder: Path) -> None:
    """Clips of less than half a second in every container that people have, and as Attune records."""
    from tests.sources.media import TICKS, Writer, quadrants, tone

    def clip(name: str, video: str | None, audio: str | None, *, rate_hz: int = 16_000, **options: object) -> None:
        place = folder / name.replace(".", "-")
        place.mkdir(parents=True)
        with Writer(place / name, **options) as writer:
            streams = []
            if video:
                pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
                fast = {"deadline": "realtime", "cpu-used": "8"} if video.startswith("libvpx") else {}
                pictures = [(40 * k, np.roll(quadrants(32, 24), k, axis=1)) for k in range(10)]
                base = Fraction(1, 25) if name.endswith((".avi", ".mts")) else TICKS  # these count pictures
                streams.append(
                    writer.add_video(video, pictures, pix_fmt=pix_fmt, options=fast, gop_size=5, time_base=base)
                )
            if audio:
                streams.append(writer.add_audio(audio, tone(0.4, rate_hz), rate_hz=rate_hz))
            writer.mux(*streams)

    clip("a.mp4", "libx264", "aac")
    clip("b.mp4", "mpeg4", None, options={"movflags": "frag_keyframe+empty_moov"})
    clip("a.mkv", "libx264", "flac")
    clip("a.webm", "libvpx", "libopus", rate_hz=48_000)
    clip("a.avi", "mjpeg", "pcm_s16le", rate_hz=8_000)
    clip("a.wav", None, "pcm_s16le", rate_hz=8_000)
    clip("a.flac", None, "flac", rate_hz=8_000)
    clip("a.mp3", None, "libmp3lame")
    clip("a.ogg", None, "libopus", rate_hz=48_000)
    clip("a.mov", "mpeg4", "pcm_s16le", rate_hz=8_000)
    clip("a.mts", "mpeg2video", "mp2", rate_hz=48_000)


def checkpoints(folder: Path) -> None:
    """Two of the smallest models that there can be."""
    import torch

    from engine.config import Fusion, Modality
    from engine.models.card import CheckpointCard
    from engine.models.checkpoint import save_checkpoint
    from engine.models.fusion import FusionConfig, FusionModel
    from engine.models.onnx_export import export_onnx

    torch.manual_seed(0)
    kinds: tuple[tuple[str, Fusion, tuple[Modality, ...]], ...] = (
        ("words", "self", ("text",)),
        ("both", "cross", ("video", "text")),
    )
    for name, fusion, modalities in kinds:
        config = FusionConfig(
            fusion=fusion, modalities=modalities, dims={one: 2 for one in modalities}, hidden=1, heads=1, classes=2
        )
        model = FusionModel(config).eval()
        video = "video" in modalities
        card = CheckpointCard(
            face_encoder="tiny" if video else None,
            face_dim=2 if video else None,
            vectors="tiny",
            text_dim=2,
            mfcc={},
            labels=("bad", "good"),
            temperatures={"text": 1.5},
        )
        place = folder / name
        place.mkdir(parents=True)
        save_checkpoint(place, "model", model, card)
        export_onnx(model, place / "model.onnx")


def face_encoders(folder: Path) -> None:
    """An encoder that takes the mean of a picture."""
    import torch

    from engine.tracing import trace_onnx

    class Mean(torch.nn.Module):
        def forward(self, faces: torch.Tensor) -> torch.Tensor:
            return torch.stack([faces.mean(dim=(1, 2, 3)), faces.amax(dim=(1, 2, 3))], dim=1)

    graph = trace_onnx(Mean(), {"faces": torch.zeros(1, 1, 16, 16)}, ["embedding"], {"faces": {0: "n"}})
    card = {"name": "tiny", "embedding_dim": 2, "input_size": 16, "recipe": {"width": 4}}
    write_files(folder / "a", {"face_encoder.onnx": graph, "face_encoder.json": json.dumps(card, indent=1).encode()})


def manifests(folder: Path) -> None:
    """Tables of a few items with their files."""
    rows = "id,label,audio,text,speaker\n" + "".join(
        f"{name},{label},audio/{name}.wav,hello {name},s{index % 4}\n"
        for index, (name, label) in enumerate(zip("abcdefgh", ("happy", "sad") * 4, strict=True))
    )
    sounds = {f"audio/{name}.wav": b"RIFF" for name in "abcdefgh"}
    write_files(folder / "commas", {"manifest.csv": rows.encode(), **sounds})
    parts = "id;label;video;video_start_s;video_end_s;video_side;fold\n" + "".join(
        f"{k};{'anger' if k % 2 else 'neutral'};audio/a.wav;{k},5;{k + 1};left;{k % 3}\n".replace(",", ".")
        for k in range(9)
    )
    write_files(folder / "semicolons", {"manifest.csv": parts.encode(), **sounds})


def annotated(folder: Path) -> None:
    """A file with three of them."""
    rows = [
        {"id": "0a1b2c3d", "start_s": 1.0, "end_s": 1.0, "text": "laughs", "label": None, "key": "m"},
        {"id": "1a1b2c3d", "start_s": 2.0, "end_s": 4.5, "text": "", "label": "happy", "key": None},
        {"id": "2a1b2c3d", "start_s": 3.25, "end_s": 9.0, "text": "ゆっくり", "label": "sad", "key": "s"},
    ]
    content = {"format": "attune annotations", "version": 1, "annotations": rows}
    write_files(folder / "three", {"annotations.json": json.dumps(content, indent=1).encode()})


def settings(folder: Path) -> None:
    """What the window keeps."""
    text = (
        '[General]\ntheme=dark\nlanguage=zh\nsize=1280x720\nvolume=0.75\ncamera="A camera, USB"\nmuted=true\n'
        'recent="[\\"/home/a/one.mp4\\", \\"/home/a/two.wav\\"]"\ngeometry=AAAA/wAAAAD9AAAAAQ==\n'
        "\n[a]\nb=@ByteArray(\\0\\x1)\nc=@Variant(\\0\\0\\0\\x6\\0\\0\\0\\0)\nd=@Rect(0 0 10 10)\ne=1, 2, 3\n"
    )
    write_files(folder / "window", {"window.ini": text.encode()})


def vectors(folder: Path) -> None:
    """Four words in each form."""
    words = ("the", "cat", "is", "n't")
    values = np.round(np.random.default_rng(0).normal(size=(4, 3)), 3).astype("<f4")
    glove = "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in zip(words, values, strict=True)).encode()
    binary = b"4 3\n" + b"".join(
        word.encode() + b" " + row.tobytes() + b"\n" for word, row in zip(words, values, strict=True)
    )
    for name, data in {
        "vectors.txt": glove,
        "vectors-headed.txt": b"4 3\n" + glove,
        "vectors.bin": binary,
        "vectors.txt.gz": gzip.compress(glove, mtime=0),
        "vectors.bin.gz": gzip.compress(binary, mtime=0),
    }.items():
        write_files(folder / name.replace(".", "-"), {name: data})


def vector_cache(folder: Path) -> None:
    """An entry of the cache."""
    from engine.features.vector_cache import _store
    from engine.features.vocabulary import Vocabulary

    folder.mkdir(parents=True)
    _store(folder / "entry", Vocabulary.of(["the", "cat", "is"]), np.ones((3, 4), np.float32))


def plans(folder: Path) -> None:
    """A small plan."""
    from tests.experiment.synthetic_records import SMALL_PLAN

    write_files(folder / "small", {"plan.toml": SMALL_PLAN.encode()})


def experiments(folder: Path) -> None:
    """The folder of a small experiment."""
    from tests.experiment.synthetic_records import records, small_plan, write_experiment

    plan = small_plan()
    write_experiment(folder / "small", plan, list(records(plan))[:2])


def results(folder: Path) -> None:
    """The folder of an analysed recording."""
    from engine.analysis.results import RESULTS, SUMMARY
    from tests.analysis.fakes import summary_of

    files = {name: b"x" for name in RESULTS} | {SUMMARY: json.dumps(summary_of("a"), indent=2).encode()}
    write_files(folder / "one", files)


def folds(folder: Path) -> None:
    """A fold of six utterances."""
    from tests.corpora.planted import write_planted_folds

    dims = {"audio": 1, "video": 2, "text": 2}
    write_planted_folds(folder / "indices", where="text", utterances=7, seed=0, faceless=0.0, dims=dims)


def sessions(folder: Path) -> None:
    """Two sessions of a second or two, with everything that a folder of one has."""
    import shutil as files

    from tests.fakes import FakeSource, recording, sound
    from tests.saved.saving import save_session

    faces = [0.3 + 0.1 * (k % 5) for k in range(9)]
    for name, complete, from_s in (("whole", True, 0.0), ("cut-off", False, 0.4)):
        source = FakeSource(recording(sound(0.8, [(0.1, 0.6)]), faces[:5], sizes=(1600,)))
        save_session(folder / name, source=source, complete=complete, from_s=from_s)
        write_files(folder / name, {"annotations.json": (CORPUS / "annotations/three/annotations.json").read_bytes()})
        (folder / name / ".lock").unlink()
        files.copy(CORPUS / "media/a-mkv/a.mkv", folder / name / "media.mkv")


def sockets(folder: Path) -> None:
    """A reader with its token in the address, one with it in a header, and one without."""
    from fuzz.targets.sockets import TOKEN

    def request(address: str, *more: str) -> bytes:
        lines = (
            f"GET {address} HTTP/1.1",
            "Host: 127.0.0.1:PORT",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            *more,
        )
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    frames = b"\x81\x85\x01\x02\x03\x04igomn" + b"\x89\x80\0\0\0\0" + b"\x88\x82\0\0\0\0\x03\xe8"
    write_files(folder / "address", {"request.bin": request(f"/?token={TOKEN}") + frames})
    write_files(
        folder / "header", {"request.bin": request("/", f"Authorization: Bearer {TOKEN}", "Origin: null") + frames}
    )
    write_files(folder / "nothing", {"request.bin": request("/")})


_EACH: tuple[Callable[[Path], None], ...] = (
    *(media, sessions, sockets, checkpoints, face_encoders, manifests, annotated, settings, vectors, vector_cache),
    *(plans, experiments, results, folds),
)
MAKERS = {one.__name__.replace("_", "-").replace("annotated", "annotations"): one for one in _EACH}


if __name__ == "__main__":
    for name in sys.argv[1:] or MAKERS:
        shutil.rmtree(CORPUS / name, ignore_errors=True)
        MAKERS[name](CORPUS / name)
