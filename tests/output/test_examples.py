"""The example clients, as they stand, each with a real writer. That of LSL is in test_lsl.py."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.output.feed import LiveFeed
from engine.output.jsonl import JsonLines
from engine.output.outputs import Outputs
from engine.output.schema import words
from engine.output.websocket import WebSocketOutput
from engine.types import Word
from tests.output.messages import ABOUT, predict
from tests.sources.device_fakes import wait_until

EXAMPLES = Path(__file__).parents[2] / "examples"
EXPECTED = ["   0.50 s  happy 70% (likely)", "   1.00 s  sad 60% (likely)", "            hello"]


def talk(outputs: Outputs) -> None:
    feed = LiveFeed(outputs, ABOUT, lambda: 0.0)
    feed.predicted(0.5, predict(0.5, "happy", 0.7))
    feed.predicted(0.75, None)
    feed.predicted(1.0, predict(1.0, "sad", 0.6))
    said = [Word(text="hello", start_s=0.0, end_s=1.0, confidence=1.0, final=True)]
    feed.say(lambda: words(0, said, final=True), 1.0)
    feed.end()


def lengths() -> dict[str, int]:
    return {one.name: len(one.read_text("utf-8").splitlines()) for one in EXAMPLES.iterdir() if one.is_file()}


def test_there_is_one_for_each_output_and_each_is_short() -> None:
    assert {"read_jsonl.py", "read_websocket.py", "read_websocket.html", "read_lsl.py"} <= set(lengths())
    assert max(lengths().values()) <= 20


def test_lines_of_json(tmp_path: Path) -> None:
    with Outputs([JsonLines(tmp_path / "talk.jsonl")]) as outputs:
        talk(outputs)
    with (tmp_path / "talk.jsonl").open("rb") as file:
        ran = subprocess.run(
            [sys.executable, EXAMPLES / "read_jsonl.py"], stdin=file, capture_output=True, text=True, check=True
        )
    assert ran.stdout.splitlines() == EXPECTED
    assert not ran.stderr


def test_the_websocket() -> None:
    output = WebSocketOutput("a-token-of-the-tests", port=0)
    address = f"{output.address}?token=a-token-of-the-tests"
    with (
        Outputs([output]) as outputs,
        subprocess.Popen(
            [sys.executable, EXAMPLES / "read_websocket.py", address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as client,
    ):
        wait_until(lambda: output.readers == 1)
        talk(outputs)
        outputs.close()
        out, error = client.communicate(timeout=60)
        assert out.splitlines() == EXPECTED
        assert not error
        assert client.returncode == 0


def test_the_page_shows_what_it_is_told(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node to run the script of the page")
    with Outputs([JsonLines(tmp_path / "talk.jsonl")]) as outputs:
        talk(outputs)
    page = (EXAMPLES / "read_websocket.html").read_text("utf-8")
    script = re.search(r"<script>(.*)</script>", page, re.S)
    assert script is not None
    # A browser's part, so that no browser is needed: a document, an address, and a socket that says the lines.
    before = """
const shown = {}, document = { getElementById: (id) => (shown[id] ??= {}) }, location = { hash: "#secret" };
class WebSocket { constructor(address) { this.address = address; } }
"""
    lines = (tmp_path / "talk.jsonl").read_text("utf-8").splitlines()
    after = f"""
for (const data of {json.dumps(lines)}) socket.onmessage({{ data }});
console.log(socket.address, shown.top.textContent, "|", shown.words.textContent);
socket.onclose({{ reason: "too slow" }});
console.log(shown.top.textContent);
"""
    ran = subprocess.run([node, "-e", before + script[1] + after], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        "ws://127.0.0.1:8765/?token=secret sad 60 % (likely) | hello",
        "closed too slow",
    ]
