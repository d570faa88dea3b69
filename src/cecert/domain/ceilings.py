"""Ceilings: how many hours the schedule can carry.

Boards count an hour differently, and hours are declared, never computed; but no
schedule gives more than its minutes without breaks at fifty an hour, the shortest hour
any board we know accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cecert.domain.claims import Claim
from cecert.domain.findings import Finding
from cecert.domain.regimes import Evidence
from cecert.domain.wording import hours_figure

__all__ = ["CEILING_MINUTES", "hours_findings"]

CEILING_MINUTES = 50
"""Instructional minutes below which nothing is an hour of credit, whatever the regime."""


def hours_findings(claim: Claim) -> Iterator[Finding]:
    """Compare the hours of a claim with its schedule, at the ceiling and at the regime's hour.

    A stricter figure of the regime binds where its primary text was read, and warns
    with the figures where it was not.
    """
    hours, minutes = claim.offer.hours, claim.offering.minutes
    figure = claim.regime.hour_minutes
    if hours * CEILING_MINUTES > minutes:
        yield claim.error("hours", _above(hours, minutes, CEILING_MINUTES, "the ceiling"))
    elif figure and hours * figure.value > minutes:
        what = f"an hour of {figure.value} minutes ({figure.evidence.value}: {figure.source})"
        found = claim.error if figure.evidence is Evidence.PRIMARY else claim.warning
        yield found("hours", _above(hours, minutes, figure.value, what))
    else:
        yield from _tolerance_findings(claim, figure.value if figure else CEILING_MINUTES)


def _above(hours: Decimal, minutes: Decimal, an_hour: int, what: str) -> str:
    return (
        f"{hours_figure(hours)} hours are above {what}: {hours_figure(minutes)} scheduled minutes "
        f"less breaks make {hours_figure(_floor(minutes / an_hour))} at {an_hour} minutes an hour"
    )


def _floor(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")


def _tolerance_findings(claim: Claim, an_hour: int) -> Iterator[Finding]:
    an_hour = max(an_hour, CEILING_MINUTES)
    hours, offering = claim.offer.hours, claim.offering
    left = offering.minutes - offering.tolerated_minutes
    if hours * an_hour > left:
        yield claim.warning(
            "hours",
            f"{hours_figure(hours)} hours need {hours_figure(hours * an_hour)} minutes at "
            f"{an_hour} an hour; whoever misses all that absent_total tolerates is there for "
            f"{hours_figure(left)}",
        )
