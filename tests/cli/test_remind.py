"""`mail remind` and `mail tell-denied`, as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_server import FaultServer, served

from cecert.domain.mail.message import MailState
from cecert.office import Office
from cecert.ports import Event

Run = Callable[..., tuple[int, str, str]]
PETER = "peter.lindqvist@mail.test"
DANA = "dana.whitfield@example.org"


@pytest.fixture
def office(issued_office: Path) -> Path:
    """The office, whose course still reminds, with the certificates' mails out of the way."""
    course = issued_office / "course.toml"
    text = course.read_text("utf-8")
    course.write_text(
        text.replace("[course]\n", "[course]\nremind_until = 2099-12-31\n", 1), "utf-8"
    )
    return issued_office


@pytest.fixture
def mailed(office: Path, cecert: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, whose certificates were sent."""
    with served(FaultServer()) as server:
        at(monkeypatch, server)
        assert cecert("deliver", "--accept-late")[0] == 0
    return office


def at(monkeypatch: pytest.MonkeyPatch, server: FaultServer) -> None:
    monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("CECERT_SMTP_PORT", str(server.port))


@pytest.mark.usefixtures("mailed")
def test_who_owes_something_is_reminded_once_and_it_is_delivered(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = cecert("mail", "remind", "course.toml")
    assert status == 0
    assert f"Peter Lindqvist\t{PETER}\tevaluation, attestation, fee\tqueued" in out
    assert "1 mail is queued, 0 not reminded; deliver sends what is queued" in err
    with served(FaultServer()) as server:
        at(monkeypatch, server)
        assert cecert("deliver")[0] == 0
        (taken,) = server.taken
        assert taken.recipient == PETER
    status, out, err = cecert("mail", "remind", "course.toml")
    assert status == 0
    assert "was reminded on " in out
    assert "0 mails are queued, 1 not reminded" in err


@pytest.mark.usefixtures("mailed")
def test_status_and_the_ledger_s_events_tell_of_a_reminder(cecert: Run) -> None:
    cecert("mail", "remind", "course.toml")
    status, out, _ = cecert("status")
    (line,) = [each for each in out.splitlines() if "remind:" in each]
    assert "\tPeter Lindqvist\tqueued; reminder\t" in line
    mails = json.loads(cecert("status", "--json")[1])["mails"]
    (mail,) = [each for each in mails if each["kind"] == "remind"]
    assert (mail["certificate"], mail["certificate_state"]) == (None, None)
    assert (mail["email"], mail["overdue"], mail["needs_somebody"]) == (PETER, False, False)
    assert {each["kind"] for each in mails} == {"certificate", "remind"}
    assert status == 0


def test_a_dry_run_writes_the_mails_and_queues_none(cecert: Run, office: Path) -> None:
    status, out, err = cecert("mail", "remind", "course.toml", "--dry-run", "drafts", "--json")
    assert status == 0
    (path,) = json.loads(out)["messages"]
    assert b"Still needed for your CE certificate" in (office / path).read_bytes()
    assert "1 messages written, nothing was queued" in err
    assert "remind:" not in cecert("status")[1]


def test_past_its_stop_date_a_course_reminds_nobody(cecert: Run, office: Path) -> None:
    course = office / "course.toml"
    course.write_text(course.read_text("utf-8").replace("2099-12-31", "2020-11-20"), "utf-8")
    status, out, err = cecert("mail", "remind", "course.toml")
    assert status == 0
    assert "reminders of this course ended on November 20, 2020" in out
    assert "0 mails are queued, 1 not reminded" in err


def test_a_stop_date_before_the_course_ends_is_refused(cecert: Run, office: Path) -> None:
    course = office / "course.toml"
    course.write_text(course.read_text("utf-8").replace("2099-12-31", "2020-10-01"), "utf-8")
    status, _, err = cecert("mail", "remind", "course.toml")
    assert status == 2
    assert "remind_until, 2020-10-01, is before the last session" in err


def test_a_list_with_bad_cells_reminds_nobody(cecert: Run, office: Path) -> None:
    path = office / "completions.csv"
    path.write_text(
        path.read_text("utf-8-sig").replace("m.adeyemi@example.org", "m.adeyemi"), "utf-8"
    )
    status, _, err = cecert("mail", "remind", "course.toml")
    assert status == 2
    assert "nothing was done" in err
    assert cecert("mail", "remind", "course.toml", "--skip-bad-rows")[0] == 0


def test_the_answer_in_json_has_every_sentence(cecert: Run, office: Path) -> None:
    del office
    document = json.loads(cecert("mail", "remind", "course.toml", "--json")[1])
    (peter,) = document["people"]
    assert document["until"] == "2099-12-31"
    assert (peter["email"], peter["queued"], peter["why_not"]) == (PETER, True, "")
    assert peter["missing"] == ["evaluation", "attestation", "fee"]
    assert peter["sentences"][0] == "We have not received your course evaluation."


@pytest.mark.usefixtures("mailed")
def test_a_denial_is_shown_with_its_mark_and_told_with_it(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = cecert("mail", "tell-denied", "course.toml")
    assert status == 0
    (line,) = [each for each in out.splitlines() if DANA in each]
    mark = line.partition("\t")[0]
    assert "no full attendance of yours for session day-2" in line
    assert "1 of 1 can be told; nothing was queued" in err
    status, _, err = cecert("mail", "tell-denied", "course.toml", mark)
    assert (status, err) == (0, "cecert: 1 mail is queued; deliver sends what is queued\n")
    with served(FaultServer()) as server:
        at(monkeypatch, server)
        assert cecert("deliver")[0] == 0
        assert [each.recipient for each in server.taken] == [DANA]
    status, out, _ = cecert("mail", "tell-denied", "course.toml")
    assert "(was told so on " in out
    status, _, err = cecert("mail", "tell-denied", "course.toml", mark)
    assert status == 2
    assert "nobody was told anything" in err


def test_a_mark_that_is_nobody_s_tells_nobody(cecert: Run, office: Path) -> None:
    del office
    status, _, err = cecert("mail", "tell-denied", "course.toml", "00000000")
    assert status == 2
    assert "is the mark of nobody now" in err
    assert "shows everybody with their sentences and marks" in err


def test_denials_can_be_read_as_the_mails_that_would_go(cecert: Run, office: Path) -> None:
    status, out, err = cecert("mail", "tell-denied", "course.toml", "--dry-run", "drafts", "--json")
    assert status == 0
    (path,) = json.loads(out)["messages"]
    assert b"We cannot issue a CE certificate" in (office / path).read_bytes()
    assert "1 messages written, nothing was queued" in err
    assert "denied:" not in cecert("status")[1]


def test_status_says_what_helps_after_a_reminder_came_back(cecert: Run, office: Path) -> None:
    cecert("mail", "remind", "course.toml")
    with Office.open(office / "cecert.toml") as opened:
        (row,) = [each for each in opened.outbox.rows() if each.certificate_id is None]
        event = Event("bounced", row.queued_at, None, "run", "550 5.1.1 nobody", row.key)
        assert opened.outbox.move(row.key, frozenset(MailState), MailState.BOUNCED, event)
    err = cecert("status")[2]
    assert "hint: of a letter that came back: ask for the right address" in err
    assert "did not arrive: 550 5.1.1 nobody" in cecert("mail", "remind", "course.toml")[1]
