"""What a PDF says: its pages, its text, its tokens, by pypdf."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from cecert.adapters.document_reader.process import (
    TOKEN_BYTES,
    TOKEN_FILE,
    TRANSCRIPT_FILE,
    ReadingLimits,
    UnreadableError,
)

__all__ = ["content_of"]

SEALED = b"/ByteRange"
"""What no signature is without (ISO 32000-2, 12.8.1)."""

TRANSCRIPT_BYTES = 1_000_000
"""More of a list of tokens is not read; a transcript of fifty pages has not half as much."""


def content_of(pdf: bytes, limits: ReadingLimits) -> dict[str, Any]:
    """Return page_lines, token_texts, transcript_texts, signatures and producer of *pdf*.

    A sealed file that is too damaged to be read has no pages, so that its seal can
    still be called broken.

    Raises:
        UnreadableError: If it is encrypted, or has too many pages, too much text or too
            many tokens.
    """
    try:
        return _content(PdfReader(BytesIO(pdf)), limits)
    except (UnreadableError, MemoryError):
        raise
    except Exception:
        if SEALED in pdf:
            lists = ("page_lines", "token_texts", "transcript_texts")
            return {**{each: [] for each in lists}, "signatures": 0, "producer": ""}
        raise


def _content(reader: PdfReader, limits: ReadingLimits) -> dict[str, Any]:
    if reader.is_encrypted:
        raise UnreadableError("it is encrypted")
    pages = len(reader.pages)
    if pages > limits.pages:
        raise UnreadableError(f"it has {pages} pages, {limits.pages} are read at most")
    return {
        "page_lines": _page_lines(reader, limits),
        "token_texts": _texts(reader, TOKEN_FILE, TOKEN_BYTES, limits.pages),
        "transcript_texts": _texts(reader, TRANSCRIPT_FILE, TRANSCRIPT_BYTES, MOST_TRANSCRIPTS),
        "signatures": _signed_fields(reader),
        "producer": _producer(reader),
    }


def _page_lines(reader: PdfReader, limits: ReadingLimits) -> list[list[str]]:
    pages: list[list[str]] = []
    characters = 0
    for page in reader.pages:
        text = _text(page)
        characters += len(text)
        if characters > limits.characters:
            raise UnreadableError(f"it has more than {limits.characters} characters of text")
        pages.append([line.strip() for line in text.splitlines() if line.strip()])
    return pages


def _text(page: PageObject) -> str:
    try:
        return page.extract_text()
    except Exception:  # noqa: BLE001  # pypdf raises anything at all over a damaged page
        return ""


MOST_TRANSCRIPTS = 4


def _texts(reader: PdfReader, name: str, size: int, most: int) -> list[str]:
    """Return what attachments of a name say; a file that was put together has several.

    Args:
        reader: Of the file.
        name: Of the attachments.
        size: Bytes that are read of each.
        most: Different ones at most.

    Raises:
        UnreadableError: If there are more.
    """
    texts = dict.fromkeys(each.get_data()[:size] for each in _attached(reader, name))
    if len(texts) > most:
        raise UnreadableError(f"it carries {len(texts)} different attachments {name}")
    return [each.decode("ascii", "replace") for each in texts]


def _attached(reader: PdfReader, name: str) -> Iterator[StreamObject]:
    for attachment in reader.attachment_list:
        if name in {attachment.name, attachment.alternative_name}:
            streams = attachment.pdf_object["/EF"].get_object()
            if isinstance(streams, DictionaryObject):
                found = [each.get_object() for each in streams.values()]
                yield from (each for each in found if isinstance(each, StreamObject))


def _signed_fields(reader: PdfReader) -> int:
    fields = reader.get_fields() or {}
    return sum(each.get("/FT") == "/Sig" and "/V" in each for each in fields.values())


LONGEST_PRODUCER = 60
"""Characters of the name of a program that are told."""


def _producer(reader: PdfReader) -> str:
    """Return what the file says of the program that wrote it; anybody may write anything."""
    try:
        found = reader.metadata.producer if reader.metadata else None
    except Exception:  # noqa: BLE001  # pypdf raises anything at all over damage
        return ""
    words = "".join(each if each.isprintable() else " " for each in found or "")
    return " ".join(words.split())[:LONGEST_PRODUCER]
