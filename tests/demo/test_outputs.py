from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from rich.console import Console

from demo.cli.outputs import OutputOptions, opened, output_options
from demo.live_output import Beside, OutputDesk, about_of
from demo.marks import Marks
from demo.terminal.player import Player
from engine.annotations import Annotation, Annotations
from engine.config import SessionConfig
from engine.errors import OutputError
from engine.live_run import LiveRun
from engine.output.outputs import Outputs
from engine.recall import Recall
from engine.session import Session
from engine.timeline import Timeline
from engine.types import Word
from tests.fakes import FakeHearing, FakePredictor, FakeSource, FakeVectors, fake_components, recording, sound
from tests.output.messages import predict, valid
from tests.output.test_feed import Collecting

NOTHING: dict[str, Any] = {
    "jsonl": None,
    "websocket": False,
    "port": None,
    "token": None,
    "origins": None,
    "lsl": False,
    "lsl_name": None,
}


def lines(path: Path) -> list[dict[str, Any]]:
    return [valid(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    "asked", [{"port": 0}, {"origins": ["null"]}, {"lsl_name": "Lab"}, {"lsl": True, "lsl_name": " "}]
)
def test_options_that_say_nothing_alone_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(typer.BadParameter):
        output_options(**(NOTHING | asked))


def test_a_token_in_the_environment_opens_nothing() -> None:
    with opened(output_options(**(NOTHING | {"token": "x" * 20}))) as outputs:
        assert not outputs


def test_nothing_is_opened_when_nothing_is_asked_for() -> None:
    program = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda name, given: opened.append(name) if name.startswith('socket.') else None)\n"
        "from demo.cli.app import app\n"
        "from demo.cli.outputs import OutputOptions, opened as open_outputs\n"
        "import demo.cli.play, demo.cli.live, demo.live_output\n"
        "with open_outputs(OutputOptions()) as outputs:\n"
        "    assert not outputs\n"
        "assert not opened, opened\n"
        "assert not {'websockets', 'pylsl', 'asyncio', 'socket'} & set(sys.modules), 'imported without need'\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_each_says_where_it_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = OutputOptions(jsonl=str(tmp_path / "a.jsonl"), websocket=True, port=0)
    with opened(options) as outputs:
        said = capsys.readouterr().err
        assert str(tmp_path / "a.jsonl") in said and "ws://127.0.0.1:" in said and "?token=" in said
        assert said.splitlines() == list(outputs.where)


def test_a_token_of_the_user_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    token = "a-secret-of-the-user"
    with opened(OutputOptions(websocket=True, port=0, token=token)):
        said = capsys.readouterr().err
    assert "ws://127.0.0.1:" in said and "with the token that you gave" in said and token not in said


@pytest.mark.parametrize("origin", ["foo bar", "localhost:8000", "http://a/page", "*", ""])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    options = OutputOptions(websocket=True, port=0, origins=("http://localhost:8000", "null", origin))
    with pytest.raises(OutputError, match="no page has the origin"), opened(options):
        pass


def test_when_one_cannot_be_opened_none_stays_open(tmp_path: Path) -> None:
    options = OutputOptions(jsonl=str(tmp_path / "a.jsonl"), websocket=True, port=0, token="short")
    with pytest.raises(OutputError, match="token"), opened(options):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_what_went_wrong_is_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as status, opened(OutputOptions(jsonl="/dev/full")) as outputs:
        outputs.publish({"type": "end"}, 0.0, 0.0)
    assert status.value.exit_code == 1
    assert "No space left" in capsys.readouterr().err


def test_certainty_is_in_the_words_of_the_view() -> None:
    predictor = FakePredictor()
    predictor.info = {"models": {"self": {"unsure_threshold": 0.3}, "cross": {"unsure_threshold": 0.5}}}
    about = about_of("a", None, live=True, components=fake_components(predictor=predictor), config=SessionConfig())
    assert about.unsure_below == pytest.approx(0.4)
    said = [about.certainty(predict(1.0, share=share)) for share in (0.39, 0.41, 0.7, 0.95)]
    assert said == ["unsure", "perhaps", "likely", "almost certain"]


class Played(FakeSource):
    """A recording of 8 s whose play head is moved by waiting."""

    def __init__(self) -> None:
        super().__init__(recording(sound(8.0, [(1.0, 2.6), (4.0, 6.1)]), [0.5] * 48))
        self.position_s = 0.0

    def now_s(self) -> float:
        return self.position_s

    def wait(self, stop: object, timeout_s: float) -> bool:
        self.position_s = min(self.position_s + timeout_s, 8.0)
        return False


