"""One run of `deliver` when things go wrong, against a server that goes wrong on purpose."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer
from mail_office import account, issued, mail_room
from quiet_loop import played

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.mail import SmtpSender
from cecert.domain.mail.message import MailState, OutboxRow, Receipt
from cecert.errors import DeliveryError, InputError, LedgerError
from cecert.ports import Event, MailConnection
from cecert.testing import MemoryOffice, MemorySendLog
from cecert.workflows.deliver.deliver import Delivered, DeliveryReport, MailRoom, deliver


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecert.workflows.deliver.run.PATIENT_TRIES", (0.01, 0.01))
    monkeypatch.setattr("cecert.workflows.deliver.run.RECORD_TRIES", (0.01, 0.01))


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def room_for(office: MemoryOffice, server: FaultServer, **changes: object) -> MailRoom:
    sender = SmtpSender(account(server.port), patience=server.patience())
    return mail_room(office, sender, **{"connections": 1, **changes})


def states(office: MemoryOffice) -> list[str]:
    return [row.state_word for row in office.ledger.rows()]


def test_each_outcome_is_recorded_with_the_service_s_words(office: MemoryOffice) -> None:
    async def scene() -> None:
        faults = {
            "rcpt": ["", "550 5.1.1 no such user", "450 4.2.1 later"],
            "dot": ["", "take+cut"],
        }
        async with FaultServer(faults=faults) as server:
            told: list[Delivered] = []
            report = await deliver(room_for(office, server), told=told.append)
        assert report.counts == {
            "sent": 1, "deferred": 1, "failed": 1, "uncertain": 1, "cancelled": 0, "left": 0,
        }  # fmt: skip
        assert states(office) == ["sent", "failed", "deferred", "uncertain"]
        assert not report.complete
        failed, deferred = office.ledger.rows()[1:3]
        assert failed.reply == "550 5.1.1 no such user"
        wait = deferred.due - office.clock.now()
        assert timedelta(minutes=4) <= wait <= timedelta(minutes=6)
        assert [mail.state for mail in told] == ["sent", "failed", "deferred", "uncertain"]
        assert report.mails == tuple(told[1:])
        document = report.document(told)
        assert document["counts"] == report.counts
        assert len(document["mails"]) == 4  # type: ignore[arg-type]  # a list, as JSON has it
        kinds = [event.kind for event in office.ledger.events(failed.certificate_id)]
        assert kinds == ["issued", "queued", "failed"]

    issued(office, 4)
    play(scene())


def test_what_is_uncertain_is_never_sent_again_by_itself(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(faults={"dot": ["take+hang"]}) as server:
            room = room_for(office, server)
            await deliver(room)
            office.clock.forward(timedelta(days=9))
            assert (await deliver(room)).tally == {}
            assert len(server.taken) == 1
            assert states(office) == ["uncertain"]

    issued(office, 1)
    played(scene())


def test_a_mail_put_off_goes_when_it_is_due(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(faults={"rcpt": ["450 4.2.1 greylisted"]}) as server:
            room = room_for(office, server)
            assert (await deliver(room)).count("deferred") == 1
            assert (await deliver(room)).tally == {}
            office.clock.forward(timedelta(minutes=7))
            assert (await deliver(room)).count("sent") == 1

    issued(office, 1)
    play(scene())


def test_a_service_that_refuses_the_sender_stops_the_batch_and_fails_nobody(
    office: MemoryOffice,
) -> None:
    async def scene() -> None:
        async with FaultServer(faults={"mail": ["550 5.7.1 not you"]}) as server:
            report = await deliver(room_for(office, server))
        assert report.halted == "the mail service refuses the sender: 550 5.7.1 not you"
        assert report.hint
        assert (report.left, report.tally) == (3, {})
        assert states(office) == ["queued"] * 3
        assert [row.attempts for row in office.ledger.rows()] == [0] * 3

    issued(office, 3)
    play(scene())


def test_a_service_that_is_busy_is_tried_again_and_then_left(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(faults={"mail": ["451 4.3.2 busy"]}) as server:
            assert (await deliver(room_for(office, server))).count("sent") == 2
        async with FaultServer(chance=lambda stage: "cut" if stage == "mail" else "") as server:
            office.clock.forward(timedelta(days=1))
            issued_more(office)
            report = await deliver(room_for(office, server))
            assert "asks to wait" in report.halted
            assert report.left == 1

    def issued_more(office: MemoryOffice) -> None:
        issued(office, 3)

    issued(office, 2)
    play(scene())


def test_three_refusals_in_a_row_pause_the_batch(office: MemoryOffice) -> None:
    async def scene() -> None:
        def quota(stage: str) -> str:
            return "554 5.2.0 day's limit" if stage == "dot" else ""

        async with FaultServer(chance=quota) as server:
            report = await deliver(room_for(office, server))
        assert report.halted.startswith("3 mails in a row were refused; the last: 554 5.2.0")
        assert "cecert mail retry --failed" in report.hint
        assert (report.count("failed"), report.left) == (3, 7)

    issued(office, 10)
    play(scene())


def test_being_throttled_slows_every_sender_down(office: MemoryOffice) -> None:
    slowed: list[str] = []
    waits: list[float] = []

    class Outbox:
        def __getattr__(self, name: str) -> object:
            return getattr(office.ledger, name)

        def slow_down(self, name: str) -> None:
            slowed.append(name)

        def together(self, acts: Sequence[Callable[[object], object]]) -> Sequence[object]:
            return [act(self) for act in acts]

        def reserve(self, name: str, interval: float) -> float:
            del name
            waits.append(interval)
            return 0

    async def scene() -> None:
        async with FaultServer(faults={"dot": ["454 Throttling failure: too fast"]}) as server:
            report = await deliver(room_for(office, server, outbox=Outbox()))
            assert report.count("sent") == 2
            assert slowed == [account().name]
            assert waits == [1, 1]

    issued(office, 3)
    play(scene())


def test_the_day_s_limit_leaves_the_rest_for_tomorrow(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            limited = account(server.port, daily_limit=2)
            room = room_for(office, server, account=limited)
            first = await deliver(room)
            assert (first.count("sent"), first.left, first.complete) == (2, 3, True)
            assert (await deliver(room)).counts["left"] == 3
            office.clock.forward(timedelta(days=1, seconds=1))
            assert (await deliver(room)).count("sent") == 2

    issued(office, 5)
    play(scene())


def test_a_batch_too_large_for_its_deadline_is_refused_unless_late_is_accepted(
    office: MemoryOffice,
) -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            slow = account(server.port, daily_limit=1)
            room = room_for(office, server, account=slow)
            with pytest.raises(InputError, match="26 mails need 26 days") as caught:
                await deliver(room)
            (fault,) = caught.value.faults
            assert fault.problem.startswith("2 of 26 mails would go out after 2020-11-28")
            assert not server.taken
            assert (await deliver(room, accept_late=True)).count("sent") == 1

    issued(office, 26)
    play(scene())


def test_a_deadline_that_has_passed_stops_nothing(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            slow = account(server.port, daily_limit=1)
            report = await deliver(room_for(office, server, account=slow))
            assert report.count("sent") == 1

    issued(office, 40)
    office.clock.forward(timedelta(days=90))
    play(scene())


def test_an_interrupted_run_lets_the_mail_under_way_end(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(delay=0.05) as server:
            task = asyncio.create_task(deliver(room_for(office, server, connections=2)))
            await server.reached("dot")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            sent = states(office).count("sent")
            assert sent == len(server.taken) < 20
            assert set(states(office)) == {"sent", "queued"}
            server.delay = 0
            await deliver(room_for(office, server))
            assert sorted(mail.recipient for mail in server.taken) == sorted(
                row.recipient for row in office.ledger.rows()
            )

    issued(office, 20)
    play(scene())


@pytest.mark.parametrize(
    ("stage", "state"), [("rcpt", "queued"), ("data", "queued"), ("dot", "uncertain")]
)
def test_a_run_cut_off_in_the_middle_of_a_mail_says_what_is_known_of_it(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch, stage: str, state: str
) -> None:
    monkeypatch.setattr("cecert.workflows.deliver.run.GRACE", 0.05)

    async def scene() -> None:
        async with FaultServer(faults={stage: ["hang"]}) as server:
            patient = mail_room(office, SmtpSender(account(server.port)))
            task = asyncio.create_task(deliver(patient))
            await server.reached(stage)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert states(office) == [state]

    issued(office, 1)
    play(scene())


def test_a_certificate_revoked_in_the_meantime_is_cancelled(office: MemoryOffice) -> None:
    (entry,) = issued(office, 1)

    async def scene() -> None:
        async with FaultServer() as server:
            changed = replace(entry, state=type(entry.state).REVOKED)
            office.ledger._entries[entry.certificate.id] = changed
            report = await deliver(room_for(office, server))
            assert report.mails[0].state == "cancelled"
            assert report.complete
            assert not server.taken
            assert states(office) == ["cancelled"]

    play(scene())


class FullLog(MemorySendLog):
    """A disk with no room."""

    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        del row, reply, at
        raise DeliveryError("sent.jsonl cannot be written: No space left on device")


def test_no_mail_follows_one_that_the_send_log_could_not_note(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            report = await deliver(room_for(office, server, send_log=FullLog()))
            assert "No space left" in report.halted
            assert (report.count("sent"), report.left) == (1, 4)
            assert states(office).count("sent") == 1

    issued(office, 5)
    play(scene())


def test_a_yes_that_could_not_be_recorded_is_settled_by_the_send_log(
    office: MemoryOffice,
) -> None:
    log = MemorySendLog()

    class Gone:
        """The database goes away at the final dot, and is back for the next run."""

        broken = True

        def __getattr__(self, name: str) -> object:
            return getattr(office.ledger, name)

        def together(self, acts: Sequence[Callable[[object], object]]) -> Sequence[object]:
            return [act(self) for act in acts]

        def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
            del row, owner, receipt, event
            raise LedgerError("the ledger cannot be used: it is gone")

    async def scene() -> None:
        async with FaultServer() as server:
            report = await deliver(room_for(office, server, outbox=Gone(), send_log=log))
            assert report.halted == "the ledger cannot be used: it is gone"
            assert states(office) == ["committing"]
            (row,) = office.ledger.rows()
            office.ledger._mails[row.key] = replace(row, state=MailState.UNCERTAIN)  # reaped
            assert (await deliver(room_for(office, server, send_log=log))).tally == {}
            assert states(office) == ["sent"]
            assert len(server.taken) == 1

    issued(office, 1)
    play(scene())


def test_the_office_gets_one_digest_a_batch(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(faults={"rcpt": ["550 5.1.1 no such user"]}) as server:
            told = account(server.port, digest_to="office@example.edu")
            report = await deliver(room_for(office, server, account=told))
            assert report.digest == ""
            digest = server.taken[-1]
            assert digest.recipient == "office@example.edu"
            assert b"Subject: Certificates mailed: 1 failed, 1 sent" in digest.content
            await deliver(room_for(office, server, account=told))
            assert len(server.taken) == 2  # nothing happened, so there is nothing to tell

    issued(office, 2)
    play(scene())


@pytest.mark.parametrize(
    ("stage", "fault"), [("rcpt", "550 5.1.1 no office here"), ("mail", "550 5.7.1 enough")]
)
def test_a_digest_that_could_not_be_sent_is_said(
    office: MemoryOffice, stage: str, fault: str
) -> None:
    async def scene() -> None:
        async with FaultServer(faults={stage: ["", fault]}) as server:
            told = account(server.port, digest_to="office@example.edu")
            report = await deliver(room_for(office, server, account=told))
            assert report.digest
            assert report.complete

    issued(office, 1)
    play(scene())


def test_several_connections_share_the_work_and_no_mail(office: MemoryOffice) -> None:
    async def scene() -> None:
        async with FaultServer(delay=0.01) as server:
            report = await deliver(room_for(office, server, connections=4))
            assert report.count("sent") == 24
            assert server.seen["greeting"] == 4
            assert len({mail.recipient for mail in server.taken}) == 24

    issued(office, 24)
    play(scene())


@contextmanager
def on_disk(folder: Path, office: MemoryOffice, count: int) -> Iterator[Database]:
    """Issue to *count* people in a ledger on SQLite."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    create_ledger(url)
    with open_database(url, "example-ssw") as database:
        office.ledger = database.ledger  # type: ignore[assignment]  # the real one in its place
        issued(office, count)
        yield database


