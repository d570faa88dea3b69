"""A log as it is published, of certificates of nobody, with proofs made from its tiles."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from log_reader import consistency_proof, inclusion_proof, subtree_of

from cecert.adapters.keys.signatures import Ed25519Signer
from cecert.domain.log.checkpoint import NOTE_ED25519, Checkpoint, key_id, sign_checkpoint
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.tiles import TileWriter

ORIGIN = "verify.example.edu/log"
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"a log of tests").digest()))
NOW = 1_790_000_000


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
        leaves = [
            Leaf(LeafKind.ISSUED, NOW, LeafKind.ISSUED.subject(b"%d" % each)).encoded
            for each in range(size)
        ]
        for data in leaves:
            hashed = leaf_hash(data)
            tree.add(hashed)
            tiles.add(data, hashed)
        tiles.finish()
        files["checkpoint"] = sign_checkpoint(Checkpoint(ORIGIN, size, tree.root), SIGNER, NOW)
        return cls(files, leaves, tree.root)

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
