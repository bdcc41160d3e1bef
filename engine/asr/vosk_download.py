"""Fetching a Vosk model: by Vosk's own list and from its own place, compared with its checksum, whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from engine.asr.vosk import import_vosk
from engine.errors import AssetError
from engine.files import begin_beside

_log = logging.getLogger(__name__)

_MOST_BYTES = 8_000_000_000
"""Unpacked; the largest model of Vosk has 4 GB."""

_LIST_S = 10.0


def download_vosk_model(name: str) -> Path:
    """The folder of a model, which is downloaded unless it is there.

    Vosk's downloader cannot go on where it was cut off; nothing of what was cut off stays.

    Raises
    ------
    AssetError
        When there is no such model, or it cannot be had.
    """
    vosk = import_vosk()

    class Downloader(vosk.Model):  # type: ignore[misc, name-defined]
        """Vosk's model without its native part: its way to find one, and to say how far a download is."""

        def __init__(self) -> None: ...

        def __del__(self) -> None: ...

        def download_model(self, model_name: Path) -> None:
            _fetch(vosk, self.download_progress_hook, model_name)

    _log.info("Vosk downloads %s", name)
    try:
        found: Any = Downloader().get_model_path(name, None)
    except SystemExit as stop:  # so Vosk answers an unknown name
        raise AssetError(f"Vosk has no model {name}: see https://alphacephei.com/vosk/models for the names") from stop
    except Exception as error:
        raise AssetError(
            f"Vosk could not download {name} ({type(error).__name__}). Check the connection to alphacephei.com; "
            "or download the model elsewhere and give --asr-model PATH; or take --asr whisper, which needs no network"
        ) from error
    return Path(found)


def _fetch(vosk: Any, progress: Any, folder: Path) -> None:
    """Put a model into place once all of it is there and is what Vosk's list says."""
    url, wanted = f"{vosk.MODEL_PRE_URL}{folder.name}.zip", _md5(vosk, folder.name)
    if not url.startswith("https://"):
        raise ValueError("a model must come over TLS")
    with begin_beside(folder.parent) as place:
        archive = Path(place, "model.zip")
        with vosk.tqdm(unit="B", unit_scale=True, unit_divisor=1024, miniters=1, desc=folder.name) as shown:
            vosk.urlretrieve(url, str(archive), reporthook=progress(shown), data=None)
        if wanted is not None and _digest(archive) != wanted:
            raise ValueError("what came is not what Vosk's list describes")
        with ZipFile(archive) as packed:  # it lets no path lead out of the folder, and compares checksums
            if sum(one.file_size for one in packed.infolist()) > _MOST_BYTES:
                raise BadZipFile("it unpacks to more than any model")
            packed.extractall(place)
        os.replace(Path(place, folder.name), folder)


def _md5(vosk: Any, name: str) -> str | None:
    """What Vosk's list says of the archive; None where it says nothing."""
    rows = vosk.requests.get(vosk.MODEL_LIST_URL, timeout=_LIST_S).json()
    return next((one.get("md5") for one in rows if one.get("name") == name), None)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
