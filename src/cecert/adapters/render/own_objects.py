"""A document's own objects: they follow those it shares, and the table of all ends it."""

from __future__ import annotations

from cecert.adapters.render.objects import (
    NEVER,
    ROW,
    Raw,
    Ref,
    Stream,
    Value,
    in_body,
    in_pack,
    object_stream,
    quickly_deflated,
    serialised,
    written,
)
from cecert.adapters.render.pieces import joined, stored
from cecert.adapters.render.plate import Plate

__all__ = ["OwnObjects"]


class OwnObjects:
    """The objects that one document adds to a plate.

    Attributes:
        parts: The file so far, the plate's beginning first.
        length: Bytes of it.
    """

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self.parts: list[bytes] = [plate.beginning]
        self.length = len(plate.beginning)
        self._rows = bytearray(NEVER + bytes(ROW * plate.own))
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
            self.write(written(ref, value))
        else:
            self._pack[ref] = serialised(value)

    def stream(self, ref: Ref, entries: bytes, data: bytes) -> None:
        """Write a stream whose entries are written already."""
        self.set(ref, Stream(Raw(entries), data))

    def place(self, ref: Ref) -> None:
        """Say that what is written next is the object of that number."""
        self._tell(ref, in_body(self.length))

    def write(self, *parts: bytes) -> None:
        """Write bytes."""
        self.parts += parts
        self.length += sum(map(len, parts))

    def leave(self, size: int) -> None:
        """Leave so many bytes for what is written when the end is known."""
        self.length += size

    def pack(self) -> None:
        """Write all that is no stream, in one stream."""
        ref = self._next()
        for index, number in enumerate(self._pack):
            self._tell(number, in_pack(ref, index))
        self.set(ref, object_stream(self._pack, quickly_deflated))

    def end(self, info: Ref, identity: bytes) -> bytes:
        """Return the cross-reference stream, in which it stands itself, and the file's end."""
        number, start = self._next(), self.length
        self._tell(number, in_body(start))
        own, last = stored(bytes(self._rows)), stored(bytes(self._last_rows))
        rows = joined([own, self._plate.rows, last])
        entries = (self._plate.root, info, identity, identity, len(rows), rows)
        return _END % (number, number + 1, *entries, start)

    def _next(self) -> Ref:
        self._last_rows += bytes(ROW)
        return Ref(self._plate.count + len(self._last_rows) // ROW)

    def _tell(self, number: int, row: bytes) -> None:
        after = number - self._plate.count - 1
        rows, at = (self._rows, number) if after < 0 else (self._last_rows, after)
        rows[ROW * at : ROW * at + ROW] = row


_END = (
    b"%d 0 obj\n<</Type/XRef/Size %d/W[1 3 2]/Root %d 0 R/Info %d 0 R/ID[<%b> <%b>]"
    b"/Filter/FlateDecode/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
    b"startxref\n%d\n%%%%EOF\n"
)
