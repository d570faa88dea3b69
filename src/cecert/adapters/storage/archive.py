"""The archive: sealed documents in a folder, each under a name no other can have.

A name is `AB/<ID>-<16 hex of the SHA-256>.pdf`, so two runs that drew one certificate
differently do not meet, and a document that rots on the disk shows when it is read. AB is
how the id begins: chance fills 1,024 folders alike, and four million documents lie at most
4,096 in one. Those that a cecert of before stored lie beside the folders, and stay there.
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
from cecert.adapters.storage.made_ids import MadeIds
from cecert.adapters.storage.posix import owner_of, read_plain, sync_folder
from cecert.domain.values.certificate_id import CertificateId, id_in_name
from cecert.errors import FullError, LedgerError, NotFoundError

__all__ = ["FolderArchive"]

_DIGITS = 16
_CHARACTER = "[0-9A-HJKMNP-TV-Z]"
_FOLDER = re.compile(f"{_CHARACTER}{{2}}")
_NAME = re.compile(rf"(?:{_FOLDER.pattern}/)?(?:{_CHARACTER}{{4}}-){{4}}[0-9a-f]{{{_DIGITS}}}\.pdf")


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
            # Whose id was never noted has no document here, and need not be looked for.
            noted = self._made.note({id_in_name(name) for name in named})
            lying = {
                name: self._lying(name, each) if id_in_name(name) in noted else None
                for name, each in named.items()
            }
            fresh = {_placed(name): named[name] for name, found in lying.items() if found is None}
            if fresh:
                self._make_folders({name.partition("/")[0] for name in fresh})
                write_files(self._folder, fresh)
        except OSError as fault:
            kind = FullError if fault.errno == ENOSPC else LedgerError
            raise kind(
                f"the archive {self._folder} cannot be written: {fault.strerror}",
                hint="nothing was promised for this document; make room or give write"
                " permission, then run the same command again",
            ) from fault
        return [found or _placed(name) for name, found in lying.items()]

    def _lying(self, name: str, document: bytes) -> str | None:
        """Return where a document lies already, in its folder or as a cecert of before put it."""
        for place in (_placed(name), name):
            if self._holds(place, document):
                return place
        return None

    def _make_folders(self, names: Collection[str]) -> None:
        """Make folders that are not there; their names are on the disk when it returns."""
        missing = [each for each in names if not (self._folder / each).is_dir()]
        for each in missing:
            make_folder(self._folder / each)
        if missing:
            sync_folder(self._folder)

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

        Nothing is listed where none was ever stored for any of them, and else their folders
        alone, and what a cecert of before stored.

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
        if not found:
            return []
        folders = {_folder_of(each) for each in found}
        names = [*self._listed(""), *(name for each in folders for name in self._listed(each))]
        return sorted(name for name in names if id_in_name(name) in found)

    def names(self) -> Sequence[str]:
        """Return the name of every file in the folder, strays among them, in order.

        Raises:
            LedgerError: If the folder is missing or cannot be read.
        """
        names: list[str] = []
        for each in self._listed(""):
            is_folder = self._is_folder(each) or self._is_linked_folder(each)
            names += self._listed(each) if is_folder else (each,)
        return sorted(names)

    def _is_folder(self, name: str) -> bool:
        path = self._folder / name
        return bool(_FOLDER.fullmatch(name)) and path.is_dir() and not path.is_symlink()

    def _is_linked_folder(self, name: str) -> bool:
        path = self._folder / name
        return bool(_FOLDER.fullmatch(name)) and path.is_symlink() and path.is_dir()

    def _listed(self, folder: str) -> Sequence[str]:
        """Return the names of what lies in a folder of documents, or beside them all ("")."""
        prefix = f"{folder}/" if folder else ""
        try:
            return [f"{prefix}{each.name}" for each in (self._folder / folder).iterdir()]
        except FileNotFoundError as fault:
            if folder:
                return []
            raise self._unreadable(fault) from fault
        except OSError as fault:
            raise self._unreadable(fault) from fault

    def _unreadable(self, fault: OSError) -> LedgerError:
        return LedgerError(f"the archive {self._folder} cannot be read: {fault.strerror}")

    def foreign(self) -> Iterator[tuple[str, str]]:
        """Yield what is not its owner's whose the folder is, or a link for a folder, and why not.

        Raises:
            LedgerError: If the folder is missing or cannot be read.
        """
        try:
            own = owner_of(self._folder.resolve())
            folders = [each for each in self._listed("") if self._is_folder(each)]
            for name in filter(self._is_linked_folder, sorted(self._listed(""))):
                yield name, f"it is a link to {(self._folder / name).readlink()}"
            for name in sorted([*folders, *self.names()]):
                with suppress(FileNotFoundError):  # it was discarded meanwhile
                    if (owner := owner_of(self._folder / name)) != own:
                        yield name, f"it is owned by {owner}, and the archive by {own}"
        except OSError as fault:
            raise self._unreadable(fault) from fault

    def _path(self, name: str) -> Path:
        folder, _, last = name.rpartition("/")
        if not _NAME.fullmatch(name) or folder not in {"", _folder_of(last)}:
            raise LedgerError(f"{name!r} is no name of a document in the archive")
        return self._folder / name


def _folder_of(name: str) -> str:
    return name[:2]


def _placed(name: str) -> str:
    return f"{_folder_of(name)}/{name}"


def _digits_of(document: bytes) -> str:
    return sha256(document).hexdigest()[:_DIGITS]
