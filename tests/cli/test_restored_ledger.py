"""A ledger restored from yesterday's backup, as an office lives it.

Archive and send log are files of their own and stand as they were, unless a test says
that they are lost too. What the mail server took is the truth about who got what.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer, served

from cecert.cli import main

Cecert = Callable[..., tuple[int, str, str]]

PASSPHRASE = "correct horse battery"
A, B, C = "m.adeyemi@example.org", "rosa.nunez@example.org", "t.obrien@mail.test"
OTHER_FILE = "another mail of this name was taken before this one was queued: another file, "
SINCE = "2020-11-05T14:00-05:00"


@dataclass
class Office:
    """An office, its mail server, and whoever sits there typing commands.

    `back_up` and `restore` do what docs/how-to/backup-and-restore.md tells for its ledger.
    """

    cecert: Cecert
    server: FaultServer
    back_up: Callable[[], None]
    restore: Callable[[], None]
    lines: list[str] = field(default_factory=list)

    def issue(self, people: int, change: tuple[str, str] = ("", "")) -> list[str]:
        """Issue the list of the first *people*; return the new certificates' ids."""
        text = "".join(self.lines[: people + 1])
        Path("list.csv").write_text(text.replace(*change), "utf-8-sig")
        status, out, told = self.cecert("issue", "course.toml", "list.csv")
        assert status == 0, told
        return [line.split("\t")[0] for line in out.splitlines()[1:]]

    def got(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(each.recipient for each in self.server.taken)

    def file_got(self, address: str) -> bytes:
        """The certificate in the last mail that an address got."""
        last = [each for each in self.server.taken if each.recipient == address][-1]
        (pdf,) = [
            part.get_payload(decode=True)
            for part in message_from_bytes(last.content).walk()
            if part.get_content_type() == "application/pdf"
        ]
        assert isinstance(pdf, bytes)
        return pdf

    def mails(self) -> dict[str, dict[str, Any]]:
        """What `status` says of each mail, by its key."""
        found = json.loads(self.cecert("status", "--json")[1])["mails"]
        return {each["key"]: each for each in found}

    def told(self, *words: str, status: int = 0) -> str:
        """Run a command that exits with *status*; return what it says."""
        found, _, told = self.cecert(*words)
        assert found == status, told
        return told

    def lose(self, identifier: str) -> None:
        """Lose the files of a certificate."""
        for each in Path("certificates").glob(f"*/{identifier}-*.pdf"):
            each.unlink()

    def state(self, identifier: str) -> str:
        return str(self.mails()[f"{identifier}:issue"]["state"])


@pytest.fixture(scope="module")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with keys that has issued nothing."""
    folder = tmp_path_factory.mktemp("new") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
        assert main(["init", str(folder)]) == 0
        assert main(["keys", "init", "--config", str(folder / "cecert.toml")]) == 0
    return folder


@dataclass(frozen=True)
class Backup:
    """How a ledger is backed up and restored."""

    back_up: Callable[[], None]
    restore: Callable[[], None]


@pytest.fixture
def backup() -> Backup:
    """The one of the office's own ledger, a file."""
    return Backup(_copy_file, _put_file_back)


@pytest.fixture
def office(
    new_office: Path,
    backup: Backup,
    cecert: Cecert,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Office]:
    """An office that has mailed the certificates of A and B, with C still on its list."""
    monkeypatch.chdir(shutil.copytree(new_office, tmp_path / "office"))
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    lines = Path("completions.csv").read_text("utf-8-sig").splitlines(keepends=True)
    with served(FaultServer()) as server:
        monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CECERT_SMTP_PORT", str(server.port))
        office = Office(cecert, server, backup.back_up, backup.restore, lines)
        assert len(office.issue(2)) == 2
        assert office.told("deliver").endswith("cecert: 2 sent\n")
        yield office


def _copy_file() -> None:
    with (
        closing(sqlite3.connect("ledger.db")) as ledger,
        closing(sqlite3.connect("yesterday.db")) as copy,
    ):
        ledger.backup(copy)


def _put_file_back() -> None:
    for each in Path().glob("ledger.db*"):
        each.unlink()
    shutil.copy("yesterday.db", "ledger.db")
    Path("ledger.db").chmod(0o600)


def test_what_was_mailed_since_the_backup_is_taken_over(office: Office) -> None:
    office.back_up()
    (c,) = office.issue(3)
    assert office.told("deliver").endswith("cecert: 1 sent\n")
    file = office.file_got(C)
    office.restore()

    assert "no certificate names it" in office.cecert("audit")[1]
    told = office.told("mail", "quarantine", "--since", SINCE)
    assert f"warning: 1 certificates were mailed that this ledger lacks: {c}\n" in told
    assert "hint: issue or correct them again, then cecert mail quarantine once more" in told

    assert office.issue(3) == [c]
    told = office.told("deliver")
    assert "cecert: note: 1 mails are in the send log: they count as sent\n" in told
    assert office.got() == {A: 1, B: 1, C: 1}
    assert office.state(c) == "sent"
    assert office.cecert("audit")[0] == 0
    recorded = json.loads(office.cecert("show", c, "--json")[1])["sha256"]
    assert sha256(file).hexdigest() == recorded

    Path("got.pdf").write_bytes(file)
    office.told("revoke", c, "--reason-class", "issued-in-error", "--reason", "not there")
    assert office.cecert("publish", "site")[0] == 0
    lists = [word for each in Path("site/status").iterdir() for word in ("--status", str(each))]
    assert office.cecert("verify", "got.pdf", "--offline", *lists)[0] == 4  # revoked


def test_what_is_made_anew_since_its_file_is_lost_too_waits_for_a_person(office: Office) -> None:
    office.back_up()
    (c,) = office.issue(3)
    office.told("deliver")
    first_file = office.file_got(C)
    office.restore()
    office.lose(c)
    assert office.issue(3) == [c]  # the same certificate, on another file
    told = office.told("deliver", status=1)
    assert f"cecert: uncertain: {c}: {OTHER_FILE}" in told
    assert "cecert mail resolve ID --delivered lets it be, then cecert resend ID" in told
    assert "mail resolve ID --delivered | --resend" not in told
    assert office.got() == {A: 1, B: 1, C: 1}
    assert office.state(c) == "uncertain"
    assert office.mails()[f"{c}:issue"]["needs_somebody"]
    assert office.told("deliver") == "cecert: no mail is due\n"
    assert office.state(c) == "uncertain"

    office.told("mail", "resolve", c, "--delivered", "--reason", "has the first file")
    office.told("resend", c)
    assert office.told("deliver").endswith("cecert: 1 sent\n")
    assert office.got() == {A: 1, B: 1, C: 2}
    recorded = json.loads(office.cecert("show", c, "--json")[1])["sha256"]
    assert sha256(office.file_got(C)).hexdigest() == recorded != sha256(first_file).hexdigest()


def test_without_quarantine_nobody_is_mailed_twice_either(office: Office) -> None:
    office.back_up()
    (c,) = office.issue(3)
    office.told("deliver")
    office.restore()
    office.lose(c)
    office.issue(4)  # somebody is new on the list
    document = json.loads(office.cecert("deliver", "--json")[1])
    assert {each["certificate"]: each["state"] for each in document["mails"]}[c] == "uncertain"
    assert (document["counts"]["uncertain"], document["counts"]["sent"]) == (1, 1)
    assert max(office.got().values()) == 1
    assert len(office.got()) == 4


def test_what_the_backup_had_queued_counts_as_sent(office: Office) -> None:
    (c,) = office.issue(3)
    office.back_up()
    office.told("deliver")
    office.restore()
    assert office.issue(3) == []
    told = office.told("deliver")
    assert "cecert: note: 1 mails are in the send log: they count as sent\n" in told
    assert office.got() == {A: 1, B: 1, C: 1}
    assert office.state(c) == "sent"
    recorded = json.loads(office.cecert("show", c, "--json")[1])["sha256"]
    assert sha256(office.file_got(C)).hexdigest() == recorded


def test_what_the_backup_had_queued_and_nobody_sent_is_sent(office: Office) -> None:
    office.issue(3)
    office.back_up()
    office.restore()
    assert office.told("deliver").endswith("cecert: 1 sent\n")
    assert office.got() == {A: 1, B: 1, C: 1}


def test_without_its_send_log_everything_waits_for_a_person(office: Office) -> None:
    (c,) = office.issue(3)
    office.back_up()
    (d,) = office.issue(4)
    office.told("deliver")
    office.restore()
    Path("sent.jsonl").unlink()
    assert office.issue(4) == [d]
    assert "2 mails are held; 0 of them" in office.told("mail", "quarantine", "--since", SINCE)
    assert office.told("deliver") == "cecert: no mail is due\n"
    assert (office.state(c), office.state(d)) == ("uncertain", "uncertain")
    assert max(office.got().values()) == 1
    assert "2 need somebody" in office.told("status")
    office.told("mail", "resolve", c, "--resend")  # a person's decision
    office.told("deliver")
    assert office.got()[C] == 2


def test_another_correction_than_the_forgotten_one_is_not_lost(office: Office) -> None:
    (c,) = office.issue(3)
    office.told("deliver")
    office.back_up()
    fix = ["correct", c, "--reason", "as on her licence", "--name"]
    new = office.cecert(*fix, "Tom Obrien")[1].strip()
    office.told("deliver")
    office.restore()
    told = office.told("mail", "quarantine", "--since", SINCE)
    assert f"1 certificates were mailed that this ledger lacks: {new}\n" in told
    assert office.cecert(*fix, "Thomas Obrien")[1].strip() == new
    told = office.told("mail", "quarantine", "--since", SINCE)
    assert f"cecert: uncertain: {new}:issue: {OTHER_FILE}" in told
    assert "then cecert resend ID sends the file recorded now" in told
    assert "--delivered lets it be" in office.told("mail", "resolve", new, "--resend", status=2)
    assert office.state(new) == "uncertain"
    assert office.got()[C] == 2


def test_a_resend_asked_for_again_is_not_taken_for_the_forgotten_one(office: Office) -> None:
    (c,) = office.issue(3)
    office.told("deliver")
    office.back_up()
    office.told("resend", c, "--to", "old@example.org")
    office.told("deliver")
    office.restore()
    office.told("resend", c, "--to", "new@example.org")
    told = office.told("deliver", status=1)
    assert "was taken before this one was queued: the same file, " in told
    assert not office.got()["new@example.org"]
    office.told("mail", "resolve", f"{c}:resend-1", "--delivered")
    office.told("resend", c, "--to", "new@example.org")
    office.told("deliver")
    assert office.got() == {A: 1, B: 1, C: 1, "old@example.org": 1, "new@example.org": 1}


def test_another_number_than_expected_says_what_the_send_log_took_from_it(office: Office) -> None:
    office.issue(3)
    office.back_up()
    (d,) = office.issue(4)
    office.told("deliver")
    office.restore()
    office.lose(d)
    office.issue(4)
    told = office.told("deliver", "--expect", "2", status=2)
    assert "0 mails would be sent, 2 were expected; nothing was sent (1 more count as sent" in told
    assert f"{d}:issue: {OTHER_FILE}" in told


def test_a_person_at_a_terminal_is_not_asked_about_what_was_taken(office: Office) -> None:
    office.issue(3)
    office.back_up()
    (d,) = office.issue(4)
    office.told("deliver")
    office.restore()
    office.lose(d)
    office.issue(5)
    ours, theirs = os.openpty()
    os.write(ours, b"y\n")
    done = subprocess.run(
        [sys.executable, "-m", "cecert", "deliver", "--json"],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert "send 1 mails now? [y/N]:" in done.stderr
    assert "cecert: note: 1 mails are in the send log: they count as sent\n" in done.stderr
    states = {each["certificate"]: each["state"] for each in json.loads(done.stdout)["mails"]}
    assert (states.pop(d), list(states.values())) == ("uncertain", ["sent"])
    assert done.returncode == 1
    assert (len(office.got()), max(office.got().values())) == (5, 1)


def test_many_forgotten_certificates_are_counted(office: Office) -> None:
    office.back_up()
    office.issue(5)
    office.told("deliver")
    log = Path("sent.jsonl")
    line = json.loads(log.read_text("ascii").splitlines()[-1])
    more = [
        {**line, "key": f"0000-0000-0000-00{each}:issue", "message_id": f"<{each}@example.edu>"}
        for each in range(10, 20)
    ]
    log.write_text(log.read_text("ascii") + "".join(f"{json.dumps(each)}\n" for each in more))
    office.restore()
    told = office.told("mail", "quarantine", "--since", SINCE)
    assert "13 certificates were mailed that this ledger lacks: " in told
    assert "0000-0000-0000-0016, ...\n" in told
