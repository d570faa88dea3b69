"""What became of a file after it was sealed: saved anew, added to, altered."""

from __future__ import annotations

from io import BytesIO

import pytest
from papers import papers
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from cecert.domain.token.verify import Outcome
from cecert.ports import PdfContent
from cecert.workflows.verify.verify import verify

PDF = papers().pdf
VERIFIER = papers().verifier


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def updated() -> bytes:
    """Return the certificate with a note that was added as an update, the seal before it."""
    writer = PdfWriter(BytesIO(PDF), incremental=True)
    writer.add_annotation(0, FreeText(text="10 hours", rect=(50, 50, 200, 100)))
    made = written(writer)
    assert made.startswith(PDF)
    return made


def without_seal() -> bytes:
    """Return the certificate as a program saves it that keeps no signature."""
    writer = PdfWriter()
    for page in PdfReader(BytesIO(PDF)).pages:
        writer.add_page(page).pop("/Annots", None)
    writer.add_metadata({"/Producer": "Pages\x1b[2J of\nsomebody"})
    return written(writer)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (written(PdfWriter(clone_from=BytesIO(PDF))), "a program saved it anew after it was"),
        (without_seal(), "it has no seal, as after printing to PDF or saving anew; the program"),
        (updated(), "an update was added at its end after it was sealed, "),
        (PDF + b"\r\n", "white space was added at its end after it was sealed, 2 bytes"),
        (PDF + b"\n", "white space was added at its end after it was sealed, 1 byte"),
        (PDF + b"% a comment", "something was added at its end after it was sealed, 11 bytes"),
    ],
    ids=["cloned", "without seal", "updated", "two bytes", "one byte", "a comment"],
)
def test_a_file_that_was_saved_again_is_told_as_that(made: bytes, why: str) -> None:
    checked = verify(made, VERIFIER)
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert checked.verification.detail.startswith(why)
    codes = {each.question.value: each.code for each in checked.checks}
    assert (codes["token"], codes["text"]) == ("GENUINE", "SAME")


def test_a_byte_that_was_altered_under_the_seal_is_not_authentic() -> None:
    at = PDF.index(b"%\xe2") if b"%\xe2" in PDF else 12
    changed = bytearray(PDF)
    changed[at + 1] ^= 1
    checked = verify(bytes(changed), VERIFIER)
    assert (checked.outcome, checked.exit_status) == (Outcome.SEAL_BROKEN, 5)
    assert checked.verification.detail == "something in it was changed after it was sealed"


def test_the_name_of_the_program_cannot_move_the_cursor() -> None:
    content = VERIFIER.pdf_reader.read(without_seal())
    assert isinstance(content, PdfContent)
    assert content.producer == "Pages [2J of somebody"
    assert verify(without_seal(), VERIFIER).verification.detail.endswith(content.producer)
