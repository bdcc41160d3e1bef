from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from demo.terminal.finish import closing
from demo.terminal.marks import Ink, history
from demo.terminal.plain import line
from demo.terminal.recording import ending, recording_line
from demo.terminal.state import ViewState, recent, words_up_to
from demo.terminal.view import View, lines
from engine.config import EMOTIONS, Fusion, Modality
from engine.saved.recording_state import RecordingState
from engine.timeline import Timeline
from engine.types import Outcome, Prediction, Word
from engine.utterance import Utterance

ALL: tuple[Modality, ...] = ("audio", "video", "text")


def predict(
    pts_s: float,
    top: str,
    probability: float = 0.7,
    *,
    present: tuple[Modality, ...] = ALL,
    fusions: tuple[Fusion, ...] = ("self", "cross"),
) -> Prediction:
    values = np.full(len(EMOTIONS), (1 - probability) / (len(EMOTIONS) - 1), np.float32)
    values[EMOTIONS.index(top)] = probability
    outcomes = {fusion: Outcome(probabilities=values) for fusion in fusions}
    return Prediction(pts_s=pts_s, window_start_s=0.0, outcomes=outcomes, present=present)


def word(text: str, start_s: float, final: bool = True) -> Word:
    return Word(text=text, start_s=start_s, end_s=start_s + 0.3, confidence=0.9, final=final)


def state(**changes: object) -> ViewState:
    values: dict[str, object] = {
        "name": "talk.mp4",
        "position_s": 10.0,
        "duration_s": 40.0,
        "predictions": [predict(0.5 * k, "happy" if k < 10 else "sad") for k in range(1, 21)],
        "words": (word("hello", 1.0), word("there", 9.5, final=False)),
        "latency_s": {"face": 0.012, "model": 0.005},
    }
    if predictions := changes.get("predictions", values["predictions"]):
        newest = predictions[-1]  # type: ignore[index]
        values |= {"moment_s": newest.pts_s, "present": newest.present}
    return ViewState(**(values | changes))  # type: ignore[arg-type]


def screen(shown: ViewState, width: int, height: int, **options: object) -> list[str]:
    console = Console(width=width, height=height, file=io.StringIO(), force_terminal=True, **options)  # type: ignore[arg-type]
    with console.capture() as capture:
        console.print(View(shown), no_wrap=True)
    return capture.get().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12), (200, 60)])
def test_it_fits_its_screen(width: int, height: int) -> None:
    remarks = tuple(f"remark {k}" for k in range(30))
    for shown in (state(remarks=remarks), state(predictions=(), words=(), duration_s=None), state(name="x" * 300)):
        out = lines(shown, width, height, Ink())
        assert len(out) <= height
        drawn = screen(shown, width, height, color_system=None)
        assert len(drawn) <= height
        assert all(len(one) <= width for one in drawn)


def test_all_that_matters_is_there() -> None:
    text = "\n".join(screen(state(), 80, 24, color_system=None))
    for part in ("talk.mp4", "00:10.0 / 00:40.0", "1x", "sad 70%", "likely", "self-attention", "cross-attention"):
        assert part in text
    assert all(name in text for name in EMOTIONS)
    assert "hello there" in text and "face 12 ms" in text


def test_partial_words_are_dimmed() -> None:
    (said,) = [one for one in screen(state(), 80, 24, color_system="standard") if "hello" in one]
    assert "\x1b[2;3mthere" in said and "\x1b[2;3mhello" not in said


@pytest.mark.parametrize(
    ("present", "missing"),
    [(("video",), "no speech"), (("audio", "text"), "no face"), (("audio", "video"), "no words"), (ALL, "nothing")],
)
def test_what_is_missing_is_said(present: tuple[Modality, ...], missing: str) -> None:
    text = "\n".join(screen(state(predictions=[predict(1.0, "fear", present=present)]), 80, 24, color_system=None))
    assert missing in text


def test_a_low_probability_is_unsure() -> None:
    text = "\n".join(screen(state(predictions=[predict(1.0, "fear", 0.3)]), 80, 24, color_system=None))
    assert "unsure" in text and "fear 30%" in text


def test_without_colour_letters_tell_the_emotions_apart() -> None:
    drawn = history(state().predictions, 0.0, 20.0, 20, 0.5, Ink(colour=False)).plain
    assert drawn == "HHHH" + "SSSSSS" + "·" * 10


def test_without_unicode_only_ascii_is_used() -> None:
    for shown in (state(), state(words=(), predictions=[predict(1.0, "fear", present=())])):
        for one in lines(shown, 80, 24, Ink(unicode=False, colour=False)):
            assert one.plain.isascii()


def test_a_time_with_nothing_to_see_or_hear() -> None:
    gone = state(moment_s=12.0, present=())
    text = "\n".join(screen(gone, 80, 24, color_system=None))
    assert "nothing to see or hear since 00:10.0" in text and "no face · no speech · no words" in text
    assert "nothing to see or hear" in line(gone) and "sad" not in line(gone)
    sparse = [predict(2.0, "fear"), predict(6.0, "sad")]
    assert history(sparse, 0.0, 10.0, 10, 1.0, Ink(colour=False)).plain == "·F···S····"


