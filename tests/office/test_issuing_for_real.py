"""Issuing with real adapters: killed, raced, refused."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from cecert import Office

HEADER = "name,email,credentials,attended,visible,evaluation,attestation,fee_paid\n"
ROW = "Person {0},p{1}@example.org,ny-social-work,all,yes,2020-10-30,2020-10-30,yes\n"


def a_list(folder: Path, people: int) -> Path:
    rows = [ROW.format(f"{chr(65 + n // 26)}{chr(97 + n % 26)}", n) for n in range(people)]
    path = folder / "list.csv"
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def start_issue(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cecert", "issue", "course.toml", "list.csv"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def holders(folder: Path) -> Counter[str]:
    with Office.open(folder / "cecert.toml", environ={}) as office:
        return Counter(e.certificate.recipient.name for e in office.ledger.entries())


def entered_documents(folder: Path) -> set[str]:
    with Office.open(folder / "cecert.toml", environ={}) as office:
        return {each.document for each in office.ledger.entries()}


def test_killed_at_any_point_and_run_again_each_person_has_exactly_one(office_folder: Path) -> None:
    a_list(office_folder, 60)
    for seconds in (1.2, 1.9, 2.6, 3.1):
        run = start_issue(office_folder)
        time.sleep(seconds)
        run.kill()
        run.communicate()
    last = start_issue(office_folder)
    _, said = last.communicate()
    assert last.returncode == 0, said.decode()
    assert set(holders(office_folder).values()) == {1}
    assert len(holders(office_folder)) == 60
    archived = {each.name for each in (office_folder / "certificates").glob("*.pdf")}
    assert entered_documents(office_folder) <= archived


def test_two_runs_at_once_make_each_certificate_once(office_folder: Path) -> None:
    a_list(office_folder, 25)
    runs = [start_issue(office_folder) for _ in range(2)]
    for run in runs:
        _, said = run.communicate()
        assert run.returncode == 0, said.decode()
    assert holders(office_folder) == Counter(dict.fromkeys(holders(office_folder), 1))
    assert len(holders(office_folder)) == 25
    archived = {each.name for each in (office_folder / "certificates").glob("*.pdf")}
    assert archived == entered_documents(office_folder)


def test_an_archive_that_cannot_be_written_promises_nothing(office_folder: Path) -> None:
    a_list(office_folder, 2)
    archive = office_folder / "certificates"
    archive.rmdir()
    archive.write_text("a file where a folder should be")
    run = start_issue(office_folder)
    _, said = run.communicate()
    assert run.returncode == 2
    assert b"cecert: error: the archive" in said
    assert b"Traceback" not in said
    assert not holders(office_folder)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda keys: (keys / "token-1.pem").unlink(), b"is missing"),
        (lambda keys: (keys / "seal-1.pem").write_bytes(b"garbage"), b"is damaged"),
        (lambda keys: (keys / "trust.cose").write_bytes(b"\xd2garbage"), b"trust file"),
    ],
    ids=["token key gone", "seal key garbage", "trust file garbage"],
)
def test_broken_keys_are_named_before_anything_is_made(
    office_folder: Path, damage: object, told: bytes
) -> None:
    a_list(office_folder, 1)
    assert callable(damage)
    damage(office_folder / "keys")
    run = start_issue(office_folder)
    _, said = run.communicate()
    assert run.returncode == 2, said.decode()
    assert told in said, said.decode()
    assert b"Traceback" not in said
    assert not list((office_folder / "certificates").iterdir())


def test_a_wrong_passphrase_is_said_so(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(office_folder, 1)
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", "not this one, surely")
    run = start_issue(office_folder)
    _, said = run.communicate()
    assert run.returncode == 2
    assert b"the passphrase does not open" in said
    assert b"not this one" not in said
