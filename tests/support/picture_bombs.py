"""Pictures that nobody makes by accident: small files that are much to read."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from itertools import pairwise

from PIL import Image

__all__ = ["PICTURES"]


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", checksum)


def _png(width: int, height: int, *chunks: bytes, rows: bytes | None = None) -> bytes:
    """Return a grey PNG, its rows deflated; None for as many as it needs."""
    head = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    data = _zeros((width + 1) * height) if rows is None else rows
    body = b"".join(chunks) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + body


def _zeros(count: int) -> bytes:
    """Return so many deflated zeros."""
    packer, block = zlib.compressobj(1), bytes(1 << 20)
    pieces = [packer.compress(block[: count - at]) for at in range(0, count, 1 << 20)]
    return b"".join(pieces) + packer.flush()


@cache
def _bomb() -> bytes:
    """Return 200 MB of zeros, deflated."""
    return _zeros(200_000_000)


def _animated_png(frames: int) -> bytes:
    control = struct.pack(">LLLLLHHBB", 0, 9, 9, 0, 0, 1, 9, 0, 0)
    each = _chunk(b"fcTL", control) + _chunk(b"fdAT", bytes(4) + _zeros(90))
    whole = _png(9, 9, _chunk(b"acTL", struct.pack(">LL", frames, 0)))
    end = _chunk(b"IEND", b"")
    return whole[: -len(end)] + each * frames + end


def _gif(frames: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", 2000, 2000, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def _tiff(entries: Callable[[int], list[tuple[int, int, int, int]]], *nexts: int) -> bytes:
    """Return a TIFF of directories of equal length.

    Args:
        entries: Of the directory of a number: tag, type, count, value.
        nexts: Which directory follows each; -1 for none.
    """
    length = 2 + 12 * len(entries(0)) + 4
    out = b"II*\0" + struct.pack("<L", 8)
    for number, after in enumerate(nexts):
        rows = entries(number)
        out += struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHLL", *row) for row in rows)
        out += struct.pack("<L", 0 if after < 0 else 8 + after * length)
    return out


def _page(width: int, height: int) -> Callable[[int], list[tuple[int, int, int, int]]]:
    return lambda _: [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, width * height),
    ]  # fmt: skip


@cache
def _progressive() -> bytes:
    """Return a progressive JPEG of 9 MB, one of whose scans stands there again and again."""
    noise = random.Random(1).randbytes(3000 * 3000)
    out = BytesIO()
    Image.frombytes("L", (3000, 3000), noise).resize((64, 64)).resize((4000, 4000)).save(
        out, "JPEG", progressive=True, quality=5
    )
    data = out.getvalue()
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", first + 2)
    third = data.index(b"\xff\xda", second + 2)
    scan = data[second:third]
    return data[:third] + scan * (9_000_000 // len(scan)) + data[third:]


def _huge_jpeg() -> bytes:
    out = BytesIO()
    Image.new("L", (16, 16)).save(out, "JPEG")
    data = out.getvalue()
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", 65_000, 65_000) + data[place + 4 :]


def _huge_webp() -> bytes:
    """Return the head of a WebP that claims 16,384 by 16,384 pixels, the most there are."""
    bits = (16_383) | (16_383 << 14)
    data = b"VP8L" + struct.pack("<LBL", 5, 0x2F, bits) + b"\0"
    return b"RIFF" + struct.pack("<L", 4 + len(data)) + b"WEBP" + data


def _animated_webp() -> bytes:
    out = BytesIO()
    first, *rest = [Image.new("L", (64, 64), number % 255) for number in range(1000)]
    first.save(out, "WEBP", save_all=True, append_images=rest, duration=1)
    return out.getvalue()


def _heic() -> bytes:
    """Return a HEIC whose boxes are within one another, 10,000 deep."""
    depth = 10_000
    boxes = b"".join(struct.pack(">L4s", 8 * (depth - n), b"moov") for n in range(depth))
    return struct.pack(">L4s4sL4s", 20, b"ftyp", b"heic", 0, b"heic") + boxes


_SVG = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">%b]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">
<image x:href="file:///etc/passwd"/><text>&z;</text></svg>"""


def _svg() -> bytes:
    names = "abcdefghijz"
    pairs = pairwise(names)
    return _SVG % "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairs).encode()


PICTURES: Mapping[str, Callable[[], bytes]] = {
    "a PNG of 60,000 by 60,000": lambda: _png(60_000, 60_000, rows=_bomb()),
    "a PNG of 6,000 by 6,000": lambda: _png(6_000, 6_000),
    "a PNG with rows of 200 MB for one pixel": lambda: _png(1, 1, rows=_bomb()),
    "a PNG with 200 MB in iTXt": lambda: _png(9, 9, _chunk(b"iTXt", b"a\0\1\0\0\0" + _bomb())),
    "a PNG with 200 MB in zTXt": lambda: _png(9, 9, _chunk(b"zTXt", b"a\0\0" + _bomb())),
    "a PNG with 200 MB in iCCP": lambda: _png(9, 9, _chunk(b"iCCP", b"a\0\0" + _bomb())),
    "a PNG with 60,000 texts": lambda: _png(
        9, 9, *[_chunk(b"tEXt", b"key%d\0word" % n) for n in range(60_000)]
    ),
    "a PNG of 10,000 frames": lambda: _animated_png(10_000),
    "a PNG with a chunk of 4 GB": lambda: _png(9, 9)[:33] + b"\xff\xff\xff\xfftEXt",
    "a GIF of 10,000 frames": lambda: _gif(10_000),
    "a TIFF of 3,000 directories": lambda: _tiff(_page(9, 9), *range(1, 3000), -1),
    "a TIFF whose directories follow one another in a circle": lambda: _tiff(_page(9, 9), 1, 2, 0),
    "a TIFF of 60,000 by 60,000": lambda: _tiff(_page(60_000, 60_000), -1),
    "a TIFF with a tag of 4 billion values": lambda: _tiff(
        lambda _: [*_page(9, 9)(0), (700, 7, 0xFFFFFFFF, 8)], -1
    ),
    "a TIFF whose directory holds itself": lambda: _tiff(
        lambda _: [*_page(9, 9)(0), (34665, 4, 1, 8)], -1
    ),
    "a JPEG of 65,000 by 65,000": _huge_jpeg,
    "a JPEG of scans without end": _progressive,
    "a WebP of 16,384 by 16,384": _huge_webp,
    "a WebP of 1,000 frames": _animated_webp,
    "a HEIC of boxes 10,000 deep": _heic,
    "an SVG of a billion words": _svg,
    "300 MB": lambda: _png(9, 9) + bytes(300_000_000),
    "nothing": lambda: b"",
}
"""What may be given as a picture, by what is wrong with it."""
