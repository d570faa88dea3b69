"""Replies: what a mail service's answer means for the mail, the connection and the batch.

One table (MAIL 4.4), because the same code means different things at different
stages: 550 to RCPT is about one mailbox, 550 to MAIL is about us. Only after the
final dot can an answer that never came leave us not knowing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from cecert.domain.messages import Blame

__all__ = ["BROKEN", "Action", "Answer", "Reply", "Stage", "action_for", "blame_for"]

BROKEN = -1
"""Code of a reply that never came, came late, or is no SMTP reply."""


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


class Answer(Enum):
    """The kind of a reply, by its first digit (RFC 5321 4.2.1)."""

    YES = "yes"
    LATER = "later"
    NO = "no"
    GARBLED = "garbled"
    """Cut, timed out, or not to be understood."""


class Action(Enum):
    """What to do."""

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
        Answer.LATER: Action.BACK_OFF, Answer.NO: Action.STOP, Answer.GARBLED: Action.BACK_OFF,
    },
    Stage.AUTH: {
        Answer.LATER: Action.BACK_OFF, Answer.NO: Action.STOP, Answer.GARBLED: Action.BACK_OFF,
    },
    Stage.MAIL: {
        Answer.LATER: Action.RECONNECT, Answer.NO: Action.STOP, Answer.GARBLED: Action.RECONNECT,
    },
    Stage.RCPT: {
        Answer.LATER: Action.DEFER, Answer.NO: Action.FAIL, Answer.GARBLED: Action.RECONNECT,
    },
    Stage.DATA: {
        Answer.LATER: Action.RECONNECT, Answer.NO: Action.STOP, Answer.GARBLED: Action.RECONNECT,
    },
    Stage.DOT: {
        Answer.LATER: Action.DEFER, Answer.NO: Action.FAIL, Answer.GARBLED: Action.UNCERTAIN,
    },
}  # fmt: skip
"""MAIL 4.4; a yes always goes on."""

_FRESH = {
    (Stage.MAIL, Answer.LATER): Action.BACK_OFF,
    (Stage.MAIL, Answer.GARBLED): Action.BACK_OFF,
    (Stage.RCPT, Answer.GARBLED): Action.DEFER,
    (Stage.DATA, Answer.LATER): Action.BACK_OFF,
    (Stage.DATA, Answer.GARBLED): Action.DEFER,
}
"""Instead of reconnecting, on a connection that is new already. A mail at which the
service hangs up is deferred, or it would stand at the head of the queue for ever."""

BAD_SEQUENCE = 503
"""Commands and replies are out of step: the connection's fault, never the recipient's."""


def answer_of(stage: Stage, reply: Reply) -> Answer:
    """Classify *reply* by what was asked.

    >>> answer_of(Stage.DATA, Reply(250, "ok"))  # DATA asks for 354
    <Answer.GARBLED: 'garbled'>
    """
    if reply.code in _YES[stage]:
        return Answer.YES
    if reply.code in _LATER:
        return Answer.LATER
    return Answer.NO if reply.code in _NO else Answer.GARBLED


def action_for(stage: Stage, reply: Reply, *, reused: bool) -> Action:
    """Say what to do about *reply*.

    Args:
        stage: How far the message was.
        reply: The answer.
        reused: Whether the connection carried a mail before this one.
    """
    answer = answer_of(stage, reply)
    if answer is Answer.YES:
        return Action.GO_ON
    if reply.code == BAD_SEQUENCE and stage in {Stage.RCPT, Stage.DATA}:
        answer = Answer.GARBLED
    if not reused and (stage, answer) in _FRESH:
        return _FRESH[stage, answer]
    return _TABLE[stage][answer]


def blame_for(stage: Stage, reply: Reply) -> Blame:
    """Say whose fault a refusal of one mail is (it decides whether the breaker counts it).

    Only 5.1.1 to RCPT is surely about one mailbox. M365 says 554 5.2.0 for a full day
    and 554 5.2.2 for our own full mailbox, SES 454 after the dot for too many a second.
    """
    if stage is Stage.RCPT:
        if answer_of(stage, reply) is Answer.LATER:
            return Blame.NOBODY
        return Blame.RECIPIENT if reply.status == "5.1.1" else Blame.ACCOUNT
    if reply.code == THROTTLED and "throttl" in reply.text.casefold():
        return Blame.ACCOUNT
    return Blame.ACCOUNT if reply.code in _NO else Blame.NOBODY


THROTTLED = 454
"""Amazon SES answers `454 Throttling failure` after DATA."""
