"""Files of keys in the eyes of another program."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from key_work import SHIPPED, work_of_keys
from sampled import further

from cecert.adapters.keys import (
    Passphrases,
    create_keys,
)

pytestmark = pytest.mark.system
MADE = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY, ROOT = "for every day", "for the root"
BOTH = Passphrases(DAY, ROOT)
PROVIDER = "Example College School for Social Work"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of a new office, which no test here changes."""
    folder = tmp_path_factory.mktemp("made") / "keys"
    with work_of_keys(SHIPPED):
        create_keys(folder, PROVIDER, BOTH, MADE)
    return folder


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [
        ("token-1", DAY),
        ("id-1.root", ROOT),
        *further([("id-1", DAY), ("root-1", ROOT), ("seal-ca-1", ROOT)]),
    ],
)
def test_openssl_opens_each_file_with_its_passphrase(
    keys: Path, name: str, passphrase: str
) -> None:
    command = ["openssl", "pkey", "-in", f"{keys / name}.pem", "-noout", "-passin"]
    assert subprocess.run([*command, f"pass:{passphrase}"], check=False).returncode == 0
    wrong = subprocess.run([*command, "pass:wrong"], check=False, capture_output=True)
    assert wrong.returncode != 0


def test_the_derivation_is_scrypt_with_16_mib(keys: Path) -> None:
    command = ["openssl", "asn1parse", "-in", str(keys / "token-1.pem")]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    numbers = [int(each, 16) for each in re.findall(r"INTEGER +:([0-9A-F]+)", shown)]
    assert "1.3.6.1.4.1.11591.4.11" in shown or "scrypt" in shown  # RFC 7914, 7.1
    assert numbers[:3] == [2**14, 8, 5]
