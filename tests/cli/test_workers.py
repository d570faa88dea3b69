"""`--workers`: the same answer, to the letter, however many share the work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cecert.adapters.document_reader import ReadingProcess

Command = Callable[..., tuple[int, str, str]]


def test_an_audit_finds_the_same_whoever_looks(issued_office: Path, cecert: Command) -> None:
    gone, damaged, *_ = sorted((issued_office / "certificates").rglob("*.pdf"))
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes().replace(b"/Sig", b"/sig"))
    answers = [cecert("audit", "--json", "--workers", each) for each in ("1", "2")]
    assert answers[0] == answers[1]
    status, out, err = answers[0]
    assert (status, out.count('"kind": "file"')) == (1, 2)
    assert "auditing: 5 of 5" in err
    assert cecert("audit", "--workers", "0")[0] == 2


def test_an_audit_of_whole_files_starts_no_process_that_reads_documents(
    issued_office: Path, cecert: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*words: object) -> None:
        raise AssertionError(words)

    monkeypatch.setattr(ReadingProcess, "ask", ask)
    status, _, err = cecert("audit", "--config", str(issued_office / "cecert.toml"))
    assert (status, err.splitlines()[-1]) == (0, "cecert: 5 certificates, 0 findings")


def test_verifying_tells_the_same_whoever_reads(issued_office: Path, cecert: Command) -> None:
    files = sorted(map(str, (issued_office / "certificates").rglob("*.pdf")))[:3]
    answers = [cecert("verify", "--offline", "--workers", each, *files) for each in ("1", "2")]
    assert answers[0] == answers[1]
    status, out, _ = answers[0]
    assert (status, out.count("result: VALID (exit status 0)")) == (0, 3)
