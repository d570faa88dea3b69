"""The reading process: it ends when it must, begins again, and knows no secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from io import BytesIO

import pytest
from papers import papers
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from cecert.adapters.document_reader import LimitedPdfReader, PadesSealReader, ReadingProcess
from cecert.adapters.document_reader.child import QUESTIONS, main
from cecert.adapters.document_reader.process import (
    ReadingLimits,
    UnreadableError,
    _end,
    _environment,
)
from cecert.ports import PdfContent, SealState


def saved(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def slow() -> bytes:
    """Return a PDF whose text takes minutes to read: the same page content, very long."""
    out = BytesIO()
    canvas = Canvas(out, pageCompression=1)
    for _ in range(60_000):
        canvas.drawString(10, 10, "slow " * 20)
    canvas.save()
    return out.getvalue()


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    reader = LimitedPdfReader(ReadingProcess(ReadingLimits(seconds=2)))
    assert reader.read(slow()) == "reading it took longer than 2 seconds"
    patient = LimitedPdfReader(papers().process)
    assert isinstance(patient.read(papers().pdf), PdfContent)


def test_a_process_begins_again_after_it_was_ended() -> None:
    process = ReadingProcess()
    with pytest.raises(UnreadableError, match="reading it broke the reader"):
        process.ask("a question nobody can answer", papers().pdf)
    assert PadesSealReader(process).inspect(papers().pdf).state is SealState.INTACT


def test_memory_is_limited() -> None:
    process = ReadingProcess(ReadingLimits(memory=1 << 27))  # too little for the libraries
    with pytest.raises(UnreadableError, match="reading it took too much memory"):
        process.ask("picture", saved(Image.new("L", (8000, 8000))))
    found = PadesSealReader(process).inspect(bytes(1 << 27))
    assert found.state is SealState.BROKEN
    assert found.detail.startswith("the seal cannot be read")


def test_it_may_serve_several_threads() -> None:
    found: list[object] = []
    reader = LimitedPdfReader(papers().process)
    threads = [
        threading.Thread(target=lambda: found.append(reader.read(papers().pdf))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(isinstance(each, PdfContent) for each in found)


def test_it_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    given = _environment()
    assert "secret" not in given.values()
    assert given["PATH"] == os.environ["PATH"]


def asked(*questions: tuple[str, bytes]) -> list[dict[str, object]]:
    """Ask what the process is asked, but inside this one, which gets no new limits."""
    pipe, answers = BytesIO(), BytesIO()
    for question, document in questions:
        head = json.dumps({"question": question, "length": len(document)}).encode()
        pipe.write(len(head).to_bytes(8) + head + document)
    pipe.write(b"\0\0\0")  # a question that is cut ends it quietly
    main(['{"memory": -1}'], BytesIO(pipe.getvalue()), answers)
    told, data = [], answers.getvalue()
    while data:
        length = int.from_bytes(data[:8])
        told.append(json.loads(data[8 : 8 + length]))
        data = data[8 + length :]
    return told


def test_every_question_has_an_answer_or_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: object) -> None:
        raise MemoryError

    monkeypatch.setitem(QUESTIONS, "hungry", hungry)
    blank = saved(Image.new("L", (9, 9), 255))
    assert asked(
        ("picture", blank), ("picture", b"junk"), ("content", b"%PDF-junk"), ("hungry", b"")
    ) == [
        {"answer": []},
        {"unreadable": "it is not a whole picture"},
        {"unreadable": "it is damaged (PdfStreamError)"},
        {"unreadable": "reading it took too much memory"},
    ]


def test_a_process_that_does_not_end_by_itself_is_ended_by_force() -> None:
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    _end(sleeper)
    assert sleeper.returncode not in {None, 0}
