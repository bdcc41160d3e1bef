"""A recorded session predicted again from its recorded features: the same bits on the same machine and backend."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError
from engine.features.window import WindowBuilder
from engine.kept import KeptReport
from engine.recall import feed
from engine.saved.records import SavedPrediction
from engine.types import Prediction, UtteranceWindow

if TYPE_CHECKING:
    from engine.components import Components
    from engine.config import Modality
    from engine.models.predictor import Predictor
    from engine.saved.session import SavedSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A point of the grid as it was recorded and as it was made again.

    Attributes
    ----------
    pts_s : media time.
    recorded, again : the predictions; None where there was nothing to predict from.
    """

    pts_s: float
    recorded: Prediction | None
    again: Prediction | None

    @property
    def same(self) -> bool:
        """Whether everything that was predicted is equal, the probabilities bit for bit."""
        one, other = self.recorded, self.again
        if one is None or other is None:
            return one is other
        return _facts(one) == _facts(other) and all(
            one.outcomes[fusion].probabilities.tobytes() == other.outcomes[fusion].probabilities.tobytes()
            for fusion in one.outcomes
        )

    @property
    def difference(self) -> float:
        """Largest difference of a probability; 1 where one of them is not there, or is of other models."""
        one, other = self.recorded, self.again
        if one is None and other is None:
            return 0.0
        if one is None or other is None or list(one.outcomes) != list(other.outcomes) or one.labels != other.labels:
            return 1.0
        gaps = [
            np.abs(outcome.probabilities.astype(np.float64) - other.outcomes[fusion].probabilities).max()
            for fusion, outcome in one.outcomes.items()
        ]
        worst = float(max(gaps))
        return worst if np.isfinite(worst) else 1.0

    @property
    def same_top(self) -> bool:
        """Whether the most probable class is the same, or nothing was there both times."""
        if self.recorded is None or self.again is None:
            return self.recorded is self.again
        return self.recorded.top == self.again.top


def predict_again(session: SavedSession, components: Components) -> Iterator[Compared]:
    """Make every prediction of a session again, in order of time, from the recorded features.

    What the stages reported is given to the model in the order in which it was; modalities that were muted are left
    out again. Reports that are damaged are missing then, so that the predictions after them may differ.

    Parameters
    ----------
    session : what was recorded.
    components : their predictor and word vectors must be those of the recording; nothing else is used.

    Raises
    ------
    DataError : these components work with other features, or the journal cannot be read any more.
    StageError : the device of the models fails.
    """
    session.require_features(components)
    builder = WindowBuilder(session.config, components.vectors, session.about.face_dim)
    at = 0
    for saved in session.records():
        if isinstance(saved, KeptReport):
            try:
                feed(builder, saved)
            except ValueError:
                continue  # time goes back: it is counted as damaged by whoever looks at all records
        elif isinstance(saved, SavedPrediction) and at < len(session.moments):
            if saved.pts_s != session.moments.time_s(at):
                continue  # it does not fit those before, and was left out when the session was read
            window, utterance = builder.window_at(saved.pts_s)
            again = predicted(components.predictor, window, utterance, saved.muted)
            yield Compared(pts_s=saved.pts_s, recorded=session.recorded(at), again=again)
            at += 1


def predicted(
    predictor: Predictor, window: UtteranceWindow, utterance: int | None, muted: Collection[Modality]
) -> Prediction | None:
    """What the models say of a window without some modalities; None where nothing is left of it."""
    window = window.without(muted)
    outcomes = predictor.predict(window) if window.present else {}
    if not outcomes:
        return None
    return Prediction(
        pts_s=window.end_s,
        window_start_s=window.start_s,
        outcomes=outcomes,
        present=window.present,
        utterance=utterance,
        muted=frozenset(muted),
    )


def model_differences(session: SavedSession, predictor: Predictor) -> list[str]:
    """What of the models that run is not what the session was recorded with: sentences, none where all is the same."""
    recorded, running = _models(session.about.models), _models(predictor.info)
    found = []
    for fusion in sorted(recorded.keys() | running.keys()):
        was, runs = recorded.get(fusion), running.get(fusion)
        if runs is None:
            found.append(f"It was recorded with a {fusion} model (sha256 {_short(was)}) that does not run now.")
        elif was is None:
            found.append(f"It was recorded without the {fusion} model (sha256 {_short(runs)}) that runs now.")
        elif was != runs:
            found.append(f"It was recorded with another {fusion} model: sha256 {_short(was)} then, {_short(runs)} now.")
    return found


def require_models(session: SavedSession, predictor: Predictor) -> None:
    """Refuse models other than those of the recording.

    Raises
    ------
    DataError : it says which ones it was recorded with, and how to name them.
    """
    differences = model_differences(session, predictor)
    if differences:
        raise DataError(" ".join((*differences, how_to_name_models(session))))


def how_to_name_models(session: SavedSession) -> str:
    """How to run the models that a session was recorded with."""
    settings = session.about.config
    if settings.models:
        return f"They were chosen with: {' '.join(f'--model {one}' for one in settings.models)}"
    if settings.model_dir is not None:
        return f"They were those of the folder {settings.model_dir}: name where they are now with --models"
    return (
        f"They were those that came with Attune {session.about.versions.get('attune', '?')}: install that version, or "
        "name the folder of its models with --models"
    )


def _facts(one: Prediction) -> tuple[Any, ...]:
    """What is compared besides the probabilities."""
    labels = {fusion: outcome.labels for fusion, outcome in one.outcomes.items()}
    return one.pts_s, one.window_start_s, labels, one.present, one.utterance, one.muted


def _models(info: Any) -> dict[str, str]:
    """Checksum of each model, by its fusion."""
    models = info.get("models") if hasattr(info, "get") else None
    found = models.items() if isinstance(models, dict) else ()
    return {str(fusion): str(one.get("weights_sha256")) for fusion, one in found if isinstance(one, dict)}


def _short(checksum: str | None) -> str:
    return (checksum or "unknown")[:12]
