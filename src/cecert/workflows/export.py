"""Exporting: what a co-sponsor, an auditor or another system asks for; each is an event.

The event is entered before anything is handed out, so that no export goes unrecorded;
one that then fails is recorded all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from cecert.domain.certificate.roster import Roster, RosterProfile, RosterSource, draw_roster
from cecert.domain.mail.message import OutboxRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import hours_figure
from cecert.errors import Fault, InputError, LedgerError
from cecert.ports import Clock, Entry, Event, Ledger, Outbox
from cecert.workflows.report.course import CEBROKER

__all__ = [
    "ROSTER_COLUMNS",
    "LedgerLine",
    "export_ledger",
    "export_roster",
    "note_roster",
    "profile_roster",
    "refuse_unlicensed",
]

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
) -> Iterator[tuple[str, ...]]:
    """Return the roster of a course: a row a certificate, whatever became of it.

    That it is exported is entered before the first row is read.

    Credentials and hours of several credit lines stand in one cell each, in the same
    order, with `; ` between them.

    Args:
        course_id: The course.
        ledger: The ledger.
        clock: Tells when, for the event.
        actor: Who exports.

    Returns:
        Rows of `ROSTER_COLUMNS`, in order of issue, read as they are asked for.

    Raises:
        LedgerError: If the ledger has no certificate of the course.
    """
    many = ledger.count(course_id)
    if not many:
        raise _no_certificate(course_id)
    reason = f"roster of {course_id}, {many} certificates"
    ledger.add_event(Event("exported", clock.now(), None, actor, reason))
    # Whoever is entered from now on is of the next export.
    return (_row(entry) for entry in islice(ledger.walk(course_id), many))


def profile_roster(course_id: str, profile: RosterProfile, ledger: Ledger) -> Roster:
    """Return the roster of a course as a profile tells it; `note_roster` enters that it went out.

    Args:
        course_id: The course.
        profile: What it tells.
        ledger: Is read.

    Raises:
        LedgerError: If the ledger has no certificate of the course.
    """
    told = _reported_at(course_id, ledger)
    sources = [
        RosterSource(e.certificate, e.email, e.state, told.get(e.certificate.id, {}))
        for e in ledger.walk(course_id)
    ]
    if not sources:
        raise _no_certificate(course_id)
    return draw_roster(profile, sources)


def refuse_unlicensed(profile: RosterProfile, roster: Roster) -> None:
    """Refuse a roster in which somebody has no licence, though its profile wants one.

    Raises:
        InputError: If so; everybody is named.
    """
    faults = tuple(
        Fault(
            f"{each.certificate.recipient.name} ({each.certificate.id})",
            "",
            f"has no licence, and {profile.label} wants one",
        )
        for each in roster.unlicensed
    )
    if faults:
        raise InputError(
            f"the roster {profile.id} was not written: somebody has no licence",
            faults,
            hint="cecert correct gives a certificate the licence that it lacks; --leave-out "
            "leaves them out",
        )


def note_roster(
    course_id: str, profile: RosterProfile, roster: Roster, ledger: Ledger, by: tuple[Clock, str]
) -> None:
    """Enter that a roster went out.

    Args:
        course_id: The course.
        profile: What it tells.
        roster: The roster.
        ledger: Takes the event.
        by: Tells when, and who exports.

    Raises:
        InputError: If nothing of the course is in it.
    """
    if not roster.rows:
        raise InputError(f"nothing of {course_id} is for {profile.label}", hint=_hint(profile))
    clock, actor = by
    reason = f"roster {profile.id} of {course_id}, {len(roster.rows)} rows"
    ledger.add_event(Event("exported", clock.now(), None, actor, reason))


def _hint(profile: RosterProfile) -> str:
    wanted = [
        f"credit of {', '.join(profile.credentials)}" if profile.credentials else "",
        f"licences of {', '.join(profile.states)}" if profile.states else "",
    ]
    told = " and ".join(filter(None, wanted))
    return f"the profile takes {told}" if told else ""


def _reported_at(course_id: str, ledger: Ledger) -> dict[CertificateId, dict[str, datetime]]:
    """Return when CE Broker was last told of each licence of each certificate."""
    found: defaultdict[CertificateId, dict[str, datetime]] = defaultdict(dict)
    for each in ledger.reports(CEBROKER, course_id):
        found[each.certificate_id][each.license] = each.at
    return found


def _no_certificate(course_id: str) -> LedgerError:
    return LedgerError(
        f"the ledger has no certificate of course {course_id!r}",
        hint="cecert status lists the courses",
    )


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
