"""The document: conformant, tagged, the same bytes every time, its code readable."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pytest
import zxingcpp
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    ROOT,
    certificate,
    certificate_with_its_token,
    uneven_sessions,
)
from PIL import Image
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.certificate.printed_text import differences
from cecert.domain.token.claims import Claims

KINDS: dict[str, Callable[[], Certificate]] = {
    "three lines": certificate,
    "attendance": lambda: certificate(lines=0),
    "one line": lambda: certificate(lines=1, licenses=()),
    "hard": lambda: certificate(HARD_NAME, HARD_TITLE, lines=4),
    "two pages": lambda: certificate(HARD_NAME, HARD_TITLE, lines=6),
    "sessions listed": lambda: certificate(sessions=uneven_sessions(12)),
    "A4": lambda: replace(certificate(), paper=Paper.A4),
    "modern": lambda: replace(certificate(), layout="modern/1"),
    "modern, two pages": lambda: replace(
        certificate(HARD_NAME, HARD_TITLE, lines=6), layout="modern/1", paper=Paper.A4
    ),
    "modern, attendance": lambda: replace(certificate(lines=0), layout="modern/1"),
    "Hebrew": lambda: certificate("דניאל כהן"),
}
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


@pytest.mark.parametrize("kind", KINDS)
def test_other_readers_find_no_fault(
    renderer: CertificateRenderer, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "drawn.pdf"
    path.write_bytes(renderer.draw(KINDS[kind]()).pdf)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")
    drawn = subprocess.run(
        ["pdftoppm", "-r", "50", path, tmp_path / "out"], capture_output=True, check=False
    )
    assert (drawn.returncode, drawn.stderr) == (0, b"")


def symbols(pdf: bytes, dpi: int, folder: Path) -> list[str]:
    path = folder / f"at-{dpi}.pdf"
    path.write_bytes(pdf)
    stem = folder / f"at-{dpi}"
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", path, stem], check=True)
    with Image.open(stem.with_suffix(".pgm")) as image:
        return [each.text for each in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("dpi", [150, 200])
def test_the_code_is_read_from_the_printed_page(
    renderer: CertificateRenderer, dpi: int, tmp_path: Path
) -> None:
    drawn = certificate(HARD_NAME, HARD_TITLE, lines=4)
    assert symbols(renderer.draw(drawn).pdf, dpi, tmp_path) == [drawn.token_url]


def test_another_reader_reads_the_code_too(renderer: CertificateRenderer, tmp_path: Path) -> None:
    drawn = certificate()
    path = tmp_path / "drawn.pdf"
    path.write_bytes(renderer.draw(drawn).pdf)
    subprocess.run(
        ["pdftoppm", "-r", "200", "-png", "-singlefile", path, tmp_path / "z"], check=True
    )
    read = subprocess.run(
        ["zbarimg", "--raw", "-q", tmp_path / "z.png"], capture_output=True, text=True, check=True
    )
    assert read.stdout.strip() == drawn.token_url


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


def test_a_specimen_verifies_nowhere_and_says_so(
    renderer: CertificateRenderer, tmp_path: Path
) -> None:
    drawn = certificate()
    pdf = renderer.draw_specimen(drawn).pdf
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    for words in ("Specimen", "This file is not sealed.", "This code does not verify.",
                  "0000-0000-0000-0000", "specimen, not a certificate"):  # fmt: skip
        assert words in text
    assert str(drawn.id) not in text
    digits = drawn.token_url.partition("#")[2].encode("ascii")
    assert digits not in pdf
    (read,) = symbols(pdf, 200, tmp_path)
    assert read.startswith("https://verify.example.edu/#1")
    assert read != drawn.token_url
    assert PdfReader(BytesIO(pdf)).get_fields() is None


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
