"""Making keys: what lies in the folder, who may read it, and what a second try finds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from cecert.adapters.keys import (
    KeyPurpose,
    KeyStage,
    Passphrases,
    create_keys,
    open_keys,
    open_root,
    open_status_key,
    read_key_facts,
    refuse_keys,
    retire_keys,
    succeed_keys,
    withdraw_keys,
)
from cecert.adapters.keys.make import make_keys
from cecert.errors import KeyStoreError

MADE = datetime(2026, 1, 15, 12, tzinfo=UTC)
DAY, ROOT = "for every day", "for the root"
BOTH = Passphrases(DAY, ROOT)
PROVIDER = "Example College School for Social Work"


def certificate_of(folder: Path, purpose: KeyPurpose) -> x509.Certificate:
    (facts,) = (each for each in read_key_facts(folder) if each.purpose is purpose)
    assert facts.certificate is not None
    return x509.load_der_x509_certificate(facts.certificate)


def test_an_office_gets_one_key_of_each_kind(keys: Path) -> None:
    listed = read_key_facts(keys)
    assert [each.name for each in listed] == [
        "root-1", "token-1", "status-1", "id-1", "seal-ca-1", "seal-1", "log-1",
    ]  # fmt: skip
    assert {each.state for each in listed} == {KeyStage.ACTIVE}
    assert {each.not_before for each in listed} == {int(MADE.timestamp())}


def test_what_the_index_says_is_told_anew_when_its_words_change(keys: Path) -> None:
    before, index = read_key_facts(keys), keys / "keys.toml"
    assert read_key_facts(keys) is before
    index.write_text(index.read_text("utf-8").replace('"log-1"', '"log-2"'), "utf-8")
    assert [each.name for each in read_key_facts(keys)][-1] == "log-2"


def test_working_keys_sign_for_400_days_and_the_ca_for_25_years(keys: Path) -> None:
    ends = {each.purpose: each.not_after for each in read_key_facts(keys)}
    end = int((MADE + timedelta(days=400)).timestamp())
    assert [ends[each] for each in (KeyPurpose.TOKEN, KeyPurpose.STATUS, KeyPurpose.SEAL)] == (
        [end] * 3
    )
    assert ends[KeyPurpose.ROOT] is ends[KeyPurpose.ID] is None
    ca, seal = (certificate_of(keys, each) for each in (KeyPurpose.SEAL_CA, KeyPurpose.SEAL))
    assert ca.not_valid_after_utc.date() == datetime(2051, 1, 15, tzinfo=UTC).date()
    assert seal.not_valid_after_utc == MADE + timedelta(days=400)


def test_the_ca_issued_the_signing_certificate_and_may_issue_no_ca(keys: Path) -> None:
    ca, seal = (certificate_of(keys, each) for each in (KeyPurpose.SEAL_CA, KeyPurpose.SEAL))
    seal.verify_directly_issued_by(ca)
    ca.verify_directly_issued_by(ca)
    with pytest.raises((InvalidSignature, ValueError)):
        ca.verify_directly_issued_by(seal)
    constraints = ca.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    use = seal.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (use.digital_signature, use.content_commitment, use.key_cert_sign) == (True, True, False)


def test_only_the_owner_reads_the_keys(keys: Path) -> None:
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in keys.iterdir()} == {0o600}


def test_no_secret_lies_in_the_open(keys: Path) -> None:
    for each in keys.glob("*.pem"):
        assert each.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert "PRIVATE" not in (keys / "keys.toml").read_text()


def test_no_secret_stands_in_what_python_shows(keys: Path) -> None:
    shown = repr(open_keys(keys, DAY)) + repr(BOTH)
    assert "PrivateKey" not in shown
    assert DAY not in shown
    assert ROOT not in shown
    assert repr(open_keys(keys, DAY).id_key) not in shown


def test_what_was_made_signs(keys: Path) -> None:
    store = open_keys(keys, DAY)
    assert store.token.public_key == store.token_key.public_key()
    assert len(store.id_key) == 32
    assert store.seal.signing_cert == certificate_of(keys, KeyPurpose.SEAL)
    root, root_key = open_root(keys, ROOT)
    status, status_key = open_status_key(keys, DAY)
    assert root.public_key == root_key.public_key()
    assert status.public_key == status_key.public_key()


def test_issuing_and_publishing_need_no_root(keys: Path) -> None:
    for name in ("root-1.pem", "seal-ca-1.pem", "id-1.root.pem"):
        (keys / name).unlink()
    open_keys(keys, DAY)
    open_status_key(keys, DAY)
    with pytest.raises(KeyStoreError, match=r"root-1\.pem is missing") as caught:
        open_root(keys, ROOT)
    assert "where the keys are kept" in caught.value.hint


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    refuse_keys(tmp_path)
    facts = create_keys(tmp_path, PROVIDER, Passphrases(DAY, DAY), MADE)
    assert read_key_facts(tmp_path) == facts
    open_root(tmp_path, DAY)


def test_keys_are_never_overwritten(keys: Path) -> None:
    before = {each.name: each.read_bytes() for each in keys.iterdir()}
    with pytest.raises(KeyStoreError, match="already holds keys"):
        create_keys(keys, PROVIDER, BOTH, MADE)
    assert {each.name: each.read_bytes() for each in keys.iterdir()} == before


def test_a_folder_with_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(KeyStoreError, match=r"is not empty: notes\.txt"):
        create_keys(tmp_path, PROVIDER, BOTH, MADE)


@pytest.mark.parametrize("place", ["file/keys", "file"])
def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(KeyStoreError, match="no keys were made"):
        create_keys(tmp_path / place, PROVIDER, BOTH, MADE)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_crash_leaves_no_half_of_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        if target.name == "status-1.pem":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KeyStoreError, match="No space left on device") as caught:
        create_keys(tmp_path / "keys", PROVIDER, BOTH, MADE)
    assert "make room" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_provider_with_a_long_name_is_shortened_in_the_common_name_only(tmp_path: Path) -> None:
    name = "Université de la Formation continue et du Développement professionnel du Québec"
    create_keys(tmp_path / "keys", name, Passphrases(DAY, DAY), MADE)
    ca = certificate_of(tmp_path / "keys", KeyPurpose.SEAL_CA).subject
    common, organisation = (each.value for each in ca)
    assert len(str(common).encode()) <= 64  # ub-common-name, RFC 5280 appendix A
    assert str(common).endswith("… seal CA")
    assert organisation == name


def test_a_seal_is_made_with_a_ca_only() -> None:
    with pytest.raises(ValueError, match="needs a CA"):
        make_keys([KeyPurpose.SEAL], (), PROVIDER, MADE)


# Succession


def test_keys_that_succeed_others_list_what_those_signed_with(keys: Path, tmp_path: Path) -> None:
    withdraw_keys(keys, ["seal-1"], PROVIDER, BOTH, MADE + timedelta(days=1))
    facts, kept = succeed_keys(tmp_path / "next", keys, PROVIDER, BOTH, MADE + timedelta(days=2))
    assert [(each.name, each.state.value) for each in facts] == [
        ("token-1", "retired"), ("status-1", "retired"), ("seal-1", "compromised"),
        ("seal-2", "retired"), ("root-2", "active"), ("token-2", "active"),
        ("status-2", "active"), ("seal-ca-2", "active"), ("seal-3", "active"), ("log-2", "active"),
        ("id-2", "active"),
    ]  # fmt: skip
    assert kept
    assert read_key_facts(tmp_path / "next") == facts


def test_the_id_key_goes_on_where_it_can_be_opened(keys: Path, tmp_path: Path) -> None:
    old = open_keys(keys, DAY).id_key
    _, kept = succeed_keys(tmp_path / "a", keys, PROVIDER, Passphrases(DAY, "other"), MADE)
    assert kept
    assert open_keys(tmp_path / "a", DAY).id_key == old
    _, kept = succeed_keys(tmp_path / "b", keys, PROVIDER, Passphrases("other", ROOT), MADE)
    assert kept
    assert open_keys(tmp_path / "b", "other").id_key == old


def test_of_the_old_folder_only_the_public_facts_must_be_left(keys: Path, tmp_path: Path) -> None:
    old = open_keys(keys, DAY).id_key
    for each in keys.glob("*.pem"):
        each.unlink()
    _, kept = succeed_keys(tmp_path / "next", keys, PROVIDER, BOTH, MADE)
    assert not kept
    assert open_keys(tmp_path / "next", DAY).id_key != old


def test_lists_of_genuine_tokens_go_over(keys: Path, tmp_path: Path) -> None:
    (keys / "00.reattested").write_bytes(b"a list")
    succeed_keys(tmp_path / "next", keys, PROVIDER, BOTH, MADE)
    assert (tmp_path / "next" / "00.reattested").read_bytes() == b"a list"
    (keys / "01.reattested").mkdir()
    with pytest.raises(KeyStoreError, match=r"01\.reattested cannot be read"):
        succeed_keys(tmp_path / "another", keys, PROVIDER, BOTH, MADE)
    assert not (tmp_path / "another").exists()


def test_keys_never_succeed_into_a_folder_that_has_some(keys: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(keys, tmp_path / "other"))
    with pytest.raises(KeyStoreError, match="already holds keys"):
        succeed_keys(other, keys, PROVIDER, BOTH, MADE)
    with pytest.raises(KeyStoreError, match="there are no keys in"):
        succeed_keys(tmp_path / "next", tmp_path / "nowhere", PROVIDER, BOTH, MADE)
    assert not (tmp_path / "next").exists()


def test_a_retired_key_goes_over_as_it_is(keys: Path, tmp_path: Path) -> None:
    retire_keys(keys, ["token-1"], MADE)
    facts, _ = succeed_keys(tmp_path / "next", keys, PROVIDER, BOTH, MADE)
    assert facts[0].state is KeyStage.RETIRED
    assert isinstance(facts[0].public_key, ec.EllipticCurvePublicKey)
