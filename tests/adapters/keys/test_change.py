"""What becomes of keys: the old ones stay listed, the passphrase is never a typing error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from cecert.adapters.keys import (
    KeyPurpose,
    Passphrases,
    SealKey,
    attest_key,
    list_institution_seal,
    note_retirements,
    open_keys,
    open_log_key,
    open_root,
    open_seal,
    open_status_key,
    read_key_facts,
    retire_keys,
    rotate_keys,
    withdraw_keys,
)
from cecert.adapters.keys.digests import digest_signer_of
from cecert.errors import KeyStoreError

MADE = datetime(2026, 1, 15, 12, tzinfo=UTC)
LATER = MADE + timedelta(days=365)
DAY, ROOT = "for every day", "for the root"
BOTH = Passphrases(DAY, ROOT)
PROVIDER = "Example College School for Social Work"


def states(folder: Path) -> dict[str, str]:
    return {each.name: each.state.value for each in read_key_facts(folder)}


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def rotated(folder: Path) -> tuple[str, ...]:
    return tuple(each.name for each in rotate_keys(folder, PROVIDER, BOTH, LATER))


def institution(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, serial: int) -> SealKey:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Institution")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial)
    builder = builder.not_valid_before(MADE).not_valid_after(MADE + timedelta(days=700))
    return SealKey(digest_signer_of(key), builder.sign(key, SHA256()))


def test_new_keys_sign_and_the_old_ones_stay_listed(keys: Path) -> None:
    before = open_keys(keys, DAY)
    assert rotated(keys) == ("token-2", "status-2", "seal-2")
    assert states(keys) == {
        "root-1": "active", "token-1": "retired", "status-1": "retired", "id-1": "active",
        "seal-ca-1": "active", "seal-1": "retired", "log-1": "active", "token-2": "active",
        "status-2": "active", "seal-2": "active",
    }  # fmt: skip
    after = open_keys(keys, DAY)
    assert after.token.name == "token-2"
    assert after.id_key == before.id_key
    assert after.seal.signing_cert != before.seal.signing_cert
    assert after.seal.signing_cert.issuer == before.seal.signing_cert.issuer
    assert after.token.not_before == int(LATER.timestamp())


def without_log(keys: Path) -> None:
    """Make a folder as cecerts of before made it, which knew no log."""
    index = (keys / "keys.toml").read_text("utf-8").replace("format = 3", "format = 1")
    head, *blocks = index.split("[[key]]")
    kept = [each for each in blocks if 'purpose = "log"' not in each]
    (keys / "keys.toml").write_text("[[key]]".join([head, *kept]), "utf-8")
    (keys / "log-1.pem").unlink()


def test_an_office_without_a_log_gets_its_key_with_the_next_rotation(keys: Path) -> None:
    without_log(keys)
    assert open_log_key(keys, DAY) is None
    assert rotated(keys) == ("token-2", "status-2", "seal-2", "log-1")
    assert "format = 3" in (keys / "keys.toml").read_text("utf-8")
    assert open_log_key(keys, DAY) is not None
    assert rotated(keys) == ("token-3", "status-3", "seal-3")


def test_a_key_of_the_log_on_a_curve_is_none(keys: Path) -> None:
    index = (keys / "keys.toml").read_text("utf-8")
    blocks = index.split("[[key]]")
    curve = blocks[1].split('public = """')[1]
    blocks[-1] = blocks[-1].split('public = """')[0] + 'public = """' + curve
    (keys / "keys.toml").write_text("[[key]]".join(blocks), "utf-8")
    with pytest.raises(KeyStoreError, match="its public key is not Ed25519"):
        read_key_facts(keys)


def test_when_a_key_was_retired_is_noted_and_carried_on(keys: Path) -> None:
    without_log(keys)
    assert "format = 1" in (keys / "keys.toml").read_text("utf-8")
    rotated(keys)
    second = int(LATER.timestamp())
    noted = {each.name: each.retired for each in read_key_facts(keys) if each.retired is not None}
    assert noted == {"token-1": second, "status-1": second, "seal-1": second}
    retire_keys(keys, ["token-1", "token-2"], LATER + timedelta(hours=1))
    noted = {each.name: each.retired for each in read_key_facts(keys) if each.retired is not None}
    assert (noted["token-1"], noted["token-2"]) == (second, second + 3600)


