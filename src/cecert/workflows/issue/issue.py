"""Issuing: awards become certificates that are drawn, sealed, kept, entered, and mailed later.

The order is the promise: draw, seal, write the file under a name no other run uses,
then one transaction that takes the unique key, enters the record and queues the
mail. A crash before that transaction leaves a file nobody was promised; after it,
a certificate that will be delivered. Running the batch again finishes the job.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import TypeAlias

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.decision.decide import Award
from cecert.domain.mail.promises import queue_row
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import ContradictionError, IssueError, LedgerError, SealError
from cecert.ports import Drawing, Entry, EntryResult, HeldLine, Work, Workers
from cecert.workflows.issue.check import CheckedBatch, CheckedCertificate, check_batch
from cecert.workflows.issue.compose import Draft, drawn, sealed_in_turn, signed
from cecert.workflows.issue.desk import IssuingDesk, Progress, Unprogressed
from cecert.workflows.issue.plan import Planned, signs_of
from cecert.workflows.issue.recover import KeptFiles
from cecert.workflows.issue.results import AwardResult, results_of

__all__ = ["IssueReport", "issue", "issue_checked"]

GROUP = 100
"""Certificates stored and entered together: what a crash can leave unpromised."""

AHEAD = 10
"""Groups that are handed to other processes before the first of them is entered."""

DRAWN = 20
"""Certificates that another process draws at once."""

SLOT_TRIES = 5
"""Times a certificate is drawn anew because another run took its status slot."""


LATEST_ENTRY = timedelta(hours=1)
"""How long after its instant of issue a certificate is entered; what is later is drawn anew."""


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
    run = _Run(desk, progress or Unprogressed(), batch.certificates)
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


Sealed: TypeAlias = tuple[Certificate, bytes]
Drawn: TypeAlias = tuple[Certificate, Drawing]
Drawers: TypeAlias = Workers[Sequence[Certificate], Sequence[Drawing]]


def _probe(desk: IssuingDesk) -> None:
    try:
        desk.probe()
    except SealError as error:
        raise SealError(f"nothing was issued: {error}", hint=error.hint) from error


class _Run:
    """One run over the checked certificates: it grows the report group by group."""

    def __init__(
        self,
        desk: IssuingDesk,
        progress: Progress,
        certificates: Sequence[CheckedCertificate],
    ) -> None:
        self._desk = desk
        self._progress = progress
        self._kept = KeptFiles(desk, [each.draft.certificate.id for each in certificates])
        self._all = certificates
        self._claimed: set[CertificateId] = set()
        self._total = len(certificates)
        self._done = 0
        self.issued: list[Entry] = []
        self.further: set[str] = set()
        self.withheld: list[str] = []
        self.alike: dict[tuple[str, str], CertificateId | None] = {}
        self.lost: list[Planned] = []
        self.taken_over: set[str] = set()

    def share_out(self) -> None:
        """Make what is to be made, or this run's share of it, and wait for that of others."""
        if not self._all:
            return
        # Who draws elsewhere is given more at once: while some is entered, more is drawn.
        most = GROUP if self._desk.drawers is None else GROUP * AHEAD
        work = [_work(each) for each in self._all]
        waiting = list(range(len(work)))
        with self._desk.ledger.sharing(self._all[0].planned.course.id) as share:
            while waiting:
                taken = share.take([work[each] for each in waiting], most)
                self._lose([self._all[waiting[each]] for each in taken.done])
                again = self._enter([self._all[waiting[each]] for each in taken.own], share.owner)
                seen = {waiting[each] for each in (*taken.own, *taken.done)}
                waiting = [e for e in waiting if e not in seen or _id(self._all[e]) in again]

    def _lose(self, entered: Sequence[CheckedCertificate]) -> None:
        """Leave to another run what it has entered."""
        self.lost += [each.planned for each in entered]
        self._done += len(entered)

    def _enter(self, group: Sequence[CheckedCertificate], owner: str) -> Collection[CertificateId]:
        """Draw, seal, keep and enter *group*, some after the others.

        Return what another run claims since; it may come to nothing there.
        """
        self._claimed = set()
        sealed = self._sealed(group)
        for start in range(0, len(group), GROUP):
            self._enter_some(group[start : start + GROUP], sealed, owner)
        return self._claimed

    def _enter_some(
        self, some: Sequence[CheckedCertificate], sealed: Iterator[Sealed], owner: str
    ) -> None:
        """Keep and enter *some* that are sealed next, and again those whose slot was taken."""
        waiting, before = list(some), len(self._claimed)
        for _ in range(SLOT_TRIES):
            made = list(zip(waiting, self._make(waiting, sealed), strict=True))
            late = self._late(made)
            made = [each for each in made if each not in late]
            results = self._entered([entry for _, entry in made], owner)
            waiting = [*(checked for checked, _ in late), *self._settle(made, results)]
            if not waiting:
                break
            sealed = self._sealed(waiting)
        else:
            raise LedgerError(
                f"{len(waiting)} certificates found no free status slot in {SLOT_TRIES} tries, or "
                "took more than an hour to draw"
            )
        self._done += len(some) - (len(self._claimed) - before)
        self._progress.advance(self._done, self._total)

    def _late(
        self, made: Sequence[tuple[CheckedCertificate, Entry]]
    ) -> Sequence[tuple[CheckedCertificate, Entry]]:
        """Return what was drawn too long ago to be entered, and remove its files.

        The log is believed to have a token a day after its instant of issue. What was made
        before and is taken over has the instant that its holder's file has.
        """
        oldest = self._desk.clock.now() - LATEST_ENTRY
        late = [
            each
            for each in made
            if each[1].certificate.issued_at < oldest and not self._kept.took(each[1])
        ]
        for _, entry in late:
            self._kept.discard(entry)
        return late

    def entered_by_others(self) -> Iterator[HeldLine]:
        """Yield the credit lines of what was lost, as the certificates that stand carry them."""
        asked: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.lost:
            asked[each.identity] |= {line.credential for line in each.lines}
        people = {signs_of(each.record) for each in self.lost}
        for course_id in {each.course.id for each in self.lost}:
            for line in self._desk.ledger.held_lines(course_id, people):
                if line.credential in asked.get(line.participant, ()):
                    yield line

    def _entered(self, made: Sequence[Entry], owner: str) -> Sequence[EntryResult]:
        desk = self._desk
        try:
            return desk.ledger.enter(made, desk.clock.now(), desk.require_keys, owner)
        except IssueError as error:
            for each in made:
                self._kept.discard(each)
            raise IssueError(
                f"{error}; {self._so_far()}",
                error.faults,
                hint=error.hint,
            ) from error

    def _so_far(self) -> str:
        done = len(self.issued)
        return f"of {self._total} certificates {done} were entered before, and stand"

    def _make(
        self, group: Sequence[CheckedCertificate], sealed: Iterator[Sealed]
    ) -> Iterator[Entry]:
        """Store what is sealed next, which is *group*, before anything of it is promised."""
        try:
            made = [each for _, each in zip(group, sealed, strict=False)]
        except SealError as error:
            raise SealError(f"{error}; {self._so_far()}", hint=error.hint) from error
        names = self._desk.archive.put([(each.id, document) for each, document in made])
        now = self._desk.clock.now()
        for checked, each, name in zip(group, made, names, strict=True):
            yield self._entry(checked.planned, each, name, now)

    def _sealed(self, group: Sequence[CheckedCertificate]) -> Iterator[Sealed]:
        """Yield the certificates of *group* as they are issued, sealed, or as they lie there."""
        desk = self._desk
        kept = [self._kept.again(each.draft) for each in group]
        slots = iter(desk.ledger.free_slots(desk.randomness, kept.count(None)))
        fresh = (
            (each.draft, next(slots)) for each, lies in zip(group, kept, strict=True) if not lies
        )
        drawings: Iterator[Drawn]
        if desk.drawers is None:
            drawings = (drawn(draft, slot, desk) for draft, slot in fresh)
        else:
            drawings = _drawn_elsewhere(fresh, desk, desk.drawers)
        made = sealed_in_turn(drawings, desk)
        for lies in kept:
            yield lies or next(made)

    def _entry(
        self, planned: Planned, made: tuple[Certificate, bytes], name: str, now: datetime
    ) -> Entry:
        desk, record, (certificate, document) = self._desk, planned.record, made
        digest = sha256(document).hexdigest()
        return Entry(
            certificate=certificate,
            email=record.email,
            document=name,
            sha256=digest,
            mail=queue_row(certificate, record.email, digest, now, desk.mail_host, planned.part),
            actor=desk.actor,
            evidence=record.evidence,
            different_from=planned.different_from,
            level=desk.level(document),
        )

    def _settle(
        self, made: Sequence[tuple[CheckedCertificate, Entry]], results: Sequence[EntryResult]
    ) -> Iterator[CheckedCertificate]:
        for (checked, entry), result in zip(made, results, strict=True):
            if result is EntryResult.ENTERED:
                self.issued.append(entry)
                if self._kept.took(entry):
                    self.taken_over.add(str(entry.certificate.id))
                if checked.planned.further:
                    self.further.add(str(entry.certificate.id))
                continue
            self._kept.discard(entry)
            if result is EntryResult.SLOT_TAKEN:
                yield checked
            elif result is EntryResult.CLAIMED:
                self._claimed.add(_id(checked))
            elif result is EntryResult.OTHER_IDENTITY:
                self.withheld.append(_other_identity(checked.planned))
                who = checked.planned.identity
                self.alike |= {(who, line.credential): None for line in checked.planned.lines}
            else:
                self.lost.append(checked.planned)


def _drawn_elsewhere(
    drafts: Iterator[tuple[Draft, StatusSlot]], desk: IssuingDesk, drawers: Drawers
) -> Iterator[Drawn]:
    """Yield certificates drawn by others: keys stay here, where tokens and seals are signed."""
    waiting: deque[Certificate] = deque()

    def groups() -> Iterator[Sequence[Certificate]]:
        while some := [signed(draft, slot, desk) for draft, slot in islice(drafts, DRAWN)]:
            waiting.extend(some)
            yield some

    for drawings in drawers.answers(groups()):
        for drawing in drawings:
            yield waiting.popleft(), drawing


def _id(checked: CheckedCertificate) -> CertificateId:
    return checked.draft.certificate.id


def _work(checked: CheckedCertificate) -> Work:
    planned = checked.planned
    return Work(planned.identity, tuple(each.credential for each in planned.lines))


def _other_identity(planned: Planned) -> str:
    return (
        f"{planned.record.name}, identity {planned.identity}: another run entered a certificate "
        "of this course for what seems to be the same person under another identity"
    )
