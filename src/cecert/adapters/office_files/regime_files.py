"""Regime files: one board each, under `templates/regimes/` and in a school's own folder.

A school's own file with the id of a shipped one replaces it, whole: somebody there has read
the rule, and says so. It keeps the shipped file's code, which tokens carry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from cecert.adapters.office_files.shapes import Shape, parsed, read_shape, read_text
from cecert.adapters.office_files.values import (
    Day,
    Flag,
    Hours,
    Identifier,
    Name,
    Paragraph,
    Words,
    choice,
    whole,
)
from cecert.domain.course.license_rule import Exclusion, LicenseRule
from cecert.domain.course.regime import (
    Figure,
    Increment,
    Minimum,
    NumberPolicy,
    Regime,
    Renewal,
    RuleSource,
    StatementTemplate,
    TimeStatement,
    TokenProvider,
)
from cecert.errors import ConfigurationError, Fault

__all__ = ["read_regimes", "replaced_regimes"]

EvidenceCode = Annotated[RuleSource, choice(RuleSource)]


class FigureShape(Shape):
    """A number of a rule."""

    value: Annotated[int, whole(1, 100)]
    evidence: EvidenceCode
    source: Name

    def figure(self) -> Figure:
        """Return the domain's value."""
        return Figure(self.value, self.evidence, self.source)


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class IncrementShape(Shape):
    """`[increment]`: the step of credit, or all steps of which a provider chooses one."""

    value: Annotated[list[Hours], BeforeValidator(_listed)]
    evidence: EvidenceCode
    source: Name

    def increment(self) -> Increment:
        """Return the domain's value.

        Raises:
            ValueError: If a step is none.
        """
        return Increment(tuple(self.value), self.evidence, self.source)


class MinimumShape(Shape):
    """`[minimum]`: the least credit, in hours."""

    value: Hours
    evidence: EvidenceCode
    source: Name


class TimeStatementShape(Shape):
    """`[time_statement]`: the sentence that says how long an hour is."""

    text: Paragraph
    evidence: EvidenceCode
    source: Name


class RenewalShape(Shape):
    """`[renewal]`: what a licensee needs for each renewal."""

    words: Paragraph
    months: Annotated[int, whole(1, 120)] | None = None
    evidence: EvidenceCode
    source: Name

    def renewal(self) -> Renewal:
        """Return the domain's value."""
        return Renewal(self.words, self.months, self.evidence, self.source)


class ExclusionShape(Shape):
    """`[[licenses.excluded]]`: a state where the credit does not count."""

    state: Identifier
    since: Day | None = None
    source: Name


class LicensesShape(Shape):
    """`[licenses]`: the licences that the credit is for."""

    states: list[Identifier] = Field(default=[])
    titles: list[Name] = Field(default=[])
    excluded: list[ExclusionShape] = Field(default=[])
    states_of_credit: Flag = False
    denies: Flag = False
    evidence: EvidenceCode
    source: Name

    def rule(self) -> LicenseRule:
        """Return the domain's value.

        Raises:
            ValueError: If a state is none, or it denies what nobody has read.
        """
        if self.denies and self.evidence is not RuleSource.PRIMARY:
            raise ValueError(
                f"[licenses] denies on {self.evidence.value} evidence; only what was read denies"
            )
        if self.states_of_credit and self.states:
            raise ValueError("[licenses] names states, and lets each credit name its own")
        return LicenseRule(
            states=tuple(self.states),
            titles=tuple(self.titles),
            excluded=tuple(Exclusion(e.state, e.since, e.source) for e in self.excluded),
            of_credit=self.states_of_credit,
            denies=self.denies,
        )


class NumberShape(Shape):
    """Whether approvals have numbers, and what a token carries."""

    policy: Annotated[NumberPolicy, choice(NumberPolicy)]
    label: Words = "No."
    in_token: Annotated[TokenProvider, choice(TokenProvider)]


class ElementsShape(Shape):
    """What the certificate shows."""

    required: list[Identifier] = Field(default=[])
    expected: list[Identifier] = Field(default=[])
    source: Words = ""


class StatementShape(Shape):
    """`[[statement]]`: one wording, from when to when it is effective."""

    name: Identifier
    text: Paragraph
    effective_from: Day | None = None
    effective_to: Day | None = None
    evidence: EvidenceCode
    source: Name

    def template(self) -> StatementTemplate:
        """Return the domain's value."""
        return StatementTemplate(
            self.name,
            self.text,
            self.effective_from,
            self.effective_to,
            self.evidence,
            self.source,
        )


