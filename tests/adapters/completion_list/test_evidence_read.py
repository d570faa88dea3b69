"""The evidence beside a list: what `collect` found is not changed in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from lists import HEADER, cells, read, read_rows, told

from cecert.errors import InputError

OVERRIDE = "cecert override records who decided and why"
ANA: Mapping[str, object] = {
    "participant": "ana.ruiz@example.org",
    "name": "Ana Ruiz",
    "email": "ana.ruiz@example.org",
    "attended": "day-1;day-2",
    "review": "",
    "sessions": [{"session": "day-1", "status": "MET"}],
}


def evidence(folder: Path, *rows: Mapping[str, object], **document: object) -> None:
    content = {"format": 1, "rows": list(rows), "inputs": []} | document
    (folder / "completions.evidence.json").write_text(json.dumps(content), "utf-8")


def test_a_list_made_by_hand_is_taken_as_it_is_and_says_so(tmp_path: Path) -> None:
    listed = read_rows(tmp_path, cells())
    assert listed.evidence == "by hand"
    assert listed.records[0].evidence == ""


def test_a_list_as_collect_wrote_it_is_collected(tmp_path: Path) -> None:
    evidence(tmp_path, ANA)
    listed = read_rows(tmp_path, cells(attended="all"))
    assert told(listed) == []
    assert listed.evidence == "collected"
    assert json.loads(listed.records[0].evidence) == ANA


def test_columns_that_are_no_finding_of_collects_may_change(tmp_path: Path) -> None:
    evidence(tmp_path, ANA)
    listed = read_rows(tmp_path, cells(name="Ana María Ruiz", visible="no", fee_paid=""))
    assert told(listed) == []


@pytest.mark.parametrize(
    ("found", "changes", "column", "shown"),
    [
        ({"attended": "day-1"}, {"attended": "all"}, "attended", "'all'"),
        ({"attended": "day-1;day-2"}, {"attended": ""}, "attended", ""),
        ({"review": "two people?"}, {"review": ""}, "review", ""),
        ({"review": ""}, {"review": "who?"}, "review", "'who?'"),
        ({"attended": "day-9"}, {"attended": "day-1"}, "attended", "'day-1'"),
    ],
)
def test_a_row_that_differs_from_the_evidence_is_a_bad_row(
    tmp_path: Path, found: Mapping[str, object], changes: dict[str, str], column: str, shown: str
) -> None:
    evidence(tmp_path, {**ANA, **found})
    listed = read_rows(tmp_path, cells(**changes))
    value = f"{shown} " if shown else ""
    told_before = f"completions.csv: row 2, column {column}: {value}differs from what collect found"
    assert told(listed) == [f"{told_before}, {found[column]!r} ({OVERRIDE})"]
    assert listed.records == ()


def test_a_row_that_collect_never_saw_is_a_bad_row(tmp_path: Path) -> None:
    evidence(tmp_path, ANA)
    listed = read_rows(tmp_path, cells(), cells(email="b@example.org", name="Bo Li"))
    assert told(listed) == [
        f"completions.csv: row 3: 'Bo Li <b@example.org>' is not in the evidence file ({OVERRIDE})"
    ]
    assert [each.name for each in listed.records] == ["Ana Ruiz"]


def test_a_review_is_not_cleared_by_leaving_its_column_out(tmp_path: Path) -> None:
    evidence(tmp_path, {**ANA, "review": "two people?"})
    path = tmp_path / "completions.csv"
    header = [each for each in HEADER if each != "review"]
    line = ",".join(cells()[each] for each in header)
    path.write_text(",".join(header) + "\n" + line + "\n", "utf-8")
    listed = read(path)
    assert "differs from what collect found, 'two people?'" in told(listed)[0]
    assert listed.records == ()


def test_a_bad_cell_is_told_as_that_and_not_as_a_difference(tmp_path: Path) -> None:
    evidence(tmp_path, ANA)
    listed = read_rows(tmp_path, cells(attended="day-9"))
    assert len(listed.faults) == 1
    assert "no session of the course" in told(listed)[0]


def test_a_row_nobody_can_be_recognised_in_is_told_by_its_own_faults(tmp_path: Path) -> None:
    evidence(tmp_path, ANA)
    listed = read_rows(tmp_path, cells(email="ana@"))
    assert len(listed.faults) == 1


def test_evidence_belongs_to_a_workbook_of_the_same_stem_too(tmp_path: Path) -> None:
    evidence(tmp_path, {**ANA, "attended": "day-1"})
    path = tmp_path / "completions.jsonl"
    path.write_text(json.dumps(cells()), "utf-8")
    assert read(path).records == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is no evidence file of collect's (run collect again)"),
        ("[]", "is no evidence file of collect's"),
        ('{"format": 1}', "is no evidence file of collect's"),
        ('{"format": 1, "rows": [{"name": "Ana"}]}', "is no evidence file of collect's"),
        ('{"format": 2, "rows": []}', "is of format 2, this cecert reads 1"),
        ("", "is empty"),
        ("[" * 100_000, "is no evidence file of collect's"),
    ],
)
def test_an_evidence_file_that_is_none_stops_the_list(
    tmp_path: Path, content: str, problem: str
) -> None:
    (tmp_path / "completions.evidence.json").write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        read_rows(tmp_path, cells())
    assert problem in str(caught.value)
    assert "completions.evidence.json" in str(caught.value)


@pytest.mark.parametrize("found", ["2020-10-22", "2020-10-22T00:00:00-04:00"])
def test_an_early_day_that_collect_holds_is_no_bad_cell_besides(tmp_path: Path, found: str) -> None:
    # The list has a day alone as its midnight: Excel rewrites a bare date.
    evidence(tmp_path, {**ANA, "evaluation": found})
    listed = read_rows(tmp_path, cells(evaluation="2020-10-22T00:00:00-04:00"))
    assert told(listed) == []
    (fault,) = told(read_rows(tmp_path, cells(evaluation="2020-10-21T00:00:00-04:00")))
    assert "column evaluation" in fault
