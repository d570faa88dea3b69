"""Documents that are read ahead of their turn, several at a time, and judged one by one.

Reading takes nearly all of the time, in processes of its own; judging asks the ledger, hosts
and lists, which nobody asks twice at once. What is judged is what would have been read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from threading import Event
from typing import Any

from cecert.ports import PdfContent, PdfReader, SealFinding, SealReader, SeenPage
from cecert.workflows.verify.verifier import Checked, Verifier
from cecert.workflows.verify.verify import LARGEST_DOCUMENT, is_pdf, is_picture, verify

__all__ = ["Readers", "verify_ahead"]

AHEAD = 2
"""Documents for each of the readers that are read before their turn."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads one document at a time.

    Attributes:
        pdf_reader, seal_reader: The ports.
        stop: Gives up what is being read; whoever waits for it is told that it is unreadable.
    """

    pdf_reader: PdfReader
    seal_reader: SealReader
    stop: Callable[[], None]


def verify_ahead(
    shown: Sequence[bytes | str], verifier: Verifier, readers: Sequence[Readers]
) -> Iterator[Checked]:
    """Yield what `verify` says of each document, link or digits, in their order.

    Args:
        shown: Bytes of documents, or texts.
        verifier: Trust and tools.
        readers: Who reads, at once; with none it is the verifier's own.
    """
    if not readers:
        yield from (verify(each, verifier) for each in shown)
        return
    free: SimpleQueue[Readers] = SimpleQueue()
    for each in readers:
        free.put(each)
    stopped = Event()
    pool = ThreadPoolExecutor(len(readers))
    coming: deque[Future[_Read]] = deque()
    following = iter(shown)
    try:
        for what in shown:
            while len(coming) < AHEAD * len(readers):
                try:
                    coming.append(pool.submit(_read, next(following), free, stopped))
                except StopIteration:
                    break
            read = coming.popleft().result()
            reading = replace(verifier, pdf_reader=_Foreseen(read, verifier),
                              seal_reader=_Foreseen(read, verifier))  # fmt: skip
            yield verify(what, reading)
    finally:
        stopped.set()
        for each in readers:
            each.stop()
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Read:
    """What readers said of a document, by what they were asked."""

    answers: dict[str, Any] = field(default_factory=dict)


def _read(what: bytes | str, free: SimpleQueue[Readers], stopped: Event) -> _Read:
    """Ask what `verify` will ask, as far as can be told before."""
    read = _Read()
    if isinstance(what, str) or len(what) > LARGEST_DOCUMENT:
        return read
    own = free.get()
    try:
        for question, ask in _questions(what, own, read):
            if stopped.is_set():
                break
            read.answers[question] = ask(what)
    finally:
        free.put(own)
    return read


def _questions(
    what: bytes, readers: Readers, read: _Read
) -> Iterator[tuple[str, Callable[[bytes], Any]]]:
    if is_picture(what):
        yield "pages_of_picture", readers.pdf_reader.pages_of_picture
    elif is_pdf(what):
        yield "of_our_form", readers.seal_reader.of_our_form
        if read.answers.get("of_our_form") is not None:
            yield "as_issued", readers.pdf_reader.as_issued
        if read.answers.get("as_issued") is None:
            yield "read", readers.pdf_reader.read
            if not isinstance(read.answers.get("read"), str):
                yield "drawn_pages", readers.pdf_reader.drawn_pages
                yield "inspect", readers.seal_reader.inspect


class _Foreseen:
    """Says of one document what was read, and has the rest read now."""

    def __init__(self, read: _Read, verifier: Verifier) -> None:
        self._answers = read.answers
        self._pdf_reader, self._seal_reader = verifier.pdf_reader, verifier.seal_reader

    def read(self, pdf: bytes) -> PdfContent | str:
        found: PdfContent | str = self._told("read", self._pdf_reader.read, pdf)
        return found

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        found: Sequence[SeenPage] = self._told("drawn_pages", self._pdf_reader.drawn_pages, pdf)
        return found

    def as_issued(self, pdf: bytes) -> tuple[PdfContent, Sequence[SeenPage]] | None:
        found: tuple[PdfContent, Sequence[SeenPage]] | None = self._told(
            "as_issued", self._pdf_reader.as_issued, pdf
        )
        return found

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage] | str:
        found: Sequence[SeenPage] | str = self._told(
            "pages_of_picture", self._pdf_reader.pages_of_picture, picture
        )
        return found

    def inspect(self, pdf: bytes) -> SealFinding:
        found: SealFinding = self._told("inspect", self._seal_reader.inspect, pdf)
        return found

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        found: SealFinding | None = self._told("of_our_form", self._seal_reader.of_our_form, pdf)
        return found

    def _told(self, question: str, ask: Callable[[bytes], Any], document: bytes) -> Any:  # noqa: ANN401
        return self._answers[question] if question in self._answers else ask(document)
