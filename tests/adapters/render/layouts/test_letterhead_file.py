"""Letterheads: what can be drawn into, what is refused, and what is kept of conformance."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import certificate_samples
import page
import pytest
from certificate_samples import HARD_NAME, certificate
from letterhead_samples import FIELDS, letterhead
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from cecert.adapters.render import CertificateRenderer, read_letterhead
from cecert.adapters.render.pdf import ground_facts
from cecert.domain.certificate.phrases import UNBROKEN
from cecert.domain.course.provider import Signatory
from cecert.domain.values.certificate_id import CertificateId
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


CLAIMS = {"PDFA3U-ID-SCHEMA-001", "PDFUA1-ID-SCHEMA-001", "PDFUA1-ID-PART-001"}
"""The rules that a document breaks which does not say that it conforms."""


REPLACED = CertificateId.parse("7Q2M-X4KD-9VTR-H3NP")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ({"replaces": (470, 78, 160, 12)}, True),
        ({"certificate_id": (300, 20, 200, 28)}, True),
        ({"certificate_id": (470, 48, 120, 14)}, False),  # a letterhead of before, without room
    ],
)
def test_a_correction_says_what_it_replaces_where_the_letterhead_has_room(
    place: dict[str, tuple[int, int, int, int]], says: bool, renderer: CertificateRenderer
) -> None:
    opened = read_letterhead(letterhead({**FIELDS, **place}))
    drawn = replace(certificate(), supersedes=REPLACED)
    text = text_of(renderer.draw_on_letterhead(drawn, opened))
    assert (REPLACED.text.replace("-", UNBROKEN) in text) is says


def broken(pdf: bytes) -> set[str]:
    profiles = (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1)
    return {rule for each in profiles for rule in failures(pdf, each)}


def claims_nothing(pdf: bytes) -> bool:
    """Say whether the metadata, which stand uncompressed, identify no standard."""
    return b"<pdfaid:" not in pdf and b"<pdfuaid:" not in pdf


def test_on_a_clean_ground_only_the_claim_is_missing_which_nobody_has_checked(
    renderer: CertificateRenderer,
) -> None:
    opened = read_letterhead(letterhead(words=False))
    assert opened.losses == ()
    assert opened.kept == ("its colours are no press colours",)
    pdf = renderer.draw_on_letterhead(certificate(), opened)
    assert broken(pdf) == CLAIMS
    assert claims_nothing(pdf)


def test_a_defect_no_fact_tells_of_claims_nothing_either(renderer: CertificateRenderer) -> None:
    """ISO 19005-3, 6.2.5 forbids transfer functions; only a validator looks for them."""
    opened = read_letterhead(
        with_resources({"/ExtGState": {"/T": {"/TR": NameObject("/Default2")}}})
    )
    assert opened.losses == ()
    assert claims_nothing(renderer.draw_on_letterhead(certificate(), opened))


def test_a_font_that_is_not_embedded_is_said_and_a_validator_agrees(
    renderer: CertificateRenderer,
) -> None:
    opened = read_letterhead(letterhead(words=True))
    assert opened.losses == ("its font Helvetica is not embedded",)
    pdf = renderer.draw_on_letterhead(certificate(), opened)
    assert claims_nothing(pdf)
    assert any("FONT" in rule for rule in broken(pdf) - CLAIMS)


def test_colours_for_a_press_are_said_and_a_validator_agrees(
    renderer: CertificateRenderer,
) -> None:
    opened = read_letterhead(letterhead(words=False, press=True))
    assert opened.losses == ("it has colours in CMYK without a profile",)
    assert broken(renderer.draw_on_letterhead(certificate(), opened)) - CLAIMS


def dictionary(entries: dict[str, Any]) -> DictionaryObject:
    found = DictionaryObject()
    for key, each in entries.items():
        found[NameObject(key)] = dictionary(each) if isinstance(each, dict) else each
    return found


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_resources(entries: dict[str, Any], within: bytes | None = None) -> bytes:
    """Return a letterhead with resources of its own; *within* are a form's operators."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(letterhead())))
    resources = dictionary(entries)
    if within is not None:
        form = DecodedStreamObject()
        form.set_data(within)
        form.update(dictionary({"/Subtype": NameObject("/Form")}))
        form[NameObject("/Resources")] = resources
        # The form draws itself too, as a broken tool may have it.
        reference = writer._add_object(form)
        resources[NameObject("/XObject")] = dictionary({"/Again": reference})
        resources = dictionary({"/XObject": {"/Form": reference}})
    writer.pages[0][NameObject("/Resources")] = resources
    return written(writer)


