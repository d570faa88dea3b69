"""Transcripts: what one person earned in a period, and totals that are never added up.

Each total is one credential type's in one unit, counted from certificates that stand. What
was replaced or revoked stays listed and counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Certificate, CertificateState, Paper
from cecert.domain.course.credit_line import Category, CreditLine
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.course.regime import Renewal
from cecert.domain.people.other_identity import Other
from cecert.domain.people.person import License
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.wording import day_phrase
from cecert.errors import InputError

__all__ = ["Period", "Total", "Transcript", "TranscriptIssuer", "TranscriptRow", "totals_of"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included. Threads may share it.

    Attributes:
        first, last: Civil days; None for no bound.
    """

    first: date | None = None
    last: date | None = None

    @typed
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
    def bounds(self) -> tuple[tuple[str, str], ...]:
        """A word and a day for each bound there is: `from`, `January 1, 2024`."""
        bounds = (("from", self.first), ("to", self.last))
        return tuple((word, day_phrase(day)) for word, day in bounds if day is not None)

    @property
    def phrase(self) -> str:
        """In words: `from January 1, 2024 to December 31, 2025`; "" without a bound."""
        return " ".join(f"{word} {day}" for word, day in self.bounds)


@dataclass(frozen=True, slots=True)
class TranscriptRow:
    """One certificate of a transcript. Threads may share it.

    Attributes:
        certificate: The certificate.
        state: As the ledger had it when the transcript was drawn up.
        replaced_by: The correction that counts instead, None if none does.
        revoked_at: When it was revoked, None if it was not.
    """

    certificate: Certificate
    state: CertificateState
    replaced_by: CertificateId | None = None
    revoked_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether its hours are in the totals."""
        return self.state is CertificateState.STANDING


@dataclass(frozen=True, slots=True)
class Total:
    """The hours of one credential type in one unit; totals are never added to one another.

    Threads may share it.

    Attributes:
        line: The newest credit line that is counted: it says what the credit is called. Who
            awards and who approved it, and by which number, it says only where all that are
            counted say the same.
        hours: Of all of them.
        certificates: How many are counted.
        categories: Hours of each, in alphabetical order.
        renewal: What its licensees need for each renewal, None where no text states it.
    """

    line: CreditLine
    hours: Decimal
    certificates: int
    categories: tuple[Category, ...]
    renewal: Renewal | None = None

    @property
    def without_category(self) -> Decimal:
        """The hours that no category is named for."""
        return self.hours - sum((each.hours for each in self.categories), Decimal())


@dataclass(frozen=True, slots=True)
class Transcript:
    """What one person earned in a period. Threads may share it.

    Attributes:
        participant: The identity.
        licenses: Of all listed certificates that count, the newest first.
        period: By the credit date.
        rows: In order of the credit date.
        totals: In order of the credential types' numbers.
        drawn_up_at: When the states were looked up; UTC, whole seconds.
        others: Other identities that may be the same person; nothing of theirs is counted.
    """

    participant: str
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

    @property
    def name(self) -> str:
        """As on the newest certificate that is listed, one that counts if any does."""
        return self.newest.recipient.name

    @property
    def newest(self) -> Certificate:
        """The newest certificate that is listed, one that counts if any does."""
        counted = [each.certificate for each in self.rows if each.counts]
        listed = counted or [each.certificate for each in self.rows]
        return max(listed, key=lambda each: each.issued_at)


def totals_of(rows: Sequence[TranscriptRow], renewals: Mapping[str, Renewal]) -> tuple[Total, ...]:
    """Return the totals of *rows*, which are in order of the credit date.

    *renewals* say by credential type what a renewal needs.
    """
    lines: defaultdict[tuple[int, str, str], list[CreditLine]] = defaultdict(list)
    for row in rows:
        for each in row.certificate.credit_lines if row.counts else ():
            # A regime may have named its unit anew: hours of two units are no sum.
            lines[each.code, each.credential, each.unit].append(each)
    found = (_total(lines[each]) for each in sorted(lines))
    return tuple(replace(each, renewal=renewals.get(each.line.credential)) for each in found)


def _total(lines: Sequence[CreditLine]) -> Total:
    hours: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in (category for line in lines for category in line.categories):
        hours[each.code] += each.hours
    categories = tuple(Category(code, hours[code]) for code in sorted(hours))
    whole = sum((each.hours for each in lines), Decimal())
    return Total(_shared(lines), whole, len(lines), categories)


T = TypeVar("T")


def _shared(lines: Sequence[CreditLine]) -> CreditLine:
    """Return the newest line, without what not all of *lines* say."""

    def agreed(fact: Callable[[CreditLine], T], otherwise: T) -> T:
        said = {fact(each) for each in lines}
        return said.pop() if len(said) == 1 else otherwise

    return replace(
        lines[-1],
        awarded_by=agreed(lambda each: each.awarded_by, ""),
        approver=agreed(lambda each: each.approver, ""),
        basis=agreed(lambda each: each.basis, ""),
        number=agreed(lambda each: each.number, ""),
        number_none_issued=all(each.number_none_issued for each in lines),
        valid_from=agreed(lambda each: each.valid_from, None),
        valid_to=agreed(lambda each: each.valid_to, None),
    )


@dataclass(frozen=True, slots=True)
class TranscriptIssuer:
    """Who draws up transcripts, and where they are checked.

    Attributes:
        provider: As it is called today.
        signatory: Who signs, None for nobody.
        paper: The sheet, which stands upright.
        verify_url: The page at which a transcript is checked, as its code holds it.
        verify_host: What the address bar reads there.
    """

    provider: Provider
    signatory: Signatory | None
    paper: Paper
    verify_url: str
    verify_host: str

    def day_of(self, instant: datetime) -> str:
        """Write the day of an instant by the provider's calendar: `November 29, 2026`."""
        return day_phrase(instant.astimezone(ZoneInfo(self.provider.timezone)).date())
