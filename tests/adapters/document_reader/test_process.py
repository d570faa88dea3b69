"""The reading process: it ends when it must, begins again, and knows no secret."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from io import BytesIO
from pathlib import Path

import pytest
from papers import papers
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from cecert.adapters.document_reader import (
    ISSUED,
    LimitedPdfReader,
    PadesSealReader,
    ReadingProcess,
)
from cecert.adapters.document_reader.content import content_of
from cecert.adapters.document_reader.process import (
    NEEDED,
    ReadingLimits,
    UnreadableError,
    _end,
    _environment,
)
from cecert.adapters.document_reader.seals import finding_of
from cecert.ports import PdfContent, SealState, SeenPage


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


def test_a_question_nobody_can_answer_breaks_one_reader_and_the_next_one_reads() -> None:
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


@pytest.mark.parametrize("library", ["content.PdfReader", "seals.PdfFileReader"])
def test_too_little_memory_says_nothing_of_a_seal(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    def hungry(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(f"cecert.adapters.document_reader.{library}", hungry)
    question = content_of if library.startswith("content") else finding_of
    for document in (papers().pdf, b"%PDF-1.7\n"):
        with pytest.raises(MemoryError):
            question(document, ReadingLimits())


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
    for name in ("CECERT_KEY_PASSPHRASE", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "HOME"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    given = _environment()
    assert "secret" not in given.values()
    assert given["LANG"] == "C.UTF-8"
    assert set(given) <= set(NEEDED)


PROGRAM = """
import sys
sys.path[:] = {path!r}
from cecert.adapters.document_reader import child
def hungry(*_):
    raise MemoryError
