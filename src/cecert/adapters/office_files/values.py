"""The kinds of value a file holds, and what is said of one that is none of its kind.

"Input should be a valid string" helps nobody who edits a file twice a year, so each kind
says what would be right. pydantic collects ValueErrors only, hence a wrong type is one.
Addresses (of the verify page, of the ledger) are checked where their file is known.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import PlainValidator

from cecert.domain.mail.account import is_loopback
from cecert.domain.people.person import email_problems
from cecert.domain.values.text import markup_problems, text_problems

__all__ = [
    "Count",
    "Day",
    "Email",
    "Flag",
    "Hours",
    "Identifier",
    "LocalTime",
    "Name",
    "OptionalDay",
    "Paragraph",
    "Percent",
    "Words",
    "Zone",
    "choice",
    "ledger_url",
    "nearest",
    "read_name",
    "verify_url",
    "whole",
]

EnumT = TypeVar("EnumT", bound=Enum)

NAME_CHARACTERS = 200
"""Characters of the longest name or title we read; what is drawn has limits of its own."""

WORDS_CHARACTERS = 5_000
"""Characters of the longest text."""

YEARS = range(1800, 2200)
"""Years an approval may begin or end in."""

SESSION_YEARS = range(1970, 2200)
"""Years a session may be in: the token counts days from 1970 (docs/spec/token.md W2)."""

LEDGERS = ("sqlite:///", "postgresql+psycopg://", "postgresql://")
"""What a ledger's URL begins with."""

