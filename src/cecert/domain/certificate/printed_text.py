"""What a sealed page says in words, read back to be compared with its token.

A token moved to another paper verifies, as the certificate of somebody else. So the
page's own text is compared, fact by fact: name, title, dates, hours and id must be
the token's, whole lines and nothing but. What only readers of PDF differ in does not
count: white, the order of right-to-left letters, a second page that says it again.

A statement may be worded in many ways. But each credit's approval has one number, or one
sponsor where there is none, and a page that claims the credit says it anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from cecert.domain.token.claims import Claims
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.text import without_white
from cecert.domain.values.wording import MONTHS, dates_phrase, hours_figure

__all__ = ["Difference", "credit_differences", "dates_in", "differences", "stands_in"]

MOST_LINES = 3
"""A name or title is printed on at most so many lines."""

_UNSEEN = "\N{ZERO WIDTH SPACE}"
_DATE_TOKEN = re.compile(rf"({'|'.join(MONTHS)})|(\d+)|(, and |, | and | )|.")
_FIGURE = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
_ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")

_REPLACED = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:\u2011[0-9A-HJKMNP-TV-Z]{4}){3}\b")
"""The number of the certificate that this one replaces (`replaces_words`)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact on which page and token disagree. Threads may share it.

    Attributes:
        fact: name, title, dates, hours, id or replaces.
        certified: What the token says.
        printed: What the page says, as far as it could be told.
    """

    fact: str
    certified: str
    printed: str

    def __str__(self) -> str:
        return f"{self.fact}: certified {self.certified!r}, printed {self.printed!r}"


def differences(lines: Sequence[str], claims: Claims) -> tuple[Difference, ...]:
    """Return the facts of *claims* that the page with these text *lines* does not say."""
    page = [unicodedata.normalize("NFC", " ".join(line.split())) for line in lines]
    return tuple(_differences([line for line in page if line], claims))


def _differences(page: Sequence[str], claims: Claims) -> Iterator[Difference]:
    text = " ".join(page)
    if not stands_in(claims.recipient, page):
        yield Difference("name", claims.recipient, _after(page, "This certifies that"))
    if not stands_in(claims.title, page):
        yield Difference("title", claims.title, _after(page, "requirements of"))
    if missing := set(claims.session_dates) - dates_in(text):
        printed = "another date or none"
        yield Difference("dates", dates_phrase(sorted(missing)), printed)
    certified = Counter(hours_figure(Decimal(each.hundredths) / 100) for each in claims.credits)
    words = {claims.recipient, claims.title}
    figures = Counter(line for line in page if _FIGURE.fullmatch(line) and line not in words)
    if figures not in (certified, certified + certified):
        yield Difference("hours", _listed(certified), _listed(figures))
    ids = {CertificateId.parse(each) for each in _ID.findall(text)}
    if ids != {claims.certificate_id}:
        printed = ", ".join(map(str, sorted(ids)))
        yield Difference("id", str(claims.certificate_id), printed)
    replaced = {CertificateId.parse(each) for each in _REPLACED.findall(text)}
    if replaced - {claims.replaces}:
        printed = ", ".join(map(str, sorted(replaced)))
        yield Difference("replaces", str(claims.replaces or "none"), printed)


def stands_in(text: str, page: Sequence[str], most: int = MOST_LINES) -> bool:
    """Say whether *text* is exactly a few consecutive lines of the page.

    Args:
        text: A name or a title.
        page: Its lines.
        most: So many lines at most.
    """
    wanted = _letters(text)
    return any(
        _letters("".join(page[start : start + count])) == wanted
        for count in range(1, most + 1)
        for start in range(len(page) - count + 1)
    )


def _letters(text: str) -> str:
    """Return what of *text* every reader of PDF agrees on."""
    letters = "".join(text.replace(_UNSEEN, "").split())
    if any(unicodedata.bidirectional(each) in {"R", "AL"} for each in letters):
        return "".join(sorted(letters))
    return letters


def dates_in(text: str) -> set[date]:
    """Return every date that *text* writes: `October 22 and 29, 2020` is two."""
    found: set[date] = set()
    month, waiting = 0, list[tuple[int, int]]()
    for name, figures, between in _DATE_TOKEN.findall(text):
        if name:
            month = MONTHS.index(name) + 1
        elif figures and month and len(figures) <= 2:  # noqa: PLR2004  # digits of a day
            waiting.append((month, int(figures)))
        elif not between:
            if len(figures) == 4:  # noqa: PLR2004  # digits of a year
                found |= {day for each in waiting if (day := _date(int(figures), *each))}
            month, waiting = 0, []
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _after(page: Sequence[str], label: str) -> str:
    found = (after for line, after in pairwise(page) if line.endswith(label))
    return next(found, "nothing that could be told")


def _listed(figures: Counter[str]) -> str:
    return ", ".join(sorted(figures.elements())) or "none"


def credit_differences(lines: Sequence[str], claims: Claims) -> tuple[Difference, ...]:
    """Return the approvals of *claims* that the page with these text *lines* does not name."""
    page = without_white("".join(lines))
    numbers = dict.fromkeys(each.provider for each in claims.credits if each.provider)
    return tuple(
        Difference("approval", number, "another or none")
        for number in numbers
        if not re.search(_whole(without_white(number)), page)
    )


def _whole(number: str) -> str:
    """Return a pattern for a number that stands by itself: 0169 is not in 101690."""
    digit_before, digit_after = number[0].isdigit(), number[-1].isdigit()
    before = r"(?<!\d)" if digit_before else ""
    after = r"(?!\d)" if digit_after else ""
    return f"{before}{re.escape(number)}{after}"
