"""The archive: sealed certificates in a folder, each under a name of its own, for ever."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from cecert.adapters.storage.writing import make_private_folder, write_private
from cecert.domain.identifiers import CertificateId
from cecert.errors import LedgerError

__all__ = ["FolderArchive"]

_NAME = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9a-f]{16}\.pdf")


class FolderArchive:
    """Files `<ID>-<16 hex of the SHA-256>.pdf`, mode 0600, never rewritten."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, certificate_id: CertificateId, document: bytes) -> str:
        """Store *document* atomically and return its name.

        Raises:
            LedgerError: If the folder is missing, full or read-only.
        """
        name = f"{certificate_id}-{sha256(document).hexdigest()[:16]}.pdf"
        path = self._folder / name
        try:
            if not path.exists():
                make_private_folder(self._folder)
                write_private(path, document)
        except OSError as error:
            raise LedgerError(
                f"the archive {self._folder} cannot be written: {error.strerror}",
                hint="make room or correct its permissions, then run the command again",
            ) from error
        return name

    def get(self, name: str) -> bytes:
        """Return the document stored under *name*.

        Raises:
            LedgerError: If it is missing, unreadable, or no name of the archive's.
        """
        if not _NAME.fullmatch(name):
            raise LedgerError(f"{name!r} is no name of the archive's")
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise LedgerError(
                f"the archive {self._folder} has no readable {name}: {error.strerror}",
                hint="restore it from the backup of the archive",
            ) from error

    def discard(self, name: str) -> None:
        """Remove a document that no ledger entry names."""
        if not _NAME.fullmatch(name):
            raise LedgerError(f"{name!r} is no name of the archive's")
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return the names of all documents, sorted."""
        if not self._folder.is_dir():
            return []
        return sorted(p.name for p in self._folder.iterdir() if _NAME.fullmatch(p.name))
