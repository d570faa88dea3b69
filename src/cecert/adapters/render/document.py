"""The document: pages become a tagged PDF/A-3u and PDF/UA-1 file.

Content is marked piece by piece, the structure tree says what each piece is, and the
token goes along as an attachment. The seal's field stands here too, tagged and with
its picture, so that sealing adds a signature and changes nothing else.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cecert.adapters.render.faces import Face
from cecert.adapters.render.metadata import info_date, srgb_profile, xmp
from cecert.adapters.render.objects import Name, Objects, Raw, Ref, Stream, Value
from cecert.adapters.render.ornament import colour, number
from cecert.adapters.render.page import Box, Drawn, Element, Ink, Item, Page, Picture
from cecert.adapters.render.pictures import PrintPicture
from cecert.adapters.render.text_fonts import FontUse, text_operators

__all__ = ["Attachment", "SealField", "document"]

SEAL_FIELD = "Seal"


@dataclass(frozen=True, slots=True)
class SealField:
    """The seal's place on the first page: its box, its picture, its name for people."""

    box: Box
    ornament: bytes
    label: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along, as plain text."""

    name: str
    text: str
    description: str


def document(
    pages: Sequence[Page],
    pictures: Mapping[str, PrintPicture],
    attachment: Attachment,
    seal: SealField | None,
    about: tuple[str, str, datetime],
) -> bytes:
    """Return the file.

    Args:
        pages: In order.
        pictures: By the keys the pages use.
        attachment: The token.
        seal: Where a seal will stand, None for a document that gets none.
        about: Title, author, and when it was made (UTC).
    """
    return _Document(pictures).file(pages, attachment, seal, about)


class _Document:
    def __init__(self, pictures: Mapping[str, PrintPicture]) -> None:
        self.objects = Objects()
        self.pictures = pictures
        self.fonts: dict[Face, FontUse] = {}
        self.catalog, self.info, self.tree = (self.objects.reserve() for _ in range(3))

    def file(
        self,
        pages: Sequence[Page],
        attachment: Attachment,
        seal: SealField | None,
        about: tuple[str, str, datetime],
    ) -> bytes:
        objects = self.objects
        page_refs = [objects.reserve() for _ in pages]
        node, root_element = objects.reserve(), objects.reserve()
        resources = objects.reserve()
        parents: list[list[Ref]] = []
        kids: list[Ref] = []
        widget = self._widget(seal, page_refs[0], len(pages)) if seal else None
        for index, (page, ref) in enumerate(zip(pages, page_refs, strict=True)):
            content = _Content(self, ref, root_element)
            kids += content.write(page)
            parents.append(content.parents)
            objects.set(ref, {
                "Type": Name("Page"),
                "Parent": node,
                "MediaBox": [0, 0, page.width, page.height],
                "Resources": resources,
                "Contents": objects.add(Stream.packed(content.data())),
                "StructParents": index,
                "Tabs": Name("S"),
                **({"Annots": [widget]} if widget and not index else {}),
            })  # fmt: skip
        form = self._form_element(widget, root_element, page_refs[0], seal) if seal else None
        objects.set(node, {"Type": Name("Pages"), "Kids": page_refs, "Count": len(pages)})
        self._set_structure(root_element, kids, parents, form)
        objects.set(resources, self._resources())
        self._set_catalog(node, widget, attachment, about)
        return objects.file(self.catalog, self.info)

    # Structure

    def _set_structure(
        self, root: Ref, kids: list[Ref], parents: list[list[Ref]], form: Ref | None
    ) -> None:
        numbers: list[Value] = []
        for index, refs in enumerate(parents):
            numbers += [index, refs]
        if form:
            kids = [*kids, form]
            numbers += [len(parents), form]
        self.objects.set(root, {
            "Type": Name("StructElem"), "S": Name("Document"), "P": self.tree, "K": kids,
        })  # fmt: skip
        self.objects.set(self.tree, {
            "Type": Name("StructTreeRoot"),
            "K": [root],
            "ParentTree": self.objects.add({"Nums": numbers}),
            "ParentTreeNextKey": len(parents) + bool(form),
        })  # fmt: skip

    def _widget(self, seal: SealField, page: Ref, key: int) -> Ref:
        box = seal.box
        size = [0, 0, round(box.right - box.left, 3), round(box.top - box.bottom, 3)]
        picture = self.objects.add(Stream.packed(
            seal.ornament, Type=Name("XObject"), Subtype=Name("Form"), BBox=size, Resources={},
        ))  # fmt: skip
        return self.objects.add({
            "Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"),
            "T": SEAL_FIELD, "TU": seal.label, "F": 132, "P": page, "StructParent": key,
            "Rect": [round(each, 3) for each in (box.left, box.bottom, box.right, box.top)],
            "AP": {"N": picture},
        })  # fmt: skip

    def _form_element(self, widget: Ref | None, root: Ref, page: Ref, seal: SealField) -> Ref:
        reference = {"Type": Name("OBJR"), "Obj": widget, "Pg": page}
        return self.objects.add({
            "Type": Name("StructElem"), "S": Name("Form"), "P": root, "Pg": page,
            "K": [reference], "Alt": seal.label,
        })  # fmt: skip

    # Resources

    def font(self, face: Face) -> FontUse:
        """Return the document's codes for a face."""
        if face not in self.fonts:
            self.fonts[face] = FontUse(face, f"F{len(self.fonts)}")
        return self.fonts[face]

    def _resources(self) -> Value:
        return {
            "Font": {
                use.key: self._font(use, index) for index, use in enumerate(self.fonts.values())
            },
            "XObject": {
                f"I{index}": self._picture(each)
                for index, each in enumerate(self.pictures.values())
            },
        }

    def picture_key(self, key: str) -> str:
        """Return the resource name of a picture."""
        return f"I{list(self.pictures).index(key)}"

    def _picture(self, picture: PrintPicture) -> Ref:
        def image(data: bytes, colours: int, **more: Value) -> Ref:
            entries = {
                "Type": Name("XObject"), "Subtype": Name("Image"),
                "Width": picture.width, "Height": picture.height,
                "ColorSpace": Name("DeviceRGB" if colours == 3 else "DeviceGray"),  # noqa: PLR2004
                "BitsPerComponent": 8, "Filter": Name("FlateDecode"),
                "DecodeParms": {
                    "Predictor": 15, "Colors": colours, "BitsPerComponent": 8,
                    "Columns": picture.width,
                },
                **more,
            }  # fmt: skip
            return self.objects.add(Stream(entries, data))

        mask = {"SMask": image(picture.alpha, 1)} if picture.alpha else {}
        return image(picture.data, picture.colours, **mask)

    def _font(self, use: FontUse, index: int) -> Ref:
        add, face = self.objects.add, use.face
        program, mapping = use.program()
        ascender, descender = face.line_extents
        name = Name(f"{_subset_tag(index)}+{face.name}")
        descriptor = add({
            "Type": Name("FontDescriptor"), "FontName": name, "Flags": 4,
            "FontBBox": [-1000, -1000, 3000, 2000], "ItalicAngle": 0,
            "Ascent": round(ascender * 1000), "Descent": round(descender * 1000),
            "CapHeight": round(face.cap_height * 1000), "StemV": 80,
            "FontFile2": add(Stream.packed(program, Length1=len(program))),
        })  # fmt: skip
        descendant = add({
            "Type": Name("Font"), "Subtype": Name("CIDFontType2"), "BaseFont": name,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": descriptor, "W": Raw(use.widths().encode()),
            "CIDToGIDMap": add(Stream.packed(mapping)),
        })  # fmt: skip
        return add({
            "Type": Name("Font"), "Subtype": Name("Type0"), "BaseFont": name,
            "Encoding": Name("Identity-H"), "DescendantFonts": [descendant],
            "ToUnicode": add(Stream.packed(use.to_unicode())),
        })  # fmt: skip

    # Catalog

    def _set_catalog(
        self,
        pages: Ref,
        widget: Ref | None,
        attachment: Attachment,
        about: tuple[str, str, datetime],
    ) -> None:
        title, author, at = about
        add = self.objects.add
        attached = add(_attached(self.objects, attachment, at))
        profile = add(Stream.packed(srgb_profile(), N=3))
        metadata = add(
            Stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, xmp(title, author, at))
        )
        form = {"AcroForm": {"Fields": [widget], "SigFlags": 3}} if widget else {}
        self.objects.set(self.info, {
            "Title": title, "Author": author, "Creator": "cecert", "Producer": "cecert",
            "CreationDate": info_date(at), "ModDate": info_date(at),
        })  # fmt: skip
        self.objects.set(self.catalog, {
            "Type": Name("Catalog"), "Pages": pages, "Lang": "en-US",
            "MarkInfo": {"Marked": True}, "StructTreeRoot": self.tree, "Metadata": metadata,
            "ViewerPreferences": {"DisplayDocTitle": True},
            "OutputIntents": [{
                "Type": Name("OutputIntent"), "S": Name("GTS_PDFA1"),
                "OutputConditionIdentifier": "sRGB", "Info": "sRGB IEC61966-2.1",
                "DestOutputProfile": profile,
            }],
            "AF": [attached],
            "Names": {"EmbeddedFiles": {"Names": [attachment.name, attached]}},
            **form,
        })  # fmt: skip


