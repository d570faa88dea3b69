"""Letterheads for certificates that count: words, hours and seal are as on our own pages."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from certificate_samples import certificate, renderer, sealer
from letterhead_samples import FIELDS, letterhead
from pypdf import PdfReader

from cecert.adapters.render import Letterhead, read_letterhead
from cecert.cli import main
from cecert.domain.certificate.misprints import misprints
from cecert.domain.certificate.printed_text import differences
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.course.credit_line import CreditLine
from cecert.errors import ConfigurationError

RECTANGLES = """
unit = "pt"
heading = { left = 96, top = 96, width = 600, height = 40, align = "center" }
recipient_name = { left = 96, top = 150, width = 600, height = 60, align = "center" }
course_title = { left = 96, top = 236, width = 600, height = 34, align = "center" }
dates = { left = 96, top = 276, width = 600, height = 18, align = "center" }
credits = { left = 60, top = 310, width = 672, height = 140 }
certificate_id = { left = 470, top = 540, width = 130, height = 14 }
qr = { left = 610, top = 462, width = 120, height = 120 }
seal = { left = 60, top = 470, width = 90, height = 80 }
signature = { left = 300, top = 490, width = 180, height = 36 }
"""


def word_made() -> Letterhead:
    return read_letterhead(letterhead({}, words=True), "word.pdf", tomllib.loads(RECTANGLES))


def with_form() -> Letterhead:
    return read_letterhead(letterhead(), "form.pdf")


@pytest.mark.parametrize("made", [word_made, with_form], ids=["rectangles", "form fields"])
@pytest.mark.parametrize("lines", [0, 1, 3])
def test_a_certificate_on_a_letterhead_says_what_its_record_says(made: object, lines: int) -> None:
    drawer = renderer(letterhead=made(), seal_room=sealer().room)  # type: ignore[operator]  # makes one
    drawn = certificate("Zoë Ågren-ONeil", lines=lines)
    assert drawer.faults(drawn) == ()
    drawing = drawer.draw(drawn)
    assert misprints(drawing.pages, drawn) == ()
    text = PdfReader(BytesIO(drawing.pdf)).pages[0].extract_text()
    claims = certified_claims(drawn)
    assert differences(text.splitlines(), claims) == ()


def seal_field(sealed: bytes) -> Any:  # noqa: ANN401  # a dictionary of pypdf
    reader = PdfReader(BytesIO(sealed))
    annotations: Any = reader.pages[0]["/Annots"]
    return annotations[0].get_object()


def test_another_word_on_a_letterhead_is_a_misprint() -> None:
    drawer = renderer(letterhead=word_made())
    drawn = certificate()
    pages = drawer.draw(drawn).pages
    one, two, three = drawn.credit_lines
    wrong: Sequence[tuple[str, CreditLine]] = (
        ("statement of type-1", replace(two, statement="Something else.")),
        ("approved by of type-1", replace(two, approver="Nobody")),
        ("awarded by of type-1", replace(two, awarded_by="Nobody")),
    )
    for fact, line in wrong:
        found = misprints(pages, replace(drawn, credit_lines=(one, line, three)))
        assert fact in [each.fact for each in found]
    apart = renderer(letterhead=with_form()).draw(drawn).pages
    changed = replace(drawn, credit_lines=(one, replace(two, statement="Else."), three))
    assert [each.fact for each in misprints(apart, changed)] == ["statement of type-1"]


def test_rectangles_are_measured_from_the_upper_left_in_their_unit() -> None:
    inches = RECTANGLES.replace('"pt"', '"in"')
    table = tomllib.loads(inches)
    for name, row in table.items():
        if name != "unit":
            for side in ("left", "top", "width", "height"):
                row[side] /= 72
    places = read_letterhead(letterhead({}), "word.pdf", table).places
    for name, place in word_made().places.items():
        other = places[name]
        assert other.align == place.align
        for side in ("left", "bottom", "right", "top"):
            assert getattr(other.box, side) == pytest.approx(getattr(place.box, side))
    assert word_made().places["heading"].box.top == 612 - 96


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('unit = "pt"', 'unit = "cm"'), "unit 'cm' is not one of pt, mm, in"),
        (("qr = { left = 610, ", "qr = { "), "qr needs left, top, width, height"),
        (("width = 90", 'width = "wide"'), "seal needs left, top, width, height"),
        (('align = "center"', 'align = "middle"'), "align 'middle' is not one of"),
        (("width = 90", "width = 90, colour = 1"), "seal has 'colour'"),
        (("dates = {", "date = {"), "is missing, and no certificate can be without it"),
    ],
)
def test_what_is_no_rectangle_is_refused(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_letterhead(letterhead({}), "w.pdf", tomllib.loads(RECTANGLES.replace(*change)))
    assert problem in str(refused.value)


def test_a_sealed_certificate_on_a_letterhead_claims_no_standard_and_keeps_its_seal() -> None:
    press = sealer()
    drawer = renderer(letterhead=word_made(), seal_room=press.room)
    drawing = drawer.draw(certificate())
    sealed = press.seal(drawing, certificate().issued_at)
    assert b"pdfaid:part" not in sealed
    assert b"pdfuaid:part" not in sealed
    field = seal_field(sealed)
    left, bottom, right, top = map(float, field["/Rect"])
    # As large as its place holds it, in the middle.
    assert (right - left, top - bottom) == pytest.approx((80, 80))
    assert (left, bottom) == pytest.approx((65, 612 - 470 - 80))


def test_without_a_place_the_seal_is_there_and_not_seen() -> None:
    press = sealer()
    drawer = renderer(letterhead=with_form(), seal_room=press.room)
    sealed = press.seal(drawer.draw(certificate()), certificate().issued_at)
    field = seal_field(sealed)
    assert [float(each) for each in field["/Rect"]] == [0, 0, 0, 0]


def test_an_offices_letterhead_is_looked_at_by_lint_and_drawn_by_preview(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office_folder / "ours.pdf").write_bytes(letterhead({}, words=True))
    (office_folder / "ours.toml").write_text(RECTANGLES, "utf-8")
    config = office_folder / "cecert.toml"
    keys = '[certificate]\nletterhead = "ours.pdf"\nplaces = "ours.toml"'
    config.write_text(config.read_text("utf-8").replace("[certificate]", keys), "utf-8")
    course = str(office_folder / "course.toml")
    assert main(["lint", course, "--config", str(config), "--json"]) == 0
    told = [each["message"] for each in json.loads(capsys.readouterr().out)["findings"]]
    assert "lost of the letterhead: its font Helvetica is not embedded" in told
    assert [
        each for each in told if each.startswith("lost: the file does not say that it is PDF/A")
    ]
    out = office_folder / "look.pdf"
    assert main(["preview", course, "--config", str(config), "-o", str(out)]) == 0
    assert "From the desk of a designer" in PdfReader(out).pages[0].extract_text()


def test_places_without_a_letterhead_are_a_fault(office_folder: Path) -> None:
    (office_folder / "ours.toml").write_text(RECTANGLES, "utf-8")
    config = office_folder / "cecert.toml"
    keys = '[certificate]\nplaces = "ours.toml"'
    config.write_text(config.read_text("utf-8").replace("[certificate]", keys), "utf-8")
    assert main(["lint", "--config", str(config)]) == 2


def test_the_fields_of_before_are_still_places() -> None:
    assert set(FIELDS) <= set(with_form().places)


def test_a_place_too_low_for_the_credits_is_told_with_the_height_they_need() -> None:
    low = {**FIELDS, "credits": (60, 222, 672, 20)}
    (fault,) = renderer(letterhead=read_letterhead(letterhead(low))).faults(certificate())
    assert fault.place == "Ana Ruiz: place credits"
    assert fault.problem == "need 60 pt of height at the least size allowed, have 20 pt"
