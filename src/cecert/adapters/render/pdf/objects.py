"""PDF objects as they stand in a file (ISO 32000-1, 7.3 and 7.5)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cecert.adapters.render.pdf.pieces import Piece, joined, lasting, stored
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "Compiled", "Name", "Objects", "OwnObjects", "Raw", "Ref", "Stream", "Value", "deflated",
    "quickly_deflated", "serialised",
]  # fmt: skip


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


@quickly_made
@dataclass(frozen=True, slots=True)
class Stream:
    """A stream; `data` is as stored, after any filter that `entries` names.

    Entries may be PDF already, without the brackets of their dictionary.
    """

    entries: Mapping[str, Value] | Raw
    data: bytes

    @classmethod
    def packed(cls, data: bytes, **entries: Value) -> Stream:
        """Return a compressed stream."""
        return cls({**entries, "Filter": Name("FlateDecode")}, deflated(data))


def deflated(data: bytes) -> bytes:
    """Compress what many documents share."""
    return zlib.compress(data, 9)


def quickly_deflated(data: bytes) -> bytes:
    """Compress a few thousand bytes, in a fifth of the time: zlib's usual tables are for more."""
    packer = zlib.compressobj(1, zlib.DEFLATED, wbits=12, memLevel=5)
    return packer.compress(data) + packer.flush()


_REGULAR = frozenset(range(0x21, 0x7F)) - frozenset(b"()<>[]{}/%#")


