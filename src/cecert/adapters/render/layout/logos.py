"""Logos: cut to what is drawn, their white ground cleared, and known as discs or not.

Source: design of the logo, docs/spec/certificate-design.md 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageMath

from cecert.adapters.render.layout.regions import edge_regions, mask_of

__all__ = ["Logo", "is_seen_on_white", "prepared_logo"]

ALPHA_OF_INK = 8
OFF_GROUND = 12
"""Levels: what differs by more from the ground is drawn."""

WHITE = 243
"""Least channel of a ground that is taken for white."""

LOOKED_AT = 600
"""Pixels of the longer side of the copy in which ground and ink are told apart."""

DISC_SHARE, DISC_RATIOS = 0.7, (0.8, 1.25)
"""What a disc or a shield fills of its box, and its width by its height."""

OUTLINE_ROWS = 64


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo made ready.

    Attributes:
        image: RGBA where it has a transparent ground, else RGB.
        outline: Of a disc or shield: points from its lower left corner, 1 being its width
            and height; () for every other.
        ground: Colour of an opaque ground that stays, `#RRGGBB`; "" without one.
    """

    image: Image.Image
    outline: tuple[tuple[float, float], ...]
    ground: str = ""


def prepared_logo(image: Image.Image, most: tuple[float, float]) -> Logo:
    """Trim a logo, clear its white ground, and say what shape it is.

    Args:
        image: RGBA or RGB.
        most: Width and height in pixels of what is printed at most.
    """
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        box = image.getchannel("A").point(_over(ALPHA_OF_INK)).getbbox()
        drawn = _shrunk(image.crop(box) if box else image, most)
        return Logo(drawn, _outline(drawn.getchannel("A")))
    opaque = image.convert("RGB")
    ground = _corner_colour(opaque)
    if ground is None:
        drawn = _shrunk(opaque, most)
        return Logo(drawn, _outline(Image.new("L", drawn.size, 255)))
    drawn = _shrunk(_cut_to_ink(opaque, ground), most)
    if min(ground) < WHITE:
        colour = "#{:02X}{:02X}{:02X}".format(*ground)
        return Logo(drawn, _outline(Image.new("L", drawn.size, 255)), colour)
    cleared = _without_white(drawn)
    return Logo(cleared, _outline(cleared.getchannel("A")))


def is_seen_on_white(image: Image.Image) -> bool:
    """Say whether anything of a logo, RGBA or RGB, differs from white paper."""
    paper = Image.new("RGBA", image.size, "white")
    printed = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
    return _off(printed, (255, 255, 255)).getbbox() is not None


def _over(level: int) -> list[int]:
    return [255 if each > level else 0 for each in range(256)]


def _corner_colour(image: Image.Image) -> tuple[int, int, int] | None:
    """Return the colour of all four corners, None where they differ."""
    right, bottom = image.width - 1, image.height - 1
    corners = [
        image.getpixel(place) for place in ((0, 0), (right, 0), (0, bottom), (right, bottom))
    ]
    first = corners[0]
    if not isinstance(first, tuple):
        return None
    same = all(
        isinstance(other, tuple)
        and max(abs(a - b) for a, b in zip(first, other, strict=True)) <= OFF_GROUND
        for other in corners
    )
    return (first[0], first[1], first[2]) if same else None


def _off(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Return the mask of what differs from a colour."""
    red, green, blue = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).point(_over(OFF_GROUND))


def _cut_to_ink(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """Cut margins off; specks of dust or of JPEG do not count as drawn."""
    small = image.copy()
    small.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    box = _off(small, ground).filter(ImageFilter.MedianFilter(3)).getbbox()
    if box is None:
        return image
    scale = image.width / small.width
    left, top = (int((each - 1) * scale) for each in box[:2])
    right, bottom = (-int(-(each + 1) * scale // 1) for each in box[2:])
    return image.crop(
        (max(0, left), max(0, top), min(image.width, right), min(image.height, bottom))
    )


def _shrunk(image: Image.Image, most: tuple[float, float]) -> Image.Image:
    """Return what is printed; premultiplied meanwhile, so that what is unseen does not bleed."""
    small = image.convert("RGBa") if image.mode == "RGBA" else image.copy()
    small.thumbnail(most, Image.Resampling.LANCZOS)
    return small.convert(image.mode)


def _without_white(image: Image.Image) -> Image.Image:
    """Make white that touches the edge transparent, softly where a drawing begins."""
    ground = ImageChops.invert(_off(image, (255, 255, 255)))
    outside = mask_of(edge_regions(ground), image.size)
    zone = outside.filter(ImageFilter.MaxFilter(5))
    channels = image.split()
    lowest = ImageChops.darker(ImageChops.darker(channels[0], channels[1]), channels[2])
    soft = ImageChops.invert(lowest)
    alpha = Image.composite(soft, Image.new("L", image.size, 255), zone)
    alpha = Image.composite(Image.new("L", image.size, 0), alpha, outside)
    colours = [Image.composite(_unmixed(each, soft), each, zone) for each in channels]
    return Image.merge("RGBA", (*colours, alpha))


def _unmixed(channel: Image.Image, opacity: Image.Image) -> Image.Image:
    """Return a channel as it was before it was laid on white with an opacity."""
    unmixed: Image.Image = ImageMath.lambda_eval(
        lambda args: args["convert"](
            args["max"](255 - (255 - args["c"]) * 255 / args["max"](args["a"], 1), 0), "L"
        ),
        c=channel,
        a=opacity,
    )
    return unmixed


def _outline(alpha: Image.Image) -> tuple[tuple[float, float], ...]:
    """Return the outline of a disc or shield, () for every other shape."""
    width, height = alpha.size
    if not DISC_RATIOS[0] <= width / height <= DISC_RATIOS[1]:
        return ()
    outside = edge_regions(ImageChops.invert(alpha.point(_over(127))))
    filled = 1 - sum(each.area for each in outside) / (width * height)
    if filled < DISC_SHARE:
        return ()
    solid = ImageChops.invert(mask_of(outside, alpha.size))
    points = []
    for row in range(0, height, max(1, height // OUTLINE_ROWS)):
        box = solid.crop((0, row, width, row + 1)).getbbox()
        if box:
            y = 1 - (row + 0.5) / height
            points += [(box[0] / width, y), (box[2] / width, y)]
    return tuple(points)
