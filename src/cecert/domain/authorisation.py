"""Authorisation: what a course may claim, resolved from regimes, approvals and the course.

A credit line is put together once, when the course is loaded (ADR 1): the approval in
force on every session date, the hours under their ceiling, the words effective on those
dates. What would make a certificate wrong is an error and keeps the course from
loading; what nobody has checked is a warning. All of it is found at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from cecert.domain.approvals import Approval, ApprovalStatus
from cecert.domain.certificates import Provider, Signatory
from cecert.domain.courses import (
    AttendanceRule,
    Category,
    CoSponsor,
    CreditLine,
    Instructor,
    Requirements,
    Session,
)
from cecert.domain.formats import CourseFormat
from cecert.domain.regimes import (
    Evidence,
    NumberPolicy,
    Regime,
    StatementTemplate,
    TokenProvider,
)
from cecert.domain.statements import (
    WriteStatement,
    contradictions,
    missing_wording,
    statement_fields,
)
from cecert.domain.wording import hours_figure

__all__ = [
    "Authorised",
    "Authority",
    "CreditOffer",
    "Finding",
    "Offering",
    "Severity",
    "approval_findings",
    "authorise",
    "token_provider_of",
]

CEILING_MINUTES = 50
"""The shortest hour any board we know accepts; no credit is above it, whatever the regime."""

TOKEN_PROVIDER_BYTES = 80
"""The token's limit for provider-no, in UTF-8 bytes (QR-TOKEN W2)."""


class Severity(Enum):
    """What a finding means for the course."""

    ERROR = "error"
    """The course does not load."""
    WARNING = "warning"
    """It loads; a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `cecert lint` lists.

    Attributes:
        severity: Whether it keeps the course from loading.
        place: Where: `course.toml: credit[ny-social-work].hours`.
        message: What is wrong, with the figures, without a full stop.
    """

    severity: Severity
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Authority:
    """What the office may claim, and how its claims are put into words."""

    provider: Provider
    signatories: tuple[Signatory, ...]
    approvals: tuple[Approval, ...]
    regimes: Mapping[str, Regime]
    write: WriteStatement


@dataclass(frozen=True, slots=True)
class CreditOffer:
    """A credit as the course asks for it; `awarded_by` is "" where it is the provider."""

    credential: str
    hours: Decimal
    requirements: Requirements
    categories: tuple[Category, ...] = ()
    awarded_by: str = ""


@dataclass(frozen=True, slots=True)
class Offering:
    """What of a course bears on its credit."""

    presented_by: str
    format: CourseFormat
    sessions: tuple[Session, ...]
    location: str = ""
    instructors: tuple[Instructor, ...] = ()
    co_sponsors: tuple[CoSponsor, ...] = ()
    attendance_rule: AttendanceRule | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The distinct session dates, ascending."""
        return tuple(sorted({each.day for each in self.sessions}))

    @property
    def minutes(self) -> Decimal:
        """Scheduled minutes of all sessions less breaks."""
        return _minutes(sum((each.creditable for each in self.sessions), timedelta()))

    @property
    def tolerated_minutes(self) -> Decimal:
        """Minutes a person may miss in all and still attend every session in full."""
        rule = self.attendance_rule
        absent = rule.absent_total * len(self.sessions) if rule else 0
        return _minutes(timedelta(seconds=absent))


def _minutes(span: timedelta) -> Decimal:
    return Decimal(int(span.total_seconds())) / 60


@dataclass(frozen=True, slots=True)
class Authorised:
    """A credit offer looked into: the line unless a finding is an error."""

    line: CreditLine | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One offer with all that bears on it."""

    offer: CreditOffer
    offering: Offering
    authority: Authority
    regime: Regime

    def error(self, about: str, message: str) -> Finding:
        return Finding(Severity.ERROR, self._place(about), message)

    def warning(self, about: str, message: str) -> Finding:
        return Finding(Severity.WARNING, self._place(about), message)

    def _place(self, about: str) -> str:
        return f"course.toml: credit[{self.offer.credential}]{about and '.' + about}"


def authorise(offer: CreditOffer, offering: Offering, authority: Authority) -> Authorised:
    """Resolve one credit of a course into the line that is decided, drawn and entered.

    The credential type must be one of the authority's regimes.
    """
    regime = authority.regimes[offer.credential]
    case = _Case(offer, offering, authority, regime)
    findings = [*_hours_findings(case), *_unverified(case)]
    approval, statement = None, ""
    if regime.approval_needed:
        approval, found = _approval_for(case)
        findings += found
    if approval:
        statement, found = _statement_for(case, approval)
        findings += [*found, *_use_findings(case, approval), *approval_findings(approval, regime)]
    findings += _element_findings(case, approval)
    if any(each.severity is Severity.ERROR for each in findings):
        return Authorised(None, tuple(findings))
    return Authorised(_line(case, approval, statement), tuple(findings))


