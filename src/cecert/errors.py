"""Every error cecert raises on purpose, in one tree.

An expected outcome (a denial, a certificate that does not verify) is a value.
What stands here is a surprise: a file nobody can read, a name that does not fit.
Each error says its sentence in `str()`. Programs branch on its class or its `code`, which is
stable, and read the figures in `fields`: no sentence need be taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

__all__ = [
    "AmbiguousDateError",
    "CecertError",
    "ConfigurationError",
    "ContradictionError",
    "DeliveryError",
    "DrawingError",
    "Fault",
    "FullError",
    "InputError",
    "IssueError",
    "KeyStoreError",
    "LedgerError",
    "LockedError",
    "NotCoveredError",
    "NotFoundError",
    "NotOverError",
    "NotStandingError",
    "SealError",
    "ServiceUnavailableError",
    "TokenError",
    "UnfitPictureError",
    "WrongValueError",
    "in_row",
    "no_certificate",
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
        code: The kind of error, a stable word: `not-found`, `locked`.
        hint: What a person can do about it, or "".
        fields: What it is about, by stable names: values that JSON knows.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self, message: str, *, hint: str = "", fields: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.fields: Mapping[str, Any] = dict(fields or {})

    def to_dict(self) -> dict[str, Any]:
        """Return the error as JSON has it: code, message, hint and fields."""
        return {
            "code": self.code,
            "message": str(self.args[0]) if self.args else "",
            "hint": self.hint,
            "fields": dict(self.fields),
        }


class WrongValueError(CecertError, ValueError):
    """A value that cannot be: a session that ends before it begins, an id that is none.

    It is a ValueError too, as it was before it had a place in the tree.
    """

    code = "wrong-value"


class InputError(CecertError):
    """An input cannot be used; it lists every fault at once.

    Attributes:
        faults: All that is wrong, in the order of the input.
    """

    code = "input"

    def __init__(
        self,
        message: str,
        faults: tuple[Fault, ...] = (),
        *,
        hint: str = "",
        fields: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(message, hint=hint, fields=fields)
        self.faults = faults

    def to_dict(self) -> dict[str, Any]:
        """Return the error as JSON has it, with its faults."""
        return {**super().to_dict(), "faults": [asdict(each) for each in self.faults]}

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {fault}" for fault in self.faults)])


class AmbiguousDateError(InputError):
    """A file's dates can be read in several orders of day and month, and mean other days.

    Attributes:
        orders: The orders that are possible: `("MDY", "DMY")`.
    """

    code = "ambiguous-date"

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

    code = "configuration"


class UnfitPictureError(ConfigurationError):
    """A signature's picture cannot be printed.

    Attributes:
        picture: PNG of what it would look like; b"" where there is nothing to see.
    """

    code = "unfit-picture"

    def __init__(self, message: str, faults: tuple[Fault, ...], picture: bytes) -> None:
        super().__init__(message, faults)
        self.picture = picture


class DrawingError(InputError):
    """A certificate cannot be drawn (a missing glyph, a text too wide), or was drawn wrong."""

    code = "drawing"


class TokenError(CecertError):
    """A token cannot be made: a claim breaks the rules of CEC1, or it is too large."""

    code = "token"


class SealError(CecertError):
    """A document cannot be sealed."""

    code = "seal"


class KeyStoreError(CecertError):
    """A key is missing, unreadable, or its passphrase is wrong."""

    code = "keys"


class LedgerError(CecertError):
    """The ledger is missing, of another version, or refuses an entry."""

    code = "ledger"


class NotFoundError(LedgerError):
    """What was asked for is not there: a certificate, a ledger, a document of the archive.

    Its `fields` have `what` (`certificate`, `ledger`, `document`) and `id`.
    """

    code = "not-found"


def no_certificate(certificate_id: object) -> NotFoundError:
    """Return the error that the ledger has no certificate of an id."""
    return NotFoundError(
        f"the ledger has no certificate {certificate_id}",
        fields={"what": "certificate", "id": str(certificate_id)},
    )


class NotStandingError(LedgerError):
    """A certificate was revoked or superseded, and cannot be changed any more.

    Its `fields` have `id`, `state`, and `successor` where there is one.
    """

    code = "not-standing"


class LockedError(LedgerError):
    """Others hold the ledger or the office for too long: try again."""

    code = "locked"


class FullError(LedgerError):
    """There is no room left where something has to be kept."""

    code = "full"


class IssueError(InputError):
    """A batch cannot be issued; nothing of it was."""

    code = "issue"


class ContradictionError(IssueError):
    """Rows contradict the ledger or one another, or cannot be drawn: `faults` says each."""

    code = "contradicts"


class NotOverError(IssueError):
    """A course is not over, and nobody has attended all of it.

    Its `fields` have `course` and `closing`, an instant (ISO 8601).
    """

    code = "not-over"


class NotCoveredError(IssueError):
    """The trust file does not cover what would be issued: it would verify nowhere.

    Its `fields` have `course`.
    """

    code = "not-covered"


class DeliveryError(CecertError):
    """The mail service refuses the batch as a whole."""

    code = "delivery"


class ServiceUnavailableError(DeliveryError):
    """The mail service cannot be reached just now, or asks to wait: try again later."""

    code = "service-unavailable"
