"""How much of a document is read before it is given up."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ReadingLimits", "UnreadableError"]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Limits of reading one document; no certificate comes near any of them.

    Attributes:
        seconds: For each question put to the reading process.
        memory: Bytes of address space of that process, where the system can limit it.
        pages: Pages of a PDF.
        characters: Of its text.
        pixels: Of a picture, and of a page drawn to find its QR code.
    """

    seconds: float = 30.0
    memory: int = 3 << 30
    pages: int = 50
    characters: int = 200_000
    pixels: int = 80_000_000


class UnreadableError(Exception):
    """A document cannot be read; `str()` says why, as the end of a sentence."""
