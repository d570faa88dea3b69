"""The strict CBOR of CEC1: one encoding for each value, and no other is read.

The subset of docs/spec/token.md W1: unsigned and negative integers, byte and text strings,
arrays, maps with integer keys; shortest heads, definite lengths, keys strictly
ascending in the bytewise order of their encoding (RFC 8949 4.2.1), depth at most 5,
nothing after the end. General decoders accept duplicate keys, longer heads and
trailing bytes without a word, hence this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

__all__ = [
    "MalformedError", "TruncatedError", "Value", "after", "byte_string", "decode", "decode_prefix",
    "encode", "encoded_map",
]  # fmt: skip

Value: TypeAlias = "int | bytes | str | Sequence[Value] | Mapping[int, Value]"

DEEPEST = 5
"""Arrays and maps within one another; the trust file's scopes need them all."""

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP = range(6)
_HEADS = ((24, 1, 1 << 8), (25, 2, 1 << 16), (26, 4, 1 << 32), (27, 8, 1 << 64))
_INITIAL = tuple(bytes([each]) for each in range(256))
_LEAST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}


class MalformedError(ValueError):
    """Bytes that are not the one encoding of any value."""


class TruncatedError(MalformedError):
    """Bytes that end before the value does."""


def encode(value: Value) -> bytes:
    """Return the one encoding of *value*.

    >>> encode({1: -9, 4: b"kid"}).hex()
    'a2012804436b6964'

    Raises:
        TypeError: If it holds anything outside the subset.
    """
    # The exact kinds stand first: asking the abstract ones takes as long as the encoding.
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, bool):
        raise TypeError("CEC1 has no booleans")
    for kind, write in _KINDS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"CEC1 has no {type(value).__name__}")


def _integer(value: int) -> bytes:
    return _head(UNSIGNED, value) if value >= 0 else _head(NEGATIVE, -1 - value)


def _byte_string(value: bytes) -> bytes:
    return _head(BYTES, len(value)) + value


def _text_string(value: str) -> bytes:
    data = value.encode()
    return _head(TEXT, len(data)) + data


def _items(value: Sequence[Value]) -> bytes:
    return _head(ARRAY, len(value)) + b"".join([encode(each) for each in value])


def _pairs(value: Mapping[int, Value]) -> bytes:
    return encoded_map({key: encode(each) for key, each in value.items()})


_KINDS: Sequence[tuple[type, Callable[[Any], bytes]]] = (
    (int, _integer),
    (bytes, _byte_string),
    (str, _text_string),
    (Mapping, _pairs),
    (Sequence, _items),
)
_WRITERS: Mapping[type, Callable[[Any], bytes]] = {
    int: _integer, bytes: _byte_string, str: _text_string,
    dict: _pairs, list: _items, tuple: _items,
}  # fmt: skip


def encoded_map(values: Mapping[int, bytes]) -> bytes:
    """Return the one encoding of a map whose values are encoded already."""
    items = sorted([(_key(key), each) for key, each in values.items()])
    return _head(MAP, len(items)) + b"".join([key + each for key, each in items])


@lru_cache(maxsize=256, typed=True)  # formats have few keys; True is no 1
def _key(key: int) -> bytes:
    return encode(key)


def _head(major: int, argument: int) -> bytes:
    if argument < 24:  # noqa: PLR2004  # RFC 8949 3: smaller ones stand in the head itself
        return _INITIAL[major << 5 | argument]
    for information, width, bound in _HEADS:
        if argument < bound:
            return bytes([major << 5 | information]) + argument.to_bytes(width)
    raise TypeError(f"{argument} has more than 64 bits")


def decode(data: bytes) -> Any:  # noqa: ANN401  # callers take it apart by pattern
    """Decode *data*, which is one value and nothing else.

    Raises:
        TruncatedError: If it ends too early.
        MalformedError: If it is not the one encoding of a value of the subset.
    """
    value, end = decode_prefix(data, 0)
    if end != len(data):
        raise MalformedError(f"{len(data) - end} bytes after the end")
    return value


