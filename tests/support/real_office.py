"""A real office in a folder, with keys, made once a session and copied for each test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
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
