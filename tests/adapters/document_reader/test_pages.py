"""What is seen on the pages of a PDF."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from certificate_samples import certificate, renderer
from made_files import letter, merged, scans, searchable
from papers import papers
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess, pages
from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.pages import look_at_pages, read_issued
from cecert.adapters.document_reader.pictures import codes_on
from cecert.adapters.document_reader.process import ReadingLimits, UnreadableError

LIMITS = ReadingLimits()
ANA, OTHER = papers().pdf, papers().other_pdf
TOKEN, OTHER_TOKEN = papers().certificate.token_url, papers().other.token_url


class Counting(ReadingProcess):
    """Counts what it is asked."""

    asked = 0

    def ask(self, question: str, document: bytes, first: int | str | None = None) -> object:
        self.asked += 1
        return super().ask(question, document, first)


def test_every_page_is_looked_at_ten_at_a_time() -> None:
    files = [letter()] * 23
    files[3], files[22] = ANA, OTHER
    process = Counting()
    seen = LimitedPdfReader(process).drawn_pages(merged(*files))
    assert {number: each.codes for number, each in enumerate(seen) if each.codes} == {
        3: (TOKEN,),
        22: (OTHER_TOKEN,),
    }
    assert (len(seen), process.asked) == (23, 3)
    assert all(not each.fault for each in seen)


def test_more_pages_than_are_read_are_refused() -> None:
    with pytest.raises(UnreadableError, match="it has 3 pages, 2 are read at most"):
        look_at_pages(merged(ANA, ANA, ANA), ReadingLimits(pages=2))


@pytest.mark.parametrize(
    ("pdf", "is_picture"),
    [
        (ANA, False),
        (letter(), False),
        (scans(ANA), True),
        (searchable(ANA, ["Anu Rulz"]), True),
        (merged(letter()), False),
    ],
    ids=["certificate", "letter", "scan", "searchable scan", "text alone"],
)
def test_a_page_is_a_picture_if_nothing_else_is_to_be_seen_on_it(
    pdf: bytes, is_picture: bool
) -> None:
    (page,) = look_at_pages(pdf, LIMITS)["pages"]
    assert page["is_picture"] is is_picture
    assert bool(page["lines"]) is not is_picture


@pytest.mark.parametrize(
    ("pdf", "times"),
    [(ANA, 1), (scans(ANA), 1), (letter(), 1), (scans(letter()), 2)],
    ids=["certificate", "scan", "letter", "scanned letter"],
)
def test_a_page_is_drawn_finer_only_if_a_poor_scan_may_be_on_it(
    pdf: bytes, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[int, int]] = []

    def counted(image: Image.Image) -> list[str]:
        drawn.append(image.size)
        return codes_on(image)

    monkeypatch.setattr(pages, "codes_on", counted)
    look_at_pages(pdf, LIMITS)
    assert len(set(drawn)) == len(drawn) == times


def test_a_page_says_what_it_says() -> None:
    (page,) = look_at_pages(ANA, LIMITS)["pages"]
    assert page["lines"].index("This certifies that") + 1 == page["lines"].index("Ana Ruiz")


def test_a_page_without_end_is_read_to_its_limit() -> None:
    (page,) = look_at_pages(letter(*["x" * 90] * 30), ReadingLimits(characters=1000))["pages"]
    assert sum(map(len, page["lines"])) <= 100


def with_contents(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(merged(letter(), ANA)))
    stream = DecodedStreamObject()
    stream.set_data(data)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_page_of_nonsense_keeps_no_other_from_being_read() -> None:
    broken, whole = look_at_pages(with_contents(b"\xff ( << [ Q Q Q BT"), LIMITS)["pages"]
    assert broken["codes"] == []
    assert whole["codes"] == [TOKEN]


def test_a_page_that_takes_too_long_is_the_last_one_and_says_so() -> None:
    slow = b"1 0 0 1 0 0 cm /a gs 0 0 600 700 re f " * 2_000_000
    reader = LimitedPdfReader(ReadingProcess(ReadingLimits(seconds=1)))
    seen = reader.drawn_pages(with_contents(slow))
    assert [each.fault for each in seen] == ["reading it took longer than 1 seconds"]


@pytest.mark.parametrize("digits", [950, 1020])  # symbols of versions 16 and 17, the finest
def test_a_file_of_ours_has_its_code_token_and_words_from_one_coarse_drawing(digits: int) -> None:
    link = "https://verify.example.edu/#1" + ("0123456789" * 102)[:digits]
    pdf = renderer().draw(replace(certificate(), token_url=link)).pdf
    read = read_issued(pdf, ReadingLimits())
    assert read is not None
    assert [each["codes"] for each in read["pages"]] == [[link]]
    whole = content_of(pdf, ReadingLimits())
    assert read["token_texts"] == whole["token_texts"] == [link]
    assert len(read["page_lines"]) == len(whole["page_lines"]) == 1
    for same in ("signatures", "transcript_texts"):
        assert read[same] == whole[same]
