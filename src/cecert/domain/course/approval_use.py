"""Which approval a claim of credit rests on, and what is wrong or unchecked with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cecert.domain.course.approval import Approval, ApprovalStatus, is_part_of, same_organisation
from cecert.domain.course.credit_request import CreditRequest
from cecert.domain.course.regime import NumberPolicy, Regime, TokenProvider
from cecert.domain.values.durations import years_after
from cecert.domain.values.findings import Finding, Severity

__all__ = [
    "approval_findings",
    "approval_for",
    "findings_of_approvals",
    "token_provider_of",
    "use_findings",
]

TOKEN_PROVIDER_BYTES = 80
"""The token's limit for provider-no, in UTF-8 bytes (docs/spec/token.md W2)."""


def token_provider_of(regime: Regime, approval: Approval) -> str:
    """Return what a token and the trust file carry as provider-no, "" for nothing."""
    if regime.token_provider is TokenProvider.NUMBER:
        return approval.listed_number
    return approval.holder if regime.token_provider is TokenProvider.HOLDER else ""


def approval_for(claim: CreditRequest) -> tuple[Approval | None, list[Finding]]:
    """Return the approval a claim rests on with what is told of it, or None and what is in the way.

    Of several the one in force on the session dates is taken; where the approval was renewed
    between two of them, the one before and the one after together, as long as they have one
    number. The holder must be the organisation that awards the credit, for no approval can
    be lent.
    """
    offer, days = claim.offer, claim.offering.days
    held = [each for each in claim.authority.approvals if each.credential == offer.credential]
    if not held:
        message = "cecert.toml has no [[approval]] for it"
        return None, [claim.error("", message)]
    own = [each for each in held if _is_awarder(each.holder, claim)]
    if not own:
        return None, [claim.error("awarded_by", _lent(claim, held))]
    parts = _covering(own, days)
    if not parts:
        nearest = min(own, key=lambda each: len(each.days_out_of_force(days)))
        message = _out_of_force(nearest, nearest.days_out_of_force(days))
        if not _uncovered(own, days):
            message += "; the others of it have another number, and a certificate names one"
        return None, [claim.error("", message)]
    findings = [found for each in parts for found in use_findings(claim, each)]
    findings += [found for each in parts for found in approval_findings(each, claim.regime)]
    findings += [claim.error("", each) for each in _lapses(parts)]
    return _joined(parts), findings


def _covering(own: Sequence[Approval], days: Sequence[date]) -> list[Approval]:
    """Return the approval in force on all *days*, else those of one number that are; or none."""
    for each in own:
        if not each.days_out_of_force(days):
            return [each]
    for number in dict.fromkeys((each.listed_number, each.holder) for each in own):
        same = [each for each in own if (each.listed_number, each.holder) == number]
        if not _uncovered(same, days):
            used = [each for each in same if len(each.days_out_of_force(days)) < len(days)]
            return sorted(used, key=lambda each: each.valid_from)
    return []


def _uncovered(approvals: Iterable[Approval], days: Sequence[date]) -> set[date]:
    left = set(days)
    for each in approvals:
        left &= set(each.days_out_of_force(days))
    return left


def _lapses(parts: Sequence[Approval]) -> Iterator[str]:
    """Say when none of the approvals was in force: a certificate names one period, without it."""
    reached = parts[0].valid_to
    for each in parts[1:]:
        if reached is not None and (each.valid_from - reached).days > 1:
            yield (
                f"no approval of {each.holder} is in force between {reached} and "
                f"{each.valid_from}, and a certificate names one period"
            )
        reached = max(reached, each.valid_to) if reached and each.valid_to else None


def _joined(parts: Sequence[Approval]) -> Approval:
    """Return approvals that follow one another as one, with the words of the last."""
    last = parts[-1]
    return last if len(parts) == 1 else replace(last, valid_from=parts[0].valid_from)


def _is_awarder(holder: str, claim: CreditRequest) -> bool:
    if awarder := claim.offer.awarded_by:
        return same_organisation(holder, awarder)
    return is_part_of(holder, claim.authority.provider.name)


def _lent(claim: CreditRequest, held: Iterable[Approval]) -> str:
    holders = ", ".join(dict.fromkeys(each.holder for each in held))
    awarder = claim.offer.awarded_by or claim.authority.provider.name
    return f"{awarder} holds no approval for it, and none can be lent: the holder is {holders}"