def _line(case: _Case, approval: Approval | None, statement: str) -> CreditLine:
    offer, regime = case.offer, case.regime
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
        awarded_by=(offer.awarded_by or case.authority.provider.name) if approval else "",
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


def token_provider_of(regime: Regime, approval: Approval) -> str:
    """Return what a token and the trust file carry as provider-no, "" for nothing."""
    if regime.token_provider is TokenProvider.NUMBER:
        return approval.listed_number
    return approval.holder if regime.token_provider is TokenProvider.HOLDER else ""


def _hours_findings(case: _Case) -> Iterator[Finding]:
    hours, minutes = case.offer.hours, case.offering.minutes
    figure = case.regime.hour_minutes
    if hours * CEILING_MINUTES > minutes:
        yield case.error("hours", _above(hours, minutes, CEILING_MINUTES, "the ceiling"))
    elif figure and hours * figure.value > minutes:
        what = f"an hour of {figure.value} minutes ({figure.evidence.value}: {figure.source})"
        found = case.error if figure.evidence is Evidence.PRIMARY else case.warning
        yield found("hours", _above(hours, minutes, figure.value, what))
    else:
        yield from _tolerance_findings(case, figure.value if figure else CEILING_MINUTES)


def _above(hours: Decimal, minutes: Decimal, an_hour: int, what: str) -> str:
    return (
        f"{hours_figure(hours)} hours are above {what}: {hours_figure(minutes)} scheduled minutes "
        f"less breaks make {hours_figure(_floor(minutes / an_hour))} at {an_hour} minutes an hour"
    )


