"""A lock that one command on a machine holds, for what two must not do at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from cecert.adapters.storage.posix import can_lock, lock_alone
from cecert.errors import LedgerError, LockedError

__all__ = ["PATIENCE", "FolderLock", "wait_for"]

PATIENCE = 600.0
"""Seconds to wait for another command: publishing a million certificates takes less."""

INTERVAL = 0.1
"""Seconds between two tries."""


class FolderLock:
    """Locks a file that holds nothing; the system frees it when its holder ends, or is killed."""

    def __init__(self, path: Path) -> None:
        """Take the file, which is made when it is first locked."""
        self._path = path

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Return the lock of who reads a file, changes it and writes it anew.

        It lies beside the file, which itself is replaced.
        """
        return cls(path.with_name(f".{path.name}.lock"))

    @contextmanager
    def hold(self, wait: Callable[[], None]) -> Iterator[None]:
        """Hold the lock until the context ends; first call *wait* if another holds it.

        Where files cannot be locked nobody is kept out.

        Raises:
            LedgerError: If another holds it for ten minutes, or the file cannot be opened.
        """
        if not can_lock():
            yield
            return
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerError(
                f"{self._path} cannot be opened: {error.strerror}",
                hint="its folder must be writable for the user who runs cecert",
            ) from error
        try:
            wait_for(lambda: lock_alone(handle), wait)
            yield
        finally:
            os.close(handle)


def wait_for(take: Callable[[], bool], wait: Callable[[], None]) -> None:
    """Try *take* until it says True; call *wait* once if that is not at once.

    Raises:
        LedgerError: If it goes on saying False for ten minutes.
    """
    if take():
        return
    wait()
    end = time.monotonic() + PATIENCE
    while not take():
        if time.monotonic() > end:
            raise LockedError(
                f"another command has held this office for {PATIENCE:g} seconds",
                hint="see whether another cecert hangs; nothing was changed",
            )
        time.sleep(INTERVAL)
