"""PDF objects and the file they make (ISO 32000-1, 7.3 and 7.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cecert.adapters.render.text_fonts import deflated

__all__ = ["Name", "Objects", "Raw", "Ref", "Stream", "Value", "serialised"]


class Name(str):
    """A name object, written without its slash."""

    __slots__ = ()


class Raw(bytes):
    """Bytes that are PDF already."""

    __slots__ = ()


class Ref(int):
    """A reference to the object of this number."""

    __slots__ = ()


Value = object
"""None, bool, int, float, str (a text string), bytes (a byte string), Name, Ref, Raw,
a mapping from names without slash, or a sequence."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream; `data` is as stored, after any filter that `entries` names."""

    entries: Mapping[str, Value]
    data: bytes

    @classmethod
    def packed(cls, data: bytes, **entries: Value) -> Stream:
        """Return a compressed stream."""
        return cls({**entries, "Filter": Name("FlateDecode")}, deflated(data))


_REGULAR = frozenset(range(0x21, 0x7F)) - frozenset(b"()<>[]{}/%#")


def serialised(value: Value) -> bytes:
    """Write a value.

    >>> serialised({"Type": Name("Page"), "Kids": [Ref(3), 1.50, True, None]})
    b'<</Type/Page/Kids[3 0 R 1.5 true null]>>'

    Raises:
        TypeError: If it is none that PDF has.
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} is no PDF object")


def _name(value: str) -> bytes:
    return b"/" + b"".join(_in_name(each) for each in value.encode())


def _number(value: float) -> bytes:
    return (f"{value:.4f}".rstrip("0").rstrip(".") or "0").encode()


def _dictionary(value: Mapping[str, Value]) -> bytes:
    pairs = (_name(key) + _parted(serialised(each)) for key, each in value.items())
    return b"<<" + b"".join(pairs) + b">>"


def _parted(written: bytes) -> bytes:
    return written if written[:1] in b"/<[(" else b" " + written


def _in_name(byte: int) -> bytes:
    return bytes([byte]) if byte in _REGULAR else b"#%02X" % byte


def _text(value: str) -> bytes:
    if value.isascii() and value.isprintable():
        escaped = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


# The first kind that fits counts: a reference is an int, a name is a str.
_WRITERS: tuple[tuple[type, Callable[[Any], bytes]], ...] = (
    (Raw, bytes),
    (type(None), lambda _: b"null"),
    (bool, lambda value: b"true" if value else b"false"),
    (Ref, lambda value: b"%d 0 R" % value),
    (Name, _name),
    (int, lambda value: b"%d" % value),
    (float, _number),
    (str, _text),
    (bytes, lambda value: b"<" + value.hex().upper().encode() + b">"),
    (Mapping, _dictionary),
    (Sequence, lambda value: b"[" + b" ".join(map(serialised, value)) + b"]"),
)


class Objects:
    """The objects of a document, numbered in the order they are added."""

    def __init__(self) -> None:
        self._values: list[Value] = []

    def add(self, value: Value) -> Ref:
        """Add an object and return its reference."""
        self._values.append(value)
        return Ref(len(self._values))

    def reserve(self) -> Ref:
        """Return a reference whose object is set later."""
        return self.add(None)

    def set(self, ref: Ref, value: Value) -> None:
        """Set a reserved object."""
        self._values[ref - 1] = value

    def file(self, root: Ref, info: Ref) -> bytes:
        """Return the file; its identifier is its digest, so equal content is equal bytes."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, value in enumerate(self._values, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + _body(value) + b"\nendobj\n"
        digest = sha256(out).digest()[:16]
        start, count = len(out), len(places) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % count
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        trailer = {"Size": count, "Root": root, "Info": info, "ID": [digest, digest]}
        out += b"trailer\n" + serialised(trailer) + b"\nstartxref\n%d\n%%%%EOF\n" % start
        return bytes(out)


def _body(value: Value) -> bytes:
    if not isinstance(value, Stream):
        return serialised(value)
    entries = serialised({**value.entries, "Length": len(value.data)})
    return entries + b"\nstream\n" + value.data + b"\nendstream"
