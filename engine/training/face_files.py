"""The files of a trained face encoder, as training reads and writes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from engine.errors import DataError
from engine.features.face_cnn import FaceCNN, load_face_cnn
from engine.files import write_atomically


@dataclass(frozen=True, slots=True)
class FaceEncoderFiles:
    """A face encoder on disk: its weights for PyTorch, and what its card says."""

    weights: Path
    name: str
    dim: int
    width: int

    @classmethod
    def find(cls, folder: Path) -> FaceEncoderFiles:
        """The encoder in a folder, else the bundled one.

        Raises
        ------
        DataError
            When neither is there, or its card is damaged.
        """
        for place in (folder, Path(str(files("assets")))):
            weights, card = place / "face_encoder.safetensors", place / "face_encoder.json"
            if not (weights.is_file() and card.is_file()):
                continue
            try:
                about = json.loads(card.read_text(encoding="utf-8"))
                return cls(weights, str(about["name"]), int(about["embedding_dim"]), int(about["recipe"]["width"]))
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(f"{card} is damaged ({error!r}): train the face encoder again") from error
        raise DataError(f"there is no face encoder yet: first run `attune train face --data DATA --out {folder}`")

    def load(self) -> FaceCNN:
        """The network, in evaluation mode."""
        return load_face_cnn(self.weights, self.width, self.dim)


def save_face_weights(model: FaceCNN, path: Path) -> None:
    """Write the weights in half precision, which is all that they need."""
    from safetensors.torch import save

    state = {
        key: (value.half() if value.is_floating_point() else value).contiguous()
        for key, value in model.state_dict().items()
    }
    write_atomically(path, lambda draft: draft.write_bytes(save(state)))
