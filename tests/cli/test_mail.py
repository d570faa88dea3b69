"""`deliver`, `status`, `resend` and `mail`, as a person runs them, against a server that errs."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fault_server import FaultServer, served

from cecert.cli import main
from cecert.domain.mail.bounces import return_path
from cecert.office import Office

PASSPHRASE = "a passphrase for tests"
DSN = """\
To: {path}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; somebody@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


@pytest.fixture(scope="module")
def issued_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that has issued the certificates of the course it came with."""
    folder = tmp_path_factory.mktemp("offices") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
        assert main(["init", str(folder)]) == 0
        recent(folder)
        at = ["--config", str(folder / "cecert.toml")]
        assert main(["keys", "init", *at]) == 0
        course, people = folder / "course.toml", folder / "completions.csv"
        assert main(["issue", str(course), str(people), *at]) == 0
    return folder


STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)-04:00")


def _on_the_clock(local: str) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/New_York")).isoformat()


def recent(folder: Path) -> None:
    """Let the course have ended 28 days ago: its certificates are due in two days."""
    last = datetime.now(ZoneInfo("America/New_York")).date() - timedelta(days=28)
    new = {
        "2020-10-22": last - timedelta(days=7),
        "2020-10-29": last,
        "2020-10-30": last + timedelta(days=1),
        "2020-11-01": last + timedelta(days=3),
        "2020-01-01": last - timedelta(days=365),
        "2022-12-31": last + timedelta(days=365),
    }
    for name in ("cecert.toml", "course.toml", "completions.csv"):
        text = (folder / name).read_text("utf-8-sig")
        for old, day in new.items():
            text = text.replace(old, day.isoformat())
        # Whether summer time holds on the new day is another matter than on the old one.
        text = STAMP.sub(lambda found: _on_the_clock(found[1]), text)
        (folder / name).write_text(text, "utf-8")


@pytest.fixture
def folder(issued_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that office, which is where the test runs; deliver needs no passphrase."""
    copy = tmp_path / "office"
    shutil.copytree(issued_office, copy)
    monkeypatch.chdir(copy)
    monkeypatch.delenv("CECERT_KEY_PASSPHRASE", raising=False)
    monkeypatch.setattr("cecert.workflows.deliver.run.PATIENT_TRIES", (0.01, 0.01))
    return copy


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    def run(*words: str, server: FaultServer | None = None) -> tuple[int, str, str]:
        if server is not None:
            monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
            monkeypatch.setenv("CECERT_SMTP_PORT", str(server.port))
        status = main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return run


Run = Callable[..., tuple[int, str, str]]


def mails(run: Run) -> list[dict[str, Any]]:
    document: dict[str, list[dict[str, Any]]] = json.loads(run("status", "--json")[1])
    return document["mails"]


@pytest.mark.usefixtures("folder")
def test_deliver_sends_once_and_says_so(run: Run) -> None:
    with served(FaultServer()) as server:
        status, out, err = run("deliver", "--expect", "5", server=server)
        assert (status, out) == (0, "")
        assert err.endswith("cecert: 5 sent\n")
        assert len(server.taken) == 5
        status, _, err = run("deliver", server=server)
        assert (status, err) == (0, "cecert: no mail is due\n")
        assert len(server.taken) == 5
    assert {each["state"] for each in mails(run)} == {"sent"}
    assert run("status", "--overdue")[0] == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("typed", "status", "count"), [("n", 130, 0), ("y", 0, 5)])
def test_a_person_at_a_terminal_is_asked_before_anything_is_sent(
    typed: str, status: int, count: int
) -> None:
    with served(FaultServer()) as server:
        place = {"CECERT_SMTP_HOST": "127.0.0.1", "CECERT_SMTP_PORT": str(server.port)}
        ours, theirs = os.openpty()
        os.write(ours, f"{typed}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "cecert", "deliver"],
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **place},
        )
        os.close(ours)
        os.close(theirs)
        assert "send 5 mails now? [y/N]:" in done.stderr
        assert (done.returncode, len(server.taken)) == (status, count)


@pytest.mark.usefixtures("folder")
def test_another_number_than_expected_is_refused(run: Run) -> None:
    with served(FaultServer()) as server:
        status, _, err = run("deliver", "--expect", "4", server=server)
        assert status == 2
        assert "error: 5 mails would be sent, 4 were expected; nothing was sent" in err
        assert not server.taken


def test_a_dry_run_writes_one_message_a_certificate_and_sends_nothing(
    run: Run, folder: Path
) -> None:
    with served(FaultServer()) as server:
        status, out, _ = run("deliver", "--dry-run", "out", "--json", server=server)
        assert status == 0
        names = sorted(each.name for each in (folder / "out").iterdir())
        assert sorted(Path(each).name for each in json.loads(out)["messages"]) == names
        assert names == sorted(f"{each['certificate']}.eml" for each in mails(run))
        assert not server.seen
    assert {each["state"] for each in mails(run)} == {"queued"}


