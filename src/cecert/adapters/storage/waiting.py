"""What is made before its turn to be written waits on the disk, and not in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

__all__ = ["WaitingFile", "waiting_in"]

_LENGTH = 8
"""Bytes before each piece that say how long it is."""


class WaitingFile:
    """Pieces in a file without a name: nothing is left of it when it is closed, or killed."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take an empty file that is read and written."""
        self._file = file
        self._end = 0
        self._at_end = True

    def put(self, piece: bytes) -> int:
        """Let a piece wait, and return its place."""
        if not self._at_end:
            self._file.seek(0, os.SEEK_END)
            self._at_end = True
        place = self._end
        self._end += self._file.write(len(piece).to_bytes(_LENGTH, "big"))
        self._end += self._file.write(piece)
        return place

    def get(self, place: int) -> bytes:
        """Return the piece at a place; it may be asked for again."""
        self._at_end = False
        self._file.seek(place)
        return self._file.read(int.from_bytes(self._file.read(_LENGTH), "big"))


@contextmanager
def waiting_in(folder: Path) -> Iterator[WaitingFile]:
    """Open a file in which pieces wait, that only its owner can read.

    Raises:
        OSError: If there cannot be one in *folder*.
    """
    with TemporaryFile(dir=folder) as file:
        yield WaitingFile(file)
