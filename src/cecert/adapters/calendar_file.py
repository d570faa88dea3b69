"""A calendar of deadlines, as calendar programs take it (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cecert.domain.values.deadline import Deadline

__all__ = ["calendar_of"]

_LONGEST_LINE = 75
"""Octets of a line without its break (RFC 5545, 3.1)."""


def calendar_of(deadlines: Iterable[Deadline], provider: str, now: datetime) -> bytes:
    """Return deadlines as a calendar, an entry for each, on its day and without an hour.

    The same deadline has the same UID each time, however many people it is about by then, so
    that importing it again changes the entry that is there.

    Args:
        deadlines: What is due.
        provider: The provider's id, which makes the UIDs the provider's own.
        now: When it was made, UTC.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//cecert//cecert due//EN"]
    for each in deadlines:
        lines += _entry(each, provider, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _entry(deadline: Deadline, provider: str, now: datetime) -> Iterator[str]:
    named = f"{provider} {deadline.kind.value} {deadline.subject or deadline.what}"
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(named.encode()).hexdigest()[:32]}@cecert"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{deadline.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{deadline.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(deadline.what)}"
    yield f"DESCRIPTION:{_text(deadline.remedy)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    r"""Escape a text (3.3.11).

    >>> _text("a, b; c\\d")
    'a\\, b\\; c\\\\d'
    """
    for plain in ("\\", ";", ","):
        value = value.replace(plain, f"\\{plain}")
    return value.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of 75 octets at most, no character cut; all but one begin blank."""
    part, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