@pytest.mark.usefixtures("folder")
def test_what_failed_is_named_and_can_be_tried_again(run: Run) -> None:
    with served(FaultServer(faults={"rcpt": ["550 5.1.1 no such user"]})) as server:
        status, out, err = run("deliver", "--json", server=server)
        assert status == 1
        document = json.loads(out)
        assert document["counts"]["failed"] == 1
        assert "failed: " in err
        assert "550 5.1.1 no such user" in err
        (failed,) = [each for each in mails(run) if each["state"] == "failed"]
        status, _, err = run("mail", "retry", failed["certificate"])
        assert (status, err) == (0, "cecert: 1 mails are queued; deliver sends them\n")
        assert run("deliver", server=server)[0] == 0
    assert len(server.taken) == 5


@pytest.mark.usefixtures("folder")
def test_what_is_uncertain_waits_for_a_person(run: Run) -> None:
    with served(FaultServer(faults={"dot": ["take+cut"]})) as server:
        status, _, err = run("deliver", server=server)
        assert status == 1
        assert "hint: uncertain mails have nearly always arrived" in err
        (unsure,) = [each for each in mails(run) if each["state"] == "uncertain"]
        assert "uncertain mails have nearly always arrived" in run("status")[2]
        key = unsure["certificate"]
        assert run("mail", "resolve", key)[0] == 2
        status, _, err = run("mail", "resolve", key, "--delivered", "--reason", "in Sent Items")
        assert (status, err) == (0, f"cecert: {key}:issue counts as sent\n")
        assert run("deliver", server=server)[2] == "cecert: no mail is due\n"
    assert len(server.taken) == 5
    shown = json.loads(run("show", key, "--json")[1])
    assert shown["events"][-1]["reason"] == "in Sent Items"


@pytest.mark.usefixtures("folder")
def test_an_uncertain_mail_can_be_sent_again(run: Run) -> None:
    with served(FaultServer(faults={"dot": ["cut"]})) as server:
        run("deliver", server=server)
        (unsure,) = [each for each in mails(run) if each["state"] == "uncertain"]
        assert "is queued" in run("mail", "resolve", unsure["key"], "--resend")[2]
        assert run("deliver", server=server)[0] == 0
        assert len({mail.recipient for mail in server.taken}) == 5


