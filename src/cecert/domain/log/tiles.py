"""Tiles of the log's tree, as static files (C2SP tlog-tiles): their names, and what they hold.

A full tile has 256 hashes, a bundle 256 leaves; the last of each level may have fewer, and
says so in its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cecert.domain.log.merkle_tree import MerkleTree, root_of

__all__ = [
    "WIDTH",
    "TileWriter",
    "bundle_name",
    "bundled",
    "held_hashes",
    "leaves_of",
    "names_of",
    "tile_name",
    "tree_of",
]

WIDTH = 256
"""Hashes in a full tile, and leaves in a full bundle."""

_LENGTH, _HASH = 2, 32


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


def names_of(size: int) -> Iterator[str]:
    """Yield the names of all tiles and bundles of a log of *size* leaves."""
    yield from _row(size, bundle_name)
    for level, hashes in enumerate(_hashes(size)):
        yield from _row(hashes, lambda *at, level=level: tile_name(level, *at))


def _hashes(size: int) -> Iterator[int]:
    """Yield how many hashes each level of tiles has, of a log of *size* leaves."""
    while size:
        yield size
        size //= WIDTH


def _row(count: int, name: Callable[[int, int], str]) -> Iterator[str]:
    full, width = divmod(count, WIDTH)
    yield from (name(each, WIDTH) for each in range(full))
    if width:
        yield name(full, width)


def held_hashes(size: int, read: Callable[[str], bytes | None]) -> Sequence[Sequence[bytes]] | None:
    """Return the hashes of the last tile of each level, as they were written; none of a full one.

    Args:
        size: Leaves of the log.
        read: Returns a file by its name below the log's folder, None for none.

    Returns:
        By level; None if a tile is missing or of another length. What they say is not known to
        be true: `tree_of` makes the root that shows it.
    """
    found = []
    for level, hashes in enumerate(_hashes(size)):
        full, width = divmod(hashes, WIDTH)
        tile = read(tile_name(level, full, width)) if width else b""
        if tile is None or len(tile) != width * _HASH:
            return None
        found.append([tile[at : at + _HASH] for at in range(0, len(tile), _HASH)])
    return found


def tree_of(size: int, held: Sequence[Sequence[bytes]]) -> MerkleTree:
    """Return the tree of a log of *size* leaves by the hashes of its last tiles."""
    edge: list[bytes] = []
    for level in reversed(held):
        own = MerkleTree()
        for each in level:
            own.add(each)
        edge += own.subtrees
    return MerkleTree.over(size, edge)


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

    def go_on(self, size: int, held: Sequence[Sequence[bytes]], leaves: Sequence[bytes]) -> None:
        """Go on where *size* leaves were written.

        Args:
            size: How many.
            held: As of `held_hashes`.
            leaves: Those of the last bundle, none of a full one.
        """
        self._leaves, self._bundles = list(leaves), size // WIDTH
        self._levels = [list(each) for each in held]
        self._full = [hashes // WIDTH for hashes in _hashes(size)]

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
