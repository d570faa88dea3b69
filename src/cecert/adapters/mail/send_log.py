"""What is kept beside the ledger while mails are sent: the send log, and who else is sending.

The send log has one JSON line for every mail the service took, in a file of its own. A
ledger restored from a backup has forgotten what went out since; this file has not. It holds
no name and no address. Who else delivers on this machine is told by a file lock, which the
system drops with its process.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from errno import ENOSPC
from pathlib import Path

from cecert.adapters.storage.posix import BINARY, can_lock, lock_alone, lock_shared
from cecert.domain.mail.message import OutboxRow
from cecert.errors import DeliveryError
from cecert.ports import TakenMail

__all__ = ["FilePresence", "SendLogFile"]

_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY


class SendLogFile:
    """Appends to *path*; several processes may."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        """Append the line of one mail, and have it on the disk.

        Args:
            row: The mail that was taken.
            reply: The service's words.
            at: When it was taken.

        Raises:
            DeliveryError: If it cannot be written.
        """
        line = {
            "key": row.key,
            "message_id": row.message_id,
            "sha256": row.sha256,
            "queued_at": row.queued_at.isoformat(),
            "at": at.isoformat(),
            "reply": reply,
        }
        encoded = json.dumps(line).encode() + b"\n"
        try:
            # One write of a line in append mode does not mix with another process's.
            handle = os.open(self._path, _APPENDING, 0o600)
            try:
                if _is_torn(handle):
                    encoded = b"\n" + encoded  # what a crash cut off spoils no other line
                if os.write(handle, encoded) < len(encoded):
                    raise OSError(ENOSPC, os.strerror(ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as fault:
            raise DeliveryError(f"{self._path} cannot be written: {fault.strerror}") from fault

    def accepted(self) -> Iterator[TakenMail]:
        """Yield the mail of every line that is whole.

        Raises:
            DeliveryError: If it is there and cannot be read.
        """
        try:
            with self._path.open("rb") as lines:
                yield from _entries(lines)
        except FileNotFoundError:
            return
        except OSError as fault:
            raise DeliveryError(f"{self._path} cannot be read: {fault.strerror}") from fault


def _is_torn(handle: int) -> bool:
    if not os.fstat(handle).st_size:
        return False
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) != b"\n"


def _entries(lines: Iterable[bytes]) -> Iterator[TakenMail]:
    for line in lines:
        try:
            yield _taken(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # torn by a crash: the mail it was about is uncertain, as it should be


def _taken(entry: Mapping[str, str]) -> TakenMail:
    return TakenMail(
        key=entry["key"],
        message_id=entry["message_id"],
        # Lines older than these two keys lack them.
        sha256=entry.get("sha256", ""),
        queued_at=datetime.fromisoformat(entry["queued_at"]) if "queued_at" in entry else None,
        at=datetime.fromisoformat(entry["at"]),
        reply=entry["reply"],
    )


class FilePresence:
    """Locks *path*, which holds nothing; any number of senders share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def hold(self, if_alone: Callable[[], None]) -> Iterator[None]:
        """Be present until the context ends; first call *if_alone* if nobody else is.

        It is called while the lock is exclusive, so that whoever comes meanwhile waits.
        Where files cannot be locked nobody knows: the lease alone frees mails.

        Raises:
            DeliveryError: If the file cannot be opened.
        """
        if not can_lock():
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
    if lock_alone(handle):
        if_alone()
    lock_shared(handle)