def test_a_full_disk_stops_before_the_mail_that_cannot_be_recorded(
    office: MemoryOffice, tmp_path: Path
) -> None:
    # Permanent test 4: no root needed, SQLite itself is told to be full.
    async def scene(database: Database) -> None:
        async with FaultServer() as server:
            room = room_for(office, server, outbox=database.outbox)
            fill(database)
            report = await deliver(room)
            assert "full" in report.halted
            assert len(server.taken) < 90
            make_room(database)
            await deliver(room)
            taken = [mail.recipient for mail in server.taken]
            assert len(taken) == len(set(taken))
            rows = database.outbox.rows()
            unsure = {MailState.UNCERTAIN, MailState.COMMITTING}
            assert len(taken) + sum(row.state in unsure for row in rows) >= 90

    with on_disk(tmp_path, office, 90) as database:
        play(scene(database))


def pragma(database: Database, words: str) -> int:
    with database._engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return int(raw.execute(f"pragma {words}").fetchone()[0])


def fill(database: Database) -> None:
    """Let the database grow no more; its last pages still have some room."""
    pages = pragma(database, "page_count")
    pragma(database, f"max_page_count = {pages}")


def make_room(database: Database) -> None:
    pragma(database, "max_page_count = 1000000")


def test_three_senders_together_are_no_faster_than_the_shared_rate(
    office: MemoryOffice, tmp_path: Path
) -> None:
    # Permanent test 10: three senders, each with its own connection to the ledger.
    times: list[float] = []

    async def scene(database: Database) -> None:
        loop = asyncio.get_running_loop()

        def at_dot(stage: str) -> str:
            if stage == "dot":
                times.append(loop.time())
            return ""

        async with FaultServer(chance=at_dot) as server:
            quick = account(server.port, rate_per_minute=1200)  # 20 a second
            rooms = [
                room_for(
                    office, server, outbox=database.outbox, account=quick, connections=2,
                    owner=f"tests/{number}", station="elsewhere/",
                )
                for number in range(3)
            ]  # fmt: skip
            times.insert(0, loop.time())
            await asyncio.gather(*(deliver(room) for room in rooms))

    with on_disk(tmp_path, office, 30) as database:
        play(scene(database))
    begin, *mails = times
    assert len(mails) == 30
    # Twenty-nine intervals of a twentieth of a second; noise only makes it longer.
    assert mails[-1] - begin >= 29 / 20 - 0.01


