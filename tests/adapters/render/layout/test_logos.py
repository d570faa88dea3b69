"""Logos: margins go, a white ground is cleared, and only discs and shields break the frame."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from math import hypot

import page
import pytest
from certificate_samples import certificate, renderer
from PIL import Image, ImageDraw

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.contact_sheet import page_pictures
from cecert.adapters.render.layout.logos import Logo, prepared_logo
from cecert.adapters.render.layout.ornament import surrounded
from cecert.adapters.render.layout.page import Box, Ink, Picture
from cecert.adapters.render.layout.pictures import print_logo
from cecert.errors import ConfigurationError

MOST = (633.0, 183.0)
FRAME = 38.0


def wide(kind: str = "PNG", ground: str = "#FFFFFF", margin: int = 150) -> bytes:
    """Return a mark and a wordmark with margins round them."""
    image = Image.new("RGB", (600 + 2 * margin, 150 + 2 * margin), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((margin, margin, margin + 149, margin + 149), fill="#1D3557")
    pen.rectangle((margin + 180, margin + 20, margin + 599, margin + 60), fill="#1D3557")
    pen.rectangle((margin + 180, margin + 90, margin + 599, margin + 120), fill="#7A3B2E")
    return saved(image, kind)


def disc(kind: str = "PNG", margin: int = 60) -> bytes:
    image = Image.new("RGB", (400 + 2 * margin,) * 2, "#FFFFFF")
    pen = ImageDraw.Draw(image)
    pen.ellipse((margin, margin, margin + 399, margin + 399), fill="#1D3557")
    pen.ellipse((margin + 60, margin + 60, margin + 339, margin + 339), fill="#FFFFFF")
    return saved(image, kind)


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def prepared(data: bytes) -> Logo:
    image = Image.open(BytesIO(data))
    return prepared_logo(image.convert("RGBA" if image.has_transparency_data else "RGB"), MOST)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_white_margins_are_cut_off_and_the_white_ground_is_cleared(kind: str) -> None:
    logo = prepared(wide(kind))
    assert logo.image.width / logo.image.height == pytest.approx(4, rel=0.03)
    assert logo.image.mode == "RGBA"
    alpha = logo.image.getchannel("A")
    between = alpha.getpixel((round(alpha.width * 0.27), alpha.height // 2))
    within = alpha.getpixel((round(alpha.width * 0.6), round(alpha.height * 0.27)))
    assert (between, within) == (0, 255)
    assert logo.outline == ()


def test_white_within_a_drawing_stays() -> None:
    alpha = prepared(disc()).image.getchannel("A")
    assert alpha.getpixel((alpha.width // 2, alpha.height // 2)) == 255
    assert alpha.getpixel((0, 0)) == 0


def test_another_ground_stays_and_its_owner_is_told() -> None:
    logo = prepared(wide(ground="#E0C080"))
    assert (logo.ground, logo.outline) == ("#E0C080", ())
    note = "has a ground of #E0C080, which is printed with it"
    assert print_logo(wide(ground="#E0C080"), (152, 44)).note == note
    assert print_logo(wide(), (152, 44)).note == ""


@pytest.mark.parametrize(
    "ground", [(255, 255, 255, 255), (252, 253, 250, 255), (0, 0, 0, 0), (255, 255, 255, 90)]
)
def test_a_logo_of_which_nothing_is_seen_on_paper_is_refused(ground: tuple[int, ...]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        print_logo(saved(Image.new("RGBA", (90, 60), ground)), (152, 44))
    (fault,) = refused.value.faults
    assert fault.problem == "is white or transparent throughout: nothing of it is seen"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_disc_has_its_own_outline(kind: str) -> None:
    outline = prepared(disc(kind)).outline
    assert len(outline) > 60
    assert all(abs(hypot(x - 0.5, y - 0.5) - 0.5) < 0.03 for x, y in outline)


def logo_box(drawer: CertificateRenderer, layout: str = "classic/1") -> Box:
    (sheet,) = drawer.pages(replace(certificate(), layout=layout), specimen=False)
    kids = [kid for each in sheet.body for kid in each.kids if isinstance(kid, Picture)]
    return next(each.box for each in kids if each.key == "logo")


def shown(drawer: CertificateRenderer) -> Image.Image:
    (picture,) = page_pictures(drawer.draw(certificate()).pdf, 144)
    return Image.open(BytesIO(picture)).convert("L")


def test_a_wide_logo_stands_inside_an_unbroken_frame() -> None:
    drawer = renderer(logo=wide())
    box = logo_box(drawer)
    assert (612 - box.top, box.top - box.bottom) == (45, 32)
    with_logo, without = shown(drawer), shown(renderer())
    band = (0, 0, with_logo.width, (40 * 2))
    assert with_logo.crop(band).tobytes() == without.crop(band).tobytes()
    head = renderer(logo=wide()).pages(certificate(), specimen=False)[0]
    provider = next(each for each in head.body if each.role == "P")
    (words,) = [kid for kid in provider.kids if isinstance(kid, Ink)]
    assert words.box.top < box.bottom - 7


def test_a_disc_breaks_the_frame_along_its_outline_and_not_with_a_box() -> None:
    drawer = renderer(logo=disc())
    box = logo_box(drawer)
    assert (box.top + box.bottom) / 2 == pytest.approx(612 - FRAME)
    image, bare = shown(drawer), shown(renderer())
    radius, centre = (box.right - box.left) / 2, (792 / 2, FRAME)
    # Beside the disc's upper half, at the height of the band, its box was white before.
    corner = (centre[0] - radius - 1, centre[1] - 15)
    assert hypot(corner[0] - centre[0], corner[1] - centre[1]) > radius + 3.5
    for x in range(int(corner[0] * 2) - 10, int(corner[0] * 2)):
        assert image.getpixel((x, int(corner[1] * 2))) == bare.getpixel((x, int(corner[1] * 2)))
    pdf = drawer.draw(certificate()).pdf
    for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant


def test_white_round_an_outline_is_as_wide_everywhere() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
    drawn = surrounded(square, Box(100, 100, 140, 120), 3.5)
    words = drawn.operators.decode().split("\n")[1:]
    corners = [tuple(map(float, each.split()[:2])) for each in words]
    gaps = [
        hypot(max(100 - x, 0, x - 140), max(100 - y, 0, y - 120)) for x, y in corners
    ]  # fmt: skip
    assert min(gaps) > 3.49
    assert max(gaps) < 3.6
