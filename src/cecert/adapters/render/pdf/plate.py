"""Plates: what all certificates of a course that look alike share, written once.

A plate holds the beginning of the file: frame, table, signature, fonts, the structure
of it all. A document is that beginning and what is its own: the words that name the
person, the code, the metadata, the place of the signature. Both are one format, so
there is one writer, and a certificate's bytes depend on nothing but the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cecert.adapters.render.layout.page import Drawn, Element, Form, Ink, Item, Page
from cecert.adapters.render.layout.pictures import PrintPicture
from cecert.adapters.render.pdf.content import (
    SYMBOL,
    Segment,
    drawn_forms,
    element_inks,
    marked,
    picture_name,
    placed,
    segments,
)
from cecert.adapters.render.pdf.drawings import add_picture, appearance, form_object
from cecert.adapters.render.pdf.fonts import BegunFont, add_font, begun_font
from cecert.adapters.render.pdf.metadata import srgb_profile
from cecert.adapters.render.pdf.objects import Name, Objects, Ref, Stream, Value, serialised
from cecert.adapters.render.pdf.structure import Structure
from cecert.adapters.render.pdf.text_fonts import FontUse, common_map, text_line
from cecert.adapters.render.text.faces import Face, Glyph
from cecert.adapters.render.text.shaping import Shaped

# A ground is a page that pypdf read: a letterhead's, which few certificates have.
if TYPE_CHECKING:
    from cecert.adapters.render.pdf.imported import Ground

__all__ = ["GROUND", "Attachment", "SealField", "SharedBeginning", "Slots"]

GROUND = "G"
"""Resource name of the ground."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that documents carry: its name, and what it is."""

    name: str
    description: str


TOKEN = Attachment("cecert-token.txt", "What this certificate certifies, signed")
SPECIMEN = Attachment("cecert-token.txt", "The code of a specimen, which certifies nothing")


@dataclass(frozen=True, slots=True)
class SealField:
    """The seal's place on the first page: its picture, and its name for people."""

    drawn: Drawn
    label: str


@dataclass(frozen=True, slots=True)
class Slots:
    """Numbers of the objects that each document writes for itself.

    Attributes:
        info, metadata, resources, token, symbol: One each.
        contents: Of each stretch that is its own, page by page.
        names: Elements whose words are the person's, with their entries in the structure.
        signature: The signature, None where there is no seal.
    """

    info: Ref
    metadata: Ref
    resources: Ref
    token: Ref
    symbol: Ref
    contents: tuple[Ref, ...]
    names: tuple[tuple[Ref, bytes], ...]
    signature: Ref | None


