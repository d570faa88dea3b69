"""Codes: what a number in a line of text stands for, chosen so that documents need not say it.

A glyph that stands for one Latin character has that character's own number for its code.
Its second glyph (the small capital beside the capital) has a number of the private use
area, and a ligature the number Unicode keeps for it. One map from codes to characters
then serves nearly every font of every document; only what has no such number is told by
a map of its own. The common map holds no more than Latin, because readers unfold it for
each font.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

__all__ = ["Codes", "common_map"]

_COMMON = (
    (0x0020, 0x007E), (0x00A0, 0x00FF), (0x0100, 0x01FF), (0x0200, 0x024F), (0x0300, 0x036F),
    (0x1E00, 0x1EFF), (0x2010, 0x203A),
)  # fmt: skip
"""Characters that are their own code; a range stays in one block of 256."""

_SECOND = 0xE000
"""What the code of a second glyph is beyond the character's, which is of the first block."""

_LIGATURES = {"ff": 0xFB00, "fi": 0xFB01, "fl": 0xFB02, "ffi": 0xFB03, "ffl": 0xFB04}

_FIRST_OWN = 0xE900
"""Codes from here on mean what the font's own map says."""

_MOST_IN_BLOCK = 100  # Adobe Technical Note 5014, 1.4: entries in one block


class Codes:
    """The codes of one font.

    Attributes:
        taken: All of them.
        own: What those stand for that are not in the common map.
    """

    def __init__(self, base: Codes | None = None) -> None:
        """Begin with those of *base*, where one is continued."""
        self.taken: set[int] = set(base.taken) if base else set()
        self.own: dict[int, str] = dict(base.own) if base else {}

    def free(self, text: str) -> int:
        """Return the code of one more glyph that stands for *text*, which is now taken."""
        for code in _places(text):
            if code not in self.taken:
                break
        else:
            code = _FIRST_OWN + len(self.own)
            self.own[code] = text
        self.taken.add(code)
        return code

    @property
    def are_common(self) -> bool:
        """Whether the common map says what each of them stands for."""
        return not self.own

    def map(self) -> bytes:
        """Return the CMap from codes to characters: the common one with the font's own."""
        return _cmap(self.own)


@lru_cache(maxsize=4096)
def _places(text: str) -> tuple[int, ...]:
    """Return the codes that stand for *text* in the common map."""
    if len(text) > 1:
        return (_LIGATURES[text],) if text in _LIGATURES else ()
    point = ord(text)
    if not any(first <= point <= last for first, last in _COMMON):
        return ()
    return (point, _SECOND + point) if point <= 0xFF else (point,)  # noqa: PLR2004  # the first block


def common_map() -> bytes:
    """Return the CMap that serves fonts whose codes are all common."""
    return _cmap({})


def _cmap(own: Mapping[int, str]) -> bytes:
    """Write a CMap (ISO 32000-1, 9.10.3); in one of its ranges only the last byte counts up."""
    ranges = [f"<{first:04X}> <{last:04X}> <{first:04X}>" for first, last in _COMMON]
    ranges += [
        f"<{_SECOND + first:04X}> <{_SECOND + last:04X}> <{first:04X}>"
        for first, last in _COMMON
        if last <= 0xFF  # noqa: PLR2004  # the first block
    ]
    single = [(code, text) for text, code in _LIGATURES.items()]
    chars = [f"<{code:04X}> <{_utf16(text)}>" for code, text in (*single, *own.items())]
    return _CMAP % (_entries("range", ranges) + _entries("char", chars)).encode("ascii")


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _entries(kind: str, entries: Sequence[str]) -> str:
    blocks = [entries[at : at + _MOST_IN_BLOCK] for at in range(0, len(entries), _MOST_IN_BLOCK)]
    return "".join(
        f"{len(block)} beginbf{kind}\n{chr(10).join(block)}\nendbf{kind}\n" for block in blocks
    )


_CMAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
%bendcmap
CMapName currentdict /CMap defineresource pop
end
end"""
