"""A fact has the same words on paper, in the mail, in `verify`, on the page and in the report.

One corrected certificate, issued in the evening of a day that was over in UTC, on all five.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from pathlib import Path

import pytest
from mail_office import TEMPLATES, account
from papers import CREDENTIALS, School, school
from playwright.sync_api import Browser
from pypdf import PdfReader

from cecert.adapters.document_reader import ReadingProcess
from cecert.adapters.mail import TemplateMailWriter
from cecert.adapters.reports import IssueOutcome, batch_report
from cecert.adapters.site import VerifySite
from cecert.cli.verify_answer import InputAnswer, text_lines
from cecert.domain.certificate.correction import Correction
from cecert.domain.certificate.phrases import UNBROKEN
from cecert.domain.token.checks import CheckKind
from cecert.ports import Entry
from cecert.testing import sample_course, sample_provider
from cecert.workflows.correct import correct
from cecert.workflows.verify.own_ledger import ledger_teller, record_teller
from cecert.workflows.verify.verify import Checked, Verifier, verify

pytestmark = pytest.mark.system
OFFICE: School = school()
NUMBER = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
"""How verifiers of before find a certificate's number on a page, which may name no other."""


def made() -> tuple[Entry, Entry]:
    """Issue a certificate, and the one that corrects it at 00:43 UTC of the next day."""
    wrong, _ = OFFICE.issue("Ana Ruiz", "ana.ruiz@example.org")
    OFFICE.office.clock.forward(timedelta(hours=9, minutes=43))
    new = correct(wrong.id, Correction("misspelt.", name="Ana Ruíz"), OFFICE.desk()).entry
    old = OFFICE.office.ledger.entry(wrong.id)
    assert old is not None
    return old, new


OLD, NEW = made()
PDF = OFFICE.office.archive.get(NEW.document)
NAME, REPLACED = NEW.certificate.recipient.name, str(OLD.certificate.id)

EVERYWHERE = {
    "name": NAME,
    "course": "Mentalization Based Treatment",
    "dates": "October 22 and 29, 2020",
    "day of issue": "November 5, 2020",
    "number": str(NEW.certificate.id),
    "hours, New York": "6 contact hours",
    "hours, Massachusetts": "6 CE hours",
    "hours, psychology": "6 CE credits",
    "how it was held": "Live interactive webinar",
}
"""What all five say."""

SAID = {
    "approval number": "No. 0199",
    "no number": "number issued",
    "sponsor": "Example Prepare",
    "replaces": REPLACED,
    "no sum": "Each line counts the same instruction for a different board; do not add them.",
}
"""What all say that list credit lines; the report of a batch gives their hours alone."""

NOWHERE = ("6.00", "Live, interactive, online", "rovider number", "contact hour ", "November 6")


def flat(text: str) -> str:
    """Return a text on one line; a replaced number with the hyphens that it has elsewhere."""
    return " ".join(text.replace("\u00a0", " ").replace(UNBROKEN, "-").split())


def paper() -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(PDF)).pages)
    # On paper a credit is a row: the figure of its hours stands above their unit.
    return flat(re.sub(r"(?m)^6\n(.+)$", r"6 \1", text))


def mail() -> str:
    writer = TemplateMailWriter(TEMPLATES, account(25), sample_provider())
    message = BytesParser(policy=default).parsebytes(writer.write(NEW, NEW.mail, PDF).content)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part is not None
    return flat(part.get_content())


def checked(verifier: Verifier) -> Checked:
    return verify(PDF, verifier)


def verifier() -> Verifier:
    return OFFICE.verifier(ReadingProcess())


def told(verifier_: Verifier) -> str:
    return flat(" ".join(text_lines(InputAnswer("ana.pdf", checked(verifier_)), verifier_)))


def in_the_office() -> Verifier:
    memory = OFFICE.office
    return replace(
        verifier(),
        status=ledger_teller(memory.ledger, memory.clock, verifier().status),
        recorded=record_teller(memory.ledger),
        timezone=sample_provider().timezone,
    )


def report() -> str:
    outcome = IssueOutcome(sample_course(), [NEW], [], OFFICE.office.clock.now())
    page = batch_report(outcome, TEMPLATES).decode()
    return flat(html.unescape(re.sub(r"(?s)<(style|script)>.*?</\1>|<[^>]+>", " ", page)))


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu")
    path: Path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_bytes(site.page(OFFICE.trust, OFFICE.trust_bytes(), {}))
    opened = browser.new_page()
    opened.clock.set_fixed_time(OFFICE.office.clock.now())
    opened.goto(f"{path.as_uri()}#{NEW.certificate.token_url.partition('#')[2]}")
    opened.wait_for_selector("#answer:not([aria-busy=true]) h1")
    yield flat(opened.locator("#record").inner_text())
    opened.close()


def test_all_five_say_the_same_of_every_fact(page: str) -> None:
    places = {
        "paper": paper(), "mail": mail(), "verify": told(in_the_office()), "page": page,
        "report": report(),
    }  # fmt: skip
    missing = [
        (place, fact, words)
        for place, text in places.items()
        for fact, words in (EVERYWHERE | (SAID if place != "report" else {})).items()
        if words not in text
    ]
    assert missing == []
    found = [(place, each) for place, text in places.items() for each in NOWHERE if each in text]
    assert found == []
    assert not [place for place in ("mail", "verify", "page") if "#" in places[place]]


def test_who_knows_no_zone_names_every_day_and_no_other(page: str) -> None:
    text = told(verifier())
    assert (
        "Issued: November 5 or 6, 2020, whichever the paper says: "
        "it was signed on November 6, 2020, 00:43 UTC"
    ) in text
    facts = [words for fact, words in (EVERYWHERE | SAID).items() if fact != "day of issue"]
    assert [each for each in facts if each not in text] == []
    assert "Issued November 5, 2020" in page


def test_the_page_and_the_command_say_the_same_of_a_credit(page: str) -> None:
    text = told(verifier())
    for credit in (
        "6 contact hours, No. 0199",
        "6 CE hours, no number issued",
        "6 CE credits, awarded by Example Prepare, no number issued",
    ):
        assert credit in text
        hours, _, rest = credit.partition(", ")
        assert f"{hours} {rest}" in page
    assert len(CREDENTIALS) == text.count("Credit: ")


def test_what_a_verifier_of_before_compares_is_still_the_same() -> None:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(PDF)).pages)
    assert set(NUMBER.findall(text)) == {str(NEW.certificate.id)}
    assert REPLACED.replace("-", UNBROKEN) in text
    assert REPLACED not in text
    (text_check,) = (each for each in checked(verifier()).checks if each.question is CheckKind.TEXT)
    assert text_check.code == "SAME"


def test_in_the_office_the_old_one_names_the_one_that_replaced_it() -> None:
    own = in_the_office()
    old = verify(OFFICE.office.archive.get(OLD.document), own)
    text = flat(" ".join(text_lines(InputAnswer("old.pdf", old), own)))
    assert "REPLACED by a corrected certificate" in text
    assert f"Replaced by certificate: {NEW.certificate.id}" in text
