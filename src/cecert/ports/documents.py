"""Ports to documents: drawing and sealing them, and reading those that anybody may have made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.misprints import PrintedPage
from cecert.domain.values.quick_making import quickly_made
from cecert.errors import Fault

__all__ = [
    "Drawing",
    "LaidOut",
    "PdfContent",
    "PdfReader",
    "Renderer",
    "SealFinding",
    "SealPlace",
    "SealReader",
    "SealState",
    "Sealer",
    "SeenPage",
]


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


@quickly_made
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


class LaidOut(Protocol):
    """A certificate set on its pages, which are no file yet."""

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*, which is the same but for its slot, its instant and its token.

        The pages are those that were set, or set anew if it would show: the drawing is the
        one that the renderer's own `draw` makes.

        Raises:
            DrawingError: If it was set anew and does not fit.
        """
        ...


class Renderer(Protocol):
    """Draws certificates as documents that wait for their seal."""

    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Say what keeps *certificate* from being drawn: missing glyphs, no room."""
        ...

    def lay_out(self, certificate: Certificate) -> LaidOut | tuple[Fault, ...]:
        """Set *certificate* on its pages, or return its `faults`."""
        ...

    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*, with its token inside.

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

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        """Say whether *document* is *drawing*, sealed at *at* with this sealer's key.

        Signatures need not be the same each time: what was drawn is compared byte by byte, and
        the signature must hold, in whatever form releases of before gave it.

        Args:
            document: A file of the archive, whoever wrote it.
            drawing: What it would be before it was sealed.
            at: The instant of sealing.
        """
        ...


@dataclass(frozen=True, slots=True)
class PdfContent:
    """What a PDF says, read within limits.

    Attributes:
        page_lines: The text of each page, line by line, in reading order.
        token_texts: Contents of attachments called `cecert-token.txt`, each once.
        signatures: Number of signature fields that are signed.
        producer: The program that says it wrote the file; "" if none does.
        transcript_texts: Contents of attachments called `cecert-transcript.txt`, each once.
    """

    page_lines: tuple[tuple[str, ...], ...]
    token_texts: tuple[str, ...]
    signatures: int
    producer: str = ""
    transcript_texts: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.page_lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of all pages, one after the other."""
        return tuple(line for page in self.page_lines for line in page)

    @property
    def token_text(self) -> str | None:
        """Content of the one attachment; None if there is none, or if several differ."""
        return self.token_texts[0] if len(self.token_texts) == 1 else None


@dataclass(frozen=True, slots=True)
class SeenPage:
    """What is seen on a page of a PDF or of a picture.

    Attributes:
        codes: Texts of its QR codes.
        is_picture: Whether a picture is all there is on it: no letters to read, no lines.
        lines: Its text as another program than the one behind `PdfContent` reads it, for
            each of them fails at files that the other reads; nothing for a picture.
        fault: Why it could not be drawn, as the end of a sentence; "" if it was.
    """

    codes: tuple[str, ...] = ()
    is_picture: bool = False
    lines: tuple[str, ...] = ()
    fault: str = ""


class PdfReader(Protocol):
    """Reads PDFs and pictures that anybody may have made."""

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        ...

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        """Return what is seen on each page, drawn at print resolution.

        Where a page keeps the rest from being drawn, it is the last one, with its fault.
        """
        ...

    def as_issued(self, pdf: bytes) -> tuple[PdfContent, Sequence[SeenPage]] | None:
        """Return content and pages of a file that a seal of ours shows to be ours to the byte.

        What is hidden in a file need not be looked for there, so it is read once, by one
        program, and drawn as coarsely as our codes allow. None where that is not enough:
        then `read` and `drawn_pages` have the answer.
        """
        ...

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage] | str:
        """Return what is seen on each page of a picture, or why it cannot be read."""
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
        time_stamp: Whether an intact seal bears a time stamp (RFC 3161).
        stamped_at: When that was made, seconds UTC, if it was checked and holds; else None.
        stamped_by: Who made it then, else "".
        stamp_fault: Why it does not hold, if it was checked; else "".
        later_stamp: Whether somebody added a time stamp of the whole file, as archives do, and
            nothing else: what was sealed stands as it was.
        low_s: Whether its signature has the form that is issued: of s and n - s the lower.
        lower_case: Whether its container is in lower case, as every release has written it.
        resaved: Whether a broken seal is that of a file which was saved again, added to, put
            together or signed by somebody else: nothing under the seal is known to be altered.
    """

    state: SealState
    detail: str
    signing_cert_sha256: bytes | None = None
    signer: str = ""
    time_stamp: bool = False
    stamped_at: int | None = None
    stamped_by: str = ""
    stamp_fault: str = ""
    later_stamp: bool = False
    low_s: bool = True
    lower_case: bool = True
    resaved: bool = False


class SealReader(Protocol):
    """Checks seals, with no trust of its own: the trust file says whose seals count."""

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        ...

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        """Say so without reading the file, if the seal is whole, listed and written as ours are.

        None of every other, whole or not; of what is said `inspect` says the same.
        """
        ...
