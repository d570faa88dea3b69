"""Session credit: what each sum of hours earns that sessions of a conference can have.

Nobody attends all of a conference. The hours of each session are declared, as those of a
course are; a person's are added up and credited in the regime's steps. Statements say the
hours, so the credit of every sum there can be is put together when the course is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cecert.domain.course.authorisation import Authorised, authorise
from cecert.domain.course.credit_line import CreditTotal
from cecert.domain.course.credit_request import Authority, CreditOffer, CreditRequest, Offering
from cecert.domain.course.hours_check import hours_findings
from cecert.domain.course.session import Session
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.wording import hours_figure

__all__ = ["AuthorisedTotals", "authorise_totals", "fullest", "sums_of"]

MOST_SUMS = 500
"""Different sums of a conference: more take long to load, and nobody could look them through."""


@dataclass(frozen=True, slots=True)
class AuthorisedTotals:
    """A credit offer of a conference, looked into for every sum of its sessions.

    Attributes:
        totals: The sums that earn something; none if a finding is an error.
        whole: What was found for the most that somebody can attend.
        findings: Everything that is wrong or unchecked.
    """

    totals: tuple[CreditTotal, ...]
    whole: Authorised
    findings: tuple[Finding, ...]


def authorise_totals(
    offer: CreditOffer, offering: Offering, authority: Authority
) -> AuthorisedTotals:
    """Resolve one credit of a conference for whichever sessions somebody attends.

    Args:
        offer: The credit as the course asks for it; its hours are the most that somebody can
            earn, and its credential type is one of the authority's regimes.
        offering: What of the course bears on it; every session has hours.
        authority: What the office may claim.
    """
    whole = authorise(offer, offering, authority)
    regime = authority.regimes[offer.credential]
    claim = CreditRequest(offer, offering, authority, regime)
    sums = sums_of(offering.sessions)
    found = dict.fromkeys([*whole.findings, *_findings(claim, sums)])
    if any(each.severity is Severity.ERROR for each in found):
        return AuthorisedTotals((), replace(whole, line=None), tuple(found))
    lines = ((each, authorise(replace(offer, hours=each), offering, authority)) for each in sums)
    totals = tuple(CreditTotal(each, own.line) for each, own in lines if own.line)
    return AuthorisedTotals(totals, whole, tuple(found))


def _findings(claim: CreditRequest, sums: Sequence[Decimal]) -> Iterator[Finding]:
    if claim.offer.categories or claim.regime.field_of_study:
        message = "categories are of a whole course; of a conference people have parts"
        yield claim.error("categories", message)
    if len(sums) > MOST_SUMS:
        yield claim.error(
            "hours",
            f"the sessions' hours have {len(sums)} different sums, at most {MOST_SUMS}: write "
            "them in quarters of an hour",
        )
    if (most := sums[-1]) != claim.offer.hours:
        yield claim.error(
            "hours",
            f"{hours_figure(claim.offer.hours)} hours are not the most that somebody can attend, "
            f"{hours_figure(most)}: the hours of sessions that are not at the same time",
        )
    for session in claim.offering.sessions:
        if session.hours is None:
            continue
        alone = replace(claim.offering, sessions=(session,))
        own = replace(claim, offer=replace(claim.offer, hours=session.hours), offering=alone)
        for each in hours_findings(own):
            yield replace(each, message=f"session {session.id}: {each.message}")


def sums_of(sessions: Sequence[Session]) -> list[Decimal]:
    """Return, ascending, the hours that sessions can have together that nobody misses one for.

    Args:
        sessions: In the order of their starts; at least one, each with hours.
    """
    sums: list[set[Decimal]] = [{Decimal()}]
    for place in range(len(sessions) - 1, -1, -1):
        later = sums[len(sessions) - _following(sessions, place)]
        with_it = {(sessions[place].hours or Decimal()) + each for each in later}
        sums.append(sums[-1] | with_it)
    return sorted(sums[-1] - {Decimal()})


def fullest(sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Return sessions, of which no two are at once, that have the most hours together.

    Args:
        sessions: In the order of their starts, each with hours.
    """
    best: list[tuple[Decimal, tuple[Session, ...]]] = [(Decimal(), ())]
    for place in range(len(sessions) - 1, -1, -1):
        hours, later = best[len(sessions) - _following(sessions, place)]
        with_it = (hours + (sessions[place].hours or Decimal()), (sessions[place], *later))
        best.append(max(best[-1], with_it, key=lambda each: each[0]))
    return best[-1][1]


def _following(sessions: Sequence[Session], place: int) -> int:
    """Return the place of the first session that starts when the one at *place* has ended."""
    end = sessions[place].end
    later = (n for n in range(place + 1, len(sessions)) if sessions[n].start >= end)
    return next(later, len(sessions))
