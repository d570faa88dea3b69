"""Servers of the standard library that run in a thread, with TLS where a test wants it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread
from typing import TypeVar

import trustme

Server = TypeVar("Server", bound=BaseServer)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run a server until the block ends, then close it."""
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def server_tls(authority: trustme.CA, host: str = "localhost") -> ssl.SSLContext:
    """Return the TLS of a server that an authority says is *host*."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(context)
    return context


def free_ports(count: int) -> Sequence[int]:
    """Return ports of 127.0.0.1 that nobody uses just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
