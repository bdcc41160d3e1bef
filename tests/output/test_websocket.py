from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from engine.errors import OutputError
from engine.output import schema
from engine.output.client import Limits
from engine.output.door import checked_token, new_token
from engine.output.outputs import Outputs
from engine.output.websocket import WebSocketOutput
from tests.output.messages import publish, valid
from tests.sources.device_fakes import wait_until

TOKEN = "a-token-of-the-tests"


class Served:
    """A WebSocket with readers of tests."""

    def __init__(self, limits: Limits | None = None, **options: object) -> None:
        self.output = WebSocketOutput(TOKEN, port=0, limits=limits, **options)  # type: ignore[arg-type]
        self.outputs = Outputs([self.output])

    def connect(self, query: str = f"?token={TOKEN}", **options: object) -> ClientConnection:
        return connect(self.output.address + query, compression=None, open_timeout=20, **options)  # type: ignore[arg-type]

    def reading(self, count: int) -> None:
        wait_until(lambda: self.output.readers == count)

    def raw(self, request: bytes = b"", room: int | None = None) -> socket.socket:
        one = socket.socket()
        if room is not None:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        one.settimeout(20)
        one.connect(("127.0.0.1", self.output.port))
        one.sendall(request)
        return one

    def upgrade(self, *, path: str = f"/?token={TOKEN}", host: str | None = None, more: str = "") -> bytes:
        host = f"127.0.0.1:{self.output.port}" if host is None else host
        return (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
        ).encode()

    def status(self, request: bytes) -> int:
        with self.raw(request) as one, one.makefile("rb") as answer:
            return int(answer.readline().split()[1])


@pytest.fixture
def served() -> Iterator[Served]:
    one = Served(Limits(handshake_s=10.0, ping_s=20.0, close_s=2.0))
    yield one
    one.outputs.close()


def test_every_reader_gets_every_message_after_the_hello(served: Served) -> None:
    hello = schema.hello(
        source="a",
        live=True,
        duration_s=None,
        labels=("happy", "sad"),
        fusions=("self",),
        step_s=0.5,
        unsure_below=0.4,
        zero_unix_s=1.0,
    )
    served.outputs.publish(hello, 0.0, 0.0)
    with served.connect() as early, served.connect() as late:
        served.reading(2)
        publish(served.outputs, count=5)
        for one in (early, late):
            got = [valid(str(one.recv(20))) for _ in range(6)]
            assert got[0]["type"] == "hello"
            assert [each["part"] for each in got[1:]] == ["0", "1", "2", "3", "4"]
    served.reading(0)


def test_the_end_is_sent_with_a_goodbye() -> None:
    served = Served()
    with served.connect() as one:
        served.reading(1)
        publish(served.outputs, count=3)
        served.outputs.close()
        assert len([one.recv(20) for _ in range(3)]) == 3
        with pytest.raises(ConnectionClosed) as ended:
            one.recv(20)
        assert ended.value.rcvd is not None and ended.value.rcvd.code == 1001
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", served.output.port), timeout=20)


def test_it_listens_on_this_machine_alone(served: Served) -> None:
    assert served.output._socket.getsockname()[0] == "127.0.0.1"
    assert served.output._socket.family is socket.AF_INET


