"""Signatures: a scan's paper taken away, the ink kept in its colour and cut to what is written.

What a scan holds besides ink is light: paper in uneven light, a shadow, the noise of JPEG.
So the paper's own colour is estimated tile by tile and divided out, and what is darker than
the paper's noise is ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import median

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath, ImageStat

from cecert.adapters.render.layout.regions import mask_of, regions
from cecert.adapters.render.text.layout_file import contrast

__all__ = ["PaleInkError", "SignatureInk", "inked"]

LARGEST_SIDE = 1200
"""Pixels of the copy in which ink and paper are told apart."""

TILE = 32
PAPER_SHARE = 0.75
"""Of a tile's levels: below it lies what is written, above it mostly noise."""

DARK_PAPER = 90
LEAST_DARKNESS = 26
NOISE = 5
"""Darkness from which anything is ink: at least so many levels, and so many times the noise."""

MOST_INK = 0.35
LEAST_INK = 0.0002
"""Share of a scan that a signature covers."""

LEAST_CONTRAST = 3.0
LEAST_REGION, LEAST_PIXELS = 0.002, 6
"""Of all ink, and by itself: less than that is dust."""

EDGE_DARKNESS, STRIP = 60, 0.5
"""A row or column of which half is so dark is where the paper ends."""

WIDEST_EDGE, BESIDE_EDGE = 0.08, 3
"""Of a side, how much such edges take at most; and pixels that are cut besides."""

SEEN, SURE = 96, 200
"""Opacity from which a pixel is of a stroke, and from which its colour is the ink's."""


class PaleInkError(ValueError):
    """A signature cannot be printed.

    Attributes:
        problem: Why, as the end of a sentence.
        picture: PNG of what it would look like on its line; b"" where there is nothing.
    """

    def __init__(self, problem: str, picture: bytes = b"") -> None:
        super().__init__(problem)
        self.problem = problem
        self.picture = picture


@dataclass(frozen=True, slots=True)
class SignatureInk:
    """What is written, without paper.

    Attributes:
        image: RGBA, cut to the ink.
        baseline: Where the letters stand, as a share of its height from below.
    """

    image: Image.Image
    baseline: float