class RegimeShape(Shape):
    """A whole regime file: its tables and keys."""

    id: Identifier
    code: Annotated[int, whole(1, 255)]
    profession: Words
    jurisdiction: Words
    label: Name
    approver: Words
    citation: Words = ""
    unit: Name
    unit_short: Words = ""
    approver_label: Words = ""
    basis: Words = ""
    field_of_study: Flag = False
    approval_needed: Flag = True
    holder_presents: Flag = False
    fixed_wording: list[Paragraph] = Field(default=[])
    evidence: EvidenceCode
    last_verified: Day | None = None
    verified_by: Words = ""
    number: NumberShape
    hour_minutes: FigureShape | None = None
    term_years: FigureShape | None = None
    retention_years: FigureShape | None = None
    increment: IncrementShape | None = None
    minimum: MinimumShape | None = None
    time_statement: TimeStatementShape | None = None
    licenses: LicensesShape | None = None
    renewal: RenewalShape | None = None
    elements: ElementsShape = ElementsShape()
    statements: list[StatementShape] = Field(default=[], alias="statement")

    def regime(self) -> Regime:
        """Return the domain's value.

        Raises:
            ValueError: If its parts contradict each other.
        """
        least, time = self.minimum, self.time_statement
        return Regime(
            id=self.id,
            code=self.code,
            profession=self.profession,
            jurisdiction=self.jurisdiction,
            label=self.label,
            approver=self.approver,
            citation=self.citation,
            unit=self.unit,
            number_policy=self.number.policy,
            number_label=self.number.label,
            token_provider=self.number.in_token,
            approval_needed=self.approval_needed,
            hour_minutes=self.hour_minutes.figure() if self.hour_minutes else None,
            term_years=self.term_years.figure() if self.term_years else None,
            retention_years=self.retention_years.figure() if self.retention_years else None,
            required_elements=frozenset(self.elements.required),
            fixed_wording=tuple(self.fixed_wording),
            statements=tuple(each.template() for each in self.statements),
            evidence=self.evidence,
            last_verified=self.last_verified,
            expected_elements=frozenset(self.elements.expected),
            holder_presents=self.holder_presents,
            verified_by=self.verified_by,
            unit_short=self.unit_short,
            increment=self.increment.increment() if self.increment else None,
            minimum=Minimum(least.value, least.evidence, least.source) if least else None,
            approver_label=self.approver_label,
            basis=self.basis,
            licenses=self.licenses.rule() if self.licenses else None,
            field_of_study=self.field_of_study,
            time_statement=TimeStatement(time.text, time.evidence, time.source) if time else None,
            renewal=self.renewal.renewal() if self.renewal else None,
        )


def read_regimes(shipped: Path, own: Path | None = None) -> Mapping[str, Regime]:
    """Read every `*.toml` of a folder, and of the office's own, as a regime, by its id.

    Args:
        shipped: The folder of regimes that cecert ships.
        own: The office's, None for none; a file with the id of a shipped one replaces it.

    Raises:
        ConfigurationError: If a folder is missing, a file cannot be used, two files of a
            folder give one id, two regimes have one code, or a replacement changes it or
            does not say who verified it and when; all such faults are listed.
    """
    regimes = _regimes_in(shipped)
    replaced = {} if own is None else _regimes_in(own)
    faults = [found for each in replaced.values() for found in _replacing(each, regimes)]
    together = {**regimes, **replaced}
    if faults or (faults := list(_shared_codes(together))):
        raise ConfigurationError("the regime files cannot be used", tuple(faults))
    return together


def _replacing(regime: Regime, shipped: Mapping[str, Regime]) -> Iterator[Fault]:
    """Say what keeps an office's own regime from the place of a shipped one."""
    if (before := shipped.get(regime.id)) is None:
        return
    place = f"regime {regime.id}"
    if regime.code != before.code:
        problem = f"stands in the place of the shipped one, and keeps its code, {before.code}"
        yield Fault(f"{place}: code", str(regime.code), problem)
    if regime.last_verified is None or not regime.verified_by:
        problem = "stands in the place of the shipped one, and says last_verified and verified_by"
        yield Fault(place, "", problem)


def _shared_codes(regimes: Mapping[str, Regime]) -> Iterator[Fault]:
    first: dict[int, str] = {}
    for each in regimes.values():
        if (other := first.setdefault(each.code, each.id)) != each.id:
            problem = f"its code is that of another regime, {other} ({each.code})"
            yield Fault(f"regime {each.id}", "", problem)


def replaced_regimes(shipped: Path, own: Path | None) -> tuple[Regime, ...]:
    """Return the office's own regimes that stand in the place of shipped ones.

    Raises:
        ConfigurationError: As `read_regimes`.
    """
    if own is None:
        return ()
    before = _regimes_in(shipped)
    return tuple(each for name, each in _regimes_in(own).items() if name in before)


def _regimes_in(folder: Path) -> dict[str, Regime]:
    regimes: dict[str, Regime] = {}
    faults: list[Fault] = []
    if not folder.is_dir():
        faults.append(Fault(str(folder), "", "is no folder of regime files"))
    for path in sorted(folder.glob("*.toml")):
        try:
            regime, found = _regime(path, read_text(path))
            faults += found
            if regime is not None:
                _add(regimes, regime, path.name)
        except ConfigurationError as error:
            faults += error.faults
        except ValueError as error:
            faults.append(Fault(path.name, "", str(error)))
    if faults:
        raise ConfigurationError("the regime files cannot be used", tuple(faults))
    return regimes


# Every office and every course of a process asks for the same files.
@lru_cache(maxsize=128)
def _regime(path: Path, text: str) -> tuple[Regime | None, tuple[Fault, ...]]:
    shape, faults = read_shape(RegimeShape, parsed(path, text), path.name)
    return (None if shape is None else shape.regime()), faults


def _add(regimes: dict[str, Regime], regime: Regime, file: str) -> None:
    for other in regimes.values():
        if other.id == regime.id or other.code == regime.code:
            raise ValueError(
                f"id {regime.id} or code {regime.code} is that of another regime, {other.id} "
                f"({other.code})"
            )
    if regime.approval_needed and not regime.statements:
        raise ValueError(f"{file} needs an approval, and has no [[statement]] to print for it")
    regimes[regime.id] = regime
