"""A page of another document as the ground of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pypdf import PageObject
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    ContentStream,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from cecert.adapters.render.pdf.objects import Name, Objects, Ref, Stream, Value

__all__ = ["Ground"]

MOST_OBJECTS = 20_000
"""A page that needs more is no letterhead."""

MOST_MARKED = 1_000_000
"""Bytes of the operators of a page or form that are marked, and so taken apart one by one."""


class Ground:
    """A page as one drawing, with all it needs."""

    def __init__(self, page: PageObject) -> None:
        """Take a page whose boxes and rotation were checked.

        Raises:
            ValueError: If it cannot be taken apart; pypdf may raise anything else.
        """
        self._page = page
        contents = page.get_contents()
        self._data = unmarked(contents) if contents is not None else b""

    def add(self, objects: Objects) -> Ref:
        """Add the page's content and what it refers to, and return the drawing."""
        box = self._page.mediabox
        resources = self._page.get("/Resources", DictionaryObject())
        return objects.add(Stream.packed(
            self._data,
            Type=Name("XObject"),
            Subtype=Name("Form"),
            BBox=[float(each) for each in (box.left, box.bottom, box.right, box.top)],
            Matrix=[1, 0, 0, 1, -float(box.left), -float(box.bottom)],
            Resources=_Copy(objects).of(resources),
        ))  # fmt: skip


class _Copy:
    """Copies objects, each once however often it is referred to."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._known: dict[tuple[int, int], Ref] = {}

    def of(self, value: PdfObject | None) -> Value:
        match value:
            case IndirectObject():
                return self._referred(value)
            case StreamObject():
                return self._stream(value)
            case DictionaryObject():
                return self._entries(value)
            case ArrayObject():
                return [self.of(each) for each in value]
            case _:
                return _plain(value)

    def _referred(self, value: IndirectObject) -> Value:
        key = (value.idnum, value.generation)
        if key not in self._known:
            if len(self._known) >= MOST_OBJECTS:
                raise ValueError(f"needs more than {MOST_OBJECTS:,} objects")
            self._known[key] = self._objects.reserve()
            self._objects.set(self._known[key], self.of(value.get_object()))
        return self._known[key]

    def _stream(self, value: StreamObject) -> Stream:
        entries = {name: each for name, each in value.items() if name != "/Length"}
        if value.get("/Subtype") == "/Form":
            kept = {name: each for name, each in entries.items() if name not in _STORAGE}
            return Stream.packed(unmarked(value), **self._entries(kept))
        return Stream(self._entries(entries), value._data)  # noqa: SLF001  # pypdf shows it only decoded

    def _entries(self, value: Mapping[str, PdfObject]) -> dict[str, Value]:
        # What is marked in the ground has no place in our structure.
        dropped = {"/StructParents", "/StructParent", "/Metadata", "/PieceInfo", "/LastModified"}
        return {str(name)[1:]: self.of(each) for name, each in value.items() if name not in dropped}


def unmarked(content: StreamObject) -> bytes:
    """Return the operators of *content* without marks: an artifact holds nothing tagged."""
    data = content.get_data()
    if b"BDC" not in data and b"BMC" not in data:
        return data
    if len(data) > MOST_MARKED:
        raise ValueError(f"has {len(data):,} bytes of tagged drawing, at most {MOST_MARKED:,}")
    stream = DecodedStreamObject()
    stream.set_data(data)
    parsed = ContentStream(stream, None)
    parsed.operations = [each for each in parsed.operations if each[1] not in _MARKS]
    return parsed.get_data()


_STORAGE = frozenset({"/Filter", "/DecodeParms"})
_MARKS = frozenset({b"BDC", b"BMC", b"EMC", b"MP", b"DP"})


def _plain(value: PdfObject | None) -> Value:
    if value is None or isinstance(value, NullObject):
        return None
    for kind, convert in _PLAIN:
        if isinstance(value, kind):
            return convert(value)
    raise ValueError(f"holds {type(value).__name__}, which no page needs")


_PLAIN: tuple[tuple[type, Callable[[Any], Value]], ...] = (
    (BooleanObject, lambda value: bool(value.value)),
    (NameObject, lambda value: Name(value[1:])),
    (NumberObject, int),
    (FloatObject, float),
    (TextStringObject, lambda value: value.original_bytes),
    (ByteStringObject, bytes),
)
