"""Issuing: awards become certificates that are drawn, sealed, kept, entered, and mailed later.

The order is the promise: draw, seal, write the file under a name no other run uses,
then one transaction that takes the unique key, enters the record and queues the
mail. A crash before that transaction leaves a file nobody was promised; after it,
a certificate that will be delivered. Running the batch again finishes the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.cose.cose import SIGNATURE_SIZE, CoseKey
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Award, Denial
from cecert.domain.mail.message import queue_row
from cecert.errors import Fault, IssueError, LedgerError, TokenError, in_row
from cecert.ports import Entry, EntryResult, HeldLine
from cecert.workflows.issue.compose import Composer, certificate_id_of, compose, uncovered_credits
from cecert.workflows.issue.desk import IssuingDesk, Progress, Unprogressed
from cecert.workflows.issue.plan import Planned, plan_certificates, signs_of
from cecert.workflows.issue.recover import KeptFiles
from cecert.workflows.issue.seal import sealed_document

__all__ = ["CheckedBatch", "IssueReport", "check_batch", "issue"]

GROUP = 100
"""Certificates stored and entered together: what a crash can leave unpromised."""

SLOT_TRIES = 5
"""Times a certificate is drawn anew because another run took its status slot."""


@dataclass(frozen=True, slots=True)
class IssueReport:
    """What a batch issued.

    Attributes:
        issued: New entries, in the batch's order.
        further: Ids of those new certificates whose recipients already held one.
        already: Credit lines that standing certificates carried before.
        withheld: Sentences about credit not certified: it was revoked, or another
            run entered one for the same person under another identity.
        lost: How many were entered by another run meanwhile.
        taken_over: Ids of those new entries whose file lay in the archive, made before and
            forgotten by the ledger: each is entered as it was made.
    """

    issued: tuple[Entry, ...] = ()
    further: frozenset[str] = frozenset()
    already: tuple[HeldLine, ...] = ()
    withheld: tuple[str, ...] = ()
    lost: int = 0
    taken_over: frozenset[str] = frozenset()


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
            certificate cannot be drawn. All such faults are listed, and nothing
            was issued.
        LedgerError: If the ledger or the archive cannot be written; what was
            entered before stands, and running the batch again finishes it.
    """
    batch = check_batch(awards, desk, evidence=evidence)
    if batch.faults:
        raise IssueError("nothing was issued", batch.faults)
    run = _Run(desk, evidence, progress or Unprogressed(), batch.certificates)
    for start in range(0, len(batch.certificates), GROUP):
        run.enter(batch.certificates[start : start + GROUP])
    return IssueReport(
        issued=tuple(run.issued),
        further=frozenset(run.further),
        already=batch.already,
        withheld=(*batch.withheld, *run.withheld),
        lost=run.lost,
        taken_over=frozenset(run.taken_over),
    )


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What a batch would do, after every check that needs no drawing.

    Attributes:
        certificates: To be made.
        already: Credit lines held before.
        withheld: Sentences about credit that was revoked.
        faults: What refuses the batch.
        refused: Identities of the participants those faults are about.
    """

    certificates: tuple[Planned, ...]
    already: tuple[HeldLine, ...]
    withheld: tuple[str, ...]
    faults: tuple[Fault, ...]
    refused: frozenset[str]


def check_batch(
    awards: Iterable[Award], desk: IssuingDesk, *, evidence: str = "by hand"
) -> CheckedBatch:
    """Check a batch as `issue` does, and change nothing.

    Raises:
        IssueError: If denials are among the awards, and for what no row can be
            blamed for: the course is not over, or the trust file does not cover a
            credit.
    """
    awards = tuple(awards)
    _refuse_denials(awards)
    course = _one_course(awards)
    if course is None:
        return CheckedBatch((), (), (), (), frozenset())
    _refuse_course(course, desk)
    people = {signs_of(each.record) for each in awards}
    held = desk.ledger.held_lines(course.id, people)
    revoked = desk.ledger.revoked_lines(course.id, {each.identity for each in people})
    plan = plan_certificates(awards, held, revoked)
    faults = list(plan.faults)
    refused = {record.identity for record in plan.refused}
    certificates = []
    trial = _Trial(desk, evidence)
    for planned in plan.certificates:
        if found := trial.faults(planned):
            faults += found
            refused.add(planned.record.identity)
        else:
            certificates.append(planned)
    return CheckedBatch(
        tuple(certificates), plan.already, plan.withheld, tuple(faults), frozenset(refused)
    )


def _refuse_denials(decisions: Sequence[Award | Denial]) -> None:
    denials = [each for each in decisions if isinstance(each, Denial)]
    if denials:
        what = "a denial" if len(denials) == 1 else f"{len(denials)} denials"
        raise IssueError(
            f"nothing was issued: {what} among the awards",
            tuple(map(_denied, denials)),
            hint="hand over the awards alone: those of decide() that are an Award",
        )


def _denied(denial: Denial) -> Fault:
    record = denial.record
    why = denial.shortfalls[0].sentence.removesuffix(".")
    return Fault(record.place or record.name, record.name, f"was denied {denial.credential}: {why}")


def _one_course(awards: Sequence[Award]) -> Course | None:
    courses = {award.course.id: award.course for award in awards}
    if len(courses) > 1:
        raise IssueError(f"awards of {len(courses)} courses in one batch: {', '.join(courses)}")
    return next(iter(courses.values()), None)


def _refuse_course(course: Course, desk: IssuingDesk) -> None:
    now = desk.clock.now()
    if now < course.ends_at:
        raise IssueError(
            f"course {course.id} is not over: its last session ends {course.ends_at:%Y-%m-%d %H:%M}"
            f" {course.timezone}",
            hint="a certificate says that every session was attended",
        )
    if faults := uncovered_credits(course, desk.trust, desk.token_signer.public_key.kid, now):
        raise IssueError(
            "the trust file does not cover what would be issued",
            faults,
            hint="run cecert keys sign after a change of approvals or hosts",
        )


class _Trial:
    """Composes certificates that are never issued, to see what keeps them from being drawn."""

    # The highest index has the longest encoding: a token that fits here fits with any slot.
    SLOT = StatusSlot(0, 0x1FFFF)

    def __init__(self, desk: IssuingDesk, evidence: str) -> None:
        blank = _BlankSigner(desk.token_signer.public_key)
        self._composer = Composer(replace(desk, token_signer=blank), evidence)
        self._renderer = desk.renderer

    def faults(self, planned: Planned) -> Sequence[Fault]:
        """Say what keeps a planned certificate from being drawn."""
        try:
            certificate = self._composer.compose(planned, self.SLOT)
        except TokenError as error:
            place = planned.record.place or planned.record.name
            return (Fault(place, planned.record.name, str(error), error.hint),)
        return [in_row(each, planned.record.place) for each in self._renderer.faults(certificate)]


@dataclass(frozen=True, slots=True)
class _BlankSigner:
    """Signs a trial's token with zeros: as long as a real one, and worth nothing."""

    public_key: CoseKey

    def sign(self, message: bytes) -> bytes:
        del message
        return bytes(SIGNATURE_SIZE)


