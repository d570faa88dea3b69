"""QR codes in pictures: photos, screenshots, scans, and pictures made to hurt."""

from __future__ import annotations

import math
import sys
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pillow_heif
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import papers
from PIL import Image, ImageFilter

from cecert.adapters.document_reader import LimitedPdfReader, pictures
from cecert.adapters.document_reader.process import ReadingLimits, UnreadableError
from cecert.ports import SeenPage

LIMITS = ReadingLimits()
TOKEN = papers().certificate.token_url


def codes_of_picture(picture: bytes, limits: ReadingLimits) -> list[str]:
    """Return the codes of a picture that has one page."""
    found = pictures.codes_of_picture(picture, limits)
    assert not found["more"]
    (only,) = found["pages"]
    codes: list[str] = only["codes"]
    return codes


def page(dots: int, pdf: bytes | None = None) -> Image.Image:
    """Return the certificate as it is printed and scanned."""
    with pypdfium2.PdfDocument(pdf or papers().pdf) as document:
        image: Image.Image = document[0].render(scale=dots / 72, grayscale=True).to_pil()
        return image


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:  # noqa: ANN401
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


def sixteen_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16 bits whose black and white are both brighter than 255."""
    bright = Image.new("I", image.size, 9000)
    bright.paste(Image.new("I", image.size, 60_000), mask=image)
    return bright.convert("I;16")


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda image: image.convert("1"), {}),
        (lambda image: image.convert("1"), {"compression": "group4"}),
        (lambda image: image.convert("1"), {"compression": "group3"}),
        (lambda image: image.convert("CMYK"), {}),
        (lambda image: image.convert("CMYK"), {"compression": "jpeg"}),
        (lambda image: image.convert("RGB"), {"compression": "tiff_lzw"}),
        (lambda image: image.convert("P"), {}),
        (sixteen_bits, {}),
    ],
    ids=["1-bit", "Group 4", "Group 3", "CMYK", "CMYK JPEG", "LZW", "palette", "16-bit"],
)
def test_a_tiff_of_every_kind_is_read(
    change: Callable[[Image.Image], Image.Image], options: dict[str, str]
) -> None:
    assert codes_of_picture(saved(change(page(200)), "TIFF", **options), LIMITS) == [TOKEN]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "LA"), ("PNG", "RGBA"), ("WEBP", "RGBA"), ("GIF", "RGBA"), ("TIFF", "RGBA")],
)
def test_a_code_on_nothing_is_read_as_on_white(kind: str, mode: str) -> None:
    grey = page(150)
    black = Image.new("L", grey.size, 0)
    alpha = grey.point(lambda value: 255 * (value < 128))  # a GIF knows no half
    image = Image.merge("LA", (black, alpha)).convert(mode)
    assert codes_of_picture(saved(image, kind), LIMITS) == [TOKEN]


def test_of_a_picture_that_moves_the_first_is_read() -> None:
    blank = Image.new("L", page(150).size, 255)
    for kind in ("GIF", "WEBP"):
        moving = saved(page(150), kind, save_all=True, append_images=[blank] * 3)
        assert codes_of_picture(moving, LIMITS) == [TOKEN]


def pages_of_tiff(count: int) -> bytes:
    blank = [Image.new("1", (9, 9), 1) for _ in range(count - 1)]
    return saved(
        page(150).convert("1"), "TIFF", compression="group4", save_all=True, append_images=blank
    )


def test_the_pages_of_a_tiff_are_read_ten_at_a_time() -> None:
    read = pictures.codes_of_picture(pages_of_tiff(12), LIMITS)
    assert (len(read["pages"]), read["more"]) == (10, True)
    rest = pictures.codes_of_picture(pages_of_tiff(12), LIMITS, 10)
    assert (len(rest["pages"]), rest["more"]) == (2, False)
    seen = LimitedPdfReader(papers().process).pages_of_picture(pages_of_tiff(12))
    assert [len(each.codes) for each in seen if isinstance(each, SeenPage)] == [1] + [0] * 11


def test_a_tiff_of_more_pages_than_are_read_is_refused() -> None:
    reader = LimitedPdfReader(papers().process)
    assert reader.pages_of_picture(pages_of_tiff(51)) == "it has more than 50 pages"
    assert len(reader.pages_of_picture(pages_of_tiff(50))) == 50


def test_a_tiff_whose_pages_go_round_in_a_circle_ends() -> None:
    made = bytearray(pages_of_tiff(1))
    start = int.from_bytes(made[4:8], "little")
    entries = int.from_bytes(made[start : start + 2], "little")
    after = start + 2 + 12 * entries
    made[after : after + 4] = made[4:8]
    assert codes_of_picture(bytes(made), LIMITS) == [TOKEN]


def tiff_of(width: int, height: int) -> bytes:
    """Return a TIFF that says of itself that it is as large, and holds next to nothing."""
    made = bytearray(saved(Image.new("1", (9, 9), 1), "TIFF", compression="group4"))
    start = int.from_bytes(made[4:8], "little")
    for number in range(int.from_bytes(made[start : start + 2], "little")):
        at = start + 2 + 12 * number
        tag = int.from_bytes(made[at : at + 2], "little")
        if tag in {256, 257}:
            made[at + 2 : at + 4] = (4).to_bytes(2, "little")
            made[at + 8 : at + 12] = (width if tag == 256 else height).to_bytes(4, "little")
    return bytes(made)


def gif_of(width: int, height: int) -> bytes:
    made = bytearray(saved(Image.new("L", (9, 9), 255), "GIF"))
    made[6:10] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(made)


@pytest.mark.parametrize(
    "bomb",
    [
        lambda: tiff_of(60_000, 60_000),
        lambda: gif_of(65_535, 65_535),
        lambda: saved(Image.new("L", (10_000, 8_100), 255), "WEBP", method=0, quality=1),
    ],
    ids=["TIFF", "GIF", "WebP"],
)
def test_pictures_that_unfold_without_end_are_refused_by_their_size(
    bomb: Callable[[], bytes],
) -> None:
    with pytest.raises(UnreadableError, match="megapixels, 80 are read at most"):
        codes_of_picture(bomb(), LIMITS)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "GIF", "JPEG"])
@pytest.mark.parametrize("part", [3, 2, 1.1])
def test_a_picture_of_any_kind_that_is_cut_is_refused(kind: str, part: float) -> None:
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    whole = saved(page(100), kind, **options)
    with pytest.raises(UnreadableError, match="it is not a whole picture"):
        codes_of_picture(whole[: int(len(whole) / part)], LIMITS)


@given(
    st.sampled_from(["TIFF", "WEBP", "GIF", "PNG", "JPEG"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5),
)
@settings(max_examples=60)
def test_a_picture_that_was_altered_is_read_or_refused(
    kind: str, changes: list[tuple[int, int]]
) -> None:
    made = bytearray(saved(Image.new("L", (60, 60), 255), kind))
    for at, value in changes:
        made[at % len(made)] = value
    small = ReadingLimits(pixels=1_000_000)
    with suppress(UnreadableError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert pictures.codes_of_picture(bytes(made), small)["pages"]


def test_the_port_says_why_a_picture_cannot_be_read() -> None:
    reader = LimitedPdfReader(papers().process)
    assert reader.pages_of_picture(saved(page(150))) == [SeenPage((TOKEN,), is_picture=True)]
    assert reader.pages_of_picture(b"\xff\xd8\xff") == "it is not a whole picture"
