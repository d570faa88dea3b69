"""Letterheads that nobody makes by accident: small PDF files that are much to read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from letterhead_samples import letterhead
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

__all__ = ["LETTERHEADS"]

Change = Callable[[PdfWriter, Any], None]
"""Makes of an honest letterhead, and of its page, another."""


@cache
def _honest() -> bytes:
    return letterhead()


def _changed(change: Change) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_honest())))
    change(writer, writer.pages[0])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _deflated(megabytes: int, each: bytes = b"\0") -> bytes:
    packer = zlib.compressobj(1)
    block = each * ((1 << 20) // len(each))
    return b"".join([packer.compress(block) for _ in range(megabytes)]) + packer.flush()


def _stream(data: bytes, filters: str = "/FlateDecode", times: int = 1) -> StreamObject:
    stream = EncodedStreamObject()
    stream._data = data
    names = ArrayObject([NameObject(filters)] * times)
    stream[NameObject("/Filter")] = names if times > 1 else names[0]
    return stream


def _content(stream: StreamObject) -> Change:
    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        page[NameObject("/Contents")] = writer._add_object(stream)

    return change


def _many_contents(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    each = writer._add_object(_stream(_deflated(40, b"q Q ")))
    page[NameObject("/Contents")] = ArrayObject([each] * 100)


def _twice_deflated(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    inner = _deflated(200)
    _content(_stream(zlib.compress(inner, 9), times=2))(writer, page)


def _forms(count: int, uses: int) -> Change:
    """Return what gives a page forms that each draw the next so many times."""

    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        forms = [writer._add_object(DecodedStreamObject()) for _ in range(count)]
        for place, reference in enumerate(forms):
            form: Any = reference.get_object()
            form.set_data(b"/N Do " * uses)
            form[NameObject("/Type")] = NameObject("/XObject")
            form[NameObject("/Subtype")] = NameObject("/Form")
            form[NameObject("/BBox")] = ArrayObject([NumberObject(0)] * 4)
            form[NameObject("/Resources")] = _resources({"/N": forms[(place + 1) % count]})
        page[NameObject("/Resources")] = _resources({"/N": forms[0]})
        stream = DecodedStreamObject()
        stream.set_data(b"/N Do")
        _content(stream)(writer, page)

    return change


def _resources(drawn: Mapping[str, IndirectObject]) -> DictionaryObject:
    named = DictionaryObject({NameObject(name): each for name, each in drawn.items()})
    return DictionaryObject({NameObject("/XObject"): named})


def _deep_array(depth: int) -> Change:
    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        value: PdfObject = NullObject()
        for _ in range(depth):
            value = writer._add_object(ArrayObject([value]))
        page["/Resources"].get_object()[NameObject("/Properties")] = value

    return change


def _many_objects(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    numbers = ArrayObject([writer._add_object(NumberObject(n)) for n in range(60_000)])
    page["/Resources"].get_object()[NameObject("/Properties")] = numbers


def _root(name: str, value: Callable[[PdfWriter], PdfObject]) -> Change:
    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        del page
        writer.root_object[NameObject(name)] = value(writer)

    return change


def _script(writer: PdfWriter) -> PdfObject:
    del writer
    return DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app")}
    )


def _scripts_in_a_circle(writer: PdfWriter) -> PdfObject:
    action = DictionaryObject({NameObject("/S"): NameObject("/GoTo")})
    reference = writer._add_object(action)
    action[NameObject("/Next")] = reference
    return reference


def _launch(writer: PdfWriter) -> PdfObject:
    del writer
    return DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("/bin/sh")}
    )


def _names_in_a_circle(writer: PdfWriter) -> PdfObject:
    node = DictionaryObject()
    reference = writer._add_object(node)
    node[NameObject("/Kids")] = ArrayObject([reference])
    return DictionaryObject({NameObject("/EmbeddedFiles"): reference})


def _fields_in_a_circle(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    form: Any = writer.root_object["/AcroForm"].get_object()
    field: Any = page["/Annots"][0].get_object()
    reference = page["/Annots"].get_object()[0]
    field[NameObject("/Kids")] = ArrayObject([reference])
    field[NameObject("/Parent")] = reference
    form[NameObject("/Fields")] = ArrayObject([reference])


def _deep_fields(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    form: Any = writer.root_object["/AcroForm"].get_object()
    del page
    child: Any = writer._add_object(DictionaryObject({NameObject("/T"): TextStringObject("a")}))
    for _ in range(5_000):
        node = {NameObject("/T"): TextStringObject("a"), NameObject("/Kids"): ArrayObject([child])}
        child = writer._add_object(DictionaryObject(node))
    form[NameObject("/Fields")] = ArrayObject([child])


def _many_fields(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    field: Any = page["/Annots"][0].get_object()
    annotations: Any = page["/Annots"].get_object()
    for number in range(20_000):
        each = DictionaryObject(field)
        each[NameObject("/T")] = TextStringObject(f"recipient_nam{number}")
        annotations.append(writer._add_object(each))


def _box(*sides: float) -> Change:
    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        del writer
        page[NameObject("/MediaBox")] = ArrayObject([FloatObject(each) for each in sides])

    return change


def _no_box(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    del writer
    del page["/MediaBox"]


def _pages(count: int) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_honest())))
    for _ in range(count):
        writer.add_blank_page(612, 792)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _tree(kids: str, parent: str = "") -> bytes:
    """Return a PDF whose tree of pages goes in a circle."""
    return _whole("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count 9/Kids[{kids}]{parent}>>")


def _whole(*objects: str, trailer: str = "") -> bytes:
    out, places = "%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{begin}\n%%EOF"
    return out.encode("latin-1")


def _deep_page_tree(depth: int) -> bytes:
    nodes = [f"<</Type/Pages/Count 1/Kids[{n + 3} 0 R]>>" for n in range(depth)]
    page = "<</Type/Page/MediaBox[0 0 792 612]>>"
    return _whole("<</Type/Catalog/Pages 2 0 R>>", *nodes, page)


def _table_in_a_circle() -> bytes:
    data = _whole("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>")
    begin = data.index(b"xref")
    return data.replace(b"/Root", b"/Prev %d/Root" % begin)


def _object_stream_in_itself() -> bytes:
    body = zlib.compress(b"1 0 2 30 <</Type/Catalog/Pages 2 0 R>> <</Type/Pages/Kids[]/Count 0>>")
    head = b"%PDF-1.7\n"
    objects = b"3 0 obj\n<</Type/ObjStm/N 2/First 9/Extends 3 0 R/Filter/FlateDecode/Length %d>>"
    objects = objects % len(body) + b"\nstream\n" + body + b"\nendstream\nendobj\n"
    rows = zlib.compress(
        bytes([0, 0, 0, 2, 3, 0, 2, 3, 1, 2, 3, 0, 1, len(head) + len(objects), 0])
    )
    table = b"4 0 obj\n<</Type/XRef/Size 5/W[1 1 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>"
    table = table % len(rows) + b"\nstream\n" + rows + b"\nendstream\nendobj\n"
    place = len(head) + len(objects)
    return head + objects + table + b"startxref\n%d\n%%%%EOF" % place


def _encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_honest())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _picture(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    picture = _stream(_deflated(1))
    for name, value in (("/Width", 60_000), ("/Height", 60_000), ("/BitsPerComponent", 8)):
        picture[NameObject(name)] = NumberObject(value)
    picture[NameObject("/Subtype")] = NameObject("/Image")
    picture[NameObject("/ColorSpace")] = NameObject("/DeviceGray")
    page[NameObject("/Resources")] = _resources({"/I": writer._add_object(picture)})
    stream = DecodedStreamObject()
    stream.set_data(b"q 792 0 0 612 0 0 cm /I Do Q")
    _content(stream)(writer, page)


def _spaces(depth: int) -> Change:
    def change(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
        space: PdfObject = NameObject("/DeviceRGB")
        for _ in range(depth):
            space = writer._add_object(ArrayObject([NameObject("/Pattern"), space]))
        named = DictionaryObject({NameObject("/C"): space})
        page["/Resources"].get_object()[NameObject("/ColorSpace")] = named

    return change


def _space_in_a_circle(writer: PdfWriter, page: Any) -> None:  # noqa: ANN401
    space = ArrayObject([NameObject("/Pattern")])
    reference = writer._add_object(space)
    space += [reference, reference]
    named = DictionaryObject({NameObject("/C"): reference})
    page["/Resources"].get_object()[NameObject("/ColorSpace")] = named


def _marked(data: bytes) -> Change:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return _content(stream)


LETTERHEADS: Mapping[str, Callable[[], bytes]] = {
    "content of 200 MB": lambda: _changed(_content(_stream(_deflated(200)))),
    "content of 200 MB, deflated twice": lambda: _changed(_twice_deflated),
    "100 times a content of 40 MB": lambda: _changed(_many_contents),
    "content of 500 MB in run lengths": lambda: _changed(
        _content(_stream(b"\x81\0" * 4_000_000, "/RunLengthDecode"))
    ),
    "content in LZW that grows": lambda: _changed(
        _content(_stream(b"\x80" + bytes(500_000), "/LZWDecode"))
    ),
    "180,000 operators between marks": lambda: _changed(
        _marked(b"/P BMC " + b"0 0 m 9 9 l S " * 60_000 + b"EMC")
    ),
    "a million marks": lambda: _changed(_marked(b"/P BMC " * 490_000)),
    "120,000 marks within one another": lambda: _changed(_marked(b"/P BMC " * 120_000)),
    "lists 100,000 deep in its content": lambda: _changed(
        _marked(b"/P BMC " + b"[" * 100_000 + b"] TJ")
    ),
    "dictionaries 100,000 deep in its content": lambda: _changed(
        _marked(b"/P BMC /P " + b"<</A " * 100_000)
    ),
    "an endless picture in its content": lambda: _changed(
        _marked(b"/P BMC BI /W 9 /H 9 ID " + b"E" * 2_000_000)
    ),
    "a form that draws itself": lambda: _changed(_forms(1, 2)),
    "30 forms that each draw the next 16 times": lambda: _changed(_forms(30, 16)),
    "3,000 forms within one another": lambda: _changed(_forms(3_000, 1)),
    "lists 900 deep": lambda: _changed(_deep_array(900)),
    "lists 30,000 deep": lambda: _changed(_deep_array(30_000)),
    "60,000 objects": lambda: _changed(_many_objects),
    "a picture of 60,000 by 60,000": lambda: _changed(_picture),
    "colours 5,000 deep": lambda: _changed(_spaces(5_000)),
    "a colour made of itself": lambda: _changed(_space_in_a_circle),
    "a script when it is opened": lambda: _changed(_root("/OpenAction", _script)),
    "actions in a circle": lambda: _changed(_root("/OpenAction", _scripts_in_a_circle)),
    "a program that is started": lambda: _changed(_root("/OpenAction", _launch)),
    "attached files in a circle": lambda: _changed(_root("/Names", _names_in_a_circle)),
    "a field that is its own child": lambda: _changed(_fields_in_a_circle),
    "fields 5,000 deep": lambda: _changed(_deep_fields),
    "20,000 fields": lambda: _changed(_many_fields),
    "a sheet of 10 km": lambda: _changed(_box(0, 0, 3e7, 3e7)),
    "a sheet without end": lambda: _changed(_box(0, 0, float(10**30), 5)),
    "no size": lambda: _changed(_no_box),
    "10,000 pages": lambda: _pages(10_000),
    "a page that is its own child": lambda: _tree("2 0 R", "/Parent 2 0 R"),
    "a page that is not there": lambda: _tree("77 0 R"),
    "pages 20,000 deep": lambda: _deep_page_tree(20_000),
    "no pages": lambda: _tree(""),
    "a table of objects in a circle": _table_in_a_circle,
    "an object stream that extends itself": _object_stream_in_itself,
    "a table of 4 billion objects": lambda: _whole(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]>>"
    ).replace(b"xref\n0 3", b"xref\n0 4294967295"),
    "lists 100,000 deep in the file": lambda: _whole("[" * 100_000, "<<>>"),
    "encrypted": _encrypted,
    "30 MB": lambda: _honest() + bytes(30_000_000),
    "no PDF": lambda: b"%PDF-1.7\n" + bytes(1_000_000),
    "nothing": lambda: b"",
}
"""What may be given as a letterhead, by what is wrong with it."""
