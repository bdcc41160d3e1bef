"""The parts of a session: what finds faces, encodes them, recognises words and predicts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.asr.remote import RemoteRecognizer
from engine.closing import Closing
from engine.device import Device, choose_device
from engine.errors import AssetError, CheckpointError
from engine.files import sampled_checksum
from engine.runtime.trace import NO_TRACE, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.asr.base import Recognizer
    from engine.config import Fusion, SessionConfig
    from engine.features.face import FaceTracker
    from engine.features.face_encoder import FaceEncoder
    from engine.features.word_vectors import WordVectors
    from engine.models.predictor import Predictor
    from engine.models.stored import Stored


PARTS = ("models", "face", "words", "detector", "warm-up", "recogniser")
"""What is loaded, in this order."""


@dataclass(slots=True, kw_only=True)
class Components(Closing):
    """What a session works with. One set serves one session after another, not two at a time.

    A context manager that closes it.

    Attributes
    ----------
    face_tracker : None when made for sources without pictures, or where no model uses the face.
    face_encoder : None where no model uses the face; then nothing looks for faces at all.
    recognizer : None where words are not wanted, or when made for sources without sound. It runs also where no model
        uses the words, since people read them.
    speech_model : checksum of the recogniser's model where the user named one; others come with a package, whose
        version tells.
    vectors, predictor : fit each other and the face encoder.
    trace : is told what happens in the sessions.
    """

    face_tracker: FaceTracker | None
    face_encoder: FaceEncoder | None
    recognizer: Recognizer | None
    vectors: WordVectors
    predictor: Predictor
    trace: Trace = NO_TRACE
    speech_model: str | None = None

    @property
    def face_dim(self) -> int:
        """Length of a face embedding; 0 where nothing looks for faces."""
        return 0 if self.face_encoder is None else self.face_encoder.dim

    def close(self) -> None:
        """End the recogniser; safe to call again. Everything else holds memory alone."""
        if self.recognizer is not None:
            self.recognizer.close()


def load_components(
    config: SessionConfig,
    *,
    audio: bool = True,
    video: bool = True,
    own_process: bool = True,
    begin: Callable[[str], None] = lambda part: None,
) -> Components:
    """Load the parts that ``config`` asks for. On a processor PyTorch is not needed, and not imported.

    The checkpoints say which face encoder they need; without one that uses the face none is loaded.

    Parameters
    ----------
    config : models, recogniser and word vectors.
    audio, video : whether the source has sound and pictures; without them loading is faster.
    own_process : whether the recogniser runs in a process of its own.
    begin : is told the name of each part when its loading begins; see `PARTS`.

    Raises
    ------
    AssetError : a model, word vectors or a package is missing.
    CheckpointError : a checkpoint is damaged or does not fit.
    DataError : the device is not here.
    """
    with ExitStack() as giving_up:
        recognizer = _begin_recognizer(config, own_process) if audio else None
        if recognizer is not None:
            giving_up.callback(recognizer.close)
        components = _load_rest(config, video, begin)
        begin("warm-up")
        _warm_up(components, hears=audio)
        begin("recogniser")
        components.recognizer = recognizer
        components.speech_model = _speech_model(config) if audio else None
        if isinstance(recognizer, RemoteRecognizer):
            recognizer.ready()
        giving_up.pop_all()
    return components


def _begin_recognizer(config: SessionConfig, own_process: bool) -> Recognizer | None:
    """Begin to load the recogniser; in a process of its own it goes on beside everything else."""
    if own_process and config.asr != "none":
        return RemoteRecognizer(config.asr, config.asr_model)
    from engine.asr.choose import choose_recognizer

    return choose_recognizer(config.asr, config.asr_model)


def _speech_model(config: SessionConfig) -> str | None:
    """Checksum of the model that was named."""
    named = config.asr_model and Path(config.asr_model).expanduser()
    if config.asr == "none" or not named or not named.exists():
        return None
    try:
        return sampled_checksum(named)
    except OSError as error:
        raise AssetError(f"the speech model {named} cannot be read: {error.strerror or error}") from error


def _load_rest(config: SessionConfig, video: bool, begin: Callable[[str], None]) -> Components:
    """All parts but the recogniser."""
    from engine.features.word_vectors import load_word_vectors
    from engine.models.chosen import load_chosen
    from engine.models.predictor import make_predictor

    begin("models")
    device = choose_device(config.device)
    chosen = load_chosen(config)
    predictor = make_predictor(chosen, device)
    begin("face")
    face_encoder = _face_encoder(chosen, device)
    begin("words")
    vectors = load_word_vectors(config.word_vectors)
    require_fit(chosen, face_encoder, vectors)
    begin("detector")
    return Components(
        face_tracker=_face_tracker(device) if video and face_encoder is not None else None,
        face_encoder=face_encoder,
        recognizer=None,
        vectors=vectors,
        predictor=predictor,
    )


def _face_encoder(chosen: Mapping[Fusion, Stored], device: Device) -> FaceEncoder | None:
    """The one face encoder that the models were trained with."""
    from engine.features.face_encoder import find_face_encoder

    seeing = [one for one in chosen.values() if one.card.face_encoder is not None]
    if not seeing:
        return None
    first = seeing[0]
    for one in seeing[1:]:
        if one.card.face_encoder != first.card.face_encoder:
            raise CheckpointError(
                f"{first.path} needs the face encoder {first.card.face_encoder}, but {one.path} needs "
                f"{one.card.face_encoder}: such models do not run side by side. Choose one of them"
            )
    return find_face_encoder(str(first.card.face_encoder), first.path.parent, device)


def require_fit(chosen: Mapping[Fusion, Stored], face_encoder: FaceEncoder | None, vectors: WordVectors) -> None:
    """Refuse checkpoints that were trained on other features than those that run.

    Raises
    ------
    CheckpointError : with the features that they want.
    """
    from engine.features.vector_names import same_vectors
    from engine.models.card import check_features

    for one in chosen.values():
        card = one.card
        fits = card.vectors is None or same_vectors(card.vectors, vectors.name)
        if not fits or card.text_dim not in (None, vectors.dim):
            raise CheckpointError(_wanted_vectors(one, vectors))
        check_features(
            card,
            face_encoder="none" if face_encoder is None else face_encoder.name,
            face_dim=0 if face_encoder is None else face_encoder.dim,
            vectors=card.vectors or vectors.name,
            text_dim=vectors.dim,
        )


def _wanted_vectors(one: Stored, vectors: WordVectors) -> str:
    """Which word vectors a checkpoint needs, and how to get them."""
    from engine.features.vector_names import gensim_name, same_vectors
    from engine.features.word_vectors import DEFAULT_NAME

    name, wanted = one.card.vectors or "", f"{one.card.vectors} ({one.card.text_dim}-d)"
    loaded = f"{vectors.name} ({vectors.dim}-d)"
    if same_vectors(name, DEFAULT_NAME):
        return f"{one.path} was trained with the word vectors {wanted}, not with {loaded}: leave --word-vectors out"
    known = gensim_name(name)
    if known is not None:
        return (
            f"{one.path} was trained with the word vectors {wanted}, not with {loaded}: give --word-vectors {known}, "
            "which gensim downloads once, or the path of their file"
        )
    return (
        f"{one.path} was trained with the word vectors {wanted}, not with {loaded}: give the path of their file, such "
        f"as {name}.txt, with --word-vectors"
    )


def _face_tracker(device: Device) -> FaceTracker:
    from engine.features.face import FaceTracker

    return FaceTracker(device)


def _warm_up(components: Components, hears: bool) -> None:
    """Use every part once: the first call of a network, or import, takes so long that devices would lose pictures
    and sound meanwhile.
    """
    import numpy as np

    from engine.config import AUDIO_DIM, SAMPLE_RATE_HZ
    from engine.types import AudioBlock, UtteranceWindow, VideoFrame, Word

    if components.face_tracker is not None and components.face_encoder is not None:
        noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8)
        components.face_tracker.track(VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=noise))
        components.face_tracker.reset()
        components.face_encoder.encode([noise[:112, :112]])
    if hears:
        from engine.features.speech import Hearing

        silence = np.zeros(SAMPLE_RATE_HZ // 10, np.float32)
        Hearing().feed(AudioBlock(seq=0, pts_s=0.0, captured_s=0.0, rate_hz=SAMPLE_RATE_HZ, samples=silence))
    times_s = np.arange(1000) / 100
    components.predictor.predict(
        UtteranceWindow(
            start_s=0.0,
            end_s=10.0,
            audio=np.zeros((1000, AUDIO_DIM), np.float32),
            audio_times_s=times_s,
            video=np.zeros((32, components.face_dim), np.float32),
            video_times_s=times_s[:32],
            text=np.zeros((1, components.vectors.dim), np.float32),
            text_times_s=times_s[:1],
            words=(Word(text="word", start_s=0.0, end_s=0.1, confidence=1.0, final=True),),
        )
    )
