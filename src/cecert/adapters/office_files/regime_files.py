"""Regime files: one board each, under `templates/regimes/` and in a school's own folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cecert.adapters.office_files.shapes import Shape, read_shape, read_toml
from cecert.adapters.office_files.values import (
    Day,
    Flag,
    Identifier,
    Name,
    Paragraph,
    Words,
    choice,
    whole,
)
from cecert.domain.course.regime import (
    Figure,
    NumberPolicy,
    Regime,
    RuleSource,
    StatementTemplate,
    TokenProvider,
)
from cecert.errors import ConfigurationError, Fault

__all__ = ["read_regimes"]

EvidenceCode = Annotated[RuleSource, choice(RuleSource)]


class FigureShape(Shape):
    """A number of a rule."""

    value: Annotated[int, whole(1, 100)]
    evidence: EvidenceCode
    source: Name

    def figure(self) -> Figure:
        """Return the domain's value."""
        return Figure(self.value, self.evidence, self.source)


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
    approval_needed: Flag = True
    holder_presents: Flag = False
    fixed_wording: list[Paragraph] = Field(default=[])
    evidence: EvidenceCode
    last_verified: Day | None = None
    number: NumberShape
    hour_minutes: FigureShape | None = None
    term_years: FigureShape | None = None
    retention_years: FigureShape | None = None
    elements: ElementsShape = ElementsShape()
    statements: list[StatementShape] = Field(default=[], alias="statement")

    def regime(self) -> Regime:
        """Return the domain's value.

        Raises:
            ValueError: If its parts contradict each other.
        """
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
        )


def read_regimes(*folders: Path) -> Mapping[str, Regime]:
    """Read every `*.toml` of *folders* as a regime, by its id.

    Raises:
        ConfigurationError: If a folder is missing, a file cannot be used, or two
            files give one id or one token code; all such faults are listed.
    """
    regimes: dict[str, Regime] = {}
    faults: list[Fault] = []
    for path in _files(folders, faults):
        try:
            shape, found = read_shape(RegimeShape, read_toml(path), path.name)
            faults += found
            if shape is not None:
                _add(regimes, shape.regime(), path.name)
        except ConfigurationError as error:
            faults += error.faults
        except ValueError as error:
            faults.append(Fault(path.name, "", str(error)))
    if faults:
        raise ConfigurationError("the regime files cannot be used", tuple(faults))
    return regimes


def _files(folders: tuple[Path, ...], faults: list[Fault]) -> list[Path]:
    missing = [each for each in folders if not each.is_dir()]
    faults += [Fault(str(each), "", "is no folder of regime files") for each in missing]
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


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
