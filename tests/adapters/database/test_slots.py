"""Places in status lists, and how many certificates are entered at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from ledger_entries import AT, entry_for, people, person

from cecert.adapters.clock import SystemRandomness
from cecert.adapters.database import ledger as records
from cecert.adapters.database import open_database
from cecert.domain.certificate.certificate import StatusSlot
from cecert.ports import EntryResult
from cecert.testing import sample_record


@dataclass
class Numbers:
    """Chance that is none: the numbers it was given, one after the other."""

    numbers: list[int] = field(default_factory=list)

    def below(self, bound: int) -> int:
        number = self.numbers.pop(0)
        assert number < bound
        return number


def test_a_slot_that_is_taken_is_not_chosen(url: str) -> None:
    with open_database(url, "example-ssw") as database:
        database.ledger.enter([person(1)], AT)
        taken = person(1).certificate.slot.index
        chance = Numbers([taken, taken, 131_071])
        assert database.ledger.free_slots(chance, 1) == [StatusSlot(1, 131_071)]


def test_a_list_that_is_half_full_is_followed_by_the_next(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "FULL", 3)
    with open_database(url, "example-ssw") as database:
        database.ledger.enter(people(2), AT)
        assert database.ledger.free_slots(Numbers([5]), 1) == [StatusSlot(1, 5)]
        database.ledger.enter([person(3)], AT)
        assert database.ledger.free_slots(Numbers([5]), 1) == [StatusSlot(2, 5)]
        database.ledger.enter([entry_for(sample_record(), slot=5, list_id=2)], AT)
        assert database.ledger.free_slots(Numbers([5, 6]), 1) == [StatusSlot(2, 6)]


def test_threads_are_given_as_many_slots_as_each_asked_for(url: str) -> None:
    with open_database(url, "example-ssw") as database, ThreadPoolExecutor(6) as pool:
        found = list(
            pool.map(lambda _: database.ledger.free_slots(SystemRandomness(), 30), range(6))
        )
    assert [len(set(each)) for each in found] == [30] * 6


def test_a_group_has_a_hundred_certificates_at_most(url: str) -> None:
    with open_database(url, "example-ssw") as database:
        with pytest.raises(ValueError, match="101 entries in one group"):
            database.ledger.enter(people(101), AT)
        assert set(database.ledger.enter(people(100), AT)) == {EntryResult.ENTERED}