BARE = {"/Font": {"/F": {"/BaseFont": NameObject("/Arial"), "/FontDescriptor": {}}}}
DRAWN = {"/Font": {"/F": {"/BaseFont": NameObject("/Drawn"), "/Subtype": NameObject("/Type3")}}}
INKS = ArrayObject([NameObject("/Indexed"), ArrayObject([NameObject("/DeviceN")])])


@pytest.mark.parametrize(
    ("entries", "within", "lost"),
    [
        (BARE, b"", ["its font Arial is not embedded"]),
        (DRAWN, b"", []),
        ({}, b"0 0 0 1 k", ["it has colours in CMYK without a profile"]),
        ({"/ColorSpace": {"/C": INKS}}, None, ["it has colours in CMYK without a profile"]),
        ({"/ColorSpace": NameObject("/None")}, None, []),
    ],
    ids=["a font", "a font of drawings", "an operator", "a colour space", "no resource"],
)
def test_what_a_page_draws_with_is_looked_into_to_the_last_form(
    entries: dict[str, Any], within: bytes | None, lost: list[str]
) -> None:
    assert list(read_letterhead(with_resources(entries, within)).losses) == lost


def test_marks_in_a_form_of_the_ground_are_taken_out(renderer: CertificateRenderer) -> None:
    tagged = with_resources({}, b"/Span <</MCID 0>> BDC 1 0 0 rg 300 300 9 9 re f EMC")
    opened = read_letterhead(tagged)
    pdf = renderer.draw_on_letterhead(certificate(), opened)
    assert not [rule for rule in broken(pdf) if "ARTIFACT" in rule]


def test_what_is_left_out_of_a_letterhead_is_said() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(letterhead())))
    writer.add_attachment("letter.txt", b"to all")
    writer.add_blank_page()
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.edu/"))
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject()
    assert read_letterhead(written(writer)).losses == (
        "it has 2 pages, and only the first is drawn on",
        "its attached files are left out",
        "its links are left out",
        "its layers are all drawn, hidden ones too",
    )


def test_a_page_whose_resources_are_none_draws_with_nothing() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(letterhead())))
    writer.pages[0][NameObject("/Resources")] = NameObject("/None")
    assert read_letterhead(written(writer)).losses == ()


def test_drawings_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground_facts, "MOST_RESOURCES", 1)
    ((_, problem),) = problems(with_resources({}, b""))
    assert problem == "cannot be read: has more than 1 drawings within drawings"


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
    if changes.get("script of a field"):
        script = dictionary(
            {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("calculate()")}
        )
        field: Any = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]  # an array
        first = dictionary({"/S": NameObject("/ResetForm"), "/Next": ArrayObject([script])})
        field[NameObject("/AA")] = dictionary({"/C": first})
    if changes.get("script of the document"):
        named = dictionary({"/JavaScript": {"/Names": ArrayObject()}})
        writer.root_object[NameObject("/Names")] = named
    if changes.get("xfa"):
        form: Any = writer.root_object["/AcroForm"]
        form.get_object()[NameObject("/XFA")] = ArrayObject()
    if changes.get("turned"):
        writer.pages[0].rotate(90)
    if changes.get("tiny"):
        writer.pages[0].mediabox.upper_right = (90, 90)
    return written(writer)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("password", "is encrypted"),
        ("script", "has JavaScript, which no certificate may have"),
        ("script of a field", "has JavaScript, which no certificate may have"),
        ("script of the document", "has JavaScript, which no certificate may have"),
        ("xfa", "is an XFA form, whose page is only its fallback; save it as an AcroForm"),
        ("turned", "is turned by 90 degrees; save it upright"),
        ("tiny", "measures 90 by 90 pt, which is no sheet of paper"),
    ],
)
def test_what_no_certificate_may_stand_on_is_refused(change: str, problem: str) -> None:
    assert ("", problem) in problems(changed(**{change: True}))


def test_a_letterhead_signed_without_certifying_is_refused_too(
    renderer: CertificateRenderer,
) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(renderer.draw(certificate()).pdf)))
    del writer.root_object["/Perms"]
    found = problems(written(writer))
    assert found[0][1].startswith("is signed, and what is drawn into it would break")


