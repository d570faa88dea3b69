"""What was published of a log last, as its site has it: from there publishing goes on.

Of a log of a million leaves a few hundred are read then, with the tile of each level that is
not full. Nothing of it is believed: the head is signed by the log's key, the tiles make its
root, the ledger's last leaves make the last tile, and the last is the head's tick. What
does not fit, or is not there, has all leaves read, which says what is wrong. That leaves of long
ago are still what they were, `audit` asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from cecert.domain.log.head import LogHead, open_head
from cecert.domain.log.index import IndexDigests
from cecert.domain.log.merkle_tree import leaf_hash
from cecert.domain.log.signed_note import BadNoteError
from cecert.domain.log.tiles import held_hashes, names_of, tree_of
from cecert.workflows.log_desk import FOLDER, LogDesk

__all__ = ["PublishedBefore", "published_before"]


@dataclass(frozen=True, slots=True)
class PublishedBefore:
    """A log as it was published last.

    Attributes:
        data: The file of its head.
        size: Its leaves.
        instant: Of the last, which is a tick.
        digests: Of its index.
        held: As of `held_hashes`.
        leaves: Of the last bundle, none of a full one.
    """

    data: bytes
    size: int
    instant: int
    digests: IndexDigests
    held: Sequence[Sequence[bytes]]
    leaves: Sequence[bytes]

    @property
    def tick(self) -> bytes:
        """The last leaf of it."""
        return self.digests.tick(self.instant).encoded

    @property
    def checkpoint(self) -> bytes:
        """Its checkpoint, signed, which ends the head."""
        return self.data.partition(b"\n\n")[2]


def published_before(desk: LogDesk) -> PublishedBefore | None:
    """Return what publishing goes on from; None where all leaves are to be read."""
    data = desk.site.read(f"{FOLDER}head")
    if data is None or (head := _opened(data, desk)) is None:
        return None
    size = head.signed.checkpoint.size
    if any(each.checkpoint.size < size for each in desk.known):
        return None  # whether that was the same log, only all leaves can tell

    def read(name: str) -> bytes | None:
        return desk.site.read(f"{FOLDER}{name}")

    held = held_hashes(size, read)
    if held is None or tree_of(size, held).root != head.signed.checkpoint.root:
        return None
    leaves = tuple(islice(desk.log.leaves(size - len(held[0])), len(held[0])))
    found = PublishedBefore(data, size, head.instant, head.digests, held, leaves)
    own = list(map(leaf_hash, leaves)) == held[0] and desk.log.leaf(size - 1) == found.tick
    there = own and all(desk.site.has(f"{FOLDER}{each}") for each in names_of(size))
    return found if there else None


def _opened(data: bytes, desk: LogDesk) -> LogHead | None:
    try:
        return open_head(data, desk.origin, desk.signer.public_key, desk.check_signature)
    except BadNoteError:
        return None
