"""Files of several pages, scans and pictures: an answer for each certificate in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_files import letter, merged, saved, scanned, scans, searchable
from papers import papers, school
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cecert.domain.token.file_verdict import FileVerdict
from cecert.domain.token.verify import Outcome
from cecert.domain.trust.status_list import Status, StatusAnswer, StatusList, bits_of
from cecert.ports import PdfContent, SeenPage
from cecert.workflows.verify.verify import Checked, Verifier, verify

ANA, OTHER = papers().pdf, papers().other_pdf
IDS = [str(papers().certificate.id), str(papers().other.id)]


def listing(status: Status = Status.VALID) -> Verifier:
    """Return a verifier that knows what became of the first certificate, and of all others."""
    now = int(papers().school.office.clock.now().timestamp())
    slot = papers().certificate.slot
    bits = bits_of({slot.index: status})
    listed = StatusList("example-ssw", slot.list_id, now, now, now + 86_400, 3600, bits)
    return replace(papers().verifier, status=lambda _: StatusAnswer(listed))


def verified(what: bytes | str) -> Checked:
    return verify(what, listing())


def codes(checked: Checked) -> dict[str, str]:
    return {each.question.value: each.code for each in checked.checks}


def ids(checked: Checked) -> list[str]:
    found = [each.verification.claims for each in checked.certificates]
    return [str(each.certificate_id) for each in found if each is not None]


def pages(checked: Checked) -> list[int | None]:
    return [each.page for each in checked.certificates]


def verdict(checked: Checked) -> FileVerdict:
    assert checked.file is not None
    return checked.file.verdict


def test_a_certificate_as_it_was_issued_is_one_answer_on_page_one() -> None:
    checked = verified(ANA)
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)
    assert (ids(checked), pages(checked)) == (IDS[:1], [1])
    assert verdict(checked) is FileVerdict.AS_ISSUED
    assert checked.answers == ()


@pytest.mark.parametrize("certificate", [ANA, scans(ANA)], ids=["the PDF", "a scan"])
def test_a_certificate_behind_a_cover_letter_is_found_on_its_page(certificate: bytes) -> None:
    checked = verified(merged(letter(), certificate))
    assert (ids(checked), pages(checked)) == (IDS[:1], [2])
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert codes(checked)["token"] == "GENUINE"
    assert verdict(checked) is FileVerdict.NOT_AS_ISSUED
    assert checked.file is not None
    assert (checked.file.pages, checked.file.without_code) == (2, (1,))


def test_what_a_letter_says_is_not_taken_for_the_certificates_words() -> None:
    around = letter("This certifies that", "Eva Ruiz", "60", "June 1, 2024")
    for made in (merged(around, ANA), merged(ANA, around)):
        checked = verified(made)
        assert (checked.outcome, codes(checked)["text"]) == (Outcome.CODE_ONLY, "SAME")


def test_a_page_that_goes_on_with_the_certificate_is_compared_with_it() -> None:
    genuine = verified(merged(ANA, letter(f"Page 2 of 2, certificate {IDS[0]}")))
    assert codes(genuine)["text"] == "SAME"
    forged = verified(merged(ANA, letter("60", f"Page 2 of 2, certificate {IDS[0]}")))
    assert (forged.outcome, forged.exit_status) == (Outcome.TEXT_MISMATCH, 5)
    assert [each.fact for each in forged.differing] == ["hours"]


def test_two_certificates_merged_into_one_file_are_two_answers() -> None:
    checked = verified(merged(ANA, letter(), OTHER))
    assert (ids(checked), pages(checked)) == (IDS, [1, 3])
    assert [codes(each) for each in checked.answers] == [
        {"token": "GENUINE", "seal": "SEAL_BROKEN", "text": "SAME", "status": "NOT_REVOKED"}
    ] * 2
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert checked.verification.claims is None
    assert checked.file is not None
    assert "put together from 2 sealed files" in checked.file.detail
    assert checked.file.without_code == (2,)


def test_the_worst_answer_counts() -> None:
    checked = verify(merged(scans(OTHER), ANA), listing(Status.REVOKED))
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY, Outcome.REVOKED]
    assert checked.exit_status == 5
    scan = verify(scans(OTHER, ANA), listing(Status.REVOKED))
    assert [each.outcome for each in scan.answers] == [Outcome.VALID, Outcome.REVOKED]
    assert (scan.outcome, scan.exit_status, scan.page) == (Outcome.REVOKED, 4, 2)


def test_a_forged_copy_of_a_page_is_an_answer_of_its_own() -> None:
    content = papers().verifier.pdf_reader.read(ANA)
    assert isinstance(content, PdfContent)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 1400))
    canvas.drawImage(ImageReader(scanned(ANA)), 0, 0, 792, 612)  # with the genuine code
    for number, line in enumerate(content.lines):
        canvas.drawString(40, 1380 - 14 * number, line.replace("Ana Ruiz", "Eva Ruiz"))
    canvas.save()
    checked = verified(merged(ANA, out.getvalue()))
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY, Outcome.TEXT_MISMATCH]
    assert (checked.outcome, checked.page, checked.exit_status) == (Outcome.TEXT_MISMATCH, 2, 5)


def test_a_scan_in_a_pdf_is_answered_exactly_as_a_picture_is() -> None:
    picture, scan = verified(saved(scanned(ANA))), verified(scans(ANA))
    assert scan == picture
    assert (scan.outcome, scan.exit_status) == (Outcome.VALID, 0)
    assert codes(scan) == {"token": "GENUINE", "status": "NOT_REVOKED"}
    assert verdict(scan) is FileVerdict.NO_SEAL_TO_CHECK


def test_what_a_scanners_program_read_wrongly_is_no_word_of_the_certificate() -> None:
    scan = verified(searchable(ANA, ["Thls certifles thot", "Anu Rulz", "60"]))
    assert scan == verified(saved(scanned(ANA)))


def test_two_scans_in_one_pdf_are_two_answers() -> None:
    checked = verified(scans(ANA, OTHER))
    assert (ids(checked), pages(checked)) == (IDS, [1, 2])
    assert [each.outcome for each in checked.answers] == [Outcome.VALID] * 2
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)


def test_a_scan_without_a_code_is_answered_as_such_a_picture_is() -> None:
    blank = Image.new("L", (600, 400), 255)
    scan = verified(saved(blank, "PDF"))
    assert scan == verified(saved(blank))
    assert (scan.outcome, scan.exit_status) == (Outcome.NO_TOKEN, 6)
    assert scan.certificates == ()


def attached(writer: PdfWriter) -> None:
    writer.add_attachment("cecert-token.txt", papers().certificate.token_url.encode())


def noted(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="60 hours", rect=(50, 50, 200, 100)))


def typed(writer: PdfWriter) -> None:
    writer.pages[0].merge_page(PdfReader(BytesIO(letter("60 hours"))).pages[0])


def ruled(writer: PdfWriter) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 612))
    canvas.rect(100, 100, 200, 50, fill=1)
    canvas.save()
    writer.pages[0].merge_page(PdfReader(out).pages[0])


@pytest.mark.parametrize("add", [attached, noted, typed, ruled])
def test_a_scan_with_anything_beside_the_picture_is_never_valid(
    add: Callable[[PdfWriter], None],
) -> None:
    writer = PdfWriter(clone_from=BytesIO(scans(ANA)))
    add(writer)
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert checked.exit_status == 5
    assert verdict(checked) is FileVerdict.NOT_AS_ISSUED


@pytest.mark.parametrize("extra", [letter("60 hours"), scans(letter("60 hours"))])
def test_a_certificate_with_an_extra_page_is_never_valid(extra: bytes) -> None:
    for made in (merged(ANA, extra), merged(extra, ANA)):
        checked = verified(made)
        assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)


def test_a_page_that_cannot_be_drawn_is_told_and_never_makes_a_scan_valid() -> None:
    class Failing:
        """Cannot draw the second page."""

        def read(self, pdf: bytes) -> PdfContent | str:
            return papers().verifier.pdf_reader.read(pdf)

        def drawn_pages(self, pdf: bytes) -> list[SeenPage]:
            first = papers().verifier.pdf_reader.drawn_pages(pdf)[0]
            return [first, SeenPage(fault="it is damaged (Why)")]

        def as_issued(self, pdf: bytes) -> None:
            del pdf

        def pages_of_picture(self, picture: bytes) -> str:
            return f"{len(picture)} bytes are not asked of it"

    verifier = replace(listing(), pdf_reader=Failing())
    checked = verify(scans(ANA, OTHER), verifier)
    assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)
    assert checked.file is not None
    assert checked.file.detail.endswith("page 2 could not be drawn: it is damaged (Why)")
    lost = verify(scans(letter(), OTHER), verifier)
    assert (lost.outcome, lost.exit_status) == (Outcome.NOT_READABLE, 6)
    assert lost.verification.detail == "page 2 could not be drawn: it is damaged (Why)"


FILES = {"ana": ANA, "other": OTHER, "letter": letter(), "scan": scans(ANA)}


@pytest.mark.slow
@given(st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=4))
@settings(max_examples=15)
def test_whatever_is_put_together_only_scans_are_valid_and_every_code_has_its_page(
    names: list[str],
) -> None:
    checked = verified(merged(*(FILES[each] for each in names)))
    bearing = [number for number, each in enumerate(names, 1) if each != "letter"]
    assert pages(checked) == bearing
    assert (checked.exit_status == 0) is (set(names) == {"scan"})
    if bearing and set(names) != {"scan"}:
        assert (checked.outcome, checked.exit_status) == (Outcome.CODE_ONLY, 5)


def test_fifty_pages_are_looked_at_and_fifty_one_are_refused() -> None:
    blank = [letter() for _ in range(49)]
    checked = verified(merged(*blank, OTHER))
    assert (ids(checked), pages(checked)) == (IDS[1:], [50])
    assert verified(merged(*blank, letter(), OTHER)).verification.detail == (
        "it has 51 pages, 50 are read at most"
    )


def test_two_certificates_on_one_page_are_two_answers_whose_words_cannot_be_told_apart() -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(792, 1224)
    for each, up in ((ANA, 612), (OTHER, 0)):
        page.merge_translated_page(PdfReader(BytesIO(each)).pages[0], 0, up)
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert sorted(ids(checked)) == sorted(IDS)
    assert pages(checked) == [1, 1]
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY] * 2
    assert [codes(each)["text"] for each in checked.answers] == ["NOT_CHECKED"] * 2


def test_codes_that_are_only_attached_are_an_answer_each_on_no_page() -> None:
    writer = PdfWriter(clone_from=BytesIO(letter()))
    for each in (papers().certificate, papers().other):
        writer.add_attachment("cecert-token.txt", each.token_url.encode())
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert (ids(checked), pages(checked)) == (IDS, [None, None])
    assert [each.outcome for each in checked.answers] == [Outcome.CODE_ONLY] * 2


def test_an_attached_code_that_no_page_shows_contradicts_the_pages() -> None:
    made = merged(scans(ANA), scans(OTHER))
    writer = PdfWriter(clone_from=BytesIO(made))
    certificate, _ = school().issue("Bo Li", "bo.li@example.org")
    writer.add_attachment("cecert-token.txt", certificate.token_url.encode())
    out = BytesIO()
    writer.write(out)
    checked = verified(out.getvalue())
    assert [each.outcome for each in checked.answers] == [
        Outcome.CODE_ONLY, Outcome.CODE_ONLY, Outcome.TOKENS_DIFFER,
    ]  # fmt: skip
    assert pages(checked) == [1, 2, None]


def both(mode: str = "L") -> Image.Image:
    one, other = scanned(ANA), scanned(OTHER)
    sheet = Image.new("L", (one.width, one.height * 2), 255)
    sheet.paste(one, (0, 0))
    sheet.paste(other, (0, one.height))
    return sheet.convert(mode)


def test_a_picture_with_two_codes_is_two_answers() -> None:
    checked = verified(saved(both()))
    assert sorted(ids(checked)) == sorted(IDS)
    assert (checked.outcome, checked.exit_status) == (Outcome.VALID, 0)
    revoked = verify(saved(both()), listing(Status.REVOKED))
    assert {each.outcome for each in revoked.answers} == {Outcome.VALID, Outcome.REVOKED}
    assert (revoked.outcome, revoked.exit_status) == (Outcome.REVOKED, 4)


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "GIF", "PNG", "JPEG"])
def test_pictures_of_every_kind_are_read(kind: str) -> None:
    checked = verified(saved(scanned(ANA), kind))
    assert (ids(checked), checked.outcome) == (IDS[:1], Outcome.VALID)


def test_a_tiff_of_several_pages_is_an_answer_for_each() -> None:
    made = saved(
        scanned(ANA).convert("1"), "TIFF", compression="group4", save_all=True,
        append_images=[Image.new("1", (99, 99), 1), scanned(OTHER).convert("1")],
    )  # fmt: skip
    checked = verified(made)
    assert (ids(checked), pages(checked)) == (IDS, [1, 3])
    assert checked.file is not None
    assert checked.file.without_code == (2,)


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "GIF"])
def test_a_picture_that_is_cut_is_refused_clearly(kind: str) -> None:
    checked = verified(saved(scanned(ANA), kind)[:4000])
    assert (checked.outcome, checked.exit_status) == (Outcome.NOT_READABLE, 6)
    assert checked.verification.detail == "it is not a whole picture"
