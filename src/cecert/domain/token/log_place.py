"""A token's place in its provider's log: asked for, and what is to be warned of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cecert.domain.cose.cose import CryptoUnavailableError
from cecert.domain.log.answer import LogAnswer, LogState, log_state
from cecert.domain.log.trusted_log import TrustedLog
from cecert.domain.token.claims import Claims
from cecert.domain.token.outcome import Warning_

__all__ = ["LogPlace", "asked_log", "place_in_log"]


@dataclass(frozen=True, slots=True)
class LogPlace:
    """What is known of a token's place in the log.

    Attributes:
        state: What follows.
        answer: What could be learnt.
        asked: Whether the log was asked at all.
    """

    state: LogState = LogState.UNASKED
    answer: LogAnswer = field(default_factory=LogAnswer)
    asked: bool = False

    @property
    def warnings(self) -> tuple[Warning_, ...]:
        """What is to be told of it, whatever the outcome is."""
        if self.answer.forked:
            return (Warning_.LOG_FORKED,)
        return _WARNINGS.get(self.state, ())

    @property
    def is_logged(self) -> bool | None:
        """Whether the log has it; None where nothing tells, or it need not be there."""
        return {LogState.LOGGED: True, LogState.NOT_LOGGED: False}.get(self.state)


_WARNINGS = {
    LogState.PENDING: (Warning_.LOG_PENDING,),
    LogState.UNKNOWN: (Warning_.LOG_UNKNOWN,),
}


def place_in_log(
    claims: Claims,
    payload: bytes,
    logs: Sequence[TrustedLog],
    logged: Callable[[bytes], LogAnswer],
) -> LogPlace:
    """Ask for a token's place in the log, where its provider had one when it was issued.

    Args:
        claims: Of the token.
        payload: The bytes that say them.
        logs: As the trust file names them.
        logged: Tells what the log has.
    """
    if log_state(LogAnswer(), claims.issued_at, logs) is LogState.UNASKED:
        return LogPlace()
    answer = asked_log(payload, logged)
    return LogPlace(log_state(answer, claims.issued_at, logs), answer, asked=True)


def asked_log(payload: bytes, logged: Callable[[bytes], LogAnswer]) -> LogAnswer:
    """Return what the log has of a token, nothing where this build cannot read it.

    Args:
        payload: The token's.
        logged: Tells what the log has.
    """
    try:
        return logged(payload)
    except CryptoUnavailableError:
        return LogAnswer()
