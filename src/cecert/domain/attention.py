"""Attention: which mails need a person, and since when.

A deadline that has passed never fails a mail; it makes it overdue until it has gone. A
mail that is uncertain for 3 days has waited long enough for evidence (MAIL 4.6).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cecert.domain.messages import MailState, OutboxRow

__all__ = ["is_overdue", "needs_somebody", "uncertain_for_long"]

PATIENCE = timedelta(days=3)

_ARRIVED = frozenset({MailState.SENT, MailState.CANCELLED})
_STUCK = frozenset({MailState.FAILED, MailState.UNCERTAIN, MailState.BOUNCED})


def uncertain_for_long(row: OutboxRow, now: datetime) -> bool:
    """Say whether nobody has decided an uncertain mail for 3 days."""
    since = row.settled_at or row.queued_at
    return row.state is MailState.UNCERTAIN and now - since >= PATIENCE


def is_overdue(row: OutboxRow, now: datetime) -> bool:
    """Say whether a mail that should have arrived has not, as far as anybody knows."""
    if uncertain_for_long(row, now):
        return True
    return row.state not in _ARRIVED and now > row.deadline


def needs_somebody(row: OutboxRow, now: datetime) -> bool:
    """Say whether a person has something to do: it is stuck, or overdue."""
    return row.state in _STUCK or is_overdue(row, now)
