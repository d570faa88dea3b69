"""The QR symbol: bit for bit what the `qrcode` library makes, only sooner."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.adapters.render.qr import library_symbol, symbol
from cecert.errors import TokenError

HOSTS = [
    "https://verify.example.edu/#",
    "https://v.example/#",
    "https://credentials.example.org/ce/#",
]


def unpacked(modules: int, bits: bytes) -> list[list[bool]]:
    wide = (modules + 7) // 8
    rows = [bits[start : start + wide] for start in range(0, len(bits), wide)]
    return [
        [bool(row[column // 8] & 0x80 >> column % 8) for column in range(modules)] for row in rows
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(HOSTS),
    st.text("0123456789", min_size=1, max_size=900).map(lambda digits: f"1{digits}"),
)
def test_a_symbol_is_the_librarys_bit_for_bit(prefix: str, digits: str) -> None:
    assert unpacked(*symbol(prefix + digits)) == library_symbol(prefix + digits)


@pytest.mark.parametrize("length", [437, 438, 439, 561, 700, 861, 931, 1000])
def test_every_version_in_use_is_the_librarys(length: int) -> None:
    url = HOSTS[0] + ("1734" * length)[:length]
    assert unpacked(*symbol(url)) == library_symbol(url)


def test_a_symbol_of_zeros_is_made_although_the_library_cannot() -> None:
    modules, bits = symbol(f"{HOSTS[0]}1{'0' * 436}")
    assert modules == 69
    assert any(bits)


def test_what_no_symbol_of_that_size_holds_is_an_error() -> None:
    with pytest.raises(TokenError, match="more than a symbol of 36 mm can hold"):
        symbol(HOSTS[0] + "1" * 2000)
