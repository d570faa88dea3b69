"""Planning: looking up what is held finds what reading all of it finds."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from cecert import Award, decide
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.people.person import License, identity_marks
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import HeldLine
from cecert.testing import sample_course, sample_record
from cecert.workflows.issue.contradictions import KnownLines, against
from cecert.workflows.issue.plan import participants_of, plan_certificates, signs_of

TYPES = ("ny-social-work", "apa-psychology")
COURSE = sample_course()
LICENSES = st.sampled_from([(), (License("NY", "LMSW", "1"),), (License("MA", "LICSW", "1"),)])
RECORDS = st.builds(
    sample_record,
    name=st.sampled_from(["Ana Ruiz", "Luis Ruiz"]),
    email=st.sampled_from(["ana@example.org", "Ana@Example.org", "luis@example.org"]),
    participant_id=st.sampled_from(["", "1", "2"]),
    licenses=LICENSES,
    credentials=st.sampled_from([TYPES, TYPES[:1]]),
)


@st.composite
def held_lines(draw: st.DrawFn) -> list[HeldLine]:
    """Draw what a few people hold."""
    return [line(each, index) for index, each in enumerate(draw(st.lists(RECORDS, max_size=5)))]


def line(record: CompletionRecord, number: int) -> HeldLine:
    return HeldLine(
        participant=record.identity,
        name=record.name,
        email=record.email,
        marks=identity_marks(record.name, record.email, record.licenses),
        credential=TYPES[number % 2],
        certificate_id=CertificateId(number.to_bytes(10)),
    )


@settings(max_examples=100, deadline=None)
@given(RECORDS, held_lines())
def test_the_first_contradiction_is_the_one_that_reading_all_lines_finds(
    record: CompletionRecord, held: Sequence[HeldLine]
) -> None:
    awards = [each for each in decide(record, COURSE) if isinstance(each, Award)]
    (participant,) = participants_of(awards)
    settled = any(each.participant == record.identity for each in held)
    found = (against(participant, each, settled=settled) for each in held)
    expected = next((each for each in found if each), None)
    plan = plan_certificates([participant], held)
    assert list(plan.faults) == ([] if expected is None else [expected])
    if expected is None:
        own = [each for each in held if each.participant == record.identity]
        assert list(plan.already) == [each for each in own if each.credential in record.credentials]


def test_a_record_is_compared_with_those_that_could_be_the_same_person_alone() -> None:
    people = [sample_record(name=f"P {n}", email=f"p{n}@example.org") for n in range(50)]
    known = KnownLines([line(each, number) for number, each in enumerate(people)])
    assert [[each.name for each in known.lines_near(signs_of(p))] for p in people] == [
        [each.name] for each in people
    ]
