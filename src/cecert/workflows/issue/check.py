"""Checking a batch before the first certificate of it: what it would do, and what refuses it.

Nothing is entered, signed or written here. Each certificate is put together and laid out,
and what can be drawn is handed on as a draft, so that it need not be done again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Award, Denial
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import Fault, IssueError, NotCoveredError, NotOverError, TokenError, in_row
from cecert.garbage import no_garbage_sought
from cecert.ports import HeldLine
from cecert.workflows.issue.compose import Composer, Draft, tried_out
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.plan import (
    Planned,
    Reason,
    Withheld,
    participants_of,
    plan_certificates,
)

__all__ = ["CheckedBatch", "CheckedCertificate", "check_batch"]


MOST_PAGES = 1000
"""Certificates of a batch whose pages are kept until they are drawn: memory is for few batches."""


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """A certificate that can be issued.

    Attributes:
        planned: Whose it is and what it certifies.
        draft: As it was tried out.
    """

    planned: Planned
    draft: Draft


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """What a batch would do, after every check that needs no sealing.

    Attributes:
        certificates: To be made.
        already: Credit lines held before.
        withheld: Credit that was revoked.
        faults: What refuses the batch.
        reasons: The same, by participant.
        awards: All that were handed over, in their order.
    """

    certificates: tuple[CheckedCertificate, ...] = ()
    already: tuple[HeldLine, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    faults: tuple[Fault, ...] = ()
    reasons: tuple[Reason, ...] = ()
    awards: tuple[Award, ...] = ()

    @property
    def refused(self) -> frozenset[str]:
        """Identities of the participants that the faults are about."""
        return frozenset(each.identity for each in self.reasons)

    def without_refused(self) -> CheckedBatch:
        """Return what it would do had the refused participants never been on the list."""
        refused = self.refused
        return replace(
            self,
            certificates=tuple(
                each for each in self.certificates if each.planned.identity not in refused
            ),
            already=tuple(each for each in self.already if each.participant not in refused),
            withheld=tuple(each for each in self.withheld if each.identity not in refused),
            faults=(),
            reasons=(),
            awards=tuple(each for each in self.awards if each.record.identity not in refused),
        )


@no_garbage_sought()
def check_batch(
    awards: Iterable[Award], desk: IssuingDesk, *, evidence: str = "by hand"
) -> CheckedBatch:
    """Check a batch for `issue`, and change nothing.

    Args:
        awards: From `decide`; denials have no place here.
        desk: The office's.
        evidence: `collected` where a `collect` run vouches for the list.

    Raises:
        IssueError: If denials are among the awards, and for what no row can be
            blamed for: the course is not over, or the trust file does not cover a
            credit.
    """
    awards = tuple(awards)
    _refuse_denials(awards)
    course = _one_course(awards)
    if course is None:
        return CheckedBatch()
    for each in _as_completed(awards):
        _refuse_course(each, desk)
    people = participants_of(awards)
    signs = {each.signs for each in people}
    held = desk.ledger.held_lines(course.id, signs)
    revoked = desk.ledger.revoked_lines(course.id, {each.identity for each in signs})
    plan = plan_certificates(people, held, revoked)
    faults = list(plan.faults)
    reasons = list(plan.reasons)
    certificates: list[CheckedCertificate] = []
    composer = Composer(desk, evidence)
    for planned in plan.certificates:
        found = _tried(planned, composer, desk)
        if isinstance(found, Draft):
            if len(certificates) >= MOST_PAGES:
                found = found.light(desk.renderer)
            certificates.append(CheckedCertificate(planned, found))
        else:
            faults += found
            reasons += [Reason(planned.identity, each) for each in found]
    return CheckedBatch(
        tuple(certificates), plan.already, plan.withheld, tuple(faults), tuple(reasons), awards
    )


def _tried(planned: Planned, composer: Composer, desk: IssuingDesk) -> Draft | Sequence[Fault]:
    """Return the draft of a planned certificate, or what keeps it from being drawn."""
    record = planned.record
    try:
        found = tried_out(composer.compose(planned), desk)
    except TokenError as error:
        return (Fault(record.place or record.name, record.name, str(error), error.hint),)
    return found if isinstance(found, Draft) else [in_row(each, record.place) for each in found]


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


def _as_completed(awards: Sequence[Award]) -> list[Course]:
    """Return the course as it is for everybody, or of each day on which it was completed."""
    courses = {id(award.course): award.course for award in awards}.values()
    return list({(each.completed_on, each.sessions): each for each in courses}.values())


def _refuse_course(course: Course, desk: IssuingDesk) -> None:
    now = desk.clock.now()
    if now < course.closing:
        fields = {"course": course.id, "closing": course.closing.isoformat()}
        if course.completed_on:
            raise NotOverError(
                f"course {course.id} is not completed before {course.completed_on}",
                hint="a certificate says that all of it was completed",
                fields=fields,
            )
        raise NotOverError(
            f"course {course.id} is not over: its last session ends {course.closing:%Y-%m-%d %H:%M}"
            f" {course.timezone}",
            hint="a certificate says that every session was attended",
            fields=fields,
        )
    kid, second = desk.token_signer.public_key.kid, int(now.timestamp())
    signing = [each for each in desk.trust.keys_with(kid) if each.signs_tokens_at(second)]
    if not signing:
        problem = f"lists no token key of ours that signs on {now:%Y-%m-%d}"
        faults: tuple[Fault, ...] = (Fault("trust file", kid.hex(), problem),)
    else:
        faults = _uncovered_credits(course, desk.trust, {c for each in signing for c in each.codes})
    if faults:
        raise NotCoveredError(
            "the trust file does not cover what would be issued",
            faults,
            hint="run cecert keys sign after a change of approvals or hosts",
            fields={"course": course.id},
        )


def _uncovered_credits(course: Course, trust: TrustFile, codes: set[int]) -> tuple[Fault, ...]:
    """Say which credits of *course* verify nowhere: not signed for, or not on every date.

    *codes* are the credits that the key in force may sign for.
    """
    return tuple(
        Fault(
            f"trust file: {line.credential}",
            line.token_provider,
            "is not covered on every session date",
        )
        for line in course.credit_lines
        if line.code not in codes
        or any(trust.scope_of(line.code, line.token_provider, day) is None for day in course.days)
    )
