"""SMTP in stages, against a server that goes wrong at each.

Source: docs/spec/delivery.md 4.4 and 6, tests 1, 5, 6, 12.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
from fault_server import FaultServer
from hypothesis import given
from hypothesis import strategies as st
from mail_office import account
from quiet_loop import played

from cecert.adapters.mail import Patience, SmtpSender
from cecert.adapters.mail.connection import open_connection
from cecert.adapters.mail.smtp import dot_stuffed, xtext
from cecert.domain.mail.message import Blame, Mail, MailState, Receipt
from cecert.domain.mail.replies import BROKEN, Reply
from cecert.errors import CecertError, DeliveryError, ServiceUnavailableError

MAIL = Mail("K:issue", "ce@example.edu", "ana@example.org", b"Subject: x\r\n\r\n.dot\r\n")
SENT, QUEUED, FAILED = MailState.SENT, MailState.QUEUED, MailState.FAILED
UNCERTAIN = MailState.UNCERTAIN
STOP, LATER = DeliveryError, ServiceUnavailableError


@dataclass
class Commits:
    """Counts commits, and can refuse them."""

    allowed: bool = True
    count: int = 0

    async def __call__(self) -> bool:
        self.count += 1
        return self.allowed


def run(scene: Coroutine[Any, Any, None]) -> None:
    played(scene)


def sender(server: FaultServer, **changes: object) -> SmtpSender:
    return SmtpSender(account(server.port, **changes), patience=server.patience())


async def outcome(
    server: FaultServer, *, mails: int = 1, commit: Commits | None = None
) -> list[Receipt | type[CecertError]]:
    """Send *mails* over one lane; return receipts, or the kind of error where it ended."""
    found: list[Receipt | type[CecertError]] = []
    async with sender(server).lane() as lane:
        for _ in range(mails):
            try:
                found.append(await lane.send(MAIL, commit or Commits()))
            except CecertError as error:
                found.append(type(error))
                break
    return found


def kinds(found: list[Receipt | type[CecertError]]) -> list[object]:
    return [each.state if isinstance(each, Receipt) else each for each in found]


# The table of docs/spec/delivery.md 4.4: stage, fault, outcome on a fresh connection, outcome of
# the second mail on a reused one, and how many mails the server has taken in the second case.
MATRIX = [
    ("greeting", "421 4.3.2 busy", LATER, None),
    ("greeting", "554 5.3.2 no service for you", STOP, None),
    ("greeting", "cut", LATER, None),
    ("greeting", "hang", LATER, None),
    ("greeting", "garbage", LATER, None),
    ("ehlo", "421 4.3.2 busy", LATER, None),
    ("ehlo", "550 5.7.1 go away", STOP, None),
    ("ehlo", "cut", LATER, None),
    ("ehlo", "hang", LATER, None),
    ("mail", "421 4.3.2 busy", LATER, SENT),
    ("mail", "452 4.5.3 too many messages", LATER, SENT),
    ("mail", "550 5.7.1 sender refused", STOP, STOP),
    ("mail", "530 5.7.0 must log in", STOP, STOP),
    ("mail", "cut", LATER, SENT),
    ("mail", "reset", LATER, SENT),
    ("mail", "hang", LATER, SENT),
    ("mail", "garbage", LATER, SENT),
    ("mail", "354 what", LATER, SENT),
    ("rcpt", "421 4.3.2 busy", QUEUED, QUEUED),
    ("rcpt", "450 4.2.1 greylisted", QUEUED, QUEUED),
    ("rcpt", "550 5.1.1 no such user", FAILED, FAILED),
    ("rcpt", "552 5.2.2 mailbox full", FAILED, FAILED),
    ("rcpt", "554 5.7.1 relay denied", FAILED, FAILED),
    ("rcpt", "503 5.5.1 out of step", QUEUED, SENT),
    ("rcpt", "cut", QUEUED, SENT),
    ("rcpt", "hang", QUEUED, SENT),
    ("rcpt", "garbage", QUEUED, SENT),
    ("data", "421 4.3.2 busy", LATER, SENT),
    ("data", "451 4.3.0 later", LATER, SENT),
    ("data", "554 5.5.1 no", STOP, STOP),
    ("data", "250 ok", QUEUED, SENT),
    ("data", "cut", QUEUED, SENT),
    ("data", "hang", QUEUED, SENT),
    ("data", "garbage", QUEUED, SENT),
    ("body", "cut", UNCERTAIN, UNCERTAIN),  # small enough to be sent before the cut is seen
    ("dot", "421 4.3.2 busy", QUEUED, QUEUED),
    ("dot", "451 4.3.0 later", QUEUED, QUEUED),
    ("dot", "454 Throttling failure: too fast", QUEUED, QUEUED),
    ("dot", "554 5.2.0 day's limit", FAILED, FAILED),
    ("dot", "354 what", UNCERTAIN, UNCERTAIN),
    ("dot", "cut", UNCERTAIN, UNCERTAIN),
    ("dot", "reset", UNCERTAIN, UNCERTAIN),
    ("dot", "hang", UNCERTAIN, UNCERTAIN),
    ("dot", "garbage", UNCERTAIN, UNCERTAIN),
    ("dot", "take+cut", UNCERTAIN, UNCERTAIN),
    ("dot", "take+hang", UNCERTAIN, UNCERTAIN),
    ("dot", "take+garbage", UNCERTAIN, UNCERTAIN),
]


@pytest.mark.parametrize(("stage", "fault", "expected", "_reused"), MATRIX)
def test_a_fault_on_a_fresh_connection_means_what_the_table_says(
    stage: str, fault: str, expected: object, _reused: object
) -> None:
    async def scene() -> None:
        async with FaultServer(faults={stage: [fault, fault]}) as server:
            commits = Commits()
            assert kinds(await outcome(server, commit=commits)) == [expected]
            # What was taken was committed first; what is tried again was not taken.
            assert len(server.taken) <= commits.count
            assert not server.taken or expected is UNCERTAIN

    run(scene())


@pytest.mark.parametrize(
    ("stage", "fault", "expected"),
    [(stage, fault, reused) for stage, fault, _, reused in MATRIX if reused],
)
def test_a_fault_on_a_reused_connection_means_what_the_table_says(
    stage: str, fault: str, expected: object
) -> None:
    async def scene() -> None:
        async with FaultServer(faults={stage: ["", fault]}) as server:
            assert kinds(await outcome(server, mails=2)) == [SENT, expected]
            assert len(server.taken) == 1 + (expected is SENT or fault.startswith("take+"))

    run(scene())


def test_what_was_refused_is_said_in_the_service_s_words() -> None:
    async def scene() -> None:
        async with FaultServer(faults={"rcpt": ["550 5.1.1 no such user"]}) as server:
            (receipt,) = await outcome(server)
            assert receipt == Receipt(FAILED, "550 5.1.1 no such user", blame=Blame.RECIPIENT)

    run(scene())


def test_a_refusal_survives_a_reset_that_is_never_answered() -> None:
    # aiosmtplib's sendmail loses the 554 here (docs/spec/delivery.md 2, trap 2).
    async def scene() -> None:
        async with FaultServer(faults={"rcpt": ["554 5.7.1 no"], "rset": ["hang"]}) as server:
            assert kinds(await outcome(server, mails=2)) == [FAILED, SENT]
            assert server.seen["greeting"] == 2

    run(scene())


async def send_until(server: FaultServer, stage: str, sending: Awaitable[object]) -> None:
    """Send, and let time be up when the server is at *stage* and its last answer was read."""

    async def end(limit: asyncio.Timeout) -> None:
        await server.reached(stage)
        for _ in range(100):  # turns of the loop that both sides share
            await asyncio.sleep(0)
        limit.reschedule(asyncio.get_running_loop().time())

    async with asyncio.timeout(None) as limit:
        ending = asyncio.create_task(end(limit))
        await sending
    await ending


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body", "dot"])
def test_a_cancelled_send_leaves_a_connection_that_is_never_used_again(stage: str) -> None:
    # Else the next MAIL reads the answer to the last command (docs/spec/delivery.md 2, trap 3).
    async def scene() -> None:
        async with FaultServer(faults={stage: ["hang"]}) as server:
            patient = SmtpSender(account(server.port))
            big = Mail("K:issue", MAIL.envelope_from, MAIL.recipient, b"x" * 76 * 200_000)
            async with patient.lane() as lane:
                sending = lane.send(big if stage == "body" else MAIL, Commits())
                with pytest.raises(TimeoutError):
                    await send_until(server, stage, sending)
                assert (await lane.send(MAIL, Commits())).state is SENT
            assert server.seen["greeting"] == 2

    run(scene())


def test_a_service_that_stops_reading_the_body_has_not_taken_it() -> None:
    async def scene() -> None:
        async with FaultServer(faults={"body": ["hang", "hang"]}) as server:
            commits = Commits()
            big = Mail("K:issue", MAIL.envelope_from, MAIL.recipient, b"x" * 76 * 200_000)
            async with sender(server).lane() as lane:
                receipt = await lane.send(big, commits)
            assert (receipt.state, commits.count, server.taken) == (QUEUED, 0, [])

    run(scene())


def test_a_mail_another_sender_took_over_gets_no_final_dot() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            found = await outcome(server, mails=2, commit=Commits(allowed=False))
            assert kinds(found) == [QUEUED, QUEUED]
            assert not server.taken
            assert not any(each.counts for each in found if isinstance(each, Receipt))

    run(scene())


def test_a_connection_is_replaced_after_ninety_mails_and_when_the_service_asks() -> None:
    async def scene() -> None:
        async with FaultServer(most_mails=100) as server:
            assert kinds(await outcome(server, mails=101)) == [SENT] * 101
            assert server.seen["greeting"] == 2
        async with FaultServer(most_mails=10) as server:
            assert kinds(await outcome(server, mails=21)) == [SENT] * 21
            assert server.seen["greeting"] == 3

    run(scene())


def test_a_connection_that_was_idle_for_long_is_not_believed() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            waiting = Patience(idle=0.05)
            async with SmtpSender(account(server.port), patience=waiting).lane() as lane:
                await lane.send(MAIL, Commits())
                await asyncio.sleep(0.1)
                await lane.send(MAIL, Commits())
            assert server.seen["greeting"] == 2

    run(scene())


def test_the_envelope_has_one_recipient_and_asks_for_a_bounce_without_the_pdf() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            await outcome(server)
            assert server.commands[1:4] == [
                "MAIL FROM:<ce@example.edu> SIZE=20 RET=HDRS ENVID=K:issue",
                "RCPT TO:<ana@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ana@example.org",
                "DATA",
            ]
            assert server.taken[0].content == MAIL.content
        async with FaultServer(extensions=False) as server:
            await outcome(server)
            assert server.commands[1] == "MAIL FROM:<ce@example.edu>"
            assert server.commands[2] == "RCPT TO:<ana@example.org>"

    run(scene())


LINES = st.lists(st.sampled_from([b".", b"..", b"a.", b".a", b"", b"\xff", b"a"])).map(b"\n".join)


@given(
    (st.binary(max_size=200) | LINES).map(
        lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"\r\n")
    )
)
def test_dot_stuffing_loses_nothing(content: bytes) -> None:
    wire = dot_stuffed(content)
    assert b"\r\n.\r\n" not in wire
    assert wire.endswith(b"\r\n")
    lines = [line.removeprefix(b".") for line in wire.split(b"\r\n")]
    assert b"\r\n".join(lines).removesuffix(b"\r\n") == content.removesuffix(b"\r\n")


@given(st.text(st.characters(max_codepoint=0x7E), max_size=40))
def test_xtext_is_printable_and_can_be_read_back(text: str) -> None:
    encoded = xtext(text)
    assert all(0x21 <= each <= 0x7E and each != 0x3D for each in encoded)
    parts = encoded.split(b"+")
    tail = "".join(chr(int(each[:2], 16)) + each[2:].decode() for each in parts[1:])
    assert parts[0].decode() + tail == text


def test_a_connection_that_is_gone_answers_nothing_and_closes_quietly() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            connection = await open_connection(account(server.port), None, Patience(), None)
            connection.cut()
            assert not connection.usable
            assert (await connection.ask(b"NOOP", wait=60)).code == BROKEN
            gone = await connection.write_body(b"x")
            assert gone == Reply(BROKEN, "connection lost before the message")
            assert await connection.dot() == Reply(BROKEN, "connection lost at the final dot")
            connection.cut()
            await connection.quit()

    run(scene())


def test_a_connection_that_is_cut_while_the_body_waits_has_not_sent_it() -> None:
    async def scene() -> None:
        async with FaultServer(faults={"body": ["hang"]}) as server:
            connection = await open_connection(account(server.port), None, Patience(), None)
            for words in (b"MAIL FROM:<a@x.org>", b"RCPT TO:<b@x.org>", b"DATA"):
                await connection.ask(words, wait=60)
            writing = asyncio.create_task(connection.write_body(b"x" * 76 * 200_000))
            await asyncio.sleep(0.05)  # the server reads nothing: the buffer stays full
            connection.cut()
            assert await writing == Reply(BROKEN, "connection lost in the message")

    run(scene())


def test_a_service_that_goes_away_during_the_body_has_not_taken_it() -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            connection = await open_connection(account(server.port), None, Patience(), None)
            for words in (b"MAIL FROM:<a@x.org>", b"RCPT TO:<b@x.org>", b"DATA"):
                await connection.ask(words, wait=60)
            await server.__aexit__(None, None, None)
            big = b"x" * 76 * 200_000
            reply = await connection.write_body(big)
            assert reply is not None
            assert reply.code == BROKEN
            assert (await connection.write_body(big)) is not None
            assert (await connection.dot()).code == BROKEN
            assert not server.taken

    run(scene())
