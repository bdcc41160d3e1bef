"""Messages over a WebSocket that only programs of this machine can reach, and only with a token."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.errors import OutputError
from engine.output.client import Client, Limits, connection_class
from engine.output.door import ADDRESS, Door
from engine.output.lane import Lane
from engine.output.message import Message

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request, Response

_log = logging.getLogger(__name__)

PORT = 8765
_BACKLOG = 64
_STARTED_S = _GIVEN_S = 5.0
_SYSTEM_BYTES = 1 << 16
"""What the system may hold for a reader; else it is 4 MB, a quarter of an hour in which nobody notices its absence."""

_GOING_AWAY, _TRY_AGAIN = 1001, 1013


class WebSocketOutput:
    """Serves readers in one thread with an event loop.

    Parameters
    ----------
    token : what readers have to know.
    port : to listen on, 127.0.0.1 alone; 0 takes a free one.
    origins : pages in a browser that may read.
    limits : what readers may take up.
    show_token : whether `where` tells the token; not where it is a secret of the user, who knows it.

    Raises
    ------
    OutputError : the port is taken or not allowed.
    """

    def __init__(
        self,
        token: str,
        *,
        port: int = PORT,
        origins: Collection[str] = (),
        limits: Limits | None = None,
        show_token: bool = True,
    ) -> None:
        self._limits = Limits() if limits is None else limits
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._shown = f"?token={token}" if show_token else ""
        self._door = Door(self.port, token, origins)
        self._clients: set[Client] = set()
        self._hello: Message | None = None
        self._problem: str | None = None
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_note)
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-websocket", daemon=True)
        self._thread.start()
        self._started.wait(_STARTED_S)
        # Waking the loop is a call of the system, which a session should not wait for: a thread between does it.
        self._lane = Lane("websocket-lane", self._hand_over, _sentence, room=self._limits.waiting)

    @property
    def where(self) -> str:
        """The address, with the token where that is shown."""
        knowing = "" if self._shown else " with the token that you gave"
        return f"Other programs can read at {self.address}{self._shown}{knowing}"

    @property
    def address(self) -> str:
        """The address without the token."""
        return f"ws://{ADDRESS}:{self.port}/"

    @property
    def problem(self) -> str | None:
        """Why it has ended early."""
        return self._problem or self._lane.problem

    @property
    def readers(self) -> int:
        """How many programs read now."""
        return len(self._clients)

    def offer(self, message: Message) -> None:
        """Let a message be sent to every reader."""
        self._lane.offer(message)

    def close(self, timeout_s: float) -> None:
        """Say goodbye to every reader and free the port, within about ``timeout_s``; again is harmless."""
        self._lane.close(timeout_s)
        with suppress(RuntimeError):  # the loop has ended before
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout_s + self._limits.close_s)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:  # whatever happens here, the session goes on
            _log.error("the WebSocket failed", exc_info=error)
            self._problem = _sentence(error)
        finally:
            self._socket.close()
            self._loop.close()
            self._started.set()

    async def _serve(self) -> None:
        from websockets.asyncio.server import serve

        silent = logging.Logger("attune-websocket", logging.CRITICAL + 1)  # what strangers send is no news of ours
        limits = self._limits
        connections: dict[ServerConnection, None] = {}
        server = await serve(
            self._read_to,
            sock=self._socket,
            compression=None,  # nothing can be blown up
            process_request=self._answer,
            server_header=None,
            open_timeout=limits.handshake_s,
            ping_interval=limits.ping_s,
            ping_timeout=limits.ping_s,
            close_timeout=limits.close_s,
            max_size=limits.message_bytes,
            max_queue=4,
            write_limit=limits.buffer_bytes,
            logger=silent,
            create_connection=connection_class(connections, limits),
            backlog=_BACKLOG,
        )
        self._started.set()
        await self._stop.wait()
        await self._end(server, connections)

    async def _end(self, server: Server, connections: dict[ServerConnection, None]) -> None:
        """Send what waits, and a goodbye; cut off who does not take it."""
        for client in self._clients:
            client.finish(_GOING_AWAY, "attune has ended")
        server.close(close_connections=False)
        readers = {client.connection for client in self._clients}
        for one in tuple(connections):
            if one not in readers:
                one.transport.abort()
        try:
            await asyncio.wait_for(server.wait_closed(), self._limits.close_s)
        except TimeoutError:
            for one in tuple(connections):
                one.transport.abort()
            await asyncio.wait_for(server.wait_closed(), self._limits.close_s)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        refused = self._door.refusal(request)
        if refused is None and len(self._clients) >= self._limits.clients:
            return connection.respond(503, "As many programs read as may at once.\n")
        return None if refused is None else connection.respond(*refused)

    async def _read_to(self, connection: ServerConnection) -> None:
        """Serve one reader to its end."""
        client = Client(connection, self._limits)
        if len(self._clients) >= self._limits.clients:  # several shook hands at once
            await client.close(_TRY_AGAIN, "as many programs read as may at once")
            return
        self._clients.add(client)
        try:
            if self._hello is not None:
                client.put(self._hello)
            goodbye = await client.run()
        finally:
            self._clients.discard(client)
        await client.close(*goodbye)

    def _hand_over(self, message: Message, missed: int) -> None:
        """Give a message to the readers, in the thread of the lane."""
        told = (message,) if not missed else (message.after_loss(missed), message)
        asyncio.run_coroutine_threadsafe(self._give(told), self._loop).result(_GIVEN_S)

    async def _give(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            if message.type in ("hello", "end"):
                self._hello = message if message.type == "hello" else None
            for client in self._clients:
                client.put(message)


def _sentence(error: Exception) -> str:
    return f"Other programs cannot read over the WebSocket any more: {type(error).__name__}: {error}"


def _listening(port: int) -> socket.socket:
    """A socket that listens on this machine's own address alone."""
    if not 0 <= port < 1 << 16:
        raise OutputError(f"{port} is no port: choose one from 1024 to 65535, or 0 for a free one")
    try:
        listening = socket.create_server((ADDRESS, port), family=socket.AF_INET, backlog=_BACKLOG)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SYSTEM_BYTES)
        return listening
    except OSError as error:
        reason = (
            "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        )
        raise OutputError(f"the port {port} {reason}: choose another with --port, or 0 for a free one") from error


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What asyncio would print, for instance when no more connections can be opened."""
    _log.debug("in the WebSocket: %s", context.get("message"), exc_info=context.get("exception"))
