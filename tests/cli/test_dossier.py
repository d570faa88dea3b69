"""A dossier is all about one person in one course, and nothing about anybody else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from seminar import PEOPLE, write_seminar

Cecert = Callable[..., tuple[int, str, str]]

COLLECT = (
    "collect", "course.toml", "--registrations", "registrations.csv",
    "--attendance", "oct22.csv", "--attendance", "oct29.csv",
    "--evaluation", "evaluation.csv", "--attestation", "attestation.csv",
    "--visibility", "visibility.csv", "--overrides", "overrides.toml", "-o", "collected.csv",
)  # fmt: skip
WHOSE = "Sepideh Farahani"
ADDRESS = "sepideh.farahani@example.org"
OTHER = "Ana Ruiz-Calloway"
SHOWN = f"Sepideh with {OTHER}"
OTHERS_ADDRESS = "ana.ruiz-calloway@example.org"
OTHERS_LICENSE = "NY LMSW 099123"
SECTIONS = (
    "1 Decision and its reasons", "2 Who was there when", "3 Rows and files it rests on",
    "4 Decisions made by people", "5 Certificate", "6 Mails", "7 Everything that happened",
    "8 Proof from the log",
)  # fmt: skip


@pytest.fixture
def seminar(issued_office: Path, cecert: Cecert) -> Path:
    """A seminar that was collected and issued; somebody else is named wherever one may write."""
    write_seminar(issued_office)
    registrations = issued_office / "registrations.csv"
    row = f"{OTHERS_ADDRESS},ny-social-work,"
    text = registrations.read_text("utf-8")
    assert row in text
    registrations.write_text(text.replace(row, f"{row}{OTHERS_LICENSE}"), "utf-8")
    overrides = issued_office / "overrides.toml"
    why = "phone line to the office"
    words = (
        f"as {OTHER} <{OTHERS_ADDRESS}> (licence 099123) heard, and Ms. Adeyemi-Thornquist, {why}"
    )
    text = overrides.read_text("utf-8")
    assert why in text
    overrides.write_text(text.replace(why, words), "utf-8")
    report = issued_office / "oct22.csv"
    text = report.read_text("utf-8")
    assert f"{WHOSE},{ADDRESS}" in text
    report.write_text(text.replace(f"{WHOSE},{ADDRESS}", f"{SHOWN},{ADDRESS}"), "utf-8")
    assert cecert(*COLLECT)[0] == 0
    assert cecert("issue", "course.toml", "collected.csv")[0] == 0
    return issued_office


def texts(files: dict[str, bytes]) -> dict[str, str]:
    """Return what each file says, a document's words too."""
    found = {}
    for name, data in files.items():
        if name.endswith(".pdf"):
            pages = PdfReader(io.BytesIO(data)).pages
            found[name] = data.decode("latin-1") + "".join(each.extract_text() for each in pages)
        else:
            found[name] = re.sub(r"base64,[A-Za-z0-9+/=]+", "", data.decode("utf-8"))
    return found


def in_folder(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}


def ledger(cecert: Cecert) -> dict[str, dict[str, object]]:
    """Return every certificate of the office by its holder's address."""
    documents = json.loads(cecert("export", "ledger", "--json")[1])["certificates"]
    return {each["email"]: each for each in documents}


def test_nothing_of_other_people_is_in_it(seminar: Path, cecert: Cecert) -> None:
    held = ledger(cecert)
    status, out, _ = cecert("dossier", "farahani", "-o", "dossier")
    assert (status, out) == (0, "dossier\n")
    files = texts(in_folder(Path("dossier")))
    others = {
        sign
        for each in PEOPLE
        if each.name != WHOSE
        for sign in (each.name, each.address, each.shown)
        if sign
    }
    others |= {str(each[key]) for address, each in held.items() if address != ADDRESS
               for key in ("id", "name", "email", "token_url")}  # fmt: skip
    others |= {"Adeyemi-Thornquist", OTHERS_LICENSE, "099123", "New York LMSW 099123"}
    assert len(others) > 100
    told = [
        (name, sign)
        for name, text in files.items()
        for sign in others
        if sign.casefold() in text.casefold()
    ]
    assert told == []
    # What was written about another is there, and blacked out: this would have been found.
    blackened = "as █████ <█████> (licence █████) heard, and Ms. █████, phone line to the office"
    assert blackened.replace("<", "&lt;").replace(">", "&gt;") in files["index.html"]
    assert blackened in files["record.json"]
    evidence = (seminar / "collected.evidence.json").read_text("utf-8")
    assert OTHER in evidence
    assert OTHERS_ADDRESS in evidence


