"""A receiver of hooks, spoken to over HTTP: one connection that is kept, one deadline a message.

No redirect is followed, no proxy asked and no cookie kept: what happened goes to the address
that the office named, and nowhere else.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Timer
from urllib.parse import urlsplit

from cecert.ports.hooks import HookAnswer

__all__ = ["HttpReceiver"]

SECONDS = 15.0
"""For one message and its answer; Standard Webhooks has receivers answer within 15 to 30."""

_MOST_READ = 65_536
"""Bytes of an answer's body that are read, so that the connection can be used again."""

_REDIRECTS = range(300, 400)


class HttpReceiver:
    """Posts to one address; one thread at a time."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        """Take an address, https or of this machine, and the seconds for one message."""
        self._parts = urlsplit(url)
        self._seconds = seconds
        self._connection: HTTPConnection | None = None
        self._late = False

    def post(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        """Hand over one message; an answer without a status says why there is none."""
        kept = self._connection is not None
        try:
            return self._asked(headers, body)
        except (OSError, HTTPException) as error:
            self.close()
            # The receiver may have ended a connection that was kept, before this message.
            if not kept or self._late or not isinstance(error, ConnectionError):
                return self._silence(error)
        return self.post(headers, body)

    def _asked(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        connection = self._connection = self._connection or self._opened()
        self._late = False
        # A time-out of the socket alone begins anew with each byte that drips.
        watch = Timer(self._seconds, self._cut_off, [connection])
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", self._path, body, dict(headers))
            response = connection.getresponse()
            response.read(_MOST_READ)
        finally:
            watch.cancel()
        if self._late:  # what was cut off may look like an answer that ended
            raise TimeoutError
        if not response.isclosed():
            self.close()
        if response.status in _REDIRECTS:
            where = response.headers.get("Location", "nowhere")
            words = f"it answered {response.status} and sends on to {where}: that is not followed"
            return HookAnswer(response.status, words)
        asked = response.headers.get("Retry-After", "")
        wait = float(asked) if asked.isascii() and asked.isdecimal() else 0.0
        return HookAnswer(response.status, retry_after=wait)

    @property
    def _path(self) -> str:
        return self._parts.path or "/"

    def _opened(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return HTTPConnection(host, port, timeout=self._seconds)
        context = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=self._seconds, context=context)

    def _cut_off(self, connection: HTTPConnection) -> None:
        self._late = True
        with suppress(OSError, AttributeError):  # it may just have ended by itself
            connection.sock.shutdown(SHUT_RDWR)

    def _silence(self, error: Exception) -> HookAnswer:
        if self._late or isinstance(error, TimeoutError):
            return HookAnswer(0, f"it did not answer within {self._seconds:g} seconds")
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return HookAnswer(0, f"it cannot be reached: {reason}")

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
