"""Every error cecert raises on purpose, in one tree.

An expected outcome (a denial, a certificate that does not verify) is a value.
What stands here is a surprise: a file nobody can read, a name that does not fit.
Each error says its sentence in `str()` and keeps the figures as attributes, so
that a caller can act on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = [
    "AmbiguousDateError",
    "CecertError",
    "ConfigurationError",
    "DeliveryError",
    "DrawingError",
    "Fault",
    "InputError",
    "IssueError",
    "KeyStoreError",
    "LedgerError",
    "SealError",
    "ServiceUnavailableError",
    "TokenError",
    "UnfitPictureError",
    "in_row",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input, and where. Threads may share it.

    Attributes:
        place: Where a person finds it: `course.toml: credit[2].hours`, or
            `completions.csv: row 17, column email`.
        value: What stands there, as read (shortened when long), or "".
        problem: What is wrong with it, as a sentence without a full stop.
        remedy: What would be right, or "" when the problem says so itself.
    """

    place: str
    value: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        shown = f" {_shown(self.value)}" if self.value else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.place}:{shown} {self.problem}{remedy}"


def in_row(fault: Fault, row: str) -> Fault:
    """Return *fault*, whose place names a person, with the row of the list they stand in.

    >>> str(in_row(Fault("Ana Ruiz: license", "", "is too wide"), "row 17"))
    'row 17, Ana Ruiz: license: is too wide'
    """
    return replace(fault, place=f"{row}, {fault.place}") if row else fault


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")


_SHOWN = 60


class CecertError(Exception):
    """The root of the tree: `except CecertError` catches all of cecert's errors.

    Threads may share it, as all below it.

    Attributes:
        hint: What a person can do about it, or "".
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class InputError(CecertError):
    """An input cannot be used; it lists every fault at once.

    Attributes:
        faults: All that is wrong, in the order of the input.
    """

    def __init__(self, message: str, faults: tuple[Fault, ...] = (), *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {fault}" for fault in self.faults)])


class AmbiguousDateError(InputError):
    """A file's dates can be read in several orders of day and month, and mean other days.

    Attributes:
        orders: The orders that are possible: `("MDY", "DMY")`.
    """

    def __init__(
        self,
        message: str,
        faults: tuple[Fault, ...] = (),
        *,
        orders: tuple[str, ...],
        hint: str = "",
    ) -> None:
        super().__init__(message, faults, hint=hint)
        self.orders = orders


class ConfigurationError(InputError):
    """`cecert.toml`, `course.toml` or a template cannot be used."""


class UnfitPictureError(ConfigurationError):
    """A signature's picture cannot be printed.

    Attributes:
        picture: PNG of what it would look like; b"" where there is nothing to see.
    """

    def __init__(self, message: str, faults: tuple[Fault, ...], picture: bytes) -> None:
        super().__init__(message, faults)
        self.picture = picture


class DrawingError(InputError):
    """A certificate cannot be drawn (a missing glyph, a text too wide), or was drawn wrong."""


class TokenError(CecertError):
    """A token cannot be made: a claim breaks the rules of CEC1, or it is too large."""


class SealError(CecertError):
    """A document cannot be sealed."""


class KeyStoreError(CecertError):
    """A key is missing, unreadable, or its passphrase is wrong."""


class LedgerError(CecertError):
    """The ledger is missing, of another version, or refuses an entry."""


class IssueError(InputError):
    """A batch cannot be issued; nothing of it was."""


class DeliveryError(CecertError):
    """The mail service refuses the batch as a whole."""


class ServiceUnavailableError(DeliveryError):
    """The mail service cannot be reached just now, or asks to wait: try again later."""
