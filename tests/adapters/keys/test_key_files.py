"""Key files that are missing, damaged, of another kind or of another folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from cecert.adapters.keys import (
    KeyPurpose,
    Passphrases,
    add_badge_key,
    create_keys,
    open_badge_key,
    open_keys,
    open_pkcs12,
    open_root,
    read_key_facts,
    rotate_keys,
)
from cecert.adapters.keys.facts import index_text
from cecert.errors import KeyStoreError

DAY, ROOT = "for every day", "for the root"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other") / "keys"
    create_keys(folder, "Another College", Passphrases(DAY, ROOT), START)
    return folder


def unencrypted(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def of_another_kind(path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    encryption = BestAvailableEncryption(DAY.encode())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def flipped(path: Path) -> None:
    text = path.read_text()
    middle = len(text) // 2
    path.write_text(text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("name", ["token-1.pem", "id-1.pem", "seal-1.pem"])
@pytest.mark.parametrize(
    ("spoil", "why", "hint"),
    [
        (Path.unlink, "is missing", "restore it"),
        (a_folder, "cannot be read: Is a directory", "mode 0600"),
        (a_device, "cannot be read: it is no plain file", "mode 0600"),
        (lambda path: path.write_bytes(b""), "holds no encrypted private key", "from the backup"),
        (lambda path: path.write_bytes(b"\xff" * 999), "holds no encrypted", "from the backup"),
        (lambda path: path.write_text(path.read_text()[:150]), "does not open", "is damaged"),
        (unencrypted, "holds no encrypted private key", "from the backup"),
        (of_another_kind, "holds another key than keys.toml says", "were mixed"),
    ],
)
def test_a_spoilt_key_file_is_named(
    keys: Path, name: str, spoil: Callable[[Path], object], why: str, hint: str
) -> None:
    spoil(keys / name)
    with pytest.raises(KeyStoreError, match=why) as caught:
        open_keys(keys, DAY)
    assert name in str(caught.value)
    assert hint in caught.value.hint
    assert DAY not in str(caught.value) + caught.value.hint


def test_a_wrong_passphrase_is_told_from_nothing_else(keys: Path) -> None:
    with pytest.raises(KeyStoreError, match="passphrase does not open") as caught:
        open_keys(keys, "wrong")
    assert "CECERT_KEY_PASSPHRASE" in caught.value.hint
    with pytest.raises(KeyStoreError) as caught:
        open_root(keys, DAY)
    assert "CECERT_ROOT_PASSPHRASE" in caught.value.hint


def test_a_flipped_bit_is_noticed(keys: Path) -> None:
    flipped(keys / "token-1.pem")
    with pytest.raises(KeyStoreError):
        open_keys(keys, DAY)


def use_all(keys: Path) -> None:
    open_keys(keys, DAY)
    rotate_keys(keys, "Any", Passphrases(DAY, ROOT), START)


@pytest.mark.parametrize("name", ["token-1.pem", "seal-1.pem", "seal-ca-1.pem"])
def test_a_key_of_another_office_is_refused(keys: Path, other_keys: Path, name: str) -> None:
    shutil.copy(other_keys / name, keys / name)
    with pytest.raises(KeyStoreError, match=r"another key than keys\.toml says"):
        use_all(keys)


def test_a_certificate_of_another_key_is_refused(keys: Path, other_keys: Path) -> None:
    own, foreign = (
        next(each for each in read_key_facts(folder) if each.purpose is KeyPurpose.SEAL)
        for folder in (keys, other_keys)
    )
    text = (keys / "keys.toml").read_text()
    own_pem, foreign_pem = (
        x509.load_der_x509_certificate(each.certificate or b"").public_bytes(Encoding.PEM).decode()
        for each in (own, foreign)
    )
    (keys / "keys.toml").write_text(text.replace(own_pem, foreign_pem))
    with pytest.raises(KeyStoreError, match=r"another key than keys\.toml says"):
        open_keys(keys, DAY)


# The list of keys


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("format = 3", "format = 4", "is of format 4, this cecert reads 1, 2 and 3"),
        ("format = 3", "", "is of format None"),
        ('name = "token-1"', 'name = "../token-1"', "no name of a token key"),
        ('name = "token-1"', 'name = "status-1"', "no name of a token key"),
        ('name = "token-1"', "name = 7", "key 2"),
        ('name = "token-1"', "", "key 2 has no name"),
        ('name = "token-1"\npurpose = "token"', 'name = "root-1"\npurpose = "root"',
         "two keys are named root-1"),
        ('purpose = "token"', 'purpose = "any"', "'any' is no purpose of a key: root, "),
        ('state = "active"', 'state = "fine"', "'fine' is no state of a key: active, "),
        ("from = 2026-01-15T12:00:00Z", "from = 2026-01-15T12:00:00", "has no offset"),
        ("from = 2026-01-15T12:00:00Z", "from = 2026-01-15", "key 1"),
        ("until = 2027-02-19T12:00:00Z", "", "token-1 has no until"),
        ("until = 2027-02-19T12:00:00Z", "until = 2025-02-19T12:00:00Z", "ends before it begins"),
        ('public = """', 'private = """', "it has private"),
        ("BEGIN PUBLIC KEY", "BEGIN PUBLIC KEI", "key 1"),
        ('certificate = """', 'zertificate = """', "it has zertificate"),
        ("BEGIN CERTIFICATE", "BEGIN CERTIFICAT", "key 5"),
        ('state = "active"', 'state = "active"\nreattested = "00"', "64 hexadecimal digits"),
        ('purpose = "root"', 'purpose = "seal"', "no name of a seal key"),
        ('name = "root-1"\npurpose = "root"', 'name = "seal-7"\npurpose = "seal"',
         "seal-7 has no certificate"),
        ('name = "id-1"\npurpose = "id"', 'name = "root-7"\npurpose = "root"',
         "root-7 has no public key"),
        ('state = "active"', 'state = "active"\nretired = 2026-02-01T12:00:00Z', "and is active"),
        ('state = "active"', 'state = "retired"\nretired = 2026-02-01', "key 1"),
        ("[[key]]", "[key]", "damaged"),
        ("[[key]]", "[[kei]]", "damaged"),
    ],
)  # fmt: skip
def test_a_damaged_list_of_keys_says_what_is_wrong(
    keys: Path, before: str, after: str, why: str
) -> None:
    index = keys / "keys.toml"
    text = index.read_text()
    assert before in text
    index.write_text(text.replace(before, after, 1))
    with pytest.raises(KeyStoreError, match=why):
        read_key_facts(keys)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is of format None"),
        (b"format = 1", "it lists no keys"),
        (b"format = 1\nkey = [1]", "it lists no keys"),
        (b"\xff\xfe", "is damaged"),
        (b"[", "is damaged"),
    ],
)
def test_what_is_no_list_of_keys_is_refused(keys: Path, content: bytes, why: str) -> None:
    (keys / "keys.toml").write_bytes(content)
    with pytest.raises(KeyStoreError, match=why):
        read_key_facts(keys)


def test_no_folder_a_file_and_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for missing in (tmp_path / "nowhere", tmp_path / "file", tmp_path):
        with pytest.raises(KeyStoreError, match="there are no keys in") as caught:
            read_key_facts(missing)
        assert "keys init" in caught.value.hint
    (tmp_path / "keys.toml").mkdir()
    with pytest.raises(KeyStoreError, match="cannot be read: Is a directory"):
        read_key_facts(tmp_path)


def test_a_key_on_another_curve_is_refused(keys: Path) -> None:
    index = keys / "keys.toml"
    (root, *others) = read_key_facts(keys)
    odd = replace(root, public_key=ec.generate_private_key(ec.SECP384R1()).public_key())
    index.write_text(index_text([odd, *others]))
    with pytest.raises(KeyStoreError, match="its public key is not on P-256"):
        read_key_facts(keys)


def test_a_key_for_badges_is_ed25519_and_makes_a_list_that_cecerts_of_before_refuse(
    keys: Path,
) -> None:
    index = keys / "keys.toml"
    index.write_text(index_text([e for e in read_key_facts(keys) if e.purpose.value != "log"]))
    assert "format = 1\n" in index.read_text()
    made = add_badge_key(keys, Passphrases(DAY, ROOT), START)
    assert "format = 3\n" in index.read_text()
    facts, secret = open_badge_key(keys, DAY)
    assert (facts, secret.public_key()) == (made, made.public_key)
    odd = replace(made, public_key=ec.generate_private_key(ec.SECP256R1()).public_key())
    index.write_text(index_text([*read_key_facts(keys)[:-1], odd]))
    with pytest.raises(KeyStoreError, match="its public key is not Ed25519"):
        read_key_facts(keys)


# An institution's PKCS#12


def certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey,
                usage: str | None, common_name: str = "Institution",
                issuer: str = "Institution") -> x509.Certificate:  # fmt: skip
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)])
             for each in (issuer, common_name)]  # fmt: skip
    builder = x509.CertificateBuilder(names[0], names[1], key.public_key(), 7)
    builder = builder.not_valid_before(START).not_valid_after(START + timedelta(days=9))
    if usage is not None:
        flags = ("digital_signature", "content_commitment", "key_encipherment",
                 "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                 "encipher_only", "decipher_only")  # fmt: skip
        extension = x509.KeyUsage(**{each: each == usage for each in flags})
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(key, SHA256())


def bundle(path: Path, key: object, *certificates: x509.Certificate) -> Path:
    own, others = (certificates[0], certificates[1:]) if certificates else (None, ())
    encryption = BestAvailableEncryption(DAY.encode())
    path.write_bytes(serialize_key_and_certificates(b"seal", key, own, others, encryption))  # type: ignore[arg-type]  # any key
    return path


@pytest.mark.parametrize("usage", ["digital_signature", "content_commitment", None])
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_an_institution_s_seal_is_opened(tmp_path: Path, kind: str, usage: str | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(
        65537, 2048
    )  # fmt: skip
    own = certificate(key, usage)
    seal = open_pkcs12(bundle(tmp_path / "seal.p12", key, own), DAY)
    assert seal.signing_cert == own
    assert "PrivateKey" not in repr(seal)


def test_the_chain_goes_along_without_its_root(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    middle = certificate(key, "key_cert_sign", "Middle", "Root")
    root = certificate(key, "key_cert_sign", "Root", "Root")
    own = certificate(key, "digital_signature", "School", "Middle")
    path = bundle(tmp_path / "seal.p12", key, own, middle, root)
    assert open_pkcs12(path, DAY).chain == (middle,)


def test_a_seal_that_cannot_seal_says_why(tmp_path: Path) -> None:
    path, key = tmp_path / "seal.p12", ec.generate_private_key(ec.SECP256R1())
    short = rsa.generate_private_key(65537, 1024)
    odd = dsa.generate_private_key(1024)
    with pytest.raises(KeyStoreError, match="is missing"):
        open_pkcs12(path, DAY)
    with pytest.raises(KeyStoreError, match="cannot be read: Is a directory"):
        open_pkcs12(tmp_path, DAY)
    with pytest.raises(KeyStoreError, match="no key with a certificate"):
        open_pkcs12(bundle(path, key), DAY)
    with pytest.raises(KeyStoreError, match="neither ECDSA nor RSA"):
        open_pkcs12(bundle(path, odd, certificate(odd, None)), DAY)
    with pytest.raises(KeyStoreError, match="1024 bits, 2048 are the least"):
        open_pkcs12(bundle(path, short, certificate(short, None)), DAY)
    with pytest.raises(KeyStoreError, match="not for digital signatures"):
        open_pkcs12(bundle(path, key, certificate(key, "key_agreement")), DAY)
    bundle(path, key, certificate(key, None))
    for wrong in ("wrong", None):
        with pytest.raises(KeyStoreError, match="passphrase is wrong, or it is no PKCS#12"):
            open_pkcs12(path, wrong)
    path.write_bytes(b"not PKCS#12")
    with pytest.raises(KeyStoreError, match="does not open"):
        open_pkcs12(path, DAY)
