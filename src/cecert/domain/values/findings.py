"""Findings: what is wrong or unchecked in the files an office writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from cecert.errors import Fault

__all__ = ["Finding", "Severity"]

_CODE_DIGITS = 6


class Severity(Enum):
    """What a finding means for the course. Threads may share it."""

    ERROR = "error"
    """The course does not load, or its certificates cannot be drawn."""
    WARNING = "warning"
    """Certificates can be issued; a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `cecert lint` lists. Threads may share it.

    Attributes:
        severity: Whether it keeps certificates from being issued.
        place: Where: `course.toml: credit[ny-social-work].hours`.
        message: What is wrong, with the figures, without a full stop.
    """

    severity: Severity
    place: str
    message: str

    @property
    def code(self) -> str:
        """What a warning is acknowledged by; another place or other words have another code.

        >>> Finding(Severity.WARNING, "cecert.toml: approval[x].status", "is conditional").code
        'W-C5FA1D'
        """
        digest = sha256(f"{self.place}\n{self.message}".encode()).hexdigest()
        return f"W-{digest[:_CODE_DIGITS].upper()}"

    @property
    def fault(self) -> Fault:
        """The finding as a fault of an input."""
        return Fault(self.place, "", self.message)
