"""What blocks is done in one thread beside the event loop, which goes on meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mail_office import issued, mail_room

from cecert.domain.mail.message import MailState
from cecert.errors import LedgerError
from cecert.testing import MemoryMailSender, MemoryOffice
from cecert.workflows.deliver.beside import Beside
from cecert.workflows.deliver.deliver import MailRoom, deliver

BLOCKING = ("ledger", "outbox", "archive", "writer", "send_log", "presence")


class Watched:
    """A port that notes in which thread each of its methods is called."""

    def __init__(self, port: object, name: str, calls: dict[str, set[int]]) -> None:
        self._port, self._name, self._calls = port, name, calls

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401  # of any port
        found = getattr(self._port, method)

        def called(*args: object, **kwargs: object) -> object:
            threads = self._calls.setdefault(f"{self._name}.{method}", set())
            threads.add(threading.get_ident())
            return found(*args, **kwargs)

        return called


class SentFolder:
    """Holds everything that it is asked for."""

    async def holds(self, message_ids: list[str]) -> list[str]:
        return message_ids


def watched(office: MemoryOffice, calls: dict[str, set[int]], **changes: object) -> MailRoom:
    room = mail_room(office, MemoryMailSender(), sent_folder=SentFolder(), **changes)
    ports = {name: Watched(getattr(room, name), name, calls) for name in BLOCKING}
    return replace(room, **ports)  # type: ignore[arg-type]  # each is a port


def test_ledger_archive_composing_and_send_log_are_called_beside_the_loop() -> None:
    office, calls = MemoryOffice(), dict[str, set[int]]()
    entries = issued(office, 6)
    office.ledger.revoke(
        entries[0].certificate.id, office.mail_room().event("revoked", entries[0].mail, "in error")
    )
    lost = entries[1].mail
    room = watched(office, calls)
    office.ledger.move(
        lost.key, frozenset({MailState.QUEUED}), MailState.UNCERTAIN,
        room.event("uncertain", lost, "who knows"),
    )  # fmt: skip
    account = replace(room.account, digest_to="office@example.edu", rate_per_minute=60_000)
    report = asyncio.run(deliver(replace(room, account=account)))
    assert report.count("sent") == 4
    assert report.digest == ""
    states = [each.state for each in office.ledger.rows()]
    assert states == [MailState.CANCELLED, *[MailState.SENT] * 5]
    assert {
        "presence.hold", "outbox.reap", "outbox.walk_mails", "outbox.move", "outbox.in_turn",
        "writer.check", "outbox.reserve", "outbox.together", "ledger.entry", "archive.get",
        "writer.write", "send_log.note", "writer.write_digest",
    } <= calls.keys()  # fmt: skip
    here = threading.get_ident()
    assert [name for name, threads in calls.items() if here in threads] == []
    # What a port promises of calls one after the other stays true: a batch has one thread.
    batch = {thread for name in ("outbox.together", "archive.get", "send_log.note")
             for thread in calls[name]}  # fmt: skip
    assert len(batch) == 1


def test_a_mail_that_cannot_be_written_or_recorded_is_told_from_beside_the_loop() -> None:
    office = MemoryOffice()
    first, second = issued(office, 2)
    office.archive.discard(first.document)
    report = asyncio.run(deliver(mail_room(office, MemoryMailSender())))
    (failed,) = report.mails
    assert (failed.key, failed.state) == (first.mail.key, "failed")
    assert "is missing from the archive" in failed.reply
    assert office.ledger.row(second.mail.key).state is MailState.SENT  # type: ignore[union-attr]


def test_what_was_asked_for_is_done_in_order_though_nobody_waits_for_it() -> None:
    done: list[int] = []

    def slowly(number: int, wait: Callable[[], object] = lambda: None) -> int:
        wait()
        done.append(number)
        return number

    async def scene() -> None:
        go = threading.Event()
        async with Beside(MemoryOffice().ledger) as beside:
            first = asyncio.create_task(beside.do(slowly, 1, go.wait))
            await asyncio.sleep(0)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            second = asyncio.create_task(beside.do(slowly, 2))
            await asyncio.sleep(0)
            assert done == []  # and the loop goes on
            go.set()
            assert await second == 2
            asyncio.create_task(beside.do(slowly, 3))  # noqa: RUF006  # leaving waits for it
            await asyncio.sleep(0)
        assert done == [1, 2, 3]

    asyncio.run(scene())


def test_what_gathers_while_the_thread_is_busy_is_recorded_at_once_and_a_fault_is_its_own() -> None:
    office, groups = MemoryOffice(), list[int]()

    class Outbox:
        def together(self, acts: list[Callable[[object], object]]) -> list[object]:
            groups.append(len(acts))
            return list(office.ledger.together(acts))

    def claim(outbox: Any) -> str:  # noqa: ANN401  # the port
        return str(outbox.claim("me", office.clock.now()).key)

    def fail(outbox: object) -> str:
        del outbox
        raise LedgerError("it is full")

    async def scene() -> None:
        go = threading.Event()
        async with Beside(Outbox()) as beside:  # type: ignore[arg-type]  # what it asks for
            busy = asyncio.create_task(beside.do(go.wait))
            acts = [claim, fail, claim, claim]
            tasks = [asyncio.create_task(beside.record(each)) for each in acts]
            await asyncio.sleep(0)
            tasks[3].cancel()  # nobody waits for it, and it has not begun
            await asyncio.sleep(0)
            go.set()
            await busy
            answers = await asyncio.gather(*tasks[:3], return_exceptions=True)
        assert groups == [3, 1, 1, 1]
        assert str(answers[1]) == "it is full"
        keys = [each.mail.key for each in entries]
        assert [answers[0], answers[2]] == keys[:2]

    entries = issued(office, 3)
    asyncio.run(scene())


def test_four_connections_record_in_fewer_transactions_than_three_a_mail() -> None:
    office = MemoryOffice()
    groups: list[int] = []

    class Outbox:
        def __getattr__(self, name: str) -> object:
            return getattr(office.ledger, name)

        def together(self, acts: list[Callable[[Any], object]]) -> list[object]:
            groups.append(len(acts))
            return list(office.ledger.together(acts))

    issued(office, 40)
    report = asyncio.run(deliver(mail_room(office, MemoryMailSender(), outbox=Outbox())))
    assert report.count("sent") == 40
    assert 120 <= sum(groups) <= 124  # claim, mark, settle; a lane may ask once more at the end
    assert len(groups) < sum(groups) * 2 / 3
