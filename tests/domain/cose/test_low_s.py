"""Of the two forms of an ECDSA signature the lower is issued."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given
from hypothesis import strategies as st

from cecert.adapters.keys.signatures import Ed25519Signer, P256Signer, check_signature
from cecert.domain.cose.low_s import CURVE_ORDERS, LowSSigner, is_low, other_form

SIGNER = P256Signer(ec.derive_private_key(20201105, ec.SECP256R1()))
LOW = LowSSigner(SIGNER)


@given(st.binary(max_size=64))
def test_what_is_issued_is_low_and_both_forms_hold(message: bytes) -> None:
    plain, issued = SIGNER.sign(message), LOW.sign(message)
    assert is_low(issued)
    assert issued == LOW.sign(message)
    assert issued in {plain, other_form(plain)}
    assert not is_low(other_form(issued))
    assert other_form(other_form(issued)) == issued
    for each in (issued, other_form(issued)):
        assert check_signature(LOW.public_key, each, message)


def test_both_forms_come_from_the_signer_itself() -> None:
    assert {is_low(SIGNER.sign(bytes([each]))) for each in range(20)} == {True, False}


def test_ed25519_has_one_form() -> None:
    signer = Ed25519Signer(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert all(
        LowSSigner(signer).sign(bytes([each])) == signer.sign(bytes([each])) for each in range(20)
    )


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_the_orders_are_those_of_the_curves(curve: ec.EllipticCurve) -> None:
    # The library takes the scalars below the order, and no other.
    order = CURVE_ORDERS[curve.name]
    ec.derive_private_key(order - 1, curve)
    with pytest.raises(ValueError, match="Invalid EC key"):
        ec.derive_private_key(order, curve)