def inked(image: Image.Image) -> SignatureInk:
    """Return the ink of a signature's picture.

    Args:
        image: RGBA or RGB; of one that has no paper already, the transparent part is cut off.

    Raises:
        PaleInkError: If there is none, or too pale a one.
    """
    has_paper = image.mode != "RGBA" or not image.getchannel("A").point(_below(SEEN)).getbbox()
    found = _without_paper(image.convert("RGB")) if has_paper else image
    alpha = found.getchannel("A")
    box = alpha.point(_from(SEEN // 2)).getbbox()
    if box is None:
        raise PaleInkError("holds no ink")
    cut = found.crop(box)
    _require_contrast(cut)
    return SignatureInk(cut, _baseline(cut.getchannel("A")))


def _from(level: int) -> list[int]:
    return [255 if each >= level else 0 for each in range(256)]


def _below(level: int) -> list[int]:
    return [255 if each < level else 0 for each in range(256)]


def _require_contrast(cut: Image.Image) -> None:
    alpha = cut.getchannel("A")
    mask = alpha.point(_from(SURE))
    if not mask.getbbox():
        mask = alpha
    colour = [round(each) for each in ImageStat.Stat(cut.convert("RGB"), mask).mean]
    ratio = contrast("#{:02X}{:02X}{:02X}".format(*colour), "#FFFFFF")
    if ratio < LEAST_CONTRAST:
        problem = f"is too pale: its ink has a contrast of {ratio:.1f}:1 with paper, 3:1 is needed"
        raise PaleInkError(problem, _on_its_line(cut))


def _without_paper(scan: Image.Image) -> Image.Image:
    work = scan.copy()
    work.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    channels = work.split()
    papers = [_paper(each) for each in channels]
    if max(ImageStat.Stat(each).median[0] for each in papers) < DARK_PAPER:
        raise PaleInkError("is written on dark paper; write it with dark ink on white")
    flat = [_divided(channel, paper) for channel, paper in zip(channels, papers, strict=True)]
    darkness = ImageChops.invert(ImageChops.darker(ImageChops.darker(flat[0], flat[1]), flat[2]))
    sheet = _within_edges(darkness)
    darkness = darkness.crop(sheet)
    alpha = _opacity(darkness)
    alpha = ImageChops.darker(alpha, _strokes(alpha))
    sure = alpha.point(_from(SURE))
    if not sure.getbbox():
        raise PaleInkError("holds no ink")
    # The edges of strokes are half paper: the ink's colour is that of its darker half.
    half = ImageStat.Stat(darkness, sure).median[0]
    middle = ImageChops.darker(sure, darkness.point(_from(int(half))))
    inks = [ImageStat.Stat(each.crop(sheet), middle).median[0] for each in channels]
    red, green, blue = map(round, inks)
    colours = Image.new("RGB", alpha.size, (red, green, blue)).split()
    return Image.merge("RGBA", (*colours, alpha))


def _within_edges(darkness: Image.Image) -> tuple[int, int, int, int]:
    """Return the box of a scan without the dark edges at which its paper ends."""
    dark = darkness.point(_from(EDGE_DARKNESS))
    columns = dark.resize((dark.width, 1), Image.Resampling.BOX).tobytes()
    rows = dark.resize((1, dark.height), Image.Resampling.BOX).tobytes()
    left, right = _edge(columns), len(columns) - _edge(columns[::-1])
    top, bottom = _edge(rows), len(rows) - _edge(rows[::-1])
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _edge(shares: bytes) -> int:
    """Return how many rows or columns from the first on are an edge; a few more are cut."""
    most = int(len(shares) * WIDEST_EDGE)
    dark = [place for place, each in enumerate(shares[:most]) if each > 255 * STRIP]
    return dark[-1] + 1 + BESIDE_EDGE if dark else 0


def _paper(channel: Image.Image) -> Image.Image:
    """Return a channel of the paper alone, estimated tile by tile."""
    across, down = -(-channel.width // TILE), -(-channel.height // TILE)
    levels = bytearray()
    for row in range(down):
        for column in range(across):
            box = (column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE)
            inside = (*box[:2], min(box[2], channel.width), min(box[3], channel.height))
            levels.append(_level(channel.crop(inside).histogram(), PAPER_SHARE))
    tiles = Image.frombytes("L", (across, down), bytes(levels)).filter(ImageFilter.MedianFilter(3))
    whole = tiles.resize((across * TILE, down * TILE), Image.Resampling.BICUBIC)
    return whole.crop((0, 0, *channel.size))


def _level(histogram: Sequence[int], share: float) -> int:
    """Return the level below which a share of the pixels lies."""
    wanted, seen = share * sum(histogram), 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return level
    return 255


def _divided(channel: Image.Image, paper: Image.Image) -> Image.Image:
    divided: Image.Image = ImageMath.lambda_eval(
        lambda args: args["convert"](
            args["min"](args["c"] * 255 / args["max"](args["p"], 1), 255), "L"
        ),
        c=channel,
        p=paper,
    )
    return divided


def _opacity(darkness: Image.Image) -> Image.Image:
    histogram = darkness.histogram()
    usual, upper = _level(histogram, 0.5), _level(histogram, 0.84)
    low = max(LEAST_DARKNESS, usual + NOISE * max(1, upper - usual))
    inky = [0] * (low + 1) + histogram[low + 1 :]
    share = sum(inky) / sum(histogram)
    if low > 250 or share < LEAST_INK:  # noqa: PLR2004  # of 255 levels
        raise PaleInkError("holds no ink that can be told from its paper")
    if share > MOST_INK:
        raise PaleInkError("is no signature on paper: most of it is dark")
    high = low + max(1, round(0.6 * (_level(inky, 0.7) - low)))
    ramp = [min(255, max(0, round(255 * (each - low) / (high - low)))) for each in range(256)]
    return darkness.point(ramp)


def _strokes(alpha: Image.Image) -> Image.Image:
    """Return the mask of what is written, without dust."""
    found = regions(alpha.point(_from(SEEN)), corners=True)
    total = sum(each.area for each in found)
    kept = [each for each in found if each.area >= max(LEAST_PIXELS, LEAST_REGION * total)]
    return mask_of(kept, alpha.size).filter(ImageFilter.MaxFilter(5))


def _baseline(alpha: Image.Image) -> float:
    """Return where most letters end below, as a share of the height from below."""
    turned = alpha.point(_from(SEEN)).transpose(Image.Transpose.ROTATE_270)
    data, width = turned.tobytes(), turned.width
    ends = [data.find(b"\xff", row * width, (row + 1) * width) - row * width
            for row in range(turned.height)]  # fmt: skip
    inked_columns = [each for each in ends if each >= 0]
    return median(inked_columns) / alpha.height if inked_columns else 0.0


def _on_its_line(cut: Image.Image) -> bytes:
    """Draw a signature on a rule, as large as on a screen."""
    shown = cut.copy()
    shown.thumbnail((468, 108), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (540, 180), "#FFFFFF")
    place = ((sheet.width - shown.width) // 2, 130 - shown.height)
    sheet.paste(shown.convert("RGB"), place, shown.getchannel("A"))
    ImageDraw.Draw(sheet).line((18, 130, 522, 130), fill="#1B1B1E", width=2)
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
