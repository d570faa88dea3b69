"""The document: conformant, tagged, the same bytes every time, its code readable."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any

import page
import pytest
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    KINDS,
    ROOT,
    certificate,
    certificate_with_its_token,
)
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.printed_text import differences
from cecert.domain.token.claims import Claims

PROFILES = [page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1]


def failures(pdf: bytes, profile: page.ValidationProfile) -> list[str]:
    report = page.validate_pdf_bytes(pdf, profile=profile)
    return [f"{each.rule_id}: {each.message}" for each in report.failures]


@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/A-3u", "PDF/UA-1"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_conforms(
    renderer: CertificateRenderer, kind: str, profile: page.ValidationProfile
) -> None:
    assert failures(renderer.draw(KINDS[kind]()).pdf, profile) == []


@pytest.mark.parametrize("profile", PROFILES, ids=["PDF/A-3u", "PDF/UA-1"])
def test_a_specimen_conforms_too(
    renderer: CertificateRenderer, profile: page.ValidationProfile
) -> None:
    assert failures(renderer.draw_specimen(certificate()).pdf, profile) == []


def test_the_code_is_thirty_six_millimetres(renderer: CertificateRenderer) -> None:
    (drawn_page,) = renderer.pages(certificate(), specimen=False)
    (figure,) = [each for each in drawn_page.body if "QR" in each.alt]
    box = figure.kids[-1].box  # type: ignore[union-attr]  # what is drawn has a box
    assert (box.right - box.left) * 25.4 / 72 == pytest.approx(36)


def test_the_token_goes_along_as_plain_text_that_stands_in_the_file(
    renderer: CertificateRenderer,
) -> None:
    drawn = certificate()
    pdf = renderer.draw(drawn).pdf
    assert PdfReader(BytesIO(pdf)).attachments == {
        "cecert-token.txt": [drawn.token_url.encode("ascii")]
    }
    assert drawn.token_url.encode("ascii") in pdf


def test_the_page_says_what_its_token_says(renderer: CertificateRenderer) -> None:
    drawn, claims = certificate_with_its_token()
    assert isinstance(claims, Claims)
    text = PdfReader(BytesIO(renderer.draw(drawn).pdf)).pages[0].extract_text()
    assert differences(text.splitlines(), claims) == ()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"Hebrew", "A4"}))
def test_pages_of_every_kind_say_what_their_tokens_say(
    renderer: CertificateRenderer, kind: str
) -> None:
    drawn = KINDS[kind]()
    _, claims = certificate_with_its_token()
    assert isinstance(claims, Claims)
    carried = [
        replace(claims.credits[0], hundredths=each.hundredths) for each in drawn.credit_lines
    ]
    certified = replace(
        claims,
        certificate_id=drawn.id,
        recipient=drawn.recipient.name,
        title=drawn.course.title,
        session_dates=drawn.course.days,
        credits=tuple(replace(each, code=n + 1) for n, each in enumerate(carried)),
    )
    reader = PdfReader(BytesIO(renderer.draw(drawn).pdf))
    lines = [line for each in reader.pages for line in each.extract_text().splitlines()]
    assert differences(lines, certified) == ()


def test_the_same_certificate_is_the_same_bytes(renderer: CertificateRenderer) -> None:
    drawn = certificate(HARD_NAME, HARD_TITLE, lines=6)
    assert renderer.draw(drawn).pdf == renderer.draw(drawn).pdf


_DRAW = """
import sys
import certificate_samples
sys.stdout.buffer.write(
    certificate_samples.renderer().draw(certificate_samples.certificate()).pdf
)
"""


def test_another_process_with_another_hash_seed_draws_the_same_bytes(
    renderer: CertificateRenderer,
) -> None:
    other = subprocess.run(
        [sys.executable, "-c", _DRAW],
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests' / 'support'}"},
    )
    assert other.stdout == renderer.draw(certificate()).pdf


def test_metadata_say_what_and_whose_and_nothing_private(renderer: CertificateRenderer) -> None:
    drawn = certificate()
    reader = PdfReader(BytesIO(renderer.draw(drawn).pdf))
    assert reader.metadata is not None
    assert (
        reader.metadata.title
        == "Certificate of Completion: Mentalization Based Treatment, Ana Ruiz"
    )
    assert reader.metadata.author == drawn.provider.name
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"
    xmp = root["/Metadata"].get_data().decode()
    assert "012345" not in xmp
    assert "@" not in re.sub(r"<\?xpacket[^>]*>", "", xmp)


def test_an_unknown_layout_is_named_with_those_there_are(renderer: CertificateRenderer) -> None:
    drawn = replace(certificate(), layout="baroque/3")
    (fault,) = renderer.faults(drawn)
    assert (fault.place, fault.value, fault.problem) == ("layout", "baroque/3", "is no layout here")
    assert "classic/1" in fault.remedy
