"""Verifying: a PDF, a picture, a link or bare digits; the answer is a value, never a guess.

No ledger is asked: what is verified here verifies everywhere.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Literal, Protocol

from cecert.argument_types import typed
from cecert.domain.token.verify import Outcome, Verification
from cecert.workflows.verify.document import verify_pdf
from cecert.workflows.verify.pictures import verify_picture
from cecert.workflows.verify.verifier import Checked, Verifier, alone, verified_token

__all__ = ["LARGEST_DOCUMENT", "Checked", "Verifier", "is_pdf", "is_picture", "verify"]

LARGEST_DOCUMENT = 64 << 20
"""Bytes of a PDF or picture; a larger one is not read."""

PDF_MAGIC = b"%PDF-"
PDF_MAGIC_WITHIN = 1024
PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+",  # TIFF, BigTIFF
    b"GIF87a", b"GIF89a",
)  # fmt: skip
BRAND = slice(4, 12)
HEIC_BRANDS = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"mif1"))
WEBP, WEBP_KIND = b"RIFF", b"WEBP"


class OpenFile(Protocol):
    """A file that was opened to be read, by one thread at a time."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes."""
        ...


class Document(Protocol):
    """A file that can be opened, as a `pathlib.Path` is; a string is a code and no name.

    Threads may share it.
    """

    def open(self, mode: Literal["rb"], /) -> AbstractContextManager[OpenFile]:
        """Open the file to be read."""
        ...


@typed
def verify(what: bytes | str | Document, verifier: Verifier) -> Checked:
    """Say what is certified by what somebody shows, and whether it stands.

    Args:
        what: Bytes of a PDF or a picture, or the `Path` of one; or the text of a link or of
            digits.
        verifier: Trust and tools.

    Raises:
        OSError: If the file cannot be read.
    """
    if isinstance(what, str):
        return alone(verified_token(what, verifier))
    if not isinstance(what, bytes):
        # One byte more tells that it is too large, however much larger it is.
        with what.open("rb") as file:
            what = file.read(LARGEST_DOCUMENT + 1)
    if len(what) > LARGEST_DOCUMENT:
        detail = f"it has more than {LARGEST_DOCUMENT >> 20} MB"
        return alone(Verification(Outcome.TOO_LARGE, detail))
    if is_picture(what):
        return verify_picture(what, verifier)
    if is_pdf(what):
        return verify_pdf(what, verifier)
    return alone(Verification(Outcome.NOT_READABLE, "it is neither a PDF nor a picture"))


def is_pdf(what: bytes) -> bool:
    """Say whether a document begins as a PDF does."""
    return PDF_MAGIC in what[:PDF_MAGIC_WITHIN]


def is_picture(what: bytes) -> bool:
    """Say whether a document begins as a picture does that can be read."""
    if what.startswith(PICTURES) or what[BRAND] in HEIC_BRANDS:
        return True
    return what.startswith(WEBP) and what[8:12] == WEBP_KIND
