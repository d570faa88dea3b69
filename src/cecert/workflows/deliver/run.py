"""One run of `deliver`: a few connections drain the outbox side by side.

Each takes a slot of the shared rate, claims one mail, hands it over, and records what
became of it. Only one connection opens at first, so that a wrong password is tried once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from cecert.domain.mail.message import Blame, Mail, MailState, OutboxRow, Receipt
from cecert.domain.mail.replies import Breaker, scheduled
from cecert.errors import CecertError, DeliveryError, LedgerError, ServiceUnavailableError
from cecert.ports import Event, MailConnection, Outbox
from cecert.workflows.deliver.beside import Beside
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.deliver.report import Delivered, DeliveryReport
from cecert.workflows.issue.desk import Progress

__all__ = ["DeliveryRun"]

PATIENT_TRIES = (1, 3)
"""Seconds to wait after the service could not be reached, before the run stops."""

GRACE = 30
"""Seconds that mails under way get to end in when the run is interrupted."""

SLOWED_RATE = 60
"""Mails a minute where the service says we are too fast and no rate was set."""

RECORD_TRIES = (0.2, 1, 3)
"""Seconds to wait before recording again what the service has already taken."""


class DeliveryRun:
    """Drains the mails that were due when it began, and no others."""

    def __init__(
        self,
        room: MailRoom,
        beside: Beside,
        course_id: str,
        total: int,
        progress: Progress,
        told: Iterable[Callable[[Delivered], None]] = (),
    ) -> None:
        """Prepare to send mails that are due.

        Args:
            room: The office's.
            beside: Does what would hold up the loop.
            course_id: "" for all courses.
            total: So many at most.
            progress: Is told after each.
            told: All of them hear what became of each, on the loop.
        """
        self._room = room
        self._beside = beside
        self._course_id = course_id
        self._total = total
        self._progress = progress
        self._tickets = total
        self._claims = count()
        self._told = tuple(told)
        self._tally: Counter[str] = Counter()
        self._unsent: list[Delivered] = []
        self._breaker = Breaker()
        self._strikes = 0
        self._slowed = False
        self._stop = asyncio.Event()
        self._halted = ""
        self._hint = ""

    async def report(self) -> DeliveryReport:
        """Run, and say what became of it.

        Raises:
            asyncio.CancelledError: If it was interrupted, after what was under way ended.
        """
        if self._total:
            await self._run()
        left = self._total - self._tally.total()
        return DeliveryReport(
            tally=dict(self._tally),
            mails=tuple(self._unsent),
            left=max(left, 0) if self._halted else 0,
            halted=self._halted,
            hint=self._hint,
        )

    async def _run(self) -> None:
        opened = asyncio.Event()
        lanes = min(self._room.connections, self._total)
        workers = [asyncio.create_task(self._work(opened, first=True))]
        workers += [asyncio.create_task(self._work(opened, first=False)) for _ in range(1, lanes)]
        try:
            await asyncio.wait(workers)
        except asyncio.CancelledError:
            self._halt("interrupted", "")
            opened.set()
            await _end(workers)
            raise
        for worker in workers:
            worker.result()

    def _halt(self, why: str, hint: str) -> None:
        if not self._halted:
            self._halted, self._hint = why, hint
        self._stop.set()

    async def _work(self, opened: asyncio.Event, *, first: bool) -> None:
        try:
            async with self._room.sender.lane() as lane:
                if first:
                    await self._open(lane)
                    opened.set()
                else:
                    await opened.wait()
                while await self._next(lane):
                    pass
        except CecertError as error:
            self._halt(str(error), error.hint)
        finally:
            opened.set()

    async def _open(self, lane: MailConnection) -> None:
        for wait in PATIENT_TRIES:
            try:
                return await lane.open()
            except ServiceUnavailableError:
                await self._pause(wait)
        return await lane.open()

    async def _next(self, lane: MailConnection) -> bool:
        """Send one mail; False if there is none left or the run has stopped."""
        if self._stop.is_set() or not self._tickets:
            return False
        self._tickets -= 1
        room = self._room
        if interval := self._interval():
            slot = await self._beside.do(room.outbox.reserve, room.account.name, interval)
            await self._pause(slot)
            if self._stop.is_set():
                return False
        # A name for each claim: two connections of one run can hold one mail when a
        # reaper took the first for dead, and only the later claim may mark and settle it.
        name = f"{room.owner}/{next(self._claims)}"
        row = await self._beside.record(
            lambda outbox: outbox.claim(name, room.clock.now(), self._course_id)
        )
        if row is None:  # another run took it
            return False
        taken = await self._beside.do(self._taken, _Claim(row, name))
        await self._deliver(lane, taken)
        self._progress.advance(self._tally.total(), self._total)
        return True

    def _taken(self, claim: _Claim) -> _Taken:
        """Have a claimed mail written, beside the loop."""
        room, row = self._room, claim.row
        try:
            entry = room.entry_of(row)
            if hindrance := room.hindrance(row, entry):
                event = room.event("cancelled", row, hindrance)
                room.outbox.move(row.key, _SENDING, MailState.CANCELLED, event)
                return _Taken(claim, hindrance=hindrance)
            return _Taken(claim, mail=room.written(row, entry))
        except CecertError as error:
            # One document is at fault, not the batch: it stops, named, and the rest goes.
            return _Taken(claim, fault=str(error))

    def _interval(self) -> float:
        rate = self._room.account.rate_per_minute or (SLOWED_RATE if self._slowed else 0)
        return 60 / rate if rate else 0

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the run stops first."""
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stop.wait(), seconds)
            except TimeoutError:
                return

    async def _deliver(self, lane: MailConnection, taken: _Taken) -> None:
        claim = taken.claim
        if taken.mail is None:
            await self._end_unsent(taken)
            return
        attempt = _Attempt(self._room, self._beside, claim)
        try:
            receipt = await lane.send(taken.mail, attempt.commit)
        except ServiceUnavailableError as error:
            await self._give_back(claim, str(error))
            await self._back_off(error)
        except BaseException as error:
            await self._record(claim, attempt.interrupted(error))
            raise
        else:
            await self._settle(claim, receipt)

    async def _end_unsent(self, taken: _Taken) -> None:
        row = taken.claim.row
        if taken.fault:
            await self._record(taken.claim, Receipt(MailState.FAILED, taken.fault))
        else:
            self._end(Delivered(row.key, row.certificate_id, "cancelled", taken.hindrance))

    def _end(self, mail: Delivered) -> None:
        self._tally[mail.state] += 1
        if mail.state != "sent":  # tens of thousands that went well are a number
            self._unsent.append(mail)
        for tell in self._told:
            tell(mail)

    async def _settle(self, claim: _Claim, receipt: Receipt) -> None:
        self._strikes = 0
        room = self._room
        if receipt.state is MailState.SENT:
            await self._note(claim.row, receipt)
        elif receipt.state is MailState.QUEUED and receipt.blame is Blame.ACCOUNT:
            self._slowed = True
            await self._beside.do(room.outbox.slow_down, room.account.name)
        await self._record(claim, receipt)

    async def _note(self, row: OutboxRow, receipt: Receipt) -> None:
        room = self._room
        try:
            await self._beside.do(room.send_log.note, row, receipt.reply, room.clock.now())
        except DeliveryError as error:
            # The outbox still records this one; no other may follow without its line.
            self._halt(str(error), error.hint)

    async def _give_back(self, claim: _Claim, reply: str) -> None:
        self._tickets += 1
        receipt = Receipt(MailState.QUEUED, reply, counts=False)
        await self._try_to_settle(claim, receipt, self._room.event("queued", claim.row, reply))

    async def _back_off(self, error: ServiceUnavailableError) -> None:
        if self._strikes >= len(PATIENT_TRIES):
            self._halt(str(error), error.hint)
            return
        self._strikes += 1
        await self._pause(PATIENT_TRIES[self._strikes - 1])

    async def _record(self, claim: _Claim, receipt: Receipt) -> None:
        row = claim.row
        now = self._room.clock.now()
        jitter = self._room.randomness.below(2001) / 1000 - 1
        receipt = scheduled(receipt, row, now, jitter)
        word = "deferred" if receipt.state is MailState.QUEUED else receipt.state.value
        event = self._room.event(word, row, receipt.reply)
        if not await self._try_to_settle(claim, receipt, event) or not receipt.counts:
            return
        due = now + timedelta(seconds=receipt.retry_after)
        self._end(Delivered.of(row, receipt, due))
        self._breaker.count(receipt)
        if self._breaker.tripped:
            self._halt(self._breaker.tripped, _RETRY_HINT)

    async def _try_to_settle(self, claim: _Claim, receipt: Receipt, event: Event) -> bool:
        def settle(outbox: Outbox) -> bool:
            return outbox.settle(claim.row, claim.name, receipt, event)

        for wait in RECORD_TRIES:
            try:
                return await self._beside.record(settle)
            except LedgerError:
                await asyncio.sleep(wait)
        return await self._beside.record(settle)


