"""What became of each award: issued, or why not, with the certificate that it is about.

A batch has a report; who issues as people finish asks of one award, and branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from cecert.domain.decision.decide import Award, Denial, Shortfall
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.quick_making import quickly_made
from cecert.errors import Fault
from cecert.ports import Entry
from cecert.workflows.issue.check import CheckedBatch

__all__ = ["AwardResult", "Became", "Places", "denied", "refused", "results_of"]

Places: TypeAlias = Mapping[tuple[str, str], CertificateId | None]
"""Certificates by identity and credential type; None where nobody can say which it is."""


class Became(Enum):
    """What became of an award; the values are stable. Threads may share it."""

    ISSUED = "issued"
    ALREADY = "already"
    """A standing certificate carried it before."""
    REVOKED = "revoked"
    """Its certificate was revoked: issuing again does not bring it back."""
    OTHER_PERSON = "other-person"
    """Somebody who is, or may be, the same person holds a certificate under another identity."""
    LOST = "lost"
    """Another run entered it meanwhile."""
    REFUSED = "refused"


@quickly_made
@dataclass(frozen=True, slots=True)
class AwardResult:
    """What became of one award. Threads may share it.

    Attributes:
        decision: The award; of `issue_one` and `issue_each` it may be a denial, REFUSED.
        became: What became of it.
        certificate_id: The certificate that carries it now (ISSUED, ALREADY, LOST) or carried
            it (REVOKED); None of the others.
        entry: As it was entered, of ISSUED; None else.
        faults: Why it was not issued, of REFUSED awards and of OTHER_PERSON.
        shortfalls: What is missing, of a denial.
    """

    decision: Award | Denial
    became: Became
    certificate_id: CertificateId | None = None
    entry: Entry | None = None
    faults: tuple[Fault, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


def denied(denial: Denial) -> AwardResult:
    """Return what becomes of a denial: nothing, for all that is missing."""
    return AwardResult(denial, Became.REFUSED, shortfalls=denial.shortfalls)


def refused(award: Award, faults: Iterable[Fault]) -> AwardResult:
    """Return the result of an award that was not issued, for what is wrong with the batch."""
    return AwardResult(award, Became.REFUSED, faults=tuple(faults))


def results_of(
    batch: CheckedBatch, issued: Iterable[Entry], lost: Places, other: Places
) -> tuple[AwardResult, ...]:
    """Return what became of each award of a batch, in its order.

    Args:
        batch: As it was checked.
        issued: What was entered of it.
        lost: What another run entered meanwhile.
        other: What seems to be another person's of the same name, as the ledger found.
    """
    entries = {
        (entry.certificate.recipient.participant, line.credential): entry
        for entry in issued
        for line in entry.certificate.credit_lines
    }
    already = {(each.participant, each.credential): each.certificate_id for each in batch.already}
    gone = {(each.identity, each.credential): each.certificate_id for each in batch.withheld}

    def result(award: Award) -> AwardResult:
        key = award.record.identity, award.credential
        if reasons := [each for each in batch.reasons if each.identity == key[0]]:
            faults = tuple(each.fault for each in reasons)
            alike = all(each.other_person for each in reasons)
            became = Became.OTHER_PERSON if alike else Became.REFUSED
            return AwardResult(award, became, faults=faults)
        if entry := entries.get(key):
            return AwardResult(award, Became.ISSUED, entry.certificate.id, entry)
        for became, places in (
            (Became.ALREADY, already), (Became.REVOKED, gone), (Became.LOST, lost),
        ):  # fmt: skip
            if key in places:
                return AwardResult(award, became, places[key])
        fault = Fault(award.record.place or award.record.name, award.record.name, _ALIKE)
        became = Became.OTHER_PERSON if key in other else Became.LOST
        return AwardResult(award, became, faults=(fault,) if key in other else ())

    return tuple(map(result, batch.awards))


_ALIKE = (
    "seems to be somebody who was given a certificate of this course under another identity "
    "meanwhile"
)
