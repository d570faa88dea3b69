"""The example of a service, at a port of this machine as long as a context lasts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from examples.service import Service

from cecert import Office

ROOT = Path(__file__).parents[2]
TOKEN = "a token for tests"


@contextmanager
def serving(office: Office, courses: list[Path]) -> Iterator[str]:
    """Serve an office, and yield the address.

    Args:
        office: The open office; its keys can be opened.
        courses: The courses that the service knows.
    """
    app = Service(office, courses, TOKEN).app()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
