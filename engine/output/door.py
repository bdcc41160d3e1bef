"""Who may read over the WebSocket: programs of this machine that know the token."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from engine.errors import OutputError

if TYPE_CHECKING:
    from websockets.http11 import Request

ADDRESS = "127.0.0.1"
SHORTEST_TOKEN, LONGEST_TOKEN = 16, 256
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9._~-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?/?", re.IGNORECASE | re.ASCII)


def new_token() -> str:
    """A token that nobody guesses: 192 random bits, without signs that a web address would have to escape."""
    return secrets.token_urlsafe(24)


def checked_token(token: str) -> str:
    """A token that a user has chosen.

    Raises
    ------
    OutputError : it is too short to be secret, or has signs that a web address cannot carry.
    """
    if not (SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN and _PLAIN.issuperset(token)):
        raise OutputError(
            f"a token has {SHORTEST_TOKEN} to {LONGEST_TOKEN} letters, digits or -_.~: choose another, or none, "
            "then one is made"
        )
    return token


def checked_origin(origin: str) -> str:
    """The origin of a page, as browsers name it; "null" is that of a page opened as a file.

    Raises
    ------
    OutputError : no browser names a page so.
    """
    if origin.lower() != "null" and not _ORIGIN.fullmatch(origin):
        raise OutputError(
            f"no page has the origin {origin!r}: give scheme://host or scheme://host:port, such as "
            "http://localhost:8000, without what follows them; or null for a page that is opened as a file"
        )
    return origin


class Door:
    """Decides about requests for the WebSocket.

    Parameters
    ----------
    port : that is listened on.
    token : what a program has to know. It comes in the header "Authorization: Bearer TOKEN", or, since pages in a
        browser cannot send that, as "?token=TOKEN".
    origins : pages that may read, as browsers name them ("http://localhost:8000"; "null" for a page opened as a file).
        Programs that are no browsers name none.
    """

    def __init__(self, port: int, token: str, origins: Collection[str] = ()) -> None:
        self._hosts = {f"{ADDRESS}:{port}", f"localhost:{port}"}
        if port == 80:
            self._hosts |= {ADDRESS, "localhost"}  # browsers leave the usual port out
        self._token = token.encode()
        self._origins = frozenset(one.rstrip("/").lower() for one in origins)

    def refusal(self, request: Request) -> tuple[HTTPStatus, str] | None:
        """Why a request is refused, None where it is not.

        The host is checked since any page of the web can have its own name point to 127.0.0.1.
        """
        hosts = request.headers.get_all("Host")
        if len(hosts) != 1 or hosts[0].strip().lower() not in self._hosts:
            return HTTPStatus.FORBIDDEN, "The host of the address must be 127.0.0.1 or localhost.\n"
        origins = request.headers.get_all("Origin")
        if len(origins) > 1 or any(one.strip().lower() not in self._origins for one in origins):
            return HTTPStatus.FORBIDDEN, "This page may not read: attune was not started with --allow-origin for it.\n"
        if not hmac.compare_digest(self._given(request), self._token):
            return HTTPStatus.UNAUTHORIZED, "The token that attune showed or was given is missing or wrong.\n"
        return None

    def _given(self, request: Request) -> bytes:
        """The token of a request; what says more than one thing is none."""
        headers = request.headers.get_all("Authorization")
        try:
            query = parse_qs(urlsplit(request.path).query, max_num_fields=8).get("token", [])
        except ValueError:
            return b""
        if len(headers) + len(query) != 1:
            return b""
        if query:
            return query[0].encode("utf-8", "replace")
        scheme, _, token = headers[0].partition(" ")
        return token.strip().encode("utf-8", "replace") if scheme.lower() == "bearer" else b""
