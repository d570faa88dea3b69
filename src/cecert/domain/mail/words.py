"""What mails say: a certificate's facts and an office's batch, in the words of a language.

The words are `templates/mail/en.toml`, by key; what a certificate prints too is in the phrases
that both have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import (
    approval_words,
    credit_words,
    format_phrase,
    hours_words,
    issue_day,
    sums_nothing,
)
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.provider import Provider
from cecert.domain.mail.digest import Digest
from cecert.domain.mail.message import FIRST, RESEND, RETRY, TEST, OutboxRow
from cecert.domain.values.wording import NOT_A_SUM, dates_phrase

__all__ = [
    "DIGEST_WORDS", "WORDS", "CreditWords", "Words", "attachment_name", "certificate_called",
    "digest_words", "mail_subject", "mail_words", "sentence",
]  # fmt: skip

Words = Mapping[str, str]
"""What mails say, by key: `templates/mail/en.toml`."""

WORDS = frozenset(
    {"accent", "again", "corrects", "credit_lines", "facts", "heading", "hours", "lead",
     "linkedin", "logo", "name", "note", "part", "reason", "say", "signature", "statements",
     "test", "verify_host"}
)  # fmt: skip
"""The names that mail templates may use."""

DIGEST_WORDS = frozenset({"at", "digest", "say"})
"""The names that the template of the office's own mail may use."""


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


def mail_subject(certificate: Certificate, row: OutboxRow, say: Words) -> str:
    """Write the Subject: words about the course, never about the recipient.

    Args:
        certificate: Whose mail it is.
        row: Why it is sent.
        say: The words of the language.
    """
    key = "subject_corrected" if certificate.supersedes else "subject"
    what, title = certificate_called(certificate, say), certificate.course.title
    subject = say[key].format(what=what, title=title)
    return say["subject_test"].format(subject=subject) if row.purpose.startswith(TEST) else subject


def attachment_name(certificate: Certificate, say: Words) -> str:
    """Return the file's name in the mail, as its holder will look for it.

    `CE certificate - Jane Doe - Mentalization Based Treatment.pdf`. No file system refuses
    it; a long title is cut after a word.
    """
    what, key = (
        certificate_called(certificate, say),
        "file_corrected" if certificate.supersedes else "file",
    )
    named = {"what": f"{what[0].upper()}{what[1:]}", "name": _of_file(certificate.recipient.name)}

    def name(title: str) -> str:
        return say[key].format(**named, title=title)

    words = _of_file(certificate.course.title).split(" ")
    while len(words) > 1 and not _is_short(name(" ".join(words))):
        words.pop()
    title = " ".join(words)
    while title and not _is_short(name(title)):
        title = title[:-1]
    return name(title).rstrip(" .-") + ".pdf"


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


def mail_words(
    certificate: Certificate, row: OutboxRow, contact: Provider, say: Words
) -> Mapping[str, object]:
    """Return the words and facts that a mail template may use, by name.

    Args:
        certificate: Whose facts they are.
        row: Why it is sent.
        contact: The provider as it can be reached today.
        say: The words of the language.
    """
    first = row.purpose == FIRST or row.purpose.startswith(RETRY)
    corrects = certificate.supersedes if first else None
    heading = say["heading_corrected" if corrects else "heading"]
    return {
        "say": say,
        "heading": heading.format(what=certificate_called(certificate, say)),
        "test": row.purpose.startswith(TEST),
        "name": certificate.recipient.name,
        "corrects": str(corrects) if corrects else "",
        "note": row.note.strip().rstrip(". ") if corrects else "",
        "reason": sentence(row.note) if corrects and row.note else "",
        "part": row.note if first and not corrects else "",
        "again": row.purpose.startswith(RESEND),
        "hours": hours_words(certificate.credit_lines),
        "facts": _facts(certificate, say),
        "lead": _lead(certificate.credit_lines, say),
        "credit_lines": [
            _credit(each, certificate.provider.name) for each in certificate.credit_lines
        ],
        "statements": "; ".join(dict.fromkeys(filter(None, map(_whose, certificate.credit_lines)))),
        "verify_host": certificate.verify_host,
        "signature": [
            each for each in (contact.office, contact.name, contact.address, contact.phone) if each
        ],
    }


def digest_words(digest: Digest, say: Words) -> Mapping[str, object]:
    """Return the words and facts of the office's mail about a batch, by name."""
    states = Counter(each.state for each in digest.lines)
    counts = [
        say["digest_count"].format(count=count, state=say[f"state_{state}"])
        for state, count in states.items()
    ]
    if digest.left:
        counts.append(say["digest_left"].format(count=digest.left))
    told = ", ".join(counts)
    return {
        "counts": told,
        "subject": say["digest_subject"].format(counts=told),
        "halted": digest.halted,
        "checkpoint": digest.checkpoint.splitlines(),
        "lines": [{**asdict(each), "said": say[f"state_{each.state}"]} for each in digest.lines],
    }


def certificate_called(certificate: Certificate, say: Words) -> str:
    """Return what a certificate is called: one that claims no approval is of attendance."""
    return say["certificate" if certificate.claims_approval else "attendance"]


def _facts(certificate: Certificate, say: Words) -> list[tuple[str, str]]:
    replaced = certificate.supersedes
    facts = {
        "name": certificate.recipient.name,
        "course": certificate.course.title,
        "dates": dates_phrase(certificate.course.days),
        "format": format_phrase(certificate.course),
        "hours": hours_words(certificate.credit_lines),
        "certificate": str(certificate.id),
        "issued": issue_day(certificate),
        "replaces": str(replaced) if replaced else "",
    }
    kept = [each for each in facts if each != "replaces" or replaced]
    return [(say[f"fact_{each}"], facts[each]) for each in kept]


def _lead(lines: tuple[CreditLine, ...], say: Words) -> str:
    if all(each.credential == ATTENDANCE for each in lines):
        return say["lead_attendance"]
    if len(lines) == 1:
        return say["lead_one"]
    told = say["lead_several"]
    return f"{told} {NOT_A_SUM}" if sums_nothing(lines) else told


def _whose(line: CreditLine) -> str:
    """Return whose statement of approval a certificate has, or by which rule it is approved.

    `Massachusetts, deemed approved under 258 CMR 31.04(2)(a)`: no body approves that line.
    What claims no board's approval is no such statement, and stands in the mail itself: "".
    """
    if line.general:
        return ""
    if not line.basis:
        return line.approver
    words = approval_words(line, "")
    return f"{line.jurisdiction or line.label}, {words[0].lower()}{words[1:]}"


def _credit(line: CreditLine, provider: str) -> CreditWords:
    _, _, figures = credit_words(line, provider).partition(f"{line.label}: ")
    note = line.statement if line.general else ""
    return CreditWords(line.label, figures, line.approver, line.statement, note)


def sentence(text: str) -> str:
    """Return *text* with one full stop at its end, or whatever else ends a sentence there.

    >>> sentence("the name was misspelt"), sentence("Misspelt. "), sentence("Sorry!")
    ('the name was misspelt.', 'Misspelt.', 'Sorry!')
    """
    text = text.strip()
    return text if text.endswith(("!", "?", "\N{HORIZONTAL ELLIPSIS}")) else f"{text.rstrip('. ')}."
