"""Specimens of a course: everything it offers, and nothing that verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cecert.domain.certificate.certificate import Paper
from cecert.domain.token.verify import Outcome, Warning_
from cecert.errors import TokenError
from cecert.testing import MemoryOffice, sample_course, sample_provider
from cecert.workflows.preview import PreviewDesk, preview_certificate
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
