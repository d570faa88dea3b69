"""Retries: when a mail that was put off is tried again, and when enough have failed to stop.

A mail is given up 5 days after its first attempt (RFC 5321 4.5.4.1), so that some 25 of
the 30 days remain to get another address. The breaker stops a batch that fails for a
reason that is ours: a full quota, a policy, a blocked account.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

from cecert.domain.messages import Blame, MailState, OutboxRow, Receipt

__all__ = ["Breaker", "scheduled"]

SCHEDULE = (300, 900, 1800, 3600, 7200)
"""Seconds to wait after the first attempts (MAIL 4.4)."""

LATER = 14_400
"""Seconds to wait after every further one."""

GIVE_UP_AFTER = timedelta(days=5)


def scheduled(receipt: Receipt, row: OutboxRow, now: datetime, jitter: float) -> Receipt:
    """Return *receipt* with its next attempt, or failed if there is none.

    Args:
        receipt: Of the attempt; only a QUEUED one that counts is changed.
        row: As it was claimed, with `attempts` of at least 1.
        now: UTC.
        jitter: From -1 to 1; the wait is lengthened by up to a fifth of it, so that
            mails put off together do not come back together.
    """
    if receipt.state is not MailState.QUEUED or not receipt.counts:
        return receipt
    if row.first_tried_at is not None and now - row.first_tried_at >= GIVE_UP_AFTER:
        days = GIVE_UP_AFTER.days
        reply = f"given up after {days} days: {receipt.reply}"
        return replace(receipt, state=MailState.FAILED, reply=reply)
    wait = SCHEDULE[row.attempts - 1] if row.attempts <= len(SCHEDULE) else LATER
    return replace(receipt, retry_after=round(wait * (1 + jitter / 5)))


class Breaker:
    """Counts refusals over all connections of one run.

    Attributes:
        tripped: Why the batch must pause, or "".
    """

    IN_A_ROW = 3
    """Refusals one after another that are not plainly one mailbox's (5.1.1)."""

    WINDOW, MOST_OF_WINDOW = 50, 5
    """More than 5 of the last 50 mails refused, for whatever reason."""

    def __init__(self) -> None:
        self._last: deque[bool] = deque(maxlen=self.WINDOW)
        self._row = 0
        self.tripped = ""

    def count(self, receipt: Receipt) -> None:
        """Count the outcome of one mail, unless no service judged it."""
        failed = receipt.state is MailState.FAILED
        if receipt.state is not MailState.SENT and not (
            failed and receipt.blame is not Blame.NOBODY
        ):
            return
        self._last.append(failed)
        if not failed:
            self._row = 0
        elif receipt.blame is Blame.ACCOUNT:
            self._row += 1
        if self._row >= self.IN_A_ROW:
            self.tripped = f"{self._row} mails in a row were refused; the last: {receipt.reply}"
        elif failed and sum(self._last) > self.MOST_OF_WINDOW:
            self.tripped = (
                f"{sum(self._last)} of the last {len(self._last)} mails were refused; "
                f"the last: {receipt.reply}"
            )
