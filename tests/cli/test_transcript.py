"""A transcript is a file of one person's certificates; nothing else makes one."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_a_table_has_a_row_for_each_credit_and_its_totals_apart(cecert: Run) -> None:
    status, out, err = cecert("transcript", "adeyemi", "-o", "m.csv")
    assert (status, out) == (0, "m.csv\n")
    found = rows(Path("m.csv"))
    entry = json.loads(cecert("show", "adeyemi", "--json")[1])
    credited = [each for each in found if each["kind"] == "credit"]
    assert [(each["credential"], each["hours"]) for each in credited] == [
        (each["credential"], each["hours"]) for each in entry["credits"]
    ]
    assert {each["name"] for each in credited} == {"Margaret Adeyemi"}
    totals = [each for each in found if each["kind"] == "total"]
    assert {each["renewal_evidence"] for each in totals} == {"secondary"}
    assert all("36 contact hours" in each["renewal"] for each in totals)
    assert {(each["credential"], each["total"], each["hours"]) for each in totals} == {
        (each["credential"], each["hours"], "") for each in entry["credits"]
    }
    assert "Margaret Adeyemi: 1 certificate, 1 in force" in err
    assert stat.S_IMODE(Path("m.csv").stat().st_mode) == 0o600


def test_a_document_has_all_of_it_and_no_address(cecert: Run) -> None:
    entry = json.loads(cecert("show", "adeyemi", "--json")[1])
    day = entry["credit_date"]
    status, _, _ = cecert("transcript", entry["id"], "--from", day, "--to", day, "-o", "m.JSON")
    text = Path("m.JSON").read_text("utf-8")
    found = json.loads(text)
    assert (status, found["from"], found["to"]) == (0, day, day)
    (own,) = found["certificates"]
    assert (own["id"], own["state"], own["counted"]) == (entry["id"], "standing", True)
    assert own["token_url"] == entry["token_url"]
    assert [each["unit"] for each in found["totals"]] == [each["unit"] for each in own["credits"]]
    assert [each["renewal"]["months"] for each in found["totals"]] == [36]


def test_what_is_revoked_counts_for_nothing_and_no_cell_is_a_formula(cecert: Run) -> None:
    cecert("correct", "adeyemi", "--name", "Margaret Adeyemi-Ruiz", "--reason", "married", "--yes")
    words = ("--reason-class", "requested-by-holder", "--reason", "x", "--yes")
    new = json.loads(cecert("find", "adeyemi-ruiz", "--json")[1])["found"][0]["id"]
    cecert("transcript", new, "-o", "before.csv")
    states = [each["state"] for each in rows(Path("before.csv")) if each["kind"] == "credit"]
    assert set(states) == {"superseded", "standing"}
    replaced = {each["replaced_by"] for each in rows(Path("before.csv"))} - {""}
    assert replaced == {new}
    assert cecert("revoke", new, *words)[0] == 0
    assert cecert("transcript", new, "-o", "after.csv")[0] == 0
    found = rows(Path("after.csv"))
    assert {each["counted"] for each in found} == {"no"}
    assert not [cell for row in found for cell in row.values() if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("m", "-o", "m.csv"), "people"),
        (("nobody-at-all", "-o", "m.csv"), "no certificate is found by 'nobody-at-all'"),
        (("adeyemi", "-o", "m.txt"), "a transcript is not written as a TXT file: m.txt"),
        (("adeyemi", "-o", "m.doc"), "hint: name a .pdf, sealed, a .csv, for a table, or a .json"),
        (("adeyemi", "-o", "m"), "a transcript is not written as a file without an ending: m"),
        (("adeyemi", "--from", "2021", "-o", "m.csv"), "--from 2021 is no day"),
        (
            ("adeyemi", "--from", "2021-02-01", "--to", "2021-01-31", "-o", "m.csv"),
            "the period ends on 2021-01-31 before it begins on 2021-02-01",
        ),
        (
            ("adeyemi", "--from", "2031-01-01", "-o", "m.csv"),
            "no certificate of Margaret Adeyemi has its credit date in the period from January 1",
        ),
        (("adeyemi", "-o", "missing/m.csv"), "missing/m.csv cannot be written"),
    ],
)
def test_what_is_no_transcript_writes_nothing(
    cecert: Run, words: tuple[str, ...], told: str
) -> None:
    status, out, err = cecert("transcript", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert not list(Path().glob("m*"))


def test_a_pdf_is_sealed_and_verify_answers_for_what_it_lists(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = cecert("transcript", "adeyemi", "-o", "m.pdf")
    assert (status, out) == (0, "m.pdf\n")
    assert "Margaret Adeyemi: 1 certificate, 1 in force" in err
    assert stat.S_IMODE(Path("m.pdf").stat().st_mode) == 0o600
    status, out, _ = cecert("verify", "--config", "cecert.toml", "m.pdf", "--json")
    (found,) = json.loads(out)["results"]
    assert (status, found["outcome"], found["file"]["verdict"]) == (0, "VALID", "AS_ISSUED")
    assert found["file"]["transcript"]["certificates"] == 1
    assert [each["counted"] for each in found["answers"]] == [True]
    # Without a passphrase nothing is sealed, and nothing is said to have been handed out.
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE")
    before = Path("ledger.db").read_bytes()
    status, _, err = cecert("transcript", "adeyemi", "-o", "n.pdf")
    assert (status, Path("n.pdf").exists()) == (2, False)
    assert "passphrase" in err
    assert Path("ledger.db").read_bytes() == before
