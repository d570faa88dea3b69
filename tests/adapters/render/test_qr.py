"""The QR symbol: module for module what the `qrcode` library makes, only sooner."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from library_symbols import library_symbol

from cecert.adapters.render.qr import symbol
from cecert.domain.token.qr import QrShape, qr_shape
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
def test_a_symbol_is_the_librarys_module_for_module(prefix: str, digits: str) -> None:
    assert unpacked(*symbol(prefix + digits)) == library_symbol(prefix + digits)


def shapes() -> dict[QrShape, tuple[int, int]]:
    """Return every shape there is, with the fewest and the most digits after `#` that have it."""
    found: dict[QrShape, tuple[int, int]] = {}
    for count in range(1, 2000):
        try:
            shape = qr_shape("#", "1" * count)
        except TokenError:
            break
        fewest, _ = found.get(shape, (count, count))
        found[shape] = fewest, count
    return found


SHAPES = shapes()


def test_the_shapes_are_those_of_the_specification() -> None:
    # docs/spec/token.md W4: level Q up to version 14, else M, up to version 17.
    told = [f"{each.version}-{each.level}" for each in SHAPES]
    assert told == [
        *(f"{each}-Q" for each in range(1, 15)),
        *(f"{each}-M" for each in range(12, 18)),
    ]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: f"{each.version}-{each.level}")
def test_every_shape_full_and_with_the_least_in_it_is_the_librarys(shape: QrShape) -> None:
    for count in SHAPES[shape]:
        url = "#" + "".join(islice(cycle("1734902586"), count))
        modules, bits = symbol(url)
        assert modules == shape.modules
        assert unpacked(modules, bits) == library_symbol(url)


def test_a_symbol_of_zeros_is_made_although_the_library_cannot() -> None:
    modules, bits = symbol(f"{HOSTS[0]}1{'0' * 436}")
    assert modules == 69
    assert any(bits)


def test_what_no_symbol_of_that_size_holds_is_an_error() -> None:
    with pytest.raises(TokenError, match="more than a symbol of 36 mm can hold"):
        symbol(HOSTS[0] + "1" * 2000)
