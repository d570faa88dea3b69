"""A reader of the log as somebody else would write it: proofs made from tiles (RFC 9162 2.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cecert.domain.log.merkle_tree import node_hash, root_of
from cecert.domain.log.tiles import WIDTH, tile_name

__all__ = ["consistency_proof", "inclusion_proof", "is_consistent", "subtree_of"]

Subtree = Callable[[int, int], bytes]
"""Tells the root of the leaves from the first, inclusive, to the second, exclusive."""

_HEIGHT = 8
_HASH = 32


def split_of(size: int) -> int:
    """Return how many leaves the left side of a tree of *size* leaves has, two at least.

    >>> split_of(7), split_of(8)
    (4, 4)
    """
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, subtree: Subtree) -> Sequence[bytes]:
    """Return the hashes that prove a leaf to be in a tree (RFC 9162 2.1.3.1).

    Args:
        index: Of the leaf, from 0.
        size: Of the tree.
        subtree: Tells the hashes of the tree.

    Raises:
        ValueError: If the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of a tree of {size}")
    return _path(index, 0, size, subtree)


def _path(index: int, start: int, end: int, subtree: Subtree) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + split_of(end - start)
    if index < middle:
        return [*_path(index, start, middle, subtree), subtree(middle, end)]
    return [*_path(index, middle, end, subtree), subtree(start, middle)]


def consistency_proof(first: int, second: int, subtree: Subtree) -> Sequence[bytes]:
    """Return the hashes that prove a tree to be the beginning of a larger one (2.1.4.1).

    Args:
        first: Size of the smaller, at least 1.
        second: Size of the larger.
        subtree: Tells the hashes of the larger.

    Raises:
        ValueError: If the first is empty, or larger than the second.
    """
    if not 1 <= first <= second:
        raise ValueError(f"no proof from {first} leaves to {second}")
    return _shared(first, 0, second, subtree, whole=True)


def _shared(first: int, start: int, end: int, subtree: Subtree, *, whole: bool) -> list[bytes]:
    if first == end:
        return [] if whole else [subtree(start, end)]
    middle = start + split_of(end - start)
    if first <= middle:
        return [*_shared(first, start, middle, subtree, whole=whole), subtree(middle, end)]
    return [*_shared(first, middle, end, subtree, whole=False), subtree(start, middle)]


def is_consistent(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Say whether a proof shows a tree as the beginning of a larger (RFC 9162 2.1.4.2).

    Of an empty tree nothing is proved, and nothing need be.

    Args:
        first: Leaves of the smaller.
        second: Leaves of the larger.
        proof: As `consistency_proof` makes it.
        first_root: Of the smaller.
        second_root: Of the larger.
    """
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof
    if first > second or not proof:
        return False
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, each)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def subtree_of(size: int, read: Callable[[str], bytes]) -> Callable[[int, int], bytes]:
    """Return what tells the roots of subtrees of a tree of *size* leaves from its tiles.

    Args:
        size: Leaves of the whole tree.
        read: Reads a file by its name below the log's folder.
    """

    def hashes(level: int, number: int) -> bytes:
        width = min(WIDTH, (size >> _HEIGHT * level) - number * WIDTH)
        return read(tile_name(level, number, width))

    def whole(start: int, height: int) -> bytes:
        level, within = divmod(height, _HEIGHT)
        first = start >> _HEIGHT * level
        number, offset = divmod(first, WIDTH)
        tile = hashes(level, number)
        found = [_hash_at(tile, each) for each in range(offset, offset + (1 << within))]
        return root_of(found)

    def tell(start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            return whole(start, count.bit_length() - 1)
        middle = start + split_of(count)
        return node_hash(tell(start, middle), tell(middle, end))

    return tell


def _hash_at(tile: bytes, number: int) -> bytes:
    found = tile[number * _HASH : (number + 1) * _HASH]
    if len(found) != _HASH:
        raise ValueError(f"a tile of {len(tile)} bytes without a hash {number}")
    return found
