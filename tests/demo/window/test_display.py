from __future__ import annotations

from pathlib import Path

import pytest

from demo.display import NO_DISPLAY, why_no_window

X11 = {"DISPLAY": ":7"}
BOTH = {"DISPLAY": ":7", "WAYLAND_DISPLAY": "wayland-0"}


class Loader:
    """Loads everything but some libraries."""

    def __init__(self, *missing: str) -> None:
        self.missing = missing
        self.asked: list[str] = []

    def __call__(self, library: str) -> object:
        self.asked.append(library)
        if any(one in library for one in self.missing):
            raise OSError(f"{library}: cannot open shared object file: No such file or directory")
        return object()


def why(environment: dict[str, str], loader: Loader | None = None, refused: tuple[str, ...] = (), **more: object):
    return why_no_window(
        environment,
        system=str(more.get("system", "linux")),
        load=loader or Loader(),
        answers=lambda kind, _: kind not in refused,
        plugins=more.get("plugins", Path("nowhere")),  # type: ignore[arg-type]
    )


def test_a_display_that_answers_is_enough() -> None:
    assert why(X11) is None
    assert why({"WAYLAND_DISPLAY": "wayland-0"}) is None


def test_no_display() -> None:
    assert why({}) == NO_DISPLAY
    assert why({"DISPLAY": ""}) == NO_DISPLAY


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_always_have_one(system: str) -> None:
    assert why({}, Loader("lib"), system=system) is None


def test_a_display_that_refuses_is_named() -> None:
    reason = why(X11, refused=("x11",))
    assert reason is not None and "DISPLAY=:7" in reason and "terminal" in reason and "\n" not in reason


def test_the_other_display_will_do() -> None:
    assert why(BOTH, refused=("wayland",)) is None
    assert why(BOTH, Loader("wayland")) is None


def test_missing_libraries_are_named_by_package_in_one_line() -> None:
    reason = why(X11, Loader("libxcb-cursor.so.0", "libEGL.so.1"))
    assert reason is not None and "apt install libegl1 libxcb-cursor0." in reason and "\n" not in reason


def test_screenless_platforms_need_no_display_but_the_libraries() -> None:
    assert why({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert why({"QT_QPA_PLATFORM": "offscreen:fontconfig"}, Loader("libxcb")) is None
    assert "libgl1" in (why({"QT_QPA_PLATFORM": "offscreen"}, Loader("libGL.so.1")) or "")


def test_a_library_that_is_on_no_list_is_found_by_loading_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "libqxcb.so").touch()
    reason = why(X11, Loader("libqxcb.so"), plugins=tmp_path)
    assert reason is not None and "libqxcb.so: cannot open shared object" in reason


def test_a_dead_x_server_is_found_without_waiting(tmp_path: Path) -> None:
    reason = why_no_window({"DISPLAY": ":4711"}, system="linux", load=Loader(), plugins=tmp_path)
    assert reason is not None and ":4711" in reason
    reason = why_no_window(
        {"WAYLAND_DISPLAY": "none", "XDG_RUNTIME_DIR": str(tmp_path)}, system="linux", load=Loader(), plugins=tmp_path
    )
    assert reason is not None and "none" in reason
