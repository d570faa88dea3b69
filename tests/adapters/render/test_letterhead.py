"""Letterheads: what can be drawn into, what is refused, and what is kept of conformance."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import certificate_samples
import page
import pytest
from certificate_samples import HARD_NAME, certificate
from letterhead_samples import FIELDS, letterhead
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from cecert.adapters.render import CertificateRenderer, read_letterhead
from cecert.domain.certificates import Signatory
from cecert.errors import ConfigurationError, DrawingError


def text_of(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def failures(pdf: bytes, profile: page.ValidationProfile) -> list[str]:
    return [each.rule_id for each in page.validate_pdf_bytes(pdf, profile=profile).failures]


def problems(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(ConfigurationError) as refused:
        read_letterhead(data)
    return [(each.value, each.problem) for each in refused.value.faults]


def test_every_place_is_filled_and_the_ground_stays(renderer: CertificateRenderer) -> None:
    opened = read_letterhead(letterhead(words=True))
    pdf = renderer.draw_on_letterhead(certificate(HARD_NAME), opened)
    text = " ".join(text_of(pdf).split())
    for words in (
        "From the desk of a designer", HARD_NAME, "Mentalization Based Treatment",
        "October 22 and 29, 2020", "6 contact hours", "0000-0000-0000-0000", "Maria Example",
    ):  # fmt: skip
        assert words in text
    assert PdfReader(BytesIO(pdf)).get_fields() is None


def test_a_ground_that_allows_it_is_conformant_in_both_standards(
    renderer: CertificateRenderer,
) -> None:
    opened = read_letterhead(letterhead(words=False))
    assert opened.losses == ()
    pdf = renderer.draw_on_letterhead(certificate(), opened)
    assert failures(pdf, page.ValidationProfile.PDF_A_3U) == []
    assert failures(pdf, page.ValidationProfile.PDF_UA_1) == []


def test_a_font_that_is_not_embedded_is_said_and_no_conformance_claimed(
    renderer: CertificateRenderer,
) -> None:
    opened = read_letterhead(letterhead(words=True))
    assert opened.losses == ("its font Helvetica is not embedded",)
    pdf = renderer.draw_on_letterhead(certificate(), opened)
    assert b"pdfaid:part>" not in pdf
    assert b"pdfuaid:part>" not in pdf


def test_colours_for_a_press_are_said_too() -> None:
    opened = read_letterhead(letterhead(words=False, press=True))
    assert opened.losses == ("it has colours in CMYK without a profile",)


def test_a_name_too_long_for_its_place_is_an_error_with_its_widths(
    renderer: CertificateRenderer,
) -> None:
    narrow = FIELDS | {"recipient_name": (96, 400, 40, 12)}
    opened = read_letterhead(letterhead(narrow))
    with pytest.raises(DrawingError) as refused:
        renderer.draw_on_letterhead(certificate("Wilhelmina Featherstonehaugh"), opened)
    (fault,) = refused.value.faults
    assert fault.place == "Wilhelmina Featherstonehaugh: place recipient_name"
    assert "needs" in fault.problem


def test_an_unknown_place_is_named_with_the_nearest_one() -> None:
    opened = read_letterhead(letterhead(FIELDS | {"recipent_name": (10, 10, 50, 12)}))
    (note,) = opened.notes
    assert note.startswith("the field 'recipent_name' is no place and stays empty")
    assert note.endswith("the nearest place is 'recipient_name'")
    odd = read_letterhead(letterhead(FIELDS | {"zzz": (10, 10, 50, 12)}))
    assert odd.notes == ("the field 'zzz' is no place and stays empty",)


def test_missing_places_are_all_named() -> None:
    found = problems(letterhead({"recipient_name": (0, 0, 100, 20)}))
    assert [name for name, _ in found] == [
        "course_title", "dates", "credits", "certificate_id", "qr",
    ]  # fmt: skip


def test_a_letterhead_without_fields_is_told_how_to_name_some() -> None:
    ((_, problem),) = problems(letterhead({}))
    assert problem.startswith("has no text field; name some after the places: recipient_name")


def test_a_field_that_stands_there_twice_is_refused() -> None:
    assert ("dates", "stands there 2 times") in problems(letterhead(twice="dates"))


def test_a_place_too_small_for_the_code_is_refused() -> None:
    found = problems(letterhead(FIELDS | {"qr": (610, 30, 60, 60)}))
    assert found == [("qr", "is smaller than 114 pt: the code and its white need that much")]


def changed(**changes: object) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(letterhead())))
    if changes.get("password"):
        writer.encrypt("secret")
    if changes.get("script"):
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('hello')")}
        keys = {NameObject(key): value for key, value in action.items()}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(keys)
    if changes.get("turned"):
        writer.pages[0].rotate(90)
    if changes.get("tiny"):
        writer.pages[0].mediabox.upper_right = (90, 90)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("password", "is encrypted"),
        ("script", "has JavaScript, which no certificate may have"),
        ("turned", "is turned by 90 degrees; save it upright"),
        ("tiny", "measures 90 by 90 pt, which is no sheet of paper"),
    ],
)
def test_what_no_certificate_may_stand_on_is_refused(change: str, problem: str) -> None:
    assert ("", problem) in problems(changed(**{change: True}))


def test_a_signed_letterhead_is_refused(renderer: CertificateRenderer) -> None:
    found = problems(renderer.draw(certificate()).pdf)
    assert found[0][1].startswith("is signed, and what is drawn into it would break")


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", bytes(20_000_001)])
def test_what_is_no_letterhead_is_refused_with_a_sentence(data: bytes) -> None:
    ((_, problem),) = problems(data)
    assert problem


def test_a_signature_has_a_place_and_may_be_missing() -> None:
    picture = BytesIO()
    Image.new("L", (200, 60), 100).save(picture, "PNG")
    drawer = certificate_samples.renderer(pictures={"s.png": picture.getvalue()})
    opened = read_letterhead(letterhead(FIELDS | {"signature": (300, 76, 192, 36)}))
    signed = replace(certificate(), signatories=(Signatory("Mary Curtin", "Manager", "s.png"),))
    pdf = drawer.draw_on_letterhead(signed, opened)
    assert "Mary Curtin" in text_of(pdf)
    bare = drawer.draw_on_letterhead(replace(certificate(), signatories=()), opened)
    assert "Mary Curtin" not in text_of(bare)


def test_a_ground_with_pictures_and_fonts_of_its_own_is_carried_over(
    renderer: CertificateRenderer,
) -> None:
    ground = renderer.draw(replace(certificate(), layout="modern/1")).pdf
    writer = PdfWriter(clone_from=PdfReader(BytesIO(ground)))
    for key in ("/Perms", "/AcroForm", "/OpenAction"):
        writer.root_object.pop(key, None)
    page_ = writer.pages[0]
    page_[NameObject("/Annots")] = (
        PdfWriter(clone_from=PdfReader(BytesIO(letterhead()))).pages[0]["/Annots"].clone(writer)
    )
    out = BytesIO()
    writer.write(out)
    opened = read_letterhead(out.getvalue())
    assert opened.losses == ()
    pdf = renderer.draw_on_letterhead(certificate("Zoë Ågren"), opened)
    assert failures(pdf, page.ValidationProfile.PDF_A_3U) == []
    assert "Zoë Ågren" in text_of(pdf)
