"""Heads of a log that grew: the kept one is its beginning, or the log was forked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from log_site import NOW, ORIGIN, SIGNER, LogSite
from papers import papers

from cecert.adapters.keys.signatures import check_signature
from cecert.domain.log.merkle_tree import MerkleTree, leaf_hash
from cecert.domain.log.prefix import is_prefix
from cecert.domain.log.trusted_log import GRACE, TrustedLog
from cecert.testing import FixedClock
from cecert.workflows.verify.log_source import log_teller

LOG = TrustedLog(ORIGIN, SIGNER.public_key, 0, 0, GRACE, ("https://verify.example.edu/log/",))


@dataclass
class Published:
    """The site of a log, and what a verifier kept of it."""

    site: dict[str, bytes] = field(default_factory=dict)
    kept: bytes | None = None
    contradicting: list[bytes] = field(default_factory=list)

    def files(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        del bases
        return [self.site[name]] if name in self.site else []

    def kept_head(self) -> bytes | None:
        return self.kept

    def keep_head(self, data: bytes) -> None:
        self.kept = data

    def evidence(self) -> Sequence[bytes]:
        return self.contradicting

    def keep_evidence(self, data: bytes) -> None:
        self.contradicting.append(data)


def published(count: int, label: str = "", at: int = NOW) -> dict[str, bytes]:
    """Return the files of a log of some certificates and a tick."""
    made = LogSite.of([b"%s%d" % (label.encode(), each) for each in range(count)], tick_at=at)
    return made.files


def told(source: Published, at: int = NOW) -> bool:
    """Verify something against the log, and say whether it was told to be forked."""
    trust = replace(papers().verifier.trust, logs=(LOG,))
    clock = FixedClock(datetime.fromtimestamp(at, UTC))
    return log_teller(trust, check_signature, source, clock, ask_hosts=True)(b"payload").forked


def test_a_log_that_grew_is_no_fork_and_one_that_was_rewritten_is_and_both_heads_are_kept() -> None:
    source = Published(published(600))
    assert not told(source)
    before = source.kept
    source.site = published(601, at=NOW + 60)
    # The tick of before is no leaf of this log, which was made from nothing.
    assert told(source, NOW + 60)
    assert source.kept == before
    assert source.contradicting == [source.site["head"]]
    source.site = {}  # what was seen is remembered
    assert told(source, NOW + 60)


def test_a_grown_log_is_read_and_kept_and_missing_or_damaged_tiles_accuse_nobody() -> None:
    small = LogSite.of([b"%d" % each for each in range(600)], tick_at=NOW)
    grown = LogSite.after(small, [b"more %d" % each for each in range(300)], tick_at=NOW + 60)
    for spoil in (bytes, lambda data: data[:0], lambda data: data[::-1]):
        files = {
            name: spoil(data) if name.startswith("tile/") else data
            for name, data in grown.files.items()
        }
        source = Published(files, kept=small.files["head"])
        assert not told(source, NOW + 60)
        assert source.kept == grown.files["head"]
        assert source.contradicting == []


@pytest.mark.parametrize("second", [1, 2, 3, 255, 256, 257, 700])
def test_each_beginning_of_a_tree_is_told_from_its_tiles(second: int) -> None:
    log = LogSite.made(second)
    tree, roots = MerkleTree(), [b""]
    for leaf in log.leaves:
        tree.add(leaf_hash(leaf))
        roots.append(tree.root)
    for first in {1, 2, 3, 128, 255, 256, 257, second - 1, second} & set(range(1, second + 1)):
        asked = (first, roots[first], second, log.root)
        assert is_prefix(*asked, log.files.__getitem__)
        assert is_prefix(first, bytes(32), second, log.root, log.files.__getitem__) is False
        assert is_prefix(first, roots[first], second, bytes(32), log.files.__getitem__) is None
    assert is_prefix(0, b"", second, log.root, log.files.__getitem__) is None
