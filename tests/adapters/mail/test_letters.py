"""Mails without a certificate: their words, in text and HTML alike, and nothing attached."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from golden_mails import LETTERS, body, golden_mail, letter_mail, parsed
from letters import DENIAL, REMINDER, reminder_row
from mail_office import TEMPLATES, account

from cecert.adapters.mail import MailLook, TemplateMailWriter, mail_logo
from cecert.adapters.mail.check import HEADERS, check_mail
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import OutboxRow
from cecert.errors import DeliveryError
from cecert.testing import sample_provider

GOLDEN = Path(__file__).parents[2] / "golden"
WRITER = TemplateMailWriter(TEMPLATES, account(25), sample_provider())


@pytest.mark.parametrize("name", LETTERS)
def test_its_words_are_those_that_were_kept(name: str) -> None:
    assert golden_mail(name) == (GOLDEN / f"mail-{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", LETTERS)
def test_text_and_html_say_the_same_words_in_the_same_order(name: str) -> None:
    mail = letter_mail(name)
    page = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", body(mail, "html"))
    assert words(html.unescape(page)) == words(re.sub(r"(?m)^ *(\*|\d\.) ", " ", body(mail)))


def words(text: str) -> list[str]:
    return re.findall(r"[\w#@.,'/-]+", text.casefold().replace(":", " "))


@pytest.mark.parametrize("name", LETTERS)
def test_it_carries_nothing_and_no_line_is_long(name: str) -> None:
    mail = letter_mail(name)
    message = parsed(mail)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message.get_content_type() == "multipart/alternative"
    assert not list(message.iter_attachments())
    assert max(map(len, body(mail).splitlines())) <= 72


@pytest.mark.parametrize("name", LETTERS)
def test_it_shows_the_logo_and_the_accent_of_the_office(name: str) -> None:
    logo = mail_logo((TEMPLATES / "office/signature.png").read_bytes())
    mail = letter_mail(name, MailLook(logo, "#7A1F3D"))
    types = [each.get_content_type() for each in parsed(mail).walk() if not each.is_multipart()]
    assert types == ["text/plain", "text/html", "image/png"]
    assert "solid #7A1F3D" in body(mail, "html")
    assert "solid #" not in body(letter_mail(name), "html")


@pytest.mark.parametrize("name", LETTERS)
def test_no_name_stands_in_a_header(name: str) -> None:
    entry, row = LETTERS[name]
    holder = entry.certificate.recipient.name if entry else letter_of(row).name
    headers = str(parsed(letter_mail(name))).partition("\n\n")[0]
    assert holder not in headers


def test_a_letter_about_a_certificate_that_is_not_there_is_not_written() -> None:
    _, row = LETTERS["revoked"]
    with pytest.raises(DeliveryError, match="is about no certificate of the ledger"):
        WRITER.write(None, row, b"")


def test_a_letter_that_carries_something_is_not_written() -> None:
    with pytest.raises(DeliveryError, match="is not the one that was issued"):
        WRITER.write(None, reminder_row(), b"%PDF-1.7")


def test_a_letter_whose_words_are_lost_is_not_written() -> None:
    with pytest.raises(DeliveryError, match="is no letter"):
        WRITER.check(None, replace(reminder_row(), note="[]"))


def test_words_that_are_markup_stay_words() -> None:
    letter = replace(DENIAL, sentences=("<script>alert(1)</script> & more.",))
    mail = WRITER.write(None, reminder_row(1, letter), b"")
    assert "&lt;script&gt;" in body(mail, "html")
    assert "<script>" not in body(mail, "html")


def test_a_title_that_could_become_a_header_is_refused() -> None:
    letter = replace(REMINDER, title="=?utf-8?q?=0ABcc:_evil=40x.test?=")
    with pytest.raises(DeliveryError, match="cannot be a Subject"):
        WRITER.write(None, reminder_row(1, letter), b"")


def test_somebody_else_s_letter_is_not_sent() -> None:
    row = reminder_row()
    mail = WRITER.write(None, row, b"")
    other: OutboxRow = reminder_row(1, replace(REMINDER, name="Rosa Núñez"))
    with pytest.raises(DeliveryError, match="is missing from its text"):
        check_mail(mail, None, other)


def test_an_office_s_own_template_takes_its_place(tmp_path: Path) -> None:
    (tmp_path / "remind.txt").write_text("{{ name }}, {{ by }}", "utf-8")
    own = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), tmp_path)
    said = body(own.write(None, reminder_row(), b""))
    assert said.strip() == "Marguerite Adeyemi-Thornquist, November 28, 2020"
