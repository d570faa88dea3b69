"""The life of a certificate after issue, as the office and as a verifier sees it."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def id_of(cecert: Run, name: str) -> str:
    _, out, _ = cecert("export", "roster", "mbt-2020-10", "--json")
    found = [each for each in json.loads(out)["roster"] if each["name"] == name]
    return str(found[-1]["id"])


def document(identifier: str) -> Path:
    (path,) = Path("certificates").glob(f"*/{identifier}-*.pdf")
    return path


def outcome(cecert: Run, path: Path) -> str:
    """What a verifier with the published lists is told."""
    status, _, _ = cecert("publish", "site")
    assert status == 0
    lists = [word for each in Path("site/status").iterdir() for word in ("--status", str(each))]
    _, out, _ = cecert("verify", str(path), "--offline", "--json", *lists)
    return str(json.loads(out)["results"][0]["outcome"])


def test_a_correction_takes_effect_everywhere_together(cecert: Run) -> None:
    old = id_of(cecert, "Margaret Adeyemi")
    assert outcome(cecert, document(old)) == "VALID"
    status, out, err = cecert(
        "correct", old.lower(), "--name", "Margaret  Adéyemi-Cole", "--reason", "married"
    )
    assert status == 0, err
    new = out.strip()
    assert f"{new} supersedes {old}; its mail is queued" in err
    assert outcome(cecert, document(old)) == "SUPERSEDED"
    assert outcome(cecert, document(new)) == "VALID"
    _, shown, _ = cecert("show", old)
    assert f"replaced by:   {new}" in shown
    assert f"superseded by Mary: by {new}: married" in shown
    _, shown, _ = cecert("show", new)
    assert f"replaces:      {old}" in shown
    _, roster, _ = cecert("export", "roster", "mbt-2020-10", "--json")
    by_id = {each["id"]: each for each in json.loads(roster)["roster"]}
    assert (by_id[old]["status"], by_id[new]["status"]) == ("superseded", "standing")
    assert by_id[old]["credit_date"] == by_id[new]["credit_date"] == "2020-10-29"
    _, mails, _ = cecert("status", "--json")
    states = {each["key"]: each["state"] for each in json.loads(mails)["mails"]}
    assert (states[f"{old}:issue"], states[f"{new}:issue"]) == ("cancelled", "queued")


def test_the_recipient_of_a_correction_is_told_what_it_replaces(cecert: Run) -> None:
    old = id_of(cecert, "Sam Field")
    _, out, _ = cecert("correct", old, "--name", "Samuel Field", "--reason", "full name asked for")
    new = out.strip()
    status, _, err = cecert("deliver", "--dry-run", "drafts")
    assert status == 0, err
    text = (Path("drafts") / f"{new}.eml").read_text("utf-8").replace("=\n", "").replace("\n", " ")
    assert f"replaces certificate {old}" in text
    assert not (Path("drafts") / f"{old}.eml").exists()


def test_another_certificate_of_the_same_person_is_named(cecert: Run) -> None:
    path = Path("completions.csv")
    text = path.read_text("utf-8-sig").replace(",ny-social-work,NY LMSW", ",ma-social-work,NY LMSW")
    path.write_text(text, "utf-8-sig")
    assert "1 issued" in cecert("issue", "course.toml", "completions.csv")[2]
    with sqlite3.connect("ledger.db") as ledger:
        rows = ledger.execute("SELECT id FROM certificate WHERE name='Margaret Adeyemi'")
        first, second = (each for (each,) in rows)
    _, _, err = cecert("correct", first, "--name", "Margaret Cole", "--reason", "married")
    assert f"note: {second} of the same person and course still has the old name" in err


def test_licences_are_corrected_by_json(cecert: Run) -> None:
    old = id_of(cecert, "Sam Field")
    status, out, err = cecert(
        "correct", old, "--licenses", "NY LMSW 5; MA LICSW 6", "--reason", "left out", "--json"
    )
    assert status == 0, err
    answer = json.loads(out)
    assert (answer["supersedes"], answer["others"]) == (old, [])
    assert answer["sha256"] == sha256(document(answer["id"]).read_bytes()).hexdigest()
    _, shown, _ = cecert("show", answer["id"], "--json")
    told = json.loads(shown)
    assert told["licenses"] == ["NY LMSW 5", "MA LICSW 6"]
    assert told["superseded_by"] is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--reason", "x"], "nothing is said that is to be corrected"),
        (["--name", "Sam Field", "--reason", "x"], "says so already"),
        (["--name", "sam@example.org", "--reason", "x"], "is an e-mail address"),
        (["--name", "Sam\tField", "--reason", "x"], "U+0009"),
        (["--licenses", "LMSW 5", "--reason", "x"], "is not STATE TITLE NUMBER"),
        (["--name", "Samuel Field", "--reason", " "], "reason: is blank"),
        (["--name", "Sam 😀 Field", "--reason", "x"], "U+1F600"),
    ],
)
def test_a_correction_that_cannot_be_made_changes_nothing(
    cecert: Run, options: list[str], why: str
) -> None:
    old = id_of(cecert, "Sam Field")
    before = sorted(Path("certificates").glob("*/*.pdf"))
    status, out, err = cecert("correct", old, *options)
    assert (status, out) == (2, "")
    assert why in err
    assert sorted(Path("certificates").glob("*/*.pdf")) == before
    _, shown, _ = cecert("show", old)
    assert "standing" in shown


def test_a_word_in_two_scripts_is_warned_of(cecert: Run) -> None:
    old = id_of(cecert, "Sam Field")
    mixed = f"S{chr(0x430)}m Field"  # a Cyrillic letter
    status, _, err = cecert("correct", old, "--name", mixed, "--reason", "as she writes it")
    assert status == 0
    assert "mixes letters of two scripts" in err


def test_only_standing_certificates_are_corrected(cecert: Run) -> None:
    old = id_of(cecert, "Sam Field")
    fix = ["--name", "Samuel Field", "--reason", "x"]
    new = cecert("correct", old, *fix)[1].strip()
    status, _, err = cecert("correct", old, *fix)
    assert status == 2
    assert f"hint: correct that one: cecert correct {new}" in err
    assert cecert("revoke", new, "--reason-class", "wrong-person", "--reason", "x")[0] == 0
    assert "revoked, which is final" in cecert("correct", new, *fix)[2]
    assert cecert("correct", "3K50-VMEJ-KFZV-NS3G", *fix)[0] == 2
    assert cecert("show", "3K50-VMEJ-KFZV-NS3G")[0] == 2


def test_a_revoked_certificate_verifies_as_revoked_for_good(cecert: Run) -> None:
    own = id_of(cecert, "Thomas O\N{RIGHT SINGLE QUOTATION MARK}Brien")
    status, _, err = cecert(
        "revoke", own, "--reason-class", "issued-in-error", "--reason", "row 17 was another"
    )
    assert (status, f"{own} is revoked" in err) == (0, True)
    assert outcome(cecert, document(own)) == "REVOKED"
    assert (
        "was revoked before"
        in cecert("revoke", own, "--reason-class", "issued-in-error", "--reason", "again")[2]
    )
    _, _, err = cecert("issue", "course.toml", "completions.csv")
    assert "issuing the list again does not bring it back" in err
    assert "row 17" not in "".join(
        each.read_bytes().decode("latin-1") for each in Path("site").rglob("*") if each.is_file()
    )


# The books


def test_an_office_in_order_has_no_findings(cecert: Run) -> None:
    status, out, err = cecert("audit")
    assert (status, out) == (0, "")
    assert "5 certificates, 0 findings" in err
    status, out, _ = cecert("audit", "--course", "mbt-2020-10", "--json")
    assert (status, json.loads(out)) == (
        0,
        {"certificates": 5, "levels": {"B-B": 5}, "findings": []},
    )


def test_an_audit_names_what_is_missing_changed_and_nobody_s(cecert: Run) -> None:
    gone, changed, *_ = sorted(Path("certificates").glob("*/*.pdf"))
    gone.unlink()
    changed.write_bytes(changed.read_bytes()[:-7] + b"tampere")
    Path("certificates/notes.txt").touch()
    status, out, err = cecert("audit")
    assert status == 1
    assert [line.split(":")[0] for line in out.splitlines()] == ["file", "file", "orphan"]
    assert f"{gone.name} is missing" in out
    assert f"{changed.name} is damaged" in out
    assert "notes.txt: no certificate names it" in out
    assert "hint: file: restore the file from the backup" in err
    assert "5 certificates, 3 findings" in err
    _, out, _ = cecert("audit", "--json")
    found = json.loads(out)["findings"]
    assert {tuple(sorted(each)) for each in found} == {
        ("certificate", "kind", "message", "place", "remedy")
    }
    assert [each["certificate"] for each in found][-1] is None


def test_an_audit_names_links_and_files_of_others(cecert: Run, tmp_path: Path) -> None:
    linked, owned, *_ = sorted(Path("certificates").glob("*/*.pdf"))
    linked.rename(tmp_path / "elsewhere.pdf")
    linked.symlink_to(tmp_path / "elsewhere.pdf")
    expected = [
        f"{linked.parent.name}/{linked.name} cannot be read: it is a link, which is not followed"
    ]
    if os.getuid() == 0:  # only root gives files away
        os.chown(owned, 12345, -1)
        expected.append(f"owner: {owned.parent.name}/{owned.name}: it is owned by uid 12345")
    status, out, _ = cecert("audit")
    assert status == 1
    lines = out.splitlines()
    assert len(lines) == len(expected)
    assert all(words in line for words, line in zip(expected, lines, strict=True)), lines


def test_a_file_that_was_replaced_with_its_name_is_found(cecert: Run) -> None:
    own = document(id_of(cecert, "Sam Field"))
    other = document(id_of(cecert, "Margaret Adeyemi"))
    forged = own.name[:20] + sha256(other.read_bytes()).hexdigest()[:16] + ".pdf"
    (own.parent / forged).write_bytes(other.read_bytes())
    with sqlite3.connect("ledger.db") as ledger:
        for (trigger,) in ledger.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            ledger.execute(f"DROP TRIGGER {trigger}")
        ledger.execute(
            "UPDATE certificate SET document=? WHERE document=?",
            (f"{own.parent.name}/{forged}", f"{own.parent.name}/{own.name}"),
        )
    status, out, _ = cecert("audit")
    assert status == 1
    assert "its SHA-256 is" in out
    assert "does not carry the token that is recorded" in out


def test_a_roster_opens_in_excel_and_runs_nothing(cecert: Run) -> None:
    own = id_of(cecert, "Sam Field")
    status, _, err = cecert("correct", own, "--name", "=Sam Field", "--reason", "a hostile name")
    assert status == 0, err
    status, out, err = cecert("export", "roster", "course.toml", "-o", "roster.csv")
    assert (status, out) == (0, "roster.csv\n")
    content = Path("roster.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfname,licenses,credentials,hours,credit_date,id,status")
    assert content.count(b"\r\n") == content.count(b"\n") == 7
    assert Path("roster.csv").stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert rows[-1]["name"] == "'=Sam Field"
    assert rows[1]["credentials"] == "ny-social-work; ma-social-work"
    assert rows[1]["hours"] == "6; 6"
    _, text, _ = cecert("export", "roster", "mbt-2020-10")
    assert text == content.decode("utf-8-sig").replace("\r\n", "\n")


def test_a_roster_of_no_course_and_a_file_that_cannot_be_written(cecert: Run) -> None:
    status, out, err = cecert("export", "roster", "nothing")
    assert (status, out) == (2, "")
    assert "no certificate of course 'nothing'" in err
    status, out, err = cecert("export", "roster", "mbt-2020-10", "-o", "nowhere/roster.csv")
    assert (status, out) == (2, "")
    assert "nowhere/roster.csv cannot be written: No such file or directory" in err


def test_the_whole_ledger_is_a_document_a_line(cecert: Run) -> None:
    status, out, err = cecert("export", "ledger")
    assert status == 0
    assert "5 certificates exported" in err
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == 5
    assert lines[0]["mails"][0]["state"] == "queued"
    assert [each["kind"] for each in lines[0]["events"]] == ["issued", "queued"]
    _, out, _ = cecert("export", "ledger", "--json")
    assert json.loads(out)["certificates"] == lines


def test_each_export_is_an_event(cecert: Run) -> None:
    cecert("export", "ledger", "--by", "Auditor")
    cecert("export", "roster", "mbt-2020-10")
    with sqlite3.connect("ledger.db") as ledger:
        found = list(ledger.execute("SELECT actor, reason FROM event WHERE kind='exported'"))
    assert found == [
        ("Auditor", "the whole ledger, 5 certificates"),
        ("Mary", "roster of mbt-2020-10, 5 certificates"),
    ]


# Another address


def test_the_same_bytes_go_to_a_corrected_address(cecert: Run) -> None:
    own = id_of(cecert, "Sam Field")
    status, _, err = cecert("resend", own, "--to", "sam@example.net")
    assert status == 2, "its first mail is still queued"
    with sqlite3.connect("ledger.db") as ledger:
        ledger.execute("UPDATE outbox SET state='bounced' WHERE certificate_id=?", (own,))
    status, _, err = cecert("resend", own, "--to", "sam@example.net")
    assert status == 0, err
    _, shown, _ = cecert("show", own, "--json")
    events = json.loads(shown)["events"]
    assert (events[-1]["kind"], events[-1]["reason"]) == ("resent", "to sam@example.net")
    _, out, _ = cecert("export", "ledger")
    mails = next(json.loads(line) for line in out.splitlines() if own in line)["mails"]
    assert [each["email"] for each in mails][-1] == "sam@example.net"
