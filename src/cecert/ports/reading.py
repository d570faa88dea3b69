"""Ports that read what anybody may have made, and learn what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

__all__ = [
    "OfferedLists",
    "PdfContent",
    "PdfReader",
    "ReattestedSource",
    "SealFinding",
    "SealReader",
    "SealState",
    "StatusSource",
]


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What a PDF says, read within limits.

    Attributes:
        pages: Number of pages.
        lines: Its text, line by line, in reading order.
        token_text: Content of the attachment `cecert-token.txt`, None if there is none.
        signatures: Number of signature fields that are signed.
    """

    pages: int
    lines: tuple[str, ...]
    token_text: str | None
    signatures: int


class PdfReader(Protocol):
    """Reads PDFs that anybody may have made."""

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        ...

    def qr_texts(self, pdf: bytes) -> Sequence[str]:
        """Return the texts of all QR codes on the first page, drawn at print resolution."""
        ...

    def qr_texts_of_picture(self, picture: bytes) -> Sequence[str] | str:
        """Return the texts of all QR codes in a picture, or why it cannot be read."""
        ...


class SealState(Enum):
    """What a seal proves of a document."""

    MISSING = "missing"
    BROKEN = "broken"
    INTACT = "intact"


@dataclass(frozen=True, slots=True)
class SealFinding:
    """What was found of a document's seal.

    Attributes:
        state: INTACT only if the signature holds and covers the entire file.
        detail: One sentence for people.
        signing_cert_sha256: SHA-256 of the signing certificate (X.509), None if missing.
        signer: The signing certificate's subject, as text.
        time_stamp: Whether an intact seal bears a time stamp (RFC 3161), which nobody checked.
    """

    state: SealState
    detail: str
    signing_cert_sha256: bytes | None = None
    signer: str = ""
    time_stamp: bool = False


class SealReader(Protocol):
    """Checks seals, with no trust of its own: the trust file says whose seals count."""

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        ...


@dataclass(frozen=True, slots=True)
class OfferedLists:
    """A status list as it can be had now; nothing in it is known to be true yet.

    Attributes:
        served: As files and hosts have it, in any order.
        kept: The newest genuine one of an earlier verification.
    """

    served: tuple[bytes, ...] = ()
    kept: bytes | None = None


class StatusSource(Protocol):
    """Gets status lists that were published."""

    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        """Return the list as *bases* and what else is known have it."""
        ...

    def keep(self, list_id: int, data: bytes) -> None:
        """Keep the newest genuine list, so that an older one is known as such."""
        ...


class ReattestedSource(Protocol):
    """Gets lists of genuine tokens of withdrawn keys."""

    def reattested(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        """Return what *bases* have under *name*, and what else is known; none of it is checked."""
        ...