def test_the_first_connection_alone_learns_that_a_login_is_refused(office: MemoryOffice) -> None:
    tried: list[int] = []

    class Refusing:
        @staticmethod
        def lane() -> _RefusingLane:
            return _RefusingLane(tried)

    issued(office, 8)
    report = asyncio.run(deliver(mail_room(office, Refusing(), connections=4)))
    assert (report.halted, len(tried), report.left) == ("535 no", 1, 8)


class _RefusingLane:
    def __init__(self, tried: list[int]) -> None:
        self._tried = tried

    async def __aenter__(self) -> MailConnection:
        return self  # type: ignore[return-value]  # it only ever opens

    async def __aexit__(self, *error: object) -> None:
        pass

    async def open(self) -> None:
        self._tried.append(1)
        raise DeliveryError("535 no")


def test_control_c_at_the_terminal_is_no_loss(office: MemoryOffice) -> None:
    # asyncio.run turns the first SIGINT into a cancelled task, which ends what is under way.
    async def scene() -> DeliveryReport:
        async with FaultServer(delay=0.03) as server:
            delivering = asyncio.ensure_future(deliver(room_for(office, server)))
            await server.reached("dot")
            os.kill(os.getpid(), signal.SIGINT)
            return await delivering

    issued(office, 30)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(scene())
    assert set(states(office)) == {"sent", "queued"}
