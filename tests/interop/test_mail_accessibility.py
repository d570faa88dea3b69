"""The HTML of a mail in Chromium: axe-core finds nothing, and nothing is wider than a phone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from golden_mails import LETTERS
from mail_office import TEMPLATES, account, issued
from playwright.sync_api import Browser
from sampled import sampled

from cecert.adapters.mail import MailLook, TemplateMailWriter, mail_logo
from cecert.domain.mail.message import OutboxRow
from cecert.domain.mail.promises import resend_row
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Entry
from cecert.testing import MemoryOffice, sample_provider

pytestmark = pytest.mark.system
OFFICE = MemoryOffice()
(ENTRY,) = issued(OFFICE, 1, credentials=("ny-social-work", "ma-social-work", "apa-psychology"))
LONG = replace(
    ENTRY.certificate,
    recipient=replace(ENTRY.certificate.recipient, name="Wolfeschlegelsteinhausen" * 3),
    course=replace(ENTRY.certificate.course, title="Donaudampfschifffahrtsgesellschaft " * 4 + "x"),
    supersedes=CertificateId.parse("7Q2M-X4KD-9VTR-H3NP"),
)
LOGO = mail_logo((TEMPLATES / "office/signature.png").read_bytes())
MAILS: Mapping[str, tuple[Entry | None, OutboxRow]] = {
    **LETTERS,
    "first": (ENTRY, ENTRY.mail),
    "resent": (ENTRY, resend_row(ENTRY.certificate, ENTRY.mail, 1, OFFICE.clock.now())),
    "long and corrected": (
        replace(ENTRY, certificate=LONG),
        replace(ENTRY.mail, note="the name was misspelt"),
    ),
}


def page_of(entry: Entry | None, row: OutboxRow) -> str:
    look = MailLook(LOGO, "#7A1F3D")
    writer = TemplateMailWriter(TEMPLATES, account(25), sample_provider(), look=look)
    mail = writer.write(entry, row, OFFICE.archive.get(ENTRY.document) if row.sha256 else b"")
    message = BytesParser(policy=default).parsebytes(mail.content)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html",))
    assert part is not None
    content: str = part.get_content()
    shown = "data:image/png;base64," + b64encode(LOGO.data).decode()
    return content.replace("cid:logo@cecert.invalid", shown)


SAMPLE = [("first", "light"), ("long and corrected", "dark"), ("denied", "light")]
"""What every run looks at; all mails are where time is given: axe takes a second for each."""


@pytest.mark.parametrize(("mail", "scheme"), sampled(product(MAILS, ("light", "dark")), SAMPLE))
def test_a_mail_is_accessible_in_either_scheme_and_fits_a_phone(
    browser: Browser, mail: str, scheme: str
) -> None:
    page = browser.new_page(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.set_content(page_of(*MAILS[mail]))
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    broken = """[...document.querySelectorAll("th")].filter((each) => {
        const words = document.createRange();
        words.selectNodeContents(each);
        return words.getClientRects().length > 1;
    }).length"""
    assert page.evaluate(broken) == 0  # a label stands on one line, however long its value
    page.close()
