"""Who else delivers on this machine: a file lock that the system drops with its process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cecert.errors import DeliveryError

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows has no flock: the lease alone frees mails
    fcntl = None  # type: ignore[assignment]  # the module, or nothing

__all__ = ["FilePresence"]


class FilePresence:
    """Locks *path*, which holds nothing; any number of senders share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def hold(self, if_alone: Callable[[], None]) -> Iterator[None]:
        """Be present until the context ends; first call *if_alone* if nobody else is.

        It is called while the lock is exclusive, so that whoever comes meanwhile waits.

        Raises:
            DeliveryError: If the file cannot be opened.
        """
        if fcntl is None:  # pragma: no cover  # Windows
            yield
            return
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise DeliveryError(f"{self._path} cannot be opened: {fault.strerror}") from fault
        try:
            _enter(handle, if_alone)
            yield
        finally:
            os.close(handle)


def _enter(handle: int, if_alone: Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        if_alone()
    fcntl.flock(handle, fcntl.LOCK_SH)
