"""Made ids: for which certificates a file was ever stored, told without listing the archive.

A folder has no index by id: to find the files of one certificate all are listed. So
beside them lies an empty file for each id, made before its first document and never
removed. An id without one was never stored. An id that has one may have lost its files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from cecert.adapters.files.writing import make_folder, sync_folder, write_file

__all__ = ["FOLDER", "ID_CHARACTERS", "MadeIds"]

FOLDER = ".made"
ID_CHARACTERS = 19
"""Of an id as printed, with which the names of documents begin."""

_ORIGIN, _WHOLE = "origin", "whole"
"""A file that is made once, and what says of that very file that all ids are noted here."""


class MadeIds:
    """The ids of an archive for which a document was ever stored."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._folder = archive / FOLDER

    def note(self, numbers: Collection[str]) -> None:
        """Note ids, on the disk when it returns, before their documents are stored.

        Raises:
            OSError: If it cannot be written.
        """
        self._complete()
        self._touch(numbers)

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
        self._touch({_ORIGIN, *(e.name[:ID_CHARACTERS] for e in self._archive.glob("*.pdf"))})
        write_file(self._folder / _WHOLE, self._origin())

    def _is_whole(self) -> bool:
        try:
            return (self._folder / _WHOLE).read_bytes() == self._origin()
        except FileNotFoundError:
            return False

    def _origin(self) -> bytes:
        """Return what no copy of the folder has: when its first file was last changed."""
        # No tool that copies can set a file's change time (st_ctime), whatever else it keeps.
        found = (self._folder / _ORIGIN).stat()
        return f"{found.st_ino} {found.st_ctime_ns}".encode("ascii")

    def _touch(self, numbers: Iterable[str]) -> None:
        for each in numbers:
            os.close(os.open(self._folder / each, os.O_CREAT | os.O_WRONLY, 0o600))
        sync_folder(self._folder)
