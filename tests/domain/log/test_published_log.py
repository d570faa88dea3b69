"""Tiles, index, checkpoint and head of a log, read again by a reader of its own."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from log_reader import consistency_proof, inclusion_proof, is_consistent, subtree_of

from cecert.adapters.keys.signatures import Ed25519Signer, check_signature
from cecert.domain.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from cecert.domain.log.head import LogHead, head_bytes, open_head
from cecert.domain.log.index import IndexBuilder, IndexDigests
from cecert.domain.log.leaf import NOTHING, Leaf, LeafKind
from cecert.domain.log.merkle_tree import (
    MerkleTree,
    is_included,
    leaf_hash,
    root_of,
)
from cecert.domain.log.signed_note import BadNoteError, SignedNote
from cecert.domain.log.tiles import TileWriter, bundle_name, leaves_of, tile_name

ORIGIN = "verify.example.edu/log"
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"a log of tests").digest()))
OTHER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"another").digest()))
NOW = 1_790_000_000


def leaf(number: int) -> Leaf:
    subject = LeafKind.ISSUED.subject(b"payload %d" % number)
    return Leaf(LeafKind.ISSUED, NOW, subject, sha256(b"file %d" % number).digest())


class Log:
    """A log that was written out as it is published."""

    def __init__(self, count: int) -> None:
        self.files: dict[str, bytes] = {}
        self.leaves = [leaf(each) for each in range(count)]
        tree, tiles, index = MerkleTree(), TileWriter(self._write), IndexBuilder()
        for position, each in enumerate(self.leaves):
            index.add(position, each.subject, each.file)
        buckets: dict[int, bytes] = {}
        self.digests = index.finish(buckets.__setitem__)
        for number, bucket in buckets.items():
            self._write(self.digests.name(number), bucket)
        encoded = [*(each.encoded for each in self.leaves), self.digests.tick(NOW).encoded]
        for data in encoded:
            hashed = leaf_hash(data)
            tree.add(hashed)
            tiles.add(data, hashed)
        tiles.finish()
        self.size = len(encoded)
        checkpoint = Checkpoint(ORIGIN, self.size, tree.root)
        self.files["checkpoint"] = sign_checkpoint(checkpoint, SIGNER, NOW)
        subtree = subtree_of(self.size, self.files.__getitem__)
        proof = inclusion_proof(count, self.size, subtree)
        head = head_bytes(self.digests, NOW, count, proof, self.files["checkpoint"])
        self.files["head"] = head

    def _write(self, name: str, content: bytes) -> None:
        assert self.files.setdefault(name, content) == content

    def open(self, data: bytes | None = None) -> LogHead:
        head = self.files["head"] if data is None else data
        return open_head(head, ORIGIN, SIGNER.public_key, check_signature)


@pytest.fixture(scope="module")
def small() -> Log:
    return Log(3)


@pytest.fixture(scope="module")
def large() -> Log:
    return Log(7_000)


def test_every_certificate_is_found_with_two_files_and_another_is_shown_to_be_absent(
    large: Log,
) -> None:
    head = large.open()
    assert head.instant == NOW
    assert head.signed.at == NOW
    assert head.digests.bits == 3  # 7,000 / 1,024 is over 4
    assert max(map(len, large.files.values())) <= 64_000
    for number in range(0, 7_000, 97):
        wanted = large.leaves[number]
        name = head.digests.name(head.digests.number_of(wanted.subject))
        found = head.find(wanted.subject, large.files[name])
        assert found is not None
        assert found.position == number
        assert found.file == wanted.file[:16]
        absent = LeafKind.REVOKED.subject(b"payload %d" % number)
        bucket = large.files[head.digests.name(head.digests.number_of(absent))]
        assert head.find(absent, bucket) is None


def test_a_second_reader_finds_the_same_from_the_bytes_alone(large: Log) -> None:
    """Written from docs/spec/log.md, with nothing of the project."""
    lines = large.files["head"].decode().split("\n")
    extra = base64.b64decode(lines[1].split(" ")[1])
    instant, bits, joined = int.from_bytes(extra[:4]), extra[4], extra[5:]
    assert instant == NOW
    assert len(joined) == 16 * 2**bits
    whole = []
    for number in range(2**bits):
        digest = joined[16 * number : 16 * number + 16]
        bucket = large.files[f"index/{number:04x}-{digest[:8].hex()}.ix"]
        assert sha256(bucket).digest()[:16] == digest
        rows = [bucket[at : at + 36] for at in range(0, len(bucket), 36)]
        assert rows == sorted(rows)
        assert all(int.from_bytes(row[:4]) >> 32 - bits == number for row in rows)
        whole += [(int.from_bytes(row[16:20]), row[:16], row[20:]) for row in rows]
    expected = [(at, e.subject[:16], e.file[:16]) for at, e in enumerate(large.leaves)]
    assert sorted(whole) == expected
    tick = bytes([0x85, 1, 16, 0x1A]) + extra[:4] + bytes([bits, 0x58, 32])
    tick += sha256(joined).digest()
    assert int(lines[2].split(" ")[1]) == 7_000
    proof = [base64.b64decode(each) for each in lines[3 : lines.index("")]]
    size, root = lines[lines.index("") + 2], lines[lines.index("") + 3]
    hashed = sha256(b"\0" + tick).digest()
    assert is_included(7_000, int(size), hashed, proof, base64.b64decode(root))


def test_tiles_hold_the_tree_and_bundles_the_leaves(large: Log) -> None:
    leaves: list[bytes] = []
    for number in range(large.size // 256):
        leaves += leaves_of(large.files[bundle_name(number)])
    leaves += leaves_of(large.files[bundle_name(large.size // 256, large.size % 256)])
    assert leaves[:7_000] == [each.encoded for each in large.leaves]
    hashes = [leaf_hash(each) for each in leaves]
    subtree = subtree_of(large.size, large.files.__getitem__)
    root = root_of(hashes)
    assert subtree(0, large.size) == root
    assert large.open().signed.checkpoint.root == root
    for index in (0, 255, 256, 6_911, 6_999):
        proof = inclusion_proof(index, large.size, subtree)
        assert is_included(index, large.size, hashes[index], proof, root)
    for first in (1, 256, 257, 4_096, 6_000):
        shared = consistency_proof(first, large.size, subtree)
        assert is_consistent(first, large.size, shared, root_of(hashes[:first]), root)


def test_a_tree_of_three_levels_of_tiles_is_read_from_them() -> None:
    files: dict[str, bytes] = {}
    tiles = TileWriter(files.__setitem__)
    hashes = [leaf_hash(each.to_bytes(4)) for each in range(65_537)]
    for each in hashes:
        tiles.add(b"", each)
    tiles.finish()
    assert sorted(name for name in files if name.startswith(("tile/1", "tile/2"))) == [
        "tile/1/000",
        "tile/2/000.p/1",
    ]
    assert subtree_of(65_537, files.__getitem__)(0, 65_537) == root_of(hashes)


def test_names_of_tiles_are_those_of_the_specification() -> None:
    # C2SP tlog-tiles, "Merkle Tree" and "Log Entries": its own examples.
    assert tile_name(0, 1_234_067) == "tile/0/x001/x234/067"
    assert bundle_name(1_234_067, 1) == "tile/entries/x001/x234/067.p/1"
    assert tile_name(1, 0, 17) == "tile/1/000.p/17"


@pytest.mark.parametrize("at", ["signature", "root", "size", "origin", "extra", "proof", "index"])
def test_a_head_that_was_changed_anywhere_is_refused(small: Log, at: str) -> None:
    lines = small.files["head"].decode().split("\n")
    spot = {
        "signature": -2,
        "root": -5,
        "size": -6,
        "origin": -7,
        "extra": 1,
        "index": 2,
        "proof": 3,
    }
    line = lines[spot[at]]
    swapped = {"size": "5", "origin": "another.example/log", "index": "index 2"}
    lines[spot[at]] = swapped.get(at) or line[:-6] + ("A" if line[-6] != "A" else "B") + line[-5:]
    with pytest.raises(BadNoteError):
        small.open("\n".join(lines).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"x", b"c2sp.org/tlog-proof@v1\n\n", b"\xff" * 80, b"a\nb\nc\n\nd\n",
     b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n" + bytes(40), b"x" * (1 << 20) + b"y"],
)  # fmt: skip
def test_what_is_no_head_is_refused(small: Log, data: bytes) -> None:
    with pytest.raises(BadNoteError):
        small.open(data)


def test_a_bucket_of_another_time_proves_nothing(small: Log, large: Log) -> None:
    head = small.open()
    subject = small.leaves[0].subject
    other = large.files[large.digests.name(large.digests.number_of(subject))]
    with pytest.raises(BadNoteError, match="does not commit"):
        head.find(subject, other)


def test_a_checkpoint_of_another_key_or_log_is_refused_and_a_witness_is_no_harm(small: Log) -> None:
    data = small.files["checkpoint"]
    opened = open_checkpoint(data, ORIGIN, SIGNER.public_key, check_signature)
    assert (opened.checkpoint.size, opened.at) == (small.size, NOW)
    with pytest.raises(BadNoteError, match="did not sign"):
        open_checkpoint(data, ORIGIN, OTHER.public_key, check_signature)
    with pytest.raises(BadNoteError, match="another log"):
        open_checkpoint(data, "other.example/log", SIGNER.public_key, check_signature)
    witness = sign_checkpoint(opened.checkpoint, OTHER, NOW + 5)
    both = data + witness.rpartition(b"\n\n")[2]
    assert open_checkpoint(both, ORIGIN, SIGNER.public_key, check_signature) == opened


def test_one_wrong_signature_of_the_own_key_spoils_a_checkpoint(small: Log) -> None:
    first = SignedNote.of(small.files["checkpoint"])
    later = sign_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), SIGNER, NOW)
    for number in (0, 1):
        foreign = SignedNote.of(later).signatures[number]
        mixed = SignedNote(first.text, (*first.signatures, foreign)).encoded
        with pytest.raises(BadNoteError, match="did not sign"):
            open_checkpoint(mixed, ORIGIN, SIGNER.public_key, check_signature)


def test_base64_has_one_spelling(small: Log) -> None:
    # 64 + 4 bytes end in "=", whose two bits before it are read over by most decoders.
    data = small.files["checkpoint"].decode()
    line = data.split("\n")[4]
    other = chr(ord(line[-2]) + 1)
    with pytest.raises(BadNoteError, match="one spelling"):
        SignedNote.of(data.replace(line, line[:-2] + other + "=").encode())


def test_an_index_without_subjects_has_one_empty_bucket() -> None:
    digests = IndexBuilder().finish(dict[int, bytes]().__setitem__)
    assert digests == IndexDigests(0, sha256(b"").digest()[:16])
    with pytest.raises(ValueError, match="17 bytes"):
        IndexDigests(0, bytes(17))


def test_a_leaf_of_a_revocation_names_no_file() -> None:
    assert Leaf(LeafKind.REVOKED, NOW).file == NOTHING
