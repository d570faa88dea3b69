"""Issuing: awards become certificates that are drawn, sealed, kept, entered, and mailed later.

The order is the promise: draw, seal, write the file under a name no other run uses,
then one transaction that takes the unique key, enters the record and queues the
mail. A crash before that transaction leaves a file nobody was promised; after it,
a certificate that will be delivered. Running the batch again finishes the job.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cecert.argument_types import typed
from cecert.domain.decision.decide import Award
from cecert.errors import ContradictionError, SealError
from cecert.ports import Entry, HeldLine
from cecert.workflows.issue.check import CheckedBatch, check_batch
from cecert.workflows.issue.desk import IssuingDesk, Progress, Unprogressed
from cecert.workflows.issue.results import AwardResult, results_of
from cecert.workflows.issue.run import IssuingRun

__all__ = ["IssueReport", "issue", "issue_checked"]


@dataclass(frozen=True, slots=True)
class IssueReport:
    """What a batch issued. Threads may share it.

    Attributes:
        issued: New entries, in the batch's order.
        further: Ids of those new certificates whose recipients already held one.
        already: Credit lines that standing certificates carried before, or that another run
            entered meanwhile.
        withheld: Sentences about credit not certified: it was revoked, or another
            run entered one for the same person under another identity.
        lost: How many were entered by another run meanwhile; what stands is among *already*.
        taken_over: Ids of those new entries whose file lay in the archive, made before and
            forgotten by the ledger: each is entered as it was made.
        results: What became of each award, in the batch's order.
    """

    issued: tuple[Entry, ...] = ()
    further: frozenset[str] = frozenset()
    already: tuple[HeldLine, ...] = ()
    withheld: tuple[str, ...] = ()
    lost: int = 0
    taken_over: frozenset[str] = frozenset()
    results: tuple[AwardResult, ...] = ()


@typed
def issue(
    awards: Iterable[Award],
    desk: IssuingDesk,
    *,
    evidence: str = "by hand",
    progress: Progress | None = None,
) -> IssueReport:
    """Issue certificates for *awards* of one course; what already was, is left alone.

    Args:
        awards: From `decide`; denials have no place here.
        desk: The office's.
        evidence: `collected` where a `collect` run vouches for the list.
        progress: Told after every group of certificates entered.

    Raises:
        IssueError: If a denial is among them, the course is not over, the trust
            file does not cover a credit, a row contradicts the ledger, or a
            certificate cannot be drawn: all such faults are listed, and nothing
            was issued. Or if a key was withdrawn meanwhile: then those entered before stand.
        LedgerError: If the ledger or the archive cannot be written; what was
            entered before stands, and running the batch again finishes it.
    """
    return issue_checked(check_batch(awards, desk, evidence=evidence), desk, progress)


def issue_checked(
    batch: CheckedBatch, desk: IssuingDesk, progress: Progress | None = None
) -> IssueReport:
    """Issue the certificates of a batch that was checked; nothing is checked again.

    Args:
        batch: From `check_batch`, at the same desk.
        desk: The office's.
        progress: Told after every group of certificates entered.

    Raises:
        IssueError: If the batch has faults: all are listed, and nothing was issued. Or as
            `issue`, if a key was withdrawn meanwhile.
        LedgerError: As `issue`.
    """
    if batch.faults:
        raise ContradictionError("nothing was issued", batch.faults)
    if batch.certificates:
        _probe(desk)
    run = IssuingRun(desk, progress or Unprogressed(), batch.certificates)
    run.share_out()
    by_others = tuple(run.entered_by_others())
    return IssueReport(
        issued=tuple(run.issued),
        further=frozenset(run.further),
        already=(*batch.already, *by_others),
        withheld=(*(each.sentence for each in batch.withheld), *run.withheld),
        lost=len(run.lost),
        taken_over=frozenset(run.taken_over),
        results=results_of(
            batch,
            run.issued,
            {(each.participant, each.credential): each.certificate_id for each in by_others},
            run.alike,
        ),
    )


def _probe(desk: IssuingDesk) -> None:
    try:
        desk.probe()
    except SealError as error:
        raise SealError(f"nothing was issued: {error}", hint=error.hint) from error
