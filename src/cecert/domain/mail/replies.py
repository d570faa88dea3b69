"""Replies: what a mail service's answer means for the mail, the connection and the batch.

One table (docs/spec/delivery.md 4.4), because the same code means different things at different
stages: 550 to RCPT is about one mailbox, 550 to MAIL is about us. Only after the
final dot can an answer that never came leave us not knowing.

A mail that was put off is given up 5 days after its first attempt (RFC 5321 4.5.4.1), so that
some 25 of the 30 days remain to get another address. The breaker stops a batch that fails for
a reason that is ours: a full quota, a policy, a blocked account.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from cecert.domain.mail.message import Blame, MailState, OutboxRow, Receipt

__all__ = [
    "BROKEN",
    "Action",
    "Breaker",
    "Reply",
    "ReplyKind",
    "Stage",
    "action_for",
    "blame_for",
    "scheduled",
]

BROKEN = -1
"""Code of a reply that never came, came late, or is no SMTP reply."""

BAD_SEQUENCE = 503
"""Commands and replies are out of step: the connection's fault, never the recipient's."""

THROTTLED = 454
"""Amazon SES answers `454 Throttling failure` after DATA."""

SCHEDULE = (300, 900, 1800, 3600, 7200)
"""Seconds to wait after the first attempts (docs/spec/delivery.md 4.4)."""

LATER = 14_400
"""Seconds to wait after every further one."""

GIVE_UP_AFTER = timedelta(days=5)
"""From the first attempt of a mail."""


class Stage(Enum):
    """How far a connection or a message was when the reply came."""

    CONNECT = "connect"
    """Greeting, EHLO, STARTTLS."""
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """From the DATA command up to, and without, the final dot."""
    DOT = "dot"


class ReplyKind(Enum):
    """The kind of a reply, by its first digit (RFC 5321 4.2.1)."""

    YES = "yes"
    LATER = "later"
    NO = "no"
    GARBLED = "garbled"
    """Cut, timed out, or not to be understood."""


class Action(Enum):
    """What to do about a reply, or its absence."""

    GO_ON = "go-on"
    DEFER = "defer"
    """This mail later; the connection is fine."""
    FAIL = "fail"
    """This mail never, without a person's decision."""
    RECONNECT = "reconnect"
    """The connection is at fault: this mail again on a new one, at once."""
    BACK_OFF = "back-off"
    """The account waits; this mail goes back as if it had not been tried."""
    STOP = "stop"
    """The whole batch, for a person to look at; this mail goes back."""
    UNCERTAIN = "uncertain"
    """It may have been taken: a person or evidence decides."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail service's answer.

    Attributes:
        code: Three digits, or `BROKEN`.
        text: Its words, or what happened instead.
    """

    code: int
    text: str

    def __str__(self) -> str:
        text = " ".join(self.text.split())
        return text if self.code == BROKEN else f"{self.code} {text}".rstrip()

    @property
    def status(self) -> str:
        """The enhanced status code at its beginning (RFC 3463), or "".

        >>> Reply(550, "5.1.1 no such user").status
        '5.1.1'
        """
        found = _STATUS.match(self.text)
        return found[1] if found else ""


_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")

_YES = {
    Stage.CONNECT: range(200, 300),
    Stage.AUTH: range(200, 300),
    Stage.MAIL: range(200, 300),
    Stage.RCPT: range(200, 300),
    Stage.DATA: range(354, 355),
    Stage.DOT: range(200, 300),
}
_LATER, _NO = range(400, 500), range(500, 600)

_TABLE = {
    Stage.CONNECT: {
        ReplyKind.LATER: Action.BACK_OFF, ReplyKind.NO: Action.STOP,
        ReplyKind.GARBLED: Action.BACK_OFF,
    },
    Stage.AUTH: {
        ReplyKind.LATER: Action.BACK_OFF, ReplyKind.NO: Action.STOP,
        ReplyKind.GARBLED: Action.BACK_OFF,
    },
    Stage.MAIL: {
        ReplyKind.LATER: Action.RECONNECT, ReplyKind.NO: Action.STOP,
        ReplyKind.GARBLED: Action.RECONNECT,
    },
    Stage.RCPT: {
        ReplyKind.LATER: Action.DEFER, ReplyKind.NO: Action.FAIL,
        ReplyKind.GARBLED: Action.RECONNECT,
    },
    Stage.DATA: {
        ReplyKind.LATER: Action.RECONNECT, ReplyKind.NO: Action.STOP,
        ReplyKind.GARBLED: Action.RECONNECT,
    },
    Stage.DOT: {
        ReplyKind.LATER: Action.DEFER, ReplyKind.NO: Action.FAIL,
        ReplyKind.GARBLED: Action.UNCERTAIN,
    },
}  # fmt: skip
"""docs/spec/delivery.md 4.4; a yes always goes on."""

_FRESH = {
    (Stage.MAIL, ReplyKind.LATER): Action.BACK_OFF,
    (Stage.MAIL, ReplyKind.GARBLED): Action.BACK_OFF,
    (Stage.RCPT, ReplyKind.GARBLED): Action.DEFER,
    (Stage.DATA, ReplyKind.LATER): Action.BACK_OFF,
    (Stage.DATA, ReplyKind.GARBLED): Action.DEFER,
}
"""Instead of reconnecting, on a connection that is new already. A mail at which the
service hangs up is deferred, or it would stand at the head of the queue for ever."""


def answer_of(stage: Stage, reply: Reply) -> ReplyKind:
    """Classify *reply* by what was asked.

    >>> answer_of(Stage.DATA, Reply(250, "ok"))  # DATA asks for 354
    <ReplyKind.GARBLED: 'garbled'>
    """
    if reply.code in _YES[stage]:
        return ReplyKind.YES
    if reply.code in _LATER:
        return ReplyKind.LATER
    return ReplyKind.NO if reply.code in _NO else ReplyKind.GARBLED


def action_for(stage: Stage, reply: Reply, *, reused: bool) -> Action:
    """Say what to do about a reply to one step of a mail.

    Args:
        stage: How far the message was.
        reply: The answer.
        reused: Whether the connection carried a mail before this one.
    """
    answer = answer_of(stage, reply)
    if answer is ReplyKind.YES:
        return Action.GO_ON
    if reply.code == BAD_SEQUENCE and stage in {Stage.RCPT, Stage.DATA}:
        answer = ReplyKind.GARBLED
    if not reused and (stage, answer) in _FRESH:
        return _FRESH[stage, answer]
    return _TABLE[stage][answer]


def blame_for(stage: Stage, reply: Reply) -> Blame:
    """Say whose fault a refusal of one mail is (it decides whether the breaker counts it).

    Only 5.1.1 to RCPT is surely about one mailbox. M365 says 554 5.2.0 for a full day
    and 554 5.2.2 for our own full mailbox, SES 454 after the dot for too many a second.
    """
    if stage is Stage.RCPT:
        if answer_of(stage, reply) is ReplyKind.LATER:
            return Blame.NOBODY
        return Blame.RECIPIENT if reply.status == "5.1.1" else Blame.ACCOUNT
    if reply.code == THROTTLED and "throttl" in reply.text.casefold():
        return Blame.ACCOUNT
    return Blame.ACCOUNT if reply.code in _NO else Blame.NOBODY


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
