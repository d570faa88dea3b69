"""Signatures by the library: deterministic, and never an exception over a bad one."""

from __future__ import annotations

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from papers import private_key

from cecert.adapters.keys.signatures import (
    Ed25519Signer,
    P256Signer,
    check_signature,
    cose_key,
)
from cecert.domain.cose.cose import Algorithm, CoseKey, CryptoUnavailableError

CURVE = P256Signer(private_key("a key"))
EDWARDS = Ed25519Signer(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.mark.parametrize("signer", [CURVE, EDWARDS])
def test_what_was_signed_holds_and_nothing_else(signer: object) -> None:
    assert isinstance(signer, type(CURVE) | type(EDWARDS))
    signature = signer.sign(b"message")
    assert signature == signer.sign(b"message")
    assert len(signature) == 64
    assert check_signature(signer.public_key, signature, b"message")
    assert not check_signature(signer.public_key, signature, b"another")
    assert not check_signature(signer.public_key, bytes(64), b"message")
    assert not check_signature(signer.public_key, signature[:63], b"message")


# RFC 8032, 7.1, test 1.
def test_ed25519_is_that_of_the_rfc() -> None:
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    signer = Ed25519Signer(ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)))
    assert signer.public_key.x.hex() == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
    assert signer.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974")


# RFC 6979, A.2.5: P-256, SHA-256, message "sample".
def test_p256_is_deterministic_as_in_the_rfc() -> None:
    scalar = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    signer = P256Signer(ec.derive_private_key(scalar, ec.SECP256R1()))
    assert signer.sign(b"sample").hex() == (
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    )


def test_a_point_off_the_curve_signs_nothing() -> None:
    key = CoseKey(Algorithm.ESP256, bytes(31) + b"\1", bytes(31) + b"\1")
    assert not check_signature(key, CURVE.sign(b"message"), b"message")


def test_another_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="a key on secp384r1, tokens are signed on P-256"):
        cose_key(ec.generate_private_key(ec.SECP384R1()).public_key())


def test_a_library_without_the_algorithm_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: bytes) -> None:
        raise UnsupportedAlgorithm("no Ed25519 in this build")

    monkeypatch.setattr(ed25519.Ed25519PublicKey, "from_public_bytes", missing)
    with pytest.raises(CryptoUnavailableError, match="no Ed25519 in this build"):
        check_signature(EDWARDS.public_key, bytes(64), b"message")