def _floor(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")


def _tolerance_findings(case: _Case, an_hour: int) -> Iterator[Finding]:
    an_hour = max(an_hour, CEILING_MINUTES)
    hours, offering = case.offer.hours, case.offering
    left = offering.minutes - offering.tolerated_minutes
    if hours * an_hour > left:
        yield case.warning(
            "hours",
            f"{hours_figure(hours)} hours need {hours_figure(hours * an_hour)} minutes at "
            f"{an_hour} an hour; whoever misses all that absent_total tolerates is there for "
            f"{hours_figure(left)}",
        )


def _approval_for(case: _Case) -> tuple[Approval | None, list[Finding]]:
    offer = case.offer
    held = [each for each in case.authority.approvals if each.credential == offer.credential]
    if not held:
        message = "cecert.toml has no [[approval]] for it"
        return None, [case.error("", message)]
    own = [each for each in held if _is_awarder(each.holder, case)]
    if not own:
        return None, [case.error("awarded_by", _lent(case, held))]
    approval = min(own, key=lambda each: len(each.days_out_of_force(case.offering.days)))
    if out := approval.days_out_of_force(case.offering.days):
        return None, [case.error("", _out_of_force(approval, out))]
    return approval, []


def _is_awarder(holder: str, case: _Case) -> bool:
    if case.offer.awarded_by:
        return _folded(holder) == _folded(case.offer.awarded_by)
    return is_part_of(holder, case.authority.provider.name)


def is_part_of(holder: str, organisation: str) -> bool:
    """Say whether *holder* is *organisation*, or an office of it: its name begins with it.

    >>> is_part_of("Smith College School for Social Work, SW OPE", "Smith College School")
    True
    >>> is_part_of("Amego Prepare", "Amego Pre")
    False
    """
    first, second = _folded(holder), _folded(organisation)
    return first.startswith(second) and not first[len(second) : len(second) + 1].isalnum()


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _lent(case: _Case, held: Iterable[Approval]) -> str:
    holders = ", ".join(dict.fromkeys(each.holder for each in held))
    awarder = case.offer.awarded_by or case.authority.provider.name
    return f"{awarder} holds no approval for it, and none can be lent: the holder is {holders}"


def _out_of_force(approval: Approval, days: Iterable[date]) -> str:
    number = f" {approval.number}" if approval.number else ""
    until = f"to {approval.valid_to}" if approval.valid_to else "on"
    return (
        f"the approval{number} of {approval.holder} is in force from {approval.valid_from} "
        f"{until}, not on session date {', '.join(each.isoformat() for each in days)}"
    )


def _use_findings(case: _Case, approval: Approval) -> Iterator[Finding]:
    offering, regime = case.offering, case.regime
    if not approval.covers(offering.format):
        formats = ", ".join(sorted(each.value for each in approval.formats))
        yield case.error(
            "", f"the approval covers {formats}, the course is a {offering.format.value}"
        )
    if regime.holder_presents and not is_part_of(offering.presented_by, approval.holder):
        yield case.error(
            "",
            f"the approval covers what {approval.holder} itself presents ({regime.citation}), "
            f"the course is presented by {offering.presented_by}",
        )
    named = {case.authority.provider.name, *(each.name for each in offering.co_sponsors)}
    if case.offer.awarded_by and _folded(approval.holder) not in map(_folded, named):
        yield case.warning("awarded_by", f"no [[co_sponsor]] names {approval.holder}")


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
    last = _years_after(approval.valid_from, term.value) - timedelta(days=1)
    if approval.valid_to > last:
        yield (
            f"{approval.valid_from} to {approval.valid_to} is longer than the {term.value} years "
            f"that are granted ({term.source})"
        )


def _years_after(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return (day - timedelta(days=is_leap_day)).replace(year=day.year + years)


def _statement_for(case: _Case, approval: Approval) -> tuple[str, list[Finding]]:
    template, findings = _template_for(case, approval)
    if template is None:
        return "", findings
    fields = statement_fields(
        approval,
        case.offer.hours,
        case.authority.provider.name,
        case.offering.presented_by,
        co_sponsored=not is_part_of(approval.holder, case.offering.presented_by),
    )
    try:
        statement = case.authority.write(template, fields)
        fixed = [case.authority.write(each, fields) for each in case.regime.fixed_wording]
    except ValueError as problem:
        return "", [*findings, case.error("statement", f"the template {problem}")]
    hours = [case.offer.hours, *(each.hours for each in case.offer.categories)]
    faults = [f"it {each}" for each in contradictions(statement, approval.listed_number, hours)]
    faults += [f"it lacks the sentence: {each}" for each in missing_wording(statement, fixed)]
    if not statement:
        faults.append("it is empty")
    return statement, [*findings, *(case.error("statement", each) for each in faults)]


def _template_for(case: _Case, approval: Approval) -> tuple[str | None, list[Finding]]:
    named, days = approval.statement or case.regime.id, case.offering.days
    known = {each.name for each in case.regime.statements}
    if named not in known:
        if " " in named:
            return named, []
        names = ", ".join(sorted(known)) or "none"
        return None, [case.error("statement", f"no statement is named {named}; there is {names}")]
    template = case.regime.statement_named(named, days[-1])
    if template is None:
        return None, [case.error("statement", f"{named} has no wording effective on {days[-1]}")]
    return template.text, list(_wording_findings(case, template))


def _wording_findings(case: _Case, template: StatementTemplate) -> Iterator[Finding]:
    early = [each for each in case.offering.days if not template.effective_on(each)]
    if early:
        yield case.warning(
            "statement",
            f"the wording of the credit date is printed; on {early[0]} another was effective",
        )
    if template.evidence is not Evidence.PRIMARY:
        yield case.warning("statement", _rests("the wording", template.evidence, template.source))


def _rests(what: str, evidence: Evidence, source: str) -> str:
    return f"{what} rests on {evidence.value} evidence: {source}"


def _unverified(case: _Case) -> Iterator[Finding]:
    regime = case.regime
    rules = (
        ("an hour of {} minutes", regime.hour_minutes),
        ("an approval term of {} years", regime.term_years),
        ("keeping records {} years", regime.retention_years),
    )
    for what, figure in rules:
        if figure and figure.evidence is not Evidence.PRIMARY:
            told = _rests(what.format(figure.value), figure.evidence, figure.source)
            yield Finding(Severity.WARNING, f"regime {regime.id}", told)
    if regime.last_verified is None and regime.approval_needed:
        message = "no person has compared this regime with its sources (last_verified)"
        yield Finding(Severity.WARNING, f"regime {regime.id}", message)


def _element_findings(case: _Case, approval: Approval | None) -> Iterator[Finding]:
    provider, offering = case.authority.provider, case.offering
    shown = {
        "location": offering.location,
        "instructor": offering.instructors,
        "categories": case.offer.categories,
        "provider_address": provider.address,
        "provider_email": provider.email,
        "signatory": case.authority.signatories,
        "approval_number": approval is None or approval.number,
        "approval_period": approval is None or approval.valid_to,
    }
    lacking = [name for name, value in shown.items() if not value]
    for name in lacking:
        if name in case.regime.required_elements:
            yield case.error("", f"the certificate must show {name}, and there is none to show")
        elif name in case.regime.expected_elements:
            yield case.warning("", f"certificates for it usually show {name}; there is none")
