"""The health view says how it goes, and what goes wrong, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from pytestqt.qtbot import QtBot  # noqa: E402

from demo.health import DeviceHealth, Health, StageHealth  # noqa: E402
from demo.shown import Shown  # noqa: E402
from demo.widgets.figures import clock, milliseconds_text, percent, times_text  # noqa: E402
from demo.widgets.health import HealthView  # noqa: E402
from demo.widgets.health_rows import device_row, stage_row  # noqa: E402

STAGE = StageHealth(name="face", rate_hz=6.0, p50_s=0.0156, p95_s=0.0264, dropped=0, queued=1, capacity=6)
CAMERA = DeviceHealth(kind="camera", name="Front", status="ok", rate_hz=29.97, drift_ppm=-37.6, dropped=0, reconnects=1)


def health(**changes: object) -> Health:
    values = {
        "stages": (STAGE,),
        "devices": (CAMERA,),
        "backend": "onnx",
        "screen_s": (0.084, 0.131),
        "window_hz": 29.8,
        "memory_bytes": 812 * 2**20,
        "threads": 14,
    }
    return Health(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def view(qtbot: QtBot) -> HealthView:
    one = HealthView()
    qtbot.addWidget(one)
    one.resize(720, 400)
    one.show()
    one.show_it(Shown(kind="live", health=health()))
    return one


def test_a_stage_that_copes() -> None:
    row = stage_row(STAGE)
    assert row.cells == ("faces", "6.0", "16 ms", "26 ms", "0")
    assert row.filled == pytest.approx(1 / 6)
    assert row.problem == ""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"dropped": 3}, "loses items"),
        ({"p95_s": 0.2}, "too slow"),
        ({"queued": 5}, "queue nearly full"),
        ({"dropped": 1, "p95_s": 0.2}, "loses items, too slow"),
        ({"rate_hz": 0.0, "p95_s": 0.2}, ""),
        ({"capacity": 0, "queued": 0}, ""),
    ],
)
def test_problems_have_a_word(changes: dict[str, object], problem: str) -> None:
    assert stage_row(replace(STAGE, **changes)).problem == problem  # type: ignore[arg-type]


def test_devices() -> None:
    assert device_row(CAMERA).cells == ("camera: Front", "30.0", "\N{MINUS SIGN}38 ppm", "1", "0")
    lost = replace(CAMERA, status="reconnecting", drift_ppm=None, message="Plug it in again.")
    row = device_row(lost)
    assert row.cells[2] == "—"
    assert (row.problem, row.detail) == ("reconnecting", "Plug it in again.")


def test_everything_can_be_read(view: HealthView) -> None:
    said = view.accessibleDescription()
    for part in ("from camera to screen: 84 ms", "131 ms", "29.8", "812 MB", "threads: 14", "onnx", "faces", "Front"):
        assert part in said
    view.show_it(Shown(kind="file", health=health(stages=(replace(STAGE, dropped=2),))))
    assert "from reading to screen" in view.accessibleDescription()
    assert "loses items" in view.accessibleDescription()


@pytest.mark.parametrize("size", [(260, 200), (460, 380), (1400, 700)])
def test_it_is_drawn_at_any_size(view: HealthView, size: tuple[int, int]) -> None:
    view.resize(*size)
    good = view.page.grab().toImage()
    view.show_it(Shown(kind="live", health=health(stages=(replace(STAGE, dropped=2),))))
    assert view.page.grab().toImage() != good
    view.show_it(Shown(kind="live", health=health(screen_s=None)))
    assert "from camera to screen: —" in view.accessibleDescription()


def test_what_does_not_fit_can_be_scrolled(view: HealthView) -> None:
    view.resize(300, 150)
    assert view.page.minimumHeight() > 150
    view.resize(900, 600)
    assert view.page.minimumHeight() < 600


def test_the_same_state_is_not_drawn_again(view: HealthView, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(view.page, "update", lambda: drawn.append(1))
    view.show_it(Shown(kind="live", health=health()))
    assert not drawn


def test_nothing_runs(view: HealthView) -> None:
    before = view.page.grab().toImage()
    view.show_it(Shown())
    assert view.page.grab().toImage() != before


def test_figures() -> None:
    assert [clock(one) for one in (3.44, 59.96, 3723.4)] == ["0:03.4", "1:00.0", "1:02:03.4"]
    assert [percent(one) for one in (0.0, 0.001, 0.123, 1.0)] == ["0 %", "<1 %", "12 %", "100 %"]
    assert [milliseconds_text(one) for one in (0.0004, 0.0099, 0.012, 1.3)] == ["0.4 ms", "9.9 ms", "12 ms", "1.3 s"]
    assert [times_text(one) for one in (4.24, 12.4)] == ["4.2 times", "12 times"]
