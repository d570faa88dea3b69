"""Letters for tests: a reminder and a denial of the sample course, and their events."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ledger_entries import AT

from cecert.domain.mail.letter import Letter, letter_row, person_mark
from cecert.domain.mail.message import MailKind, OutboxRow
from cecert.ports import Event

REMINDER = Letter(
    kind=MailKind.REMIND,
    course_id="mbt-2020-10",
    participant="m.adeyemi@example.org",
    name="Marguerite Adeyemi-Thornquist",
    title="Mentalization Based Treatment",
    dates="October 22 and 29, 2020",
    gaps=("evaluation", "fee"),
    sentences=(
        "We have not received your course evaluation.",
        "The CE fee is still open.",
    ),
    timezone="America/New_York",
    last_day="2020-11-28",
)
DENIAL = replace(
    REMINDER,
    kind=MailKind.DENIED,
    gaps=(),
    sentences=("You were away for 25 minutes on October 22, and the course asks for all of it.",),
    looked_by="Maria",
)


def reminder_row(number: int = 1, letter: Letter = REMINDER, at: datetime = AT) -> OutboxRow:
    """Return the row of a letter to the person it names."""
    mark = person_mark("example-ssw", letter.course_id, letter.participant)
    return letter_row(letter, letter.participant, mark, number, at, "example.edu")


def letter_event(kind: str, row: OutboxRow, reason: str = "", at: datetime = AT) -> Event:
    return Event(kind, at, None, "Maria", reason, row.key)
