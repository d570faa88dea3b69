"""One person gets one certificate, and who may be one person is asked for: every case there is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_entries import AT, correction_of, entry_for, event

from cecert.adapters.completion_list import read_completions
from cecert.adapters.database import Database, create_ledger, open_database
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.people.person import License
from cecert.errors import Fault, IssueError
from cecert.ports import Entry, EntryResult, Ledger
from cecert.testing import MemoryLedger, MemoryOffice, sample_course, sample_record
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.issue import issue
from cecert.workflows.issue.plan import signs_of

NUMBERS = count(1)
ONE, OTHER = License("NY", "LMSW", "033333"), License("NY", "LMSW", "044444")
LICENSES = {
    "equal": ((ONE,), (License("NY", "Lmsw", "33333"),)),
    "different": ((ONE,), (OTHER,)),
    "on one": ((ONE,), ()),
    "none": ((), ()),
}
FIRST = "Ana O'Brien-Ruíz"
NAMES = {"equal": FIRST, "folded": "Dr. ANA O\u2019Brien Ruiz", "other": "Luis Prado"}
ADDRESSES = {"equal": "Ana@Example.org", "other": "second@example.org"}
IDS = {"equal": ("P1", "P1"), "other": ("P1", "P2"), "on one": ("", "P2"), "none": ("", "")}
HEADER = (
    "participant_id", "name", "email", "credentials", "licenses", "attended", "visible",
    "evaluation", "attestation", "fee_paid", "different_from",
)  # fmt: skip
CELLS = list(product(LICENSES, NAMES, ADDRESSES, IDS))


def right(licence: str, name: str, address: str, number: str) -> str:
    """Return what is right for a second row, by the figures of ADR 4."""
    if number == "equal" or (number == "none" and address == "equal"):
        return "same identity"
    if number == "on one" and address == "equal":
        return "refused"  # the address is one person's
    table = {
        # (name, licence): at another address, and at the same one with two ids
        ("equal", "equal"): ("refused", "refused"),
        ("equal", "different"): ("issued", "refused"),
        ("equal", "on one"): ("question", "refused"),
        ("equal", "none"): ("question", "refused"),
        ("folded", "equal"): ("refused", "refused"),
        ("folded", "different"): ("issued", "question"),
        ("folded", "on one"): ("question", "question"),
        ("folded", "none"): ("question", "question"),
        ("other", "equal"): ("question", "question"),
        ("other", "different"): ("issued", "issued"),
        ("other", "on one"): ("issued", "issued"),
        ("other", "none"): ("issued", "issued"),
    }
    return table[name, licence][address == "equal"]


def two(licence: str, name: str, address: str, number: str) -> tuple[CompletionRecord, ...]:
    """Return the two records of a cell."""
    licenses, ids = LICENSES[licence], IDS[number]
    first = sample_record(
        name=FIRST, email="ana@example.org", licenses=licenses[0], participant_id=ids[0]
    )
    second = sample_record(
        name=NAMES[name], email=ADDRESSES[address], licenses=licenses[1], participant_id=ids[1]
    )
    return replace(first, place="row 2"), replace(second, place="row 3")


def apart(record: CompletionRecord, other: CompletionRecord) -> CompletionRecord:
    return replace(record, different_from=(other.identity,))


def awards_of(records: Sequence[CompletionRecord], course: Course) -> list[Award]:
    decisions = [each for record in records for each in decide(record, course)]
    return [each for each in decisions if isinstance(each, Award)]


def as_told(faults: Sequence[Fault]) -> str:
    asked = all("different_from" in each.remedy for each in faults)
    return "question" if asked else "refused"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One ledger for all cells, each of which has a course of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cells') / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as opened:
        yield opened


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, database: Database) -> Ledger:
    """A ledger that holds nothing of the course."""
    return MemoryLedger() if request.param == "memory" else database.ledger


@pytest.fixture
def course() -> Course:
    """A course that nobody holds a certificate of."""
    return replace(sample_course(), id=f"course-{next(NUMBERS)}")


def listed(records: Sequence[CompletionRecord], course: Course, folder: Path) -> str:
    """Return what becomes of a list of *records*: what `decide` and `issue` say of it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for each in records:
        licenses = "; ".join(map(str, each.licenses))
        writer.writerow(
            (each.participant_id, each.name, each.email, "ny-social-work", licenses, "all", "yes",
             "2020-10-30", "2020-10-30", "yes", ";".join(each.different_from))
        )  # fmt: skip
    path = folder / "completions.csv"
    path.write_text(text.getvalue(), "utf-8")
    found = read_completions(path, course, frozenset({"ny-social-work"}), AT)
    office = MemoryOffice()
    if found.faults:
        assert {each.place for each in found.faults} <= {
            f"completions.csv: row 3, column {each}"
            for each in ("participant_id", "email", "licenses")
        }
        assert all("row 2 is " in str(each) for each in found.faults)
        return "refused"
    awards = awards_of(found.records, course)
    batch = check_batch(awards, office.desk())
    if batch.faults:
        (fault,) = batch.faults
        assert fault.place == "row 3"
        assert "row 2, " in fault.problem
        for record in records:
            assert f"{record.name} <{record.email}>" in f"{fault.value} {fault.problem}"
        with pytest.raises(IssueError, match="nothing was issued"):
            issue(awards, office.desk())
        assert office.ledger.count() == 0
        assert batch.refused == {each.identity for each in records}
        return as_told(batch.faults)
    assert len(issue(awards, office.desk()).issued) == 2
    return "issued"


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_two_rows_of_a_list(
    cell: tuple[str, str, str, str], course: Course, tmp_path: Path
) -> None:
    first, second = two(*cell)
    expected = right(*cell).replace("same identity", "refused")
    answers = "issued" if expected == "question" else expected
    assert listed([first, second], course, tmp_path) == expected
    assert listed([first, apart(second, first)], course, tmp_path) == answers
    assert listed([apart(first, second), second], course, tmp_path) == answers


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_a_row_and_somebody_who_holds_a_certificate(
    cell: tuple[str, str, str, str], course: Course, ledger: Ledger
) -> None:
    first, second = two(*cell)
    desk = replace(MemoryOffice().desk(), ledger=ledger)
    assert len(issue(awards_of([first], course), desk).issued) == 1
    expected = right(*cell)
    if expected == "same identity":
        batch = check_batch(awards_of([second], course), desk)
        if cell[1] == "equal":
            assert [each.name for each in batch.already] == [FIRST]
        else:
            assert "under the name" in str(batch.faults[0])
        return
    batch = check_batch(awards_of([second], course), desk)
    assert (as_told(batch.faults) if batch.faults else "issued") == expected
    for fault in batch.faults:
        assert fault.place == "row 3"
        for record in (first, second):
            assert f"{record.name} <{record.email}>" in f"{fault.value} {fault.problem}"
    answered = check_batch(awards_of([apart(second, first)], course), desk)
    assert bool(answered.faults) == (expected == "refused")
    if not answered.faults:
        report = issue(awards_of([apart(second, first)], course), desk)
        assert len(report.issued) == 1
        # What was issued once is not asked about again.
        assert len(check_batch(awards_of([second], course), desk).already) == 1


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_two_entries_that_meet_in_the_ledger(
    cell: tuple[str, str, str, str], course: Course, ledger: Ledger
) -> None:
    first, second = two(*cell)
    expected = {
        "issued": EntryResult.ENTERED,
        "same identity": EntryResult.HELD,
    }.get(right(*cell), EntryResult.OTHER_IDENTITY)
    mine, theirs = entered(first, course), entered(second, course)
    assert list(ledger.enter([mine], AT)) == [EntryResult.ENTERED]
    assert list(ledger.enter([theirs], AT)) == [expected]
    if right(*cell) == "question":
        assert list(ledger.enter([entered(apart(second, first), course)], AT)) == [
            EntryResult.ENTERED
        ]
    ledger.revoke(mine.certificate.id, event("revoked", mine))
    again = list(ledger.enter([theirs], AT))
    assert again in ([EntryResult.ENTERED], [EntryResult.HELD])  # whom it was about is gone


