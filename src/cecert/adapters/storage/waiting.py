"""What is made before its turn to be written waits on the disk, and not in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from cecert.adapters.storage.posix import read_at

__all__ = ["WaitingFile", "waiting_in"]

_LENGTH = 8
"""Bytes before each piece that say how long it is."""

_BLOCK = 8_192
"""Bytes that are read at once: small pieces are mostly asked for in their order."""

_PIECE = 65_536
"""Bytes of a long piece that are read at once."""


class WaitingFile:
    """Pieces in a file without a name: nothing is left of it when it is closed, or killed."""

    def __init__(self, file: IO[bytes]) -> None:
        """Take an empty file that is read and written."""
        self._file = file
        self._end = 0
        self._unwritten = False
        self._begun, self._block = 0, b""

    def put(self, piece: bytes) -> int:
        """Let a piece wait, and return its place."""
        return self.put_all((piece,))[0]

    def put_all(self, pieces: Sequence[bytes]) -> list[int]:
        """Let pieces wait, and return their places."""
        places: list[int] = []
        parts: list[bytes] = []
        for each in pieces:
            places.append(self._end)
            parts += (len(each).to_bytes(_LENGTH, "big"), each)
            self._end += _LENGTH + len(each)
        self._unwritten = True
        self._file.write(b"".join(parts))
        return places

    def get(self, place: int) -> bytes:
        """Return the piece at a place; it may be asked for again."""
        if not self._begun <= place <= self._begun + len(self._block) - _LENGTH:
            self._read(place)
        begun = place - self._begun + _LENGTH
        length = int.from_bytes(self._block[begun - _LENGTH : begun], "big")
        if begun + length <= len(self._block):
            return self._block[begun : begun + length]
        if length <= _BLOCK - _LENGTH:
            self._read(place)
            return self._block[_LENGTH : _LENGTH + length]
        self._write()
        return read_at(self._file, place + _LENGTH, length)

    def pieces(self, place: int) -> Iterator[bytes]:
        """Go through the piece at a place, which may be long, in shorter ones."""
        self._write()
        begun = place + _LENGTH
        ended = begun + int.from_bytes(read_at(self._file, place, _LENGTH), "big")
        for each in range(begun, ended, _PIECE):
            yield read_at(self._file, each, min(_PIECE, ended - each))

    def _read(self, place: int) -> None:
        self._write()
        self._begun = place
        self._block = read_at(self._file, place, _BLOCK)

    def _write(self) -> None:
        if self._unwritten:
            self._file.flush()
            self._unwritten = False


@contextmanager
def waiting_in(folder: Path) -> Iterator[WaitingFile]:
    """Open a file in which pieces wait, that only its owner can read.

    Raises:
        OSError: If there cannot be one in *folder*.
    """
    file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
    try:
        yield WaitingFile(file)
    finally:
        with suppress(OSError):  # on a full disk: what was not written nobody wants any more
            file.close()
