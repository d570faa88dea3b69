"""Plates: what is shared is shared by right, and what a library writes again says the same."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import page
import pypdfium2
import pytest
from certificate_samples import (
    HARD_NAME,
    HARD_TITLE,
    ISSUED,
    LICENSES,
    certificate,
    renderer,
    sealer,
    uneven_sessions,
)
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import inks
from cecert.adapters.render.pdf import fill as filling
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.people.person import License

PEOPLE = ["Ana Ruiz", "Zoë Ågren", "דניאל כהן", "Nguyễn Thị Ánh", HARD_NAME, "Ελένη Παππά"]


@cache
def alone(drawn: Certificate) -> bytes:
    """Draw a certificate with a renderer that has drawn nothing before, and never will again."""
    return renderer().draw(drawn).pdf


@pytest.mark.parametrize("lines", [0, 3, 6])
@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
def test_a_certificate_is_the_same_bytes_whoever_was_drawn_before(lines: int, layout: str) -> None:
    people = [replace(certificate(name, lines=lines), layout=layout) for name in PEOPLE]
    for order in (people, people[::-1], people[3:] + people[:3]):
        together = renderer()
        for each in order:
            assert together.draw(each).pdf == alone(each)


def test_pieces_kept_for_an_easy_name_do_not_stand_in_for_a_hard_ones() -> None:
    """The sessions of one stand on page 1, of the other on page 2, which begin alike."""
    easy = certificate("Ana Ruiz", HARD_TITLE, 5, uneven_sessions(4))
    hard = certificate(HARD_NAME, HARD_TITLE, 5, uneven_sessions(4))
    together = renderer()
    together.draw(easy)
    assert together.draw(hard).pdf == alone(hard)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_pieces_that_are_forgotten_in_the_middle_of_a_document_do_no_harm(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [certificate(name) for name in (*PEOPLE, "Gyp Qy", "Éa", "Ẵn", "aaa") * 2]
    expected = [alone(each) for each in people]
    monkeypatch.setattr(filling, "MOST_PIECES", most)
    together = renderer()
    assert [together.draw(each).pdf for each in people] == expected


def test_a_plate_holds_nothing_of_who_was_drawn_first() -> None:
    drawn = renderer()
    first = drawn.draw(certificate("Quirin Xylander")).pdf
    second = drawn.draw(certificate("Ana Ruiz")).pdf
    assert b"Quirin Xylander" in first
    assert b"Quirin" not in second
    text = PdfReader(BytesIO(second)).pages[0].extract_text()
    assert "Quirin" not in text
    assert "Ana Ruiz" in text


def test_courses_beyond_a_few_are_forgotten_and_drawn_anew() -> None:
    drawn = renderer()
    course = certificate()
    first = drawn.draw(course).pdf
    for number in range(10):
        drawn.draw(certificate(title=f"Course {number}"))
    assert drawn.draw(course).pdf == first


def test_a_batch_leaves_nothing_behind() -> None:
    drawn = renderer()
    people = [certificate(f"Ana Ruiz {chr(65 + n % 26)}{n}") for n in range(60)]
    for each in people[:30]:
        drawn.draw(each)
    gc.collect()
    before = len(gc.get_objects())
    for each in people[30:]:
        drawn.draw(each)
    gc.collect()
    # What is kept for a while are the shaped lines of names, a bounded number of them.
    assert len(gc.get_objects()) - before < 30 * 60


def graph(value: Any, seen: dict[int, int]) -> Any:  # noqa: ANN401  # any PDF object
    """Return an object with all it refers to, whatever the numbers."""
    if isinstance(value, IndirectObject):
        if value.idnum in seen:
            return ("seen", seen[value.idnum])
        seen[value.idnum] = len(seen)
        return graph(value.get_object(), seen)
    if isinstance(value, StreamObject):
        entries = {k: v for k, v in value.items() if k not in {"/Length", "/Filter"}}
        return (graph(DictionaryObject(entries), seen), value.get_data())
    if isinstance(value, DictionaryObject):
        return {str(key): graph(value.raw_get(key), seen) for key in sorted(value)}
    if isinstance(value, ArrayObject):
        return [graph(each, seen) for each in value]
    return str(value)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_library_that_writes_the_file_again_writes_the_same(name: str) -> None:
    pdf = renderer().draw(certificate(name)).pdf
    out = BytesIO()
    PdfWriter(clone_from=PdfReader(BytesIO(pdf), strict=True)).write(out)
    ours, theirs = PdfReader(BytesIO(pdf), strict=True), PdfReader(out, strict=True)
    root, rewritten = ours.trailer.raw_get("/Root"), theirs.trailer.raw_get("/Root")
    assert graph(root, {}) == graph(rewritten, {})


def places(drawn: Certificate, drawer: CertificateRenderer) -> Iterator[tuple[str, str]]:
    """Return each line of text as the layout has it, and as pdfium finds it in that place."""
    pages = drawer.pages(drawn, specimen=False)
    with pypdfium2.PdfDocument(drawer.draw(drawn).pdf) as document:
        for number, each in enumerate(pages):
            words = document[number].get_textpage()
            for ink in inks(each):
                box = ink.box.widened(0.5)
                found = words.get_text_bounded(box.left, box.bottom, box.right, box.top)
                yield ink.shaped.text, found


@pytest.mark.parametrize("lines", [1, 3, 6])
@pytest.mark.parametrize("layout", ["classic/1", "modern/1"])
def test_another_reader_finds_every_line_where_the_layout_put_it(lines: int, layout: str) -> None:
    drawn = replace(certificate(HARD_NAME, HARD_TITLE, lines), layout=layout)
    for ours, theirs in places(drawn, renderer()):
        assert "".join(ours.split()) in "".join(theirs.split())


SCRIPTS = {
    "Latin": "abcdefghijklmnopqrstuvwxyzàéîõüçñšžłøđþßœ",
    "Vietnamese": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяїєґ",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Devanagari": "कखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "Thai": "กขคงจฉชซญดตถทธนบปผพฟมยรลวศสหอ",
}


def random_names(count: int) -> Iterator[str]:
    chance = random.Random(20201105)
    for _ in range(count):
        letters = SCRIPTS[chance.choice(list(SCRIPTS))]
        words = [
            "".join(chance.choices(letters, k=chance.randint(2, 9)))
            for _ in range(chance.randint(1, 4))
        ]
        yield " ".join(word[:1].upper() + word[1:] for word in words)


@pytest.mark.slow
def test_a_hundred_names_in_any_script_conform_after_sealing_and_are_read_back() -> None:
    drawer, seal = renderer(seal_room=sealer().room), sealer()
    for name in random_names(100):
        drawn = certificate(name, licenses=LICENSES[:1])
        sealed = seal.seal(drawer.draw(drawn), ISSUED)
        for profile in (page.ValidationProfile.PDF_A_3U, page.ValidationProfile.PDF_UA_1):
            report = page.validate_pdf_bytes(sealed, profile=profile)
            assert [(name, each.rule_id) for each in report.failures] == []
        assert actual_text(sealed) == name


def actual_text(pdf: bytes) -> str:
    """Return what a screen reader says of the element that holds the name."""
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    elements = root["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    found = [
        str(each.get_object()["/ActualText"])
        for each in elements
        if "/ActualText" in each.get_object()
    ]
    return found[0]


def test_licenses_of_the_courses_states_need_no_font() -> None:
    """Massachusetts is a state of this course, whatever else stands on its page."""
    plain = renderer().draw(certificate("Ana Ruiz", lines=2, licenses=())).pdf
    titles = ("LMSW", "LCSW-R", "LICSW", "LMHC")
    licenses = [License(state, title, "98,765.4") for state in ("NY", "MA") for title in titles]
    for each in licenses:
        pdf = renderer().draw(certificate("Ana Ruiz", lines=2, licenses=(each,))).pdf
        assert fonts_of(pdf).keys() == fonts_of(plain).keys()


def test_a_license_of_letters_that_are_not_at_hand_gets_a_font_of_its_own() -> None:
    odd = License("KY", "QXJ", "GUV-47")
    pdf = renderer().draw(certificate("Ana Ruiz", licenses=(odd,))).pdf
    usual = renderer().draw(certificate("Ana Ruiz", licenses=LICENSES[:1])).pdf
    assert odd.printed in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert len(fonts_of(pdf)) == len(fonts_of(usual)) + 1


def fonts_of(pdf: bytes) -> Any:  # noqa: ANN401  # pypdf's dictionary
    return PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary


def test_the_modern_column_keeps_its_distance_from_the_code_whoever_was_drawn_before() -> None:
    """Codes of more modules have a smaller quiet zone, so their facts have more room."""
    people = [certificate("A B", lines=1), certificate(HARD_NAME, HARD_TITLE, lines=6)]
    people = [replace(each, layout="modern/1") for each in people]
    hosts = ["v.example", "verify.education.example.edu"]
    people = [replace(each, verify_host=host) for each in people for host in hosts]
    together = renderer()
    for each in people:
        assert together.draw(each).pdf == renderer().draw(each).pdf
