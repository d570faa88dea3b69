"""The journal of hooks: one JSON line for each step, of which the last that is whole counts.

It holds cursors and what the receiver answered, and no change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from errno import ENOSPC
from pathlib import Path

from cecert.adapters.storage.posix import BINARY, can_lock, lock_alone
from cecert.errors import InputError
from cecert.ports.hooks import HookPlace

__all__ = ["HookJournalFile"]

_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY
_TAIL = 8192
"""Bytes at the end of the file that are read: many lines."""

_LONGEST_REASON = 500


class HookJournalFile:
    """Appends to *path*, and is alone by a lock on a file beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place(self) -> HookPlace | None:
        """Return what the last whole line says, None where there is no file.

        Raises:
            InputError: If it cannot be read, or no line of it is whole.
        """
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                tail = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self._path} cannot be read: {error.strerror}") from error
        for line in reversed(tail.split(b"\n")):
            if (found := _place(line)) is not None:
                return found
        raise InputError(
            f"{self._path} does not say how far changes were posted",
            hint="cecert hooks begin says it anew",
        )

    def note(self, place: HookPlace, at: datetime) -> None:
        """Append a line, and have it on the disk.

        Raises:
            InputError: If it cannot be written.
        """
        line = {
            "cursor": place.cursor,
            "at": at.isoformat(),
            "attempts": place.attempts,
            "due": None if place.due is None else place.due.isoformat(),
            "why": place.why[:_LONGEST_REASON],
        }
        # What a crash cut off before this line spoils no other: an empty line is none.
        encoded = b"\n" + json.dumps(line).encode() + b"\n"
        try:
            handle = os.open(self._path, _APPENDING, 0o600)
            try:
                if os.write(handle, encoded) < len(encoded):
                    raise OSError(ENOSPC, os.strerror(ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise InputError(f"{self._path} cannot be written: {error.strerror}") from error

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Say whether nobody else has the lock, and hold it if so; where none can be, say yes.

        Raises:
            InputError: If its file cannot be opened.
        """
        if not can_lock():
            yield True
            return
        lock = self._path.with_name(f".{self._path.name}.lock")
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InputError(f"{lock} cannot be opened: {error.strerror}") from error
        try:
            yield lock_alone(handle)
        finally:
            os.close(handle)


def _place(line: bytes) -> HookPlace | None:
    try:
        match json.loads(line):
            case {
                "cursor": str(cursor),
                "attempts": int(attempts),
                "due": str() | None as due,
                "why": str(why),
            }:
                when = None if due is None else datetime.fromisoformat(due)
                return HookPlace(cursor, attempts, when, why)
    except (ValueError, RecursionError):
        pass
    return None
