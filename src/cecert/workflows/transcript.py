"""Transcripts: what one person earned in a period, and totals that are never added up.

Each total is one credential type's in one unit, counted from certificates that stand. What
was replaced or revoked stays listed and counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.course.credit_line import Category, CreditLine
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import counted, day_phrase
from cecert.errors import InputError
from cecert.ports import Clock, Entry, Event, Ledger
from cecert.workflows.person import Other, found_person

__all__ = ["Period", "Total", "Transcript", "TranscriptRow", "draw_up"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included; None for no bound."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise InputError(
                f"the period ends on {self.last} before it begins on {self.first}",
                hint="--from is its first day, --to its last",
            )

    def __contains__(self, day: date) -> bool:
        """Say whether a day lies in it."""
        begun = self.first is None or self.first <= day
        return begun and (self.last is None or day <= self.last)

    @property
    def phrase(self) -> str:
        """In words: `from January 1, 2024 to December 31, 2025`; "" without a bound."""
        bounds = (("from", self.first), ("to", self.last))
        return " ".join(f"{word} {day_phrase(day)}" for word, day in bounds if day is not None)


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One certificate of a transcript.

    Attributes:
        entry: The certificate.
        replaced_by: The correction that counts instead, None if none does.
        revoked_at: When it was revoked, None if it was not.
    """

    entry: Entry
    replaced_by: CertificateId | None
    revoked_at: datetime | None

    @property
    def counts(self) -> bool:
        """Whether its hours are in the totals."""
        return self.entry.state is CertificateState.STANDING


@dataclass(frozen=True, slots=True)
class Total:
    """The hours of one credential type in one unit; totals are never added to one another.

    Attributes:
        line: The newest credit line that is counted: it says what the credit is called.
        hours: Of all of them.
        certificates: How many are counted.
        categories: Hours of each, in alphabetical order.
    """

    line: CreditLine
    hours: Decimal
    certificates: int
    categories: tuple[Category, ...]

    @property
    def without_category(self) -> Decimal:
        """The hours that no category is named for."""
        return self.hours - sum((each.hours for each in self.categories), Decimal())


@dataclass(frozen=True, slots=True)
class Transcript:
    """What one person earned in a period.

    Attributes:
        participant: The identity.
        name: As on the newest certificate that is listed, one that counts if any does.
        licenses: Of all listed certificates that count, the newest first.
        period: By the credit date.
        rows: In order of the credit date.
        totals: In order of the credential types' numbers.
        drawn_up_at: When the states were looked up.
        others: Other identities that may be the same person; nothing of theirs is counted.
    """

    participant: str
    name: str
    licenses: tuple[License, ...]
    period: Period
    rows: tuple[TranscriptRow, ...]
    totals: tuple[Total, ...]
    drawn_up_at: datetime
    others: tuple[Other, ...] = ()

    @property
    def standing(self) -> int:
        """How many certificates count."""
        return sum(each.counts for each in self.rows)


def draw_up(text: str, period: Period, ledger: Ledger, clock: Clock, actor: str) -> Transcript:
    """Draw up the transcript of the one person whom a text finds, and enter that it was.

    Args:
        text: A certificate's id, an identity, or whatever `find` knows.
        period: By the credit date.
        ledger: Is read, and takes the event.
        clock: Tells when.
        actor: Who asks.

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
    named = _newest_first([each.entry for each in rows if each.counts] or entries)
    transcript = Transcript(
        participant=person.participant,
        name=named[0].certificate.recipient.name,
        licenses=_licenses(named),
        period=period,
        rows=rows,
        totals=_totals(rows),
        drawn_up_at=clock.now(),
        others=person.others,
    )
    reason = f"transcript of {person.participant}, {len(rows)} certificates"
    ledger.add_event(Event("exported", transcript.drawn_up_at, None, actor, reason))
    return transcript


def _by_date(entry: Entry) -> tuple[date, datetime]:
    return entry.certificate.credit_date, entry.certificate.issued_at


def _newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda each: each.certificate.issued_at, reverse=True)


def _licenses(entries: Sequence[Entry]) -> tuple[License, ...]:
    held = (each for entry in entries for each in entry.certificate.recipient.licenses)
    return tuple(dict.fromkeys(held))


def _row(entry: Entry, theirs: Sequence[Entry], ledger: Ledger) -> TranscriptRow:
    own = entry.certificate.id
    by = next((each.certificate.id for each in theirs if each.certificate.supersedes == own), None)
    revoked = None
    if entry.state is CertificateState.REVOKED:
        ends = (each.at for each in ledger.events(own) if each.kind == "revoked")
        revoked = next(ends, None)
    return TranscriptRow(entry, by if entry.state is CertificateState.SUPERSEDED else None, revoked)


def _totals(rows: Sequence[TranscriptRow]) -> tuple[Total, ...]:
    lines: defaultdict[tuple[int, str, str], list[CreditLine]] = defaultdict(list)
    for row in rows:
        for each in row.entry.certificate.credit_lines if row.counts else ():
            # A regime may have named its unit anew: hours of two units are no sum.
            lines[each.code, each.credential, each.unit].append(each)
    return tuple(_total(lines[each]) for each in sorted(lines))


def _total(lines: Sequence[CreditLine]) -> Total:
    hours: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in (category for line in lines for category in line.categories):
        hours[each.code] += each.hours
    categories = tuple(Category(code, hours[code]) for code in sorted(hours))
    whole = sum((each.hours for each in lines), Decimal())
    return Total(lines[-1], whole, len(lines), categories)
