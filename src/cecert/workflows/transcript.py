"""`transcript`: the certificates of one person in a period, as the ledger has them now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.transcript import Period, Transcript, TranscriptRow, totals_of
from cecert.domain.course.regime import Renewal
from cecert.domain.people.person import License
from cecert.domain.values.wording import counted
from cecert.errors import InputError
from cecert.ports import Clock, Entry, Event, Ledger
from cecert.workflows.person import found_person

__all__ = ["note_transcript", "transcript"]


@typed
def transcript(
    text: str,
    period: Period,
    ledger: Ledger,
    clock: Clock,
    renewals: Mapping[str, Renewal] | None = None,
) -> Transcript:
    """Draw up the transcript of the one person whom a text finds.

    Args:
        text: A certificate's id, an identity, or whatever `find` knows.
        period: By the credit date.
        ledger: Is read.
        clock: Tells when.
        renewals: What a renewal needs, by credential type.

    Raises:
        InputError: If it finds nobody or several, or nothing lies in the period.
        LedgerError: If it is a whole id, and of no certificate here.
    """
    person = found_person(text, ledger)
    entries = [each for each in person.entries if each.certificate.credit_date in period]
    if not entries:
        raise InputError(
            f"no certificate of {person.name} has its credit date in the period {period.phrase}",
            hint=f"{counted(len(person.entries), 'certificate')} outside of it: "
            f"cecert find {person.name!r}",
        )
    rows = tuple(_row(each, person.entries, ledger) for each in sorted(entries, key=_by_date))
    return Transcript(
        participant=person.participant,
        licenses=_licenses([each for each in rows if each.counts] or rows),
        period=period,
        rows=rows,
        totals=totals_of(rows, renewals or {}),
        drawn_up_at=clock.now().replace(microsecond=0),
        others=person.others,
    )


def note_transcript(transcript: Transcript, ledger: Ledger, actor: str) -> None:
    """Enter that a transcript is handed out.

    Args:
        transcript: What is handed out.
        ledger: Takes the event.
        actor: Who asked.
    """
    reason = f"transcript of {transcript.participant}, {len(transcript.rows)} certificates"
    ledger.add_event(Event("exported", transcript.drawn_up_at, None, actor, reason))


def _by_date(entry: Entry) -> tuple[date, datetime]:
    return entry.certificate.credit_date, entry.certificate.issued_at


def _licenses(rows: Iterable[TranscriptRow]) -> tuple[License, ...]:
    newest_first = sorted(rows, key=lambda each: each.certificate.issued_at, reverse=True)
    held = (each for row in newest_first for each in row.certificate.recipient.licenses)
    return tuple(dict.fromkeys(held))


def _row(entry: Entry, theirs: Sequence[Entry], ledger: Ledger) -> TranscriptRow:
    own = entry.certificate
    theirs_after = (each.certificate for each in theirs)
    by = next((each.id for each in theirs_after if each.supersedes == own.id), None)
    revoked = None
    if entry.state is CertificateState.REVOKED:
        ends = (each.at for each in ledger.events(own.id) if each.kind == "revoked")
        revoked = next(ends, None)
    by = by if entry.state is CertificateState.SUPERSEDED else None
    return TranscriptRow(own, entry.state, by, revoked)
