"""What a transcript says in words, read back to be compared with the token of each certificate.

A row begins with a line that is the certificate's number and nothing else, and ends where
the next one does. What stands before the first row is said of all of them: whose they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from cecert.domain.certificate.printed_text import (
    Difference,
    credit_differences,
    dates_in,
    stands_in,
)
from cecert.domain.token.claims import Claims
from cecert.domain.values.wording import dates_phrase, hours_figure

__all__ = ["listed_differences", "page_of_row"]

MOST_LINES = 16
"""A title in the narrow column of a transcript has at most so many lines."""

MOST_DATES = 12
"""Of more dates the first and the last are printed."""

_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
_FIGURE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)(?![\d.,])")


def listed_differences(lines: Sequence[str], claims: Claims) -> tuple[Difference, ...]:
    """Return the facts of *claims* that a transcript with these text *lines* does not say."""
    return tuple(_differences(*_read(tuple(lines)), claims))


def page_of_row(pages: Sequence[Sequence[str]], number: str) -> int | None:
    """Return the page on which the row of a certificate stands, counted from 1; None for none."""
    found = (at for at, lines in enumerate(pages, 1) if number in _read(tuple(lines))[0])
    return next(found, None)


# All rows of a transcript are looked for on the same pages, as two programs read them.
@lru_cache(maxsize=128)
def _read(lines: tuple[str, ...]) -> tuple[Sequence[str], Sequence[int]]:
    """Return lines of which readers of PDF agree, and which of them begin a row."""
    page = [unicodedata.normalize("NFC", " ".join(line.split())) for line in lines]
    page = [line for line in page if line]
    return page, [at for at, line in enumerate(page) if _ID.fullmatch(line)]


def _differences(
    page: Sequence[str], starts: Sequence[int], claims: Claims
) -> Iterator[Difference]:
    own = [at for at in starts if page[at] == str(claims.certificate_id)]
    if len(own) != 1:
        printed = f"{len(own)} times" if own else "nowhere"
        yield Difference("id", str(claims.certificate_id), printed)
        return
    head = page[: starts[0]]
    row = page[own[0] + 1 : next((at for at in starts if at > own[0]), len(page))]
    if not (stands_in(claims.recipient, head) or stands_in(claims.recipient, row)):
        yield Difference("name", claims.recipient, "another name or none")
    if not stands_in(claims.title, row, MOST_LINES):
        yield Difference("title", claims.title, "another title or none")
    days = claims.session_dates
    wanted = set(days if len(days) <= MOST_DATES else (days[0], days[-1]))
    if missing := wanted - dates_in(" ".join(row)):
        yield Difference("dates", dates_phrase(sorted(missing)), "another date or none")
    yield from _hours(row, claims)
    yield from credit_differences([*head, *row], claims)


def _hours(row: Sequence[str], claims: Claims) -> Iterator[Difference]:
    certified = Counter(hours_figure(Decimal(each.hundredths) / 100) for each in claims.credits)
    # A line of an address may begin with a figure too, so there may be more of them.
    figures = Counter(found[1] for line in row if (found := _FIGURE.match(line)))
    if certified - figures:
        listed = ", ".join(sorted(certified.elements()))
        yield Difference("hours", listed, ", ".join(sorted(figures.elements())) or "none")
