"""DER (X.690), as far as seals need it: values written, and read in the one form there is."""

from __future__ import annotations

from collections.abc import Iterator

from cecert.domain.cose.cbor import MalformedError

__all__ = ["members", "tagged", "value_at", "whole"]

_LONG = 0x80
"""A first byte of a length that says how many bytes of length follow."""


_WIDEST = 4
"""Bytes of a length at most; no value that is read is larger."""


def tagged(tag: int, content: bytes) -> bytes:
    """Return a DER value (X.690, 8.1).

    >>> tagged(0x04, b"abc").hex()
    '0403616263'
    """
    size = len(content)
    if size < _LONG:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(length)]) + length + content


def value_at(data: bytes, position: int) -> tuple[int, int, int]:
    """Return tag, begin and end of the content of the value that begins at *position*.

    Raises:
        MalformedError: If there is none, or its length is not written in the shortest way.
    """
    head = data[position : position + 6]
    if len(head) < 2:  # noqa: PLR2004  # a tag and a length
        raise MalformedError("a value that ends too early")
    size, begin = head[1], position + 2
    if size >= _LONG:
        width = size - _LONG
        size, begin = int.from_bytes(head[2 : 2 + width]), begin + width
        if not 1 <= width <= _WIDEST or size < max(_LONG, 1 << 8 * (width - 1)):
            raise MalformedError("a length that is not in the shortest form")
    if begin + size > len(data):
        raise MalformedError("a value that ends too early")
    return head[0], begin, begin + size


def members(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and whole bytes of each value that stands in *content*.

    Raises:
        MalformedError: If one is not in the one form.
    """
    position = 0
    while position < len(content):
        tag, _, end = value_at(content, position)
        yield tag, content[position:end]
        position = end


def whole(data: bytes, tag: int) -> bytes:
    """Return the content of *data*, which is one value of that tag.

    Raises:
        MalformedError: If it is not, or something follows.
    """
    found, begin, end = value_at(data, 0)
    if found != tag or end != len(data):
        raise MalformedError(f"no value of tag {tag:#x}, or more than that")
    return data[begin:end]
