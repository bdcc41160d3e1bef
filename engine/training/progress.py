"""The state of a training between two epochs, in one file from which it goes on to the same result.

The file is a safetensors file: weights, best weights and Adam's moments as tensors, everything else as JSON in its
header. Nothing is unpickled.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from engine.files import write_atomically
from engine.models.fusion import FusionModel

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """What a training has come to.

    Attributes
    ----------
    best, best_epoch : weights and number of the epoch with the best validation accuracy; 0 before the first.
    epochs : figures of the epochs so far.
    """

    best: dict[str, Tensor]
    best_epoch: int = 0
    epochs: list[dict[str, float]] = field(default_factory=list)


def save_progress(
    path: Path, key: str, state: Progress, model: FusionModel, optimizer: Optimizer, schedule: ReduceLROnPlateau
) -> None:
    """Write the state of a training whose settings are named by ``key``."""
    from safetensors.torch import save

    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in state.best.items()}
    packed = optimizer.state_dict()
    for index, moments in packed["state"].items():
        tensors |= {f"adam.{index}.{name}": value for name, value in moments.items()}
    about = {
        "key": key,
        "best_epoch": state.best_epoch,
        "epochs": state.epochs,
        "learning_rates": [group["lr"] for group in packed["param_groups"]],
        "schedule": {
            "best": schedule.best,
            "num_bad_epochs": schedule.num_bad_epochs,
            "last_epoch": schedule.last_epoch,
            "cooldown_counter": schedule.cooldown_counter,
        },
    }
    contiguous = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
    content = save(contiguous, metadata={"training": json.dumps(about)})
    # Written by Python: what safetensors itself raises on a full disk is no OSError.
    write_atomically(path, lambda draft: draft.write_bytes(content))


def load_progress(
    path: Path, key: str, state: Progress, model: FusionModel, optimizer: Optimizer, schedule: ReduceLROnPlateau
) -> bool:
    """Go on from a file, if there is one of the same settings; returns whether there was.

    A file that is damaged or belongs to other settings is left aside: the training then begins anew.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        return False
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads(file.metadata()["training"])
            if about["key"] != key:
                log.info("%s belongs to other settings: beginning anew", path)
                return False
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
        weights, best = _part(tensors, "model."), _part(tensors, "best.")
        moments = _part(tensors, "adam.")
        packed = optimizer.state_dict()
        packed["state"] = {}
        for name, value in moments.items():
            index, what = name.split(".", 1)
            packed["state"].setdefault(int(index), {})[what] = value
        for group, rate in zip(packed["param_groups"], about["learning_rates"], strict=True):
            group["lr"] = rate
        model.load_state_dict(weights)
        optimizer.load_state_dict(packed)
        schedule.load_state_dict(schedule.state_dict() | about["schedule"])
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("%s cannot be used (%s): beginning anew", path, error)
        return False
    device = next(model.parameters()).device
    state.best = {name: value.to(device) for name, value in best.items()}
    state.best_epoch, state.epochs = int(about["best_epoch"]), list(about["epochs"])
    return True


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
