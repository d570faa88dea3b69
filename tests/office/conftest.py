"""A real office in a folder, with keys, made once a session and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cecert.office import Office, create_office

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="session")
def office_with_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "office"
    create_office(folder)
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    with Office.open(folder / "cecert.toml", actor="the fixture", environ=environ) as office:
        office.make_keys(PASSPHRASE)
    return folder


@pytest.fixture
def office_folder(office_with_keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fresh office; the environment has its passphrase."""
    monkeypatch.setenv("CECERT_KEY_PASSPHRASE", PASSPHRASE)
    folder = tmp_path / "office"
    shutil.copytree(office_with_keys, folder)
    return folder
