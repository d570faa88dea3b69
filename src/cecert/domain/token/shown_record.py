"""What a verified token says, as the lines a person compares with the paper.

The words are those of the certificate. What a token leaves out (unit, label of a number, how
exactly a course was held, the day of issue by the provider's calendar) is the registry's, or
the provider's own record's where that is at hand; else it is told so that nobody can take it
for a difference. A token has no zone, and needs none: whoever compares a day with the paper
is told every day that the instant of issue is on somewhere (docs/spec/token.md W5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cecert.domain.course.course import (
    ATTENDANCE_CODE,
)
from cecert.domain.course.formats import delivery_phrase
from cecert.domain.token.claims import Claims, Credit
from cecert.domain.token.verify import STATUS_OUTCOMES, Outcome
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import (
    HOURS,
    NO_NUMBER,
    NOT_A_SUM,
    course_hours,
    credit_phrase,
    dates_phrase,
    day_phrase,
    hours_phrase,
    moment_phrase,
    possible_days,
)

__all__ = ["REGISTERED", "SHOWN", "CreditNames", "Recorded", "instant_phrase", "record_lines"]

SHOWN = STATUS_OUTCOMES | {
    Outcome.TEXT_MISMATCH,
    Outcome.CODE_ONLY,
    Outcome.LATER_TIME_STAMP,
    Outcome.SEAL_MISSING,
    Outcome.SEAL_BROKEN,
    Outcome.SEAL_UNKNOWN,
}
"""Outcomes whose record is shown. With any other it could have been written by anybody."""


class CreditNames(NamedTuple):
    """What certificates with credit of one code call its hours and its number.

    Attributes:
        unit: Of the hours.
        number: What stands before the approval's number, "" for nothing.
        none_issued: Whether the approver gives no number, and the certificate says so.
    """

    unit: str
    number: str = ""
    none_issued: bool = False


REGISTERED: Mapping[int, CreditNames] = {
    1: CreditNames("contact hours", "No."),
    2: CreditNames("CE hours", none_issued=True),
    3: CreditNames("CE credits", none_issued=True),
    4: CreditNames("hours of attendance"),
    5: CreditNames("continuing education credits", "ACE provider"),
    6: CreditNames("clock hours", "ACEP No."),
    7: CreditNames("CE hours", none_issued=True),
    8: CreditNames("CPE credits", "Sponsor ID"),
    9: CreditNames("continuing education contact hours", "Approval No."),
}
"""By the codes of the registry (docs/spec/token.md W2)."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the provider's own record has besides the token, as its certificate prints it.

    Attributes:
        hours: Of the course, with their unit.
        credit_lines: Each in one line.
        format: How it was held, and where.
        issued_on: The day of issue, by the provider's calendar.
        replaced_by: The certificate that superseded it, None if none did.
    """

    hours: str
    credit_lines: tuple[str, ...]
    format: str
    issued_on: str
    replaced_by: CertificateId | None = None


def record_lines(
    claims: Claims, trust: TrustFile, recorded: Recorded | None = None, timezone: str = ""
) -> tuple[tuple[str, str], ...]:
    """Return label and value of every line of the record, in the order of the verify page.

    Args:
        claims: What the token says.
        trust: Whose words for approvals are used.
        recorded: What the provider's own record has besides, if it is at hand.
        timezone: The provider's, "" where it is not known.
    """
    return tuple(_lines(claims, trust, recorded or _told(claims, trust, timezone)))


def _lines(claims: Claims, trust: TrustFile, told: Recorded) -> Iterator[tuple[str, str]]:
    yield "Name", claims.recipient
    yield "Course", claims.title
    yield "Course dates", dates_phrase(claims.session_dates)
    yield "Hours", told.hours
    for each in told.credit_lines:
        yield "Credit", each
    if sum(each.code != ATTENDANCE_CODE for each in claims.credits) > 1:
        yield "", NOT_A_SUM
    if told.format:
        yield "Format", told.format
    if claims.instructor is not None:
        yield "Instructor", claims.instructor
    yield "Issued by", trust.name
    yield "Certificate", str(claims.certificate_id)
    yield "Issued", told.issued_on
    if claims.replaces is not None:
        yield "Replaces certificate", str(claims.replaces)
    if told.replaced_by is not None:
        yield "Replaced by certificate", str(told.replaced_by)


def _told(claims: Claims, trust: TrustFile, timezone: str) -> Recorded:
    """Return what can be told of a token alone, in the words of certificates."""
    units = [(_hours(each), _names(each).unit) for each in claims.credits]
    return Recorded(
        hours=course_hours(units),
        credit_lines=tuple(_credit(each, claims, trust) for each in claims.credits),
        format="" if claims.delivery is None else delivery_phrase(claims.delivery),
        issued_on=_issued(claims.issued_at, timezone),
    )


def _hours(credit: Credit) -> Decimal:
    return Decimal(credit.hundredths) / 100


def _names(credit: Credit) -> CreditNames:
    return REGISTERED.get(credit.code, CreditNames(HOURS))


def _credit(credit: Credit, claims: Claims, trust: TrustFile) -> str:
    scope = trust.scope_of(credit.code, credit.provider, claims.session_dates[-1])
    label = trust.label_of(credit.code) if scope is None else scope.label
    names, number = _names(credit), credit.provider or ""
    is_number = any(each.isdigit() for each in number)
    return credit_phrase(
        label,
        hours_phrase(_hours(credit), names.unit),
        f"awarded by {number}" if number and not is_number else "",
        f"{names.number} {number}".strip() if is_number else "",
        NO_NUMBER if names.none_issued else "",
    )


def _issued(second: int, timezone: str) -> str:
    """Write the day of issue, or every day it may be where nobody knows the provider's zone."""
    instant = datetime.fromtimestamp(second, UTC)
    if timezone:
        return day_phrase(instant.astimezone(ZoneInfo(timezone)).date())
    days = possible_days(instant)
    return f"{days}, whichever the paper says: it was signed on {instant_phrase(second)}"


def instant_phrase(second: int, timezone: str = "") -> str:
    """Write an instant in words, in a zone, or in UTC where none is known.

    >>> instant_phrase(1604588400)
    'November 5, 2020, 15:00 UTC'
    """
    return moment_phrase(datetime.fromtimestamp(second, UTC), timezone)
