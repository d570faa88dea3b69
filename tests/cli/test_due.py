"""What is due: certificates owed, mails, approvals, keys, what is published; and its calendar."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tomlkit

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("issued_office")


def due(cecert: Run, *words: str) -> list[dict[str, Any]]:
    status, out, err = cecert("due", "--json", *words)
    assert out, err
    document = json.loads(out)
    found: list[dict[str, Any]] = document["due"]
    assert status == (1 if document["overdue"] else 0)
    return found


def kinds(found: list[dict[str, Any]]) -> dict[str, str]:
    return {each["kind"]: each["what"] for each in found}


def test_mails_that_have_not_arrived_are_due_on_their_course_s_last_day(cecert: Run) -> None:
    (mail,) = [each for each in due(cecert) if each["kind"] == "mail"]
    assert mail["what"] == "mbt-2020-10: 5 certificates are not known to have arrived"
    assert (mail["overdue"], mail["remedy"]) == (True, "cecert status --course mbt-2020-10")
    _, out, err = cecert("due")
    assert " OVERDUE\tmbt-2020-10: 5 certificates" in out
    assert re.search(r"due within 30 days: \d things?, \d overdue", err)


def test_who_has_earned_a_certificate_that_nobody_issued_is_owed_one(cecert: Run) -> None:
    assert "certificates" not in kinds(due(cecert))
    text = Path("completions.csv").read_text("utf-8-sig")
    row = next(each for each in text.splitlines() if "Adeyemi" in each)
    further = row.replace("Margaret Adeyemi", "Zoe Further").replace("adeyemi", "further")
    Path("completions.csv").write_text(f"{text}{further.replace('012345', '077777')}\n", "utf-8")
    found = kinds(due(cecert))
    assert (
        found["certificates"] == "mbt-2020-10: 1 person has earned a certificate that is not issued"
    )
    assert cecert("issue", "course.toml", "completions.csv")[0] == 0
    assert "certificates" not in kinds(due(cecert))


def test_a_list_that_cannot_be_read_is_due_and_stops_nothing(cecert: Run) -> None:
    path = Path("completions.csv")
    path.write_text(path.read_text("utf-8-sig").replace("@", "#"), "utf-8")
    assert "bad cells in completions.csv" in kinds(due(cecert))["unreadable"]
    path.write_text("")
    assert kinds(due(cecert))["unreadable"].startswith("mbt-2020-10: ")
    text = Path("course.toml").read_text("utf-8")
    Path("course.toml").write_text(text.replace("hours", "ours"), "utf-8")
    assert kinds(due(cecert))["unreadable"].startswith("mbt-2020-10: ")


def test_approvals_that_nothing_continues_are_due_when_they_end(cecert: Run) -> None:
    document = tomlkit.parse(Path("cecert.toml").read_text("utf-8"))
    (first, *_) = document["approval"]
    first["valid_to"] = tomlkit.date("2150-12-31")
    Path("cecert.toml").write_text(tomlkit.dumps(document), "utf-8")
    far = ("--days", "80000")
    ending = [each for each in due(cecert, *far) if each["kind"] == "approval"]
    assert [each["day"] for each in ending if first["credential"] in each["what"]] == ["2150-12-31"]
    assert not [each for each in due(cecert) if each["day"] == "2150-12-31"]
    renewed = dict(first.unwrap())
    renewed |= {"valid_from": date(2151, 1, 1), "valid_to": date(2160, 12, 31)}
    with Path("cecert.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + tomlkit.dumps({"approval": [renewed]}))
    ending = [each for each in due(cecert, *far) if each["kind"] == "approval"]
    assert [each["day"] for each in ending if first["credential"] in each["what"]] == ["2160-12-31"]


def test_keys_and_what_is_published_are_due_when_they_end(cecert: Run) -> None:
    found = [each["what"] for each in due(cecert, "--days", "20000")]
    assert {"the key token-1 ends", "the key seal-1 ends", "the key status-1 ends"} <= set(found)
    assert "the trust file is good until then" in found
    assert "status list 1 on the site is good until then" not in found
    assert cecert("publish", "site")[0] == 0
    assert "status list 1 on the site is good until then" in [
        each["what"] for each in due(cecert, "--days", "60")
    ]


def test_a_status_list_that_is_gone_from_the_site_is_due(cecert: Run) -> None:
    assert cecert("publish", "site")[0] == 0
    (listed,) = Path("site/status").glob("*.st")
    for content in (b"none", None):
        listed.unlink()
        if content is not None:
            listed.write_bytes(content)
        told = "status list 1 is not on the site, or cannot be read"
        assert told in [each["what"] for each in due(cecert)]


def test_the_calendar_has_an_entry_for_each_and_the_same_ones_again(cecert: Run) -> None:
    found = due(cecert, "--days", "20000", "--ics", "due.ics")
    data = Path("due.ics").read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    text = data.decode().replace("\r\n ", "")
    entries = re.findall(r"BEGIN:VEVENT\r\n(.*?)\r\nEND:VEVENT", text, re.DOTALL)
    read = [dict(line.split(":", 1) for line in each.split("\r\n")) for each in entries]
    assert [each["SUMMARY"] for each in read] == [
        each["what"].replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;") for each in found
    ]
    assert [each["DTSTART;VALUE=DATE"] for each in read] == [
        each["day"].replace("-", "") for each in found
    ]
    assert len({each["UID"] for each in read}) == len(read)
    due(cecert, "--days", "20000", "--ics", "again.ics")
    again = Path("again.ics").read_text("utf-8").replace("\n ", "")
    assert re.findall(r"UID:.*", again) == [f"UID:{each['UID']}" for each in read]


def test_a_course_whose_file_cannot_be_read_is_due_and_so_are_two_of_one_id(cecert: Run) -> None:
    for name in ("one", "two", "none"):
        Path("courses", name).mkdir(parents=True)
    text = Path("course.toml").read_text("utf-8").replace("mbt-2020-10", "twice")
    shutil.copy("completions.csv", "courses/one/completions.csv")
    Path("courses/one/course.toml").write_text(text, "utf-8")
    assert kinds(due(cecert))["certificates"].startswith("twice: 5 people")
    Path("courses/two/course.toml").write_text(text, "utf-8")
    found = kinds(due(cecert))
    told = "courses/one/course.toml and courses/two/course.toml"
    assert found["unreadable"] == f"twice is the id of several courses: {told}"
    assert "certificates" not in found
    Path("courses/two/course.toml").unlink()
    Path("courses/one/course.toml").write_text("[course", "utf-8")
    Path("courses/none/course.toml").write_text("[course", "utf-8")
    (unread,) = [each["what"] for each in due(cecert) if each["kind"] == "unreadable"]
    assert unread == "courses/one/course.toml cannot be read, or states no id"


def test_a_course_that_is_over_and_has_no_list_is_due_unless_certificates_of_it_stand(
    cecert: Run,
) -> None:
    assert cecert("new", "without", "--like", "mbt-2020-10")[0] == 0
    config = Path("cecert.toml").read_text("utf-8")
    Path("cecert.toml").write_text(re.sub("valid_to = [0-9-]+", "", config), "utf-8")
    file = Path("courses/without/course.toml")
    text = file.read_text("utf-8")

    def owed(ended: date) -> list[tuple[str, str]]:
        days = {"2020-10-22": str(ended - timedelta(days=1)), "2020-10-29": str(ended)}
        file.write_text(re.sub("|".join(days), lambda m: days[m[0]], text), "utf-8")
        found = due(cecert, "--days", "30")
        return [(e["day"], e["what"]) for e in found if e["kind"] == "certificates"]

    today = datetime.now(ZoneInfo("America/New_York")).date()
    over = today - timedelta(days=20)
    told = "without: it is over, and there is no completion list"
    assert owed(over) == [(str(over + timedelta(days=30)), told)]
    assert owed(today + timedelta(days=3)) == []
    assert owed(today - timedelta(days=500)) == []
    Path("completions.csv").rename("another.csv")
    assert "certificates" not in kinds(due(cecert)), "its certificates were issued from it"


def test_days_that_no_calendar_has_are_refused(cecert: Run) -> None:
    assert cecert("due", "--days", "100000")[0] in {0, 1}
    status, _, err = cecert("due", "--days", "3000000")
    assert (status, "cecert: error: Invalid value for '--days'" in err) == (2, True)


def test_mails_are_due_no_more_once_another_arrived_or_their_certificate_ended(
    cecert: Run,
) -> None:
    with sqlite3.connect("ledger.db") as ledger:
        ledger.execute("UPDATE outbox SET state = 'sent'")
        ledger.execute(
            "UPDATE outbox SET state = 'bounced' WHERE number IN"
            " (SELECT number FROM outbox ORDER BY number LIMIT 3)"
        )
        bounced = "SELECT certificate_id FROM outbox WHERE state = 'bounced'"
        ids = [row[0] for row in ledger.execute(bounced)]
    ledger.close()
    due(cecert, "--ics", "three.ics")
    assert kinds(due(cecert))["mail"].startswith("mbt-2020-10: 3 certificates are not known")
    resent, revoked, corrected = ids
    words = ("--reason-class", "issued-in-error", "--reason", "x")
    assert cecert("resend", resent, "--to", "new@example.org")[0] == 0
    assert kinds(due(cecert))["mail"].startswith("mbt-2020-10: 3 certificates are not known")
    assert cecert("revoke", revoked, *words)[0] == 0
    due(cecert, "--ics", "two.ics")
    first, second = (
        re.findall("UID:.*", Path(f"{each}.ics").read_text()) for each in ("three", "two")
    )
    assert first == second, "a calendar shows what changed in the place of what was"
    assert kinds(due(cecert))["mail"].startswith("mbt-2020-10: 2 certificates are not known")
    assert cecert("correct", corrected, "--name", "Zoe New", "--reason", "x")[0] == 0
    assert kinds(due(cecert))["mail"].startswith("mbt-2020-10: 2 certificates are not known")
    with sqlite3.connect("ledger.db") as ledger:
        ledger.execute("UPDATE outbox SET state = 'sent' WHERE state = 'queued'")
    ledger.close()
    assert "mail" not in kinds(due(cecert))
