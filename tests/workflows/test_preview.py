"""Specimens of a course: everything it offers, and nothing that verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.course.course import CertificatePolicy
from cecert.domain.token.verify import Outcome, Warning_
from cecert.domain.values.findings import Severity
from cecert.errors import Fault, TokenError
from cecert.testing import (
    MemoryOffice,
    PlainRenderer,
    sample_course,
    sample_provider,
    sample_record,
)
from cecert.workflows.preview import PreviewDesk, list_drawing_findings, preview_certificate
from cecert.workflows.verify.verify import verify

DESK = PreviewDesk(
    provider=sample_provider(),
    signatories=(),
    layout="classic/1",
    paper=Paper.A4,
    verify_prefix="https://verify.example.edu/#",
    verify_host="verify.example.edu",
    now=datetime(2020, 11, 5, 15, 0, 0, 250, tzinfo=UTC),
)


def test_a_specimen_shows_every_approved_credit_the_course_offers() -> None:
    specimen = preview_certificate(sample_course(), "Ana Ruiz", DESK)
    assert [line.credential for line in specimen.credit_lines] == [
        "ny-social-work", "ma-social-work", "apa-psychology",
    ]  # fmt: skip
    assert (specimen.recipient.name, specimen.paper) == ("Ana Ruiz", Paper.A4)


def test_a_course_that_offers_attendance_only_previews_that() -> None:
    course = sample_course()
    only = replace(course, credit_lines=course.credit_lines[3:])
    specimen = preview_certificate(only, "Ana Ruiz", DESK)
    assert [line.credential for line in specimen.credit_lines] == ["attendance"]


def test_the_code_of_a_specimen_never_verifies() -> None:
    specimen = preview_certificate(sample_course(), "Ana Ruiz", DESK)
    checked = verify(specimen.token_url, MemoryOffice().verifier())
    assert checked.outcome is Outcome.UNKNOWN_KEY
    assert Warning_.SPECIMEN not in checked.verification.warnings  # nothing unsigned is shown


def test_a_name_beyond_the_tokens_limit_is_refused() -> None:
    with pytest.raises(TokenError, match="recipient name"):
        preview_certificate(sample_course(), "A" * 81, DESK)


def test_where_each_credit_has_its_own_certificate_one_of_them_is_shown() -> None:
    each = replace(sample_course(), certificate_policy=CertificatePolicy.PER_CREDENTIAL)
    (line,) = preview_certificate(each, "Ana Ruiz", DESK).credit_lines
    assert len(line.statement) == max(len(one.statement) for one in each.credit_lines)


class NarrowRenderer(PlainRenderer):
    """Has room for so many letters of a name, for each credit that stands there a few less."""

    def faults(self, certificate: Certificate) -> tuple[Fault, ...]:
        """Say that a name is too long."""
        name, room = certificate.recipient.name, 30 - 5 * len(certificate.credit_lines)
        return (Fault(f"{name}: recipient name", name, "is too wide"),) if len(name) > room else ()


def found(*names: str, credentials: tuple[str, ...] = ("ny-social-work",)) -> list[tuple[str, str]]:
    records = [
        sample_record(
            name=each, email=f"{n}@example.org", credentials=credentials, place=f"row {n}"
        )
        for n, each in enumerate(names, 2)
    ]
    told = list_drawing_findings(sample_course(), records, DESK, NarrowRenderer(), "list.csv")
    return [(each.severity.value, each.place) for each in told]


def test_who_cannot_be_drawn_with_what_they_ask_for_is_an_error() -> None:
    assert found("Ana Ruiz", "M" * 26, "N" * 27) == [
        ("error", "list.csv: row 3: recipient name"),
        ("error", "list.csv: row 4: recipient name"),
    ]
    # Two credits leave less room than one.
    assert found("M" * 22, credentials=("ny-social-work", "ma-social-work")) == [
        ("error", "list.csv: row 2: recipient name")
    ]


def test_what_keeps_several_from_it_is_one_line_with_their_rows() -> None:
    assert found("M" * 26, "Ana Ruiz", "M" * 26) == [
        ("error", "list.csv: row 2 and row 4: recipient name")
    ]


def test_what_is_not_earned_yet_is_drawn_too() -> None:
    record = sample_record(name="M" * 26, evaluation=None, place="row 2")
    told = list_drawing_findings(sample_course(), [record], DESK, NarrowRenderer(), "list.csv")
    assert [each.severity for each in told] == [Severity.ERROR]


def test_the_longest_name_is_tried_with_every_credit_the_course_offers() -> None:
    assert found("Ana Ruiz", "Maximilian Cornelius") == [
        ("warning", "list.csv: row 3: recipient name")
    ]
    assert found("Ana Ruiz", "Bo Li") == []
    assert found() == []
