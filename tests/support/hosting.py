"""A web host that serves a folder and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from running import running

from cecert.adapters.clock import SystemClock


class WebHost(ThreadingHTTPServer):
    """Serves *folder*; a path in `slow` waits until `go` is set; `rules` asks for headers."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        self.log: list[str] = []
        self.slow: set[str] = set()
        self.go = threading.Event()
        self.rules = ""
        self.follows_clock = True

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: browsers that go away in the middle are no fault."""


class _Handler(SimpleHTTPRequestHandler):
    server: WebHost

    def do_GET(self) -> None:
        # Two versions written in one second would look the same to a conditional request.
        del self.headers["If-Modified-Since"]
        if self.path in self.server.slow:
            self.server.go.wait(20)
        super().do_GET()

    def end_headers(self) -> None:
        matching = False
        for line in self.server.rules.splitlines():
            if line.startswith("/"):
                matching = fnmatch(self.path, line)
            elif matching and line:
                self.send_header(*line.strip().split(": ", 1))
        super().end_headers()

    def date_time_string(self, timestamp: float | None = None) -> str:
        # Where a test sets the clock, the host has the same one, unless it is told otherwise.
        own = SystemClock().now().timestamp() if self.server.follows_clock else None
        return super().date_time_string(own if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        referrer = self.headers.get("Referer") if hasattr(self, "headers") else None
        self.server.log.append(f"{format % args} {referrer}")


@contextmanager
def web_host(folder: Path) -> Iterator[WebHost]:
    """Serve *folder* on a port of its own until the block ends."""
    with running(WebHost(folder)) as server:
        try:
            yield server
        finally:
            server.go.set()