def test_it_is_complete_in_eight_sections(seminar: Path, cecert: Cecert) -> None:
    entry = ledger(cecert)[ADDRESS]
    cecert("dossier", str(entry["id"]), "-o", "dossier", "--by", "Mary Curtin")
    page = Path("dossier/index.html").read_text("utf-8")
    assert all(f">{each}" in page for each in SECTIONS)
    document = json.loads((seminar / "collected.evidence.json").read_bytes())
    assert all(each["sha256"] in page and each["name"] in page for each in document["files"])
    for told in (
        "MET (by decision)", "oct22.csv, line 41; decision 1", "ticket 17", "M. Example",
        "October 30, 2020, 9:36 a.m. EDT", str(entry["sha256"]), "exported: dossier drawn up",
        "Mary Curtin", "IN FORCE", ADDRESS,
    ):  # fmt: skip
        assert told in page, told
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:|//)""", page)
    (pdf,) = Path("dossier").glob("certificate-*.pdf")
    assert pdf.read_bytes() == (seminar / "certificates" / str(entry["file"])).read_bytes()
    record = json.loads(Path("dossier/record.json").read_bytes())["certificates"][0]
    assert record["evidence_record"]["evaluation"] == "2020-10-30T09:36:00-04:00"
    # How was the seminar? Very good: no answer is in it.
    assert not [name for name, text in texts(in_folder(Path("dossier"))).items()
                if "Very good" in text or "Listen more" in text]  # fmt: skip