MOST_CHARACTERS = 39
"""Characters of the longest verify address; its `#` makes 40 in every QR code.

Source: docs/spec/token.md W3.
"""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` for the known word nearest to *word*, or ""."""
    found = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not text in quotes")  # noqa: TRY004  # pydantic collects ValueErrors
    text = unicodedata.normalize("NFC", value).strip()
    if problems := text_problems(text) + markup_problems(text):
        raise ValueError(problems[0])
    if len(text) > NAME_CHARACTERS:
        raise ValueError(f"has {len(text)} characters, at most {NAME_CHARACTERS}")
    return text


def read_name(value: object) -> str:
    """Read one line of text that is not blank.

    Raises:
        ValueError: If it is none; str() says why.
    """
    if not (text := _words(value)):
        raise ValueError("is blank")
    return text


def _paragraph(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not text in quotes")  # noqa: TRY004  # see _words
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if problems := text_problems(text) + markup_problems(text):
        raise ValueError(problems[0])
    if len(text) > WORDS_CHARACTERS:
        raise ValueError(f"has {len(text)} characters, at most {WORDS_CHARACTERS}")
    return text


def _identifier(value: object) -> str:
    text = read_name(value)
    ok = text.isascii() and all(each.isalnum() or each in "-_." for each in text)
    if not ok or len(text) > _IDENTIFIER or not text[0].isalnum():
        raise ValueError(f"is not 1 to {_IDENTIFIER} letters A-Z, digits and - _ .")
    return text


_IDENTIFIER = 64


def _email(value: object) -> str:
    text = read_name(value)
    if problems := email_problems(text):
        raise ValueError(problems[0])
    return text


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, date) or isinstance(day, datetime) or day.year not in YEARS:
        raise ValueError("is not a date such as 2020-10-22")
    return day


def _optional_day(value: object) -> date | None:
    return None if value == "" else _day(value)


def _local_time(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("is not a date and time such as 2020-10-22T13:00:00")  # noqa: TRY004  # see _words
    if value.year not in SESSION_YEARS:
        raise ValueError(f"is not in the years {SESSION_YEARS.start} to {SESSION_YEARS.stop - 1}")
    if value.tzinfo is not None:
        raise ValueError("has an offset; times are local to the course's timezone")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is not true or false")  # noqa: TRY004  # see _words
    return value


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("is not a number")  # noqa: TRY004  # see _words
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("is not a number")
    return number


def _hours(value: object) -> Decimal:
    number = _decimal(value)
    if not 0 < number < _MOST_HOURS or number != round(number, 2):
        raise ValueError("is not a positive number of hours with at most two decimals")
    return number


_MOST_HOURS = 1_000


def _percent(value: object) -> Decimal:
    number = _decimal(value)
    if not 0 < number <= 100:  # noqa: PLR2004
        raise ValueError("is not a number of per cent, more than 0 and at most 100")
    return number


def _zone(value: object) -> str:
    text = read_name(value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # a key of no zone, a path, a folder
        raise ValueError("is not a time zone such as America/New_York") from None
    return text


def whole(least: int, most: int) -> PlainValidator:
    """Return what reads a whole number from *least* to *most*."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"is not a whole number from {least} to {most}")
        return value

    return PlainValidator(read)


def choice(members: type[EnumT], refused: Callable[[str], str] = lambda _: "") -> PlainValidator:
    """Return what reads a member of an enumeration by its value.

    Args:
        members: The enumeration.
        refused: Says why a value that people write is none of them, or "".
    """
    known = {str(each.value): each for each in members}

    def read(value: object) -> EnumT:
        word = value if isinstance(value, str) else ""
        if word in known:
            return known[word]
        why = refused(word) or f"is not one of {', '.join(known)}{nearest(word, known)}"
        raise ValueError(why)

    return PlainValidator(read)


Words = Annotated[str, PlainValidator(_words)]
"""One line of text, perhaps blank."""
Name = Annotated[str, PlainValidator(read_name)]
"""One line of text."""
Paragraph = Annotated[str, PlainValidator(_paragraph)]
"""Text whose line breaks mean nothing."""
Identifier = Annotated[str, PlainValidator(_identifier)]
"""An id that may stand in a file name, a list and a URL."""
Email = Annotated[str, PlainValidator(_email)]
"""A bare e-mail address."""
Day = Annotated[date, PlainValidator(_day)]
"""A date, as TOML or in quotes."""
OptionalDay = Annotated[date | None, PlainValidator(_optional_day)]
"""A date, or "" for none yet."""
LocalTime = Annotated[datetime, PlainValidator(_local_time)]
"""A date and time without an offset."""
Flag = Annotated[bool, PlainValidator(_flag)]
"""True or false."""
Hours = Annotated[Decimal, PlainValidator(_hours)]
"""A positive number of hours, in hundredths at most."""
Percent = Annotated[Decimal, PlainValidator(_percent)]
"""More than 0, at most 100."""
Zone = Annotated[str, PlainValidator(_zone)]
"""An IANA time zone."""
Count = Annotated[int, whole(0, 1_000_000)]
"""A whole number, not negative."""


def verify_url(url: str) -> str:
    """Return the address of a verify page, ending in `/`.

    >>> verify_url("https://verify.example.edu")
    'https://verify.example.edu/'

    Raises:
        ValueError: If it is not an https address that a QR code can carry.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("is not an https address such as https://verify.example.edu/")
    if not url.isascii() or any(each.isspace() for each in url):
        raise ValueError("holds a space or a letter outside ASCII; write the host in punycode")
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment or "#" in url:
        raise ValueError("is not a plain address: no user, query or fragment")
    url = url if url.endswith("/") else url + "/"
    if len(url) > MOST_CHARACTERS:
        raise ValueError(f"has {len(url)} characters, {MOST_CHARACTERS} at most fit the QR code")
    return url


def ledger_url(url: str, folder: Path) -> str:
    """Return the ledger's URL, a relative SQLite path made absolute.

    >>> ledger_url("sqlite:///ledger.db", Path("/srv/office"))
    'sqlite:////srv/office/ledger.db'

    Raises:
        ValueError: If it is of no kind that cecert keeps a ledger in.
    """
    if url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:///")
        if name == url or not name or name.startswith(":memory:"):
            raise ValueError("names no file, such as sqlite:///ledger.db")
        return f"sqlite:///{folder / name}"
    if not url.startswith(LEDGERS):
        raise ValueError(f"is no ledger; it begins with {' or '.join(LEDGERS)}")
    return url
