"""The strict CBOR: what is read is the one encoding, and nothing else is read."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecert.domain.cose.cbor import MalformedError, TruncatedError, Value, decode, encode

integers = st.integers(-(1 << 64), (1 << 64) - 1)
scalars = st.one_of(integers, st.binary(max_size=40), st.text(max_size=40))


def nested(depth: int) -> st.SearchStrategy[Value]:
    if depth == 0:
        return scalars
    inner = nested(depth - 1)
    keys = st.integers(-70_000, 70_000)
    return st.one_of(scalars, st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4))


@given(nested(4))
@settings(max_examples=200)
def test_what_is_written_is_read_back(value: Value) -> None:
    assert decode(encode(value)) == value


@given(nested(3))
def test_another_implementation_reads_the_same(value: Value) -> None:
    assert cbor2.loads(encode(value)) == value


@given(st.binary(max_size=60))
@settings(max_examples=300)
def test_whatever_is_read_has_no_other_encoding(data: bytes) -> None:
    try:
        value = decode(data)
    except MalformedError:
        return
    assert encode(value) == data


@given(nested(3), st.data())
def test_every_beginning_is_called_cut(value: Value, data: st.DataObject) -> None:
    encoded = encode(value)
    cut = encoded[: data.draw(st.integers(0, len(encoded) - 1))]
    with pytest.raises(TruncatedError):
        decode(cut)


# RFC 8949, appendix A, for what CEC1 has.
@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"), (256, "190100"), (1000, "1903e8"),
        (1_000_000, "1a000f4240"), (1_000_000_000_000, "1b000000e8d4a51000"),
        (18_446_744_073_709_551_615, "1bffffffffffffffff"), (-1, "20"), (-100, "3863"),
        (-1000, "3903e7"), (-18_446_744_073_709_551_616, "3bffffffffffffffff"), (b"", "40"),
        (b"\1\2\3\4", "4401020304"), ("", "60"), ("IETF", "6449455446"), ("\u00fc", "62c3bc"),
        ("\U00010151", "64f0908591"), ([], "80"), ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({}, "a0"), ({1: 2, 3: 4}, "a201020304"), ({-1: 1, 10: 2}, "a20a022001"),
    ],
)  # fmt: skip
def test_the_examples_of_the_rfc(value: Value, encoded: str) -> None:
    assert encode(value).hex() == encoded
    assert decode(bytes.fromhex(encoded)) == value


@pytest.mark.parametrize(
    ("encoded", "why"),
    [
        ("1817", "a head longer than it need be"),
        ("1900ff", "a head longer than it need be"),
        ("1a0000ffff", "a head longer than it need be"),
        ("1b00000000ffffffff", "a head longer than it need be"),
        ("580100", "a head longer than it need be"),
        ("5f4100ff", "an indefinite length"),
        ("9fff", "an indefinite length"),
        ("1c", "a reserved head"),
        ("f4", "a tag, float or simple value"),
        ("f97e00", "a tag, float or simple value"),
        ("c000", "a tag, float or simple value"),
        ("a2010102", "ends at"),
        ("a201010102", "keys out of order or twice"),
        ("a202010102", "keys out of order or twice"),
        ("a2200101 02", "keys out of order or twice"),
        ("a1616101", "a key that is not an integer"),
        ("61ff", "text that is not UTF-8"),
        ("63eda080", "text that is not UTF-8"),  # a lone surrogate
        ("0000", "1 bytes after the end"),
        ("818181818180", "deeper than 5"),
        ("9a7fffffff", "2147483647 items announced"),
        ("bb7fffffffffffffff", "items announced"),
        ("5b7fffffffffffffff", "ends at"),
        ("", "ends at 0"),
    ],
)
def test_everything_else_is_refused(encoded: str, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        decode(bytes.fromhex(encoded))


def test_five_arrays_within_one_another_are_read() -> None:
    # The trust file: payload, display, credits, scopes, scope.
    assert decode(bytes.fromhex("818181818101")) == [[[[[1]]]]]


@pytest.mark.parametrize("value", [True, 1.5, None, 1 << 64, -(1 << 64) - 1, {1, 2}])
def test_what_is_outside_the_subset_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)  # type: ignore[arg-type]  # that is the point
