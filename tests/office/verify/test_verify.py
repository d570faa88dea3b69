"""Readers of several offices in one program, and of one office in several threads."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from papers import papers

from cecert import WrongValueError, verify
from cecert.adapters.document_reader import LimitedPdfReader
from cecert.adapters.workers import MOST_WORKERS
from cecert.office import Office
from cecert.office.papers.records import audit_desk
from cecert.office.verify.verify import verifier_of, verifiers_at_once
from cecert.ports import PdfContent


def child_of(reader: object) -> int:
    """Have a document read, and return the process that did it."""
    assert isinstance(reader, LimitedPdfReader)
    assert isinstance(reader.read(papers().pdf), PdfContent)
    child = reader._process._child
    assert child is not None
    return child.pid


def test_five_offices_start_one_process_that_reads(office_folder: Path, tmp_path: Path) -> None:
    readers = []
    for number in range(5):
        folder = Path(shutil.copytree(office_folder, tmp_path / str(number)))
        with Office.open(folder / "cecert.toml") as office:
            readers += [office.desk().pdf_reader, audit_desk(office).pdf_reader]
            readers.append(verifier_of(office.trust(), root_pinned=True).pdf_reader)
    children = {child_of(each) for each in readers}
    assert len(readers) == 15
    assert len(children) == 1


def test_verifiers_at_once_do_not_wait_for_one_another() -> None:
    one = verifier_of(papers().school.trust, root_pinned=True)
    first, second = verifiers_at_once(one, 2)
    assert isinstance(first.pdf_reader, LimitedPdfReader)
    with ThreadPoolExecutor(1) as pool, first.pdf_reader._issued._lock:
        waiting = pool.submit(verify, papers().pdf, first)
        answered = verify(papers().pdf, second)
        assert not waiting.done()
    assert waiting.result() == answered
    for count in (0, MOST_WORKERS + 1, 10**9):
        with pytest.raises(WrongValueError, match="from 1 to 256"):
            verifiers_at_once(one, count)
