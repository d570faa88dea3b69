"""Certificates are found by what somebody typed, as quickly whatever else is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_entries import AT, entry_for, person
from sqlalchemy import event as on

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.domain.people.person import License
from cecert.domain.people.search import PersonSearch
from cecert.ports import Entry, Ledger
from cecert.testing import MemoryLedger, sample_record

PEOPLE = (
    (
        "Dr. Ana O\u2019Brien-Ruíz, LCSW",
        "Ana.Ruiz@Example.ORG",
        (License("NY", "LCSW-R", "012345"),),
    ),
    ("Ana María Díaz", "ana@example.net", (License("MA", "LICSW", "12345"),)),
    ("Jörg Müller", "jm@example.org", ()),
    ("田中 花子", "hanako@example.jp", ()),
    ("Ben Okafor", "ben.okafor@example.org", (License("NY", "LMSW", "099"),)),
    ("李 小龍", "lee@example.org", ()),
    ("김철수", "kim@example.org", ()),
    ("マイケル・ジャクソン", "michael@example.jp", ()),
)


FOUND: tuple[tuple[str, list[int] | None], ...] = (
    ("ana", [1, 0]),
    ("ANA obrien", [0]),
    ("o'brien", [0]),
    ("ruiz ana", [0]),
    ("Diaz", [1]),
    ("mueller", [2]),
    ("Mull jorg", [2]),
    ("dr. ruiz", [0]),
    ("花子", [3]),
    ("田中花子", [3]),
    ("田中花", [3]),
    ("李小龍", [5]),
    ("李 小龍", [5]),
    ("李小 龍", [5]),
    ("小龍", [5]),
    ("李龍", []),
    ("김 철수", [6]),
    ("김철수", [6]),
    ("マイケルジャクソン", [7]),
    ("李小龍 ana", []),
    ("ana.ruiz@example.org", [0]),
    ("ANA@", [1]),
    ("jm", [2]),
    ("NY LCSW-R 012345", [0]),
    ("ny lcswr 12345", [0]),
    ("12345", [1, 0]),
    ("NY 12345", [0]),
    ("licsw 012345", [1]),
    ("99", [4]),
    ("@example.org", []),
    ("nobody", []),
    ("an%", [1, 0]),
    ("_", None),
    ("  ", None),
    ("x" * 201, None),
)
"""Who is found by what was typed; None for what cannot be looked for."""


def entries() -> list[Entry]:
    return [
        entry_for(
            sample_record(participant_id=str(slot), name=name, email=email, licenses=licenses),
            slot=slot,
        )
        for slot, (name, email, licenses) in enumerate(PEOPLE)
    ]


@pytest.mark.parametrize(("typed", "found"), FOUND)
def test_people_are_found_by_part_of_a_name_address_and_licence(
    ledger: Ledger, typed: str, found: list[int] | None
) -> None:
    ledger.enter(entries(), AT)
    if found is None:
        with pytest.raises(ValueError, match=r"no letter and no digit|200 are the most"):
            PersonSearch.of(typed)
        return
    shown = ledger.find(PersonSearch.of(typed), 10)
    assert [each.certificate.recipient.participant for each in shown] == list(map(str, found))


def test_the_beginning_of_an_id_finds_it_however_it_is_typed(ledger: Ledger) -> None:
    ledger.enter([person(number) for number in range(1, 9)], AT)
    wanted = ledger.entries()[3].certificate.id
    for typed in (wanted.text, wanted.text[:12].lower(), wanted.text.replace("-", " ")[:13]):
        assert [each.certificate.id for each in ledger.find(PersonSearch.of(typed), 5)] == [wanted]


def test_the_newest_come_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    ledger.enter(entries(), AT)
    (shown,) = ledger.find(PersonSearch.of("ana"), 1)
    assert shown.certificate.recipient.participant == "1"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A ledger with the people, for tests that change nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as opened:
        opened.ledger.enter(entries(), AT)
        yield opened


def test_another_provider_s_people_are_not_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as one, open_database(url, "other") as other:
        one.ledger.enter(entries(), AT)
        assert len(one.ledger.find(PersonSearch.of("ana"), 5)) == 2
        assert list(other.ledger.find(PersonSearch.of("ana"), 5)) == []


TYPED = st.one_of(
    st.text(max_size=12),
    st.sampled_from([part for name, email, _ in PEOPLE for part in (*name.split(), email)]).flatmap(
        lambda word: st.integers(1, len(word)).map(lambda end: word[:end])
    ),
    st.text("李小龍田中花子김철수", min_size=1, max_size=5),
)


@settings(max_examples=60)
@given(st.lists(TYPED, min_size=1, max_size=3).map(" ".join))
def test_what_is_found_by_index_is_what_reading_everything_finds(
    shared: Database, typed: str
) -> None:
    try:
        search = PersonSearch.of(typed)
    except ValueError:
        return
    memory = MemoryLedger()
    memory.enter(entries(), AT)
    wanted = [each.certificate.id for each in memory.find(search, 9)]
    assert [each.certificate.id for each in shared.ledger.find(search, 9)] == wanted


def test_nothing_is_read_but_stretches_of_an_index(shared: Database) -> None:
    asked: list[tuple[str, object]] = []

    def listen(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if statement.startswith("SELECT") and "FROM ledger" not in statement:
            asked.append((statement, values))

    engine = shared._engine
    on.listen(engine, "before_cursor_execute", listen)
    for typed in ("ana ruiz", "ana@", "NY LCSW 12345", "3K50", "李小龍", "マイケルジャクソン"):
        shared.ledger.find(PersonSearch.of(typed), 5)
    on.remove(engine, "before_cursor_execute", listen)
    with engine.connect() as connection:
        plans = [
            step[3]
            for statement, values in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as it was asked
        ]
    assert [each for each in plans if re.match("SCAN (certificate|folded_form|outbox)", each)] == []
    assert sum("form>" in each or "form=" in each for each in plans) >= 4
    assert any("id>" in each for each in plans)
