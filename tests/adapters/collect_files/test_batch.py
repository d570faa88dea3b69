"""A batch on the disk: written whole, and an edited list never overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cecert.adapters.collect_files.batch import Batch, RawFile, ReportFiles, evidence_path
from cecert.adapters.completion_list.write import guarded
from cecert.adapters.storage.atomic import make_folder, write_pieces
from cecert.errors import InputError

RAW = {
    "ab" * 32: RawFile("oct22.csv", (b"ra", b"w")),
    "cd" * 32: RawFile("odd name.c s/v", (b"x",)),
}


def batch(
    folder: Path, name: str = "completions.csv", untouched: frozenset[str] = frozenset()
) -> Batch:
    return Batch(folder / name, write_pieces, make_folder, untouched)


def evidence_of(content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    return f'{{"completions": {{"sha256": "{digest}"}}}}'.encode()


def store(made: Batch, content: bytes = b"rows") -> tuple[Path, ...]:
    made.refuse_edited()
    return made.store((content,), (evidence_of(content),), ReportFiles((b"<html>",)), RAW)


def test_list_evidence_report_and_raw_files_lie_side_by_side_for_the_owner_alone(
    tmp_path: Path,
) -> None:
    written = store(batch(tmp_path))
    assert [each.name for each in written] == [
        "completions.csv", "completions.evidence.json", "completions.report.html",
    ]  # fmt: skip
    kept = tmp_path / "completions.sources"
    assert {each.name: each.read_bytes() for each in kept.iterdir()} == {
        f"{'ab' * 32}.csv": b"raw",
        "cd" * 32: b"x",
    }
    assert {each.stat().st_mode & 0o777 for each in (*written, *kept.iterdir())} == {0o600}
    assert kept.stat().st_mode & 0o777 == 0o700


def test_a_list_that_nobody_edited_is_written_anew(tmp_path: Path) -> None:
    store(batch(tmp_path))
    assert store(batch(tmp_path), b"other rows")[0].read_bytes() == b"other rows"


def refused(made: Batch) -> str:
    with pytest.raises(InputError) as found:
        made.refuse_edited()
    return str(found.value)


def test_an_edited_list_is_never_overwritten(tmp_path: Path) -> None:
    path = store(batch(tmp_path))[0]
    path.write_bytes(b"rows, edited")
    assert "was edited since collect wrote it" in refused(batch(tmp_path))


@pytest.mark.parametrize(
    "evidence", [None, b"no json", b"[]", b'{"completions": 1}', b"[" * 100_000]
)
def test_a_list_that_collect_did_not_write_is_never_overwritten(
    tmp_path: Path, evidence: bytes | None
) -> None:
    path = tmp_path / "completions.csv"
    path.write_bytes(b"by hand")
    if evidence is not None:
        evidence_path(path).write_bytes(evidence)
    assert "was not written by collect" in refused(batch(tmp_path))


def test_the_untouched_example_of_a_new_office_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "completions.csv").write_bytes(b"example")
    example = frozenset({hashlib.sha256(b"example").hexdigest()})
    assert store(batch(tmp_path, untouched=example))


def test_a_place_that_cannot_hold_a_list_is_refused(tmp_path: Path) -> None:
    assert "is no .csv file" in refused(batch(tmp_path, "completions.xlsx"))
    assert "there is no folder" in refused(batch(tmp_path / "none"))
    (tmp_path / "completions.csv").mkdir()
    assert "cannot be read" in refused(batch(tmp_path))


def test_a_disk_that_refuses_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "completions.report.html").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        store(batch(tmp_path))
    assert not (tmp_path / "completions.csv").exists()


def test_raw_files_are_optional(tmp_path: Path) -> None:
    batch(tmp_path).store((b"rows",), (b"{}",), ReportFiles(()), {})
    assert not (tmp_path / "completions.sources").exists()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


class CutOffError(Exception):
    """Stands for a kill."""


def cut_off_at(folder: Path, name: str) -> Batch:
    """Return a batch whose run ends before it writes the file *name*."""

    def write(path: Path, pieces: Iterable[bytes]) -> None:
        if path.name == name:
            raise CutOffError
        write_pieces(path, pieces)

    return Batch(folder / "completions.csv", write, make_folder)


NAMES = (
    "completions.report.html",
    ".completions.csv.replaced",
    "completions.evidence.json",
    "completions.csv",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_was_cut_off_is_finished_by_the_next(tmp_path: Path, name: str) -> None:
    store(batch(tmp_path))
    for content in (b"other rows", b"rows of a third run"):  # cut off twice
        with pytest.raises(CutOffError):
            store(cut_off_at(tmp_path, name), content)
    path = store(batch(tmp_path), b"other rows")[0]
    assert path.read_bytes() == b"other rows"
    assert not (tmp_path / ".completions.csv.replaced").exists()


def test_a_list_that_was_edited_after_a_run_was_cut_off_is_never_overwritten(
    tmp_path: Path,
) -> None:
    path = store(batch(tmp_path))[0]
    with pytest.raises(CutOffError):
        store(cut_off_at(tmp_path, "completions.csv"), b"other rows")
    path.write_bytes(b"rows, edited")
    assert "was edited since collect wrote it" in refused(batch(tmp_path))


PAGES = (("001.html", (b"one ", b"piece")), ("002.html", (b"two",)))


def test_pages_lie_in_a_folder_beside_the_report_for_the_owner_alone(tmp_path: Path) -> None:
    batch(tmp_path).store((b"rows",), (b"{}",), ReportFiles((b"index",), PAGES), {})
    folder = tmp_path / "completions.report"
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == {
        "001.html": b"one piece", "002.html": b"two",
    }  # fmt: skip
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "001.html").stat().st_mode & 0o777 == 0o600


def test_what_is_not_ours_in_the_folder_of_pages_stays(tmp_path: Path) -> None:
    made = batch(tmp_path)
    made.store((b"rows",), (b"{}",), ReportFiles((b"index",), PAGES), {})
    (tmp_path / "completions.report" / "notes.html").write_bytes(b"mine")
    made.store((b"rows",), (b"{}",), ReportFiles((b"page",)), {})
    assert [each.name for each in (tmp_path / "completions.report").iterdir()] == ["notes.html"]


def test_pages_that_are_no_longer_named_go_only_when_nothing_names_them(tmp_path: Path) -> None:
    store(batch(tmp_path))
    batch(tmp_path).store((b"rows",), (b"{}",), ReportFiles((b"index",), PAGES), {})
    with pytest.raises(CutOffError):
        cut_off_at(tmp_path, "completions.report.html").store(
            (b"rows",), (b"{}",), ReportFiles((b"page",)), {}
        )
    assert (tmp_path / "completions.report" / "002.html").exists()


@pytest.mark.parametrize("what", ["evidence", "page", "further"])
def test_a_file_that_is_cut_off_while_it_is_made_is_the_old_one(tmp_path: Path, what: str) -> None:
    whole = {"evidence": (b"{}",), "page": (b"index",), "further": (b"one",)}

    def batch_of(pieces: dict[str, Iterable[bytes]]) -> None:
        report = ReportFiles(pieces["page"], (("001.html", pieces["further"]),))
        batch(tmp_path).store((b"rows",), pieces["evidence"], report, {})

    def cut_off() -> Iterator[bytes]:
        yield b"half"
        raise CutOffError

    batch_of(dict(whole))
    names = ("completions.evidence.json", "completions.report.html", "completions.report/001.html")
    before = [(tmp_path / each).read_bytes() for each in names]
    with pytest.raises(CutOffError):
        batch_of({**whole, what: cut_off()})
    assert [(tmp_path / each).read_bytes() for each in names] == before
    assert not list(tmp_path.rglob(".new-*"))


def test_the_list_of_before_is_known_without_reading_all_of_its_evidence(tmp_path: Path) -> None:
    path = store(batch(tmp_path))[0]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    head = f'{{\n "format": 1,\n "completions": {{"name": "c", "sha256": "{digest}"}},\n'
    evidence_path(path).write_text(f'{head} "rows": [no JSON at all')
    batch(tmp_path).refuse_edited()
    path.write_bytes(b"edited")
    assert "was edited" in refused(batch(tmp_path))
