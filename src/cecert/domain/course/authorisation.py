"""Authorisation: what a course may claim, resolved from regimes, approvals and the course.

A credit line is put together once, when the course is loaded (ADR 1): the approval in
force on every session date, the hours under their ceiling, the words effective on those
dates. What would make a certificate wrong is an error and keeps the course from
loading; what nobody has checked is a warning. All of it is found at once.

Boards count an hour differently, and hours are declared, never computed; but no schedule
gives more than its minutes without breaks at fifty an hour, the shortest hour any board we
know accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cecert.domain.course.approval import Approval, is_part_of
from cecert.domain.course.approval_use import (
    approval_findings,
    approval_for,
    token_provider_of,
    use_findings,
)
from cecert.domain.course.course import HELD
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.credit_request import Authority, CreditOffer, CreditRequest, Offering
from cecert.domain.course.regime import NumberPolicy, RuleSource, StatementTemplate
from cecert.domain.course.statement import (
    contradictions,
    missing_wording,
    statement_fields,
    unplaced_figures,
)
from cecert.domain.values.durations import MOST_HUNDREDTHS, SHORTEST_HOUR
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.wording import hours_figure

__all__ = ["Authorised", "authorise"]

_CEILING_MINUTES = SHORTEST_HOUR
"""Instructional minutes below which nothing is an hour of credit, whatever the regime."""


@dataclass(frozen=True, slots=True)
class Authorised:
    """A credit offer looked into.

    Attributes:
        line: What is decided, drawn and entered; None if a finding is an error.
        findings: Everything that is wrong or unchecked.
    """

    line: CreditLine | None
    findings: tuple[Finding, ...]


def authorise(offer: CreditOffer, offering: Offering, authority: Authority) -> Authorised:
    """Resolve one credit of a course into the line that is decided, drawn and entered.

    Args:
        offer: The credit as the course asks for it; its credential type is one of the
            authority's regimes.
        offering: What of the course bears on it.
        authority: What the office may claim.
    """
    regime = authority.regimes[offer.credential]
    claim = CreditRequest(offer, offering, authority, regime)
    findings = [*_hours_findings(claim), *_unverified(claim)]
    approval, statement = None, ""
    if regime.approval_needed:
        approval, found = approval_for(claim)
        findings += found
    if approval:
        statement, found = _statement_for(claim, approval)
        findings += [*found, *use_findings(claim, approval), *approval_findings(approval, regime)]
    findings += _element_findings(claim, approval)
    if any(each.severity is Severity.ERROR for each in findings):
        return Authorised(None, tuple(findings))
    return Authorised(_line(claim, approval, statement), tuple(findings))


def _line(claim: CreditRequest, approval: Approval | None, statement: str) -> CreditLine:
    offer, regime = claim.offer, claim.regime
    return CreditLine(
        credential=offer.credential,
        code=regime.code,
        hours=offer.hours,
        unit=regime.unit,
        profession=regime.profession,
        jurisdiction=regime.jurisdiction,
        label=regime.label,
        requirements=offer.requirements,
        retention_years=regime.retained_years,
        awarded_by=(offer.awarded_by or claim.authority.provider.name) if approval else "",
        approver=regime.approver if approval else "",
        number=approval.listed_number if approval else "",
        number_label=regime.number_label,
        number_none_issued=regime.number_policy is NumberPolicy.NONE_ISSUED,
        token_provider=token_provider_of(regime, approval) if approval else "",
        valid_from=approval.valid_from if approval else None,
        valid_to=approval.valid_to if approval else None,
        statement=statement,
        categories=offer.categories,
    )


def _hours_findings(claim: CreditRequest) -> Iterator[Finding]:
    """Compare the hours of a claim with its schedule, at the ceiling and at the regime's hour.

    A stricter figure of the regime binds where its primary text was read, and warns
    with the figures where it was not.
    """
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
        what = f"an hour of {figure.value} minutes ({figure.evidence.value}: {figure.source})"
        found = claim.error if figure.evidence is RuleSource.PRIMARY else claim.warning
        yield found("hours", _above(hours, minutes, figure.value, what))
    else:
        yield from _tolerance_findings(claim, figure.value if figure else _CEILING_MINUTES)


def _above(hours: Decimal, minutes: Decimal, an_hour: int, what: str) -> str:
    return (
        f"{hours_figure(hours)} hours are above {what}: {hours_figure(minutes)} scheduled minutes "
        f"less breaks make {hours_figure(_floor(minutes / an_hour))} at {an_hour} minutes an hour"
    )


def _floor(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")


def _tolerance_findings(claim: CreditRequest, an_hour: int) -> Iterator[Finding]:
    an_hour = max(an_hour, _CEILING_MINUTES)
    hours, offering = claim.offer.hours, claim.offering
    left = offering.minutes - offering.tolerated_minutes
    if hours * an_hour > left:
        yield claim.warning(
            "hours",
            f"{hours_figure(hours)} hours need {hours_figure(hours * an_hour)} minutes at "
            f"{an_hour} an hour; whoever misses all that absent_total tolerates is there for "
            f"{hours_figure(left)}",
        )


def _statement_for(claim: CreditRequest, approval: Approval) -> tuple[str, list[Finding]]:
    template, findings = _template_for(claim, approval)
    if template is None:
        return "", findings
    fields = statement_fields(
        approval,
        claim.offer.hours,
        claim.authority.provider.name,
        claim.offering.presented_by,
        co_sponsored=not is_part_of(approval.holder, claim.offering.presented_by),
    )
    try:
        statement = claim.authority.write(template, fields)
        fixed = [claim.authority.write(each, fields) for each in claim.regime.fixed_wording]
    except ValueError as problem:
        return "", [*findings, claim.error("statement", f"the template {problem}")]
    hours = [claim.offer.hours, *(each.hours for each in claim.offer.categories)]
    faults = [f"it {each}" for each in contradictions(statement, approval.listed_number, hours)]
    faults += [f"it lacks the sentence: {each}" for each in missing_wording(statement, fixed)]
    if not statement:
        faults.append("it is empty")
    findings += (claim.error("statement", each) for each in faults)
    findings += (
        claim.warning("statement", f"it says {each}, which is neither number, hours nor date")
        for each in unplaced_figures(statement, approval.listed_number)
    )
    return statement, findings


def _template_for(claim: CreditRequest, approval: Approval) -> tuple[str | None, list[Finding]]:
    named, days = approval.statement or claim.regime.id, claim.offering.days
    known = {each.name for each in claim.regime.statements}
    if named not in known:
        if " " in named:
            return named, []
        names = ", ".join(sorted(known)) or "none"
        return None, [claim.error("statement", f"no statement is named {named}; there is {names}")]
    template = claim.regime.statement_named(named, days[-1])
    if template is None:
        return None, [claim.error("statement", f"{named} has no wording effective on {days[-1]}")]
    return template.text, list(_wording_findings(claim, template))


def _wording_findings(claim: CreditRequest, template: StatementTemplate) -> Iterator[Finding]:
    early = [each for each in claim.offering.days if not template.effective_on(each)]
    if early:
        yield claim.warning(
            "statement",
            f"the wording of the credit date is printed; on {early[0]} another was effective",
        )
    if template.evidence is not RuleSource.PRIMARY:
        yield claim.warning("statement", _rests("the wording", template.evidence, template.source))


def _rests(what: str, evidence: RuleSource, source: str) -> str:
    return f"{what} rests on {evidence.value} evidence: {source}"


def _unverified(claim: CreditRequest) -> Iterator[Finding]:
    regime = claim.regime
    rules = (
        ("an hour of {} minutes", regime.hour_minutes),
        ("an approval term of {} years", regime.term_years),
        ("keeping records {} years", regime.retention_years),
    )
    for what, figure in rules:
        if figure and figure.evidence is not RuleSource.PRIMARY:
            told = _rests(what.format(figure.value), figure.evidence, figure.source)
            yield Finding(Severity.WARNING, f"regime {regime.id}", told)
    if regime.last_verified is None and regime.approval_needed:
        message = "no person has compared this regime with its sources (last_verified)"
        yield Finding(Severity.WARNING, f"regime {regime.id}", message)


def _element_findings(claim: CreditRequest, approval: Approval | None) -> Iterator[Finding]:
    provider, offering = claim.authority.provider, claim.offering
    shown = {
        "location": offering.location,
        "instructor": offering.instructors,
        "categories": claim.offer.categories,
        "provider_address": provider.address,
        "provider_email": provider.email,
        "signatory": claim.authority.signatories,
        "approval_number": approval is None or approval.number,
        "approval_period": approval is None or approval.valid_to,
    }
    lacking = [name for name, value in shown.items() if not value]
    for name in lacking:
        if name in claim.regime.required_elements:
            yield claim.error("", f"the certificate must show {name}, and there is none to show")
        elif name in claim.regime.expected_elements:
            yield claim.warning("", f"certificates for it usually show {name}; there is none")
