"""Taking back what was published of the log, after a restore from an older copy.

A log goes forward only: what was published stays, and a ledger that has forgotten the end of
it gets the leaves back as they are. What they tell of must then be done again, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.tiles import WIDTH, bundle_name, leaves_of
from cecert.errors import LedgerError
from cecert.ports import Archive, Log, Site
from cecert.workflows.log import FOLDER, KnownCheckpoint

__all__ = ["AdoptedLeaf", "adopt_log"]

_DIGITS = 16
"""Of a document's digest, in its name in the archive."""


@dataclass(frozen=True, slots=True)
class AdoptedLeaf:
    """A leaf that was taken back.

    Attributes:
        position: In the log, from 0.
        kind: What it tells of.
        document: Of an issue, the file in the archive that it names; "" where none is there.
    """

    position: int
    kind: LeafKind
    document: str


def adopt_log(
    site: Site, published: KnownCheckpoint, log: Log, archive: Archive
) -> Sequence[AdoptedLeaf]:
    """Take back the leaves that a site has and the ledger lacks; return those about certificates.

    Args:
        site: Where the log was published.
        published: The checkpoint on it.
        log: The ledger's.
        archive: Tells which documents the leaves of issues name.

    Raises:
        LedgerError: If the site's files do not make the tree of its checkpoint, or the ledger has
            other leaves than the site: it was written since. Nothing is changed then.
    """
    own = log.size()
    tree = MerkleTree()
    missing: list[bytes] = []
    pairs = zip_longest(_published(site, published.checkpoint.size), log.leaves())
    for position, (theirs, ours) in enumerate(pairs):
        if theirs is None:
            break
        if ours is None:
            missing.append(theirs)
        elif ours != theirs:
            raise LedgerError(
                f"leaf {position} of the log is another in this ledger than on the site: it was "
                "written after the copy it was restored from; nothing was changed",
                hint="restore the copy once more, and take the log back before anything else",
            )
        tree.add(leaf_hash(theirs))
    if tree.root != published.checkpoint.root:
        raise LedgerError(
            f"the leaves on the site do not make the tree of {published.place}; "
            "nothing was changed",
            hint="its files are damaged: get them from a mirror or a backup of the site",
        )
    if missing:
        log.adopt(own, missing)
    named = _documents(archive)
    return list(_about_certificates(own, missing, named))


def _published(site: Site, size: int) -> Iterator[bytes]:
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        name = FOLDER + bundle_name(number, width)
        bundle = site.read(name)
        try:
            leaves = [] if bundle is None else leaves_of(bundle)
        except ValueError:
            leaves = []
        if len(leaves) != width:
            raise LedgerError(
                f"{name} is missing on the site, or damaged; nothing was changed",
                hint="get it from a mirror or a backup of the site",
            )
        yield from leaves


def _documents(archive: Archive) -> dict[str, str]:
    """Return the names of documents by the digits of their digests in them."""
    return {name.removesuffix(".pdf")[-_DIGITS:]: name for name in archive.names()}


def _about_certificates(
    start: int, leaves: Sequence[bytes], named: dict[str, str]
) -> Iterator[AdoptedLeaf]:
    for position, data in enumerate(leaves, start):
        leaf = Leaf.of(data)
        if leaf is not None and leaf.kind is not LeafKind.START:
            document = named.get(leaf.file.hex()[:_DIGITS], "")
            yield AdoptedLeaf(position, leaf.kind, document)
