"""Delivering, against aiosmtpd on loopback; the outbox is the one in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from mail_office import issued, mail_room

from cecert.adapters.local_mail_server import LocalMailServer, local_mail_server
from cecert.adapters.mail import EmlFolder
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState
from cecert.errors import DeliveryError, InputError
from cecert.ports import Event
from cecert.testing import MemoryOffice, MemorySendLog
from cecert.workflows.deliver.deliver import DeliveryReport, MailRoom, deliver, dry_run


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalMailServer]:
    with local_mail_server(tmp_path / "mailboxes") as running:
        yield running


def run(room: MailRoom, **options: object) -> DeliveryReport:
    return asyncio.run(deliver(room, **options))  # type: ignore[arg-type]  # the tests' own


def test_each_person_gets_one_mail_with_their_own_certificate(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    entries = issued(office, 12)
    report = run(mail_room(office, server.port))
    assert report.complete
    assert report.counts["sent"] == 12
    arrived = {each.mailbox: each for each in server.mails()}
    assert len(server.mails()) == len(arrived) == 12
    for entry in entries:
        mail = arrived[entry.email]
        text = mail.message.get_body(("plain",))
        assert sha256(mail.pdf).hexdigest() == entry.sha256
        assert mail.message["To"] == entry.email
        assert text is not None
        assert entry.certificate.recipient.name in text.get_content()


def test_running_it_again_sends_nothing(office: MemoryOffice, server: LocalMailServer) -> None:
    issued(office, 3)
    room = mail_room(office, server.port)
    run(room)
    again = run(room)
    assert again.tally == {}
    assert again.document()["halted"] == ""
    assert len(server.mails()) == 3


def test_another_number_than_expected_sends_nothing(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    issued(office, 3)
    with pytest.raises(InputError, match="3 mails would be sent, 2 were expected"):
        run(mail_room(office, server.port), expect=2)
    assert not server.mails()


def test_only_the_course_asked_for_is_mailed(office: MemoryOffice, server: LocalMailServer) -> None:
    issued(office, 2)
    assert run(mail_room(office, server.port), course_id="another").tally == {}
    assert not server.mails()


def test_a_revoked_certificate_is_not_mailed(office: MemoryOffice, server: LocalMailServer) -> None:
    first, second = issued(office, 2)
    revoked = Event("revoked", office.clock.now(), first.certificate.id, "me", "wrong person")
    assert office.ledger.revoke(first.certificate.id, revoked) is CertificateState.STANDING
    run(mail_room(office, server.port))
    assert [each.mailbox for each in server.mails()] == [second.email]


def test_a_missing_document_stops_its_own_mail_and_no_other(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    first, second = issued(office, 2)
    office.archive.discard(first.document)
    report = run(mail_room(office, server.port))
    assert (report.counts["failed"], report.counts["sent"]) == (1, 1)
    assert "missing from the archive" in report.mails[0].reply
    assert [each.mailbox for each in server.mails()] == [second.email]
    assert not report.complete


def test_a_changed_document_is_never_sent(office: MemoryOffice, server: LocalMailServer) -> None:
    (entry,) = issued(office, 1)
    office.archive.documents[entry.document] += b"x"
    report = run(mail_room(office, server.port))
    assert report.mails[0].state == "failed"
    assert "is not the one that was issued" in report.mails[0].reply
    assert not server.mails()


def test_a_service_that_is_not_there_leaves_every_mail_queued(
    office: MemoryOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cecert.workflows.deliver.run.PATIENT_TRIES", (0.01, 0.01))
    issued(office, 2)
    report = run(mail_room(office, 1))  # nothing listens on port 1
    assert "127.0.0.1:1 cannot be reached" in report.halted
    assert report.left == 2
    assert {each.state_word for each in office.ledger.rows()} == {"queued"}


def test_what_the_send_log_knows_is_never_sent_again(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    # The ledger was restored from a backup made before the mails went out.
    first, second = issued(office, 2)
    log = MemorySendLog()
    log.note(first.mail, "250 OK", office.clock.now())
    report = run(mail_room(office, server.port, send_log=log))
    assert [each.mailbox for each in server.mails()] == [second.email]
    assert report.counts["sent"] == 1
    row = office.ledger.row(first.mail.key)
    assert row is not None
    assert (row.state, row.reply) == (MailState.SENT, "by the send log: 250 OK")


def test_a_dry_run_writes_every_message_and_changes_nothing(
    office: MemoryOffice, tmp_path: Path
) -> None:
    entries = issued(office, 3)
    before = office.ledger.rows()
    paths = list(dry_run(mail_room(office, 1), EmlFolder(tmp_path / "out"), expect=3))
    assert sorted(Path(each).name for each in paths) == sorted(
        f"{each.certificate.id}.eml" for each in entries
    )
    assert [each.name for each in (tmp_path / "out").iterdir() if each.suffix != ".eml"] == []
    assert office.ledger.rows() == before


def test_a_dry_run_writes_what_deliver_will_send(
    office: MemoryOffice, server: LocalMailServer, tmp_path: Path
) -> None:
    issued(office, 1)
    room = mail_room(office, server.port)
    (path,) = dry_run(room, EmlFolder(tmp_path / "out"))
    run(room)
    # aiosmtpd puts its X-Peer headers before the message's own.
    assert server.mails()[0].path.read_bytes().endswith(Path(path).read_bytes())


def test_a_dry_run_refuses_a_folder_with_other_messages(
    office: MemoryOffice, tmp_path: Path
) -> None:
    issued(office, 1)
    (tmp_path / "old.eml").write_text("from another day")
    with pytest.raises(InputError, match=r"1 other \.eml files, old\.eml among them"):
        list(dry_run(mail_room(office, 1), EmlFolder(tmp_path)))
    assert [each.name for each in tmp_path.iterdir()] == ["old.eml"]


def test_a_mail_put_off_is_written_by_a_dry_run_and_not_sent_by_deliver(
    office: MemoryOffice, server: LocalMailServer, tmp_path: Path
) -> None:
    issued(office, 1)
    room = mail_room(office, server.port)
    office.clock.forward(-timedelta(hours=1))
    assert run(room).tally == {}
    assert len(list(dry_run(room, EmlFolder(tmp_path / "out")))) == 1


def test_a_title_that_would_become_a_header_stops_the_batch_before_the_first_mail(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    # CVE-2024-6923: on CPython 3.11.7 this text in a header becomes a Bcc of its own.
    first, _ = issued(office, 2)
    title = "=?utf-8?q?=0ABcc:_evil=40x.test?="
    course = replace(first.certificate.course, title=title)
    certificate = replace(first.certificate, course=course)
    office.ledger._entries[certificate.id] = replace(first, certificate=certificate)
    with pytest.raises(DeliveryError, match="1 mails cannot be written; nothing was sent"):
        run(mail_room(office, server.port))
    assert not server.mails()
