"""Names in a font of the provider: they conform, and other programs read them back."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import certificate_samples
import page
import pytest
from certificate_samples import ISSUED, certificate, sealer
from further_fonts import NAMES, made
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> CertificateRenderer:
    font = made(tmp_path_factory.mktemp("fonts") / "Boxes.ttf")
    return certificate_samples.renderer(extra_fonts=[font], seal_room=sealer().room)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_in_a_further_font_conforms_and_is_read_back(
    drawer: CertificateRenderer, name: str, tmp_path: Path
) -> None:
    sealed = sealer().seal(drawer.draw(certificate(name)), ISSUED)
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(sealed, profile=profile).failures == []
    assert name in PdfReader(BytesIO(sealed)).pages[0].extract_text()
    path = tmp_path / "name.pdf"
    path.write_bytes(sealed)
    command = ["pdftotext", str(path), "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert name in read.stdout
    assert read.stderr == ""


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
@pytest.mark.parametrize("name", ["\u738b\U000e0101\u660e", "\u738b\u5c0f\ufe00\u660e"])
def test_a_form_that_a_selector_asks_for_is_drawn_and_read_back_with_its_selector(
    drawer: CertificateRenderer, name: str, layout: str, tmp_path: Path
) -> None:
    sealed = sealer().seal(drawer.draw(replace(certificate(name), layout=layout)), ISSUED)
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(sealed, profile=profile).failures == []
    assert name in PdfReader(BytesIO(sealed)).pages[0].extract_text()
    path = tmp_path / "name.pdf"
    path.write_bytes(sealed)
    command = ["pdftotext", str(path), "-"]
    assert name in subprocess.run(command, capture_output=True, text=True, check=True).stdout
