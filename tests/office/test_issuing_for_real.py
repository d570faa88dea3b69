"""Issuing with real adapters, refused: nothing is made, and the user is told why."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_office import a_list, holders, start_issue


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
    assert not list((office_folder / "certificates").glob("*/*"))


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
