"""What a stranger may send to the WebSocket: requests and messages, byte by byte."""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from fuzz.mutations import NUMBERS_64, TEXTS, mutate_bytes
from fuzz.target import Target, importing

TOKEN = "a-token-for-the-fuzzer"
_PORT = b"PORT"
"""Stands for the number of the port in a sample."""

_WAIT_S = 0.25


def _mutate(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change a line of the request, the frames behind it, or the bytes."""
    kind = rng.random()
    head, gap, frames = data.partition(b"\r\n\r\n")
    if kind < 0.3 or not gap:
        return mutate_bytes(rng, data, others)
    if kind < 0.6:
        return head + gap + mutate_bytes(rng, frames or b"\x81\x85\0\0\0\0hello", ())
    if kind < 0.7:
        length = rng.choice(NUMBERS_64)
        return head + gap + bytes([0x80 | rng.randrange(16), 0xFF]) + length.to_bytes(8, "big") + b"\0\0\0\0" + frames
    lines = head.split(b"\r\n")
    at = rng.randrange(len(lines))
    text = rng.choice(TEXTS).encode("utf-8", "surrogatepass")
    name, colon, _ = lines[at].partition(b":")
    changes = (lines[at] + text, name + colon + text, lines[at] * rng.choice((2, 500)), text, b"X: " + text * 20)
    lines[at] = rng.choice(changes)
    if rng.random() < 0.2:
        lines *= rng.choice((2, 200))
    return b"\r\n".join(lines) + gap + frames


def _run(folder: Path) -> None:
    from websockets.sync.client import connect

    from engine.output.client import Limits
    from engine.output.message import Message
    from engine.output.websocket import WebSocketOutput

    output = WebSocketOutput(TOKEN, port=0, limits=Limits(handshake_s=1.0, close_s=0.2))
    hello = Message({"type": "hello"}, 0.0)
    try:
        output.offer(hello)
        with socket.create_connection(("127.0.0.1", output.port), timeout=_WAIT_S) as stranger:
            with suppress(OSError):
                stranger.sendall((folder / "request.bin").read_bytes().replace(_PORT, str(output.port).encode()))
                stranger.recv(1 << 16)
            with connect(f"ws://127.0.0.1:{output.port}/?token={TOKEN}", open_timeout=5, close_timeout=1) as reader:
                said = reader.recv(timeout=5)
                if said != hello.line:
                    raise AssertionError(f"another reader got {said!r}")
        if output.problem is not None:
            raise AssertionError(output.problem)
    finally:
        output.close(1.0)


TARGET = Target(
    name="sockets",
    run=_run,
    prepare=importing("engine.output.websocket", "websockets.asyncio.server", "websockets.sync.client"),
    mutate={".bin": _mutate},
)
