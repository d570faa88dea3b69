"""A file that its seal shows to be ours is read at less cost, with the same answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from papers import papers

from cecert.adapters.document_reader import LimitedPdfReader, ReadingProcess
from cecert.domain.token.verify import Outcome
from cecert.domain.trust.trust_file import KeyState
from cecert.office.verify.verify import seal_reader_of
from cecert.ports import PdfContent, SealFinding
from cecert.workflows.verify.verify import Checked, Verifier, verify

NAMES = ("Zoë Ågren", "فاطمة الزهراء", "דניאל כהן", "लक्ष्मी शर्मा", "Ngọc Nguyễn")


class Counting:
    """A reading process that notes what it is asked."""

    def __init__(self, process: ReadingProcess) -> None:
        self._process = process
        self.asked: list[str] = []

    def ask(self, question: str, document: bytes, first: int | None = None) -> Any:  # noqa: ANN401
        self.asked.append(question)
        return self._process.ask(question, document, first)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._process, name)


@pytest.fixture
def counted() -> tuple[Verifier, list[str]]:
    counting: Any = Counting(papers().process)
    verifier = papers().school.verifier(counting)
    return verifier, counting.asked


def anybodys(pdf: bytes, verifier: Verifier) -> Checked:
    """Verify a PDF as a file that nothing is known of."""

    class Unknown:
        def of_our_form(self, pdf: bytes) -> None:
            del pdf

        def inspect(self, pdf: bytes) -> SealFinding:
            return verifier.seal_reader.inspect(pdf)

    return verify(pdf, replace(verifier, seal_reader=Unknown()))


def test_a_certificate_of_ours_is_one_question_in_any_script_with_the_same_answer(
    counted: tuple[Verifier, list[str]],
) -> None:
    verifier, asked = counted
    for number, name in enumerate(NAMES):
        _, pdf = papers().school.issue(name, f"issued{number}@example.org")
        del asked[:]
        checked = verify(pdf, verifier)
        assert asked == ["issued"], name
        assert [each.code for each in checked.checks[:3]] == ["GENUINE", "INTACT", "SAME"]
        assert checked == anybodys(pdf, verifier)


def test_any_doubt_has_the_file_read_as_anybody_s(counted: tuple[Verifier, list[str]]) -> None:
    verifier, asked = counted
    pdf = papers().pdf
    whole = ["content", "pages", "seal"]

    class Misread(LimitedPdfReader):
        def as_issued(self, pdf: bytes) -> Any:  # noqa: ANN401
            found = super().as_issued(pdf)
            assert found is not None
            content, seen = found
            return PdfContent((("other words",),), content.token_texts, 1), seen

    class Unseen(LimitedPdfReader):
        def as_issued(self, pdf: bytes) -> Any:  # noqa: ANN401
            found = super().as_issued(pdf)
            assert found is not None
            return found[0], [replace(each, codes=()) for each in found[1]]

    for kind in (Misread, Unseen):
        reader: Any = verifier.pdf_reader
        doubting = replace(verifier, pdf_reader=kind(reader._process))
        del asked[:]
        assert verify(pdf, doubting) == anybodys(pdf, verifier)
        assert asked[:3] == ["issued", *whole[:2]]

    # A seal that was withdrawn is nobody's proof that a file is ours.
    (seal,) = verifier.trust.seals
    withdrawn = replace(verifier.trust, seals=(replace(seal, state=KeyState.COMPROMISED),))
    reader = verifier.pdf_reader
    wary = replace(
        verifier, trust=withdrawn, seal_reader=seal_reader_of(withdrawn, reader._process)
    )
    del asked[:]
    assert verify(pdf, wary).outcome is Outcome.SEAL_UNKNOWN
    assert asked == whole
