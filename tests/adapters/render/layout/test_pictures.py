"""Pictures: logos and signatures as providers have them, and files that mean harm."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from io import BytesIO
from typing import Any

import page
import pytest
from certificate_samples import certificate, renderer
from PIL import Image, ImageDraw
from pypdf import PdfReader

from cecert.adapters.render.contact_sheet import page_pictures
from cecert.adapters.render.layout.page import Picture
from cecert.adapters.render.layout.pictures import PrintPicture, print_logo, print_signature
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.course.provider import Signatory
from cecert.errors import ConfigurationError, DrawingError


def picture(mode: str, size: tuple[int, int] = (300, 80), kind: str = "PNG") -> bytes:
    image = Image.new(mode, size)
    ink: Any = {"L": 90, "RGB": (20, 40, 120), "RGBA": (20, 40, 120, 255), "P": 3, "1": 1}[mode]
    ImageDraw.Draw(image).ellipse((20, 10, size[0] - 20, size[1] - 10), fill=ink)
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA", "P"])
def test_a_drawing_is_held_in_few_colours_and_keeps_its_transparency(mode: str) -> None:
    made = print_logo(picture(mode), (120, 44))
    assert (made.colours, made.alpha is not None) == (1, mode == "RGBA")
    assert 3 <= len(made.palette) <= 3 * 64


def test_a_photograph_keeps_all_its_colours() -> None:
    noise = Image.effect_noise((300, 200), 90)
    out = BytesIO()
    Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180))).save(out, "JPEG")
    made = print_logo(out.getvalue(), (120, 44))
    assert (made.colours, made.palette, made.alpha) == (3, b"", None)


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA"])
def test_a_picture_is_printed_in_the_colours_it_has(mode: str) -> None:
    drawer = renderer(logo=picture(mode, (300, 110)))
    (shown,) = page_pictures(drawer.draw(certificate()).pdf, 100)
    image = Image.open(BytesIO(shown)).convert("RGB")
    ink = {"L": (90, 90, 90), "1": (255, 255, 255)}.get(mode, (20, 40, 120))
    middle = image.getpixel((image.width // 2, round((45 + 16) * 100 / 72)))
    assert isinstance(middle, tuple)
    assert max(abs(one - other) for one, other in zip(middle, ink, strict=True)) <= 3


def test_a_picture_is_no_finer_than_print_needs() -> None:
    made = print_logo(picture("RGB", (4000, 1000)), (120, 44))
    assert (made.width, made.height) == (500, 126)


def signed(image: str = "signature.png") -> Certificate:
    return replace(certificate(), signatories=(Signatory("Mary Curtin", "Manager", image),))


def test_logo_and_signature_stand_in_the_document_with_words_for_who_listens() -> None:
    pictures = {"signature.png": picture("RGBA")}
    drawer = renderer(logo=picture("RGB", (200, 200)), pictures=pictures)
    pdf = drawer.draw(signed()).pdf
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant
    (sheet,) = drawer.pages(signed(), specimen=False)
    alts = [each.alt for each in sheet.body if each.role == "Figure"]
    assert alts[:2] == [
        "Logo of Example College School for Social Work",
        "Signature of Mary Curtin",
    ]
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) >= 2


@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
def test_pictures_keep_their_proportions_within_their_places(layout: str) -> None:
    drawer = renderer(logo=picture("L", (900, 100)), pictures={"s.png": picture("RGBA", (50, 400))})
    (sheet,) = drawer.pages(replace(signed("s.png"), layout=layout), specimen=False)
    kids = [kid for each in sheet.body for kid in each.kids if isinstance(kid, Picture)]
    boxes = {each.key: each.box for each in kids}
    logo, signature = boxes["logo"], boxes["s.png"]
    assert (logo.right - logo.left) / (logo.top - logo.bottom) == pytest.approx(860 / 80, rel=0.06)
    assert signature.top - signature.bottom <= 36


def test_two_may_sign_and_three_may_not() -> None:
    two = (Signatory("Mary Curtin", "Manager"), Signatory("John Doe", "Director"))
    for layout in ("classic/1", "modern/1"):
        drawn = replace(certificate(), layout=layout, signatories=two)
        assert renderer().faults(drawn) == ()
        crowded = replace(drawn, signatories=(*two, Signatory("Third", "One")))
        (fault,) = renderer().faults(crowded)
        assert (fault.place, fault.problem) == ("signatory", "this layout has room for 2")
        with pytest.raises(DrawingError):
            renderer().draw(crowded)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it has that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is no PNG or JPEG that can be read"),
        (b"GIF89a" + bytes(40), "is no PNG or JPEG that can be read"),
        (picture("RGB")[:200], "is no PNG or JPEG that can be read"),
        (bomb(50_000, 2_000), "has 100 megapixels, at most 40 are read"),
        (bomb(60_000, 60_000), "is larger than 40 megapixels"),
        (bytes(10_000_001), "has 10,000,001 bytes, at most 10,000,000 are read"),
    ],
    ids=["empty", "a GIF", "cut short", "100 megapixels", "a bomb", "too many bytes"],
)
def test_what_is_no_honest_picture_is_refused(
    data: bytes, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pillow's own limit, which reading pictures of strangers takes off in its process.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 89_478_485)
    with pytest.raises(ConfigurationError) as refused:
        renderer(logo=data)
    (fault,) = refused.value.faults
    assert fault.value == "logo"
    assert problem in fault.problem


def _signature(data: bytes) -> PrintPicture:
    return print_signature(data, "s", (168, 46))


@pytest.mark.parametrize("ink", [(20, 30, 90), None])
def test_every_pixel_of_a_picture_is_written(ink: tuple[int, int, int] | None) -> None:
    written = Image.radial_gradient("L").resize((400, 120))
    dark = written.point([each // 4 for each in range(256)])
    image = Image.merge("RGB", (dark, dark.rotate(180), dark))
    if ink:
        image.paste(ink, (0, 0, *image.size))
    image.putalpha(written)
    out = BytesIO()
    image.save(out, "PNG")
    for made in (
        print_logo(out.getvalue(), (120, 44)),
        print_signature(out.getvalue(), "s", (168, 46)),
    ):
        rows = zlib.decompress(made.data)
        assert len(rows) == (made.width * made.colours + 1) * made.height
        assert made.alpha is not None
        steps = zlib.decompress(made.alpha)
        assert len(steps) == -(-made.width * made.alpha_bits // 8) * made.height


def test_a_signature_of_one_ink_holds_its_colour_once() -> None:
    strokes = Image.radial_gradient("L").resize((400, 120))
    ink = Image.new("RGB", strokes.size, (20, 30, 90))
    ink.putalpha(strokes)
    out = BytesIO()
    ink.save(out, "PNG")
    found = print_signature(out.getvalue(), "signature", (180, 36))
    assert len(found.palette) == 3
    assert all(abs(a - b) <= 2 for a, b in zip(found.palette, (20, 30, 90), strict=True))
    assert found.alpha is not None
    assert len(found.data) < 200
