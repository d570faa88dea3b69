"""Mutants: files with one thing wrong, each caught by a referee that is named."""

from __future__ import annotations

import re
import subprocess
import zlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pytest
from certificate_samples import ISSUED, certificate, renderer, sealer
from pypdf import PdfReader
from seal_referee import holds

from cecert.adapters.render.pdf import fonts as font_objects
from cecert.adapters.render.pdf import objects, structure, text_fonts
from cecert.adapters.render.pdf.content import marked
from cecert.adapters.render.pdf.metadata import xmp
from cecert.adapters.render.pdf.objects import Raw

pytestmark = pytest.mark.system
Mutate = Callable[[pytest.MonkeyPatch], None]


def drawn() -> bytes:
    return sealer().seal(renderer().draw(certificate("Ana Ruiz")), ISSUED)


def rules(pdf: bytes) -> set[str]:
    profiles = (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1)
    reports = [page.validate_pdf_bytes(pdf, profile=each) for each in profiles]
    return {failure.rule_id for report in reports for failure in report.failures}


def complaints(pdf: bytes, folder: Path) -> str:
    path = folder / "mutant.pdf"
    path.write_bytes(pdf)
    command = ["pdftoppm", "-r", "20", str(path), str(folder / "out")]
    drawn = subprocess.run(command, capture_output=True, text=True, check=False)
    return drawn.stderr


def test_the_file_the_mutants_are_made_of_has_no_fault(tmp_path: Path) -> None:
    pdf = drawn()
    assert rules(pdf) == set()
    assert complaints(pdf, tmp_path) == ""
    assert holds(pdf)


def without_language(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, b"/Lang(en-US)", b"")


def without_alternate_text(monkeypatch: pytest.MonkeyPatch) -> None:
    original = structure.Structure._entries

    def entries(self: structure.Structure, *rest: object) -> dict[str, object]:
        found = original(self, *rest)  # type: ignore[arg-type]  # passed on
        found.pop("Alt", None)
        return found

    monkeypatch.setattr(structure.Structure, "_entries", entries)


def without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_fonts, "_CMAP", b"%.0b")


def with_zeros_for_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    original = text_fonts._entries

    def entries(kind: str, rows: Sequence[str]) -> str:
        return original(kind, [re.sub(r"<\w+>$", "<0000>", each) for each in rows])

    monkeypatch.setattr(text_fonts, "_entries", entries)


def without_the_font_file(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, b"/FontFile3", b"/NoFile")


def without_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unmarked(*each: Any) -> list[str]:  # noqa: ANN401  # passed on
        return [part for part in marked(*each) if not is_mark(part)]

    monkeypatch.setattr("cecert.adapters.render.pdf.plate.marked", unmarked)


def is_mark(part: str) -> bool:
    return part.endswith((" BDC", " BMC")) or part == "EMC"


def without_output_intent(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, b"/OutputIntents", b"/NoIntents")


def without_the_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "cecert.adapters.render.pdf.fill.xmp", lambda *each, **_: xmp(*each, conformant=False)
    )


def without_relationship(monkeypatch: pytest.MonkeyPatch) -> None:
    replaced(monkeypatch, b"/AFRelationship/Data", b"")


def replaced(monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes) -> None:
    """Change what object streams and objects say as they are written."""
    original = objects.serialised
    monkeypatch.setattr(objects, "serialised", lambda value: original(value).replace(old, new))
    monkeypatch.setattr(font_objects, "Raw", lambda data: Raw(data.replace(old, new)))


@pytest.mark.parametrize(
    ("mutate", "rule"),
    [
        (without_language, "LANG"),
        (without_alternate_text, "ALT"),
        (without_unicode, "UNICODE"),
        (with_zeros_for_characters, "UNICODE-VALUE"),
        (without_the_font_file, "EMBEDDING"),
        (without_marks, "TAG"),
        (without_output_intent, "DEVICE-RGB"),
        (without_the_claim, "ID-SCHEMA"),
        (without_relationship, "AF"),
    ],
)
def test_page_validation_names_the_rule_a_mutant_breaks(
    monkeypatch: pytest.MonkeyPatch, mutate: Mutate, rule: str
) -> None:
    mutate(monkeypatch)
    assert [each for each in rules(drawn()) if rule in each], rules(drawn())


def with_content(pdf: bytes, old: bytes, new: bytes) -> bytes:
    """Change the first compressed stream that says *old*; its length stays, padded inside."""
    for found in re.finditer(rb"/Length (\d+)>>\nstream\n", pdf):
        start, size = found.end(), int(found[1])
        try:
            data = zlib.decompress(pdf[start : start + size])
        except zlib.error:
            continue
        if old in data:
            packed = zlib.compress(data.replace(old, new, 1), 9)
            return pdf[:start] + packed.ljust(size, b"\0")[:size] + pdf[start + size :]
    raise AssertionError(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b" Td ", b" Xd "), (b"EMC", b"EMX"), (b" re f", b" rq f")],
    ids=["an operator nobody knows", "a mark that never ends", "a path without its operator"],
)
def test_poppler_complains_of_content_that_is_malformed(
    old: bytes, new: bytes, tmp_path: Path
) -> None:
    assert complaints(with_content(drawn(), old, new), tmp_path) != ""


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_the_seal_shows_a_flipped_byte_and_an_appended_update(place: float) -> None:
    pdf = drawn()
    flipped = bytearray(pdf)
    flipped[int(len(pdf) * place)] ^= 0x20
    assert not holds(bytes(flipped))
    update = b"\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1>>\n"
    assert not holds(pdf + update + b"startxref\n0\n%%EOF\n")


def unparented(pdf: bytes) -> list[str]:
    """Return the marked pieces that the structure tree does not know: our own referee.

    page-validation 0.11 does not look for a page's entry in the parent tree.
    """
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    found = []
    for number, each in enumerate(reader.pages):
        marks = re.findall(rb"/MCID (\d+)", each.get_contents().get_data())  # type: ignore[union-attr]  # a page has some
        known = parents.get(each.get("/StructParents", -1), [])
        found += [f"page {number}, mark {int(mark)}" for mark in marks if int(mark) >= len(known)]
    return found


def test_every_marked_piece_has_its_place_in_the_structure() -> None:
    assert unparented(drawn()) == []


def test_a_missing_structure_parent_is_caught_by_our_own_referee(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replaced(monkeypatch, b"/StructParents 0", b"")
    assert unparented(drawn())
