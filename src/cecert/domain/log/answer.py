"""Whether a certificate is in the log, as far as can be told, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cecert.domain.log.index import IndexEntry
from cecert.domain.log.trusted_log import LogEnd, LoggedBefore, TrustedLog

__all__ = ["LogAnswer", "LogState", "log_state"]

WITHDRAWN = 2


class LogState(Enum):
    """What is known of a certificate's place in the log (docs/spec/log.md 6)."""

    UNASKED = "unasked"
    """The provider had no log when it was issued."""
    LOGGED = "logged"
    PENDING = "pending"
    """It need not be in what is published yet."""
    UNKNOWN = "unknown"
    """The log could not be read."""
    NOT_LOGGED = "not-logged"
    """It is shown not to be there."""


@dataclass(frozen=True, slots=True)
class LogAnswer:
    """What could be learnt of a certificate from the log.

    Attributes:
        instant: Up to which second, UTC, the index that was read is whole; None where none
            could be.
        entry: What the index says of its issue; None if it is not there.
        ended: Kinds of ends that the log has of it, as `REVOKED`; only where they were asked for.
        recorded: Whether the provider's own ledger has it; None where that was not asked.
        forked: Whether two heads were seen that cannot both be true.
        tree: Size and root of the tree that was read; None where none was.
    """

    instant: int | None = None
    entry: IndexEntry | None = None
    ended: frozenset[str] = frozenset()
    recorded: bool | None = None
    forked: bool = False
    tree: LogEnd | None = None

    def has_before(self, before: LoggedBefore) -> bool:
        """Say whether the certificate is in the log, and was when its key was withdrawn."""
        if self.forked or self.entry is None or self.tree is None:
            return False
        other = self.tree.size == before.size and self.tree.root != before.root
        return not other and self.entry.position < before.size


def log_state(answer: LogAnswer, issued_at: int, logs: Sequence[TrustedLog]) -> LogState:
    """Return what is known of a certificate that was issued at a second, UTC.

    Args:
        answer: What could be learnt.
        issued_at: As its token says.
        logs: As the trust file names them.
    """
    if not logs or issued_at < min(each.since for each in logs):
        return LogState.UNASKED
    if answer.recorded or answer.entry is not None:
        return LogState.LOGGED
    if answer.recorded is not None:
        return LogState.NOT_LOGGED
    if answer.instant is None:
        return LogState.UNKNOWN
    if answer.instant < issued_at + logs[-1].grace:
        return LogState.PENDING
    return LogState.NOT_LOGGED
