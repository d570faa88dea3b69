"""A log that is published again goes on from what the site has, and reads only what is new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cecert.adapters.keys.signatures import Ed25519Signer, check_signature
from cecert.domain.log import index
from cecert.domain.log.index import Tick
from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.log.merkle_tree import MerkleTree
from cecert.domain.log.tiles import TileWriter, held_hashes, names_of, tree_of
from cecert.errors import LedgerError
from cecert.testing import FixedClock
from cecert.workflows.log import (
    FOLDER,
    KnownCheckpoint,
    LogDesk,
    LogFiles,
    LogKeys,
    opened_checkpoint,
    published_log,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ORIGIN = "verify.example.edu/log"
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(sha256(b"a log of tests").digest()))


@dataclass
class Log:
    """Leaves in a list, which counts those that are read."""

    held: list[bytes] = field(default_factory=list)
    read: int = 0

    def grow(self, count: int) -> None:
        """Enter *count* certificates."""
        for number in range(len(self.held), len(self.held) + count):
            subject = LeafKind.ISSUED.subject(b"payload %d" % number)
            file = sha256(b"file %d" % number).digest()
            self.held.append(Leaf(LeafKind.ISSUED, int(NOW.timestamp()), subject, file).encoded)

    def size(self) -> int:
        return len(self.held)

    def leaf(self, position: int) -> bytes | None:
        self.read += 1
        return self.held[position] if position < len(self.held) else None

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        while start < len(self.held):
            self.read += 1
            yield self.held[start]
            start += 1

    def add_tick(self, position: int, tick: Tick) -> bool:
        self.held.append(tick.encoded)
        return position == len(self.held) - 1

    def adopt(self, position: int, leaves: object) -> None:
        raise NotImplementedError


@dataclass
class Site:
    """Files in a dictionary, which counts those that are opened."""

    files: dict[str, bytes] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def read(self, name: str) -> bytes | None:
        self.opened.append(name)
        return self.files.get(name)

    def has(self, name: str) -> bool:
        return name in self.files

    def add(self, files: Mapping[str, bytes]) -> None:
        self.files |= files


def published(log: Log, site: Site, *, days: int = 0) -> set[str]:
    """Publish as the command does; return the names of the log's files."""
    keys = LogKeys(ORIGIN, (SIGNER.public_key,), check_signature)
    there = site.files.get(f"{FOLDER}checkpoint")
    known = opened_checkpoint("the site", there, keys) if there else None
    clock = FixedClock(NOW + timedelta(days=days))
    desk = LogDesk(ORIGIN, SIGNER, log, [known] if known else [], clock, site, check_signature)
    log.read, site.opened = 0, []
    names: set[str] = set()

    def write(name: str, content: bytes) -> None:
        names.add(f"{FOLDER}{name}")
        before = site.files.get(f"{FOLDER}{name}", content)
        if before != content:
            raise LedgerError(f"{name} never changes")
        site.files[f"{FOLDER}{name}"] = content

    files = published_log(desk, write, lambda name: names.add(f"{FOLDER}{name}"))
    assert isinstance(files, LogFiles)
    site.files |= files.named
    return {*names, *files.named}


@pytest.fixture
def few_in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_IN_BUCKET", 16)


@pytest.mark.usefixtures("few_in_a_bucket")
def test_published_in_steps_all_files_are_those_of_a_log_published_at_once() -> None:
    log, site = Log(), Site()
    for step, more in enumerate((1, 3, 251, 1, 0, 256, 255, 0, 300, 40, 7)):
        log.grow(more)
        names = published(log, site, days=step)
        alone = Site()
        whole = replace(log, held=list(log.held))
        assert published(whole, alone, days=step) == names
        assert whole.held == log.held
        assert {each: site.files[each] for each in names} == alone.files


def test_again_only_new_leaves_and_the_last_tiles_are_read() -> None:
    log, site = Log(), Site()
    log.grow(3000)
    published(log, site)
    before = dict(site.files)
    published(log, site)
    assert site.files == before
    assert log.read == 3001 % 256 + 1
    buckets = {each for each in site.files if "/index/" in each}
    tiles = {f"{FOLDER}tile/0/011.p/{3001 % 256}", f"{FOLDER}tile/1/000.p/11"}
    assert set(site.opened) == {f"{FOLDER}head", *tiles, *buckets}
    log.grow(1)
    published(log, site)
    assert log.read == 3001 % 256 + 1 + 2


@pytest.mark.usefixtures("few_in_a_bucket")
@pytest.mark.parametrize(
    "lost", ["tile/0/000", "tile/entries/001", "tile/0/002.p/89", "index/0003"]
)
def test_what_is_missing_is_written_again(lost: str) -> None:
    log, site = Log(), Site()
    log.grow(600)
    published(log, site)
    before = dict(site.files)
    (name,) = (each for each in site.files if each.startswith(f"{FOLDER}{lost}"))
    del site.files[name]
    published(log, site)
    assert site.files == before


@pytest.mark.parametrize("damaged", ["tile/0/002.p/89", "index/0000"])
def test_what_another_wrote_in_a_file_that_is_read_is_told(damaged: str) -> None:
    log, site = Log(), Site()
    log.grow(600)
    published(log, site)
    (name,) = (each for each in site.files if each.startswith(f"{FOLDER}{damaged}"))
    site.files[name] = site.files[name][:-1] + b"?"
    with pytest.raises(LedgerError, match="never changes"):
        published(log, site)


def test_a_ledger_that_ends_otherwise_or_is_older_is_refused() -> None:
    log, site = Log(), Site()
    log.grow(600)
    published(log, site)
    other = Log(list(log.held))
    other.held[590] = other.held[589]
    with pytest.raises(LedgerError, match="are not those that were published"):
        published(other, site)
    with pytest.raises(LedgerError, match="the ledger is an older copy"):
        published(Log(log.held[:500]), site)


def test_a_checkpoint_of_before_has_all_leaves_read() -> None:
    log, site = Log(), Site()
    log.grow(300)
    published(log, site)
    old = site.files[f"{FOLDER}checkpoint"]
    log.grow(300)
    published(log, site)
    keys = LogKeys(ORIGIN, (SIGNER.public_key,), check_signature)
    known = opened_checkpoint("a friend", old, keys)
    assert isinstance(known, KnownCheckpoint)
    desk = LogDesk(ORIGIN, SIGNER, log, [known], FixedClock(NOW), site, check_signature)
    log.read = 0
    published_log(desk, lambda name, content: None, lambda name: None)  # noqa: ARG005  # nowhere
    assert log.read == 602


def test_the_tree_of_the_last_tiles_is_that_of_all_leaves() -> None:
    files: dict[str, bytes] = {}
    tree, tiles = MerkleTree(), TileWriter(files.__setitem__)
    for number in range(1, 66_000):
        hashed = sha256(b"%d" % number).digest()
        tree.add(hashed)
        tiles.add(b"", hashed)
        if number in {1, 255, 256, 257, 65_535, 65_536, 65_537, 65_999}:
            tiles.finish()
            held = held_hashes(number, files.get)
            assert held is not None
            assert tree_of(number, held).root == tree.root
            assert set(names_of(number)) <= files.keys()
    del files["tile/2/000.p/1"]
    assert held_hashes(65_999, files.get) is None
