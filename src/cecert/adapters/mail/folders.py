"""Messages in folders: for people to look at before sending, and Maildir instead of SMTP."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from cecert.adapters.storage.posix import sync_folder
from cecert.domain.mail.message import Mail, MailState, Receipt
from cecert.errors import DeliveryError, InputError

__all__ = ["EmlFolder", "MaildirSender"]


class EmlFolder:
    """Writes messages as `<name>.eml` into a folder that holds no others."""

    def __init__(self, folder: Path) -> None:
        """Take *folder*, which is made when the first message comes."""
        self._folder = folder

    def check(self, names: frozenset[str]) -> None:
        """Refuse the folder if it holds messages besides *names*, before any is written.

        Raises:
            InputError: If it does, or is no folder.
        """
        if self._folder.exists() and not self._folder.is_dir():
            raise InputError(f"{self._folder} is a file, not a folder")
        strays = sorted(each.name for each in self._folder.glob("*.eml") if each.stem not in names)
        if strays:
            raise InputError(
                f"{self._folder} holds {len(strays)} other .eml files, {strays[0]} among them",
                hint="name a new folder, so that every message in it is one that is queued",
            )

    def put(self, name: str, content: bytes) -> str:
        """Write one message, whole or not at all, readable by its owner only.

        Raises:
            DeliveryError: If it cannot be written.
        """
        path = self._folder / f"{name}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._folder / f".{name}.new", content)
            (self._folder / f".{name}.new").replace(path)
        except OSError as fault:
            raise DeliveryError(f"{path} cannot be written: {fault.strerror}") from fault
        return str(path)


class MaildirSender:
    """Files mails in a Maildir, for another program to send or for people to read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = False

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[MaildirSender]:
        """Return itself: a folder has no connections."""
        yield self

    async def open(self) -> None:
        """Make the folder where it is missing.

        Raises:
            DeliveryError: If it cannot be made.
        """
        if self._made:
            return
        try:
            for part in ("tmp", "new", "cur"):
                (self._folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise DeliveryError(f"{self._folder} cannot be used: {fault.strerror}") from fault
        self._made = True

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        """File one mail; its name is its key's, so filing it again replaces it.

        Raises:
            DeliveryError: If it cannot be written; the mail was not filed.
        """
        await self.open()
        name = mail.key.replace(":", ".")
        waiting = self._folder / "tmp" / name
        try:
            _write(waiting, mail.content)
        except OSError as fault:
            raise DeliveryError(f"{waiting} cannot be written: {fault.strerror}") from fault
        if not await commit():
            waiting.unlink()
            return Receipt(MailState.QUEUED, "another sender took it over", counts=False)
        return self._file(waiting, name)

    def _file(self, waiting: Path, name: str) -> Receipt:
        try:
            waiting.replace(self._folder / "new" / name)
        except OSError as fault:
            return Receipt(MailState.QUEUED, f"cannot be filed: {fault.strerror}")
        try:
            sync_folder(self._folder / "new")
        except OSError as fault:
            # It is there now; whether it still is after a power cut, nobody can say.
            return Receipt(MailState.UNCERTAIN, f"filed, but not surely: {fault.strerror}")
        return Receipt(MailState.SENT, f"filed as new/{name}")


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
