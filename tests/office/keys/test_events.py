"""What was done to keys: the ledger has an event of each act, and no act waits for the ledger."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certificate_samples import signing_cert
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from cecert import Office
from cecert.adapters.keys import Passphrases
from cecert.adapters.storage.posix import lock_alone
from cecert.errors import KeyStoreError, LedgerError
from cecert.office.holders.ledger import LOCK
from cecert.office.keys import keys
from cecert.office.keys.events import acting, key_events
from cecert.testing import FixedClock

PASSPHRASE = "correct horse battery"
BOTH = Passphrases(PASSPHRASE, PASSPHRASE)
AT = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def opened(folder: Path, told: list[str] | None = None) -> Office:
    environ = {"CECERT_KEY_PASSPHRASE": PASSPHRASE}
    warn = None if told is None else told.append
    office = Office.open(folder / "cecert.toml", actor="Mary", environ=environ, warn=warn)
    office.clock = FixedClock(AT)
    return office


def told_of(folder: Path, since: int = 0) -> list[tuple[str, str, str]]:
    with opened(folder) as office:
        return [(each.kind, each.key, each.reason) for each in key_events(office)][since:]


MADE = [
    *((("key-made", each, "")) for each in (
        "root-1", "token-1", "status-1", "id-1", "seal-ca-1", "seal-1", "log-1")),
]  # fmt: skip


def test_keys_that_are_made_and_the_trust_file_over_them_are_events(office_folder: Path) -> None:
    found = told_of(office_folder)
    assert found[:-1] == MADE
    assert found[-1][:2] == ("trust-signed", "root-1")
    with opened(office_folder) as office:
        assert f"sequence {office.trust().sequence}" == found[-1][2]
        assert {each.actor for each in key_events(office)} == {"the fixture"}
        assert all(each.certificate_id is None for each in key_events(office))


def test_each_key_that_an_act_changes_has_an_event_with_who_when_and_why(
    office_folder: Path,
) -> None:
    with opened(office_folder) as office:
        keys.rotate(office, BOTH)
        keys.retire(office, ["seal-2"], PASSPHRASE)
        keys.compromise(office, ["token-1", "status-2"], BOTH, "laptop stolen")
        events = key_events(office)[len(MADE) + 1 :]
        number = office.trust().sequence
    assert {(each.at, each.actor) for each in events} == {(AT, "Mary")}
    assert [(each.kind, each.key, each.reason) for each in events] == [
        ("key-retired", "token-1", ""), ("key-retired", "status-1", ""),
        ("key-retired", "seal-1", ""), ("key-made", "token-2", ""), ("key-made", "status-2", ""),
        ("key-made", "seal-2", ""), ("trust-signed", "root-1", f"sequence {number - 2}"),
        ("key-retired", "seal-2", ""), ("trust-signed", "root-1", f"sequence {number - 1}"),
        ("key-compromised", "token-1", "laptop stolen"),
        ("key-compromised", "status-2", "laptop stolen"), ("key-made", "status-3", ""),
        ("trust-signed", "root-1", f"sequence {number}"),
    ]  # fmt: skip


def test_another_seal_is_an_event(office_folder: Path) -> None:
    secret, key = (
        BestAvailableEncryption(PASSPHRASE.encode()),
        ec.derive_private_key(0xCECE27, ec.SECP256R1()),
    )
    bundle = serialize_key_and_certificates(b"seal", key, signing_cert(key), None, secret)
    (office_folder / "institution.p12").write_bytes(bundle)
    file = office_folder / "cecert.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[keys]\n", '[keys]\nseal = "institution.p12"\n'), "utf-8")
    with opened(office_folder) as office:
        keys.sign(office, PASSPHRASE)
    found = told_of(office_folder, len(MADE) + 1)
    assert [each[:2] for each in found] == [
        ("seal-changed", "institution-seal-1"), ("trust-signed", "root-1"),
    ]  # fmt: skip


def test_without_a_ledger_the_act_is_done_and_the_missing_event_is_told(
    office_folder: Path,
) -> None:
    (office_folder / "ledger.db").rename(office_folder / "away.db")
    told: list[str] = []
    with opened(office_folder, told) as office:
        made = keys.rotate(office, BOTH)
        assert [each.state.name for each in office.trust().keys].count("ACTIVE") == 2
    assert [each.name for each in made] == ["token-2", "status-2", "seal-2"]
    (missing,) = (each for each in told if "no event of what was done to keys" in each)
    assert "ledger" in missing
    (office_folder / "away.db").rename(office_folder / "ledger.db")
    assert told_of(office_folder, len(MADE) + 1) == []


def test_what_an_act_did_that_was_killed_is_told_by_the_next(office_folder: Path) -> None:
    with opened(office_folder) as office:
        keys.sign(office, PASSPHRASE)
    ledger, before = office_folder / "ledger.db", office_folder / "before.db"
    shutil.copy(ledger, before)
    with opened(office_folder) as office:
        keys.rotate(office, BOTH)
        keys.compromise(office, ["status-1"], BOTH)
        number = office.trust().sequence
    shutil.copy(before, ledger)  # as a ledger is whose last transactions did not come to their end
    since = len(told_of(office_folder))
    with opened(office_folder) as office:
        keys.sign(office, PASSPHRASE)
        keys.sign(office, PASSPHRASE)  # nothing is told twice
    why = "found done: no event told of it"
    found = told_of(office_folder, since)
    assert sorted(found[:-3]) == [
        ("key-compromised", "status-1", why), ("key-made", "seal-2", why),
        ("key-made", "status-2", why), ("key-made", "token-2", why),
        ("key-retired", "seal-1", why), ("key-retired", "token-1", why),
    ]  # fmt: skip
    sequences = [f"sequence {each}" for each in range(number, number + 3)]
    assert found[-3:] == [("trust-signed", "root-1", each) for each in sequences]


def test_what_was_done_to_keys_before_there_were_events_stays_without(office_folder: Path) -> None:
    with opened(office_folder) as office:
        keys.rotate(office, BOTH)
    with sqlite3.connect(office_folder / "ledger.db") as ledger:
        for (trigger,) in ledger.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            ledger.execute(f"DROP TRIGGER {trigger}")
        ledger.execute("DELETE FROM event")
    ledger.close()
    with opened(office_folder) as office:
        office.clock = FixedClock(AT + timedelta(days=1))
        keys.sign(office, PASSPHRASE)
        keys.sign(office, PASSPHRASE)
    assert [each[0] for each in told_of(office_folder)] == ["trust-signed"] * 2


def test_a_token_key_is_not_withdrawn_without_the_ledger_which_knows_what_is_genuine(
    office_folder: Path,
) -> None:
    (office_folder / "ledger.db").rename(office_folder / "away.db")
    before = {each: each.read_bytes() for each in (office_folder / "keys").iterdir()}
    with opened(office_folder) as office, pytest.raises(LedgerError):
        keys.compromise(office, ["token-1"], BOTH)
    assert {each: each.read_bytes() for each in (office_folder / "keys").iterdir()} == before


def test_an_act_that_failed_half_way_has_events_for_what_it_did(office_folder: Path) -> None:
    (office_folder / "keys" / "trust.cose").unlink()
    (office_folder / "keys" / "trust.cose").mkdir()
    with opened(office_folder) as office, pytest.raises(KeyStoreError, match="cannot be written"):
        keys.rotate(office, BOTH)
    found = told_of(office_folder, len(MADE) + 1)
    assert [each[0] for each in found] == ["key-retired"] * 3 + ["key-made"] * 3


def test_an_act_that_changed_nothing_has_no_event(office_folder: Path) -> None:
    with opened(office_folder) as office, pytest.raises(KeyStoreError, match="nothing was changed"):
        keys.retire(office, ["nobody"], PASSPHRASE)
    assert told_of(office_folder, len(MADE) + 1) == []


def test_others_are_kept_out_meanwhile(office_folder: Path) -> None:
    handle = os.open(office_folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        with opened(office_folder) as office:
            with acting(office):
                assert not lock_alone(handle)
            assert lock_alone(handle)
    finally:
        os.close(handle)
