"""People are found by index: who may be the same is found, and nobody else is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_entries import AT, correction_of, entry_for, event, people, person, signs
from sqlalchemy import event as on
from sqlalchemy import text

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database import lookup as seeking
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.ports import Entry, HeldLine, Ledger, Outbox
from cecert.testing import MemoryLedger, SeededRandomness, sample_course, sample_record
from cecert.workflows.issue.plan import participants_of, plan_certificates, signs_of

COURSE = "mbt-2020-10"
ONE, OTHER = License("NY", "LMSW", "1"), License("MA", "LICSW", "2")


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ({"participant_id": "17"}, {"participant_id": "17", "email": "other@example.org"}),
        ({"participant_id": "17", "name": "Ben"}, {"name": "Ana Ruiz"}),
        ({"name": "Ben"}, {"participant_id": "17"}),
        ({"licenses": (ONE,), "email": "old@example.org"}, {"licenses": (OTHER, ONE)}),
        ({"email": "Ana.Ruiz@Example.ORG", "participant_id": "1"}, {"participant_id": "2"}),
    ],
    ids=["identity", "an address that is the asked identity", "an address that is the held one",
         "a licence in common", "name and address"],
)  # fmt: skip
def test_who_may_be_the_same_is_found(
    ledger: Ledger, held: dict[str, object], asked: dict[str, object]
) -> None:
    entry = entry_for(sample_record(**held))
    ledger.enter([entry, person(2), person(3)], AT)
    lines = ledger.held_lines(COURSE, [signs_of(sample_record(**asked))])
    assert [each.certificate_id for each in lines] == [entry.certificate.id]


def test_an_address_that_only_begins_alike_is_not_read(ledger: Ledger) -> None:
    others = [
        entry_for(sample_record(name=f"P{slot}", participant_id=str(slot), email=email), slot=slot)
        for slot, email in enumerate(["a@x.org.uk", "aa@x.org", "a@x.orgs", "a%@x.org", "_@x.org"])
    ]
    ledger.enter(others, AT)
    assert list(ledger.held_lines(COURSE, [signs_of(sample_record(email="a@x.org"))])) == []


def test_more_people_than_one_statement_asks_for_are_found_in_order_of_issue(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "AT_ONCE", 3)
    entered = people(10)
    ledger.enter(entered, AT)
    lines = ledger.held_lines(COURSE, [signs(each) for each in entered[::-1]])
    assert [each.certificate_id for each in lines] == [each.certificate.id for each in entered]
    names = [each.certificate.recipient.participant for each in entered[::-1]]
    assert list(ledger.entries_of(COURSE, names)) == entered


def test_what_was_revoked_is_found_by_identity_and_credit(ledger: Ledger) -> None:
    gone, stands, other = person(1), person(2), person(3)
    ledger.enter([gone, stands, other], AT)
    for each in (gone, other):
        ledger.revoke(each.certificate.id, event("revoked", each))
    who = [each.certificate.recipient.participant for each in (gone, stands)]
    key = (who[0], "ny-social-work")
    assert dict(ledger.revoked_lines(COURSE, who)) == {key: gone.certificate.id}
    assert dict(ledger.revoked_lines("another-course", who)) == {}
    assert dict(ledger.revoked_lines(COURSE, [])) == {}


def test_somebody_s_entries_are_those_of_every_state(ledger: Ledger) -> None:
    old = person(1)
    new = correction_of(old, "Ana Ruíz")
    ledger.enter([old, person(2)], AT)
    ledger.supersede(old.certificate.id, new, event("superseded", old))
    found = ledger.entries_of(COURSE, [old.certificate.recipient.participant])
    assert [each.certificate.id for each in found] == [old.certificate.id, new.certificate.id]


def test_everything_of_somebody_is_theirs_alone_whatever_the_course(ledger: Ledger) -> None:
    courses = [
        replace(sample_course(), id=each) for each in ("zeta", "alpha", "mid", "mbt-2020-10")
    ]
    theirs = [
        entry_for(sample_record(), slot=slot, course=each) for slot, each in enumerate(courses[:3])
    ]
    ledger.enter([person(5), *theirs, person(6)], AT)
    ledger.revoke(theirs[1].certificate.id, event("revoked", theirs[1]))
    participant = theirs[0].certificate.recipient.participant
    found = ledger.everything_of(participant)
    assert [each.certificate for each in found] == [each.certificate for each in theirs]
    assert [each.state.value for each in found] == ["standing", "revoked", "standing"]
    assert list(ledger.everything_of(participant.upper())) == []


def test_mails_of_certificates_are_theirs_alone(ledger: Ledger, outbox: Outbox) -> None:
    entered = people(4)
    ledger.enter(entered, AT)
    asked = [each.certificate.id for each in entered[2:0:-1]]
    assert [each.certificate_id for each in outbox.mails_of(asked)] == asked[::-1]


RECORDS = st.builds(
    sample_record,
    name=st.sampled_from(["Ana Ruiz", "Ben Li", "Ana: Ruiz"]),
    email=st.sampled_from(["a@x.org", "A@X.org", "b@x.org", "a@x.organ"]),
    participant_id=st.sampled_from(["", "17", "18", "a@x.org"]),
    licenses=st.sampled_from([(), (ONE,), (ONE, OTHER), (OTHER,)]),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One ledger for all examples, each of which has a course of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as opened:
        yield opened


@settings(deadline=None, max_examples=150)
@given(st.lists(RECORDS, max_size=6), st.lists(RECORDS, min_size=1, max_size=4))
def test_a_plan_from_what_is_found_is_the_plan_from_all_there_is(
    shared: Database, held: list[CompletionRecord], asked: list[CompletionRecord]
) -> None:
    course = replace(sample_course(), id=f"course-{next(NUMBERS)}")
    memory = MemoryLedger()
    for record in held:
        entry = entry_for(record, slot=next(NUMBERS), course=course)
        assert list(shared.ledger.enter([entry], AT)) == list(memory.enter([entry], AT))
    decisions = [each for one in asked for each in decide(one, course)]
    awards = [each for each in decisions if isinstance(each, Award)]
    found = shared.ledger.held_lines(course.id, {signs_of(each) for each in asked})
    everything = [line for each in memory.entries() for line in _lines(memory, each)]
    people = participants_of(awards)
    assert plan_certificates(people, found) == plan_certificates(people, everything)
    assert set(found) <= set(everything)


NUMBERS = count()


def _lines(ledger: Ledger, entry: Entry) -> list[HeldLine]:
    lines = ledger.held_lines(entry.certificate.course.id, [signs(entry)])
    return [each for each in lines if each.certificate_id == entry.certificate.id]


# What a question costs


def test_every_question_is_answered_by_an_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as database:
        entered = [person(number, licenses=(ONE_OF[number],)) for number in range(100)]
        database.ledger.enter(entered, AT)
        plans = _plans_of(database, entered)
    assert len(plans) >= 8
    scans = [each for each in plans if "SCAN" in each and "CONSTANT ROW" not in each]
    assert scans == []
    # By the course alone all who hold a certificate of it are read.
    assert [each for each in plans if "certificate_course" in each] == []
    forms = [each for each in plans if re.search(r"folded_form .*AND \(?form[=<>]", each)]
    assert len(forms) >= 6  # address, licence and name, in the plan and at the door


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Database]:
    """A ledger on SQLite, also where the other tests have one on a server."""
    url = f"sqlite:///{tmp_path / 'plans.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as opened:
        yield opened


def test_everything_of_somebody_reads_their_own_rows_course_by_course(on_sqlite: Database) -> None:
    database = on_sqlite
    courses = [replace(sample_course(), id=f"c{number}") for number in range(3)]
    database.ledger.enter(
        [entry_for(sample_record(), slot=slot, course=each) for slot, each in enumerate(courses)],
        AT,
    )
    database.ledger.enter(people(20), AT)
    asked: list[tuple[str, object]] = []

    def listen(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if statement.startswith("SELECT") and "FROM ledger" not in statement:
            asked.append((statement, values))

    on.listen(database._engine, "before_cursor_execute", listen)
    found = database.ledger.everything_of("ana.ruiz@example.org")
    on.remove(database._engine, "before_cursor_execute", listen)
    assert len(found) == 3
    # The next course, and the rows of it, for each of four courses; and that there is no fifth.
    assert len(asked) == 9
    with database._engine.connect() as connection:
        plans = [
            step[3]
            for statement, values in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as it was asked
        ]
    assert [each for each in plans if "SCAN" in each] == []
    assert sum("participant=?" in each for each in plans) == 4


ONE_OF = [License("NY", "LMSW", f"{number:06}") for number in range(200)]


def _plans_of(database: Database, entered: list[Entry]) -> list[str]:
    """Return how SQLite finds what each question asks for."""
    asked: list[tuple[str, object]] = []

    def listen(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    engine = database._engine
    on.listen(engine, "before_cursor_execute", listen)
    who = [each.certificate.recipient.participant for each in entered[:2]]
    fresh = [person(1000 + number, licenses=(ONE_OF[100 + number],)) for number in range(3)]
    database.ledger.held_lines(COURSE, [signs(each) for each in entered[:2]])
    database.ledger.revoked_lines(COURSE, who)
    database.ledger.entries_of(COURSE, who)
    database.outbox.mails_of([each.certificate.id for each in entered[:2]])
    database.ledger.free_slots(SeededRandomness(), 3)
    database.ledger.enter(fresh, AT)
    database.ledger.entry(fresh[0].certificate.id)
    on.remove(engine, "before_cursor_execute", listen)
    questions = [each for each in asked if "FROM ledger" not in each[0]]  # its one row
    with engine.connect() as connection:
        return [
            f"{step[3]} in {statement}"
            for statement, values in questions
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as it was asked
        ]


def test_the_condition_for_as_many_people_is_put_together_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str]()

    def counted(words: str) -> object:
        made.append(words)
        return text(words)

    monkeypatch.setattr(seeking, "text", counted)
    for first in (100, 200, 300):
        asked = [signs(person(number)) for number in range(first, first + 37)]
        ledger.held_lines(COURSE, asked)
    assert len(made) <= 2  # of addresses and of names, if nobody asked for as many before
