"""A transcript dropped on the verify page: each certificate's answer, and the file's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from certificate_samples import signing_cert as cert_of
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from papers import private_key, signing_cert
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfWriter
from transcript_samples import (
    SIGNATURE,
    Enrolled,
    enrolled,
    replaced_and_revoked,
    status_list_now,
    with_row,
)

from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.pades import PadesSealer
from cecert.adapters.render import TranscriptRenderer
from cecert.adapters.site import VerifySite
from cecert.domain.trust.status_list import sign_status_list
from cecert.domain.trust.trust_file import KeyState, SealCert, TrustFile
from cecert.testing import sample_provider
from cecert.workflows.revoke import revoke

pytestmark = pytest.mark.system
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def one() -> Enrolled:
    found = enrolled(4)
    replaced_and_revoked(found)
    return found


@pytest.fixture
def page(browser: Browser, one: Enrolled, tmp_path: Path) -> Iterator[Page]:
    """Return the page as a file, whose clock stands at the office's."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce")
    context.clock.set_fixed_time(one.school.office.clock.now())
    opened = context.new_page()
    opened.on("pageerror", lambda error: pytest.fail(f"the page's script: {error}"))
    load(opened, one, tmp_path)
    yield opened
    context.close()


def load(page: Page, one: Enrolled, folder: Path, trust: TrustFile | None = None) -> None:
    current = status_list_now(one)
    number, listed = current.list_id, sign_status_list(current, one.school.status)
    site = VerifySite(TEMPLATES, sample_provider(), "verify.example.edu")
    trusted = trust or one.school.trust
    data = one.school.trust_bytes(trusted)
    (folder / "page.html").write_bytes(site.page(trusted, data, {number: listed}))
    page.goto((folder / "page.html").as_uri())


def drop(page: Page, pdf: bytes) -> None:
    page.set_input_files("#file", {"name": "t.pdf", "mimeType": "application/pdf", "buffer": pdf})
    page.wait_for_selector("#answer:not([aria-busy=true]) h1:focus")


def states(page: Page) -> list[str]:
    return page.locator("#record tbody .state").all_inner_texts()


def test_each_certificate_and_the_file_are_answered(page: Page, one: Enrolled) -> None:
    drop(page, one.sealed())
    expect(page.locator("h1")).to_have_text(
        re.compile(r"VALID\s+The transcript is as issued, and what it counts is in force")
    )
    expect(page.locator("#answer")).to_have_class("answer valid filled")
    expect(page.locator("#said")).to_contain_text("Certificates: 3 VALID, 1 REPLACED, 1 REVOKED")
    expect(page.locator("#said")).to_contain_text("File: as the school sealed it")
    assert sorted(states(page)) == ["REPLACED", "REVOKED", "VALID", "VALID", "VALID"]
    table = page.locator("#record table")
    for row in one.transcript.rows:
        expect(table).to_contain_text(str(row.certificate.id))
        expect(table).to_contain_text(row.certificate.course.title)
    assert table.get_by_text("listed only").count() == 2
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    # The full answer of one, and back.
    valid = str(one.transcript.rows[0].certificate.id)
    page.get_by_role("button", name=valid).click()
    expect(page.locator("h1")).to_contain_text("VALID")
    expect(page.locator("#record dd.name")).to_have_text(one.name)
    page.get_by_role("button", name="Back to the transcript").click()
    assert len(states(page)) == 5


def by_a_stranger(one: Enrolled) -> bytes:
    key = private_key("a stranger")
    return one.sealed(
        seal=PadesSealer(digest_signer_of(key), signing_cert(key, "Example College seal"))
    )


def changed(one: Enrolled) -> bytes:
    pdf = bytearray(one.sealed())
    pdf[pdf.index(b"drawn up ") + len("drawn up 2020-11-0")] -= 1
    return bytes(pdf)


def cut(one: Enrolled) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(one.sealed()))
    writer.remove_page(len(writer.pages) - 1)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_was_made_or_altered_by_others_is_called_so(page: Page, one: Enrolled) -> None:
    expected = {
        by_a_stranger: "NOT CONFIRMED",
        changed: "NOT AUTHENTIC",
        lambda one: one.sealed() + b"\n%": "CODE ONLY",
        cut: "NOT AUTHENTIC",  # rows of the page that is gone stand nowhere
    }
    for made, word in expected.items():
        drop(page, made(one))
        expect(page.locator("#answer .word")).to_have_text(word)
        expect(page.locator("#said")).to_contain_text("File: not as the school sealed it")
        assert "VALID" not in states(page)
        page.locator("#record tbody button").first.click()
        expect(page.locator("#answer .word")).not_to_have_text("VALID")


def test_a_row_with_other_words_is_called_so(page: Page, one: Enrolled) -> None:
    own = one.transcript.rows[0].certificate
    more = tuple(replace(each, hours=Decimal(12)) for each in own.credit_lines)
    writer = PdfWriter(
        clone_from=BytesIO(one.sealed(with_row(one.transcript, 0, credit_lines=more)))
    )
    out = BytesIO()
    writer.write(out)
    drop(page, out.getvalue())
    expect(page.locator("#answer .word")).to_have_text("NOT AUTHENTIC")
    assert states(page).count("NOT AUTHENTIC") == 1
    page.get_by_role("button", name=str(own.id)).click()
    expect(page.locator("#main")).to_contain_text("Its words were changed")
    expect(page.locator("#said")).to_contain_text("hours")


def test_what_was_taken_back_since_makes_the_answer_worse(page: Page, tmp_path: Path) -> None:
    one = enrolled(2)
    pdf, office = one.sealed(), one.school.office
    revoke(
        one.transcript.rows[0].certificate.id, office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="a test",
    )  # fmt: skip
    load(page, one, tmp_path)
    drop(page, pdf)
    expect(page.locator("#answer .word")).to_have_text("REVOKED")
    expect(page.locator("#said")).to_contain_text("File: as the school sealed it")
    drop(page, one.sealed())
    expect(page.locator("#answer .word")).to_have_text("VALID")


def test_seals_of_every_kind_of_key_are_checked(page: Page, one: Enrolled, tmp_path: Path) -> None:
    keys = (
        rsa.generate_private_key(65537, 2048),
        ec.derive_private_key(0xCECE27, ec.SECP384R1()),
        ec.derive_private_key(0xCECE27, ec.SECP521R1()),
    )
    seals = [
        (PadesSealer(digest_signer_of(key), cert), cert) for key in keys for cert in (cert_of(key),)
    ]
    window = (one.school.trust.seals[0].not_before, one.school.trust.seals[0].not_after)
    digests = [sha256(cert.public_bytes(Encoding.DER)).digest() for _, cert in seals]
    certs = tuple(SealCert(each, *window) for each in digests)
    load(page, one, tmp_path, replace(one.school.trust, seals=certs))
    for seal, _ in seals:
        drop(page, one.sealed(seal=seal, renderer=wide()))
        expect(page.locator("#said")).to_contain_text("File: as the school sealed it")
    withdrawn = tuple(replace(each, state=KeyState.COMPROMISED) for each in certs)
    load(page, one, tmp_path, replace(one.school.trust, seals=withdrawn))
    drop(page, one.sealed(seal=seals[0][0], renderer=wide()))
    expect(page.locator("#answer .word")).to_have_text("NOT CONFIRMED")


def wide() -> TranscriptRenderer:
    """Return the renderer that leaves room for a seal by any key."""
    return TranscriptRenderer(
        templates=TEMPLATES,
        fonts=TEMPLATES.parent / "fonts",
        seal_room=4096,
        pictures={"signature": SIGNATURE},
    )
