"""An office's keys are opened once a process, and only by who knows their passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_office import PASSPHRASE

from cecert import Office
from cecert.errors import KeyStoreError


def open_desk(folder: Path, passphrase: str = PASSPHRASE) -> None:
    environ = {"CECERT_KEY_PASSPHRASE": passphrase}
    with Office.open(folder / "cecert.toml", environ=environ) as office:
        office.desk()


def test_a_desk_of_a_known_office_derives_no_key(office_folder: Path, derived: list[bytes]) -> None:
    open_desk(office_folder)
    assert len(derived) == 3  # the token, the id and the seal key
    for _ in range(3):
        open_desk(office_folder)
    assert len(derived) == 3


def test_who_opens_a_known_office_needs_its_passphrase_all_the_same(
    office_folder: Path, derived: list[bytes]
) -> None:
    open_desk(office_folder)
    with pytest.raises(KeyStoreError, match="passphrase does not open"):
        open_desk(office_folder, "wrong horse battery")
    asked = Office.open(office_folder / "cecert.toml", environ={}, ask=lambda _: "")
    with asked, pytest.raises(KeyStoreError, match="passphrase does not open"):
        asked.desk()
    with (
        Office.open(office_folder / "cecert.toml", environ={}) as nobody,
        pytest.raises(KeyStoreError, match="need their passphrase"),
    ):
        nobody.desk()
    open_desk(office_folder)
    assert len(derived) == 3 + 2


def test_keys_that_were_forgotten_are_derived_anew(
    office_folder: Path, derived: list[bytes]
) -> None:
    open_desk(office_folder)
    Office.forget_keys()
    open_desk(office_folder)
    assert len(derived) == 6
