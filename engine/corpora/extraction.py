"""From the files of an item to its features in the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.corpora.contents import Content, ContentLog, read_content
from engine.corpora.feature_cache import FeatureCache, Stored
from engine.corpora.item import find_faces, read_face_images, read_voice, where
from engine.corpora.recipe import FaceRecipe, Request, Settings, open_face_encoder
from engine.errors import DataError, SourceError
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.corpora.item import Crop
    from engine.features.face import FaceTracker
    from engine.features.face_encoder import FaceEncoder


class Extractor(Protocol):
    """What makes features from files."""

    def extract(self, request: Request) -> FloatArray:
        """Features [t, d] f32 of a request; none where no face is seen.

        Raises
        ------
        SourceError, DataError
            When a file cannot be used.
        """


class MediaExtractor:
    """Voice and faces by the same streaming extractors as those of a session; networks are loaded when first needed.

    Parameters
    ----------
    face : how faces become vectors; None where no face is asked for.
    """

    def __init__(self, face: FaceRecipe | None) -> None:
        self._face = face
        self._encoder: FaceEncoder | None = None
        self._tracker: FaceTracker | None = None

    def extract(self, request: Request) -> FloatArray:
        """Features [t, d] f32 of a request; none where no face is seen.

        Raises
        ------
        SourceError, DataError
            When a file cannot be used.
        AssetError
            When a network is missing.
        """
        if request.kind == "voice":
            return read_voice(request.path, request.part).values
        with one_torch_thread():
            return self._faces(request)

    def _faces(self, request: Request) -> FloatArray:
        if self._face is None:
            raise ValueError("this extractor was made without faces")
        faces = read_face_images(request.path) if request.kind == "pictures" else self._follow(request)
        self._encoder = self._encoder or open_face_encoder(self._face.encoder)
        return self._encoder.encode([crop for _, crop in faces])

    def _follow(self, request: Request) -> list[tuple[float, Crop]]:
        from engine.features.face import FaceTracker

        assert self._face is not None
        self._tracker = self._tracker or FaceTracker()
        try:
            return find_faces(request.path, self._tracker, self._face.track_hz, request.part)
        except DataError:  # all of it was looked at: that there is no face is worth keeping
            return []


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Let PyTorch work on one thread: other numbers may sum in another order, and processes share the cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is missing of one item.

    Attributes
    ----------
    index : its place in the manifest.
    requests : by modality.
    checksums : by file, those that are known.
    """

    index: int
    requests: Mapping[str, Request]
    checksums: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What came of a task.

    Attributes
    ----------
    features : by modality; incomplete where there is a reason.
    contents : files that were read for their checksum.
    reason : why the item cannot be used, else None.
    """

    features: Mapping[str, Stored]
    contents: Sequence[Content]
    reason: str | None = None


class ItemWork:
    """Does tasks: reads checksums, looks into the cache, extracts what is not there.

    Parameters
    ----------
    settings : what decides which features come out.
    cache : where they are kept.
    make_extractor : is called when something must be extracted.
    """

    def __init__(self, settings: Settings, cache: FeatureCache, make_extractor: Callable[[], Extractor]) -> None:
        self._settings = settings
        self._cache = cache
        self._make = make_extractor
        self._extractor: Extractor | None = None

    def __call__(self, task: Task) -> Extracted:
        """Do a task.

        Raises
        ------
        OutputError
            When the cache cannot be written.
        AssetError
            When a network is missing.
        """
        features: dict[str, Stored] = {}
        contents: dict[Path, Content] = {}
        try:
            for modality, request in task.requests.items():
                features[modality] = self._features(request, task.checksums, contents)
        except (SourceError, DataError) as error:
            return Extracted(features=features, contents=tuple(contents.values()), reason=str(error))
        return Extracted(features=features, contents=tuple(contents.values()))

    def find(self, task: Task, log: ContentLog) -> Extracted | None:
        """What a task would bring, if nothing needs to be read or extracted for it; else None."""
        features = {}
        try:
            for modality, request in task.requests.items():
                checksums = [log.find(path) for path in request.files()]
                known = [one for one in checksums if one is not None]
                found = self._lookup(request, known) if len(known) == len(checksums) else None
                if found is None:
                    return None
                features[modality] = _seen(found, request)
        except (SourceError, DataError) as error:
            return Extracted(features=features, contents=(), reason=str(error))
        return Extracted(features=features, contents=())

    def _lookup(self, request: Request, checksums: Sequence[str]) -> Stored | None:
        key = self._settings.key(request, checksums)
        return self._cache.find(request.kind, key, self._settings.dim(request.kind))

    def _features(self, request: Request, known: Mapping[Path, str], contents: dict[Path, Content]) -> Stored:
        checksums = []
        for path in request.files():
            if path not in known and path not in contents:
                contents[path] = _read(path)
            checksums.append(known[path] if path in known else contents[path].sha256)
        found = self._lookup(request, checksums)
        if found is None:
            key = self._settings.key(request, checksums)
            found = self._cache.store(request.kind, key, self._extract(request))
        return _seen(found, request)

    def _extract(self, request: Request) -> FloatArray:
        self._extractor = self._extractor or self._make()
        values = self._extractor.extract(request)
        wanted = self._settings.dim(request.kind)
        if values.ndim != 2 or values.shape[1] != wanted:
            raise ValueError(f"features of {request.kind} must be [t, {wanted}], got {list(values.shape)}")
        return np.asarray(values, np.float32)


def _seen(found: Stored, request: Request) -> Stored:
    if not found.frames:
        raise DataError(f"no face was found in {request.path}{where(request.part)}")
    return found


def _read(path: Path) -> Content:
    try:
        return read_content(path)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from error