def test_one_fusion_takes_the_whole_width() -> None:
    shown = state(predictions=[predict(1.0, "fear", fusions=("cross",))])
    text = "\n".join(screen(shown, 80, 24, color_system=None))
    assert "cross-attention" in text and "self-attention" not in text


def test_lagging_behind_is_said() -> None:
    assert "5 s behind" in line(state(behind_s=5.0))
    assert "5 s behind" in "\n".join(screen(state(behind_s=5.0), 80, 24, color_system=None))


def test_only_what_belongs_to_the_position_is_shown() -> None:
    timeline = Timeline()
    for t in (1.0, 200.0, 201.0):
        timeline.add(t, predict(t, "fear"))
    assert [one.pts_s for one in recent(timeline, 200.5)] == [200.0]
    assert recent(timeline, 0.5) == ()
    said = [
        Utterance(index=k, start_s=one.start_s, end_s=one.end_s, words=(one,))
        for k, one in enumerate([word("old", 1.0), word("now", 39.0), word("later", 41.0)])
    ]
    assert [one.text for one in words_up_to(said, 40.0)] == ["now"]


def test_a_plain_line_says_it_all() -> None:
    text = line(state(), (word("hello", 1.0), word("there", 1.5)))
    assert text.startswith("00:10.0  sad 70% likely")
    assert "self: sad 70%" in text and "sees face, voice, words" in text and text.endswith('"hello there"')
    assert "no prediction" in line(state(predictions=()))


def test_closing_sums_up() -> None:
    text = closing("talk.mp4", 10.0, state().predictions, state().words)
    assert "10.0 s with 20 predictions" in text and "sad 55%, happy 45%" in text and "2 words" in text
    assert "too short" in closing("talk.mp4", 0.2, [], [])
    assert "nothing was seen or heard" in closing("talk.mp4", 4.0, [], [], moments=8)


LABELS = ("angry", "excited", "frustrated", "a name that is very long", "sad")


def test_other_classes_and_models(capsys: pytest.CaptureFixture[str]) -> None:
    values = np.array([0.1, 0.2, 0.5, 0.1, 0.1], np.float32)
    outcomes: dict[Fusion, Outcome] = {"cross+self": Outcome(probabilities=values, labels=LABELS)}
    now = Prediction(pts_s=10.0, window_start_s=0.0, outcomes=outcomes, present=("audio", "video"))
    shown = state(predictions=[now], labels=LABELS, used=("audio", "text"), present=("audio",))
    text = "\n".join(screen(shown, 100, 40))
    for part in ("frustrated", "cross- and self-attention", "a name that i", "no words"):
        assert part in text
    assert "no face" not in text and "happy" not in text
    assert "sees voice" in line(shown) and "face" not in line(shown)
    everything = state(predictions=[now], labels=LABELS, used=("audio",), present=("audio",))
    assert "nothing: voice is here" in "\n".join(screen(everything, 100, 40))
    assert "face" not in closing("x", 1.0, [now], [], ("audio",))
    assert history([now], 0.0, 10.0, 10, 0.5, Ink(colour=False)).plain[-1] == "F"


def test_a_recording_is_shown_in_red_with_what_ended_it() -> None:
    shown = screen(state(recording="REC 0:12, 3.4 MB, room for 14 h"), 80, 24)
    assert "REC 0:12, 3.4 MB, room for 14 h" in shown[1] and "\x1b[1;31m" in shown[1]
    broken = state(recording="NOT RECORDING", recording_problem="The disk is full.")
    assert "The disk is full." in screen(broken, 80, 24)[1]
    assert line(broken).endswith("[NOT RECORDING]")


def test_what_a_recording_says_of_itself() -> None:
    def said(**changes: Any) -> str:
        values: dict[str, Any] = {
            "folder": Path("sessions/monday"),
            "from_s": 5.0,
            "seconds": 12.4,
            "bytes_written": 3_400_000,
            "left_s": 50_400.0,
            "dropped": 0,
            "problem": "",
            "running": True,
        }
        return recording_line(RecordingState(**(values | changes)))

    assert said() == "REC 0:12, 3.4 MB, room for 14 h"
    assert said(left_s=None, dropped=3) == "REC 0:12, 3.4 MB, 3 pictures left out, the disk or the machine is too slow"
    assert said(problem="The disk is full.") == "NOT RECORDING"


def test_the_end_of_a_recording_is_told_by_what_is_there(tmp_path: Path) -> None:
    state = RecordingState(
        folder=tmp_path / "my talk",
        from_s=0.0,
        seconds=12.0,
        bytes_written=3_400_000,
        left_s=None,
        dropped=0,
        problem="",
        running=False,
    )
    assert ending(state).startswith(f"Nothing is left at {state.folder}: it was deleted or moved")
    state.folder.mkdir()
    assert ending(state).endswith(f"See it again with: attune replay '{state.folder}'")
