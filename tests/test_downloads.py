"""Downloads that are cut off in the middle, or bring something else: nothing of them is used, and nothing stays."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from engine.errors import AssetError
from engine.features.face_encoder import find_face_encoder
from main import main

NAME = "vosk-model-small-en-us-0.15"
VECTORS = "glove-tiny-3"
GLOVE = "".join(f"w{k} {k * k % 997} {k * 7 % 991} {k * k * k % 983}\n" for k in range(3000)).encode()


@dataclass
class Place:
    """A server of this machine: content by path, and how much of it is sent."""

    content: dict[str, bytes] = field(default_factory=dict)
    share: float = 1.0
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(place: Place) -> Iterator[Place]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place.asked.append(self.path)
            data = place.content.get(self.path)
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            cut = self.path.endswith((".zip", ".gz", ".pth"))
            self.wfile.write((data or b"")[: int(len(data or b"") * (place.share if cut else 1.0))])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="attune-test-server")
    thread.start()
    place.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.fixture
def vosk_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, Path]]:
    import vosk

    from engine.asr import vosk_download

    archive = io.BytesIO()
    with ZipFile(archive, "w") as packed:
        for name in ("am/final.mdl", "graph/HCLG.fst"):
            packed.writestr(f"{NAME}/{name}", b"x" * 5000)
        packed.writestr("../../outside", b"no")
    data = archive.getvalue()
    rows = [{"name": NAME, "md5": hashlib.md5(data, usedforsecurity=False).hexdigest()}]
    models = tmp_path / "models"
    models.mkdir()
    with serving(Place({"/list": json.dumps(rows).encode(), f"/{NAME}.zip": data})) as place:
        monkeypatch.setattr(vosk, "MODEL_LIST_URL", f"{place.address}/list")
        monkeypatch.setattr(vosk, "MODEL_PRE_URL", "https://vosk.test/")
        fetch = vosk.urlretrieve

        def local(url: str, *rest: Any, **more: Any) -> Any:
            return fetch(url.replace("https://vosk.test", place.address), *rest, **more)

        monkeypatch.setattr(vosk, "urlretrieve", local)
        monkeypatch.setattr(vosk, "MODEL_DIRS", [models])
        monkeypatch.setattr(vosk_download, "import_vosk", lambda: vosk)
        yield place, models


def test_a_vosk_model_is_there_whole_or_not_at_all(vosk_place: tuple[Place, Path], tmp_path: Path) -> None:
    from engine.asr.vosk_download import download_vosk_model

    place, models = vosk_place
    place.share = 0.6
    with pytest.raises(AssetError, match="could not download"):
        download_vosk_model(NAME)
    assert not list(models.iterdir())
    place.share, whole = 1.0, place.content[f"/{NAME}.zip"]
    place.content[f"/{NAME}.zip"] = whole[:-1] + b"!"
    with pytest.raises(AssetError, match="could not download"):
        download_vosk_model(NAME)
    assert not list(models.iterdir())
    place.content[f"/{NAME}.zip"] = whole
    assert download_vosk_model(NAME) == models / NAME
    assert [one.name for one in models.iterdir()] == [NAME] and (
        models / NAME / "am" / "final.mdl"
    ).stat().st_size == 5000
    assert not (tmp_path / "outside").exists() and not list(tmp_path.glob("**/outside"))
    place.asked.clear()
    download_vosk_model(NAME)
    assert place.asked == []  # it is here


def test_word_vectors_are_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gensim.downloader

    from engine.features.word_vectors import load_word_vectors

    assert gensim.downloader.DATA_LIST_URL.startswith("https://")
    assert gensim.downloader.DOWNLOAD_BASE_URL.startswith("https://")
    data = gzip.compress(GLOVE)
    about = {"checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(), "file_name": f"{VECTORS}.gz", "parts": 1}
    listed = json.dumps({"models": {VECTORS: about}, "corpora": {}}).encode()
    content = {"/list": listed, f"/{VECTORS}/__init__.py": b"raise SystemExit('run')", f"/{VECTORS}/{VECTORS}.gz": data}
    base = tmp_path / "gensim-data"
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(gensim.downloader, "BASE_DIR", str(base))

    def kept() -> list[str]:
        return [one.name for one in base.iterdir() if one.name != "information.json"]  # gensim's list of what there is

    with serving(Place(content, share=0.5)) as place:
        monkeypatch.setattr(gensim.downloader, "DOWNLOAD_BASE_URL", place.address)
        load_info = gensim.downloader._load_info
        monkeypatch.setattr(gensim.downloader, "_load_info", lambda: load_info(f"{place.address}/list"))
        with pytest.raises(AssetError, match="could not download"):
            load_word_vectors(VECTORS)
        assert kept() == []
        place.share, place.content[f"/{VECTORS}/{VECTORS}.gz"] = 1.0, gzip.compress(GLOVE[:-1])
        with pytest.raises(AssetError, match="could not download"):
            load_word_vectors(VECTORS)  # its checksum is another
        assert kept() == []
        (base / f"{VECTORS}_tmp").mkdir()  # as a process leaves it that is killed between two steps
        place.content[f"/{VECTORS}/{VECTORS}.gz"] = data
        assert len(load_word_vectors(VECTORS)) == 3000
        assert kept() == [VECTORS]


def test_a_checkpoint_cannot_make_the_program_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import engine.features.face_resnet as face_resnet

    def never(*_: object) -> None:
        raise AssertionError("it went to the network")

    monkeypatch.setattr(face_resnet, "_network", never)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    with pytest.raises(AssetError, match="attune assets get resnet101"):
        find_face_encoder("resnet101", tmp_path)


def test_weights_that_are_cut_off_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from torchvision.models import ResNet101_Weights

    wanted = ResNet101_Weights.IMAGENET1K_V2
    assert wanted.url.startswith("https://")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with serving(Place({f"/{Path(wanted.url).name}": bytes(200_000)}, share=0.5)) as place:
        fetch = torch.hub.download_url_to_file
        monkeypatch.setattr(
            torch.hub,
            "download_url_to_file",
            lambda url, *rest, **more: fetch(f"{place.address}/{Path(url).name}", *rest, **more),
        )
        monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path / "cache"))
        from engine.features.face_resnet import ResNet101Encoder

        with pytest.raises(AssetError, match="cannot be downloaded"):
            ResNet101Encoder()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_what_nobody_offers_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "get", "nonsense"]) == 1
    assert "there is nothing to download that is called nonsense: see attune assets list" in " ".join(
        capsys.readouterr().err.split()
    )
