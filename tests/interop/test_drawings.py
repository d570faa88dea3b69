"""Drawings in the eyes of other programs: no fault, and the code is read off the page."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    KINDS,
    certificate,
)
from PIL import Image
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer

pytestmark = pytest.mark.system


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