def test_a_copy_has_the_persons_lines_and_says_where_others_stood(
    seminar: Path, cecert: Cecert
) -> None:
    cecert("dossier", "farahani", "-o", "dossier")
    names = sorted(each.name for each in Path("dossier/copies").iterdir())
    assert names == ["01-registrations.csv", "02-oct22.csv", "03-oct29.csv"]
    text = Path("dossier/copies/02-oct22.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    report = (seminar / "oct22.csv").read_text("utf-8")
    raw = list(csv.reader(io.StringIO(report, newline="")))
    assert rows[0] == ["line", *raw[0]]
    assert [each for each in rows if each[0] == "41"] == [
        ["41", "Sepideh with █████", *raw[40][1:]]
    ]
    assert raw[40][0] == SHOWN
    assert [each[0] for each in rows] == ["line", "2 to 40", "41", f"42 to {len(raw)}"][: len(rows)]
    assert rows[1][1] == "█████ blacked out: rows of other people"


def test_a_zip_holds_the_same_and_only_its_owner_reads_it(seminar: Path, cecert: Cecert) -> None:
    assert seminar.is_dir()
    assert cecert("dossier", "farahani", "-o", "dossier")[0] == 0
    assert cecert("dossier", "farahani", "-o", "dossier.zip")[0] == 0
    with zipfile.ZipFile("dossier.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {f"dossier/{each}" for each in in_folder(Path("dossier"))}
        assert {each.external_attr >> 16 & 0o777 for each in archive.infolist()} == {0o600}
    modes = {stat.S_IMODE(each.stat().st_mode) for each in Path("dossier").rglob("*.*")}
    assert modes == {0o600}
    assert stat.S_IMODE(Path("dossier").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path("dossier.zip").stat().st_mode) == 0o600


def test_what_was_replaced_is_in_it_too(seminar: Path, cecert: Cecert) -> None:
    assert seminar.is_dir()
    old = str(ledger(cecert)[ADDRESS]["id"])
    words = ("--name", "Sepideh Farahani-Ray", "--reason", f"not {OTHER}", "--yes")
    assert cecert("correct", old, *words)[0] == 0
    assert cecert("dossier", old, "-o", "dossier")[0] == 0
    page = Path("dossier/index.html").read_text("utf-8")
    assert len(list(Path("dossier").glob("certificate-*.pdf"))) == 2
    assert "REPLACED BY A CORRECTION" in page
    assert OTHER not in page
    assert page.count("█████") >= 1


def test_a_list_made_by_hand_has_no_rows_and_says_so(issued_office: Path, cecert: Cecert) -> None:
    assert issued_office.is_dir()
    assert cecert("dossier", "adeyemi", "-o", "dossier")[0] == 0
    page = Path("dossier/index.html").read_text("utf-8")
    assert all(f">{each}" in page for each in SECTIONS)
    assert "The completion list was made by hand" in page
    assert not Path("dossier/copies").exists()


def test_a_list_made_by_hand_that_agrees_with_the_ledger_tells_both_days(
    issued_office: Path, cecert: Cecert
) -> None:
    listed = issued_office / "completions.csv"
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    assert cecert("dossier", "adeyemi", "-o", "dossier")[0] == 0
    page = Path("dossier/index.html").read_text("utf-8")
    for purpose, hour in (("evaluation", "9:00 a.m."), ("attestation", "9:05 a.m.")):
        told = f"The {purpose} is of October 30, 2020, {hour}"
        assert re.search(f"{told}[^.<]*, as the completion list says now", page)
    assert digest in page
    assert "row 2" in page
    assert "is not proven" in page
    words = re.sub("base64,[A-Za-z0-9+/=]+", "", page)  # letters of a picture may make a name
    assert all(each not in words for each in ("Rosa", "Brien", "rosa.nunez"))

    before = listed.read_text("utf-8")
    row = "2020-10-30T09:00:00-04:00,2020-10-30T09:05:00-04:00"
    changed = {
        "later": before.replace(row, "2020-10-30T09:00:00-04:00,2020-11-02T09:05:00-04:00"),
        "lacking": before.replace(row, ",2020-10-30T09:05:00-04:00"),
    }
    for name, text in changed.items():
        listed.write_text(text, "utf-8")
        assert cecert("dossier", "adeyemi", "-o", name)[0] == 0
        page = Path(name, "index.html").read_text("utf-8")
        assert "contradicts the ledger" in page
        assert "The attestation is of" not in page
        assert "November 2" not in page
    unread = {"gone": before.replace("Margaret Adeyemi,m.adeyemi", "Ben Okafor,ben"), "bad": "x"}
    for name, text in unread.items():
        listed.write_text(text, "utf-8")
        assert cecert("dossier", "adeyemi", "-o", name)[0] == 0
        page = Path(name, "index.html").read_text("utf-8")
        assert "The completion list was made by hand" in page
        assert not re.search("completions.csv|Okafor|The attestation is of", page)


def test_without_what_was_collected_the_ledger_s_record_stands(
    seminar: Path, cecert: Cecert
) -> None:
    (seminar / "collected.evidence.json").unlink()
    assert cecert("dossier", "farahani", "-o", "dossier")[0] == 0
    page = Path("dossier/index.html").read_text("utf-8")
    assert "does not lie with the course any more" in page
    assert "oct22.csv, line 41" in page
    assert OTHERS_ADDRESS not in page
    assert OTHER not in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody-at-all", "-o", "d"), "no certificate is found by 'nobody-at-all'"),
        (("m", "-o", "d"), "people"),
        (("adeyemi", "--course", "other", "-o", "d"), "has no certificate of course 'other'"),
        (("adeyemi", "-o", "missing/d"), "there is no folder missing"),
        (("adeyemi", "-o", "keys"), "keys is there already"),
        (("adeyemi", "-o", "ledger.db"), "ledger.db is there already"),
    ],
)
def test_what_is_no_dossier_writes_nothing_and_is_no_event(
    issued_office: Path, cecert: Cecert, words: tuple[str, ...], told: str
) -> None:
    before = sorted(issued_office.rglob("*"))
    kept = Path("ledger.db").read_bytes()
    status, out, err = cecert("dossier", *words)
    assert (status, out) == (2, "")
    assert told in err
    assert sorted(issued_office.rglob("*")) == before
    assert Path("ledger.db").read_bytes() == kept


def test_a_missing_document_is_told_and_no_event(issued_office: Path, cecert: Cecert) -> None:
    entry = json.loads(cecert("show", "adeyemi", "--json")[1])
    (issued_office / "certificates" / entry["file"]).unlink()
    status, _, err = cecert("dossier", "adeyemi", "-o", "d")
    assert status == 2
    assert "is missing from the archive" in err
    assert json.loads(cecert("show", "adeyemi", "--json")[1])["events"] == entry["events"]
    assert not Path("d").exists()