def test_the_token_comes_in_the_header_or_in_the_address(served: Served) -> None:
    with served.connect(), served.connect("", additional_headers={"Authorization": f"Bearer {TOKEN}"}):
        served.reading(2)


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {}),
        ("?token=", {}),
        ("?token=wrong", {}),
        (f"?token={TOKEN}x", {}),
        (f"?token={TOKEN[:-1]}", {}),
        (f"?token={TOKEN}&token=x", {}),
        ("?token=%ff%fe", {}),
        ("?" + "&".join(f"a{k}=b" for k in range(50)) + f"&token={TOKEN}", {}),
        ("", {"Authorization": "Bearer wrong"}),
        ("", {"Authorization": f"Basic {TOKEN}"}),
        ("", {"Authorization": TOKEN}),
        (f"?token={TOKEN}", {"Authorization": "Bearer wrong"}),
    ],
)
def test_without_the_token_nobody_reads(served: Served, query: str, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, served.connect(query, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 401
    assert served.output.readers == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost", "http://127.0.0.1:1"])
def test_pages_that_were_not_allowed_are_refused(served: Served, origin: str) -> None:
    assert served.status(served.upgrade(more=f"Origin: {origin}\r\n")) == 403


def test_pages_that_were_allowed_read() -> None:
    served = Served(origins=["http://localhost:8000/", "null"])
    for origin, status in {"http://localhost:8000": 101, "null": 101, "http://localhost:8001": 403}.items():
        assert served.status(served.upgrade(more=f"Origin: {origin}\r\n")) == status
    twice = "Origin: http://localhost:8000\r\nOrigin: http://evil.example\r\n"
    assert served.status(served.upgrade(more=twice)) == 403
    served.outputs.close()


def test_names_that_were_made_to_point_here_are_refused(served: Served) -> None:
    port = served.output.port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", "localhost", f"127.0.0.1:{port + 1}", ""):
        assert served.status(served.upgrade(host=host)) == 403, host
    assert served.status(served.upgrade(host=f"LocalHost:{port}")) == 101
    assert served.status(served.upgrade(more="Host: evil.example\r\n")) == 403


def test_what_is_no_request_gets_no_answer_but_a_refusal(served: Served) -> None:
    assert served.status(b"GET / HTTP/1.1\r\n\r\n") == 403
    assert served.status(served.upgrade().replace(b"Upgrade: websocket\r\n", b"")) == 426
    assert served.status(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 1000 + b"\r\n") in (400, 431)
    assert served.status(b"POST / HTTP/1.1\r\n\r\n") in (400, 403, 405)


def test_who_sends_anything_is_closed(served: Served) -> None:
    for message in ("hello", b"\x00" * 100):
        with served.connect() as one:
            one.send(message)
            with pytest.raises(ConnectionClosed) as ended:
                one.recv(20)
            assert ended.value.rcvd is not None and ended.value.rcvd.code == 1008
            assert "nothing is to be sent" in ended.value.rcvd.reason
    served.reading(0)


def test_pings_are_answered(served: Served) -> None:
    with served.connect() as one:
        assert one.ping().wait(20)


@pytest.mark.parametrize("length", [b"\x7e\xff\xff", b"\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"])
def test_a_huge_frame_is_refused_before_it_comes(served: Served, length: bytes) -> None:
    with served.raw(served.upgrade()) as one, one.makefile("rb") as answer:
        while answer.readline().strip():
            pass
        one.sendall(b"\x81" + bytes([length[0] | 0x80]) + length[1:] + b"\0\0\0\0")
        head = answer.read(4)
        assert head[0] == 0x88 and int.from_bytes(head[2:4], "big") == 1009
    served.reading(0)


def test_many_small_pieces_of_one_message_are_not_collected(served: Served) -> None:
    with served.raw(served.upgrade()) as one, one.makefile("rb") as answer:
        while answer.readline().strip():
            pass
        with pytest.raises(OSError):
            one.sendall(b"\x01\x80\0\0\0\0")
            for _ in range(100_000):
                one.sendall(b"\x00\x80\0\0\0\0" * 100)
    served.reading(0)


def test_pings_whose_answers_nobody_takes_end_in_a_cut() -> None:
    served = Served(Limits(buffer_bytes=4096))
    with served.raw(served.upgrade(), room=4096) as one:
        ping = b"\x89\xfd\0\0\0\0" + b"x" * 125
        with pytest.raises(OSError):
            for _ in range(1_000_000):
                one.sendall(ping * 100)
    served.reading(0)
    served.outputs.close()


def test_a_handshake_that_dawdles_is_cut_off() -> None:
    served = Served(Limits(handshake_s=0.2))
    with served.raw(b"GET / HTTP/1.1\r\nHost: 127") as one:
        assert one.recv(1000) == b""
    served.outputs.close()


def test_strangers_cannot_keep_readers_out() -> None:
    served = Served(Limits(half_open=4, handshake_s=60.0))
    slow = [served.raw(b"GET /") for _ in range(50)]
    with served.connect() as one:  # the oldest of the strangers were cut off
        served.reading(1)
        publish(served.outputs, count=1)
        assert valid(str(one.recv(20)))["part"] == "0"
    served.outputs.close()
    for each in slow:
        each.close()


def test_of_200_readers_as_many_read_as_may() -> None:
    served = Served(Limits(clients=16, close_s=20.0, handshake_s=60.0))

    def read() -> int:
        count = 0
        try:
            with served.connect() as one:
                for message in one:
                    json.loads(message)
                    count += 1
        except (InvalidHandshake, ConnectionClosed, OSError, EOFError):
            return -1
        return count

    with ThreadPoolExecutor(200) as pool:
        tried = [pool.submit(read) for _ in range(200)]
        wait_until(lambda: served.output.readers + sum(one.done() for one in tried) == 200)
        reading = served.output.readers
        publish(served.outputs, count=10)
        served.outputs.close()
        counts = [one.result() for one in tried]
    assert 1 <= reading <= 16
    assert sorted(counts) == [-1] * (200 - reading) + [10] * reading


def test_a_reader_that_never_reads_is_dropped_and_told_and_nobody_else_suffers() -> None:
    served = Served(Limits(waiting=100, close_s=20.0))
    size = 10_000
    got: list[str] = []

    def read(one: ClientConnection) -> None:
        got.extend(json.loads(message)["part"] for message in one)

    with served.raw(served.upgrade(), room=8192) as lazy, served.connect() as busy:
        served.reading(2)
        reader = threading.Thread(target=read, args=(busy,))
        reader.start()
        count = 0
        while served.output.readers == 2:  # until the buffers of the system are full and so is the queue
            publish(served.outputs, count=20, start=count, size=size)
            count += 20
            wait_until(lambda count=count: len(got) >= count - 20)  # as slowly as the busy one reads
            assert count < 5000
        data = b""
        while b"\x03\xf5too slow: 100 messages wait" not in data[-200:]:
            piece = lazy.recv(1 << 20)  # now it reads what had been sent, and why there is no more
            assert piece
            data += piece
        assert len(data) < (count - 100) * size + 10_000
        publish(served.outputs, count=10, start=count)
        served.outputs.close()
        reader.join()
    assert got == [str(k) for k in range(count + 10)]


def test_closing_does_not_wait_for_readers_that_do_not_read() -> None:
    served = Served(Limits(close_s=0.2))
    with served.raw(served.upgrade(), room=4096), served.raw(b"GET"):
        served.reading(1)
        publish(served.outputs, count=400, size=10000)
        served.outputs.close()


def test_a_port_in_use_is_told_at_the_start(served: Served) -> None:
    with pytest.raises(OutputError, match="in use"):
        WebSocketOutput(TOKEN, port=served.output.port)
    with pytest.raises(OutputError, match="no port"):
        WebSocketOutput(TOKEN, port=70000)


def test_tokens() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert checked_token(new_token())
    for token in ("", "short", "a" * 15, "with a space in the middle", "x" * 300, "ä" * 20):
        with pytest.raises(OutputError, match="token"):
            checked_token(token)


def test_nothing_of_a_stranger_is_printed(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    for request in (b"\x16\x03\x01garbage\r\n\r\n", b"GET / HTTP/9\r\n\r\n", served.upgrade(host="evil")):
        with served.raw(request) as one:
            one.shutdown(socket.SHUT_WR)
            while one.recv(1000):
                pass
    assert capfd.readouterr() == ("", "")
