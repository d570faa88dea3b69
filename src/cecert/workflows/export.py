"""Exporting: what a co-sponsor, an auditor or another system asks for; each is an event.

The event is entered before anything is handed out, so that no export goes unrecorded;
one that then fails is recorded all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.domain.mail.message import OutboxRow
from cecert.domain.values.wording import hours_figure
from cecert.errors import LedgerError
from cecert.ports import Clock, Entry, Event, Ledger, Outbox

__all__ = ["ROSTER_COLUMNS", "LedgerLine", "export_ledger", "export_roster"]

ROSTER_COLUMNS = ("name", "licenses", "credentials", "hours", "credit_date", "id", "status")
"""What a roster tells of each certificate."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Everything the ledger has of one certificate.

    Attributes:
        entry: The certificate.
        events: What happened to it, oldest first.
        mails: In the order they were queued.
    """

    entry: Entry
    events: tuple[Event, ...]
    mails: tuple[OutboxRow, ...]


def export_roster(
    course_id: str, ledger: Ledger, clock: Clock, actor: str
) -> tuple[tuple[str, ...], ...]:
    """Return the roster of a course: a row a certificate, whatever became of it.

    Credentials and hours of several credit lines stand in one cell each, in the same
    order, with `; ` between them.

    Args:
        course_id: The course.
        ledger: The ledger.
        clock: Tells when, for the event.
        actor: Who exports.

    Returns:
        Rows of `ROSTER_COLUMNS`, in order of issue.

    Raises:
        LedgerError: If the ledger has no certificate of the course.
    """
    rows = tuple(_row(entry) for entry in ledger.walk(course_id))
    if not rows:
        raise LedgerError(
            f"the ledger has no certificate of course {course_id!r}",
            hint="cecert status lists the courses",
        )
    reason = f"roster of {course_id}, {len(rows)} certificates"
    ledger.add_event(Event("exported", clock.now(), None, actor, reason))
    return rows


def _row(entry: Entry) -> tuple[str, ...]:
    certificate = entry.certificate
    return (
        certificate.recipient.name,
        "; ".join(map(str, certificate.recipient.licenses)),
        "; ".join(each.credential for each in certificate.credit_lines),
        "; ".join(hours_figure(each.hours) for each in certificate.credit_lines),
        certificate.credit_date.isoformat(),
        str(certificate.id),
        entry.state.value,
    )


def export_ledger(ledger: Ledger, outbox: Outbox, clock: Clock, actor: str) -> Iterator[LedgerLine]:
    """Yield everything the ledger has, certificate by certificate, in order of issue.

    The event is entered when the first is asked for.

    Args:
        ledger: Is read entry by entry, and takes the event.
        outbox: Has the mails of each certificate.
        clock: Tells when.
        actor: Who exports.
    """
    count = ledger.count()
    reason = f"the whole ledger, {count} certificates"
    ledger.add_event(Event("exported", clock.now(), None, actor, reason))
    for entry in ledger.walk():
        number = entry.certificate.id
        yield LedgerLine(entry, tuple(ledger.events(number)), tuple(outbox.of_certificate(number)))
