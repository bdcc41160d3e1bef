from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import DataError
from engine.experiment.lock import locked


def test_a_new_folder_goes_again_where_nothing_came_into_it(tmp_path: Path) -> None:
    for name, kept in (("", False), ("result", True)):
        folder = tmp_path / "new" / f"of{name}"
        with pytest.raises(DataError), locked(folder):
            if name:
                (folder / name).touch()
            raise DataError("too few")
        assert folder.exists() == folder.parent.exists() == kept