def serialised(value: Value) -> bytes:
    """Write a value as it stands in a file.

    >>> serialised({"Type": Name("Page"), "Kids": [Ref(3), 1.50, True, None]})
    b'<</Type/Page/Kids[3 0 R 1.5 true null]>>'

    Raises:
        TypeError: If it is none that PDF has.
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} is no PDF object")


@lru_cache(maxsize=4096)
def _name(value: str) -> bytes:
    return b"/" + b"".join(_in_name(each) for each in value.encode())


def _number(value: float) -> bytes:
    return (f"{value:.4f}".rstrip("0").rstrip(".") or "0").encode()


def _dictionary(value: Mapping[str, Value]) -> bytes:
    pairs = (_name(key) + _parted(serialised(each)) for key, each in value.items())
    return b"<<" + b"".join(pairs) + b">>"


def _parted(text: bytes) -> bytes:
    return text if text[:1] in b"/<[(" else b" " + text


def _in_name(byte: int) -> bytes:
    return bytes([byte]) if byte in _REGULAR else b"#%02X" % byte


def _text(value: str) -> bytes:
    if value.isascii() and value.isprintable():
        escaped = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


def _bytes(value: bytes) -> bytes:
    for special in (b"\\", b"(", b")"):
        value = value.replace(special, b"\\" + special)
    return b"(" + value.replace(b"\r", b"\\r") + b")"  # a bare CR would be read as LF


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
    (bytes, _bytes),
    (Mapping, _dictionary),
    (Sequence, lambda value: b"[" + b" ".join(map(serialised, value)) + b"]"),
)


def _written(number: int, value: Value) -> bytes:
    """Return an object as it stands in the body of a file."""
    if not isinstance(value, Stream):
        return b"%d 0 obj\n%b\nendobj\n" % (number, serialised(value))
    entries = value.entries
    told = entries if isinstance(entries, Raw) else serialised(entries)[2:-2]
    # CR LF, because some readers take a CR that is data for a part of the line's end.
    return b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\r\nendstream\nendobj\n" % (
        number,
        told,
        len(value.data),
        value.data,
    )


_ROW = 6
"""Bytes of a cross-reference row."""

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True, slots=True)
class Compiled:
    """The file's beginning that documents share, and what ends a file after it.

    Attributes:
        beginning: Its bytes.
        rows: Cross-reference rows of the objects in it, as a piece of a stream.
        own: How many numbers are a document's own, which are the first.
        count: How many numbers there are.
        root: The catalog.
    """

    beginning: bytes
    rows: Piece
    own: int
    count: int
    root: Ref


class Objects:
    """The objects that many documents share, and the numbers of those they do not.

    Attributes:
        own: How many each document writes for itself; theirs are the first numbers.
        count: All numbers given.
    """

    def __init__(self, own: int) -> None:
        self._values: dict[int, Value] = {}
        self._numbers = iter(range(1, own + 1))
        self.own = self.count = own

    def slot(self) -> Ref:
        """Return the number of an object that each document writes."""
        return Ref(next(self._numbers))

    def reserve(self) -> Ref:
        """Return a number whose object is set later."""
        self.count += 1
        return Ref(self.count)

    def add(self, value: Value) -> Ref:
        """Add an object and return its reference."""
        ref = self.reserve()
        self._values[ref] = value
        return ref

    def set(self, ref: Ref, value: Value) -> None:
        """Set a reserved object."""
        self._values[ref] = value

    def compiled(self, root: Ref) -> Compiled:
        """Return the beginning of files whose catalog is *root*.

        Streams stand in it one by one, all other objects in one object stream.
        """
        out = bytearray(_HEADER)
        plain = {n: value for n, value in self._values.items() if not isinstance(value, Stream)}
        bodies = {number: serialised(value) for number, value in plain.items()}
        packed = self.add(_object_stream(bodies))
        rows = {number: _in_pack(packed, index) for index, number in enumerate(plain)}
        for number, value in self._values.items():
            if isinstance(value, Stream):
                rows[number] = _in_body(len(out))
                out += _written(number, value)
        told = b"".join(rows[each] for each in range(self.own + 1, self.count + 1))
        return Compiled(bytes(out), lasting(told, ()), self.own, self.count, root)


class OwnObjects:
    """The objects that one document adds to those that are shared.

    Attributes:
        parts: The file so far, the shared beginning first.
        length: Bytes of it.
    """

    def __init__(self, shared: Compiled) -> None:
        self._shared = shared
        self.parts: list[bytes] = [shared.beginning]
        self.length = len(shared.beginning)
        self._rows = bytearray(_NEVER + bytes(_ROW * shared.own))
        self._last_rows = bytearray()
        self._pack: dict[int, bytes] = {}

    def add(self, value: Value) -> Ref:
        """Add an object and return its reference."""
        ref = self._next()
        self.set(ref, value)
        return ref

    def set(self, ref: Ref, value: Value) -> None:
        """Set an object whose number was reserved."""
        if isinstance(value, Stream):
            self.place(ref)
            self.write(_written(ref, value))
        else:
            self._pack[ref] = serialised(value)

    def stream(self, ref: Ref, entries: bytes, data: bytes) -> None:
        """Write a stream whose entries are written already.

        Args:
            ref: Its reserved number.
            entries: Of its dictionary, without brackets and length.
            data: As stored, after any filter that the entries name.
        """
        self.set(ref, Stream(Raw(entries), data))

    def place(self, ref: Ref) -> None:
        """Say that what is written next is the object of that number."""
        self._tell(ref, _in_body(self.length))

    def write(self, *parts: bytes) -> None:
        """Write bytes at the end of the file so far."""
        self.parts += parts
        self.length += sum(map(len, parts))

    def leave(self, size: int) -> None:
        """Leave so many bytes for what is written when the end is known."""
        self.length += size

    def pack(self) -> None:
        """Write all that is no stream, in one stream."""
        ref = self._next()
        for index, number in enumerate(self._pack):
            self._tell(number, _in_pack(ref, index))
        self.set(ref, _object_stream(self._pack, quickly_deflated))

    def end(self, info: Ref, identity: bytes) -> bytes:
        """Return the cross-reference stream, in which it stands itself, and the file's end."""
        number, start = self._next(), self.length
        self._tell(number, _in_body(start))
        own, last = stored(bytes(self._rows)), stored(bytes(self._last_rows))
        rows = joined([own, self._shared.rows, last])
        entries = (self._shared.root, info, identity, identity, len(rows), rows)
        return _END % (number, number + 1, *entries, start)

    def _next(self) -> Ref:
        self._last_rows += bytes(_ROW)
        return Ref(self._shared.count + len(self._last_rows) // _ROW)

    def _tell(self, number: int, row: bytes) -> None:
        after = number - self._shared.count - 1
        rows, at = (self._rows, number) if after < 0 else (self._last_rows, after)
        rows[_ROW * at : _ROW * at + _ROW] = row


_END = (
    b"%d 0 obj\n<</Type/XRef/Size %d/W[1 3 2]/Root %d 0 R/Info %d 0 R/ID[<%b> <%b>]"
    b"/Filter/FlateDecode/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
    b"startxref\n%d\n%%%%EOF\n"
)


_NEVER = b"\0\0\0\0\xff\xff"
"""The cross-reference row of number 0, which is no object's."""


def _in_body(place: int) -> bytes:
    """Return the cross-reference row of an object at a *place* in the file."""
    return b"\1" + place.to_bytes(3, "big") + b"\0\0"


def _in_pack(pack: int, index: int) -> bytes:
    """Return the cross-reference row of the object at an *index* of an object stream."""
    return b"\2" + pack.to_bytes(3, "big") + index.to_bytes(2, "big")


def _object_stream(
    bodies: Mapping[int, bytes], pack: Callable[[bytes], bytes] = deflated
) -> Stream:
    """Return a stream of objects that are no streams (7.5.7)."""
    places, at = [], 0
    for number, body in bodies.items():
        places.append(b"%d %d" % (number, at))
        at += len(body) + 1
    index = b" ".join(places) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bodies), len(index))
    return Stream(Raw(entries), pack(index + b"\n".join(bodies.values())))
