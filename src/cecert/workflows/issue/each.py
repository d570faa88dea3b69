"""`issue_one`, `issue_each`: one answer an award, for who issues as people finish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from cecert.argument_types import typed
from cecert.domain.decision.decide import Award, Denial
from cecert.errors import Fault, IssueError
from cecert.workflows.issue.check import check_batch
from cecert.workflows.issue.desk import IssuingDesk
from cecert.workflows.issue.issue import issue_checked
from cecert.workflows.issue.results import AwardResult, denied, refused, results_of

__all__ = ["issue_each", "issue_one"]


@typed
def issue_one(
    decision: Award | Denial, desk: IssuingDesk, *, evidence: str = "by hand"
) -> AwardResult:
    """Issue the certificate of one award, and say what became of it.

    Args:
        decision: From `decide`; a denial is REFUSED, with its shortfalls.
        desk: The office's.
        evidence: `collected` where a `collect` run vouches for the list.

    Raises:
        LedgerError: If the ledger or the archive cannot be written.
    """
    (result,) = issue_each([decision], desk, evidence=evidence)
    return result


@typed
def issue_each(
    decisions: Iterable[Award | Denial], desk: IssuingDesk, *, evidence: str = "by hand"
) -> tuple[AwardResult, ...]:
    """Issue what can be issued of *decisions*, and say what became of each, in their order.

    Unlike `issue`, one that is refused keeps nobody else from their certificate; they may be
    of several courses.

    Args:
        decisions: From `decide`; denials are REFUSED, with their shortfalls.
        desk: The office's.
        evidence: `collected` where a `collect` run vouches for the list.

    Raises:
        LedgerError: As `issue`; what was entered before stands.
    """
    decisions = tuple(decisions)
    courses: defaultdict[str, list[Award]] = defaultdict(list)
    for each in decisions:
        if isinstance(each, Award):
            courses[each.course.id].append(each)
    found = {
        id(result.decision): result
        for awards in courses.values()
        for result in _issued_or_refused(awards, desk, evidence)
    }
    return tuple(found[id(each)] if isinstance(each, Award) else denied(each) for each in decisions)


def _issued_or_refused(
    awards: Sequence[Award], desk: IssuingDesk, evidence: str
) -> Iterator[AwardResult]:
    try:
        batch = check_batch(awards, desk, evidence=evidence)
        kept = batch.without_refused()
        made = {id(each.decision): each for each in issue_checked(kept, desk).results}
    except IssueError as error:
        faults = error.faults or (Fault(awards[0].course.id, "", str(error), error.hint),)
        yield from (refused(each, faults) for each in awards)
        return
    for each in results_of(batch, (), {}, {}):
        yield made.get(id(each.decision), each)
