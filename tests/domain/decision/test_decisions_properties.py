"""What holds of every decision, whatever the evidence and the course ask.

Issue 2, 3: "All sessions in full or nothing: no partial credit." "A Denial that lists
every shortfall."
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.course.course import Course
from cecert.domain.course.credit_line import Requirements
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, Denial, ShortfallKind, decide
from cecert.testing import sample_course, sample_record

SESSIONS = frozenset({"day-1", "day-2"})
AFTER = date(2020, 10, 30)

REQUIREMENTS = st.builds(
    Requirements,
    visible=st.booleans(),
    evaluation=st.booleans(),
    attestation=st.booleans(),
    fee=st.booleans(),
    post_test=st.none() | st.sampled_from([Decimal(75), Decimal(80)]),
    roles=st.frozensets(st.sampled_from(["instructor", "staff"])),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    course = sample_course()
    lines = tuple(replace(line, requirements=draw(REQUIREMENTS)) for line in course.credit_lines)
    return replace(course, requirements=draw(REQUIREMENTS), credit_lines=lines)


@st.composite
def records(draw: st.DrawFn) -> CompletionRecord:
    offered = ["ny-social-work", "ma-social-work", "apa-psychology", "attendance", "nbcc"]
    return sample_record(
        credentials=tuple(draw(st.lists(st.sampled_from(offered), unique=True))),
        attended=draw(st.frozensets(st.sampled_from(["day-1", "day-2", "day-3"]))),
        visible=draw(st.sampled_from([True, False, None])),
        evaluation=draw(st.sampled_from([None, date(2020, 10, 1), AFTER])),
        attestation=draw(st.sampled_from([None, AFTER])),
        post_test=draw(st.none() | st.decimals(0, 100, places=1)),
        fee_paid=draw(st.sampled_from([True, False, None])),
        role=draw(st.sampled_from(["", "participant", "instructor", "staff", "host"])),
        review=draw(st.sampled_from(["", "who is iPhone?"])),
    )


def lacking(record: CompletionRecord, asked: Requirements) -> set[ShortfallKind]:
    """Say what a record lacks, each requirement on its own, as a person would check a list."""
    mark, score = asked.post_test, record.post_test
    answers = {
        ShortfallKind.ROLE: record.role in {"", "participant"} | asked.roles,
        ShortfallKind.REVIEW_PENDING: record.review == "",
        ShortfallKind.ATTENDANCE: record.attended >= SESSIONS,
        ShortfallKind.VISIBILITY: not asked.visible or record.visible is True,
        ShortfallKind.EVALUATION: not asked.evaluation or record.evaluation is not None,
        ShortfallKind.ATTESTATION: not asked.attestation or record.attestation is not None,
        ShortfallKind.POST_TEST: mark is None or (score is not None and score >= mark),
        ShortfallKind.FEE: not asked.fee or record.fee_paid is True,
    }
    return {kind for kind, met in answers.items() if not met}


@given(records(), courses())
def test_nobody_is_awarded_without_all_sessions(record: CompletionRecord, course: Course) -> None:
    for decision in decide(record, course):
        if isinstance(decision, Award):
            assert record.attended >= SESSIONS
            assert decision.line.hours == Decimal(6)  # in full, never a part


@given(records(), courses())
def test_a_denial_lists_every_shortfall_and_nothing_else(
    record: CompletionRecord, course: Course
) -> None:
    for decision in decide(record, course):
        line = course.credit_for(decision.credential)
        missing = lacking(record, line.requirements if line else course.requirements)
        if line is None:
            missing |= {ShortfallKind.CREDENTIAL_NOT_OFFERED}
        found = (
            {each.kind for each in decision.shortfalls} if isinstance(decision, Denial) else set()
        )
        assert found == missing


@given(records(), courses())
def test_each_session_missed_is_told_with_its_date(
    record: CompletionRecord, course: Course
) -> None:
    for decision in decide(record, course):
        if isinstance(decision, Denial):
            told = [s for s in decision.shortfalls if s.kind is ShortfallKind.ATTENDANCE]
            figures = [dict(each.figures)["session"] for each in told]
            assert set(figures) == SESSIONS - record.attended
            assert len(figures) == len(set(figures))


@given(records(), courses())
def test_each_credential_type_asked_for_is_decided_once_in_order(
    record: CompletionRecord, course: Course
) -> None:
    decided = [each.credential for each in decide(record, course)]
    assert decided == list(record.credentials or ("attendance",))


MORE_EVIDENCE = {
    "attended": SESSIONS | {"day-3"},
    "visible": True,
    "evaluation": AFTER,
    "attestation": AFTER,
    "post_test": Decimal(100),
    "fee_paid": True,
    "review": "",
}


@settings(max_examples=200)
@given(records(), courses(), st.sets(st.sampled_from(sorted(MORE_EVIDENCE))))
def test_more_evidence_never_turns_an_award_into_a_denial(
    record: CompletionRecord, course: Course, added: set[str]
) -> None:
    more = replace(record, **{name: MORE_EVIDENCE[name] for name in added})  # type: ignore[arg-type]  # fields of a record
    for before, after in zip(decide(record, course), decide(more, course), strict=True):
        if isinstance(before, Award):
            assert isinstance(after, Award)
        elif isinstance(after, Denial):
            assert {each.kind for each in after.shortfalls} <= {e.kind for e in before.shortfalls}


@given(records(), courses())
def test_every_shortfall_can_be_read_aloud(record: CompletionRecord, course: Course) -> None:
    for decision in decide(record, course):
        for shortfall in decision.shortfalls if isinstance(decision, Denial) else ():
            assert shortfall.sentence[0].isupper()
            assert shortfall.sentence.endswith(".")
            assert "None" not in shortfall.sentence
            assert shortfall.figures


@given(records(), courses())
def test_requirements_are_met_on_the_last_session_or_later(
    record: CompletionRecord, course: Course
) -> None:
    for decision in decide(record, course):
        if isinstance(decision, Award):
            assert decision.requirements_met_on >= course.credit_date
