"""The questions of a form that say who answers: name, address, licence.

Whoever answers says it once more beside what the platform knows, and one row that names
two registrants must be seen. What is answered to any other question is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cecert.adapters.tables.cells import email_of, name_of, overlong
from cecert.adapters.tables.grids import Row

__all__ = ["EMAIL_WORD", "Identity", "identity_of"]

EMAIL_WORD = re.compile(
    r"\be-?mail(address)?\b|\bcorreo\b|\bcourriel\b|\bmail\b|メール|邮箱|邮件|電子郵件|이메일|почт",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(
    r"\b(first|last|full|family|given|legal|printed)?\s*name\b|\bsurname\b|\bapellidos?\b"
    r"|\bnombre\b|\bnom\b|\bprénom\b|\b(vor|nach|familien)?name\b|\bnome\b|\bsobrenome\b"
    r"|\bcognome\b|\bnaam\b|氏名|名前|姓名|이름",
    re.IGNORECASE,
)
_LICENSE_WORD = re.compile(r"\blicen[sc]es?\b|\blicensure\b", re.IGNORECASE)
_SOMEBODY_ELSE = re.compile(
    r"\b(supervisor|instructor|presenter|speaker|trainer|teacher|faculty|moderator|host|employer"
    r"|emergency|colleague|friend|referr\w*|who|whom|whose)\b",
    re.IGNORECASE,
)
_SOMETHING = re.compile(
    r"\b(organi[sz]ation|agency|company|clinic|practice|institution|school|university|course"
    r"|program|session|workshop|training|webinar|event|user|file|board|state|curso|taller|kurs"
    r"|cours|firma|empresa)\b",
    re.IGNORECASE,
)
LONGEST = 120
"""Characters of a question that asks who answers; what is longer asks something else too."""

_DIGITS = 4
"""Digits of an answer that is a licence, and not that somebody has one."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The places in which a form's own questions say who answers.

    Attributes:
        emails: Places of columns that ask for an address, from 0.
        names: Of those that ask for a name or a part of it.
        licenses: Of those that ask for a licence.
    """

    emails: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    licenses: tuple[int, ...] = ()

    def emails_in(self, row: Row) -> Iterator[str]:
        """Yield the addresses that somebody gave."""
        yield from filter(None, (email_of(_short(row, place)) for place in self.emails))

    def names_in(self, row: Row) -> Iterator[str]:
        """Yield the name that somebody gave, all of its parts together."""
        if whole := name_of(" ".join(_short(row, place) for place in self.names)):
            yield whole

    def licenses_in(self, row: Row) -> Iterator[str]:
        """Yield the licences that somebody gave."""
        for cell in (_short(row, place) for place in self.licenses):
            if sum(each.isdigit() for each in cell) >= _DIGITS:
                yield from (each.strip() for each in cell.split(";") if each.strip())


def _short(row: Row, place: int) -> str:
    """Return a cell; "" for one too long to say who answers, which is an answer like others."""
    cell = row.cell(place)
    return "" if overlong(cell) else cell


def identity_of(questions: Iterable[tuple[int, str]]) -> Identity:
    """Return which questions say who answers, of pairs of a place and a question's words.

    >>> identity_of([(4, "Full name"), (5, "Name of your supervisor"), (6, "License number")])
    Identity(emails=(), names=(4,), licenses=(6,))
    """
    asked = [
        (place, text)
        for place, text in questions
        if len(text) <= LONGEST and not _SOMEBODY_ELSE.search(text)
    ]

    def where(word: re.Pattern[str]) -> tuple[int, ...]:
        return tuple(place for place, text in asked if word.search(text))

    emails, licenses = where(EMAIL_WORD), where(_LICENSE_WORD)
    others = {*emails, *licenses, *(place for place, text in asked if _SOMETHING.search(text))}
    names = tuple(place for place in where(_NAME_WORD) if place not in others)
    return Identity(emails, names, licenses)
