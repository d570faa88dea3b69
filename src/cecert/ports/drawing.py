"""Ports that make a document: drawing and sealing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.misprints import PrintedPage
from cecert.errors import Fault

__all__ = ["Drawing", "Renderer", "SealPlace", "Sealer"]


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where a drawn certificate waits for its seal; places are bytes from the file's start.

    Attributes:
        date: Of the signing date, `D:YYYYMMDDHHMMSSZ`.
        hole: Of the `<` that opens the signature's hexadecimal zeros.
        after: Just behind the `>` that closes them; the byte range leaves out what is between.
    """

    date: int
    hole: int
    after: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn certificate, not yet sealed.

    Attributes:
        pdf: The document, complete but for its seal, with the token attached as
            `cecert-token.txt`.
        seal: Where the seal goes, None for what is never sealed.
        shared: Bytes from the start that other drawings of a batch begin with too, so that
            a sealer may keep what it made of them; it compares them, and believes nothing.
        pages: The words that stand on each page, as they were drawn and not as they were
            asked for; nothing without them is sealed.
    """

    pdf: bytes
    seal: SealPlace | None = None
    shared: int = 0
    pages: tuple[PrintedPage, ...] = ()


class Renderer(Protocol):
    """Draws certificates."""

    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Say what keeps *certificate* from being drawn: missing glyphs, no room."""
        ...

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*.

        Raises:
            DrawingError: If `faults` has any.
        """
        ...

    def draw_specimen(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* with SPECIMEN across it and nothing that verifies."""
        ...


class Sealer(Protocol):
    """Seals documents in the provider's name."""

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        """Return the document sealed at *at*: PAdES B-B, certifying, no changes allowed.

        Raises:
            SealError: If it cannot be sealed.
        """
        ...
