"""What is read of a PDF, and what is refused: encrypted, huge, damaged."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from papers import papers
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import EncodedStreamObject, NameObject, NumberObject
from reportlab.pdfgen.canvas import Canvas

from cecert.adapters.document_reader import LimitedPdfReader
from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.pages import look_at_pages
from cecert.adapters.document_reader.process import ReadingLimits, UnreadableError
from cecert.ports import PdfContent

LIMITS = ReadingLimits()
SEALED = papers().pdf


def drawn(pages: int = 1, lines: int = 1, size: tuple[float, float] = (792, 612)) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        for number in range(lines):
            canvas.drawString(50, 500 - number, "a line of text, to be read")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def codes_of_page(pdf: bytes, limits: ReadingLimits) -> list[str]:
    """Return the codes on the first page."""
    codes: list[str] = look_at_pages(pdf, limits)["pages"][0]["codes"]
    return codes


def attached(*contents: bytes, name: str = "cecert-token.txt") -> bytes:
    writer = PdfWriter(clone_from=BytesIO(drawn()))
    for content in contents:
        writer.add_attachment(name, content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_certificate_is_read_line_by_line_with_its_token() -> None:
    content = LimitedPdfReader(papers().process).read(SEALED)
    assert isinstance(content, PdfContent)
    assert content.token_text == papers().certificate.token_url
    assert (content.pages, content.signatures) == (1, 1)
    assert content.lines.index("This certifies that") + 1 == content.lines.index("Ana Ruiz")


def test_the_code_on_the_page_is_the_code_in_the_attachment() -> None:
    assert codes_of_page(SEALED, LIMITS) == [papers().certificate.token_url]


def test_a_page_of_any_size_is_drawn_within_its_pixels() -> None:
    huge = drawn(size=(14_400, 14_400))
    assert codes_of_page(huge, ReadingLimits(pixels=1_000_000)) == []


@pytest.mark.parametrize("password", ["secret", ""])
def test_an_encrypted_document_is_named_as_such(password: str) -> None:
    writer = PdfWriter(clone_from=BytesIO(SEALED))
    writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(UnreadableError, match="it is encrypted"):
        content_of(out.getvalue(), LIMITS)


def test_ten_thousand_pages_are_too_many() -> None:
    writer = PdfWriter()
    for _ in range(10_000):
        writer.add_blank_page(72, 72)
    out = BytesIO()
    writer.write(out)
    with pytest.raises(UnreadableError, match="it has 10000 pages, 50 are read at most"):
        content_of(out.getvalue(), LIMITS)


def test_a_million_characters_are_too_many() -> None:
    with pytest.raises(UnreadableError, match="more than 100 characters of text"):
        content_of(drawn(lines=20), ReadingLimits(characters=100))


def test_of_an_attachment_only_the_start_is_read() -> None:
    # 50 MB would be far too large for a token, which the longest allowed start shows.
    read = content_of(attached(b"1" * (50 << 20)), LIMITS)
    assert read["token_texts"] == ["1" * 1500]


def test_an_attachment_that_is_no_text_is_read_as_no_token() -> None:
    assert content_of(attached(b"\xff\xfe1"), LIMITS)["token_texts"] == ["\ufffd\ufffd1"]


def test_other_attachments_are_not_looked_at() -> None:
    assert content_of(attached(b"1", name="other.txt"), LIMITS)["token_texts"] == []


def test_attachments_of_the_name_that_say_the_same_are_one() -> None:
    assert content_of(attached(b"1", b"1"), LIMITS)["token_texts"] == ["1"]
    assert content_of(attached(b"1", b"2"), LIMITS)["token_texts"] == ["1", "2"]


def test_more_attachments_of_the_name_than_pages_may_be_are_refused() -> None:
    with pytest.raises(UnreadableError, match="3 different attachments"):
        content_of(attached(b"1", b"2", b"3"), ReadingLimits(pages=2))


def test_a_page_that_inflates_without_end_says_nothing_and_stops_nothing() -> None:
    writer = PdfWriter(clone_from=BytesIO(drawn()))
    bomb = EncodedStreamObject()
    bomb._data = zlib.compress(bytes(80 << 20), 9)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(bomb)
    out = BytesIO()
    writer.write(out)
    assert content_of(out.getvalue(), LIMITS)["page_lines"] == [[]]


def test_an_attachment_without_a_file_is_none() -> None:
    writer = PdfWriter(clone_from=BytesIO(attached(b"1")))
    (embedded,) = writer.attachment_list
    embedded.pdf_object[NameObject("/EF")] = NumberObject(5)
    out = BytesIO()
    writer.write(out)
    assert content_of(out.getvalue(), LIMITS)["token_texts"] == []


def test_a_sealed_file_that_is_damaged_beyond_reading_has_no_pages() -> None:
    # Only so can its seal be called broken.
    read = content_of(b"%PDF-1.7\n/ByteRange [0 1 2 3]", LIMITS)
    lists: dict[str, list[str]] = {
        key: [] for key in ("page_lines", "token_texts", "transcript_texts")
    }
    assert read == {**lists, "signatures": 0, "producer": ""}
    with pytest.raises(PyPdfError):
        content_of(b"%PDF-1.7\nnothing", LIMITS)


def test_unreadable_documents_have_no_codes() -> None:
    reader = LimitedPdfReader(papers().process)
    (seen,) = reader.drawn_pages(b"%PDF-1.7\nnothing")
    assert (seen.codes, seen.fault) == ((), "it is damaged (PdfiumError)")
    assert reader.read(b"%PDF-1.7\nnothing") == "it is damaged (PdfStreamError)"


def test_signatures_are_counted() -> None:
    assert PdfReader(BytesIO(SEALED)).get_fields() is not None
    assert content_of(SEALED, LIMITS)["signatures"] == 1
    assert content_of(drawn(), LIMITS)["signatures"] == 0
