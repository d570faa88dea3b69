"""Authorisation: which claims load, which stop a course, and which only warn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from claims import APPROVAL, OFFER, OFFERING, REGIME, afternoon, authorised
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.course.approval import Approval, ApprovalStatus
from cecert.domain.course.approval_use import (
    approval_findings,
    findings_of_approvals,
    token_provider_of,
)
from cecert.domain.course.authorisation import Authorised
from cecert.domain.course.course import AttendanceRule, CoSponsor
from cecert.domain.course.credit_line import Category
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.regime import (
    Figure,
    NumberPolicy,
    RuleSource,
    StatementTemplate,
    TokenProvider,
)
from cecert.domain.values.findings import Finding, Severity
from cecert.errors import Fault

SPONSOR = "Amego Prepare"


def told(result: Authorised) -> list[tuple[str, str]]:
    return [(each.severity.value, each.message) for each in result.findings]


def only_error(result: Authorised) -> str:
    assert result.line is None
    (message,) = (each.message for each in result.findings if each.severity is Severity.ERROR)
    return message


def test_a_claim_with_nothing_against_it_becomes_a_line() -> None:
    result = authorised()
    assert result.findings == ()
    line = result.line
    assert line is not None
    assert (line.credential, line.code, line.hours, line.unit) == (
        "invented", 64, Decimal(6), "contact hours",
    )  # fmt: skip
    assert (line.number, line.token_provider) == ("7", "7")
    assert line.statement == "Example College School for Social Work #7."
    assert line.awarded_by == "Example College School for Social Work"
    assert line.retention_years == 5


def test_a_finding_is_a_fault_with_its_place() -> None:
    finding = Finding(Severity.ERROR, "course.toml: credit[x]", "is wrong")
    assert finding.fault == Fault("course.toml: credit[x]", "", "is wrong")


# Hours


@pytest.mark.parametrize("minutes", [50, 55, 60])
def test_a_primary_figure_of_the_regime_binds_from_its_first_minute(minutes: int) -> None:
    regime = replace(REGIME, hour_minutes=Figure(minutes, RuleSource.PRIMARY, "s"))
    most = (Decimal(360) / minutes).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    assert authorised(regime=regime, offer=replace(OFFER, hours=most)).line
    above = authorised(regime=regime, offer=replace(OFFER, hours=most + Decimal("0.01")))
    assert "360 scheduled minutes less breaks make" in only_error(above)


@pytest.mark.parametrize("evidence", [RuleSource.SECONDARY, RuleSource.UNVERIFIED])
def test_a_figure_nobody_has_read_only_warns(evidence: RuleSource) -> None:
    regime = replace(REGIME, hour_minutes=Figure(60, evidence, "hearsay"))
    result = authorised(regime=regime, offer=replace(OFFER, hours=Decimal("6.5")))
    assert result.line
    assert told(result)[0] == (
        "warning",
        (
            f"6.5 hours are above an hour of 60 minutes ({evidence.value}: hearsay): 360 scheduled "
            "minutes less breaks make 6 at 60 minutes an hour; ask the board which hour it counts, "
            "or claim no more than that"
        ),
    )


def test_a_shorter_hour_of_a_regime_does_not_raise_the_ceiling() -> None:
    regime = replace(REGIME, hour_minutes=Figure(45, RuleSource.PRIMARY, "s"))
    result = authorised(regime=regime, offer=replace(OFFER, hours=Decimal("7.5")))
    assert "7.5 hours are above the ceiling" in only_error(result)


def test_without_a_figure_of_the_regime_the_ceiling_alone_binds() -> None:
    regime = replace(REGIME, hour_minutes=None)
    assert authorised(regime=regime, offer=replace(OFFER, hours=Decimal("7.2"))).line
    assert authorised(regime=regime, offer=replace(OFFER, hours=Decimal(6))).findings == ()


@pytest.mark.parametrize("minutes", [None, 50])
def test_more_credit_than_the_clock_has_is_told_in_plain_words(minutes: int | None) -> None:
    figure = None if minutes is None else Figure(minutes, RuleSource.PRIMARY, "s")
    regime = replace(REGIME, hour_minutes=figure)
    bare = replace(OFFERING, sessions=tuple(replace(e, breaks=()) for e in OFFERING.sessions))
    result = authorised(regime=regime, offering=bare, offer=replace(OFFER, hours=Decimal("7.75")))
    assert result.line
    assert told(result) == [
        (
            "warning",
            (
                "7.75 hours of credit for 390 minutes without breaks, which are 6.5 hours on the "
                "clock: make sure that every break is entered, and that an hour of 50 minutes "
                "counts here"
            ),
        )
    ]


def test_what_is_held_has_no_more_hours_than_its_dates() -> None:
    """One session from Thursday to Sunday is one date, and 72 hours of minutes."""
    first = OFFERING.sessions[0]
    long = replace(OFFERING, sessions=(replace(first, end=first.start + timedelta(days=3)),))
    regime = replace(REGIME, hour_minutes=None)
    held = authorised(regime=regime, offering=long, offer=replace(OFFER, hours=Decimal("28.8")))
    assert held.line
    more = authorised(regime=regime, offering=long, offer=replace(OFFER, hours=Decimal("28.81")))
    assert "28.81 hours are more than the session dates can hold (1, together 28.8 at most)" in (
        only_error(more)
    )


def test_a_tolerance_counts_for_each_session() -> None:
    # Twice 1801 seconds leave 299.97 minutes, and six hours need 300 at 50.
    rule = AttendanceRule(0, 0, 0, absent_total=1801, jitter=0, jitter_total=0)
    (warned,) = told(authorised(offering=replace(OFFERING, attendance_rule=rule)))
    assert warned == (
        "warning",
        (
            "6 hours need 300 minutes at 50 an hour; who misses the 60.03 minutes that "
            "absent_total lets pass is there for 299.97, which are 5.99 hours"
        ),
    )
    exact = replace(rule, absent_total=1800)
    assert authorised(offering=replace(OFFERING, attendance_rule=exact)).findings == ()


@given(st.integers(1, 2000))
def test_no_line_has_more_hours_than_the_schedule_has_at_fifty_minutes(hundredths: int) -> None:
    hours = Decimal(hundredths) / 100
    line = authorised(offer=replace(OFFER, hours=hours)).line
    assert (line is not None) is (hours * 50 <= 360)


# Approvals


@given(st.dates(date(2018, 1, 1), date(2022, 12, 31)), st.integers(0, 1500))
def test_a_line_has_an_approval_in_force_on_every_session_date(first: date, days: int) -> None:
    approval = replace(APPROVAL, valid_from=first, valid_to=first + timedelta(days=days))
    in_force = first <= date(2020, 10, 22) and date(2020, 10, 29) <= first + timedelta(days=days)
    assert (authorised(approvals=(approval,)).line is not None) is in_force


def test_of_several_approvals_the_one_in_force_counts() -> None:
    before = replace(
        APPROVAL, number="#6", valid_from=date(2016, 1, 1), valid_to=date(2018, 12, 31)
    )
    after = replace(APPROVAL, number="#8", valid_from=date(2022, 1, 1), valid_to=date(2024, 12, 31))
    line = authorised(approvals=(before, APPROVAL, after)).line
    assert line is not None
    assert line.number == "7"


def test_an_approval_without_an_end_is_in_force_on() -> None:
    approval = replace(APPROVAL, valid_from=date(2020, 10, 25), valid_to=None)
    assert only_error(authorised(approvals=(approval,))) == (
        "the approval #7 of Example College School for Social Work is in force from 2020-10-25 on, "
        "not on session date 2020-10-22"
    )


def test_an_approval_without_a_number_is_told_by_its_holder() -> None:
    approval = replace(APPROVAL, number="", valid_to=date(2020, 1, 1))
    assert only_error(authorised(approvals=(approval,))).startswith("the approval of Example")


def test_no_approval_at_all_is_an_error() -> None:
    assert only_error(authorised(approvals=())) == "cecert.toml has no [[approval]] for it"


def test_an_approval_cannot_be_lent() -> None:
    others = replace(APPROVAL, holder=SPONSOR)
    assert only_error(authorised(approvals=(others,))) == (
        "Example College School for Social Work holds no approval for it, and none can be lent: "
        "the holder is Amego Prepare"
    )
    named = replace(OFFER, awarded_by="Amego")
    assert "Amego holds no approval" in only_error(authorised(approvals=(others,), offer=named))


def test_a_holder_that_is_no_co_sponsor_warns() -> None:
    others = replace(APPROVAL, holder=SPONSOR)
    offer = replace(OFFER, awarded_by="AMEGO PREPARE")
    result = authorised(approvals=(others,), offer=offer)
    assert told(result) == [("warning", "no [[co_sponsor]] names Amego Prepare")]
    assert result.line is not None
    sponsored = replace(OFFERING, co_sponsors=(CoSponsor(SPONSOR, "psychology"),))
    assert authorised(approvals=(others,), offer=offer, offering=sponsored).findings == ()


def test_an_approval_for_one_format_does_not_cover_another() -> None:
    in_person = replace(APPROVAL, formats=frozenset({CourseFormat.LIVE_IN_PERSON}))
    assert "covers live-in-person, the course is a live-interactive-webinar" in only_error(
        authorised(approvals=(in_person,))
    )
    held = replace(OFFERING, format=CourseFormat.LIVE_IN_PERSON)
    assert authorised(approvals=(in_person,), offering=held).line is not None


def findings(approval: Approval, **regime: object) -> list[tuple[str, str]]:
    changed = replace(REGIME, **regime)  # type: ignore[arg-type]  # fields of a regime
    return [(each.severity.value, each.message) for each in approval_findings(approval, changed)]


def test_what_is_wrong_or_unchecked_with_an_approval() -> None:
    assert findings(APPROVAL) == []
    assert findings(replace(APPROVAL, number="#")) == [
        ("error", "Board of Invention lists its approvals by number; it is missing")
    ]
    assert findings(APPROVAL, number_policy=NumberPolicy.NONE_ISSUED) == [
        ("error", "Board of Invention issues no number, this says #7")
    ]
    assert findings(APPROVAL, approval_needed=False) == [("error", "invented claims no approval")]
    assert findings(replace(APPROVAL, number="7" * 81)) == [
        ("error", "81 bytes, 80 fit the certificate's code")
    ]
    assert findings(replace(APPROVAL, checked_on=None)) == [
        ("warning", "nobody has checked this approval with the approver")
    ]
    assert findings(replace(APPROVAL, status=ApprovalStatus.CONDITIONAL)) == [
        ("warning", "the approval is conditional")
    ]


@pytest.mark.parametrize(
    ("first", "last", "longer"),
    [
        (date(2020, 1, 1), date(2022, 12, 31), False),
        (date(2020, 1, 1), date(2023, 1, 1), True),
        (date(2020, 2, 29), date(2023, 2, 28), False),
        (date(2020, 2, 29), date(2023, 3, 1), True),
    ],
)
def test_an_approval_longer_than_its_regimes_term_warns(
    first: date,
    last: date,
    longer: bool,
) -> None:
    approval = replace(APPROVAL, valid_from=first, valid_to=last)
    warned = [message for _, message in findings(approval)]
    assert warned == (
        [f"{first} to {last} is longer than the 3 years that are granted (1 Utopia 2(b))"]
        if longer
        else []
    )


def test_an_approval_without_an_end_warns_where_approvals_have_a_term() -> None:
    endless = replace(APPROVAL, valid_to=None)
    assert findings(endless) == [
        ("warning", "the approval has no end; 3 years are granted (1 Utopia 2(b))")
    ]
    assert findings(endless, term_years=None) == []


def test_an_approval_of_an_unknown_credential_type_is_an_error() -> None:
    stray = replace(APPROVAL, credential="inventd")
    (finding,) = findings_of_approvals((APPROVAL, stray), {"invented": REGIME})
    assert finding == Finding(
        Severity.ERROR,
        "cecert.toml: approval[inventd].credential",
        "no regime file knows inventd; known are invented",
    )


def test_what_the_token_says_of_the_approval() -> None:
    assert token_provider_of(REGIME, APPROVAL) == "7"
    holder = replace(REGIME, token_provider=TokenProvider.HOLDER)
    assert token_provider_of(holder, APPROVAL) == APPROVAL.holder
    nothing = replace(REGIME, token_provider=TokenProvider.NOTHING)
    assert token_provider_of(nothing, APPROVAL) == ""


def test_what_the_holder_must_present_itself_no_other_presents() -> None:
    regime = replace(REGIME, holder_presents=True)
    assert authorised(regime=regime).line is not None
    others = replace(OFFERING, presented_by=SPONSOR)
    assert "itself presents (1 Utopia 2), the course is presented by Amego Prepare" in only_error(
        authorised(regime=regime, offering=others)
    )


# Words


def wording(text: str, **changes: object) -> StatementTemplate:
    template = StatementTemplate("invented", text, None, None, RuleSource.PRIMARY, "s")
    return replace(template, **changes)  # type: ignore[arg-type]  # fields of a template


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{holdr}", "the template names the unknown field 'holdr'"),
        ("Approved, No. 8.", "it says number 8, the approval's is 7"),
        ("Approved for 5 contact hours.", "it says 5 hours, the credit has 6"),
        ("", "it is empty"),
    ],
)
def test_words_that_contradict_the_facts_are_an_error(text: str, problem: str) -> None:
    assert only_error(authorised(regime=replace(REGIME, statements=(wording(text),)))) == problem


def test_a_figure_that_is_neither_number_nor_hours_warns() -> None:
    result = authorised(regime=replace(REGIME, statements=(wording("Approved, 0161."),)))
    assert told(result) == [("warning", "it says 0161, which is neither number, hours nor date")]
    assert result.line is not None


def test_hours_of_a_category_may_be_said() -> None:
    regime = replace(REGIME, statements=(wording("2 ethics hours of 6 contact hours."),))
    offer = replace(OFFER, categories=(Category("ethics", Decimal(2)),))
    assert authorised(regime=regime, offer=offer).line is not None
    assert authorised(regime=regime).line is None


def test_fixed_sentences_must_stand_there_with_the_holders_name() -> None:
    regime = replace(REGIME, fixed_wording=("{holder} answers for this.",))
    assert only_error(authorised(regime=regime)) == (
        "it lacks the sentence: Example College School for Social Work answers for this."
    )
    said = wording("{number}. {holder} answers for this.")
    assert authorised(regime=replace(regime, statements=(said,))).line is not None


def test_an_approval_names_its_statement_or_brings_its_own() -> None:
    own = replace(APPROVAL, statement="Granted to {holder} by letter.")
    line = authorised(approvals=(own,)).line
    assert line is not None
    assert line.statement == "Granted to Example College School for Social Work by letter."
    other = replace(APPROVAL, statement="other")
    assert only_error(authorised(approvals=(other,))) == (
        "no statement is named other; there is invented"
    )


def test_the_wording_of_the_credit_date_is_printed() -> None:
    old = wording("old {number}", effective_to=date(2020, 10, 25))
    new = wording("new {number}", effective_from=date(2020, 10, 26), evidence=RuleSource.SECONDARY)
    result = authorised(regime=replace(REGIME, statements=(old, new)))
    assert result.line is not None
    assert result.line.statement == "new #7"
    assert told(result) == [
        (
            "warning",
            "the wording of the credit date is printed; on 2020-10-22 another was effective",
        ),
        ("warning", "the wording rests on secondary evidence: s"),
    ]
    expired = authorised(regime=replace(REGIME, statements=(old,)))
    assert only_error(expired) == "invented has no wording effective on 2020-10-29"


# What nobody has read, and what cannot be shown


def test_every_unverified_rule_of_a_regime_warns() -> None:
    regime = replace(
        REGIME,
        hour_minutes=Figure(50, RuleSource.SECONDARY, "a"),
        term_years=Figure(3, RuleSource.UNVERIFIED, "b"),
        retention_years=Figure(5, RuleSource.UNVERIFIED, "c"),
        last_verified=None,
    )
    result = authorised(regime=regime)
    assert [(each.place, each.message) for each in result.findings] == [
        ("regime invented", "an hour of 50 minutes rests on secondary evidence: a"),
        ("regime invented", "an approval term of 3 years rests on unverified evidence: b"),
        ("regime invented", "keeping records 5 years rests on unverified evidence: c"),
        (
            "regime invented",
            "no person has compared this regime with its sources (last_verified)",
        ),
    ]
    assert result.line is not None
    assert result.line.retention_years == 7  # above every term seen or believed


@pytest.mark.parametrize("element", ["instructor", "categories"])
def test_what_the_certificate_must_show_must_be_there(element: str) -> None:
    required = replace(REGIME, required_elements=frozenset({element}))
    assert only_error(authorised(regime=required)) == (
        f"the certificate must show {element}, and there is none to show"
    )
    expected = replace(REGIME, expected_elements=frozenset({element}))
    result = authorised(regime=expected)
    assert told(result) == [
        ("warning", f"certificates for it usually show {element}; there is none")
    ]
    assert result.line is not None


def test_attendance_needs_no_approval_and_shows_none() -> None:
    regime = replace(REGIME, approval_needed=False, number_policy=NumberPolicy.OPTIONAL)
    result = authorised(regime=regime, approvals=())
    assert result.findings == ()
    assert result.line is not None
    assert (result.line.approver, result.line.statement, result.line.number) == ("", "", "")


def test_all_that_is_wrong_is_told_at_once() -> None:
    result = authorised(
        offer=replace(OFFER, hours=Decimal(8)),
        offering=replace(OFFERING, sessions=(afternoon(22), afternoon(29))),
        approvals=(replace(APPROVAL, number="", formats=frozenset({CourseFormat.LIVE_IN_PERSON})),),
    )
    errors = [each.message for each in result.findings if each.severity is Severity.ERROR]
    assert len(errors) == 4
