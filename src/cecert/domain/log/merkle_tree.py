"""The Merkle tree of the log (RFC 9162 2.1): hashes, roots, and proofs of inclusion.

A tree of any size has one shape: neither is a leaf doubled nor a hole filled. Hashes are
SHA-256, 32 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

__all__ = [
    "EMPTY",
    "MerkleTree",
    "is_included",
    "leaf_hash",
    "node_hash",
    "root_of",
]

EMPTY = sha256().digest()
"""Root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf's bytes (RFC 9162 2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others (RFC 9162 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """The hashes along the right edge of a tree that grows; one thread at a time may use it.

    Attributes:
        size: How many leaves were added.
    """

    def __init__(self) -> None:
        """Begin without leaves."""
        self.size = 0
        self._edge: list[bytes] = []

    @classmethod
    def over(cls, size: int, subtrees: Iterable[bytes]) -> MerkleTree:
        """Return a tree of *size* leaves by the roots of its full subtrees, the largest first."""
        tree = cls()
        tree.size, tree._edge = size, list(subtrees)
        return tree

    @property
    def subtrees(self) -> Sequence[bytes]:
        """The roots of the full subtrees that make the tree, the largest first."""
        return tuple(self._edge)

    def add(self, hashed: bytes) -> None:
        """Add a leaf by its hash."""
        size = self.size
        while size & 1:
            hashed = node_hash(self._edge.pop(), hashed)
            size >>= 1
        self._edge.append(hashed)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of all leaves added so far."""
        if not self._edge:
            return EMPTY
        *rest, root = self._edge
        for each in reversed(rest):
            root = node_hash(each, root)
        return root

    @property
    def proof_of_next(self) -> tuple[bytes, ...]:
        """What proves the leaf that is added next to be in the tree that it makes."""
        return tuple(reversed(self._edge))


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root of a tree of leaves with these hashes."""
    tree = MerkleTree()
    for each in hashes:
        tree.add(each)
    return tree.root


def is_included(index: int, size: int, hashed: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof shows a leaf in a tree (RFC 9162 2.1.3.2).

    Args:
        index: Where the leaf stands, from 0.
        size: Leaves of the tree.
        hashed: The leaf's hash.
        proof: Hashes of the siblings, from the leaf upward.
        root: Of the tree.
    """
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            hashed = node_hash(each, hashed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            hashed = node_hash(hashed, each)
        at, last = at >> 1, last >> 1
    return last == 0 and hashed == root
