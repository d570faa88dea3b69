"""Two connections of one run never hold one mail: each claim has a name of its own.

Found by the kill campaign: a reaper took a slow connection for dead, another connection
of the same run claimed the mail anew, and the slow one could still mark it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from mail_office import issued, mail_room

from cecert.domain.mail.message import Mail, MailState, Receipt
from cecert.ports import Event
from cecert.testing import MemoryOffice
from cecert.workflows.deliver.deliver import deliver


class SlowThenQuick:
    """A service whose first connection is taken for dead while it is under way."""

    def __init__(self, office: MemoryOffice) -> None:
        self._office = office
        self._second_under_way = asyncio.Event()
        self._first_answered = asyncio.Event()
        self._sends = 0
        self.dots: list[str] = []
        self.commits: list[bool] = []

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[SlowThenQuick]:
        yield self

    async def open(self) -> None:
        """Connect to nothing."""

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        self._sends += 1
        if self._sends == 1:
            self._reap(mail.key)
            await self._second_under_way.wait()
        elif self._sends == 2:
            self._second_under_way.set()
            await self._first_answered.wait()
        receipt = await self._dot(mail, commit)
        self._first_answered.set()
        return receipt

    async def _dot(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        self.commits.append(await commit())
        if not self.commits[-1]:
            return Receipt(MailState.QUEUED, "the claim is another's", counts=False)
        self.dots.append(mail.key)
        return Receipt(MailState.SENT, "250 taken")

    def _reap(self, key: str) -> None:
        row = self._office.ledger.row(key)
        assert row is not None
        event = Event("queued", self._office.clock.now(), row.certificate_id, "the reaper")
        assert self._office.ledger.move(key, {MailState.SENDING}, MailState.QUEUED, event)


def test_a_connection_taken_for_dead_cannot_end_a_mail_that_another_has_claimed() -> None:
    office = MemoryOffice()
    issued(office, 2)

    async def scene() -> SlowThenQuick:
        service = SlowThenQuick(office)
        await deliver(mail_room(office, service, connections=2))
        return service

    service = asyncio.run(scene())
    assert sorted(service.dots) == sorted(set(service.dots))
    assert service.commits[0] is False
