"""Recognition in a process of its own: the same words, and what happens when that process fails."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.asr.child import Died
from engine.asr.choose import choose_recognizer
from engine.asr.remote import RemoteRecognizer
from engine.assets import sample_path
from engine.errors import AssetError, StageError
from engine.features.speech import Heard, Hearing
from engine.sources.media_file import MediaFile
from engine.stages import Report
from engine.transcription_stage import TranscriptionStage
from engine.types import AudioBlock
from tests.sources.device_fakes import wait_until


@pytest.fixture(autouse=True)
def no_process_stays() -> Iterator[None]:
    before = {one.pid for one in psutil.Process().children()}
    yield
    assert {one.pid for one in psutil.Process().children()} <= before
    assert "attune-recogniser" not in {one.name for one in threading.enumerate()}


@pytest.fixture(scope="module")
def heard() -> list[Heard]:
    """The first utterances of the sample."""
    hearing, found = Hearing(), []
    with MediaFile(sample_path(), pictures=False) as file:
        for block in file:
            assert isinstance(block, AudioBlock)
            if block.pts_s > 8.0:
                break
            found += hearing.feed(block)
    return found


@pytest.fixture
def remote() -> Iterator[RemoteRecognizer]:
    with RemoteRecognizer("whisper") as made:
        yield made


def process_of(recognizer: RemoteRecognizer) -> psutil.Process:
    recognizer.ready()
    assert recognizer._child is not None
    return psutil.Process(recognizer._child.process.pid)


def test_it_says_what_it_would_say_in_this_process(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    with choose_recognizer("whisper") as here:  # type: ignore[union-attr]
        assert (remote.name, remote.reason) == (here.name, here.reason)
        expected = [here.feed(one) for one in heard] + [here.flush()]
    assert [remote.feed(one) for one in heard] + [remote.flush()] == expected
    assert sum(len(one) for one in expected) >= 4
    remote.feed(heard[0])
    remote.reset()
    assert [remote.feed(one) for one in heard] + [remote.flush()] == expected  # another session


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the libraries of a process")
def test_it_loads_no_more_than_it_needs(remote: RemoteRecognizer) -> None:
    child = process_of(remote)
    libraries = Path(f"/proc/{child.pid}/maps").read_text()
    assert "ctranslate2" in libraries and "libtorch" not in libraries and "Qt6" not in libraries


def test_after_its_death_the_next_utterance_is_recognised(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    updates, killed = [], False
    for one in heard:
        updates += remote.feed(one)
        if updates and not killed:
            killed = True
            assert not updates[-1].final
            known = updates[-1]
            process_of(remote).kill()
    updates += remote.flush()
    closed = next(one for one in updates if one.utterance == known.utterance and one.final)
    assert [word.text for word in closed.words] == [word.text for word in known.words]
    assert all(word.final for word in closed.words) and closed.pts_s >= known.pts_s and closed.missing
    later = [one for one in updates if one.utterance > known.utterance]
    assert remote.deaths == 1 and later and later[-1].words


def test_three_deaths_within_a_minute_end_it(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    for _ in range(2):
        process_of(remote).kill()
        assert remote.feed(heard[0]) == []
    process_of(remote).kill()
    with pytest.raises(StageError, match="failed 3 times within a minute"):
        remote.feed(heard[0])
    remote.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot halt a process")
def test_a_process_that_hangs_is_replaced(heard: list[Heard]) -> None:
    with RemoteRecognizer("whisper", answer_s=0.2) as remote:
        process = process_of(remote)
        process.suspend()
        assert remote.feed(heard[0]) == []
        assert not process.is_running() and process_of(remote).pid != process.pid


def test_what_is_missing_is_said_as_in_this_process(tmp_path: Path) -> None:
    with pytest.raises(AssetError) as here:
        choose_recognizer("whisper", str(tmp_path))
    remote = RemoteRecognizer("whisper", str(tmp_path))
    with pytest.raises(AssetError) as there:
        remote.ready()
    assert str(there.value) == str(here.value)
    remote.close()


def test_a_process_that_cannot_begin_is_told(remote: RemoteRecognizer) -> None:
    assert remote._child is not None
    remote._child.process.kill()
    with pytest.raises(StageError, match="could not start"):
        remote.ready()


def test_closed_it_ends_its_process_and_says_nothing(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    process = process_of(remote)
    remote.close()
    remote.close()
    assert not process.is_running()
    with pytest.raises(RuntimeError, match="closed"):
        remote.feed(heard[0])


def test_its_name_is_known_while_another_process_loads(
    remote: RemoteRecognizer, heard: list[Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, seen, load = (remote.name, remote.reason), [], remote._load
    process_of(remote).kill()

    def loading() -> object:
        seen.append((remote.name, remote.reason))  # as another thread may ask at any time
        return load()

    monkeypatch.setattr(remote, "_load", loading)
    assert remote.feed(heard[0]) == [] and seen == [known]


def test_closed_while_another_process_begins_it_leaves_none(
    remote: RemoteRecognizer, heard: list[Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    process_of(remote).kill()
    begin_again = remote._begin_again

    def closed_first() -> None:
        remote.close()  # as another thread may at this point
        begin_again()

    monkeypatch.setattr(remote, "_begin_again", closed_first)
    with pytest.raises(RuntimeError, match="closed"):
        remote.feed(heard[0])


def test_a_new_session_waits_for_the_answer_of_one_that_was_given_up(
    remote: RemoteRecognizer, heard: list[Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.ready()
    child, said, asked, answered = remote._child, list[str](), threading.Event(), threading.Event()

    def say(method: str, *_: object) -> None:
        said.append(method)
        asked.set()

    def hear(timeout_s: float) -> list[object]:
        assert answered.wait(timeout_s)
        return []

    monkeypatch.setattr(child, "say", say)
    monkeypatch.setattr(child, "hear", hear)
    given_up = threading.Thread(target=remote.feed, args=(heard[0],))
    given_up.start()
    assert asked.wait(10)
    following = threading.Thread(target=remote.reset)
    following.start()
    following.join(0.1)
    assert following.is_alive() and said == ["feed"]
    answered.set()
    given_up.join()
    following.join()
    assert said == ["feed", "reset"]


@pytest.mark.skipif(os.name == "nt", reason="Windows ends no process by a signal")
def test_it_ends_when_this_program_is_killed() -> None:
    program = "from engine.asr.remote import RemoteRecognizer as R; r=R('whisper'); r.ready(); "
    program += "print(r._child.process.pid, flush=True); input()"
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None and parent.stdin is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(20)
    parent.stdin.close()
    parent.stdout.close()
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_script_of_the_user_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('once')\nfrom engine.asr.remote import RemoteRecognizer\n"
        "with RemoteRecognizer('whisper') as one:\n    print(one.name)\n"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.stdout.split("\n") == ["once", "whisper tiny.en", ""], done.stderr


def test_words_lost_in_an_utterance_are_told(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    stage = TranscriptionStage(remote, lost := Lost())
    reports = []
    for one in heard:
        if any(event.kind == "start" for event in one.events):
            process_of(remote).kill()
        reports += stage.process(Report(stage="hearing", until_s=one.until_s, heard=(one,)))
    reports += stage.finish()
    updates = [update for report in reports for update in report.updates]
    assert updates[0].missing and updates[0].final and updates[0].words == ()
    assert lost.told[0] == (pytest.approx(updates[0].pts_s), pytest.approx(0.5, abs=0.3))
    assert len(lost.told) == sum(update.missing for update in updates)


class Lost:
    def __init__(self) -> None:
        self.told: list[tuple[float, float]] = []

    def __call__(self, pts_s: float, seconds: float) -> None:
        self.told.append((pts_s, seconds))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of another process")
def test_a_process_without_memory_is_replaced(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    process = process_of(remote)
    process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms, psutil.RLIM_INFINITY))
    updates = [update for one in heard for update in remote.feed(one)] + remote.flush()
    assert remote.deaths == 1 and process_of(remote).pid != process.pid
    assert any(update.missing for update in updates) and updates[-1].words and not updates[-1].missing


_IN_NATIVE_CODE = """
import ctypes, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import os, sys; sys.path[:] = " + repr(sys.path) + '''
import ctypes
from engine.runtime.processes import end_with
end_with(os.getppid())
print(os.getpid(), flush=True)
ctypes.{library}(None).pause()'''])
child.wait()
"""


@pytest.mark.skipif(os.name == "nt", reason="blocks in a call of the C library of Unix")
@pytest.mark.parametrize("library", ["CDLL", "PyDLL"])
def test_it_ends_with_this_program_also_in_the_middle_of_native_code(library: str) -> None:
    if library == "PyDLL" and sys.platform != "linux":
        pytest.skip("only on Linux a process ends while native code holds the lock of Python")
    program = _IN_NATIVE_CODE.format(library=library)
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path}
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(20)
    parent.stdout.close()
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_process_that_talks_nonsense_is_replaced(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    remote.ready()
    child = remote._child
    assert child is not None
    child.say("nonsense")  # type: ignore[arg-type]
    with pytest.raises(Died, match="nothing is called"):
        child.hear(20)
    assert [remote.feed(one) for one in heard] and remote.deaths == 0


def test_a_recogniser_that_nobody_closes_ends_with_its_last_reference() -> None:
    recognizer = RemoteRecognizer("whisper")
    process = process_of(recognizer)
    del recognizer
    gc.collect()
    wait_until(lambda: not process.is_running(), "the end of the process")
    wait_until(lambda: "attune-recogniser" not in {one.name for one in threading.enumerate()}, "the end of the thread")


def test_given_up_in_one_session_it_recognises_in_the_next(remote: RemoteRecognizer, heard: list[Heard]) -> None:
    for _ in range(2):
        process_of(remote).kill()
        assert remote.feed(heard[0]) == []
    process_of(remote).kill()
    with pytest.raises(StageError, match="failed 3 times within a minute"):
        remote.feed(heard[0])
    assert remote.process_id is None and remote.name
    stage = TranscriptionStage(remote)
    assert any(stage.process(Report(stage="hearing", until_s=one.until_s, heard=(one,)))[0].updates for one in heard)
    assert remote.deaths == 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot halt a process")
def test_a_new_session_does_not_wait_for_a_process_that_hangs(
    remote: RemoteRecognizer, heard: list[Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.asr.remote._FREE_S", 0.1)
    process = process_of(remote)
    process.suspend()
    given_up = threading.Thread(target=remote.feed, args=(heard[0],))
    given_up.start()
    wait_until(remote._asking.locked, "the question")
    remote.reset()  # would wait for a minute
    given_up.join(10)
    assert not process.is_running() and not given_up.is_alive() and remote.deaths == 1
