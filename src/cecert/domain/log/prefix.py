"""Whether a smaller tree is the beginning of a larger one, told from the larger one's tiles."""

from __future__ import annotations

from collections.abc import Callable

from cecert.domain.log.merkle_tree import node_hash, root_of
from cecert.domain.log.tiles import WIDTH, tile_name

__all__ = ["is_prefix"]

Subtree = Callable[[int, int], bytes]

_HEIGHT = 8
_HASH = 32


def is_prefix(
    first: int, first_root: bytes, second: int, second_root: bytes, read: Callable[[str], bytes]
) -> bool | None:
    """Say whether the tree of *first* leaves is the beginning of that of *second*.

    Both roots are computed of the same hashes. Those that lead to the larger tree's root are
    its own; so they tell for certain whether the smaller root was another.

    Args:
        first: Leaves of the smaller tree, at least 1.
        first_root: Of that.
        second: Leaves of the larger tree.
        second_root: Of that.
        read: Reads a tile of the larger tree by its name; b"" where it cannot be had.

    Returns:
        None where the tiles are not those of the larger tree, or cannot be had.
    """
    if not 1 <= first <= second:
        return None
    try:
        old, new = _roots(first, 0, second, _subtree_of(second, read))
    except ValueError:
        return None
    return old == first_root if new == second_root else None


def _roots(first: int, start: int, end: int, subtree: Subtree) -> tuple[bytes, bytes]:
    """Return the root of the first leaves from *start* on, and of all to *end*."""
    count = end - start
    if first == count:
        whole = subtree(start, end)
        return whole, whole
    middle = start + _split(count)
    if first <= middle - start:
        old, left = _roots(first, start, middle, subtree)
        return old, node_hash(left, subtree(middle, end))
    left = subtree(start, middle)
    old, right = _roots(first - (middle - start), middle, end, subtree)
    return node_hash(left, old), node_hash(left, right)


def _split(count: int) -> int:
    """Return how many leaves the left side of a tree has: the largest power of two below all."""
    return 1 << (count - 1).bit_length() - 1


def _subtree_of(size: int, read: Callable[[str], bytes]) -> Subtree:
    def tell(start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1):
            middle = start + _split(count)
            return node_hash(tell(start, middle), tell(middle, end))
        level, within = divmod(count.bit_length() - 1, _HEIGHT)
        number, offset = divmod(start >> _HEIGHT * level, WIDTH)
        width = min(WIDTH, (size >> _HEIGHT * level) - number * WIDTH)
        tile = read(tile_name(level, number, width))
        if len(tile) != width * _HASH:
            raise ValueError(f"a tile of {len(tile)} bytes")
        held = range(offset, offset + (1 << within))
        return root_of(tile[each * _HASH : (each + 1) * _HASH] for each in held)

    return tell
