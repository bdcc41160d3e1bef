"""The code of the developer's guide runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.config import SessionConfig
from engine.session import Session
from engine.sources.base import SourceInfo
from tests.fakes import FakeHearing, FakeSource, fake_components, recording, sound

printed: list[Any] = []

GUIDE = Path(__file__).parents[1] / "docs" / "develop" / "extending.md"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the code of the page has defined in the end."""
    pictures = tmp_path_factory.mktemp("pictures")
    for k in range(12):
        Image.fromarray(np.full((8, 8, 3), 90 + k, np.uint8)).save(pictures / f"{k:03}.png")
    found: dict[str, Any] = {"pictures": pictures, "components": fake_components(), "print": printed.append}
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, GUIDE.name, "exec", dont_inherit=True), found)
    return found


def test_a_folder_of_pictures_is_predicted_like_a_recording(names: dict[str, Any]) -> None:
    assert [str(one)[:5] for one in printed[:3]] == ["0.5 s", "1.0 s", "1.5 s"]
    with names["PictureFolder"](names["pictures"], 6.0) as source:
        assert isinstance(source.info, SourceInfo) and len(list(source)) == 12


def test_the_encoder_gives_a_vector_a_face(names: dict[str, Any]) -> None:
    encoder = names["MeanColour"]()
    assert encoder.encode([np.full((4, 4, 3), 255, np.uint8)]).tolist() == [[1.0, 1.0, 1.0]]


def test_the_recogniser_tells_what_was_said(names: dict[str, Any]) -> None:
    source = FakeSource(recording(sound(6.0, [(1.0, 3.0)])), has_video=False)
    components = fake_components(recognizer=names["Counting"]())
    session = Session(source, components, SessionConfig(), hearing=FakeHearing())
    list(session.run_inline())
    assert [one.text for one in session.timeline.words] == ["3"]


def test_the_blocks_of_a_fusion_are_pairs(names: dict[str, Any]) -> None:
    assert printed[-1] == (("audio", "text"), ("text", "audio"))
