"""Documents and signatures for tests: PDFs that are lines of text, and keyed digests on them.

A renderer, a sealer and their readers stand in for those that draw and seal; a signer with
keyed digests for Ed25519. They prove as much as a shared secret can inside one process, and
need no private key.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.misprints import PrintedLine
from cecert.domain.certificate.phrases import (
    approval_heading,
    approval_number,
    approval_words,
    category_split,
    replaces_words,
)
from cecert.domain.cose.cose import Algorithm, CheckSignature, CoseKey
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.values.wording import dates_phrase, hours_figure
from cecert.errors import DrawingError, Fault
from cecert.ports import Drawing, PdfContent, SealFinding, SealState, SeenPage

__all__ = [
    "FakeSigner",
    "PlainPage",
    "PlainPdfReader",
    "PlainRenderer",
    "StampSealReader",
    "StampSealer",
    "checker_of",
]

_HEAD = "%PDF-plain, by cecert.testing"
_TOKEN = "token: "  # a label
_SEAL = b"\nseal: "
SIGNING_CERT = sha256(b"the signing certificate of cecert.testing").digest()
"""What the stamp's signing certificate hashes to; the memory desk's trust file lists it."""


class PlainRenderer:
    """Draws a certificate as lines of text; it has no glyph for private-use characters."""

    @typed
    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        """Name the first character of the name that has no glyph."""
        name = certificate.recipient.name
        missing = [each for each in name if unicodedata.category(each) == "So"]
        return [Fault("recipient name", name, f"has no glyph for {each!r}") for each in missing[:1]]

    @typed
    def lay_out(self, certificate: Certificate) -> PlainPage | tuple[Fault, ...]:
        """Return its page, which is drawn when the last of it is known; or its `faults`."""
        return tuple(self.faults(certificate)) or PlainPage(self)

    @typed
    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate*, with its token in the last line.

        Raises:
            DrawingError: If `faults` has any.
        """
        if faults := self.faults(certificate):
            raise DrawingError(f"certificate {certificate.id} cannot be drawn", tuple(faults))
        return self._drawing(_lines(certificate), [], [_TOKEN + certificate.token_url])

    @typed
    def draw_specimen(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* with SPECIMEN and without a token."""
        return self._drawing(_lines(certificate), ["SPECIMEN"], [])

    def _drawing(
        self, lines: Sequence[PrintedLine], before: Sequence[str], after: Sequence[str]
    ) -> Drawing:
        text = "\n".join([_HEAD, *before, *(each.text for each in lines), *after])
        return Drawing(text.encode(errors="replace"), pages=(tuple(lines),))


class PlainPage:
    """A page on which nothing stands before it is drawn."""

    @typed
    def __init__(self, renderer: PlainRenderer) -> None:
        """Take who draws it."""
        self._renderer = renderer

    @typed
    def draw(self, certificate: Certificate) -> Drawing:
        """Draw *certificate* as the renderer does."""
        return self._renderer.draw(certificate)


def _lines(certificate: Certificate) -> list[PrintedLine]:
    heading = approval_heading(certificate.credit_lines)
    return [
        PrintedLine("certifies", "This certifies that"),
        PrintedLine("recipient name", certificate.recipient.name),
        PrintedLine("clause", "attended every session in full and met all requirements of"),
        PrintedLine("course title", certificate.course.title),
        PrintedLine("dates", dates_phrase(certificate.course.days)),
        *(each for line in certificate.credit_lines for each in _credit(line, heading)),
        PrintedLine("id", str(certificate.id)),
        *(
            PrintedLine("replaces", replaces_words(each))
            for each in (certificate.supersedes,)
            if each is not None
        ),
    ]


def _credit(line: CreditLine, heading: str) -> Iterator[PrintedLine]:
    yield PrintedLine("hours", hours_figure(line.hours))
    yield PrintedLine("unit", line.unit)
    texts = {
        "credit for": " ".join([line.profession or line.label, line.jurisdiction]).strip(),
        "categories": category_split(line),
        "awarded by": line.awarded_by,
        "approved by": approval_words(line, heading),
        "approval number": approval_number(line),
        "statement": line.statement,
    }
    for what, text in texts.items():
        if text:
            yield PrintedLine(what, text)


class StampSealer:
    """Seals with a keyed digest at the end of the document."""

    @typed
    def __init__(self, secret: bytes = b"cecert.testing seal") -> None:
        self._secret = secret

    @typed
    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        """Return the document with its stamp."""
        sealed = drawing.pdf + f"\nsealed at {at.isoformat()}".encode()
        return sealed + _SEAL + hmac.digest(self._secret, sealed, "sha256").hex().encode()

    @typed
    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        """Say whether *document* is *drawing* with this stamp, which is the same each time.

        Args:
            document: A file of the archive, whoever wrote it.
            drawing: What it would be before it was sealed.
            at: The instant of sealing.
        """
        return document == self.seal(drawing, at)


class StampSealReader:
    """Checks stamps of a `StampSealer` with the same secret."""

    @typed
    def __init__(self, secret: bytes = b"cecert.testing seal") -> None:
        self._secret = secret

    @typed
    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the stamp at the end of *pdf* proves."""
        sealed, found, stamp = pdf.rpartition(_SEAL)
        if not found:
            return SealFinding(SealState.MISSING, "there is no stamp")
        expected = hmac.digest(self._secret, sealed, "sha256").hex().encode()
        if not hmac.compare_digest(stamp, expected):
            return SealFinding(SealState.BROKEN, "the stamp is not of this text", SIGNING_CERT)
        return SealFinding(SealState.INTACT, "the stamp holds", SIGNING_CERT, "cecert.testing")

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        """Say nothing: every stamp is read."""
        del pdf
        return None


class PlainPdfReader:
    """Reads the documents that a `PlainRenderer` drew."""

    @typed
    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the lines and the token of *pdf*, or why it has none."""
        try:
            lines = pdf.decode().split("\n")
        except UnicodeDecodeError:
            return "it is not text"
        if lines[0] != _HEAD:
            return "it is a PDF of another make"
        tokens = [each.removeprefix(_TOKEN) for each in lines if each.startswith(_TOKEN)]
        words = tuple(each for each in lines[1:] if not each.startswith((_TOKEN, "seal")))
        signatures = sum(each.startswith("seal: ") for each in lines)
        return PdfContent((words,), tuple(tokens[:1]), signatures)

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        """Return one page without a code: plain text has no pictures."""
        del pdf
        return [SeenPage()]

    def as_issued(self, pdf: bytes) -> None:
        """Say nothing: every document is read as anybody's."""
        del pdf

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage]:
        """Return nothing: no picture is looked at."""
        del picture
        return []


class FakeSigner:
    """Signs like a `TokenSigner`; `checker_of` checks what it signed."""

    @typed
    def __init__(self, name: str) -> None:
        """Make the key of that name; the same name is the same key."""
        self._secret = sha256(b"cecert.testing secret " + name.encode()).digest()
        self._public = CoseKey(Algorithm.ED25519, sha256(self._secret).digest())

    @property
    def public_key(self) -> CoseKey:
        """The public half of the key."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes that only this key gives for *message*."""
        return hmac.digest(self._secret, message, "sha512")


@typed
def checker_of(signers: Iterable[FakeSigner]) -> CheckSignature:
    """Return the check of signatures that knows these *signers* and no others."""
    known = {each.public_key: each for each in signers}

    def check(key: CoseKey, signature: bytes, message: bytes) -> bool:
        signer = known.get(key)
        return signer is not None and hmac.compare_digest(signer.sign(message), signature)

    return check
