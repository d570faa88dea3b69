"""`completions.csv` as `decide` and `issue` read it, and as Excel opens it.

UTF-8 with a byte order mark, which is how Excel knows it; times with their offset, which
Excel leaves alone. A cell that a spreadsheet would take for a formula is guarded with
an apostrophe, which the reader takes off again.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.course.course import Course
from cecert.domain.evidence.collection import Participant, Registrant
from cecert.domain.values.spreadsheets import guarded
from cecert.domain.values.wording import hours_figure

__all__ = ["COLUMNS", "ListRows", "guarded"]

COMPLETED = "completed_on"
"""The column after `attended`, or in its place, where each person has a day of completion."""

COLUMNS = (
    "participant_id", "name", "email", "credentials", "licenses", "attended", "visible",
    "evaluation", "attestation", "post_test", "fee_paid", "role", "review", "why",
)  # fmt: skip


class ListRows:
    """The rows of one course's list, each as bytes: nobody has to hold the whole.

    Attributes:
        head: The header.
    """

    def __init__(self, course: Course, registrants: Iterable[Registrant]) -> None:
        """Take a course, and who is on its list.

        Args:
            course: The course.
            registrants: Everybody; few lists have anybody who was told apart from another.
        """
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._apart = any(each.different_from for each in registrants)
        self._own_days = course.format.dated_by_person
        self._zone = ZoneInfo(course.timezone)
        head = [*COLUMNS, "different_from"] if self._apart else [*COLUMNS]
        place = head.index("attended")
        self._instead = slice(place + bool(course.sessions), place + 1)
        if self._own_days:
            head[self._instead] = [COMPLETED]
        self.head = codecs.BOM_UTF8 + self._written(head)

    def row(self, participant: Participant) -> bytes:
        """Return the row of one person."""
        row = _cells(participant, self._zone)
        if self._apart:
            row.append(";".join(participant.registrant.different_from))
        if self._own_days:
            row[self._instead] = [_stamp(participant.completed_on, self._zone)]
        return self._written([guarded(cell) for cell in row])

    def _written(self, cells: Sequence[str]) -> bytes:
        self._writer.writerow(cells)
        written = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return written


def _cells(participant: Participant, zone: ZoneInfo) -> list[str]:
    registrant = participant.registrant
    return [
        registrant.participant_id,
        registrant.name,
        registrant.email,
        ";".join(registrant.credentials),
        "; ".join(str(each) for each in registrant.licenses),
        ";".join(participant.attended),
        _yes(participant.visible),
        _stamp(participant.evaluation, zone),
        _stamp(participant.attestation, zone),
        _per_cent(participant.post_test),
        _yes(registrant.fee_paid),
        registrant.role,
        participant.review,
        participant.why,
    ]


def _yes(value: bool | None) -> str:  # noqa: FBT001 - the value itself
    return "" if value is None else "yes" if value else "no"


def _stamp(value: date | datetime | None, zone: ZoneInfo) -> str:
    """Write with a time even where only the day is known: Excel rewrites a bare date."""
    if value is None or isinstance(value, datetime):
        return moment(value, zone)
    return moment(datetime.combine(value, time(), zone), zone)


def moment(value: date | datetime | None, zone: ZoneInfo) -> str:
    """Write when something was completed: a date, or a time with the course's offset."""
    if value is None:
        return ""
    return value.astimezone(zone).isoformat() if isinstance(value, datetime) else value.isoformat()


def _per_cent(score: Decimal | None) -> str:
    return "" if score is None else hours_figure(score)
