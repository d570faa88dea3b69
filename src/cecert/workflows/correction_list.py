"""Many corrections at once: a plan of all of them first, and a rerun that does what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.correction import Correction, CorrectionRow
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import CecertError, Fault, InputError
from cecert.ports import Entry, Ledger
from cecert.workflows.correct import refuse_unprintable, successor_of
from cecert.workflows.find import found_one

__all__ = ["CorrectionPlan", "PlannedCorrection", "plan_corrections"]


@dataclass(frozen=True, slots=True)
class PlannedCorrection:
    """A certificate that is to be corrected, and how."""

    entry: Entry
    correction: Correction


@dataclass(frozen=True, slots=True)
class CorrectionPlan:
    """What a list of corrections would do.

    Attributes:
        planned: What is to be corrected, in the list's order.
        already: Certificates that say so already: a run of before came so far.
    """

    planned: tuple[PlannedCorrection, ...]
    already: tuple[CertificateId, ...]


def plan_corrections(rows: Sequence[CorrectionRow], ledger: Ledger) -> CorrectionPlan:
    """Plan all corrections of a list.

    Raises:
        InputError: If any of them cannot be made, or two are of one certificate; all are
            named, and nothing is changed.
    """
    faults: list[Fault] = []
    planned: dict[CertificateId, PlannedCorrection] = {}
    already: list[CertificateId] = []
    for row in rows:
        try:
            entry = _meant(row, ledger)
        except CecertError as error:
            faults += _faults(row, error)
            continue
        own = entry.certificate
        if own.id in planned or own.id in already:
            problem = f"is of certificate {own.id}, as is a row before it"
            faults.append(Fault(row.place, row.certificate, problem))
        elif row.correction.of(own.recipient) == own.recipient:
            already.append(own.id)
            if row.correction.email not in {None, entry.email}:
                problem = f"certificate {own.id} says so already, and was mailed to {entry.email}"
                remedy = "an address alone is no correction: cecert resend ID --to ADDRESS"
                faults.append(Fault(row.place, row.correction.email or "", problem, remedy))
        elif entry.state is CertificateState.REVOKED:
            problem = f"certificate {own.id} was revoked, which is final"
            faults.append(Fault(row.place, row.certificate, problem))
        else:
            planned[own.id] = PlannedCorrection(entry, row.correction)
    if faults:
        raise InputError("nothing was corrected", tuple(faults))
    return CorrectionPlan(tuple(planned.values()), tuple(already))


def _meant(row: CorrectionRow, ledger: Ledger) -> Entry:
    """Return the certificate that a row means, or that which stands in its place since."""
    refuse_unprintable(row.correction)
    entry = found_one(row.certificate, ledger)
    while (successor := successor_of(entry, ledger)) is not None:
        found = ledger.entry(successor)
        if found is None:
            break
        entry = found
    return entry


def _faults(row: CorrectionRow, error: CecertError) -> Iterator[Fault]:
    if isinstance(error, InputError) and error.faults:
        for each in error.faults:
            yield Fault(f"{row.place}: {each.place}", each.value, each.problem, each.remedy)
    else:
        yield Fault(row.place, "", str(error), error.hint)