child.QUESTIONS["hungry"] = hungry
child.main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
"""


def asked(*questions: tuple[str, bytes]) -> list[dict[str, object]]:
    """Ask what the process is asked, and leave the last question unfinished."""
    pipe = b""
    for question, document in questions:
        head = json.dumps({"question": question, "length": len(document)}).encode()
        pipe += len(head).to_bytes(8) + head + document
    pipe += b"\0\0\0"  # a question that is cut ends it quietly
    command = [sys.executable, "-Ic", PROGRAM.format(path=sys.path), '{"memory": -1}', "[]"]
    data = subprocess.run(command, input=pipe, capture_output=True, check=True).stdout
    told = []
    while data:
        length = int.from_bytes(data[:8])
        told.append(json.loads(data[8 : 8 + length]))
        data = data[8 + length :]
    return told


def test_every_question_has_an_answer_or_a_reason() -> None:
    blank = saved(Image.new("L", (9, 9), 255))
    assert asked(
        ("picture", blank), ("picture", b"junk"), ("content", b"%PDF-junk"), ("hungry", b"")
    ) == [
        {
            "answer": {
                "pages": [{"codes": [], "is_picture": True, "lines": [], "fault": ""}],
                "more": False,
            }
        },
        {"unreadable": "it is not a whole picture"},
        {"unreadable": "it is damaged (PdfStreamError)"},
        {"unreadable": "reading it took too much memory"},
    ]


def test_a_process_that_was_killed_begins_again() -> None:
    process = ReadingProcess()
    assert PadesSealReader(process).inspect(papers().pdf).state is SealState.INTACT
    assert process._child is not None
    process._child.kill()
    process._child.wait()
    assert PadesSealReader(process).inspect(papers().pdf).state is SealState.INTACT


def test_an_answer_that_nobody_waited_for_is_not_the_next_one_s() -> None:
    process = ReadingProcess()
    assert len(process.ask("content", papers().pdf)["page_lines"]) == 1
    interrupt = threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        process.ask("content", slow())
    interrupt.join()
    (lines,) = process.ask("content", papers().other_pdf)["page_lines"]
    assert lines[lines.index("This certifies that") + 1] == "Margaret O\u2019Connell-Hughes"


def answering(answer: bytes) -> ReadingProcess:
    """Return a process in which a document has taken over the reader, and says *answer*."""
    process = ReadingProcess()
    program = (
        f"import sys; sys.stdout.buffer.write({answer!r}); sys.stdout.flush(); sys.stdin.read()"
    )
    process._child = subprocess.Popen(
        [sys.executable, "-Ic", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process._program = os.getpid()
    process._finalize = weakref.finalize(process, _end, process._child)
    return process


def told(answer: bytes) -> bytes:
    return len(answer).to_bytes(8) + answer


@pytest.mark.parametrize(
    "answer",
    [
        (1 << 62).to_bytes(8), told(b""), told(b"\xff"), told(b"[]"), told(b"7"), told(b"{"),
        told(b"[" * 100_000), told(b"{}"), told(b'{"answer": 7}'), told(b'{"answer": {}}'),
        told(b'{"answer": {"page_lines": [], "token_texts": 7, "signatures": 0, "producer": ""}}'),
        told(b'{"answer": {"pages": [], "more": true}}'),
        told(b'{"answer": {"pages": [7], "more": false}}'),
        told(b'{"answer": {"state": 7}}'),
        told(b'{"answer": {"state": "intact", "detail": 7, "signing_cert_sha256": "zz"}}'),
    ],
)  # fmt: skip
def test_a_reader_that_a_document_took_over_can_only_answer_or_fail(answer: bytes) -> None:
    assert LimitedPdfReader(answering(answer)).read(b"") == "reading it broke the reader"
    broken = SeenPage(fault="reading it broke the reader")
    assert LimitedPdfReader(answering(answer)).drawn_pages(b"") == [broken]
    picture = LimitedPdfReader(answering(answer)).pages_of_picture(b"")
    assert picture == "reading it broke the reader"
    found = PadesSealReader(answering(answer)).inspect(b"")
    assert found.state is SealState.BROKEN


def test_those_who_ask_share_one_process(tmp_path: Path) -> None:
    first, second = ReadingProcess.shared(), ReadingProcess.shared()
    assert first is second
    beside = ReadingProcess.shared([tmp_path])
    assert beside is ReadingProcess.shared([tmp_path])
    assert beside is not first


def test_a_shared_process_ends_when_nobody_holds_it(tmp_path: Path) -> None:
    process = ReadingProcess.shared([tmp_path])
    assert len(process.ask("content", papers().pdf)["page_lines"]) == 1
    child = process._child
    assert child is not None
    del process
    gc.collect()
    assert child.poll() is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_program_that_forks_does_not_share_the_pipes_of_its_parent() -> None:
    # In a program of one thread, as a server that forks its workers is.
    program = (
        "import os, sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from cecert.adapters.document_reader import ReadingProcess\n"
        "process = ReadingProcess.shared()\n"
        "process.ask('confinement', b'')\n"
        "first = process._child.pid\n"
        "pid = os.fork()\n"
        "process.ask('confinement', b'')\n"
        "print(process._child.pid == first, flush=True)\n"
        "if pid: os.waitpid(pid, 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert sorted(done.stdout.split()) == ["False", "True"]


def test_a_process_that_does_not_end_by_itself_is_ended_by_force() -> None:
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    _end(sleeper)
    assert sleeper.returncode not in {None, 0}


def test_readers_look_for_no_garbage_among_the_libraries() -> None:
    program = (
        "import gc, io, sys; gc.disable(); "
        "from cecert.adapters.document_reader.child import main; "
        "main(sys.argv[1:], io.BytesIO(), io.BytesIO()); "
        "print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "{}", "[]"], check=True, capture_output=True, text=True
    )
    assert done.stdout == "True True\n"


def loaded_for(*questions: str) -> list[str]:
    """Return what a process has loaded that is asked these questions alone."""
    program = (
        "import io, sys; from cecert.adapters.document_reader import child; "
        "child.main(sys.argv[1:], io.BytesIO(), io.BytesIO()); print(*sys.modules)"
    )
    command = [sys.executable, "-c", program, '{"memory": -1}', json.dumps(questions)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_the_process_loads_nothing_of_cecert_but_what_reads() -> None:
    modules = [each for each in loaded_for() if each.startswith("cecert.")]
    assert {"workflows", "office", "ports", "cli"}.isdisjoint(
        each.split(".")[1] for each in modules
    )
    assert len(modules) <= 25


def test_the_process_that_reads_files_of_ours_loads_no_more_than_that_takes() -> None:
    modules = loaded_for(ISSUED)
    assert {"aiohttp", "pyhanko", "asn1crypto", "pypdf", "cryptography"}.isdisjoint(modules)
    assert {"pypdfium2", "zxingcpp"} <= set(modules)