def test_the_terminal_tells_a_whole_recording(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    source, components, config = Played(), fake_components(), SessionConfig()
    about = about_of("talk", 8.0, live=False, components=components, config=config)
    with (
        opened(OutputOptions(jsonl=str(path))) as outputs,
        Beside(outputs, about) as beside,
        Session(source, components, config, hearing=FakeHearing(), record=beside.record) as session,
    ):
        player = Player(session, source, components, config, speed=1.0, clock=source, beside=beside)  # type: ignore[arg-type]
        screen = io.StringIO()
        player.play(Console(file=screen))
    told = lines(path)
    assert str(path) not in screen.getvalue()  # it was said when it was opened
    times = [one["t_s"] for one in told if one["type"] in ("prediction", "nothing")]
    assert times == [t for t, _ in session.timeline.moments] == [0.5 * k for k in range(1, 17)]
    assert {one["type"] for one in told} == {"hello", "prediction", "utterance_start", "utterance_end", "words", "end"}
    assert [one["number"] for one in told] == list(range(1, len(told) + 1))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_an_output_that_fails_is_a_fault_of_a_session_that_goes_on() -> None:
    source, components, config = Played(), fake_components(), SessionConfig()
    about = about_of("talk", 8.0, live=False, components=components, config=config)
    with (
        pytest.raises(typer.Exit),
        opened(OutputOptions(jsonl="/dev/full")) as outputs,
        Beside(outputs, about) as beside,
        Session(source, components, config, hearing=FakeHearing(), record=beside.record) as session,
    ):
        player = Player(session, source, components, config, speed=1.0, clock=source, beside=beside)  # type: ignore[arg-type]
        player.play(Console(file=io.StringIO()))
        outputs.close()
        beside.look(session, 8.0)
    assert len(session.timeline.moments) == 16
    assert [(one.part, one.lasting) for one in session.faults] == [("output", True)]
    assert "No space left" in session.faults[0].text


class LiveFake(FakeSource):
    """Stands for camera and microphone."""

    position_s = 8.0
    states = ()
    tap = None
    picture = SimpleNamespace(at=lambda: None)


def test_a_live_run_tells_all_it_finds() -> None:
    output = Collecting()
    components, config = fake_components(), SessionConfig()
    source: Any = LiveFake(recording(None, [0.5] * 24), live=True, has_audio=False)
    about = about_of("camera", None, live=True, components=components, config=config)
    beside = Beside(Outputs([output]), about, live=source)
    with beside, closing(LiveRun(source, components, config, feed=beside.live_feed)) as run:
        assert run.session.wait(20)
        beside.look(run.session, 8.0)
    told = output.take()
    moments = [one["t_s"] for one in told if one["type"] in ("prediction", "nothing")]
    assert moments == pytest.approx([t for t, _ in run.timeline.moments], abs=1e-3)
    assert told[0]["live"] and told[-1]["type"] == "end"


class OpenFile:
    """What the window has open: a recording of 4 s that is analysed."""

    kind, title = "file", "talk.mp4"

    def __init__(self) -> None:
        self.position_s = 0.0
        self.run = SimpleNamespace(timeline=Timeline(), recall=Recall(SessionConfig(), FakeVectors(), 3))
        self.run.timeline.start_utterance(0, 0.0)
        self.run.timeline.set_words(0, (Word(text="a", start_s=0, end_s=1, confidence=1, final=True),), final=True)
        for k in range(1, 9):
            self.run.timeline.add(k / 2, predict(k / 2))

    def transport(self) -> Any:
        return SimpleNamespace(position_s=self.position_s, duration_s=4.0, speed=1.0)

    def run_at(self, position_s: float) -> Any:
        return self.run

    def busy(self) -> None:
        return None

    def faults(self) -> tuple[()]:
        return ()

    devices = faults


def test_the_window_tells_what_is_played_and_marked() -> None:
    output = Collecting()
    desk = OutputDesk(Outputs([output]))
    show: Any = OpenFile()
    old = Annotation.new(0.2, text="old")
    marks = Marks(path="talk.mp4.annotations.json", every=Annotations([old]))
    desk.look(show, marks)
    desk.begin(show, fake_components(), SessionConfig())
    desk.look(show, marks)
    show.position_s = 0.9
    desk.look(show, marks)
    new = Annotation.new(0.8, text="laughs")
    desk.look(show, Marks(path=marks.path, every=Annotations([old, new])))
    desk.end()
    desk.end()
    told = [(one["type"], one.get("text")) for one in output.take()]
    assert told == [("hello", None), ("prediction", None), ("annotation", "laughs"), ("end", None)]


def test_without_outputs_the_window_tells_nobody() -> None:
    desk = OutputDesk(Outputs())
    show: Any = OpenFile()
    desk.begin(show, fake_components(), SessionConfig())
    desk.look(show, Marks())
    assert desk._feed is None


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_the_help_names_the_options() -> None:
    from typer.testing import CliRunner

    from demo.cli.app import app

    for command in ("play", "live"):
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "160"}).output
        for name in ("--jsonl", "--websocket", "--port", "--token", "--allow-origin", "--lsl", "--lsl-name"):
            assert name in shown


def test_live_lines_of_json_come_without_the_view() -> None:
    sample = "file:assets/sample.mp4"
    command = ["live", "--camera", sample, "--microphone", "none", "--ui", "terminal", "--seconds", "2", "--jsonl", "-"]
    done = subprocess.run([sys.executable, "main.py", *command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    types = [valid(line)["type"] for line in done.stdout.splitlines()]
    assert types[0] == "hello" and types[-1] == "end"
    assert "predictions" in done.stderr and "self: " not in done.stderr
