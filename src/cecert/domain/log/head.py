"""The head of the log: its last tick with the proof that it is in the tree (C2SP tlog-proof)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cecert.domain.cose.cose import CheckSignature, CoseKey
from cecert.domain.log.checkpoint import SignedCheckpoint, open_checkpoint
from cecert.domain.log.index import Bucket, IndexDigests, IndexEntry
from cecert.domain.log.merkle_tree import is_included, leaf_hash
from cecert.domain.log.signed_note import BadNoteError, base64_bytes, base64_text

__all__ = ["LogHead", "head_bytes", "open_head"]

FIRST_LINE = "c2sp.org/tlog-proof@v1"

LARGEST_HEAD = 1 << 20
"""Bytes of a head that is read: one of 33 million subjects has three quarters of it."""

MOST_HASHES = 63
"""Of a proof."""

_INSTANT = 4
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_EXTRA = "extra "


@dataclass(frozen=True, slots=True)
class LogHead:
    """The head of a log, whose signature and proof hold.

    Attributes:
        signed: The checkpoint, and when it was signed.
        instant: Of the tick: what was entered up to this second, UTC, is in the index.
        digests: Of the index's buckets.
    """

    signed: SignedCheckpoint
    instant: int
    digests: IndexDigests

    def find(self, subject: bytes, bucket: bytes) -> IndexEntry | None:
        """Return what the log says of a subject; None proves that it has no such leaf.

        Args:
            subject: 32 bytes.
            bucket: The file that `digests` names for it.

        Raises:
            BadNoteError: If these are not the bytes the tick commits to.
        """
        if not self.digests.holds(self.digests.number_of(subject), bucket):
            raise BadNoteError("a bucket of the index that its tick does not commit to")
        return Bucket(bucket).find(subject)


def head_bytes(
    digests: IndexDigests, instant: int, index: int, proof: Sequence[bytes], checkpoint: bytes
) -> bytes:
    """Return the file of a head.

    Args:
        digests: Of the index's buckets.
        instant: Of the tick, seconds UTC.
        index: Of the tick in the log, from 0.
        proof: That it is in the tree of the checkpoint.
        checkpoint: Signed.
    """
    extra = instant.to_bytes(_INSTANT) + bytes([digests.bits]) + digests.joined
    lines = [FIRST_LINE, _EXTRA + base64_text(extra), f"index {index}"]
    lines += map(base64_text, proof)
    return "".join(f"{each}\n" for each in [*lines, ""]).encode() + checkpoint


def open_head(data: bytes, origin: str, key: CoseKey, check_signature: CheckSignature) -> LogHead:
    """Open a head: its checkpoint is the log's, and its tick is the last leaf of that tree.

    Args:
        data: The file.
        origin: The log's name.
        key: Its key.
        check_signature: Does the cryptography.

    Raises:
        BadNoteError: If any of that fails.
        CryptoUnavailableError: If signatures cannot be checked here.
    """
    if len(data) > LARGEST_HEAD:
        raise BadNoteError(f"a head of {len(data)} bytes")
    above, mark, checkpoint = data.partition(b"\n\n")
    lines = _lines_of(above) if mark else []
    found = _INDEX.fullmatch(lines[2]) if len(lines) > 2 else None  # noqa: PLR2004
    long = len(lines) > 3 + MOST_HASHES
    if found is None or long or lines[0] != FIRST_LINE or not lines[1].startswith(_EXTRA):
        raise BadNoteError("not the lines of a head")
    instant, digests = _extra_of(base64_bytes(lines[1].removeprefix(_EXTRA)))
    proof = [base64_bytes(each) for each in lines[3:]]
    signed = open_checkpoint(checkpoint, origin, key, check_signature)
    size, root = signed.checkpoint.size, signed.checkpoint.root
    index, hashed = int(found[1]), leaf_hash(digests.tick(instant).encoded)
    if index != size - 1 or not is_included(index, size, hashed, proof, root):
        raise BadNoteError("a head whose tick is not the last leaf of the log")
    return LogHead(signed, instant, digests)


def _lines_of(above: bytes) -> list[str]:
    try:
        return above.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise BadNoteError("a head that is not ASCII") from error


def _extra_of(extra: bytes) -> tuple[int, IndexDigests]:
    instant = int.from_bytes(extra[:_INSTANT])
    try:
        return instant, IndexDigests(extra[_INSTANT], extra[_INSTANT + 1 :])
    except (IndexError, ValueError) as error:
        raise BadNoteError("a head without the digests of an index") from error