@pytest.mark.parametrize("cell", CELLS, ids="-".join)
def test_two_entries_of_one_group(
    cell: tuple[str, str, str, str], course: Course, ledger: Ledger
) -> None:
    first, second = two(*cell)
    expected = {
        "issued": EntryResult.ENTERED,
        "same identity": EntryResult.HELD,
    }.get(right(*cell), EntryResult.OTHER_IDENTITY)
    results = ledger.enter([entered(first, course), entered(second, course)], AT)
    assert list(results) == [EntryResult.ENTERED, expected]


def entered(record: CompletionRecord, course: Course) -> Entry:
    # A list of its own: `issue` takes slots by chance, and one ledger serves all cells.
    entry = entry_for(record, slot=7, list_id=next(NUMBERS), course=course)
    return replace(entry, different_from=signs_of(record).different_from)


def test_three_rows_with_one_licence_get_no_certificate(course: Course) -> None:
    names = ("Ana O'Brien", "ANA O'BRIEN", "Ana O\u2019Brien")
    rows = [
        sample_record(name=name, email=f"ana{number}@example.org", licenses=(ONE,))
        for number, name in enumerate(names)
    ]
    office = MemoryOffice()
    batch = check_batch(awards_of(rows, course), office.desk())
    assert len(batch.faults) == 2
    assert batch.without_refused().certificates == ()
    with pytest.raises(IssueError):
        issue(awards_of(rows, course), office.desk())
    assert office.ledger.count() == 0


