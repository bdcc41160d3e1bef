"""How the start is measured, over commands that only print."""

from __future__ import annotations

import re
import sys

import pytest

from demo.bench.child import module_command, running
from demo.bench.start import _PREDICTION, _repeated, _until_lines, _until_over
from demo.terminal.plain import line
from demo.terminal.state import ViewState
from engine.errors import StageError
from tests.demo.test_view import predict


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_lines_are_waited_for_one_after_the_other() -> None:
    code = "import time\nprint('begun', flush=True)\nprint('nothing', flush=True)\nprint('done', flush=True)\ninput()"
    begun, done = _until_lines(python(code), (re.compile("begun"), re.compile("done")))
    assert 0 < begun <= done


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    broken = python("import sys; sys.exit('no models')")
    with pytest.raises(StageError, match="no models"):
        _until_over(broken)
    with pytest.raises(StageError, match="no models"):
        _until_lines(broken, (re.compile("begun"),))
    with pytest.raises(StageError, match="said nothing"):
        _until_lines(python("print('something else')"), (re.compile("begun"),))


def test_a_command_that_hangs_is_ended() -> None:
    silent = python("import threading; threading.Event().wait()")
    with pytest.raises(StageError, match=r"did not end within 0\.3 s"):
        _until_over(silent, patience_s=0.3)
    with pytest.raises(StageError, match=r"showed no prediction within 0\.3 s"):
        _until_lines(silent, (re.compile("begun"),), patience_s=0.3)


def test_the_first_run_does_not_count() -> None:
    runs = iter([[9.0, 9.0], [1.0, 2.0], [3.0, 4.0]])
    first, second = _repeated(lambda: next(runs), 2)
    assert (first.wall_s, second.wall_s) == ((1.0, 3.0), (2.0, 4.0))


def test_a_process_is_ended_also_where_it_does_not_want_to() -> None:
    with running(python("print(flush=True); input()")) as process:
        assert process.stdout is not None
        process.stdout.readline()
    assert process.poll() is not None


def test_a_part_of_the_program_runs_from_anywhere() -> None:
    command = module_command("demo.cli.app", "--version")
    assert command[0] == sys.executable and command[-1] == "--version" and "demo.cli.app" in command[2]


def test_the_line_of_a_prediction_is_known_from_others() -> None:
    nothing = ViewState(name="talk.mp4", position_s=1.0, duration_s=10.0)
    made = predict(1.0, "happy")
    something = ViewState(name="talk.mp4", position_s=1.0, duration_s=10.0, predictions=(made,), moment_s=1.0)
    assert _PREDICTION.match(line(something))
    assert not _PREDICTION.match(line(nothing))
    assert not _PREDICTION.match("Words by Whisper (tiny.en), because you asked for Whisper.")
