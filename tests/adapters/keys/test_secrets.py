"""Secrets at rest, and what a process remembers of those it has opened."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from key_work import SHIPPED, work_of_keys

from cecert.adapters.keys import forget_secrets, secrets
from cecert.adapters.keys.secrets import encrypted_pem, read_secret
from cecert.errors import KeyStoreError

PASSPHRASE = "for every day"


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def written(path: Path, key: Ed25519PrivateKey, passphrase: str = PASSPHRASE) -> Path:
    path.write_bytes(encrypted_pem(key, passphrase))
    return path


def read(path: Path, passphrase: str = PASSPHRASE) -> bytes:
    secret = read_secret(path, passphrase, "CECERT_KEY_PASSPHRASE")
    assert isinstance(secret, Ed25519PrivateKey)
    return secret.private_bytes_raw()


def test_the_shipped_work_is_16_mib_five_times_over(key: Ed25519PrivateKey) -> None:
    with work_of_keys(SHIPPED):
        _, _, der = pem.unarmor(encrypted_pem(key, PASSPHRASE))
    envelope = secrets._EncryptedPrivateKey.load(der).native
    written_work = envelope["encryption"]["parameters"]["derivation"]["parameters"]
    assert (written_work["cost"], written_work["block_size"]) == (2**14, 8)
    assert written_work["parallelization"] == 5
    assert 128 * 8 * 2**14 == 16 * 2**20  # bytes of one guess: RFC 7914, section 2


def test_a_secret_is_derived_once_and_then_recalled(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path = written(tmp_path / "a.pem", key)
    assert [read(path) for _ in range(5)] == [key.private_bytes_raw()] * 5
    assert len(derived) == 1


def test_a_wrong_passphrase_is_refused_before_and_after_the_right_one(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path = written(tmp_path / "a.pem", key)
    for wrong in ("wrong", "", PASSPHRASE + " ", PASSPHRASE[:-1]):
        for _ in range(2):
            with pytest.raises(KeyStoreError, match="passphrase does not open"):
                read(path, wrong)
        assert read(path) == key.private_bytes_raw()
    assert len(derived) == 8 + 1


def test_a_file_written_anew_is_opened_anew(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path, other = written(tmp_path / "a.pem", key), Ed25519PrivateKey.generate()
    assert read(path) == key.private_bytes_raw()
    assert read(written(path, other)) == other.private_bytes_raw()
    written(path, other, "another passphrase")
    with pytest.raises(KeyStoreError, match="passphrase does not open"):
        read(path)
    assert read(path, "another passphrase") == other.private_bytes_raw()
    assert len(derived) == 4


def without_a_byte(content: bytes) -> bytes:
    return content[:150] + content[151:]


@pytest.mark.parametrize("spoil", [without_a_byte, bytes.lower, lambda _: b""])
def test_a_file_that_was_spoilt_since_is_not_recalled(
    tmp_path: Path, key: Ed25519PrivateKey, spoil: Callable[[bytes], bytes]
) -> None:
    path = written(tmp_path / "a.pem", key)
    read(path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(KeyStoreError):
        read(path)
    path.unlink()
    with pytest.raises(KeyStoreError, match="is missing"):
        read(path)


def test_where_the_passphrase_ends_and_the_file_begins_counts(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path = written(tmp_path / "a.pem", key, "xy")
    read(path, "xy")
    path.write_bytes(b"y" + path.read_bytes())
    with pytest.raises(KeyStoreError):
        read(path, "x")
    assert len(derived) == 2


def test_no_more_are_kept_than_fit_and_the_one_least_asked_for_goes(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets._OpenedSecrets, "MOST", 3)
    first, *others = [written(tmp_path / f"{each}.pem", key) for each in range(4)]
    for each in others:
        read(first)
        read(each)
    assert len(derived) == 4
    read(first)
    assert len(derived) == 4
    read(others[0])
    assert len(derived) == 5
    assert len(secrets._OPENED._kept) == 3


def test_what_is_forgotten_is_opened_anew(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path = written(tmp_path / "a.pem", key)
    read(path)
    forget_secrets()
    assert not secrets._OPENED._kept
    assert read(path) == key.private_bytes_raw()
    assert len(derived) == 2


def test_what_is_remembered_holds_neither_passphrase_nor_file(
    tmp_path: Path, key: Ed25519PrivateKey, derived: list[bytes]
) -> None:
    path = written(tmp_path / "a.pem", key)
    read(path)
    (mark,) = secrets._OPENED._kept
    assert len(mark) == 32
    assert secrets._OPENED._key != secrets._OpenedSecrets()._key
    assert derived == [path.read_bytes()]


def test_threads_that_ask_at_once_have_the_same_secrets(
    tmp_path: Path, derived: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets._OpenedSecrets, "MOST", 2)
    keys = [Ed25519PrivateKey.generate() for _ in range(4)]
    paths = [written(tmp_path / f"{n}.pem", each) for n, each in enumerate(keys)]
    start = Barrier(6)

    def ask(thread: int) -> list[bytes]:
        start.wait()
        return [read(paths[(thread + turn) % 4]) for turn in range(40)]

    with ThreadPoolExecutor(6) as pool:
        for thread, found in enumerate(pool.map(ask, range(6))):
            expected = [keys[(thread + turn) % 4].private_bytes_raw() for turn in range(40)]
            assert found == expected
    assert len(secrets._OPENED._kept) == 2
    assert len(derived) >= 4
