"""Pictures and PDFs that are much to read are answered or given up, and the next is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from letterhead_bombs import LETTERHEADS
from letterhead_samples import letterhead
from picture_bombs import PICTURES

from cecert.adapters.document_reader import ReadingLimits, ReadingProcess
from cecert.adapters.document_reader.process import UnreadableError

pytestmark = pytest.mark.slow


QUESTIONS = ("picture", "content", "pages", "seal")
DOCUMENTS: Mapping[str, Callable[[], bytes]] = {**PICTURES, **LETTERHEADS}


@pytest.fixture(scope="module")
def reader() -> ReadingProcess:
    return ReadingProcess(ReadingLimits(seconds=4, memory=1 << 30))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_reader_survives_what_it_cannot_read(reader: ReadingProcess, name: str) -> None:
    document = DOCUMENTS[name]()
    for question in QUESTIONS:
        try:
            reader.ask(question, document)
        except UnreadableError as refusal:
            assert str(refusal)  # noqa: PT017  # to answer is as good
    assert reader.ask("content", letterhead())
