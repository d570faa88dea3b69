"""Looking before issuing: pictures of pages, and the hardest names side by side."""

from __future__ import annotations

from io import BytesIO

from certificate_samples import HARD_NAME, certificate
from PIL import Image
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.contact_sheet import contact_sheet, page_pictures


def test_a_contact_sheet_holds_six_certificates_a_page(renderer: CertificateRenderer) -> None:
    names = ["Ana Ruiz", "Zoë Ågren", HARD_NAME, "Bo", "Ida", "Uma", "Eva"]
    sheet = contact_sheet([renderer.draw_specimen(certificate(each)).pdf for each in names])
    pages = PdfReader(BytesIO(sheet)).pages
    assert len(pages) == 2
    first, second = (each.extract_text() for each in pages)
    assert first.count("Certificate of Completion") == 6
    assert second.count("Certificate of Completion") == 1


def test_every_page_becomes_a_picture(renderer: CertificateRenderer) -> None:
    pdf = renderer.draw_specimen(certificate(lines=6)).pdf
    pictures = page_pictures(pdf, 72)
    sizes = [Image.open(BytesIO(each)).size for each in pictures]
    assert sizes == [(792, 612)] * len(PdfReader(BytesIO(pdf)).pages)


def test_long_names_and_other_scripts_are_harder_than_short_ones(
    renderer: CertificateRenderer,
) -> None:
    names = [
        "Bo",
        HARD_NAME,
        "Margaret Hughes",
        "Ana דניאל",
        "Maximiliane Featherstonehaugh-Smith-Jones",
    ]
    hardest = sorted(names, key=lambda name: renderer.difficulty(certificate(name)), reverse=True)
    assert set(hardest[:2]) == {HARD_NAME, "Ana דניאל"}
    assert hardest[-1] == "Bo"
