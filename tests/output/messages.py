"""Messages for tests, and the schema that every one of them must fit."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np

import engine.output.schema
from engine.config import EMOTIONS
from engine.output.feed import About
from engine.output.outputs import Outputs
from engine.types import Outcome, Prediction

ABOUT = About(
    source="camera",
    live=True,
    duration_s=None,
    labels=EMOTIONS,
    fusions=("self", "cross"),
    step_s=0.5,
    unsure_below=0.4,
    certainty=lambda made: "likely",
)

SCHEMA = json.loads(Path(engine.output.schema.__file__).with_name("live_output.schema.json").read_text("utf-8"))
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def valid(line: str) -> dict[str, Any]:
    """The message of a line of strict JSON, which fits the schema."""

    def no_such(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    message: dict[str, Any] = json.loads(line, parse_constant=no_such)
    _VALIDATOR.validate(message)
    return message


def predict(t: float, top: str = "happy", share: float = 0.7, **options: Any) -> Prediction:
    """A prediction of one class."""
    values = np.full(7, (1 - share) / 6, np.float32)
    values[EMOTIONS.index(top)] = share
    outcomes = {name: Outcome(probabilities=values) for name in ("self", "cross")}
    given = {"present": ("audio", "video"), "latency_s": {"model": 0.004, "total": 0.06}}
    return Prediction(pts_s=t, window_start_s=max(0.0, t - 3), outcomes=outcomes, **(given | options))


def publish(outputs: Outputs, *, count: int, start: int = 0, size: int = 10) -> None:
    """Publish messages that tell their own place in the row, each of about ``size`` bytes more than the least."""
    for k in range(start, start + count):
        outputs.publish(
            {"type": "fault", "part": str(k), "text": "x" * size, "lasting": False}, float(k), time.monotonic()
        )