class _Run:
    """One run over the checked certificates: it grows the report group by group."""

    def __init__(
        self,
        desk: IssuingDesk,
        evidence: str,
        progress: Progress,
        certificates: Sequence[Planned],
    ) -> None:
        self._desk = desk
        self._evidence = evidence
        self._composer = Composer(desk, evidence)
        self._progress = progress
        self._kept = KeptFiles(desk, [certificate_id_of(each, desk) for each in certificates])
        self._total = len(certificates)
        self._done = 0
        self.issued: list[Entry] = []
        self.further: set[str] = set()
        self.withheld: list[str] = []
        self.lost = 0
        self.taken_over: set[str] = set()

    def enter(self, group: Sequence[Planned]) -> None:
        """Draw, seal, keep and enter *group*, again for those whose slot was taken."""
        waiting = list(group)
        for _ in range(SLOT_TRIES):
            made = list(zip(waiting, self._make(waiting), strict=True))
            results = self._desk.ledger.enter([entry for _, entry in made], self._desk.clock.now())
            waiting = list(self._settle(made, results))
            if not waiting:
                break
        else:
            raise LedgerError(
                f"{len(waiting)} certificates found no free status slot in {SLOT_TRIES} tries"
            )
        self._done += len(group)
        self._progress.advance(self._done, self._total)

    def _make(self, group: Sequence[Planned]) -> Iterator[Entry]:
        """Draw and seal *group*, and store it before anything of it is promised."""
        kept = [self._again(each) for each in group]
        slots = iter(self._desk.ledger.free_slots(self._desk.randomness, kept.count(None)))
        sealed = [
            again or self._sealed(planned, next(slots))
            for planned, again in zip(group, kept, strict=True)
        ]
        names = self._desk.archive.put([(each.id, document) for each, document in sealed])
        for planned, (certificate, document), name in zip(group, sealed, names, strict=True):
            yield self._entry(planned, certificate, document, name)

    def _again(self, planned: Planned) -> tuple[Certificate, bytes] | None:
        """Return a certificate as it was made before, where the archive has it."""
        return self._kept.again(
            certificate_id_of(planned, self._desk),
            lambda then, slot: compose(planned, then, slot, self._evidence),
        )

    def _sealed(self, planned: Planned, slot: StatusSlot) -> tuple[Certificate, bytes]:
        certificate = self._composer.compose(planned, slot)
        return certificate, sealed_document(certificate, self._desk)

    def _entry(
        self, planned: Planned, certificate: Certificate, document: bytes, name: str
    ) -> Entry:
        desk, digest, record = self._desk, sha256(document).hexdigest(), planned.record
        return Entry(
            certificate=certificate,
            email=record.email,
            document=name,
            sha256=digest,
            mail=queue_row(
                certificate, record.email, digest, desk.clock.now(), desk.mail_host, planned.part
            ),
            actor=desk.actor,
            evidence=record.evidence,
        )

    def _settle(
        self, made: Sequence[tuple[Planned, Entry]], results: Sequence[EntryResult]
    ) -> Iterator[Planned]:
        for (planned, entry), result in zip(made, results, strict=True):
            if result is EntryResult.ENTERED:
                self.issued.append(entry)
                if self._kept.took(entry):
                    self.taken_over.add(str(entry.certificate.id))
                if planned.further:
                    self.further.add(str(entry.certificate.id))
                continue
            self._kept.discard(entry)
            if result is EntryResult.SLOT_TAKEN:
                yield planned
            elif result is EntryResult.OTHER_IDENTITY:
                self.withheld.append(_other_identity(planned))
            else:
                self.lost += 1


def _other_identity(planned: Planned) -> str:
    record = planned.record
    return (
        f"{record.name}, identity {record.identity}: another run entered a certificate of this "
        "course for what seems to be the same person under another identity"
    )
