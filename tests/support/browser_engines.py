"""Firefox and WebKit, where they are installed: pages whose functions answer, as Chromium's do.

Firefox speaks WebDriver BiDi over a web socket of its own, WebKitGTK the older WebDriver over
HTTP; neither needs a library.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

__all__ = ["ENGINES", "is_installed", "started"]

PATIENCE = 300
"""Seconds for the longest answer: thousands of mutations on a busy machine."""

DISPLAY = 97
"""Number of a display for WebKitGTK, which has no mode without one."""


class WebSocket:
    """A client of one connection (RFC 6455), as much as BiDi needs."""

    def __init__(self, port: int, path: str) -> None:
        """Connect to a port of this machine."""
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self._stream = self._socket.makefile("rb")
        assert b" 101 " in self._stream.readline()
        while self._stream.readline().strip():
            pass

    def send(self, text: str) -> None:
        """Send a text in one frame; what a client sends is masked."""
        data, mask = text.encode(), secrets.token_bytes(4)
        size = len(data)
        code, width = (size, 0) if size < 126 else (126, 2) if size < 65536 else (127, 8)
        head = bytes([0x81, 0x80 | code]) + (size.to_bytes(width, "big") if width else b"")
        masked = bytes(x ^ y for x, y in zip(data, mask * (size // 4 + 1), strict=False))
        self._socket.sendall(head + mask + masked)

    def receive(self) -> str:
        """Return the next text, put together from its frames."""
        text = b""
        while True:
            first, second = self._stream.read(2)
            size = second & 127
            if size > 125:  # RFC 6455, 5.2
                size = int.from_bytes(self._stream.read(2 if size == 126 else 8), "big")
            content = self._stream.read(size)
            if first & 15 in {0, 1}:
                text += content
                if first & 0x80:
                    return text.decode()

    def close(self) -> None:
        """Go away."""
        self._stream.close()
        self._socket.close()


class Firefox:
    """A window of Firefox."""

    def __init__(self, port: int) -> None:
        """Open a session with what listens at *port*."""
        self._socket, self._number = WebSocket(port, "/session"), 0
        self._ask("session.new", {"capabilities": {}})
        tree = self._ask("browsingContext.getTree", {})
        self._context = tree["contexts"][0]["context"]

    def _ask(self, method: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401  # JSON
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.receive())
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def goto(self, url: str) -> None:
        """Open a page."""
        wanted = {"context": self._context, "url": url, "wait": "complete"}
        self._ask("browsingContext.navigate", wanted)

    def evaluate(self, expression: str, arg: Any = None) -> Any:  # noqa: ANN401  # JSON
        """Return what a function of the page answers to *arg*."""
        found = self._ask(
            "script.evaluate",
            {
                "expression": _call(expression, arg),
                "awaitPromise": True,
                "target": {"context": self._context},
            },
        )
        assert found["type"] == "success", found
        return json.loads(found["result"]["value"])

    def close(self) -> None:
        """End the session."""
        self._socket.close()


def _call(expression: str, arg: Any) -> str:  # noqa: ANN401  # JSON
    given = json.dumps(json.dumps(arg))
    return f"(async () => JSON.stringify((await ({expression})(JSON.parse({given}))) ?? null))()"


class WebKit:
    """A window of WebKitGTK."""

    def __init__(self, port: int, browser: str) -> None:
        """Open a session with the driver at *port*, which starts *browser*."""
        self._base = f"http://127.0.0.1:{port}/session"
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"webkitgtk:browserOptions": options, "timeouts": {"script": PATIENCE * 1000}}
        made = self._ask("", {"capabilities": {"alwaysMatch": wanted}})
        self._base += f"/{made['sessionId']}"

    def _ask(self, path: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401  # JSON
        request = urllib.request.Request(
            self._base + path, json.dumps(parameters).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def goto(self, url: str) -> None:
        """Open a page."""
        self._ask("/url", {"url": url})

    def evaluate(self, expression: str, arg: Any = None) -> Any:  # noqa: ANN401  # JSON
        """Return what a function of the page answers to *arg*."""
        script = (
            f"const done = arguments[arguments.length - 1]; {_call(expression, arg)}"
            ".then(done, (error) => done(JSON.stringify({escaped: String(error)})));"
        )
        return json.loads(self._ask("/execute/async", {"script": script, "args": []}))

    def close(self) -> None:
        """End the session."""
        request = urllib.request.Request(self._base, method="DELETE")
        urllib.request.urlopen(request, timeout=30).close()


MINI_BROWSER = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"


def _mini_browser() -> str:
    return next((str(each) for each in Path("/").glob(MINI_BROWSER[1:])), "")


def is_installed(engine: str) -> bool:
    """Say whether *engine* is on this machine, with what it needs to be asked."""
    if engine == "firefox":
        return shutil.which("firefox-esr") is not None
    return bool(_mini_browser()) and all(map(shutil.which, ("WebKitWebDriver", "Xvfb")))


@contextmanager
def _firefox(folder: Path) -> Iterator[Firefox]:
    command = ("firefox-esr", "--headless", "--remote-debugging-port=0", "--profile", str(folder))
    with _running(command, folder, {"MOZ_DISABLE_CONTENT_SANDBOX": "1"}) as log:
        port = _said(log, r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
        window = Firefox(port)
        try:
            yield window
        finally:
            window.close()


@contextmanager
def _webkit(folder: Path) -> Iterator[WebKit]:
    port = _free_port()
    environ = {"DISPLAY": f":{DISPLAY}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    with (
        _running(("Xvfb", f":{DISPLAY}", "-nolisten", "tcp"), folder, {}),
        _running(("WebKitWebDriver", f"--port={port}"), folder, environ),
    ):
        _wait_for(port)
        window = WebKit(port, _mini_browser())
        try:
            yield window
        finally:
            with suppress(OSError):
                window.close()


ENGINES: dict[str, Callable[[Path], AbstractContextManager[Firefox | WebKit]]] = {
    "firefox": _firefox,
    "webkit": _webkit,
}


@contextmanager
def started(engine: str) -> Iterator[Firefox | WebKit]:
    """Start an engine with a profile of its own, and end it."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        ENGINES[engine](Path(folder)) as window,
    ):
        yield window


@contextmanager
def _running(command: tuple[str, ...], folder: Path, environ: dict[str, str]) -> Iterator[Path]:
    log = folder / f"{Path(command[0]).name}.log"
    home = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env={**os.environ, **home, **environ}
        )
    try:
        yield log
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(log: Path, pattern: str) -> int:
    for _ in range(PATIENCE):
        if found := re.search(pattern, log.read_text("utf-8", "replace")):
            return int(found[1])
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace"))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(PATIENCE):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise AssertionError(f"nothing listens at {port}")