class SharedBeginning:
    """The shared part of documents, compiled.

    Attributes:
        compiled: The file up to what is a document's own.
        slots: What each document adds.
        resources: Entries of fonts that all documents name, and the dictionary of drawings.
        fonts: The codes of each face that is shared, or begun here.
        begun: Those of them that each document continues with its own glyphs.
        characters: The map from common codes to what they stand for.
        marks: First mark of each own stretch, page by page.
    """

    def __init__(  # noqa: PLR0913  # the last three have a default
        self,
        pages: Sequence[Page],
        pictures: Mapping[str, PrintPicture],
        stock: Sequence[Shaped],
        seal: SealField | None,
        begun: frozenset[Face] = frozenset(),
        *,
        ground: Ground | None = None,
        attachment: Attachment | None = None,
    ) -> None:
        """Compile what *pages* share with all others of their kind.

        Args:
            pages: Of any certificate of the kind; nothing personal of them is kept.
            pictures: By the keys the pages use.
            stock: Letters that ids and licences are made of.
            seal: Where a seal will stand, None for documents that get none.
            begun: Faces that names are set in; a face is in a document only once.
            ground: Another document's page to draw on.
            attachment: What they carry, None for the token of a certificate or a specimen.
        """
        self._seal, self._ground = seal, ground
        self._attachment = attachment or (TOKEN if seal else SPECIMEN)
        self.fonts = self._shared_fonts(pages, stock)
        continued = sum(face in begun for face in self.fonts)
        self._objects = Objects(own=_slots(pages, continued) + bool(seal))
        self.characters = self._objects.add(Stream.packed(common_map()))
        self.begun: dict[Face, BegunFont] = {
            face: begun_font(use, _tag("N", index), self.characters, self._objects)
            for index, (face, use) in enumerate(self.fonts.items())
            if face in begun
        }
        slot, reserve = self._objects.slot, self._objects.reserve
        info, metadata, resources, token, symbol = (slot() for _ in range(5))
        signature, self._root = slot() if seal else None, reserve()
        page_refs = [reserve() for _ in pages]
        structure = Structure(self._objects)
        contents: list[Ref] = []
        self.marks: list[int] = []
        for ref, page in zip(page_refs, pages, strict=True):
            own, marks = self._page(ref, page, page_refs, structure, resources)
            contents += own
            self.marks += marks
        self._close(structure, page_refs[0], signature)
        self.resources = self._shared_resources(pages, pictures, symbol)
        self._catalog(structure, metadata, token, signature)
        self.slots = Slots(
            info,
            metadata,
            resources,
            token,
            symbol,
            tuple(contents),
            tuple(structure.names),
            signature,
        )
        self.compiled = self._objects.compiled(self._root)

    # Fonts and pictures

    def _shared_fonts(self, pages: Sequence[Page], stock: Sequence[Shaped]) -> dict[Face, FontUse]:
        glyphs: dict[Face, dict[tuple[str, int], Glyph]] = {}
        inks = (ink for page in pages for each in page.body for ink in element_inks(each))
        lines = [ink.shaped for ink in inks if not ink.personal]
        for shaped in (*lines, *stock):
            for run in shaped.runs:
                known = glyphs.setdefault(run.face, {})
                known.update(((each.text, each.id), each) for each in run.glyphs)
        fonts: dict[Face, FontUse] = {}
        for face, known in glyphs.items():
            fonts[face] = FontUse(face, f"F{len(fonts)}")
            fonts[face].add(known[key] for key in sorted(known))
        return fonts

    def _shared_resources(
        self, pages: Sequence[Page], pictures: Mapping[str, PrintPicture], symbol: Ref
    ) -> tuple[bytes, Ref]:
        """Return the entries of fonts as they stand in a dictionary, and what names drawings."""
        add = self._objects.add
        fonts = {
            use.key: add_font(use, _tag("R", index), self.characters, self._objects)
            for index, use in enumerate(self.fonts.values())
            if use.face not in self.begun
        }
        drawings: dict[str, Value] = {
            form.name: add(form_object(form)) for form in dict.fromkeys(_forms(pages))
        }
        if self._ground:
            drawings[GROUND] = self._ground.add(self._objects)
        for key, picture in pictures.items():
            drawings[picture_name(key)] = add_picture(picture, self._objects)
        drawings[SYMBOL] = symbol
        return serialised(fonts)[2:-2], add(drawings)

    # Pages

    def _page(
        self, ref: Ref, page: Page, siblings: Sequence[Ref], structure: Structure, resources: Ref
    ) -> tuple[tuple[Ref, ...], tuple[int, ...]]:
        """Write what is shared of a page; return its own contents and their first marks."""
        key = siblings.index(ref)
        structure.begin(ref)
        contents, own, marks = [], [], []
        parts = ["/Artifact BMC", *(placed(item) for item in page.behind), "EMC"]  # type: ignore[arg-type]  # no text lies behind
        for segment in segments(page):
            if segment.own:
                if parts:
                    contents.append(self._stream(parts))
                    parts = []
                marks.append(structure.next_mark)
                own.append(self._objects.slot())
                contents.append(own[-1])
                for element in segment.elements:
                    structure.add(element)
            else:
                parts += self._shared(segment, structure)
        if parts:
            contents.append(self._stream(parts))
        clicked = [*([structure.widget] if self._seal and not key else []), *structure.links]
        self._objects.set(ref, {
            "Type": Name("Page"), "Parent": structure.pages, "Contents": contents,
            "MediaBox": [0, 0, page.width, page.height], "Resources": resources,
            "StructParents": key, "Tabs": Name("S"),
            **({"Annots": clicked} if clicked else {}),
        })  # fmt: skip
        structure.end(ref)
        return tuple(own), tuple(marks)

    def _stream(self, parts: Sequence[str]) -> Ref:
        return self._objects.add(Stream.packed("\n".join(parts).encode("ascii")))

    def _shared(self, segment: Segment, structure: Structure) -> Iterator[str]:
        for element in segment.elements:
            for each, mark, items in structure.add(element):
                yield from marked(each, mark, items, self.text)

    def text(self, ink: Ink) -> str:
        """Return the operators of a line whose glyphs are shared."""
        fonts = [self.fonts[run.face] for run in ink.shaped.runs]
        return text_line(ink, fonts).at(ink.x, ink.y)

    # The rest of the file

    def _close(self, structure: Structure, page: Ref, signature: Ref | None) -> None:
        if self._seal and signature:
            drawn = self._seal.drawn
            picture = self._objects.add(appearance(drawn, self._objects))
            structure.close_with_seal(self._seal.label, drawn.box, picture, page, signature)
        else:
            structure.close()

    def _catalog(
        self, structure: Structure, metadata: Ref, token: Ref, signature: Ref | None
    ) -> None:
        add, name = self._objects.add, self._attachment.name
        attached = add({
            "Type": Name("Filespec"), "F": name, "UF": name,
            "AFRelationship": Name("Data"), "Desc": self._attachment.description,
            "EF": {"F": token, "UF": token},
        })  # fmt: skip
        intent = {
            "Type": Name("OutputIntent"), "S": Name("GTS_PDFA1"),
            "OutputConditionIdentifier": "sRGB", "Info": "sRGB IEC61966-2.1",
            "DestOutputProfile": add(Stream.packed(srgb_profile(), N=3)),
        }  # fmt: skip
        self._objects.set(self._root, {
            "Type": Name("Catalog"), "Pages": structure.pages, "Lang": "en-US",
            "MarkInfo": {"Marked": True}, "StructTreeRoot": structure.tree, "Metadata": metadata,
            "ViewerPreferences": {"DisplayDocTitle": True}, "OutputIntents": [intent],
            "AF": [attached],
            "Names": {"EmbeddedFiles": {"Names": [name, attached]}},
            **(_signed(structure.widget, signature) if signature else {}),
        })  # fmt: skip


def _slots(pages: Sequence[Page], continued: int) -> int:
    """Return how many objects a document writes for itself, but for its signature."""
    contents = sum(segment.own for page in pages for segment in segments(page))
    names = sum(each.personal and bool(each.actual_text) for page in pages for each in page.body)
    return 5 + contents + names + 2 * continued


def _tag(kind: str, index: int) -> str:
    return f"CECE{kind}{chr(ord('A') + index)}"


def _signed(widget: Ref, signature: Ref) -> dict[str, Value]:
    """Return what the catalog says of a signature that certifies (ISO 32000-1, 12.8.4)."""
    extension = {"BaseVersion": Name("1.7"), "ExtensionLevel": 1}  # EN 319 142-1, 5.1
    return {
        "AcroForm": {"Fields": [widget], "SigFlags": 3},
        "Perms": {"DocMDP": signature},
        "Extensions": {"ESIC": extension},
    }


def _forms(pages: Sequence[Page]) -> Iterator[Form]:
    for page in pages:
        yield from drawn_forms(page.behind)
        for element in page.body:
            yield from drawn_forms(_items(element))


def _items(element: Element) -> list[Item]:
    return [kid for kid in element.kids if not isinstance(kid, Element)]
