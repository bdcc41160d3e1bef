from __future__ import annotations

import json
import math
import re
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.annotations import Annotation
from engine.config import EMOTIONS
from engine.faults import Fault
from engine.output import schema
from engine.types import Outcome, Word
from tests.output.messages import SCHEMA, predict, valid

HELLO = {
    "source": "a talk.mp4",
    "live": False,
    "duration_s": 12.5,
    "labels": EMOTIONS,
    "fusions": ("self", "cross"),
    "step_s": 0.5,
    "unsure_below": 0.41,
    "zero_unix_s": None,
}
WORD = Word(text="hello", start_s=1.0, end_s=1.25, confidence=0.9, final=True)

EVERY = [
    schema.hello(**HELLO),
    schema.prediction(predict(2.5, utterance=3, muted=frozenset({"text"})), "likely"),
    schema.nothing(),
    schema.words(3, [WORD], final=True),
    schema.words(3, [], final=True, missing=True),
    schema.utterance("start", 3, 1.0),
    schema.utterance("end", 3, 2.0),
    schema.fault(Fault(pts_s=1.0, part="camera", text="It has gone.")),
    schema.device("camera", "cam", "lost", "It has gone."),
    schema.annotation(Annotation.new(1.0, 2.0, text="laughs", label="happy")),
    schema.jump(),
    schema.lost(7),
    schema.end(),
]


@pytest.mark.parametrize("fields", EVERY, ids=lambda one: one["type"])
def test_each_kind_of_message_fits_the_schema(fields: dict) -> None:
    message = valid(schema.to_line(schema.stamped(fields, 5, 2.5, 1.8e9)))
    assert message["t_s"] == 2.5 and message["wall_s"] == 1.8e9
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(message | {"surplus": 1}, SCHEMA)
    for name in message:
        if name != "type" or len(message) > 4:
            rest = {key: value for key, value in message.items() if key != name}
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(rest, SCHEMA)


def test_the_schema_has_no_message_that_is_never_sent() -> None:
    named = {one["$ref"].removeprefix("#/$defs/") for one in SCHEMA["oneOf"]}
    assert named == {one["type"] for one in EVERY}


def test_a_prediction_has_the_mean_and_each_model() -> None:
    message = schema.prediction(predict(2.5, "sad", 0.64), "likely")
    assert message["top"] == "sad"
    assert list(message["probabilities"]) == list(EMOTIONS)
    assert message["probabilities"]["sad"] == message["fusions"]["cross"]["sad"] == 0.64
    assert sum(message["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_figures_that_are_none_are_no_prediction() -> None:
    made = predict(1.0)
    broken = Outcome(probabilities=np.full(7, np.nan, np.float32))
    assert schema.prediction(
        type(made)(pts_s=1.0, window_start_s=0.0, outcomes={"self": broken}, present=("audio",)), "unsure"
    ) == {"type": "nothing"}


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(st.characters(codec=None), max_size=40),
    number=st.floats(),
    confidence=st.floats(allow_nan=True),
)
def test_any_text_and_number_makes_one_strict_line(text: str, number: float, confidence: float) -> None:
    word = Word(
        text=text,
        start_s=1.0,
        end_s=2.0,
        confidence=min(max(confidence, 0), 1) if confidence == confidence else math.nan,
        final=True,
    )
    said = schema.words(0, [word], final=False)
    hello = schema.hello(**(HELLO | {"source": text, "duration_s": number}))
    for fields in (said, hello):
        line = schema.to_line(schema.stamped(fields, 1, 0.0, 0.0))
        assert "\n" not in line and "\r" not in line
        valid(line.encode("utf-8").decode("utf-8"))


def test_the_examples_of_the_documentation_fit_the_schema() -> None:
    page = (Path(__file__).parents[2] / "docs" / "live-output.md").read_text("utf-8")
    lines = [line for block in re.findall(r"```json\n(.*?)```", page, re.S) for line in block.splitlines()]
    assert {valid(line)["type"] for line in lines} == {one["type"] for one in EVERY}
    assert all(f"`{name}`" in page for name in SCHEMA["$defs"]["prediction"]["properties"])
    assert json.dumps(schema.SCHEMA) in page
