"""A log as it is published, of certificates of nobody, with proofs made from its tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from log_reader import consistency_proof, inclusion_proof, subtree_of

from cecert.adapters.keys.signatures import Ed25519Signer
from cecert.domain.log.checkpoint import NOTE_ED25519, Checkpoint, key_id, sign_checkpoint
from cecert.domain.log.head import head_bytes
from cecert.domain.log.index import IndexBuilder
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.tiles import TileWriter

ORIGIN = "verify.example.edu/log"
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"a log of tests").digest()))
NOW = 1_790_000_000


def _leaf(payload: bytes) -> bytes:
    return Leaf(LeafKind.ISSUED, NOW, LeafKind.ISSUED.subject(payload)).encoded


@dataclass(frozen=True)
class LogSite:
    """The files of a log of some size.

    Attributes:
        files: By name.
        leaves: Encoded.
        root: Of the tree.
    """

    files: dict[str, bytes]
    leaves: list[bytes]
    root: bytes

    @classmethod
    def made(cls, size: int) -> LogSite:
        """Make a log of so many leaves."""
        files: dict[str, bytes] = {}
        tree, tiles = MerkleTree(), TileWriter(files.__setitem__)
        leaves = [_leaf(b"%d" % each) for each in range(size)]
        for data in leaves:
            hashed = leaf_hash(data)
            tree.add(hashed)
            tiles.add(data, hashed)
        tiles.finish()
        files["checkpoint"] = sign_checkpoint(Checkpoint(ORIGIN, size, tree.root), SIGNER, NOW)
        return cls(files, leaves, tree.root)

    @classmethod
    def of(cls, payloads: Sequence[bytes], tick_at: int) -> LogSite:
        """Make a log of certificates with these payloads and a tick at its end, with its head."""
        return cls._with_tick([_leaf(each) for each in payloads], tick_at)

    @classmethod
    def after(cls, before: LogSite, payloads: Sequence[bytes], tick_at: int) -> LogSite:
        """Make the log of *before* with more certificates, and a tick at its end."""
        return cls._with_tick([*before.leaves, *map(_leaf, payloads)], tick_at)

    @classmethod
    def _with_tick(cls, leaves: list[bytes], at: int) -> LogSite:
        files: dict[str, bytes] = {}
        tree, tiles, index = MerkleTree(), TileWriter(files.__setitem__), IndexBuilder()
        for position, data in enumerate(leaves):
            if (found := Leaf.of(data)) is not None:
                index.add(position, found.subject, found.file)
        buckets: dict[int, bytes] = {}
        digests = index.finish(buckets.__setitem__)
        files |= {digests.name(number): bucket for number, bucket in buckets.items()}
        proof: Sequence[bytes] = ()
        for data in (*leaves, tick := digests.tick(at).encoded):
            proof = tree.proof_of_next
            hashed = leaf_hash(data)
            tree.add(hashed)
            tiles.add(data, hashed)
        tiles.finish()
        note = sign_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root), SIGNER, at)
        files["checkpoint"] = note
        files["head"] = head_bytes(digests, at, tree.size - 1, proof, note)
        return cls(files, [*leaves, tick], tree.root)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self.leaves)

    def inclusion(self, index: int) -> list[bytes]:
        """Return the proof of a leaf, made from tiles."""
        subtree = subtree_of(self.size, self.files.__getitem__)
        return list(inclusion_proof(index, self.size, subtree))

    def consistency(self, first: int) -> list[bytes]:
        """Return the proof that a smaller tree is the beginning of it."""
        return list(
            consistency_proof(first, self.size, subtree_of(self.size, self.files.__getitem__))
        )


KEY_ID = key_id(ORIGIN, NOTE_ED25519, SIGNER.public_key)
"""By which the log's line in a checkpoint is known."""
