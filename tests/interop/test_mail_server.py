"""chasquid, a real mail server: TLS, AUTH, and what it does with a mail that is cut off."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from hashlib import sha256

import pytest
import trustme
from chasquid_server import DOMAIN, PASSWORD, USER, Chasquid, chasquid_server
from mail_office import SAY, account, issued, mail_room

from cecert.adapters.mail import Credentials, SmtpSender
from cecert.adapters.mail.connection import Patience, open_connection
from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.domain.mail.words import attachment_name
from cecert.testing import MemoryOffice
from cecert.workflows.deliver.deliver import deliver

pytestmark = pytest.mark.system
AUTHORITY = trustme.CA()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chasquid]:
    with chasquid_server(tmp_path_factory.mktemp("chasquid"), AUTHORITY) as running:
        yield running


def submission(server: Chasquid, security: MailSecurity) -> MailAccount:
    port = server.tls_port if security is MailSecurity.TLS else server.starttls_port
    return account(port, host="localhost", security=security, user=USER, sender=USER)


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_certificates_arrive_whole_through_tls_and_a_login(
    server: Chasquid, security: MailSecurity
) -> None:
    office = MemoryOffice()
    entries = issued(office, 3, domain=DOMAIN)
    before = len(server.delivered(0))
    sender = SmtpSender(submission(server, security), Credentials(PASSWORD), tls=trusting())
    report = asyncio.run(deliver(mail_room(office, sender)))
    assert report.counts["sent"] == 3, report
    arrived = {parsed(mail)["To"]: parsed(mail) for mail in server.delivered(before + 3)[before:]}
    assert len(arrived) == 3
    for entry in entries:
        (pdf,) = arrived[entry.email].iter_attachments()
        content = pdf.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert sha256(content).hexdigest() == entry.sha256
        assert pdf.get_filename() == attachment_name(entry.certificate, SAY)


def parsed(mail: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(mail)
    assert isinstance(message, EmailMessage)
    return message


def test_a_wrong_password_stops_the_batch_and_fails_nobody(server: Chasquid) -> None:
    office = MemoryOffice()
    issued(office, 2)
    wrong = SmtpSender(
        submission(server, MailSecurity.STARTTLS), Credentials("wrong"), tls=trusting()
    )
    report = asyncio.run(deliver(mail_room(office, wrong)))
    assert "refuses us: 535" in report.halted
    assert {row.state_word for row in office.ledger.rows()} == {"queued"}


def test_a_message_that_is_cut_before_its_dot_is_not_delivered(server: Chasquid) -> None:
    # What the commit mark rests on (docs/spec/delivery.md 4.3 and 6, test 7).
    before = len(server.delivered(0))

    async def cut_after(end: bytes) -> None:
        connection = await open_connection(
            submission(server, MailSecurity.STARTTLS), Credentials(PASSWORD), Patience(), trusting()
        )
        for words in (f"MAIL FROM:<{USER}>", f"RCPT TO:<x@{DOMAIN}>", "DATA"):
            reply = await connection.ask(words.encode(), wait=10)
            assert reply.code in {250, 354}, reply
        assert await connection.write_body(b"Subject: cut\r\n\r\nbody\r\n" + end) is None
        connection.cut()

    for end in (b"", b".", b".\r"):
        asyncio.run(cut_after(end))
    assert len(server.delivered(before + 1, patience=1.5)) == before
