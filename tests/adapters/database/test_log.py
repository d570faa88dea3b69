"""The log in a ledger's database: read in order, ticked by one alone, taken back as it was."""

from __future__ import annotations

import pytest
from ledger_entries import AT, people

from cecert.adapters.database import Database, log
from cecert.domain.log.index import IndexBuilder
from cecert.domain.log.leaf import Leaf, LeafKind, kind_and_instant
from cecert.errors import LedgerError

TICK = IndexBuilder().finish(dict[int, bytes]().__setitem__).tick(int(AT.timestamp()))


def test_leaves_are_read_in_order_from_any_place(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "CHUNK", 2)  # so that several chunks are read
    assert (database.log.size(), list(database.log.leaves())) == (0, [])
    database.ledger.enter(people(5), AT)
    leaves = list(database.log.leaves())
    assert [kind_and_instant(each)[0] for each in leaves] == [
        LeafKind.START,
        *[LeafKind.ISSUED] * 5,
    ]
    assert database.log.size() == len(leaves)
    assert list(database.log.leaves(4)) == leaves[4:]
    assert [database.log.leaf(each) for each in (0, 5, 6)] == [leaves[0], leaves[5], None]


def test_of_two_ticks_for_one_place_the_second_is_not_added(database: Database) -> None:
    database.ledger.enter(people(1), AT)
    assert database.log.add_tick(2, TICK)
    assert not database.log.add_tick(2, TICK)
    assert not database.log.add_tick(7, TICK)
    assert list(database.log.leaves(2)) == [TICK.encoded]
    assert list(database.ledger.irregularities()) == []


def test_leaves_that_were_published_are_taken_back_and_wait_to_be_done_again(
    database: Database,
) -> None:
    database.ledger.enter(people(1), AT)
    later = int(AT.timestamp()) + 60
    lost = Leaf(LeafKind.REVOKED, later, LeafKind.REVOKED.subject(b"payload"))
    with pytest.raises(LedgerError, match="while its log was taken back"):
        database.log.adopt(1, [lost.encoded])
    with pytest.raises(ValueError, match="array of a leaf"):
        database.log.adopt(2, [lost.encoded, b"\x80"])
    assert database.log.size() == 2
    database.log.adopt(2, [lost.encoded, TICK.encoded])
    assert list(database.log.leaves(2)) == [lost.encoded, TICK.encoded]
    (told, dated) = [each.sentence for each in database.ledger.irregularities()]
    assert "dated before the leaf above it" in told
    assert "a certificate was revoked, and this ledger does not know which" in dated
