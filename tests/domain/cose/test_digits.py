"""Bytes as digits and back (docs/spec/token.md W3, CTAP 2.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecert.domain.cose.cbor import MalformedError, TruncatedError
from cecert.domain.cose.digits import bytes_of_digits, digits_of_bytes


@given(st.binary(min_size=1, max_size=100))
def test_what_is_written_is_read_back(data: bytes) -> None:
    assert bytes_of_digits(digits_of_bytes(data)) == data


@given(st.text("0123456789", max_size=120))
def test_whatever_is_read_is_written_in_no_other_way(digits: str) -> None:
    try:
        data = bytes_of_digits(digits)
    except MalformedError:
        return
    assert digits_of_bytes(data) == digits


# CTAP 2.2, 11.5.1: 7 bytes a group, little-endian, 17 digits; then 3, 5, 8, 10, 13, 15.
@pytest.mark.parametrize(
    ("data", "digits"),
    [
        ("00", "000"), ("ff", "255"), ("0001", "00256"), ("ffffff", "16777215"),
        ("ffffffff", "4294967295"), ("ffffffffff", "1099511627775"),
        ("ffffffffffff", "281474976710655"), ("ffffffffffffff", "72057594037927935"),
        ("0100000000000002", "00000000000000001002"),
    ],
)  # fmt: skip
def test_groups_have_their_digits(data: str, digits: str) -> None:
    assert digits_of_bytes(bytes.fromhex(data)) == digits
    assert bytes_of_digits(digits).hex() == data


@pytest.mark.parametrize("digits", ["", "1", "12", "1234", "1" * 16, "0" * 18, "0" * 23])
def test_other_lengths_were_cut(digits: str) -> None:
    with pytest.raises(TruncatedError):
        bytes_of_digits(digits)


@pytest.mark.parametrize(
    "digits", ["256", "65536", "99999999999999999", "12a", " 12", "+12", "-12", "1_2", "\u0661" * 3]
)
def test_other_characters_and_larger_values_are_damage(digits: str) -> None:
    with pytest.raises(MalformedError):
        bytes_of_digits(digits)
