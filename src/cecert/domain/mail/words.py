"""What the mail of a certificate says: the certificate's facts, for text and HTML alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import (
    credit_words,
    format_phrase,
    hours_words,
    issue_day,
    sums_nothing,
)
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.provider import Provider
from cecert.domain.mail.message import FIRST, RESEND, RETRY, TEST, OutboxRow
from cecert.domain.values.wording import NOT_A_SUM, dates_phrase

__all__ = ["WORDS", "CreditWords", "attachment_name", "mail_subject", "mail_words"]

WORDS = frozenset(
    {"accent", "again", "corrects", "credit_lines", "facts", "heading", "hours", "lead", "logo",
     "name", "note", "part", "reason", "signature", "statements", "test", "verify_host"}
)  # fmt: skip
"""The names that mail templates may use."""


@dataclass(frozen=True, slots=True)
class CreditWords:
    """One credit line in a mail.

    Attributes:
        label: `New York, social work`.
        figures: `6 contact hours, No. 0169, 2018-2027`.
        approver: Who approved it, or "".
        statement: The approval statement, or "".
        note: What the person has to know of it before they use it, or "": of credit that no
            board approves, and that theirs may not take, the statement.
    """

    label: str
    figures: str
    approver: str
    statement: str
    note: str = ""


def mail_subject(certificate: Certificate, row: OutboxRow) -> str:
    """Write the Subject: words about the course, never about the recipient."""
    test = "[TEST] " if row.purpose.startswith(TEST) else ""
    corrected = "corrected " if certificate.supersedes else ""
    return f"{test}Your {corrected}{_what(certificate)}: {certificate.course.title}"


def attachment_name(certificate: Certificate) -> str:
    """Return the file's name in the mail, as its holder will look for it.

    `CE certificate - Jane Doe - Mentalization Based Treatment.pdf`. No file system refuses
    it; a long title is cut after a word.
    """
    corrected = ", corrected" if certificate.supersedes else ""
    what = _what(certificate)
    opening = f"{what[0].upper()}{what[1:]}{corrected} - {_of_file(certificate.recipient.name)} - "
    words = _of_file(certificate.course.title).split(" ")
    while len(words) > 1 and not _is_short(f"{opening}{' '.join(words)}"):
        words.pop()
    title = " ".join(words)
    while not _is_short(f"{opening}{title}"):
        title = title[:-1]
    return f"{opening}{title}".rstrip(" .-") + ".pdf"


LONGEST_NAME = 130
LARGEST_NAME = 240
"""Characters, and bytes, of a file's name without its ending: a path has room beside it."""


def _is_short(name: str) -> bool:
    return len(name) <= LONGEST_NAME and len(name.encode()) <= LARGEST_NAME


def _of_file(text: str) -> str:
    """Return *text* without what a file system or a header's quotes do not take."""
    kept = "".join(" " if each in _NO_FILE or not each.isprintable() else each for each in text)
    return " ".join(kept.split())


_NO_FILE = '\\/:*?"<>|%'


def mail_words(certificate: Certificate, row: OutboxRow, contact: Provider) -> Mapping[str, object]:
    """Return the words and facts that a mail template may use, by name.

    Args:
        certificate: Whose facts they are.
        row: Why it is sent.
        contact: The provider as it can be reached today.
    """
    first = row.purpose == FIRST or row.purpose.startswith(RETRY)
    corrects = certificate.supersedes if first else None
    return {
        "heading": f"Your {'corrected ' if corrects else ''}{_what(certificate)} is attached",
        "test": row.purpose.startswith(TEST),
        "name": certificate.recipient.name,
        "corrects": str(corrects) if corrects else "",
        "note": row.note.strip().rstrip(". ") if corrects else "",
        "reason": _sentence(row.note) if corrects and row.note else "",
        "part": row.note if first and not corrects else "",
        "again": row.purpose.startswith(RESEND),
        "hours": hours_words(certificate.credit_lines),
        "facts": _facts(certificate),
        "lead": _lead(certificate.credit_lines),
        "credit_lines": [
            _credit(each, certificate.provider.name) for each in certificate.credit_lines
        ],
        "statements": "; ".join(
            dict.fromkeys(
                words for each in certificate.credit_lines if (words := each.basis or each.approver)
            )
        ),
        "verify_host": certificate.verify_host,
        "signature": [
            each for each in (contact.office, contact.name, contact.address, contact.phone) if each
        ],
    }


def _what(certificate: Certificate) -> str:
    return "CE certificate" if certificate.claims_approval else "certificate of attendance"


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    replaced = certificate.supersedes
    return [
        ("Name", certificate.recipient.name),
        ("Course", certificate.course.title),
        ("Dates", dates_phrase(certificate.course.days)),
        ("Format", format_phrase(certificate.course)),
        ("Hours", hours_words(certificate.credit_lines)),
        ("Certificate", str(certificate.id)),
        ("Issued", issue_day(certificate)),
        *([("Replaces", str(replaced))] if replaced else []),
    ]


def _lead(lines: tuple[CreditLine, ...]) -> str:
    if all(each.credential == ATTENDANCE for each in lines):
        return "It certifies attendance, and claims no board's approval:"
    if len(lines) == 1:
        return "The hours count under this credit line:"
    told = "The hours count under these credit lines."
    return f"{told} {NOT_A_SUM}" if sums_nothing(lines) else told


def _credit(line: CreditLine, provider: str) -> CreditWords:
    _, _, figures = credit_words(line, provider).partition(f"{line.label}: ")
    note = line.statement if line.general else ""
    return CreditWords(line.label, figures, line.approver, line.statement, note)


def _sentence(text: str) -> str:
    """Return *text* with one full stop at its end, or whatever else ends a sentence there.

    >>> _sentence("the name was misspelt"), _sentence("Misspelt. "), _sentence("Sorry!")
    ('the name was misspelt.', 'Misspelt.', 'Sorry!')
    """
    text = text.strip()
    return text if text.endswith(("!", "?", "\N{HORIZONTAL ELLIPSIS}")) else f"{text.rstrip('. ')}."
