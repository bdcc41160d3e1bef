"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.demo.qt import why_no_qt

pytest_plugins = [] if why_no_qt() else ["pytestqt.plugin"]


def shared_data(relative: str) -> Path:
    """Path of a file of the training data; skips the test where the data is missing.

    The data is looked for in ``$ATTUNE_DATA``, else in ``../shared/data`` beside the checkout.
    """
    root = Path(os.environ.get("ATTUNE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    path = root / relative
    if not path.exists():
        pytest.skip(f"needs the data file {relative}: set ATTUNE_DATA to the folder that holds it")
    return path
