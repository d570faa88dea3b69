"""Which log a trust file names: whose key signs it, since when, and where it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cecert.argument_types import typed
from cecert.domain.cose.cbor import Value
from cecert.domain.cose.cose import Algorithm, CoseKey
from cecert.errors import WrongValueError

__all__ = [
    "GRACE",
    "LogEnd",
    "LoggedBefore",
    "TrustedLog",
    "logged_before",
    "trusted_logs",
    "value_of_logged_before",
    "value_of_logs",
]

GRACE = 86_400
"""Seconds within which whatever was entered is in the published log."""

_HASH = 32


@dataclass(frozen=True, slots=True)
class LogEnd:
    """Where a log ended whose key was withdrawn.

    Attributes:
        size: Leaves of the last tree that counts.
        root: Of that tree.
    """

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """One log, or one key of it (docs/spec/log.md 4).

    Attributes:
        origin: Its name: an address without scheme and without a slash at its end.
        key: Signs its checkpoints, Ed25519.
        state: 0 in use, 1 retired, 2 withdrawn.
        since: Tokens issued from this second on are in it, UTC.
        grace: Seconds until they are in it for certain.
        bases: Where it is published, each with a slash at its end.
        end: Of one that was withdrawn.
    """

    origin: str
    key: CoseKey
    state: int
    since: int
    grace: int = GRACE
    bases: tuple[str, ...] = ()
    end: LogEnd | None = None

    @typed
    def __post_init__(self) -> None:
        if self.key.algorithm is not Algorithm.ED25519:
            raise WrongValueError(f"a log signed with {self.key.algorithm.name}")
        if not self.origin or any(each.isspace() or each == "+" for each in self.origin):
            raise WrongValueError(f"{self.origin!r} is no name of a log")


def value_of_logs(logs: Iterable[TrustedLog]) -> list[Value]:
    """Return logs as label 65 of a trust file has them."""
    return list(map(_value_of, logs))


def _value_of(log: TrustedLog) -> list[Value]:
    value: list[Value] = [
        log.origin, log.key.x, log.state, log.since, log.grace, list(log.bases),
    ]  # fmt: skip
    if log.end is not None:
        value.append([log.end.size, log.end.root])
    return value


def trusted_logs(value: Any) -> tuple[TrustedLog, ...]:  # noqa: ANN401  # by pattern
    """Read label 65 of a trust file.

    Raises:
        TypeError, ValueError: If it is none.
    """
    if not isinstance(value, list):
        raise TypeError("logs that are no list")
    return tuple(map(_log_of, value))


def _log_of(value: Any) -> TrustedLog:  # noqa: ANN401  # by pattern
    match value:
        case [
            str(origin),
            bytes(key),
            0 | 1 | 2 as state,
            int(since),
            int(grace),
            list(bases),
            *end,
        ]:
            if not all(isinstance(each, str) for each in bases):
                raise TypeError("addresses of a log that are no texts")
            cose_key = CoseKey(Algorithm.ED25519, key)
            return TrustedLog(origin, cose_key, state, since, grace, tuple(bases), _end_of(end))
    raise WrongValueError("a log that is not [origin, key, state, since, grace, [base, ...], end]")


def _end_of(values: list[Any]) -> LogEnd | None:
    match values:
        case []:
            return None
        case [[int(size), bytes(root)]] if len(root) == _HASH:
            return LogEnd(size, root)
    raise WrongValueError("the end of a log that is not [size, root]")


@dataclass(frozen=True, slots=True)
class LoggedBefore:
    """What a log had when a token key was withdrawn: what it signed of that stays valid.

    Attributes:
        kid: Of the key.
        origin: Name of the log.
        size: Leaves that the log had.
        root: Of the tree of those.
    """

    kid: bytes
    origin: str
    size: int
    root: bytes


def value_of_logged_before(found: Iterable[LoggedBefore]) -> list[Value]:
    """Return what logs had before withdrawals as label 66 of a trust file has it."""
    return [[each.kid, each.origin, each.size, each.root] for each in found]


def logged_before(value: Any) -> tuple[LoggedBefore, ...]:  # noqa: ANN401  # by pattern
    """Read label 66 of a trust file.

    Raises:
        TypeError, ValueError: If it is none.
    """
    if not isinstance(value, list):
        raise TypeError("what was logged before withdrawals is no list")
    return tuple(map(_logged_before_of, value))


def _logged_before_of(value: Any) -> LoggedBefore:  # noqa: ANN401  # by pattern
    match value:
        case [bytes(kid), str(origin), int(size), bytes(root)] if size >= 0 and len(root) == _HASH:
            return LoggedBefore(kid, origin, size, root)
    raise WrongValueError("what was logged before a withdrawal is not [kid, origin, size, root]")
