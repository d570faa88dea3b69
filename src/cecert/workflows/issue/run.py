"""A run over the certificates of a batch: who makes them, group by group, until all are entered.

The order is the promise: draw, seal, write the file under a name no other run uses, then one
transaction that takes the unique key, enters the record and queues the mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import IssueError, LedgerError, SealError
from cecert.garbage import no_garbage_sought
from cecert.ports import Entry, EntryResult, HeldLine, Work
from cecert.workflows.issue.check import CheckedCertificate
from cecert.workflows.issue.desk import IssuingDesk, Progress
from cecert.workflows.issue.making import Maker, Sealed
from cecert.workflows.issue.plan import Planned, signs_of
from cecert.workflows.issue.recover import KeptFiles

__all__ = ["IssuingRun"]

GROUP = 100
"""Certificates stored and entered together: what a crash can leave unpromised."""

AHEAD = 10
"""Groups that are handed to other processes before the first of them is entered."""

OFFERED = 1000
"""Certificates that a share is taken of; the whole list, each time, would grow as its square."""

SLOT_TRIES = 5
"""Times a certificate is drawn anew because another run took its status slot."""


LATEST_ENTRY = timedelta(hours=1)
"""How long after its instant of issue a certificate is entered; what is later is drawn anew."""


class IssuingRun:
    """One run over the checked certificates: it grows the report group by group.

    Attributes:
        issued: What it has entered.
        further: Ids of those whose recipients already held one.
        withheld: Sentences about credit that another run entered under another identity.
        alike: Such credit, by identity and credential type.
        lost: What another run has entered.
        taken_over: Ids of what was made before, and is entered as it was made.
    """

    def __init__(
        self,
        desk: IssuingDesk,
        progress: Progress,
        certificates: Sequence[CheckedCertificate],
    ) -> None:
        self._desk = desk
        self._progress = progress
        self._kept = KeptFiles(desk, [each.draft.certificate.id for each in certificates])
        self._maker = Maker(desk, self._kept)
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
        further, waiting = iter(self._all), list[CheckedCertificate]()
        with self._desk.ledger.sharing(self._all[0].planned.course.id) as share:
            while waiting := [*waiting, *islice(further, max(most, OFFERED) - len(waiting))]:
                taken = share.take([_work(each) for each in waiting], most)
                self._lose([waiting[each] for each in taken.done])
                again = self._enter([waiting[each] for each in taken.own], share.owner)
                seen = {*taken.own, *taken.done}
                waiting = [
                    each
                    for number, each in enumerate(waiting)
                    if number not in seen or _id(each) in again
                ]

    def _lose(self, entered: Sequence[CheckedCertificate]) -> None:
        """Leave to another run what it has entered."""
        self.lost += [each.planned for each in entered]
        self._done += len(entered)

    def _enter(self, group: Sequence[CheckedCertificate], owner: str) -> Collection[CertificateId]:
        """Draw, seal, keep and enter *group*, some after the others.

        Return what another run claims since; it may come to nothing there.
        """
        self._claimed = set()
        sealed = self._maker.sealed(group)
        for start in range(0, len(group), GROUP):
            self._enter_some(group[start : start + GROUP], sealed, owner)
        return self._claimed

    @no_garbage_sought()
    def _enter_some(
        self, some: Sequence[CheckedCertificate], sealed: Iterator[Sealed], owner: str
    ) -> None:
        """Keep and enter *some* that are sealed next, and again those whose slot was taken."""
        waiting, before = list(some), len(self._claimed)
        for _ in range(SLOT_TRIES):
            made = list(zip(waiting, self._made(waiting, sealed), strict=True))
            late = self._late(made)
            made = [each for each in made if each not in late]
            results = self._entered([entry for _, entry in made], owner)
            waiting = [*(checked for checked, _ in late), *self._settle(made, results)]
            if not waiting:
                break
            sealed = self._maker.sealed(waiting)
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

    def _made(
        self, group: Sequence[CheckedCertificate], sealed: Iterator[Sealed]
    ) -> Sequence[Entry]:
        """Store what is sealed next, which is *group*."""
        try:
            made = [each for _, each in zip(group, sealed, strict=False)]
        except SealError as error:
            raise SealError(f"{error}; {self._so_far()}", hint=error.hint) from error
        return self._maker.entries(group, made)

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
