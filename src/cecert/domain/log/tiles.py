"""Tiles of the log's tree, as static files (C2SP tlog-tiles): their names, and what they hold.

A full tile has 256 hashes, a bundle 256 leaves; the last of each level may have fewer, and
says so in its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cecert.domain.log.merkle_tree import root_of

__all__ = ["WIDTH", "TileWriter", "bundle_name", "bundled", "leaves_of", "tile_name"]

WIDTH = 256
"""Hashes in a full tile, and leaves in a full bundle."""

_LENGTH = 2


def tile_name(level: int, number: int, width: int = WIDTH) -> str:
    """Return the name of a tile below the log's folder.

    >>> tile_name(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_name(1, 0, 17)
    'tile/1/000.p/17'

    Args:
        level: 0 for hashes of leaves.
        number: Of the tile in its level, from 0.
        width: Hashes it has.
    """
    return f"tile/{level}/{_numbered(number, width)}"


def bundle_name(number: int, width: int = WIDTH) -> str:
    """Return the name of a bundle of leaves below the log's folder.

    >>> bundle_name(0, 3)
    'tile/entries/000.p/3'
    """
    return f"tile/entries/{_numbered(number, width)}"


def _numbered(number: int, width: int) -> str:
    *rest, last = f"{number:,}".split(",")
    path = "".join(f"x{each:0>3}/" for each in rest) + f"{last:0>3}"
    return path if width == WIDTH else f"{path}.p/{width}"


def bundled(leaves: Sequence[bytes]) -> bytes:
    """Return leaves as a bundle holds them: each after its length, two bytes, big-endian."""
    return b"".join(len(each).to_bytes(_LENGTH) + each for each in leaves)


def leaves_of(bundle: bytes) -> Sequence[bytes]:
    """Return the leaves in a bundle.

    Raises:
        ValueError: If it ends within one.
    """
    found, at = [], 0
    while at < len(bundle):
        start = at + _LENGTH
        at = start + int.from_bytes(bundle[at:start])
        if len(bundle) < max(start, at):
            raise ValueError("a bundle that ends within a leaf")
        found.append(bundle[start:at])
    return found


class TileWriter:
    """Makes tiles and bundles of leaves that come one after another, holding none for long.

    One thread at a time may use it.
    """

    def __init__(self, write: Callable[[str, bytes], None]) -> None:
        """Take what writes a file: its name below the log's folder, and its content."""
        self._write = write
        self._leaves: list[bytes] = []
        self._bundles = 0
        self._levels: list[list[bytes]] = []
        self._full: list[int] = []

    def add(self, leaf: bytes, hashed: bytes) -> None:
        """Add a leaf: its bytes, and their hash. What became full is written."""
        self._leaves.append(leaf)
        if len(self._leaves) == WIDTH:
            self._write(bundle_name(self._bundles), bundled(self._leaves))
            self._bundles += 1
            self._leaves = []
        self._add(0, hashed)

    def _add(self, level: int, hashed: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
            self._full.append(0)
        held = self._levels[level]
        held.append(hashed)
        if len(held) == WIDTH:
            self._write(tile_name(level, self._full[level]), b"".join(held))
            self._full[level] += 1
            self._levels[level] = []
            self._add(level + 1, root_of(held))

    def finish(self) -> None:
        """Write what is not full, each under the name that says how wide it is."""
        if self._leaves:
            name = bundle_name(self._bundles, len(self._leaves))
            self._write(name, bundled(self._leaves))
        for level, held in enumerate(self._levels):
            if held:
                self._write(tile_name(level, self._full[level], len(held)), b"".join(held))
