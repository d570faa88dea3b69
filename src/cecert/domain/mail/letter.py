"""Letters: mails about no certificate, to people who have none yet, or get none.

A letter is whole when it is queued: what it says stands in its row, so that it is the same on
every attempt, whatever becomes of the list and the course's file meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

from cecert.domain.mail.message import MailKind, OutboxRow
from cecert.errors import WrongValueError

__all__ = [
    "Letter",
    "again",
    "are_to_one",
    "letter_of",
    "letter_row",
    "message_id_of_letter",
    "person_mark",
]

PERSON_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, and to whom.

    Attributes:
        kind: REMIND or DENIED.
        course_id: The course's id.
        participant: The person's identity in it.
        name: As it would be printed.
        title: The course's.
        dates: Its days, in words.
        gaps: Stable names of what is asked for, `evaluation`; () of a denial.
        sentences: What is missing, one for each gap; or why nothing is issued.
        timezone: The course's.
        last_day: ISO 8601; the last day on which it is worth sending.
        looked_by: Who has looked at the denial; "" of a reminder.
    """

    kind: MailKind
    course_id: str
    participant: str
    name: str
    title: str
    dates: str
    gaps: tuple[str, ...]
    sentences: tuple[str, ...]
    timezone: str
    last_day: str
    looked_by: str = ""

    @property
    def ends(self) -> datetime:
        """The last instant of its last day, at the course."""
        day, zone = date.fromisoformat(self.last_day), ZoneInfo(self.timezone)
        return datetime.combine(day, time(23, 59, 59), zone)


def person_mark(provider_id: str, course_id: str, participant: str) -> str:
    """Return 16 digits that tell a person of a course, and say nothing of them.

    Args:
        provider_id: Whose course it is.
        course_id: The course.
        participant: The person's identity in it.
    """
    said = json.dumps([provider_id, course_id, participant])
    return sha256(said.encode()).hexdigest()[:PERSON_DIGITS]


def letter_row(
    letter: Letter, email: str, mark: str, number: int, now: datetime, mail_host: str
) -> OutboxRow:
    """Return the row that promises a letter.

    Args:
        letter: What it says.
        email: Where it goes.
        mark: Of `person_mark`.
        number: 1 for the first of its kind to that person in that course; of two commands that
            count alike at the same moment, the key lets one queue it.
        now: UTC; also the mail's Date.
        mail_host: Host part of the Message-ID.
    """
    row = OutboxRow(
        key=f"{letter.kind.value}:{letter.course_id}:{mark}:{number}",
        certificate_id=None,
        course_id=letter.course_id,
        recipient=email,
        message_id="",
        sha256="",
        queued_at=now,
        due=now,
        deadline=letter.ends,
        note=_note(letter),
    )
    return replace(row, message_id=message_id_of_letter(row.number, row.kind, mail_host))


def message_id_of_letter(number: str, kind: MailKind, mail_host: str) -> str:
    """Return the Message-ID of a letter.

    Args:
        number: `OutboxRow.number` of its row.
        kind: What it is for.
        mail_host: Host part.
    """
    return f"<{number}.{kind.value}@{mail_host}>"


def are_to_one(row: OutboxRow, other: OutboxRow) -> bool:
    """Say whether two mails are letters of one kind to one person of one course."""
    if row.certificate_id is not None or other.certificate_id is not None:
        return False
    return row.key.rpartition(":")[0] == other.key.rpartition(":")[0]


def again(row: OutboxRow, number: int, now: datetime) -> OutboxRow:
    """Return the row of a letter that came back through the sender's fault, sent once more.

    Args:
        row: The one that came back.
        number: As of `letter_row`.
        now: UTC; also the mail's Date.

    Raises:
        WrongValueError: If it is no letter's.
    """
    mail_host = row.message_id.rpartition("@")[2].rstrip(">")
    mark = row.key.rsplit(":", 2)[1]
    return letter_row(letter_of(row), row.recipient, mark, number, now, mail_host)


def letter_of(row: OutboxRow) -> Letter:
    """Return what a letter's row says.

    Raises:
        WrongValueError: If it is none's.
    """
    said = json.loads(row.note)
    if not isinstance(said, dict):
        raise WrongValueError(f"{row.key} is no letter")  # a fault of the row
    try:
        return Letter(
            **said
            | {
                "kind": MailKind(said["kind"]),
                "gaps": tuple(said["gaps"]),
                "sentences": tuple(said["sentences"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise WrongValueError(f"{row.key} is no letter: {error}") from error


def _note(letter: Letter) -> str:
    return json.dumps(asdict(letter) | {"kind": letter.kind.value}, ensure_ascii=False)
