"""Roster profiles: one file each, under `templates/rosters/` and in a school's own folder.

A school's own file with the id of a shipped one replaces it, whole: somebody there has asked
the board, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from cecert.adapters.office_files.shapes import Shape, read_shape, read_toml
from cecert.adapters.office_files.values import (
    Day,
    Flag,
    Identifier,
    Name,
    Words,
    choice,
)
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.roster import Fact, RosterColumn, RosterProfile, RowKind
from cecert.domain.course.regime import RuleSource
from cecert.domain.values.states import state_name
from cecert.errors import ConfigurationError, Fault

__all__ = ["RosterProfileShape", "read_roster_profiles"]

EvidenceCode = Annotated[RuleSource, choice(RuleSource)]


class ColumnShape(Shape):
    """`[[column]]`: what stands above it, and what it tells."""

    header: Name
    fact: Annotated[Fact, choice(Fact)]
    evidence: EvidenceCode | None = None


class RosterProfileShape(Shape):
    """A whole profile: its keys and columns."""

    id: Identifier
    label: Name
    row: Annotated[RowKind, choice(RowKind)]
    evidence: EvidenceCode
    source: Name
    credentials: list[Identifier] = Field(default=[])
    states: list[Identifier] = Field(default=[])
    titles: list[Name] = Field(default=[])
    license_needed: Flag = False
    certificates: list[Annotated[CertificateState, choice(CertificateState)]] = Field(
        default=[CertificateState.STANDING]
    )
    last_verified: Day | None = None
    verified_by: Words = ""
    columns: list[ColumnShape] = Field(default=[], alias="column")

    def profile(self) -> RosterProfile:
        """Return the domain's value.

        Raises:
            ValueError: If a state is none, or its parts contradict each other.
        """
        if unknown := [each for each in self.states if not state_name(each)]:
            raise ValueError(f"states: {unknown[0]} is not the two letters of a state")
        if not self.certificates:
            raise ValueError("certificates: is empty; no certificate would be in it")
        columns = (
            RosterColumn(each.header, each.fact, each.evidence or self.evidence)
            for each in self.columns
        )
        return RosterProfile(
            id=self.id,
            label=self.label,
            row=self.row,
            columns=tuple(columns),
            evidence=self.evidence,
            source=self.source,
            credentials=tuple(self.credentials),
            states=tuple(self.states),
            titles=tuple(self.titles),
            license_needed=self.license_needed,
            certificates=tuple(self.certificates),
            last_verified=self.last_verified,
            verified_by=self.verified_by,
        )


def read_roster_profiles(shipped: Path, own: Path | None = None) -> Mapping[str, RosterProfile]:
    """Read every `*.toml` of a folder, and of the office's own, as a profile, by its id.

    Args:
        shipped: The folder of profiles that cecert ships.
        own: The office's, None for none; a file with the id of a shipped one replaces it.

    Raises:
        ConfigurationError: If a folder is missing, a file cannot be used, two files of a
            folder give one id, or a replacement does not say who verified it and when; all
            such faults are listed.
    """
    profiles, faults = _profiles_in(shipped)
    replaced, found = ({}, []) if own is None else _profiles_in(own)
    faults += found
    faults += [
        Fault(
            f"roster profile {name}",
            "",
            "stands in the place of the shipped one, and says last_verified and verified_by",
        )
        for name, each in replaced.items()
        if name in profiles and not (each.last_verified and each.verified_by)
    ]
    if faults:
        raise ConfigurationError("the roster profiles cannot be used", tuple(faults))
    return {**profiles, **replaced}


def _profiles_in(folder: Path) -> tuple[dict[str, RosterProfile], list[Fault]]:
    profiles: dict[str, RosterProfile] = {}
    faults: list[Fault] = []
    if not folder.is_dir():
        faults.append(Fault(str(folder), "", "is no folder of roster profiles"))
    for path in sorted(folder.glob("*.toml")):
        for each in _read(path, faults):
            if each.id in profiles:
                faults.append(Fault(path.name, each.id, "is the id of another profile there"))
            profiles[each.id] = each
    return profiles, faults


def _read(path: Path, faults: list[Fault]) -> Iterator[RosterProfile]:
    """Yield the profile of a file, or add what is wrong with it to *faults*."""
    try:
        shape, found = read_shape(RosterProfileShape, read_toml(path), path.name)
        faults += found
        if shape is not None:
            yield shape.profile()
    except ConfigurationError as error:
        faults += error.faults
    except ValueError as error:
        faults.append(Fault(path.name, "", str(error)))
