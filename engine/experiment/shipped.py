"""Plans that come with Attune, and plans of the user's own."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from engine.errors import DataError


def plans_folder() -> Path:
    """Folder of the plans that come with Attune: the ``plans`` package of a checkout or of an installation."""
    return Path(str(resources.files("plans")))


def find_plan(name: Path) -> Path:
    """Path of a plan: a file, or the name of a plan that comes with Attune, such as ``paper``.

    Raises
    ------
    DataError
        When it is neither.
    """
    if name.is_file():
        return name
    shipped = sorted(one.stem for one in plans_folder().glob("*.toml"))
    if str(name) in shipped:
        return plans_folder() / f"{name}.toml"
    if name.is_dir():
        raise DataError(f"{name} is a folder: give the TOML file of a plan")
    raise DataError(
        f"there is no plan {name}: give a TOML file, or one of {', '.join(shipped)}, which come with Attune"
    )