def test_a_retirement_that_was_not_noted_is_noted_and_no_other_is_changed(keys: Path) -> None:
    rotated(keys)
    before = read_key_facts(keys)
    note_retirements(keys, {"token-1": 7, "token-2": 8, "root-1": 9})
    after = read_key_facts(keys)
    assert [each.name for each in after if each not in before] == ["token-1"]
    assert after[1].retired == 7


def test_rotating_again_counts_on(keys: Path) -> None:
    rotated(keys)
    assert rotated(keys) == ("token-3", "status-3", "seal-3")
    assert [name for name, state in states(keys).items() if state == "retired"] == [
        "token-1", "status-1", "seal-1", "token-2", "status-2", "seal-2",
    ]  # fmt: skip
    assert {each.stat().st_mode & 0o777 for each in keys.iterdir()} == {0o600}


def test_facts_of_old_keys_never_change_but_in_their_state(keys: Path) -> None:
    before = read_key_facts(keys)
    rotated(keys)
    for old, new in zip(before, read_key_facts(keys), strict=False):
        assert (old.name, old.not_before, old.not_after) == (
            new.name,
            new.not_before,
            new.not_after,
        )
        assert (old.public_key, old.certificate) == (new.public_key, new.certificate)


@pytest.mark.parametrize(
    ("passphrases", "why"),
    [
        (Passphrases("typing errro", ROOT), r"does not open .*id-1\.pem"),
        (Passphrases(DAY, "another"), r"does not open .*seal-ca-1\.pem"),
    ],
)
def test_a_mistyped_passphrase_changes_nothing(
    keys: Path, passphrases: Passphrases, why: str
) -> None:
    before = files(keys)
    with pytest.raises(KeyStoreError, match=why):
        rotate_keys(keys, PROVIDER, passphrases, LATER)
    with pytest.raises(KeyStoreError, match=why):
        withdraw_keys(keys, ["seal-1"], PROVIDER, passphrases, LATER)
    assert files(keys) == before


def test_a_lost_daily_passphrase_loses_nothing(keys: Path) -> None:
    id_key = open_keys(keys, DAY).id_key
    new = Passphrases("a new one", ROOT)
    rotate_keys(keys, PROVIDER, new, LATER, new_passphrase=True)
    assert open_keys(keys, "a new one").id_key == id_key
    open_status_key(keys, "a new one")
    with pytest.raises(KeyStoreError, match="does not open"):
        open_keys(keys, DAY)
    open_root(keys, ROOT)


def test_a_new_passphrase_needs_the_root_s(keys: Path) -> None:
    before = files(keys)
    lost = Passphrases("a new one", "lost too")
    with pytest.raises(KeyStoreError, match=r"does not open .*id-1\.root\.pem") as caught:
        rotate_keys(keys, PROVIDER, lost, LATER, new_passphrase=True)
    assert "CECERT_ROOT_PASSPHRASE" in caught.value.hint
    assert files(keys) == before


def test_a_crash_before_the_index_leaves_the_keys_there_were(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        if target.name == "keys.toml":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    rename = Path.replace
    before = states(keys)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(KeyStoreError, match="the keys are what they were"):
            rotated(keys)
    assert states(keys) == before
    open_keys(keys, DAY)
    assert rotated(keys) == ("token-2", "status-2", "seal-2")  # over the files left behind
    open_keys(keys, DAY)


# Retirement


def test_a_retired_key_has_no_successor(keys: Path) -> None:
    (retired,) = retire_keys(keys, ["token-1"], LATER)
    assert retired.name == "token-1"
    with pytest.raises(KeyStoreError, match="no active token key") as caught:
        open_keys(keys, DAY)
    assert "keys rotate" in caught.value.hint
    assert retire_keys(keys, ["token-1"], LATER) == ()
    assert rotated(keys)[0] == "token-2"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("root-1", "root-1 does not retire"),
        ("id-1", "id-1 does not retire"),
        ("token-9", "has no key 'token-9'"),
        ("", "has no key ''"),
        ("../token-1", "has no key '../token-1'"),
    ],
)
def test_what_does_not_retire_is_refused_with_all_the_others(
    keys: Path, name: str, why: str
) -> None:
    before = files(keys)
    with pytest.raises(KeyStoreError, match=why):
        retire_keys(keys, ["token-1", name], LATER)
    assert files(keys) == before


# Withdrawal