_RETRY_HINT = "find out why, then run cecert mail retry --failed and deliver again"


@dataclass(frozen=True, slots=True)
class _Claim:
    """One claim of one mail, under a name that no other claim has."""

    row: OutboxRow
    name: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A mail that was claimed, and what there is to hand over.

    Attributes:
        claim: Of it.
        mail: The message, None if there is none.
        fault: Why it cannot be written, "" if it can.
        hindrance: Why it was cancelled, "" if it was not.
    """

    claim: _Claim
    mail: Mail | None = None
    fault: str = ""
    hindrance: str = ""


_SENDING = frozenset({MailState.SENDING})


class _Attempt:
    """Knows whether the final dot of a mail may have been sent."""

    def __init__(self, room: MailRoom, beside: Beside, claim: _Claim) -> None:
        self._room = room
        self._beside = beside
        self._claim = claim
        self._committed = False

    async def commit(self) -> bool:
        """Mark the mail `committing`; from here on only an answer settles it."""
        claim = self._claim
        self._committed = await self._beside.record(
            lambda outbox: outbox.mark_committing(claim.row.key, claim.name)
        )
        return self._committed

    def interrupted(self, error: BaseException) -> Receipt:
        """Return what is known of a mail whose hand-over was broken off by *error*."""
        why = str(error) or type(error).__name__
        if self._committed:
            return Receipt(MailState.UNCERTAIN, f"broken off at the final dot: {why}")
        return Receipt(MailState.QUEUED, why, counts=False)


async def _end(workers: list[asyncio.Task[None]]) -> None:
    """Let what is under way end, and cut it off when it takes too long."""
    _, running = await asyncio.wait(workers, timeout=GRACE)
    for worker in running:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
