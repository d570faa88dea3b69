"""Made ids: for which certificates a file was ever stored, told without listing the archive.

A folder has no index by id: to find the files of one certificate all are listed. So a
folder beside the archive has an empty file for each id, made before its first document
and never removed. An id without one was never stored. An id that has one may have lost
its files. Where no such folder can be made, nothing is noted and the archive is listed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from cecert.adapters.storage.atomic import make_folder, write_file
from cecert.adapters.storage.posix import NO_LINK, sync_folder
from cecert.domain.values.certificate_id import id_in_name

__all__ = ["MadeIds", "folder_beside"]

_ORIGIN, _WHOLE = "origin", "whole"
"""A file that is made once, and what says of that very file that all ids are noted here."""


def folder_beside(archive: Path) -> Path:
    """Return where the ids of an archive are noted: in the archive lie documents alone."""
    return archive.with_name(f".{archive.name}.made")


class MadeIds:
    """The ids of an archive for which a document was ever stored."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._folder = folder_beside(archive)

    def note(self, numbers: Collection[str]) -> frozenset[str]:
        """Note ids, on the disk when it returns, before their documents are stored.

        Returns:
            Those of which a document may lie in the archive: they were noted before, or
            nothing can be noted where the archive lies.

        Raises:
            OSError: If it cannot be written, though the folder is there.
        """
        if not self._is_there():
            return frozenset(numbers)
        self._complete()
        return self._touch(numbers)

    def _is_there(self) -> bool:
        try:
            make_folder(self._folder)
        except OSError:
            return self._folder.exists()
        return True

    def among(self, numbers: Iterable[str]) -> frozenset[str]:
        """Return those of *numbers* that were ever noted.

        Raises:
            OSError: If it cannot be read, or not made where it is missing.
        """
        self._complete()
        return frozenset(each for each in numbers if (self._folder / each).exists())

    def _complete(self) -> None:
        """Note what lies there already: once, and again where the archive was restored.

        A copy made while somebody issued may have taken a document and not yet its id.
        """
        if self._is_whole():
            return
        self._archive.stat()  # there is nothing to note of an archive that is not there
        make_folder(self._folder)
        lying = (*self._archive.glob("*.pdf"), *self._archive.glob("??/*.pdf"))
        self._touch({_ORIGIN, *(id_in_name(each.name) for each in lying)})
        write_file(self._folder / _WHOLE, self._origin())

    def _is_whole(self) -> bool:
        try:
            return (self._folder / _WHOLE).read_bytes() == self._origin()
        except FileNotFoundError:
            return False

    def _origin(self) -> bytes:
        """Return what no copy of either folder has.

        When its first file was last changed, and which folder the archive is.
        """
        # No tool that copies can set a file's change time (st_ctime), whatever else it keeps.
        found, archive = (self._folder / _ORIGIN).stat(), self._archive.stat()
        return f"{found.st_ino} {found.st_ctime_ns} {archive.st_ino}".encode("ascii")

    def _touch(self, numbers: Iterable[str]) -> frozenset[str]:
        """Make files of these names; return those that were there, or somebody made meanwhile."""
        flags, before = os.O_CREAT | os.O_WRONLY | NO_LINK, set()
        for each in numbers:
            place = f"{self._folder}/{each}"
            try:
                os.close(os.open(place, flags | os.O_EXCL, 0o600))
            except FileExistsError:
                os.close(os.open(place, flags, 0o600))  # a link is refused
                before.add(each)
        sync_folder(self._folder)
        return frozenset(before)
