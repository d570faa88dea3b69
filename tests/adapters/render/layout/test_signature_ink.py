"""Scans of signatures: the paper goes, the ink stays, and stands on its line."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import page
import pytest
from certificate_samples import certificate, renderer
from PIL import Image, ImageDraw
from scans import DESCENDER, INK, LINE, TOP, scan

from cecert.adapters.render.contact_sheet import page_pictures
from cecert.adapters.render.layout.page import Drawn, Picture
from cecert.adapters.render.layout.pictures import print_signature
from cecert.adapters.render.layout.signature_ink import PaleInkError, SignatureInk, inked
from cecert.adapters.render.pdf.content import ARTIFACT
from cecert.domain.course.provider import Signatory

WHITE: dict[str, Any] = {"paper": (252, 252, 252), "shadow": 0.02, "noise": 3, "edges": False}
SCANS: dict[str, dict[str, Any]] = {
    "grey paper": {},
    "deep shadow, coarse JPEG": {"shadow": 0.6, "noise": 16, "quality": 35},
    "white paper": WHITE,
    "a photograph": {"paper": (214, 196, 150), "shadow": 0.5, "noise": 14, "size": (3000, 2000)},
    "red ink": {"ink": (170, 30, 40)},
}


def read(data: bytes) -> SignatureInk:
    return inked(Image.open(BytesIO(data)).convert("RGB"))


@pytest.mark.parametrize("given", SCANS.values(), ids=SCANS)
def test_of_a_scan_the_ink_is_left_in_its_colour_and_cut_to_what_is_written(
    given: dict[str, Any],
) -> None:
    found = read(scan(**given))
    width, height = found.image.size
    assert width / height == pytest.approx((312 - 30) / (DESCENDER - TOP), rel=0.12)
    alpha = found.image.getchannel("A")
    seen = sum(alpha.histogram()[128:]) / (width * height)
    assert 0.02 < seen < 0.2
    colour = found.image.convert("RGB").getpixel((0, 0))
    assert isinstance(colour, tuple)
    expected = given.get("ink", INK)
    assert all(abs(a - b) < 30 for a, b in zip(colour, expected, strict=True))


@pytest.mark.parametrize("given", SCANS.values(), ids=SCANS)
def test_the_line_of_the_letters_is_found_above_a_descender(given: dict[str, Any]) -> None:
    expected = (DESCENDER - LINE) / (DESCENDER - TOP)
    assert read(scan(**given)).baseline == pytest.approx(expected, abs=0.08)


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (scan(ink=(170, 170, 168), shadow=0.1, noise=5), "is too pale"),
        (scan(ink=(206, 200, 188)), "holds no ink"),
    ],
    ids=["pencil", "blank"],
)
def test_ink_that_would_not_be_seen_is_refused(image: bytes, problem: str) -> None:
    with pytest.raises(PaleInkError) as refused:
        read(image)
    assert refused.value.problem.startswith(problem)
    assert refused.value.picture.startswith(b"\x89PNG") == (problem == "is too pale")


def test_light_ink_on_dark_paper_is_refused() -> None:
    dark = Image.new("RGB", (400, 200), (20, 20, 30))
    ImageDraw.Draw(dark).line((20, 100, 380, 90), fill="#FFFFFF", width=6)
    with pytest.raises(PaleInkError, match="is written on dark paper"):
        inked(dark)


def test_a_picture_without_paper_is_only_cut_to_its_ink() -> None:
    clear = Image.new("RGBA", (400, 200), (255, 255, 255, 0))
    ImageDraw.Draw(clear).rectangle((50, 60, 349, 99), fill=(20, 40, 120, 255))
    found = inked(clear)
    assert found.image.size == (300, 40)
    assert found.image.getpixel((5, 5)) == (20, 40, 120, 255)


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
def test_a_signature_stands_on_its_rule_which_is_drawn_after_it(layout: str) -> None:
    drawer = renderer(pictures={"s.jpg": scan()})
    signed = replace(
        certificate(), layout=layout, signatories=(Signatory("Mary Curtin", "Manager", "s.jpg"),)
    )
    (sheet,) = drawer.pages(signed, specimen=False)
    place = next(
        index
        for index, each in enumerate(sheet.body)
        if any(isinstance(kid, Picture) for kid in each.kids)
    )
    (picture,) = sheet.body[place].kids
    after = sheet.body[place + 1]
    (rule,) = after.kids
    assert isinstance(picture, Picture)
    assert isinstance(rule, Drawn)
    assert after.role == ARTIFACT
    box, y = picture.box, (rule.box.bottom + rule.box.top) / 2
    assert -4.5 < box.bottom - y < -3
    assert box.top - y > 20
    assert rule.box.left <= box.left < box.right <= rule.box.right
    pdf = drawer.draw(signed).pdf
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant


def test_no_paper_hides_the_rule_or_the_name() -> None:
    signed = replace(certificate(), signatories=(Signatory("Mary Curtin", "Manager", "s.jpg"),))
    (bare,) = page_pictures(renderer().draw(signed).pdf, 100)
    (shown,) = page_pictures(renderer(pictures={"s.jpg": scan()}).draw(signed).pdf, 100)
    with Image.open(BytesIO(bare)) as one, Image.open(BytesIO(shown)) as other:
        # What was ink without the picture is ink with it.
        left, right, rule = 420, 680, (612 - 93.7) * 100 / 72
        box = (left, round(rule) - 3, right, round(rule) + 40)
        before, after = (each.convert("L").crop(box).tobytes() for each in (one, other))
    assert sum(1 for a, b in zip(before, after, strict=True) if a < 128 <= b) == 0


def test_a_scan_is_printed_in_one_ink_and_takes_little_room() -> None:
    found = print_signature(scan(shadow=0.5, noise=14, quality=45), "s.jpg", (168, 46))
    assert len(found.palette) == 3
    assert found.alpha is not None
    assert len(found.data) + len(found.alpha) < 4000
