"""Certificates that went through other programs: told as saved anew, and never valid."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from papers import papers
from PIL import Image
from pypdf import PdfReader

from cecert.domain.token.verify import Outcome
from cecert.domain.trust.status_list import StatusAnswer, StatusList, bits_of
from cecert.workflows.verify.verify import Checked, verify

pytestmark = pytest.mark.system

IDS = [papers().certificate.id, papers().other.id]


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Return a folder with two genuine certificates."""
    (tmp_path / "ana.pdf").write_bytes(papers().pdf)
    (tmp_path / "other.pdf").write_bytes(papers().other_pdf)
    return tmp_path


@pytest.fixture
def run(there: Path) -> Callable[..., Checked]:
    """Run a program that makes made.pdf or another file, and verify what it made."""

    def made(*command: str, file: str = "made.pdf") -> Checked:
        subprocess.run(command, cwd=there, check=True, capture_output=True)
        return verified((there / file).read_bytes())

    return made


def verified(what: bytes) -> Checked:
    """Verify with a list that says of every certificate that it stands."""
    now = int(papers().school.office.clock.now().timestamp())
    slot = papers().certificate.slot
    listed = StatusList("example-ssw", slot.list_id, now, now, now + 86_400, 3600, bits_of({}))
    return verify(what, replace(papers().verifier, status=lambda _: StatusAnswer(listed)))


def code(checked: Checked, question: str) -> str:
    (found,) = (each.code for each in checked.checks if each.question.value == question)
    return found


MOVED = "a program saved it anew after it was sealed, which moves what the seal covers"
LOST = "it has no seal, as after printing to PDF or saving anew"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["qpdf", "ana.pdf", "made.pdf"], MOVED),
        (["qpdf", "--linearize", "ana.pdf", "made.pdf"], MOVED),
        (["qpdf", "--object-streams=generate", "ana.pdf", "made.pdf"], MOVED),
        (["gs", "-q", "-o", "made.pdf", "-sDEVICE=pdfwrite", "ana.pdf"], LOST),
        (["pdftocairo", "-pdf", "ana.pdf", "made.pdf"], LOST),
        # Printing as PostScript: its letters have names that not every reader knows.
        (["sh", "-c", "pdftops ana.pdf a.ps && gs -q -o made.pdf -sDEVICE=pdfwrite a.ps"], LOST),
    ],
    ids=["qpdf", "linearized", "object streams", "Ghostscript", "cairo", "PostScript"],
)
def test_a_file_that_a_program_saved_is_told_as_saved_anew(
    command: Sequence[str], why: str, run: Callable[..., Checked]
) -> None:
    checked = run(*command)
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert checked.verification.detail.startswith(why)
    assert "added" not in checked.verification.detail
    assert (code(checked, "token"), code(checked, "text")) == ("GENUINE", "SAME")
    assert checked.verification.claims is not None
    assert checked.verification.claims.certificate_id == IDS[0]


def test_the_program_that_wrote_it_is_named(run: Callable[..., Checked]) -> None:
    checked = run("gs", "-q", "-o", "made.pdf", "-sDEVICE=pdfwrite", "ana.pdf")
    assert "calls itself GPL Ghostscript" in checked.verification.detail


def test_letters_that_became_outlines_are_not_called_different(run: Callable[..., Checked]) -> None:
    checked = run("gs", "-q", "-o", "made.pdf", "-sDEVICE=pdfwrite", "-dNoOutputFonts", "ana.pdf")
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert code(checked, "text") == "NOT_CHECKED"


@pytest.mark.parametrize(
    "command",
    [
        ["qpdf", "--empty", "--pages", "ana.pdf", "other.pdf", "--", "made.pdf"],
        ["qpdf", "ana.pdf", "--pages", "ana.pdf", "other.pdf", "--", "made.pdf"],
        ["pdfunite", "ana.pdf", "other.pdf", "made.pdf"],
    ],
    ids=["qpdf", "qpdf into the first", "pdfunite"],
)
def test_two_certificates_that_a_program_merged_are_two_answers(
    command: Sequence[str], run: Callable[..., Checked]
) -> None:
    checked = run(*command)
    claims = [each.verification.claims for each in checked.answers]
    assert [each and each.certificate_id for each in claims] == IDS
    assert [each.page for each in checked.answers] == [1, 2]
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY] * 2
    assert [code(each, "text") for each in checked.answers] == ["SAME"] * 2
    assert checked.exit_status == 5


def test_letters_whose_codes_a_program_lost_are_not_called_different(
    run: Callable[..., Checked],
) -> None:
    # Ghostscript writes O9Connell where everybody sees an apostrophe.
    checked = run("gs", "-q", "-o", "made.pdf", "-sDEVICE=pdfwrite", "ana.pdf", "other.pdf")
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY] * 2
    assert [code(each, "text") for each in checked.answers] == ["SAME", "NOT_CHECKED"]
    assert [each.page for each in checked.answers] == [1, 2]


def test_a_page_drawn_as_a_picture_is_a_scan(run: Callable[..., Checked]) -> None:
    checked = run("gs", "-q", "-o", "made.pdf", "-sDEVICE=pdfimage24", "-r200", "ana.pdf")
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)
    assert {each.question.value for each in checked.checks} == {"token", "status"}


@pytest.mark.parametrize("device", ["tiffg4", "tiff32nc", "tiff24nc", "tiffgray"])
def test_a_fax_and_a_scan_for_printers_are_read(device: str, run: Callable[..., Checked]) -> None:
    command = ("gs", "-q", "-o", "made.tif", f"-sDEVICE={device}", "-r200", "ana.pdf", "other.pdf")
    checked = run(*command, file="made.tif")
    claims = [each.verification.claims for each in checked.answers]
    assert [each and each.certificate_id for each in claims] == IDS
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)


def test_the_pages_of_pdftoppm_are_read(there: Path) -> None:
    subprocess.run(["pdftoppm", "-r", "150", "-png", "ana.pdf", "page"], cwd=there, check=True)
    (page,) = there.glob("page-*.png")
    assert verified(page.read_bytes()).outcome is Outcome.VALID
    with Image.open(page) as image:
        out = BytesIO()
        image.save(out, "WEBP", quality=60)
    assert verified(out.getvalue()).outcome is Outcome.VALID


def test_the_two_programs_read_the_postscript_print_differently(there: Path) -> None:
    # What the test above stands on: without one of the two readers nothing would be the same.
    subprocess.run(["pdftops", "ana.pdf", "a.ps"], cwd=there, check=True)
    subprocess.run(["gs", "-q", "-o", "b.pdf", "-sDEVICE=pdfwrite", "a.ps"], cwd=there, check=True)
    text = PdfReader(there / "b.pdf").pages[0].extract_text()
    seen = papers().verifier.pdf_reader.drawn_pages((there / "b.pdf").read_bytes())
    assert "Ana Ruiz" not in text
    assert "Ana Ruiz" in seen[0].lines