@pytest.mark.usefixtures("folder")
def test_a_service_that_is_not_there_leaves_every_mail_queued(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CECERT_SMTP_PORT", "1")
    status, _, err = run("deliver")
    assert status == 1
    assert "stopped: 127.0.0.1:1 cannot be reached" in err
    assert "5 left" in err
    assert {each["state"] for each in mails(run)} == {"queued"}


@pytest.mark.usefixtures("folder")
def test_a_password_in_clear_is_refused_before_anything_is_sent(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECERT_SMTP_USER", "ce")
    monkeypatch.setenv("CECERT_SMTP_PASSWORD", "secret words")
    status, _, err = run("deliver")
    assert status == 2
    assert "password in clear" in err
    assert "secret words" not in err


def test_a_restored_ledger_does_not_mail_again(run: Run, folder: Path) -> None:
    shutil.copy(folder / "ledger.db", folder / "yesterday.db")
    with served(FaultServer()) as server:
        assert run("deliver", server=server)[0] == 0
        for stale in folder.glob("ledger.db-*"):
            stale.unlink()
        shutil.copy(folder / "yesterday.db", folder / "ledger.db")
        status, _, err = run("mail", "quarantine", "--since", "2026-01-01T00:00")
        assert status == 0
        assert "5 mails are held; 5 of them are in the send log and count as sent" in err
        assert run("deliver", server=server)[2] == "cecert: no mail is due\n"
        assert len(server.taken) == 5


@pytest.mark.usefixtures("folder")
def test_a_time_that_is_none_is_refused(run: Run) -> None:
    status, _, err = run("mail", "quarantine", "--since", "yesterday")
    assert status == 2
    assert "'yesterday' is no point in time" in err
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert run("mail", "quarantine", "--since", tomorrow)[0] == 2


def test_bounces_are_marked_and_a_new_address_gets_a_new_mail(run: Run, folder: Path) -> None:
    with served(FaultServer()) as server:
        run("deliver", server=server)
        with Office.open(folder / "cecert.toml") as office:
            row = office.outbox.rows()[0]
        (folder / "bounces").mkdir()
        path = return_path(row, "ce-bounce@example.edu")
        (folder / "bounces" / "1").write_text(DSN.format(path=path))
        (folder / "bounces" / "2").write_text("Subject: I am on holiday\n\nBye.\n")
        (folder / "bounces" / "3").write_text(DSN.format(path="ce-bounce@example.edu"))
        status, out, err = run("mail", "bounces", "bounces")
        assert status == 0
        assert out == f"{row.certificate_id}\t{row.recipient}\t5.1.1 550 5.1.1 no such user\n"
        assert "1 mail: There is no such address.\ncecert: hint: Ask for the right address" in err
        assert "bounces/2 is no delivery status notification" in err
        assert "bounces/3 is about none of our mails" in err
        again = json.loads(run("mail", "bounces", "bounces", "--json")[1])
        assert (again["bounced"], again["known"]) == ([], 1)
        assert run("status", "--overdue")[0] == 0
        assert "bounced (address): There is no such address. Ask for the right" in run("status")[2]
        number = str(row.certificate_id)
        status, _, err = run("resend", number, "--to", "new@example.org")
        assert (status, "is queued to new@example.org" in err) == (0, True)
        run("deliver", server=server)
        last = server.taken[-1]
        assert last.recipient == "new@example.org"
        assert b"As you asked, here is your certificate again." in last.content


@pytest.mark.usefixtures("folder")
def test_a_trial_mail_reaches_the_one_who_asked_for_it(run: Run) -> None:
    with served(FaultServer(faults={"dot": ["", "554 5.7.1 no"]})) as server:
        status, _, err = run("mail", "test", "--to", "me@example.edu", server=server)
        assert status == 0
        assert err.startswith("cecert: sent: 250")
        assert b"[TEST]" in server.taken[0].content
        assert run("mail", "test", "--to", "me@example.edu", server=server)[0] == 1
    assert {each["state"] for each in mails(run)} == {"queued"}


def test_a_plan_that_would_be_late_is_refused(run: Run, folder: Path) -> None:
    status, out, err = run("mail", "plan", "--json")
    assert status == 0
    document = json.loads(out)
    assert (document["total"], document["late"], document["days"]) == (5, 0, 1)
    config = folder / "cecert.toml"
    config.write_text(config.read_text().replace("[mail]\n", "[mail]\ndaily_limit = 1\n"))
    status, out, err = run("mail", "plan")
    assert status == 1
    assert "refused: 2 mails would miss a deadline that is still ahead" in err
    assert "needs 5 days for 5 mails" in err
    assert run("mail", "plan", "--accept-late")[0] == 0
    with served(FaultServer()) as server:
        status, _, err = run("deliver", server=server)
        assert status == 2
        assert "5 mails need 5 days at this account's limits; nothing was sent" in err
        status, _, err = run("deliver", "--accept-late", server=server)
        assert status == 0
        assert "the account's day is full" in err
        assert "1 sent, 4 left" in err


def test_somebody_with_several_certificates_is_told_which_one_a_mail_brings(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    folder = tmp_path / "office"
    assert run("init", str(folder))[0] == 0
    monkeypatch.chdir(folder)
    course = Path("course.toml").read_text("utf-8")
    Path("course.toml").write_text(course.replace('"combined"', '"per-credential"'), "utf-8")
    assert run("keys", "init")[0] == 0
    assert run("issue", "course.toml", "completions.csv")[0] == 0
    paths = run("deliver", "--dry-run", "out")[1].splitlines()
    words = [" ".join(Path(each).read_text("ascii").replace("=\n", "").split()) for each in paths]
    told = [re.findall(r"This is certificate (\d of \d); each comes", each) for each in words]
    # Once in the text and once in the HTML; Rosa Núñez is the one who gets two.
    assert sorted(filter(None, told)) == [["1 of 2"] * 2, ["2 of 2"] * 2]
    assert "rosa.nunez@example.org gets 2 mails" in run("mail", "plan", "--accept-late")[2]


def test_a_plan_names_what_a_person_should_look_at(run: Run, folder: Path) -> None:
    with sqlite3.connect(folder / "ledger.db") as ledger:
        # As an older release may have queued them: what a ledger guards does not change later.
        guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        triggers = ledger.execute(guards).fetchall()
        for name, _ in triggers:
            ledger.execute(f"DROP TRIGGER {name}")
        keys = [key for (key,) in ledger.execute("SELECT key FROM outbox ORDER BY key LIMIT 2")]
        past = "UPDATE outbox SET deadline = replace(deadline, '20', '19') WHERE key = ?"
        ledger.execute(past, keys[:1])
        ledger.execute("UPDATE outbox SET recipient = 'nobody at all' WHERE key = ?", keys[1:])
        for _, statement in triggers:
            ledger.execute(statement)
    ledger.close()
    status, _, err = run("mail", "plan")
    assert status == 0
    assert f"warning: {keys[1]}: 'nobody at all' cannot be mailed to: it " in err
    assert "warning: 1 mails are overdue already; they are sent all the same" in err


def test_an_office_writes_its_mails_in_its_own_words(run: Run, folder: Path) -> None:
    config = folder / "cecert.toml"
    config.write_text(config.read_text().replace("[mail]\n", '[mail]\ntemplates = "words"\n'))
    assert "mail.templates: 'words' is no folder" in run("deliver", "--dry-run", "out")[2]
    (folder / "words").mkdir()
    (folder / "words" / "certificate.txt").write_text("{{ name }}, {{ facts[5][1] }}: hello")
    status, out, _ = run("deliver", "--dry-run", "out")
    assert status == 0
    assert b": hello" in Path(out.splitlines()[0]).read_bytes()


@pytest.mark.usefixtures("folder")
def test_retry_wants_names_or_all(run: Run) -> None:
    assert run("mail", "retry")[0] == 2
    assert run("mail", "retry", "--failed")[2] == "cecert: 0 mails are queued; deliver sends them\n"
    assert run("mail", "retry", "--failed", "3K50-VMEJ-KFZV-NS3G")[0] == 2
