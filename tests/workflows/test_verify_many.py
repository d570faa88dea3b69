"""`verify_many`: one answer each, in order, whatever the others are."""

from __future__ import annotations

from pathlib import Path

from cecert import Award, ShownFile, decide, issue, verify_many
from cecert.testing import MemoryOffice, sample_course, sample_record


def test_documents_links_and_files_are_answered_each_in_its_place(tmp_path: Path) -> None:
    office = MemoryOffice()
    (award,) = decide(sample_record(), sample_course())
    assert isinstance(award, Award)
    entry = issue([award], office.desk()).issued[0]
    document = office.archive.get(entry.document)
    (tmp_path / "a.pdf").write_bytes(document)
    shown: list[str | bytes | ShownFile] = [
        document,
        "no link",
        tmp_path / "a.pdf",
        tmp_path / "none.pdf",
    ]
    answers = [each.outcome.value for each in verify_many(shown, verifier=office.verifier())]
    assert answers == [
        "VALID_STATUS_UNKNOWN", "NO_TOKEN", "VALID_STATUS_UNKNOWN", "NOT_READABLE",
    ]  # fmt: skip