def test_a_name_that_an_umlaut_or_what_follows_it_spells_in_two_ways_is_one(
    course: Course, ledger: Ledger
) -> None:
    desk = replace(MemoryOffice().desk(), ledger=ledger)
    pairs = [("Jörg Müller", "Joerg Mueller, LCSW"), ("Åse Lie, Ph.D.", "Ase Lie")]
    for number, names in enumerate(pairs):
        records = [
            sample_record(name=name, email=f"{number}{index}@example.org")
            for index, name in enumerate(names)
        ]
        issue(awards_of(records[:1], course), desk)
        (fault,) = check_batch(awards_of(records[1:], course), desk).faults
        assert "has the name of" in fault.problem
    near = sample_record(name="Jorg Mueler", email="near@example.org")
    assert check_batch(awards_of([near], course), desk).faults == ()


def test_who_holds_a_certificate_is_not_asked_about_for_a_further_one(
    course: Course, ledger: Ledger
) -> None:
    desk = replace(MemoryOffice().desk(), ledger=ledger)
    first = sample_record(email="first@example.org")
    second = apart(sample_record(email="second@example.org"), first)
    issue(awards_of([first, second], course), desk)
    further = replace(second, different_from=(), credentials=("apa-psychology",))
    assert len(issue(awards_of([first, further], course), desk).issued) == 1


def test_a_correction_is_refused_for_one_person_and_not_for_a_question(
    course: Course, ledger: Ledger
) -> None:
    ana = entered(sample_record(licenses=(ONE,)), course)
    namesake = entered(sample_record(name="Ana Ruis", email="b@example.org"), course)
    again = entered(
        sample_record(name="Bo Li", email="c@example.org", licenses=(ONE,), different_from=(
            "ana.ruiz@example.org",)), course)  # fmt: skip
    assert set(ledger.enter([ana, namesake, again], AT)) == {EntryResult.ENTERED}
    told = correction_of(namesake, "Ana Ruiz", slot=next(NUMBERS))
    assert ledger.supersede(namesake.certificate.id, told, event("superseded", namesake)) is (
        EntryResult.ENTERED
    )
    one = correction_of(again, "ANA RUIZ", slot=next(NUMBERS))
    assert ledger.supersede(again.certificate.id, one, event("superseded", again)) is (
        EntryResult.OTHER_IDENTITY
    )


PEOPLE = st.builds(
    sample_record,
    name=st.sampled_from(
        ["Ana Ruiz", "ANA RUÍZ", "Dr. Ana-Ruiz", "Ana Ruiz, LCSW", "Ana Ruizo", "Jörg Li",
         "Joerg Li", "Li", "De La Cruz", "Delacruz"]
    ),
    email=st.sampled_from(["a@x.org", "A@X.org", "b@x.org", "c@x.org"]),
    participant_id=st.sampled_from(["", "17", "18"]),
    licenses=st.sampled_from([(), (ONE,), (License("NY", "LMSW", "33333"),), (OTHER, ONE)]),
    different_from=st.sampled_from([(), (), ("17",), ("B@x.org",)]),
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(PEOPLE, max_size=6), st.lists(PEOPLE, min_size=1, max_size=4))
def test_both_ledgers_find_and_judge_alike(
    database: Database, held: list[CompletionRecord], asked: list[CompletionRecord]
) -> None:
    course = replace(sample_course(), id=f"course-{next(NUMBERS)}")
    memory = MemoryLedger()
    for record in held:
        entry = entered(record, course)
        assert list(database.ledger.enter([entry], AT)) == list(memory.enter([entry], AT))
    awards = awards_of(asked, course)
    plans = []
    for each in (database.ledger, memory):
        batch = check_batch(awards, replace(MemoryOffice().desk(), ledger=each))
        plans.append((batch.faults, batch.already, batch.refused, len(batch.certificates)))
    assert plans[0] == plans[1]