def _attached(objects: Objects, attachment: Attachment, at: datetime) -> Value:
    data = attachment.text.encode("ascii")
    # Not compressed, so that the token can be found in the file with a text editor.
    stream = objects.add(Stream(
        {
            "Type": Name("EmbeddedFile"), "Subtype": Name("text/plain"),
            "Params": {"Size": len(data), "ModDate": info_date(at)},
        },
        data,
    ))  # fmt: skip
    return {
        "Type": Name("Filespec"), "F": attachment.name, "UF": attachment.name,
        "AFRelationship": Name("Data"), "Desc": attachment.description,
        "EF": {"F": stream, "UF": stream},
    }  # fmt: skip


def _subset_tag(index: int) -> str:
    letters = string.ascii_uppercase
    return f"CECER{letters[index % 26]}"


@dataclass
class _Content:
    """Writes one page's content and its part of the structure tree."""

    document: _Document
    page: Ref
    root: Ref
    parents: list[Ref] = field(default_factory=list)
    parts: list[str | bytes] = field(default_factory=list)

    def data(self) -> bytes:
        """Return the content stream."""
        return b"\n".join(
            part.encode("ascii") if isinstance(part, str) else part for part in self.parts
        )

    def write(self, page: Page) -> list[Ref]:
        """Write *page*; return its elements."""
        for item in page.behind:
            self.parts.append("/Artifact BMC")
            self._item(item)
            self.parts.append("EMC")
        return [self._element(element, self.root) for element in page.body]

    def _element(self, element: Element, parent: Ref) -> Ref:
        ref = self.document.objects.reserve()
        kids: list[Value] = []
        run: list[Item] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids += self._marked(run, element, ref)
                run = []
                kids.append(self._element(kid, ref))
            else:
                run.append(kid)
        kids += self._marked(run, element, ref)
        self.document.objects.set(ref, self._entries(element, parent, kids))
        return ref

    def _marked(self, items: Sequence[Item], element: Element, ref: Ref) -> list[Value]:
        if not items:
            return []
        mark = len(self.parents)
        self.parents.append(ref)
        self.parts.append(f"/{element.role} <</MCID {mark}>> BDC")
        for item in items:
            self._item(item)
        self.parts.append("EMC")
        return [mark]

    def _entries(self, element: Element, parent: Ref, kids: list[Value]) -> dict[str, Value]:
        entries: dict[str, Value] = {
            "Type": Name("StructElem"), "S": Name(element.role), "P": parent, "Pg": self.page,
            "K": kids,
        }  # fmt: skip
        if element.alt:
            entries["Alt"] = element.alt
        if element.actual_text:
            entries["ActualText"] = element.actual_text
        if element.scope:
            entries["A"] = {"O": Name("Table"), "Scope": Name(element.scope)}
        if element.role == "Figure":
            box = _bounds(element)
            sides = [round(each, 2) for each in (box.left, box.bottom, box.right, box.top)]
            entries["A"] = {"O": Name("Layout"), "BBox": sides, "Placement": Name("Block")}
        return entries

    def _item(self, item: Item) -> None:
        if isinstance(item, Drawn):
            self.parts += ["q", item.operators, "Q"]
        elif isinstance(item, Picture):
            box = item.box
            size = f"{number(box.right - box.left)} 0 0 {number(box.top - box.bottom)}"
            place = f"{number(box.left)} {number(box.bottom)}"
            key = self.document.picture_key(item.key)
            self.parts.append(f"q {size} {place} cm /{key} Do Q")
        else:
            self._text(item)

    def _text(self, ink: Ink) -> None:
        fonts = [self.document.font(run.face) for run in ink.shaped.runs]
        fill = colour(ink.colour, "rg")
        self.parts.append(f"BT {fill}\n{text_operators(ink, fonts)}\nET")


def _bounds(element: Element) -> Box:
    boxes = [kid.box for kid in element.kids if not isinstance(kid, Element)]
    return Box(
        min(each.left for each in boxes),
        min(each.bottom for each in boxes),
        max(each.right for each in boxes),
        max(each.top for each in boxes),
    )
