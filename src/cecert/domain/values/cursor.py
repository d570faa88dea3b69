"""Cursors: where a reader of pages has got to, as a text that only cecert reads.

A cursor says whose pages it is of and what the last thing on the page was. So one of another
office, or of a ledger that has since been restored, is refused, and never reads on somewhere
else.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

__all__ = ["Cursor", "CursorKind"]

_WHOSE, _PLACE, _WHAT = 6, 6, 5
_SIZE = 1 + _WHOSE + _PLACE + _WHAT


class CursorKind(IntEnum):
    """What is read in pages."""

    CHANGES = 1
    CERTIFICATES = 2


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a reader has got to.

    Attributes:
        kind: What is read.
        provider: Whose; the cursor's text holds a digest of it.
        place: The number of the last thing that was read.
        what: What stood there, of which the text holds a digest.
    """

    kind: CursorKind
    provider: str
    place: int
    what: bytes

    @property
    def text(self) -> str:
        """The cursor as a text of 24 characters: letters, digits, `-` and `_`.

        >>> Cursor(CursorKind.CHANGES, "smith-ssw", 17, b"issued").text
        'AUojCxqcjgAAAAAAEckaPMdp'
        """
        whose = sha256(f"cecert pages {self.provider}".encode()).digest()[:_WHOSE]
        what = sha256(self.what).digest()[:_WHAT]
        data = bytes([self.kind]) + whose + self.place.to_bytes(_PLACE) + what
        return urlsafe_b64encode(data).decode()

    @classmethod
    def place_in(cls, text: str, kind: CursorKind, provider: str) -> int:
        """Return the number that a cursor's text holds.

        Args:
            text: As a page gave it.
            kind: What is read.
            provider: By whom.

        Raises:
            ValueError: If it is none, or one of another office, or of something else.
        """
        try:
            data = urlsafe_b64decode(text.encode("ascii"))
        except ValueError as error:
            raise ValueError("is no cursor") from error
        if len(data) != _SIZE or urlsafe_b64encode(data).decode() != text:
            raise ValueError("is no cursor")
        place = int.from_bytes(data[1 + _WHOSE : 1 + _WHOSE + _PLACE])
        same = cls(kind, provider, place, b"").text
        if urlsafe_b64decode(same)[: 1 + _WHOSE] != data[: 1 + _WHOSE]:
            raise ValueError("is a cursor of another office, or of other pages")
        return place