def test_a_signed_letterhead_is_refused(renderer: CertificateRenderer) -> None:
    found = problems(renderer.draw(certificate()).pdf)
    assert found[0][1].startswith("is signed, and what is drawn into it would break")


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", bytes(20_000_001)])
def test_what_is_no_letterhead_is_refused_with_a_sentence(data: bytes) -> None:
    ((_, problem),) = problems(data)
    assert problem


def written_name() -> bytes:
    picture = BytesIO()
    written = Image.new("RGBA", (200, 60), (0, 0, 0, 0))
    written.paste((20, 30, 90, 255), (20, 20, 180, 40))
    written.save(picture, "PNG")
    return picture.getvalue()


def test_a_signature_has_a_place_and_may_be_missing() -> None:
    drawer = certificate_samples.renderer(pictures={"s.png": written_name()})
    opened = read_letterhead(letterhead(FIELDS | {"signature": (300, 76, 192, 36)}))
    signed = replace(certificate(), signatories=(Signatory("Mary Curtin", "Manager", "s.png"),))
    pdf = drawer.draw_on_letterhead(signed, opened)
    assert "Mary Curtin" in text_of(pdf)
    bare = drawer.draw_on_letterhead(replace(certificate(), signatories=()), opened)
    assert "Mary Curtin" not in text_of(bare)


def test_who_awards_is_left_out_where_it_is_the_provider_for_every_line() -> None:
    own = certificate(lines=2)
    drawer = certificate_samples.renderer()
    nameless = {name: each for name, each in FIELDS.items() if name != "provider_name"}
    named, bare = (
        text_of(drawer.draw_on_letterhead(own, read_letterhead(letterhead(each))))
        for each in (FIELDS, nameless)
    )
    assert "Awarded by" not in named
    assert bare.count("Awarded by") == 2
    several = certificate(lines=3)
    told = text_of(drawer.draw_on_letterhead(several, read_letterhead(letterhead(FIELDS))))
    assert told.count("Awarded by") == 3


def test_each_credit_says_how_it_was_approved_where_they_differ() -> None:
    first, second, third = certificate(lines=3).credit_lines
    lines = (first, replace(second, basis="258 CMR 31.04(2)(a)"), third)
    mixed = replace(certificate(lines=3), credit_lines=lines)
    drawer = certificate_samples.renderer()
    told = text_of(drawer.draw_on_letterhead(mixed, read_letterhead(letterhead(FIELDS))))
    assert f"approved by {first.approver}".replace(" ", "") in told.replace(" ", "")
    assert "Deemed approved under 258 CMR" in told


def test_whoever_signs_beside_another_has_places_too_or_is_not_left_out() -> None:
    drawer = certificate_samples.renderer(pictures={"s.png": written_name()})
    other = Signatory("Alex Amego", "Director", "s.png", organisation="Amego Prepare")
    both = replace(certificate(), signatories=(Signatory("Mary Curtin", "Manager"), other))
    with pytest.raises(DrawingError) as refused:
        drawer.draw_on_letterhead(both, read_letterhead(letterhead()))
    (fault,) = refused.value.faults
    assert (fault.place, fault.value) == ("Ana Ruiz: signatory", "Alex Amego")
    assert "second_signatory_name" in str(fault)
    places = {
        "second_signatory_name": (60, 62, 192, 14),
        "second_signatory_title": (60, 48, 192, 12),
        "second_signature": (60, 76, 192, 36),
    }
    pdf = drawer.draw_on_letterhead(both, read_letterhead(letterhead(FIELDS | places)))
    words = text_of(pdf)
    assert all(each in words for each in ("Mary Curtin", "Alex Amego", "Director, Amego Prepare"))
    found = [each.get_object() for each in PdfWriter(clone_from=BytesIO(pdf))._objects if each]
    told = [each.get("/Alt") for each in found if isinstance(each, DictionaryObject)]
    assert "Signature of Alex Amego" in told


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
    opened = read_letterhead(written(writer))
    assert opened.kept[0].startswith("its fonts are embedded: CECERA+")
    assert opened.losses == ("its attached files are left out",)
    pdf = renderer.draw_on_letterhead(certificate("Zoë Ågren"), opened)
    assert broken(pdf) == CLAIMS
    assert "Zoë Ågren" in text_of(pdf)
