"""A receiver of hooks: a real HTTP server that answers as it is told, and keeps what it took."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any

from running import running

__all__ = ["KEY", "SECRET", "Receiver", "receiver", "unsigned"]

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@dataclass
class Receiver:
    """What the server was asked, and how it answers.

    Attributes:
        answers: For the next requests, one each: a status, `slow`, `hang-up`, or a status
            with headers; afterwards every one is taken.
        asked: Each request: its headers, lower case, and its body.
        taken: Bodies of what was taken, as JSON.
        before: Is called before each answer.
    """

    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    connections: int = 0
    port: int = 0
    ended: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/cecert"

    @property
    def ids(self) -> Sequence[str]:
        """The ids of what was taken."""
        return [each["data"]["id"] for each in self.taken]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Take a message, and answer as it was said before."""
        size = int(handler.headers["Content-Length"])
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(size)
        self.asked.append((headers, body))
        self.before()
        match self.answers.pop(0) if self.answers else 200:
            case "slow":  # a byte now and then, which no time-out of a socket minds
                with suppress(OSError):
                    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-")
                    while not self.ended.wait(0.02):
                        handler.wfile.write(b"x")
                handler.close_connection = True
            case "hang-up":
                handler.close_connection = True
            case int(status):
                self._say(handler, status, {}, body)
            case (int(status), dict(more)):
                self._say(handler, status, more, body)

    def _say(
        self, handler: BaseHTTPRequestHandler, status: int, more: dict[str, str], body: bytes
    ) -> None:
        handler.send_response(status)
        for name, value in more.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")
        if 200 <= status < 300:
            self.taken.append(json.loads(body))


def unsigned(headers: dict[str, str], body: bytes, key: bytes = KEY) -> str:
    """Return what is wrong with a message's signature, as Standard Webhooks 1.0 has it checked."""
    signed = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    )
    mine = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return "" if headers["webhook-signature"] == f"v1,{mine}" else "it is signed otherwise"


@contextmanager
def receiver(*answers: Any) -> Iterator[Receiver]:  # noqa: ANN401  # as of `Receiver.answers`
    """Serve a receiver on loopback."""
    told = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            told.connections += 1
            super().setup()

        def do_POST(self) -> None:
            told.answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        told.port = server.server_port
        try:
            yield told
        finally:
            told.ended.set()
