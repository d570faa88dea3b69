"""The demonstration's mail server, spoken to by the standard library's client."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from cecert.adapters.local_mail_server import local_mail_server


def a_mail(*attachments: bytes) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "hello"
    mail.set_content("hello")
    for each in attachments:
        mail.add_attachment(each, maintype="application", subtype="pdf", filename="c.pdf")
    return mail


def test_a_mail_lands_in_its_recipients_mailbox_with_its_attachment(tmp_path: Path) -> None:
    with local_mail_server(tmp_path) as server:
        with smtplib.SMTP(server.host, server.port) as client:
            client.send_message(a_mail(b"%PDF-1.7"))
        (mail,) = server.mails()
    assert mail.mailbox == "b@example.org"
    assert mail.pdf == b"%PDF-1.7"
    assert mail.message["Subject"] == "hello"


@pytest.mark.parametrize("attachments", [(), (b"one", b"two")], ids=["none", "two"])
def test_anything_but_one_pdf_is_no_certificate(
    tmp_path: Path, attachments: tuple[bytes, ...]
) -> None:
    with local_mail_server(tmp_path) as server:
        with smtplib.SMTP(server.host, server.port) as client:
            client.send_message(a_mail(*attachments))
        (mail,) = server.mails()
    with pytest.raises(ValueError, match="unpack"):
        _ = mail.pdf


def test_two_recipients_at_once_are_refused(tmp_path: Path) -> None:
    with local_mail_server(tmp_path) as server, smtplib.SMTP(server.host, server.port) as client:
        with pytest.raises(smtplib.SMTPDataError, match="one recipient a mail"):
            client.sendmail("a@example.org", ["b@example.org", "c@example.org"], "Subject: x\n\nx")
        assert server.mails() == []


def test_an_address_never_becomes_a_path(tmp_path: Path) -> None:
    with local_mail_server(tmp_path / "boxes") as server:
        with smtplib.SMTP(server.host, server.port) as client:
            client.sendmail("a@example.org", ["x/../../y@example.org"], "Subject: x\n\nx")
        (mail,) = server.mails()
    assert mail.path.parent.parent == tmp_path / "boxes"
