"""Hooks: changes are posted to another system, in order, each until it is taken.

A message is a change as JSON, signed as Standard Webhooks 1.0 says: HMAC-SHA256 over its id,
the second of the attempt, and the body. What was taken is noted; a kill between the answer
and the note has the change posted again, with the same id, which the receiver leaves out.
A change that is not taken holds up those after it, so that none is overtaken.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from cecert.domain.mail.replies import LATER, SCHEDULE
from cecert.errors import InputError
from cecert.ports import Change, Clock, LedgerPages, Randomness
from cecert.ports.hooks import HookAnswer, HookJournal, HookPlace, HookReceiver
from cecert.workflows.changes import changes, document, newest_cursor

__all__ = ["HookDesk", "HookReport", "begin", "headers_of", "post_changes", "secret_of"]

PAGE = 100
"""Changes read at once."""

TRIES = (1.0, 3.0)
"""Seconds to wait before a receiver that is down or busy is tried again in the same run."""

LONGEST_ASKED = 86_400.0
"""Seconds that a receiver may ask to wait; one that asks for more is asked again after a day."""

LEAST_SECRET, MOST_SECRET = 24, 64
"""Bytes (Standard Webhooks 1.0)."""


@dataclass(frozen=True, slots=True)
class HookDesk:
    """Everything posting changes needs of the office.

    Attributes:
        provider: Whose changes.
        kinds: Which kinds are posted; none for all.
        secret: What messages are signed with.
        pages, receiver, journal, clock, randomness: The ports.
        pause: Waits so many seconds.
    """

    provider: str
    kinds: Collection[str]
    secret: bytes = field(repr=False)
    pages: LedgerPages
    receiver: HookReceiver
    journal: HookJournal
    clock: Clock
    randomness: Randomness
    pause: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class HookReport:
    """What a run did.

    Attributes:
        posted: How many changes were taken.
        place: How far they are; its `why` says why it stopped before the end.
        waiting: It stopped before it tried: another run posts, or it is not due yet.
    """

    posted: int
    place: HookPlace
    waiting: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything there is was taken, or is being posted by another run."""
        return not self.place.why


def begin(desk: HookDesk, *, everything: bool) -> HookPlace:
    """Say from where on changes are posted, and return it.

    Args:
        desk: The office's.
        everything: From the first; else what happens from now on.
    """
    place = HookPlace("" if everything else newest_cursor(desk.pages))
    desk.journal.note(place, desk.clock.now())
    return place


def post_changes(desk: HookDesk, *, at_once: bool = False) -> HookReport:
    """Post the changes that were not taken yet, in order, until there is none or one is refused.

    Args:
        desk: The office's.
        at_once: Try even if it is not due yet.

    Raises:
        InputError: If nobody has said from where on changes are posted.
    """
    with desk.journal.alone() as alone:
        if (place := desk.journal.place()) is None:
            raise InputError("nobody has said from where on changes are posted", hint=_BEGIN)
        if not alone:
            return HookReport(0, place, "another run is posting")
        if not at_once and place.due is not None and desk.clock.now() < place.due:
            return HookReport(0, place, f"tried again from {place.due:%Y-%m-%d %H:%M} UTC on")
        try:
            return _Posting(desk, place).run()
        finally:
            desk.receiver.close()


_BEGIN = (
    "cecert hooks begin has what happens from now on posted, and with --all all that ever "
    "happened: the receiver leaves out what it has"
)


class _Posting:
    """One run."""

    def __init__(self, desk: HookDesk, place: HookPlace) -> None:
        self._desk = desk
        self._place = place
        self._posted = 0

    def run(self) -> HookReport:
        while page := self._page():
            for change in page:
                if self._is_passed_over(change):
                    self._place = HookPlace(change.id)
                    continue
                answer = self._answer(change)
                if not answer.taken:
                    self._put_off(answer)
                    return HookReport(self._posted, self._place)
                self._note(HookPlace(change.id))
                self._posted += 1
            if self._is_passed_over(page[-1]):
                self._note(self._place)
        return HookReport(self._posted, self._place)

    def _page(self) -> Sequence[Change]:
        desk = self._desk
        try:
            return changes(desk.pages, desk.provider, self._place.cursor, PAGE).changes
        except InputError as error:  # the journal's cursor is none of this ledger
            raise InputError(str(error), hint=_BEGIN) from error

    def _is_passed_over(self, change: Change) -> bool:
        return bool(self._desk.kinds) and change.kind not in self._desk.kinds

    def _note(self, place: HookPlace) -> None:
        self._place = place
        self._desk.journal.note(place, self._desk.clock.now())

    def _answer(self, change: Change) -> HookAnswer:
        """Post a change, and once or twice more if the receiver is down or busy."""
        desk = self._desk
        body = json.dumps(_message(change), ensure_ascii=False, separators=(",", ":")).encode()
        for wait in (*TRIES, None):
            headers = headers_of(change.id, desk.clock.now(), body, desk.secret)
            answer = desk.receiver.post(headers, body)
            if answer.taken or not answer.passing or answer.retry_after or wait is None:
                break
            desk.pause(wait)
        return answer

    def _put_off(self, answer: HookAnswer) -> None:
        now, tried = self._desk.clock.now(), self._place.attempts
        usual = SCHEDULE[tried] if tried < len(SCHEDULE) else LATER
        jitter = self._desk.randomness.below(2001) / 1000 - 1
        wait = max(usual * (1 + jitter / 5), min(answer.retry_after, LONGEST_ASKED))
        why = answer.words or f"it answered {answer.status}"
        due = now + timedelta(seconds=round(wait))
        self._note(replace(self._place, attempts=tried + 1, due=due, why=why))


def _message(change: Change) -> Mapping[str, object]:
    return {
        "type": f"cecert.{change.kind}",
        "timestamp": change.at.isoformat(),
        "data": document(change),
    }


def headers_of(message_id: str, at: datetime, body: bytes, secret: bytes) -> Mapping[str, str]:
    """Return the headers of a message, its signature among them.

    Args:
        message_id: The change's, which has no full stop in it.
        at: Of the attempt.
        body: Of the message.
        secret: What is shared with the receiver.
    """
    second = int(at.timestamp())
    signed = f"{message_id}.{second}.".encode() + body
    signature = b64encode(hmac.new(secret, signed, sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "cecert",
        "webhook-id": message_id,
        "webhook-timestamp": str(second),
        "webhook-signature": f"v1,{signature}",
    }


def secret_of(text: str) -> bytes:
    """Return the secret that a text holds: `whsec_` and base64, of 24 to 64 bytes.

    >>> len(secret_of("whsec_" + "QUJD" * 8))
    24

    Raises:
        ValueError: If it holds none.
    """
    try:
        found = b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise ValueError("is not base64") from error
    if not LEAST_SECRET <= len(found) <= MOST_SECRET:
        raise ValueError(f"holds {len(found)} bytes, not {LEAST_SECRET} to {MOST_SECRET}")
    return found