@pytest.mark.parametrize(
    ("stolen", "made"),
    [
        (["token-1"], ["token-2"]),
        (["status-1"], ["status-2"]),
        (["seal-1"], ["seal-2"]),
        (["seal-ca-1"], ["seal-ca-2", "seal-2"]),
        (["seal-1", "status-1", "token-1"], ["token-2", "status-2", "seal-2"]),
    ],
)
def test_a_stolen_key_is_withdrawn_and_replaced(
    keys: Path, stolen: list[str], made: list[str]
) -> None:
    found = withdraw_keys(keys, stolen, PROVIDER, BOTH, LATER)
    assert [each.name for each in found] == made
    assert {states(keys)[each] for each in stolen} == {"compromised"}
    assert {states(keys)[each] for each in made} == {"active"}
    open_keys(keys, DAY)
    open_status_key(keys, DAY)


def test_the_seal_of_a_stolen_ca_is_retired_and_the_new_one_is_of_the_new_ca(keys: Path) -> None:
    withdraw_keys(keys, ["seal-ca-1"], PROVIDER, BOTH, LATER)
    assert states(keys)["seal-1"] == "retired"
    certificates = {
        each.name: x509.load_der_x509_certificate(each.certificate)
        for each in read_key_facts(keys)
        if each.certificate is not None
    }
    certificates["seal-2"].verify_directly_issued_by(certificates["seal-ca-2"])
    assert open_seal(keys, DAY).signing_cert == certificates["seal-2"]


def test_a_stolen_backup_of_a_retired_key_needs_no_successor(keys: Path) -> None:
    rotated(keys)
    assert withdraw_keys(keys, ["token-1"], PROVIDER, BOTH, LATER) == ()
    assert (states(keys)["token-1"], states(keys)["token-2"]) == ("compromised", "active")


def test_withdrawal_is_final(keys: Path) -> None:
    withdraw_keys(keys, ["token-1"], PROVIDER, BOTH, LATER)
    with pytest.raises(KeyStoreError, match="token-1 was withdrawn"):
        retire_keys(keys, ["token-1"], LATER)
    rotated(keys)
    assert states(keys)["token-1"] == "compromised"
    assert withdraw_keys(keys, ["token-1"], PROVIDER, BOTH, LATER) == ()


@pytest.mark.parametrize("name", ["root-1", "id-1"])
def test_a_root_and_an_id_key_end_with_their_folder(keys: Path, name: str) -> None:
    with pytest.raises(KeyStoreError, match=f"{name} cannot be withdrawn by itself") as caught:
        withdraw_keys(keys, [name], PROVIDER, BOTH, LATER)
    assert "keys init --after" in caught.value.hint


def test_the_list_of_genuine_tokens_is_written_before_it_is_named(keys: Path) -> None:
    withdraw_keys(keys, ["token-1"], PROVIDER, BOTH, LATER)
    attest_key(keys, "token-1", bytes(range(32)), {"list.reattested": b"the list"})
    assert (keys / "list.reattested").read_bytes() == b"the list"
    found = {each.name: each.reattested for each in read_key_facts(keys)}
    assert found["token-1"] == bytes(range(32))
    assert found["token-2"] is None


# An institution's seal


def test_an_institution_s_seal_is_listed_once_and_for_ever(keys: Path) -> None:
    first = institution(ec.generate_private_key(ec.SECP384R1()), 7)
    second = institution(rsa.generate_private_key(65537, 2048), 8)
    list_institution_seal(keys, first, LATER)
    before = files(keys)
    list_institution_seal(keys, first, LATER)
    assert files(keys) == before
    listed = list_institution_seal(keys, second, LATER)
    assert read_key_facts(keys) == listed
    found = [each for each in listed if each.purpose is KeyPurpose.INSTITUTION_SEAL]
    assert [(each.name, each.state.value) for each in found] == [
        ("institution-seal-1", "retired"), ("institution-seal-2", "active"),
    ]  # fmt: skip
    assert found[1].certificate == second.certificate
    assert found[1].not_after == int((MADE + timedelta(days=700)).timestamp())


def test_a_stolen_institution_s_seal_is_withdrawn_and_the_institution_makes_the_next(
    keys: Path,
) -> None:
    list_institution_seal(keys, institution(ec.generate_private_key(ec.SECP256R1()), 7), LATER)
    assert withdraw_keys(keys, ["institution-seal-1"], PROVIDER, BOTH, LATER) == ()
    assert states(keys)["institution-seal-1"] == "compromised"
