"""What mails without a certificate say: that one was revoked, what is missing, why none comes.

They go to people who hoped for something else: they say what is so, why, and what can be done,
and blame nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.phrases import hours_words, issue_day
from cecert.domain.course.provider import Provider
from cecert.domain.mail.letter import Letter
from cecert.domain.mail.message import MailKind, OutboxRow
from cecert.domain.mail.words import Words, certificate_called, sentence
from cecert.domain.values.wording import dates_phrase, day_phrase

__all__ = [
    "LETTER_WORDS",
    "NOTICE_WORDS",
    "Asked",
    "letter_subject",
    "letter_words",
    "notice_subject",
    "notice_words",
]

_COMMON = frozenset({"accent", "contact", "facts", "heading", "logo", "name", "say", "signature"})
NOTICE_WORDS = _COMMON | {"course", "day", "hours", "reasons", "what"}
"""The names that the template of a revocation may use."""
LETTER_WORDS = _COMMON | {"asked", "by", "course", "sentences"}
"""The names that the templates of reminders and denials may use."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a reminder asks for.

    Attributes:
        label: `Course evaluation`.
        sentence: What is missing.
        how: What the person does.
    """

    label: str
    sentence: str
    how: str


_ASKED = {
    "evaluation": ("asked_evaluation", "how_evaluation"),
    "attestation": ("asked_attestation", "how_attestation"),
    "post-test": ("asked_test", "how_test"),
    "fee": ("asked_fee", "how_fee"),
    "license": ("asked_license", "how_license"),
}
"""By the stable name of a gap: the words for what it is called, and for what the person does."""


_REASONS = {
    "issued-in-error": "reason_error",
    "wrong-person": "reason_person",
    "evidence-false": "reason_evidence",
    "approval-withdrawn": "reason_approval",
    "requested-by-holder": "reason_asked",
}
"""The words for what the class of a revocation means to its holder."""


def notice_subject(certificate: Certificate, say: Words) -> str:
    """Write the Subject of a notice: words about the course, never about the recipient."""
    what, title = certificate_called(certificate, say), certificate.course.title
    return say["revoked_subject"].format(what=what, title=title)


def notice_words(
    certificate: Certificate, row: OutboxRow, contact: Provider, say: Words
) -> Mapping[str, object]:
    """Return the words and facts that the template of a revocation may use, by name.

    Args:
        certificate: The one that was revoked.
        row: When it was, and why.
        contact: The provider as it can be reached today.
        say: The words of the language.
    """
    what = certificate_called(certificate, say)
    day = day_phrase(row.queued_at.astimezone(ZoneInfo(contact.timezone)).date())
    class_, _, said = row.note.partition(": ")
    meaning = say[_REASONS[class_]] if class_ in _REASONS else ""
    facts = {
        "name": certificate.recipient.name,
        "course": certificate.course.title,
        "dates": dates_phrase(certificate.course.days),
        "certificate": str(certificate.id),
        "issued": issue_day(certificate),
        "revoked": day,
    }
    return {
        "say": say,
        "heading": say["revoked_heading"].format(what=what),
        "name": certificate.recipient.name,
        "what": what,
        "hours": hours_words(certificate.credit_lines),
        "course": certificate.course.title,
        "day": day,
        "reasons": [meaning, sentence(f"{said[:1].upper()}{said[1:]}")],
        "facts": [(say[f"fact_{each}"], facts[each]) for each in facts],
        **_of_provider(contact, say),
    }


def letter_subject(letter: Letter, say: Words) -> str:
    """Write the Subject of a letter: words about the course, never about the recipient."""
    key = "remind_subject" if letter.kind is MailKind.REMIND else "denied_subject"
    return say[key].format(title=letter.title)


def letter_words(letter: Letter, contact: Provider, say: Words) -> Mapping[str, object]:
    """Return the words and facts that the templates of letters may use, by name.

    Args:
        letter: What it says.
        contact: The provider as it can be reached today.
        say: The words of the language.
    """
    key = "remind_heading" if letter.kind is MailKind.REMIND else "denied_heading"
    facts = {"name": letter.name, "course": letter.title, "dates": letter.dates}
    return {
        "say": say,
        "heading": say[key],
        "name": letter.name,
        "course": letter.title,
        "facts": [(say[f"fact_{each}"], facts[each]) for each in facts],
        "asked": [
            Asked(say[_ASKED[gap][0]], said, say[_ASKED[gap][1]])
            for gap, said in zip(letter.gaps, letter.sentences, strict=bool(letter.gaps))
        ],
        "sentences": list(letter.sentences),
        "by": day_phrase(date.fromisoformat(letter.last_day)),
        **_of_provider(contact, say),
    }


def _of_provider(contact: Provider, say: Words) -> dict[str, object]:
    """Return how the provider is reached, and under what it signs."""
    signed = (contact.office, contact.name, contact.address, contact.phone)
    key = "contact_both" if contact.phone else "contact_mail"
    return {
        "contact": say[key].format(email=contact.email, phone=contact.phone),
        "signature": [each for each in signed if each],
    }
