"""One reader of the WebSocket, and what it may take up."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.output.message import Message

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

_POLICY, _TRY_AGAIN = 1008, 1013


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What readers may take up.

    Attributes
    ----------
    clients : how many may read at once.
    half_open : connections that have not shown a token yet; with more, the oldest of them is cut off.
    waiting : messages that may wait for a reader; one for whom more do is dropped.
    handshake_s : time for showing the token.
    ping_s : a reader is asked so often whether it is there, and has as long to answer.
    close_s : time for taking the goodbye.
    message_bytes : the longest message that is taken from a reader, of which none is needed.
    buffer_bytes : what is handed to the system before waiting for the reader.
    """

    clients: int = 16
    half_open: int = 16
    waiting: int = 512
    handshake_s: float = 5.0
    ping_s: float = 20.0
    close_s: float = 2.0
    message_bytes: int = 4096
    buffer_bytes: int = 1 << 15


class Client:
    """Sends messages to one reader as fast as it takes them, until either goes.

    Parameters
    ----------
    connection : its handshake is done.
    limits : of what may wait.
    """

    def __init__(self, connection: ServerConnection, limits: Limits) -> None:
        self.connection = connection
        self._limits = limits
        self._waiting: deque[Message] = deque()
        self._more = asyncio.Event()
        self._cut = asyncio.Event()
        self._goodbye = (1000, "")
        self._last = False

    def put(self, message: Message) -> None:
        """Let a message wait. The reader is dropped when too many do."""
        if self._cut.is_set() or self._last:
            return
        if len(self._waiting) >= self._limits.waiting:
            self._goodbye = (_TRY_AGAIN, f"too slow: {len(self._waiting)} messages wait, connect again to go on")
            self._waiting.clear()
            self._cut.set()
            return
        self._waiting.append(message)
        self._more.set()

    def finish(self, code: int, reason: str) -> None:
        """Close when what waits has been sent."""
        if not self._cut.is_set():
            self._goodbye = (code, reason)
        self._last = True
        self._more.set()

    async def run(self) -> tuple[int, str]:
        """Serve until the reader goes, is dropped, or `finish` was called and all is sent; return how to say why."""
        tasks = [asyncio.ensure_future(one) for one in (self._send(), self._listen(), self._cut.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in tasks:
                one.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self._goodbye

    async def close(self, code: int, reason: str) -> None:
        """Say why, and cut off a reader that does not take it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.connection.close(code, reason), self._limits.close_s)
        self.connection.transport.abort()

    async def _send(self) -> None:
        while True:
            while self._waiting:
                await self.connection.send(self._waiting.popleft().line)
            if self._last:
                return
            self._more.clear()
            await self._more.wait()

    async def _listen(self) -> None:
        """Wait for the reader to go, or to say anything, which none has to."""
        async for _ in self.connection.recv_streaming():
            self._goodbye = (_POLICY, "nothing is to be sent here")
            return


def connection_class(connections: dict[ServerConnection, None], limits: Limits) -> type[ServerConnection]:
    """The class of connections that keeps them in ``connections``, oldest first, and bounds what strangers take up.

    Made here since websockets is imported only when it is used.
    """
    from websockets.asyncio.server import ServerConnection
    from websockets.protocol import State

    class Bounded(ServerConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            connections[self] = None
            strangers = [
                one for one in connections if one.protocol.state is State.CONNECTING and not one.transport.is_closing()
            ]
            if len(strangers) > limits.half_open:
                strangers[0].transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self, None)
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.transport.get_write_buffer_size() > 4 * limits.buffer_bytes:  # it asks, and takes no answer
                self.transport.abort()

    return Bounded