def _out_of_force(approval: Approval, days: Iterable[date]) -> str:
    number = f" {approval.number}" if approval.number else ""
    until = f"to {approval.valid_to}" if approval.valid_to else "on"
    return (
        f"the approval{number} of {approval.holder} is in force from {approval.valid_from} "
        f"{until}, not on session date {', '.join(each.isoformat() for each in days)}"
    )


def use_findings(claim: CreditRequest, approval: Approval) -> Iterator[Finding]:
    """Say where the course is not what the approval covers."""
    offering, regime = claim.offering, claim.regime
    if not approval.covers(offering.format):
        formats = ", ".join(sorted(each.value for each in approval.formats))
        yield claim.error(
            "", f"the approval covers {formats}, the course is a {offering.format.value}"
        )
    if offering.format.dated_by_person and not approval.formats:
        yield claim.warning(
            "",
            f"the approval names no formats: make sure that it covers {offering.format.value}, "
            "and write formats in its [[approval]]",
        )
    if regime.holder_presents and not is_part_of(offering.presented_by, approval.holder):
        yield claim.error(
            "",
            f"the approval covers what {approval.holder} itself presents ({regime.citation}), "
            f"the course is presented by {offering.presented_by}",
        )
    named = [claim.authority.provider.name, *(each.name for each in offering.co_sponsors)]
    if not any(is_part_of(approval.holder, each) for each in named):
        yield claim.warning("awarded_by", f"no [[co_sponsor]] names {approval.holder}")


def findings_of_approvals(
    approvals: Iterable[Approval], regimes: Mapping[str, Regime]
) -> tuple[Finding, ...]:
    """Say what is wrong or unchecked with all approvals of an office."""
    return tuple(finding for each in approvals for finding in _findings_of(each, regimes))


def _findings_of(approval: Approval, regimes: Mapping[str, Regime]) -> tuple[Finding, ...]:
    if regime := regimes.get(approval.credential):
        return approval_findings(approval, regime)
    known = ", ".join(sorted(regimes))
    message = f"no regime file knows {approval.credential}; known are {known}"
    place = f"cecert.toml: approval[{approval.credential}].credential"
    return (Finding(Severity.ERROR, place, message),)


def approval_findings(approval: Approval, regime: Regime) -> tuple[Finding, ...]:
    """Say what is wrong or unchecked with an approval, apart from any course."""
    return tuple(
        Finding(severity, f"cecert.toml: approval[{approval.credential}].{about}", message)
        for severity, about, message in _approval_faults(approval, regime)
    )


def _approval_faults(approval: Approval, regime: Regime) -> Iterator[tuple[Severity, str, str]]:
    error, warning = Severity.ERROR, Severity.WARNING
    if not regime.approval_needed:
        yield error, "credential", f"{regime.id} claims no approval"
    if regime.number_policy is NumberPolicy.REQUIRED and not approval.listed_number:
        yield error, "number", f"{regime.approver} lists its approvals by number; it is missing"
    if regime.number_policy is NumberPolicy.NONE_ISSUED and approval.number:
        yield error, "number", f"{regime.approver} issues no number, this says {approval.number}"
    if (size := len(token_provider_of(regime, approval).encode())) > TOKEN_PROVIDER_BYTES:
        yield error, "holder", f"{size} bytes, {TOKEN_PROVIDER_BYTES} fit the certificate's code"
    if approval.checked_on is None:
        yield warning, "checked_on", "nobody has checked this approval with the approver"
    if approval.status is ApprovalStatus.CONDITIONAL:
        yield warning, "status", "the approval is conditional"
    yield from ((warning, "valid_to", each) for each in _term_faults(approval, regime))


def _term_faults(approval: Approval, regime: Regime) -> Iterator[str]:
    term = regime.term_years
    if term is None:
        return
    if approval.valid_to is None:
        yield f"the approval has no end; {term.value} years are granted ({term.source})"
        return
    last = years_after(approval.valid_from, term.value) - timedelta(days=1)
    if approval.valid_to > last:
        yield (
            f"{approval.valid_from} to {approval.valid_to} is longer than the {term.value} years "
            f"that are granted ({term.source})"
        )
