"""A course as a register of credits knows it: what it was told of which certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeAlias

from cecert.domain.certificate.cebroker import ToldLicense
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Entry, Ledger, Report

__all__ = [
    "CEBROKER",
    "SETTLED",
    "Act",
    "LicenseKey",
    "ReportedCourse",
    "license_key",
    "report_of",
    "stands",
]

CEBROKER = "cebroker"
"""The register, as the ledger calls it."""

SETTLED = f"{CEBROKER}-settled"
"""Certificates of which a person has said that the register needs nothing more."""

LicenseKey: TypeAlias = tuple[str, str]
"""State and number of a licence."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act that the ledger notes.

    Attributes:
        at: When, UTC.
        actor: Who.
        reason: Why; "" where the act says it itself.
    """

    at: datetime
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportedCourse:
    """What the ledger has of a course and of what the register was told of it.

    Attributes:
        entries: Its certificates, in order of issue.
        reports: What was told of each.
        settled: Those that need nothing more.
        people: What stands and is not settled, by whose it is.
    """

    entries: tuple[Entry, ...]
    reports: Mapping[CertificateId, tuple[Report, ...]]
    settled: frozenset[CertificateId]
    people: Mapping[str, tuple[Entry, ...]]

    @classmethod
    def of(cls, course_id: str, ledger: Ledger) -> Self:
        """Read a course of the ledger."""
        reports: defaultdict[CertificateId, tuple[Report, ...]] = defaultdict(tuple)
        for each in ledger.reports(CEBROKER, course_id):
            reports[each.certificate_id] += (each,)
        settled = {each.certificate_id for each in ledger.reports(SETTLED, course_id)}
        entries, people = tuple(ledger.walk(course_id)), defaultdict[str, tuple[Entry, ...]](tuple)
        for entry in entries:
            if stands(entry) and entry.certificate.id not in settled:
                people[entry.certificate.recipient.participant] += (entry,)
        return cls(entries, reports, frozenset(settled), people)

    def standing(self) -> Iterator[Entry]:
        """Yield what stands and is not settled."""
        for each in self.entries:
            if stands(each) and each.certificate.id not in self.settled:
                yield each

    def open(self) -> Iterator[Entry]:
        """Yield what was reported, does not stand any more, and is not settled."""
        for each in self.entries:
            own = each.certificate.id
            if not stands(each) and own in self.reports and own not in self.settled:
                yield each

    def in_place_of(self, entry: Entry) -> tuple[Entry, ...]:
        """Return what the same person has of the course now."""
        return self.people.get(entry.certificate.recipient.participant, ())

    def told_now(self) -> set[LicenseKey]:
        """Return the licences that the register knows by a certificate that stands."""
        standing = {each.certificate.id for each in self.entries if stands(each)}
        return {license_key(e.license) for each in standing for e in self.reports.get(each, ())}


def stands(entry: Entry) -> bool:
    """Say whether a certificate stands."""
    return entry.state is CertificateState.STANDING


def license_key(license_text: str) -> LicenseKey:
    """Return state and number of a licence: by them a register knows it, whatever its title."""
    words = license_text.split()
    return words[0], words[-1].casefold()


def report_of(entry: Entry, told: ToldLicense, act: Act, file: str = "") -> Report:
    """Return what the ledger notes of one licence that is told.

    Args:
        entry: The certificate.
        told: The licence, and what is told of it.
        act: Who reports, and when.
        file: The name of the file that tells it; "" where somebody did it by hand.
    """
    return Report(
        register=CEBROKER,
        license=str(told.license),
        certificate_id=entry.certificate.id,
        credential=told.credential,
        at=act.at,
        actor=act.actor,
        file=file,
    )
