"""What the mail of a certificate says: the certificate's facts, for text and HTML alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import (
    approval_number,
    category_split,
    format_phrase,
    hours_of_course,
)
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.provider import Provider
from cecert.domain.mail.message import FIRST, RESEND, TEST, OutboxRow
from cecert.domain.values.wording import dates_phrase

__all__ = ["WORDS", "CreditWords", "mail_subject", "mail_words"]

WORDS = frozenset(
    {"again", "corrects", "credit_lines", "facts", "heading", "hours", "lead", "name", "note",
     "part", "signature", "test", "verify_host"}
)  # fmt: skip
"""The names that mail templates may use."""


@dataclass(frozen=True, slots=True)
class CreditWords:
    """One credit line in a mail.

    Attributes:
        label: `New York, social work`.
        figures: `6.00 contact hours, No. 0169`.
        statement: The approval statement, or "".
    """

    label: str
    figures: str
    statement: str


def mail_subject(certificate: Certificate, row: OutboxRow) -> str:
    """Write the Subject: words about the course, never about the recipient."""
    test = "[TEST] " if row.purpose.startswith(TEST) else ""
    corrected = "corrected " if certificate.supersedes else ""
    return f"{test}Your {corrected}{_what(certificate)}: {certificate.course.title}"


def mail_words(certificate: Certificate, row: OutboxRow, contact: Provider) -> Mapping[str, object]:
    """Return the words and facts that a mail template may use, by name.

    Args:
        certificate: Whose facts they are.
        row: Why it is sent.
        contact: The provider as it can be reached today.
    """
    first = row.purpose == FIRST
    corrects = certificate.supersedes if first else None
    return {
        "heading": f"Your {'corrected ' if corrects else ''}{_what(certificate)} is attached",
        "test": row.purpose.startswith(TEST),
        "name": certificate.recipient.name,
        "corrects": str(corrects) if corrects else "",
        "note": row.note if corrects else "",
        "part": row.note if first and not corrects else "",
        "again": row.purpose.startswith(RESEND),
        "hours": _hours(certificate),
        "facts": _facts(certificate),
        "lead": _lead(certificate.credit_lines),
        "credit_lines": [_credit(each) for each in certificate.credit_lines],
        "verify_host": certificate.verify_host,
        "signature": [
            each for each in (contact.office, contact.name, contact.address, contact.phone) if each
        ],
    }


def _what(certificate: Certificate) -> str:
    return "CE certificate" if certificate.claims_approval else "certificate of attendance"


def _hours(certificate: Certificate) -> str:
    if not certificate.claims_approval:
        return _amount(certificate.credit_lines[0])
    return f"{hours_of_course(certificate.credit_lines):.2f} CE hours"


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    return [
        ("Name", certificate.recipient.name),
        ("Course", certificate.course.title),
        ("Dates", dates_phrase(certificate.course.days)),
        ("Format", format_phrase(certificate.course)),
        ("Hours", _hours(certificate)),
        ("Certificate", str(certificate.id)),
    ]


def _lead(lines: tuple[CreditLine, ...]) -> str:
    if all(each.credential == ATTENDANCE for each in lines):
        return "It certifies attendance, and claims no board's approval:"
    if len(lines) == 1:
        return "The hours count under this credit line:"
    if len({each.hours for each in lines}) == 1:
        return f"The same {lines[0].hours:.2f} hours count under each of these credit lines:"
    return "The hours count under these credit lines; do not add them up:"


def _credit(line: CreditLine) -> CreditWords:
    number = "" if line.number_none_issued else approval_number(line)
    split = category_split(line)
    figures = ", ".join(each for each in (_amount(line), number, split) if each)
    return CreditWords(line.label, figures, line.statement)


def _amount(line: CreditLine) -> str:
    return f"{line.hours:.2f} {line.unit}"
