"""Authorisation: what a course may claim, resolved from regimes, approvals and the course.

A credit line is put together once, when the course is loaded (ADR 1): the approval in
force on every session date, the hours under their ceiling, the words effective on those
dates. What would make a certificate wrong is an error and keeps the course from
loading; what nobody has checked is a warning. All of it is found at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cecert.domain.course.approval import Approval, is_part_of
from cecert.domain.course.approval_use import approval_for, token_provider_of
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.credit_request import Authority, CreditOffer, CreditRequest, Offering
from cecert.domain.course.hours_check import (
    category_findings,
    credited,
    hours_findings,
    rests,
)
from cecert.domain.course.license_rule import LicenseRule
from cecert.domain.course.provider import signatories_of
from cecert.domain.course.regime import NumberPolicy, RuleSource, StatementTemplate
from cecert.domain.course.statement import (
    contradictions,
    missing_wording,
    statement_fields,
    unplaced_figures,
)
from cecert.domain.values.findings import Finding, Severity

__all__ = ["Authorised", "authorise"]


@dataclass(frozen=True, slots=True)
class Authorised:
    """A credit offer looked into.

    Attributes:
        line: What is decided, drawn and entered; None if a finding is an error.
        findings: Everything that is wrong or unchecked.
        licenses: The licences it is for, None where nothing is known of that.
    """

    line: CreditLine | None
    findings: tuple[Finding, ...]
    licenses: LicenseRule | None = None


def authorise(offer: CreditOffer, offering: Offering, authority: Authority) -> Authorised:
    """Resolve one credit of a course into the line that is decided, drawn and entered.

    Args:
        offer: The credit as the course asks for it; its credential type is one of the
            authority's regimes.
        offering: What of the course bears on it.
        authority: What the office may claim.
    """
    regime = authority.regimes[offer.credential]
    claim, findings = credited(CreditRequest(offer, offering, authority, regime))
    findings += [*hours_findings(claim), *category_findings(claim), *_state_findings(claim)]
    findings += _unverified(claim)
    approval, statement = None, ""
    if regime.approval_needed:
        approval, found = approval_for(claim)
        findings += found
    if approval:
        statement, found = _statement_for(claim, approval)
        findings += found
    findings += _element_findings(claim, approval)
    if any(each.severity is Severity.ERROR for each in findings):
        return Authorised(None, tuple(findings))
    return Authorised(_line(claim, approval, statement), tuple(findings), _licenses(claim))


def _licenses(claim: CreditRequest) -> LicenseRule | None:
    rule, states = claim.regime.licenses, claim.offer.states
    return rule.of_states(states) if rule and states else rule


def _state_findings(claim: CreditRequest) -> Iterator[Finding]:
    """Say where a credit does not name the states it is for, or names one it cannot be for."""
    regime, states = claim.regime, claim.offer.states
    if not regime.names_states:
        if states:
            yield claim.error("states", f"{regime.id} is for no states that a course names")
        return
    if not states:
        yield claim.error(
            "states", 'are missing: name the states whose boards take it, states = ["CT", "VT"]'
        )
    for each in regime.licenses.excluded if regime.licenses else ():
        if each.state in states and each.holds_on(claim.offering.days[-1]):
            yield claim.warning("states", f"{each.state} does not take it alone ({each.source})")


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
        unit_short=regime.unit_short,
        approver_label=regime.approver_label if approval else "",
        basis=regime.basis if approval else "",
        category_label=_category_label(claim),
        states=_counting_states(claim),
        general=regime.jurisdiction if offer.states else "",
    )


def _counting_states(claim: CreditRequest) -> tuple[str, ...]:
    """Return the states that a credit names, but those where it does not count."""
    rule, last = claim.regime.licenses, claim.offering.days[-1]
    out = {each.state for each in rule.excluded if each.holds_on(last)} if rule else set()
    return tuple(each for each in claim.offer.states if each not in out)


def _category_label(claim: CreditRequest) -> str:
    if not claim.regime.field_of_study:
        return ""
    return "Fields of study" if len(claim.offer.categories) > 1 else "Field of study"


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
        more={"program": claim.authority.program, "format": claim.offering.format.value},
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
    if statement and (time := claim.regime.time_statement):
        statement = f"{statement} {time.text}"
        if time.evidence is not RuleSource.PRIMARY:
            told = rests("the time statement's wording", time.evidence, time.source)
            findings.append(claim.warning("statement", told))
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
        yield claim.warning("statement", rests("the wording", template.evidence, template.source))


def _unverified(claim: CreditRequest) -> Iterator[Finding]:
    regime = claim.regime
    rules = (
        ("an hour of {} minutes", regime.hour_minutes),
        ("an approval term of {} years", regime.term_years),
        ("keeping records {} years", regime.retention_years),
    )
    for what, figure in rules:
        if figure and figure.evidence is not RuleSource.PRIMARY:
            told = rests(what.format(figure.value), figure.evidence, figure.source)
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
        "signatory": signatories_of(claim.authority.signatories, [claim.offer.credential]),
        "approval_number": approval is None or approval.number,
        "approval_period": approval is None or approval.valid_to,
    }
    lacking = [name for name, value in shown.items() if not value]
    for name in lacking:
        if name in claim.regime.required_elements:
            yield claim.error("", f"the certificate must show {name}, and there is none to show")
        elif name in claim.regime.expected_elements:
            yield claim.warning("", f"certificates for it usually show {name}; there is none")
