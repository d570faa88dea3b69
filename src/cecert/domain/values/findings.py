"""Findings: what is wrong or unchecked in the files an office writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cecert.errors import Fault

__all__ = ["Finding", "Severity"]


class Severity(Enum):
    """What a finding means for the course."""

    ERROR = "error"
    """The course does not load, or its certificates cannot be drawn."""
    WARNING = "warning"
    """Certificates can be issued; a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `cecert lint` lists.

    Attributes:
        severity: Whether it keeps certificates from being issued.
        place: Where: `course.toml: credit[ny-social-work].hours`.
        message: What is wrong, with the figures, without a full stop.
    """

    severity: Severity
    place: str
    message: str

    @property
    def fault(self) -> Fault:
        """The finding as a fault of an input."""
        return Fault(self.place, "", self.message)
