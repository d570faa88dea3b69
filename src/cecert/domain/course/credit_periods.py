"""Credit periods: what is in force on whichever day somebody completes a course.

Self-study and hybrid courses last for years, and each person's day of completion decides.
So their credit is resolved for every stretch of days in which nothing changes: between the
ends of approvals, of wordings, and of what a board takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cecert.domain.course.authorisation import Authorised, authorise
from cecert.domain.course.credit_line import CreditPeriod
from cecert.domain.course.credit_request import Authority, CreditOffer, Offering
from cecert.domain.values.findings import Finding, Severity

__all__ = ["AuthorisedPeriods", "authorise_periods"]


@dataclass(frozen=True, slots=True)
class AuthorisedPeriods:
    """A credit offer looked into for every day.

    Attributes:
        periods: The days on which it can be claimed; none if a finding is an error.
        latest: What was found for the latest of them.
        findings: Everything that is wrong or unchecked.
    """

    periods: tuple[CreditPeriod, ...]
    latest: Authorised
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    first: date
    last: date | None
    found: Authorised


def authorise_periods(
    offer: CreditOffer, offering: Offering, authority: Authority
) -> AuthorisedPeriods:
    """Resolve one credit for whichever day somebody completes the course.

    Days on which no approval is in force have no credit; there must be others.

    Args:
        offer: The credit as the course asks for it; its credential type is one of the
            authority's regimes.
        offering: What of the course bears on it; its day of completion is not looked at.
        authority: What the office may claim.
    """
    stretches = list(_stretches(offer, offering, authority))
    good = [each for each in stretches if each.found.line]
    if not good:
        latest = stretches[-1].found
        return AuthorisedPeriods((), latest, latest.findings)
    return AuthorisedPeriods(
        tuple(_periods(good)),
        good[-1].found,
        tuple(dict.fromkeys(_findings(stretches, offer, authority))),
    )


def _stretches(offer: CreditOffer, offering: Offering, authority: Authority) -> Iterator[_Stretch]:
    first = offering.sessions[-1].day if offering.sessions else None
    changes = _changes(offer, authority)
    starts = sorted(
        {each for each in changes if first is None or each > first} | {first or _OLDEST}
    )
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        found = authorise(offer, replace(offering, completed_on=start), authority)
        yield _Stretch(start, following and following - timedelta(days=1), found)


_OLDEST = date(1970, 1, 1)
"""The first day a token can hold."""


def _changes(offer: CreditOffer, authority: Authority) -> set[date]:
    """Return the days from which something else is in force."""
    regime = authority.regimes[offer.credential]
    own = [each for each in authority.approvals if each.credential == offer.credential]
    spans = [(each.valid_from, each.valid_to) for each in own]
    wordings = [(each.effective_from, each.effective_to) for each in regime.statements]
    excluded = regime.licenses.excluded if regime.licenses else ()
    days = {first for first, _ in (*spans, *wordings) if first}
    days |= {last + timedelta(days=1) for _, last in (*spans, *wordings) if last}
    days |= {each.since for each in excluded if each.since}
    return {each for each in days if each > _OLDEST}


def _periods(good: Sequence[_Stretch]) -> Iterator[CreditPeriod]:
    """Yield the credit of each stretch; those that follow one another alike are one."""
    before: CreditPeriod | None = None
    for each in good:
        if (line := each.found.line) is None:
            continue
        follows = before and before.last and before.last + timedelta(days=1) == each.first
        if before and follows and before.line == line:
            before = replace(before, last=each.last)
            continue
        if before:
            yield before
        before = CreditPeriod(each.first, each.last, line)
    if before:
        yield before


def _findings(
    stretches: Sequence[_Stretch], offer: CreditOffer, authority: Authority
) -> Iterator[Finding]:
    """Yield what is told of the days with credit, and what is wrong on approved days without."""
    own = [each for each in authority.approvals if each.credential == offer.credential]
    for stretch in stretches:
        if stretch.found.line:
            yield from stretch.found.findings
        elif any(not each.days_out_of_force([stretch.first]) for each in own):
            days = f"from {stretch.first}" + (f" to {stretch.last}" if stretch.last else "")
            for each in stretch.found.findings:
                if each.severity is Severity.ERROR:
                    told = f"completed {days}, it earns nothing: {each.message}"
                    yield Finding(Severity.WARNING, each.place, told)