def decode_prefix(data: bytes, start: int, depth: int = 1) -> tuple[Any, int]:
    """Decode the value that starts at *start*; return it and where it ends.

    Args:
        data: All the bytes.
        start: The value's first byte, from 0.
        depth: Of arrays and maps that it stands in, counting itself.

    Raises:
        TruncatedError: If *data* ends before the value does.
        MalformedError: If it is not the one encoding of any value.
    """
    size = len(data)
    if start >= size:
        raise TruncatedError(f"ends at {size}, needs {start + 1}")
    initial = data[start]
    argument, position = initial & 31, start + 1
    if argument >= 24:  # noqa: PLR2004  # RFC 8949 3: smaller ones stand in the head itself
        argument, position = _long_argument(data, position, argument)
    major = initial >> 5
    if major == UNSIGNED:
        return argument, position
    if major in {TEXT, BYTES}:
        end = position + argument
        if end > size:
            raise TruncatedError(f"ends at {size}, needs {end}")
        content = data[position:end]
        return (content if major == BYTES else _text(content)), end
    if major == NEGATIVE:
        return -1 - argument, position
    if major not in {ARRAY, MAP}:
        raise MalformedError("a tag, float or simple value")
    if depth > DEEPEST:
        raise MalformedError(f"arrays and maps deeper than {DEEPEST}")
    if argument > size:
        raise TruncatedError(f"{argument} items announced in {size} bytes")
    read = _array if major == ARRAY else _map
    return read(data, position, argument, depth)


def byte_string(data: bytes, start: int) -> tuple[bytes, int]:
    """Decode the byte string that starts at *start*; return it and where it ends.

    Raises:
        TruncatedError: If *data* ends before it does.
        MalformedError: If something else stands there.
    """
    value, end = decode_prefix(data, start)
    if not isinstance(value, bytes):
        raise MalformedError("something that is not a byte string")
    return value, end


def after(data: bytes, start: int, expected: bytes) -> int:
    """Return where *data* goes on after the bytes that must stand at *start*.

    Args:
        data: All the bytes.
        start: Where they begin, from 0.
        expected: What they are.

    Raises:
        TruncatedError: If *data* ends within them.
        MalformedError: If others stand there.
    """
    found = data[start : start + len(expected)]
    if found != expected[: len(found)]:
        raise MalformedError(f"{found.hex()} where {expected.hex()} should stand")
    if len(found) < len(expected):
        raise TruncatedError(f"ends at {len(data)}")
    return start + len(expected)


def _long_argument(data: bytes, position: int, information: int) -> tuple[int, int]:
    """Return the argument that stands after a head, and where it ends."""
    if information not in _LEAST:
        raise MalformedError("an indefinite length or a reserved head")
    end = position + (1 << (information - 24))
    if end > len(data):
        raise TruncatedError(f"ends at {len(data)}, needs {end}")
    argument = int.from_bytes(data[position:end])
    if argument < _LEAST[information]:
        raise MalformedError("a head longer than it need be")
    return argument, end


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedError("text that is not UTF-8") from error


def _array(data: bytes, position: int, length: int, depth: int) -> tuple[Value, int]:
    items = []
    for _ in range(length):
        item, position = decode_prefix(data, position, depth + 1)
        items.append(item)
    return items, position


def _map(data: bytes, position: int, length: int, depth: int) -> tuple[Value, int]:
    items: dict[int, Value] = {}
    before = b""
    for _ in range(length):
        key, end = decode_prefix(data, position, depth + 1)
        if not isinstance(key, int):
            raise MalformedError("a key that is not an integer")
        if data[position:end] <= before:
            raise MalformedError("keys out of order or twice")
        before = data[position:end]
        items[key], position = decode_prefix(data, end, depth + 1)
    return items, position
