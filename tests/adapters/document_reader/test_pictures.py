"""QR codes in pictures: photos, screenshots, scans, and pictures made to hurt."""

from __future__ import annotations

import math
import sys
import zlib
from io import BytesIO

import pillow_heif
import pypdfium2
import pytest
from papers import papers
from PIL import Image, ImageFilter

from cecert.adapters.document_reader import LimitedPdfReader
from cecert.adapters.document_reader.pictures import codes_of_picture
from cecert.adapters.document_reader.process import ReadingLimits, UnreadableError

LIMITS = ReadingLimits()
TOKEN = papers().certificate.token_url


def page(dots: int, pdf: bytes | None = None) -> Image.Image:
    """Return the certificate as it is printed and scanned."""
    with pypdfium2.PdfDocument(pdf or papers().pdf) as document:
        image: Image.Image = document[0].render(scale=dots / 72, grayscale=True).to_pil()
        return image


def saved(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def rotated(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


# docs/spec/token.md M3: at least 95 % at 200 dpi clean, rotated, JPEG 30, 1-bit.
@pytest.mark.parametrize("dots", [150, 200, 300])
@pytest.mark.parametrize(
    "degrade",
    [
        saved,
        lambda image: saved(image, "JPEG", quality=30),
        lambda image: saved(image.convert("1")),
        lambda image: saved(rotated(image, 7)),
        lambda image: saved(rotated(image, 90)),
        lambda image: saved(rotated(image, 180), "JPEG", quality=40),
        lambda image: saved(image.filter(ImageFilter.GaussianBlur(0.8))),
        lambda image: saved(image.point(lambda value: value // 3 + 100)),  # little contrast
    ],
    ids=["clean", "JPEG 30", "1-bit", "7 degrees", "on its side", "upside down", "blur", "grey"],
)
def test_a_printed_code_is_read_from_a_scan(dots: int, degrade: object) -> None:
    assert callable(degrade)
    assert codes_of_picture(degrade(page(dots)), LIMITS) == [TOKEN]


def test_a_photo_taken_at_an_angle_is_read() -> None:
    flat = page(200)
    width, height = flat.size
    shift = width * 0.08
    # The far edge is shorter: the eight coefficients of a perspective.
    leaning = flat.transform(
        (width, height),
        Image.Transform.QUAD,
        (-shift, 0, 0, height, width, height, width + shift, 0),
        fillcolor=255,
    )
    assert codes_of_picture(saved(leaning, "JPEG", quality=60), LIMITS) == [TOKEN]


def test_every_code_of_a_picture_is_found() -> None:
    one, other = page(150), page(150, papers().other_pdf)
    both = Image.new("L", (one.width, one.height * 2), 255)
    both.paste(one, (0, 0))
    both.paste(other, (0, one.height))
    assert set(codes_of_picture(saved(both), LIMITS)) == {TOKEN, papers().other.token_url}


def test_a_photo_of_a_phone_is_read_as_heic() -> None:
    pillow_heif.register_heif_opener()
    assert codes_of_picture(saved(page(200).convert("RGB"), "HEIF", quality=60), LIMITS) == [TOKEN]


def test_without_the_extra_heic_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(UnreadableError, match=r"cecert\[heic\]"):
        codes_of_picture(b"\0\0\0\x18ftypheic" + bytes(20), LIMITS)


def test_a_picture_without_a_code_has_none() -> None:
    assert codes_of_picture(saved(Image.new("RGB", (200, 100), "white")), LIMITS) == []


def test_two_hundred_megapixels_are_refused_before_they_are_decoded() -> None:
    head = saved(Image.new("1", (1, 1)))
    side = math.isqrt(200_000_000)
    header = side.to_bytes(4) * 2 + b"\x01\x00\x00\x00\x00"
    chunk = b"IHDR" + header
    bomb = head[:8] + len(header).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4) + head[33:]
    with pytest.raises(UnreadableError, match="it has 199 megapixels, 80 are read at most"):
        codes_of_picture(bomb, LIMITS)


@pytest.mark.parametrize("keep", [0, 20, 100, 2000])
def test_a_picture_that_is_cut_is_refused(keep: int) -> None:
    with pytest.raises(UnreadableError, match="it is not a whole picture"):
        codes_of_picture(saved(page(100))[:keep], LIMITS)


def test_the_port_says_why_a_picture_cannot_be_read() -> None:
    reader = LimitedPdfReader(papers().process)
    assert reader.qr_texts_of_picture(saved(page(150))) == [TOKEN]
    assert reader.qr_texts_of_picture(b"\xff\xd8\xff") == "it is not a whole picture"
