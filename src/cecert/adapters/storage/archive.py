"""The archive: sealed documents in a folder, each under a name no other can have.

A name is `<ID>-<16 hex of the SHA-256>.pdf`, so two runs that drew one certificate
differently do not meet, and a document that rots on the disk shows when it is read.
The folder may be a link to where there is room; a link in it is nobody's document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder, write_files
from cecert.adapters.storage.made_ids import ID_CHARACTERS, MadeIds
from cecert.adapters.storage.posix import owner_of, read_plain
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import FullError, LedgerError, NotFoundError

__all__ = ["FolderArchive"]

_DIGITS = 16
_NAME = re.compile(rf"(?:[0-9A-HJKMNP-TV-Z]{{4}}-){{4}}[0-9a-f]{{{_DIGITS}}}\.pdf")


class FolderArchive:
    """Keeps sealed documents in *folder*; what is stored is never written again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = MadeIds(folder)

    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        """Store *documents* and return their names; storing one again changes nothing.

        Raises:
            LedgerError: If the folder cannot be written, or a name is taken by
                another document.
        """
        named = {
            f"{each.text}-{_digits_of(document)}.pdf": document for each, document in documents
        }
        try:
            make_folder(self._folder)
            fresh = {name: each for name, each in named.items() if not self._holds(name, each)}
            if fresh:
                self._made.note({name[:ID_CHARACTERS] for name in fresh})
                write_files(self._folder, fresh)
        except OSError as fault:
            kind = FullError if fault.errno == ENOSPC else LedgerError
            raise kind(
                f"the archive {self._folder} cannot be written: {fault.strerror}",
                hint="nothing was promised for this document; make room or give write"
                " permission, then run the same command again",
            ) from fault
        return list(named)

    def _holds(self, name: str, document: bytes) -> bool:
        try:
            found = read_plain(self._folder / name)
        except FileNotFoundError:
            return False
        if found != document:
            raise LedgerError(
                f"the archive holds another document under the name {name}",
                hint="it is damaged, or was replaced: restore it from the backup",
            )
        return True

    def get(self, name: str) -> bytes:
        """Return the document stored under *name*.

        Raises:
            LedgerError: If it is missing, cannot be read, is damaged, or *name* is no
                name of this archive.
        """
        try:
            document = read_plain(self._path(name))
        except FileNotFoundError as fault:
            raise NotFoundError(
                f"{name} is missing from the archive {self._folder}",
                hint="restore it from the backup; cecert audit lists all that is missing",
                fields={"what": "document", "id": name},
            ) from fault
        except OSError as fault:
            raise LedgerError(f"{name} cannot be read: {fault.strerror}") from fault
        if not name.endswith(f"-{_digits_of(document)}.pdf"):
            raise LedgerError(
                f"{name} is damaged: its SHA-256 begins with {_digits_of(document)}",
                hint="restore it from the backup",
            )
        return document

    def discard(self, name: str) -> None:
        """Remove a document that no ledger entry names; one that is gone is no fault.

        Raises:
            LedgerError: If it cannot be removed, or *name* is no name of this archive.
        """
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as fault:
            raise LedgerError(f"{name} cannot be removed: {fault.strerror}") from fault

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        """Return the names of all documents of these certificates, in order.

        The folder is listed only if one was ever stored for any of them.

        Raises:
            LedgerError: If the folder is missing or cannot be read.
        """
        wanted = frozenset(each.text for each in certificate_ids)
        if not wanted:
            return []
        try:
            found = self._made.among(wanted)
        except OSError:
            found = wanted  # nothing can be noted where the archive lies
        names = self.names() if found else ()
        return [name for name in names if name[:ID_CHARACTERS] in found]

    def names(self) -> Sequence[str]:
        """Return the name of every file in the folder, strays among them, in order.

        Raises:
            LedgerError: If the folder is missing or cannot be read.
        """
        try:
            return sorted(each.name for each in self._folder.iterdir())
        except OSError as fault:
            raise LedgerError(
                f"the archive {self._folder} cannot be read: {fault.strerror}"
            ) from fault

    def foreign(self) -> Iterator[tuple[str, str]]:
        """Yield each file that is not its owner's whose the folder is, with why that matters.

        Raises:
            LedgerError: If the folder is missing or cannot be read.
        """
        try:
            own = owner_of(self._folder.resolve())
            for name in self.names():
                with suppress(FileNotFoundError):  # it was discarded meanwhile
                    if (owner := owner_of(self._folder / name)) != own:
                        yield name, f"it is owned by {owner}, and the archive by {own}"
        except OSError as fault:
            raise LedgerError(
                f"the archive {self._folder} cannot be read: {fault.strerror}"
            ) from fault

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise LedgerError(f"{name!r} is no name of a document in the archive")
        return self._folder / name


def _digits_of(document: bytes) -> str:
    return sha256(document).hexdigest()[:_DIGITS]
