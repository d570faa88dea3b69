"""Which hours may be claimed: in the regime's steps, and no more than the schedule holds.

Boards count an hour differently, and hours are declared, never computed; but no schedule
gives more than its minutes without breaks at fifty an hour, the shortest hour any board we
know accepts. A figure of a regime binds where its primary text was read, and warns where it
was not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cecert.domain.course.credit_request import CreditRequest
from cecert.domain.course.formats import HELD
from cecert.domain.course.regime import Figure, Increment, RuleSource
from cecert.domain.values.durations import MOST_HUNDREDTHS, SHORTEST_HOUR
from cecert.domain.values.findings import Finding
from cecert.domain.values.wording import either, hours_figure

__all__ = ["category_findings", "credited", "hours_findings", "rests"]

_CEILING_MINUTES = SHORTEST_HOUR
"""Instructional minutes below which nothing is an hour of credit, whatever the regime."""

_CLOCK_HOUR = 60


def rests(what: str, evidence: RuleSource, source: str) -> str:
    """Say what a rule rests on.

    Args:
        what: The rule.
        evidence: How it is known.
        source: Where it can be read.
    """
    return f"{what} rests on {evidence.value} evidence: {source}"


def credited(claim: CreditRequest) -> tuple[CreditRequest, list[Finding]]:
    """Return a claim with the hours that are credited of those declared, and what is told of it."""
    findings: list[Finding] = []
    if step := claim.regime.increment:
        claim, findings = _stepped(claim, step)
    least, hours = claim.regime.minimum, claim.offer.hours
    if least and hours < least.hours:
        told = (
            f"{hours_figure(hours)} hours are below the least credit, {hours_figure(least.hours)}"
        )
        if least.evidence is RuleSource.PRIMARY:
            findings.append(claim.error("hours", f"{told} ({least.source})"))
        else:
            findings.append(
                claim.warning("hours", rests(f"{told}; that", least.evidence, least.source))
            )
    return claim, findings


def _stepped(claim: CreditRequest, step: Increment) -> tuple[CreditRequest, list[Finding]]:
    declared = claim.offer.hours
    rounded, steps = step.rounded(declared), either([hours_figure(each) for each in step.steps])
    if rounded == declared:
        return claim, []
    if step.evidence is not RuleSource.PRIMARY:
        told = f"{hours_figure(declared)} hours are not in steps of {steps}; that"
        return claim, [claim.warning("hours", rests(told, step.evidence, step.source))]
    if not rounded:
        told = f"{hours_figure(declared)} hours are less than a step of {steps} ({step.source})"
        return claim, [claim.error("hours", told)]
    told = (
        f"{hours_figure(declared)} hours are rounded down to {hours_figure(rounded)}: credit is "
        f"given in steps of {steps} ({step.source})"
    )
    lower = replace(claim, offer=replace(claim.offer, hours=rounded))
    return lower, [claim.warning("hours", told)]


def category_findings(claim: CreditRequest) -> Iterator[Finding]:
    """Say where the categories are not what the regime asks of them."""
    hours, parts = claim.offer.hours, claim.offer.categories
    if claim.regime.field_of_study:
        total = sum((each.hours for each in parts), Decimal())
        if total != hours:
            yield claim.error(
                "categories",
                f"its fields of study have {hours_figure(total)} of {hours_figure(hours)} hours: "
                "write each field with its hours, as categories",
            )
    step = claim.regime.increment
    if step and step.evidence is RuleSource.PRIMARY:
        common = set(step.steps_of(hours)).intersection(
            *(step.steps_of(each.hours) for each in parts)
        )
        if parts and not common:
            yield claim.error(
                "categories", f"they are not in one step with the whole ({step.source})"
            )


def hours_findings(claim: CreditRequest) -> Iterator[Finding]:
    """Compare the hours of a claim with its schedule, at the ceiling and at the regime's hour."""
    hours, minutes = claim.offer.hours, claim.offering.minutes
    figure = claim.regime.hour_minutes
    dates = len(claim.offering.days)
    held = claim.offering.format.delivery in HELD
    if hours * _CEILING_MINUTES > minutes:
        yield claim.error("hours", _above(hours, minutes, _CEILING_MINUTES, "the ceiling"))
    elif held and hours * 100 > MOST_HUNDREDTHS * dates:
        most = hours_figure(Decimal(MOST_HUNDREDTHS * dates) / 100)
        yield claim.error(
            "hours",
            f"{hours_figure(hours)} hours are more than the session dates can hold ({dates}, "
            f"together {most} at most): give each day a session of its own",
        )
    elif figure and hours * figure.value > minutes:
        yield _above_figure(claim, figure)
    else:
        yield from _tight(claim, figure.value if figure else _CEILING_MINUTES)


def _above(hours: Decimal, minutes: Decimal, an_hour: int, what: str) -> str:
    return (
        f"{hours_figure(hours)} hours are above {what}: {hours_figure(minutes)} scheduled minutes "
        f"less breaks make {_made(minutes, an_hour)} at {an_hour} minutes an hour"
    )


def _above_figure(claim: CreditRequest, figure: Figure) -> Finding:
    hours, minutes = claim.offer.hours, claim.offering.minutes
    what = f"an hour of {figure.value} minutes ({figure.evidence.value}: {figure.source})"
    told = _above(hours, minutes, figure.value, what)
    if figure.evidence is RuleSource.PRIMARY:
        return claim.error("hours", told)
    return claim.warning(
        "hours", f"{told}; ask the board which hour it counts, or claim no more than that"
    )


def _made(minutes: Decimal, an_hour: int) -> str:
    hours = (minutes / an_hour).quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    return hours_figure(hours)


def _tight(claim: CreditRequest, an_hour: int) -> Iterator[Finding]:
    """Say where credit is more than the clock, or leaves less than attendance may lack."""
    an_hour = max(an_hour, _CEILING_MINUTES)
    hours, offering = claim.offer.hours, claim.offering
    minutes, missed = offering.minutes, offering.tolerated_minutes
    told = []
    if hours * _CLOCK_HOUR > minutes:
        told.append(
            f"{hours_figure(hours)} hours of credit for {hours_figure(minutes)} minutes without "
            f"breaks, which are {_made(minutes, _CLOCK_HOUR)} hours on the clock: make sure that "
            f"every break is entered, and that an hour of {an_hour} minutes counts here"
        )
    if hours * an_hour > minutes - missed:
        told.append(
            f"{hours_figure(hours)} hours need {hours_figure(hours * an_hour)} minutes at "
            f"{an_hour} an hour; who misses the {hours_figure(missed)} minutes that absent_total "
            f"lets pass is there for {hours_figure(minutes - missed)}, which are "
            f"{_made(minutes - missed, an_hour)} hours"
        )
    if told:
        yield claim.warning("hours", "; and ".join(told))
