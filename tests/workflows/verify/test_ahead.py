"""Documents that are read ahead have the answers that they have one by one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import qrcode
from papers import papers

from cecert.ports import SealFinding
from cecert.workflows.verify.ahead import AHEAD, Readers, verify_ahead
from cecert.workflows.verify.verify import Verifier, verify


def picture() -> bytes:
    out = BytesIO()
    qrcode.make(papers().certificate.token_url).save(out)
    return out.getvalue()


def readers_of(verifier: Verifier, stop: Callable[[], None] = lambda: None) -> Readers:
    return Readers(verifier.pdf_reader, verifier.seal_reader, stop)


def test_every_kind_of_document_has_the_same_answer_in_its_place() -> None:
    verifier, pdf = papers().verifier, papers().pdf
    shown: list[bytes | str] = [
        pdf, papers().certificate.token_url, pdf + b"\n", b"no document", picture(), b"%PDF-junk",
        b"", pdf,
    ]  # fmt: skip
    alone = [verify(each, verifier) for each in shown]
    for readers in ([], [readers_of(verifier)], [readers_of(verifier)] * 3):
        assert list(verify_ahead(shown, verifier, readers)) == alone
    assert len({each.outcome for each in alone}) == 3


def test_what_was_read_ahead_is_not_read_again_and_a_rejected_reading_is_made_good() -> None:
    verifier, pdf = papers().verifier, papers().pdf

    class Deaf:
        """The verifier's own: it is asked of no document."""

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            return lambda _: pytest.fail(name)

    deaf: Any = Deaf()
    unread = replace(verifier, pdf_reader=deaf, seal_reader=deaf)
    readers = [readers_of(verifier)]
    shown = [pdf, pdf + b"\n", picture()]
    assert list(verify_ahead(shown, unread, readers)) == [verify(each, verifier) for each in shown]

    class Unseen:
        """Reads files of ours without the codes on their pages."""

        def as_issued(self, pdf: bytes) -> Any:  # noqa: ANN401
            found = verifier.pdf_reader.as_issued(pdf)
            assert found is not None
            return found[0], [replace(each, codes=()) for each in found[1]]

    unseen: Any = Unseen()
    doubting = replace(readers[0], pdf_reader=unseen)
    assert list(verify_ahead([pdf], verifier, [doubting])) == [verify(pdf, verifier)]


def test_whoever_stops_waits_for_no_document_and_few_are_read_before_their_turn() -> None:
    verifier, pdf = papers().verifier, papers().pdf
    gate, asked = threading.Event(), list[int]()

    class Slow:
        """Reads until it is stopped."""

        def of_our_form(self, pdf: bytes) -> SealFinding | None:
            asked.append(len(pdf))
            if len(asked) > 1:
                gate.wait(30)
            return verifier.seal_reader.of_our_form(pdf)

    slow: Any = Slow()
    readers = replace(readers_of(verifier, gate.set), seal_reader=slow)
    answers = verify_ahead([pdf] * 100, verifier, [readers])
    assert next(answers) == verify(pdf, verifier)
    with pytest.raises(KeyboardInterrupt):
        answers.throw(KeyboardInterrupt)  # type: ignore[attr-defined]  # a generator
    assert gate.is_set()
    assert len(asked) <= 1 + AHEAD
    assert not [each for each in threading.enumerate() if "ThreadPoolExecutor" in each.name]
