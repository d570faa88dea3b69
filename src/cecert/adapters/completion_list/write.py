"""`completions.csv` as `decide` and `issue` read it, and as Excel opens it.

UTF-8 with a byte order mark, which is how Excel knows it; times with their offset, which
Excel leaves alone. A cell that a spreadsheet would take for a formula is guarded with
an apostrophe, which the reader takes off again.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from cecert.domain.evidence.collection import Collection, Participant
from cecert.domain.values.spreadsheets import guarded
from cecert.domain.values.wording import hours_figure

__all__ = ["COLUMNS", "completion_list", "guarded"]

COMPLETED = "completed_on"
"""The column after `attended`, or in its place, where each person has a day of completion."""

COLUMNS = (
    "participant_id", "name", "email", "credentials", "licenses", "attended", "visible",
    "evaluation", "attestation", "post_test", "fee_paid", "role", "review", "why",
)  # fmt: skip


def completion_list(collection: Collection) -> bytes:
    """Return the list's bytes: the same collection, the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    # Few lists have anybody who was told apart from another.
    apart = any(each.registrant.different_from for each in collection.participants)
    course = collection.course
    head = [*COLUMNS, "different_from"] if apart else [*COLUMNS]
    place = head.index("attended")
    instead = slice(place + bool(course.sessions), place + 1)
    own_days = course.format.dated_by_person
    if own_days:
        head[instead] = [COMPLETED]
    writer.writerow(head)
    zone = ZoneInfo(course.timezone)
    for each in collection.participants:
        row = _cells(each, zone)
        if apart:
            row.append(";".join(each.registrant.different_from))
        if own_days:
            row[instead] = [_stamp(each.completed_on, zone)]
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


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
